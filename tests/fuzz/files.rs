//! Any file is read to its end, or refused in words.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use mts_core::SlabSource;
use mts_engine::{Engine, Options, Plan, Status, generate};
use mts_io::{Sidecar, TruthFiles, open, open_checked};

use crate::corpus::{self, Kind, Specimen};
use crate::dice::Dice;
use crate::mutate;
use crate::run::{Suite, Tally, say};

/// Numbers of a step that a file may have to be read.
const SLAB: usize = 1 << 16;

/// Pieces that are read of a file: it may say that it has any number of steps.
const PIECES: usize = 1000;

pub struct Files {
    engine: Engine,
    specimens: BTreeMap<Kind, Vec<Specimen>>,
    /// What wrote the corpus, as if it had been written to the folder of cases.
    plans: Vec<Plan>,
    folder: PathBuf,
    shown: bool,
}

impl Suite for Files {
    const NAME: &'static str = "files";

    fn prepare(folder: &Path) {
        corpus::write(&folder.join("corpus"));
    }

    fn new(shared: &Path, own: &Path, shown: bool) -> Self {
        let engine = Engine::new(mts_models::registry());
        let folder = own.join("case");
        let mut specimens: BTreeMap<Kind, Vec<Specimen>> = BTreeMap::new();
        for specimen in corpus::read(&shared.join("corpus")) {
            specimens.entry(specimen.kind).or_default().push(specimen);
        }
        Files { plans: corpus::plans(&engine, &folder), engine, specimens, folder, shown }
    }

    fn case(&mut self, mut dice: Dice, tally: &mut Tally) -> Result<(), String> {
        let dice = &mut dice;
        let kinds: Vec<&Kind> = self.specimens.keys().collect();
        // Of what is read most, more.
        let kind = match dice.below(10) {
            0 | 1 => kinds[0],
            2 => &Kind::Sidecar,
            _ => dice.pick(&kinds),
        };
        let of_kind = &self.specimens[kind];
        let (specimen, other) = (dice.any(of_kind), dice.any(of_kind));
        let mut files = specimen.files.clone();
        let damaged = damage(dice, &mut files, other);
        write(&self.folder, &files);
        let target = self.folder.join(&specimen.target);
        let about = format!("{kind:?} {}: {damaged}", target.display());
        if self.shown {
            say(&format!("{about}\n{}", keep(&self.folder)));
        }
        let read = match kind {
            Kind::Data(_) => data(&target),
            Kind::Sidecar => sidecar(&target),
            Kind::Truth => truth(&target),
            Kind::Dataset if dice.percent(5) => self.overwrite(specimen),
            Kind::Dataset => self.dataset(specimen, &files),
        };
        if self.shown {
            say(&format!("{read:?}"));
        }
        let _ = fs::remove_dir_all(&self.folder);
        let name = match kind {
            Kind::Data(format) => format.name(),
            Kind::Sidecar => "sidecar",
            Kind::Truth => "truth",
            Kind::Dataset => "dataset",
        };
        match read {
            Ok(()) => tally.count(&format!("{name} read")),
            Err(Wrong::Refused(why)) => {
                tally.count(&format!("{name} refused"));
                told(&why, &self.folder)?;
            }
            Err(Wrong::Finding(what)) => return Err(format!("{about}: {what}")),
        }
        Ok(())
    }
}

/// Keeps the files of a case that is shown.
fn keep(folder: &Path) -> String {
    let kept = std::env::temp_dir().join("mts-fuzz-case");
    let _ = fs::remove_dir_all(&kept);
    copy(folder, &kept);
    format!("its files are in {}", kept.display())
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).into_iter().flatten() {
        let entry = entry.unwrap();
        let (path, to) = (entry.path(), to.join(entry.file_name()));
        if path.is_dir() {
            copy(&path, &to);
        } else {
            fs::copy(&path, &to).unwrap();
        }
    }
}

/// How reading ended, where that was not at the end of the data.
#[derive(Debug)]
enum Wrong {
    Refused(String),
    /// What should not be.
    Finding(String),
}

/// Damages one or two of `files`, and says which.
fn damage(dice: &mut Dice, files: &mut Vec<(String, Vec<u8>)>, other: &Specimen) -> String {
    let mut told = Vec::new();
    for _ in 0..*dice.any(&[1, 1, 1, 2]) {
        if files.is_empty() {
            break;
        }
        let at = dice.below(files.len());
        let name = files[at].0.clone();
        // Where a dataset has several, they come and go too.
        if files.len() > 1 && dice.percent(15) {
            match dice.below(3) {
                0 => drop(files.remove(at)),
                1 => {
                    let with = dice.below(files.len());
                    let content = files[with].1.clone();
                    files[at].1 = content;
                }
                _ => files.push((format!("{name}{}", dice.pick(&["x", "/x", ".x"])), vec![1, 2, 3])),
            }
            told.push(format!("files around {name}"));
            continue;
        }
        let content = &mut files[at].1;
        let foreign: &[u8] = if other.files.is_empty() { &[] } else { &dice.any(&other.files).1 };
        let text = std::str::from_utf8(content).ok().map(str::to_owned);
        let new = match (&text, dice.below(10)) {
            (Some(text), 0..6) if name.ends_with(".json") => mutate::json(dice, text),
            (Some(text), 0..8) if text.len() < 1 << 14 => {
                let foreign = String::from_utf8_lossy(foreign);
                Some(mutate::text(dice, text, &foreign))
            }
            _ => None,
        };
        match new {
            Some(text) => *content = text.into_bytes(),
            None => mutate::bytes(dice, content, foreign),
        }
        told.push(name);
    }
    told.join(", ")
}

/// Writes files; what cannot stand beside the others is left out.
fn write(folder: &Path, files: &[(String, Vec<u8>)]) {
    fs::create_dir_all(folder).unwrap();
    for (name, content) in files {
        let path = folder.join(name);
        let made = fs::create_dir_all(path.parent().unwrap());
        let _ = made.and_then(|()| fs::write(&path, content));
    }
}

/// Reads data as far as they pretend to be of a modest size.
fn data(path: &Path) -> Result<(), Wrong> {
    let plain = open(path).map_err(|error| Wrong::Refused(error.to_string()));
    let checked = open_checked(path).map_err(|error| Wrong::Refused(error.to_string()));
    if plain.is_err() && checked.is_ok() {
        return Err(Wrong::Finding("is opened only where more is checked".to_owned()));
    }
    let _ = plain.and_then(|mut source| read(source.as_mut()));
    let mut source = checked?;
    let first = read(source.as_mut())?;
    source.rewind().map_err(|error| Wrong::Refused(error.to_string()))?;
    if first != read(source.as_mut())? {
        return Err(Wrong::Finding("is read in two ways".to_owned()));
    }
    Ok(())
}

/// A sum of all bits that are read.
fn read(source: &mut dyn SlabSource) -> Result<u64, Wrong> {
    let shape = source.head().shape;
    let (mut sum, mut steps) = (0_u64, 0);
    if shape.slab() > SLAB {
        return Ok(sum);
    }
    let mut slabs = vec![0.0; shape.slab() * 4];
    for _ in 0..PIECES {
        match source.next(&mut slabs).map_err(|error| Wrong::Refused(error.to_string()))? {
            0 if steps == shape.steps() => return Ok(sum),
            0 => return Err(Wrong::Finding(format!("ends after {steps} of {} steps", shape.steps()))),
            new => steps += new,
        }
        sum = slabs.iter().fold(sum, |sum, value| sum.rotate_left(1) ^ value.to_bits());
    }
    Ok(sum)
}

fn sidecar(path: &Path) -> Result<(), Wrong> {
    let found = Sidecar::read(path).map_err(|error| Wrong::Refused(error.to_string()))?;
    let again = Sidecar::from_text(&found.to_text());
    let same = again.as_ref().is_ok_and(|again| again.to_text() == found.to_text());
    if same { Ok(()) } else { Err(Wrong::Finding(format!("does not survive being written: {again:?}"))) }
}

fn truth(path: &Path) -> Result<(), Wrong> {
    let refused = |error: mts_io::IoError| Wrong::Refused(error.to_string());
    let files = TruthFiles::read(path).map_err(refused)?;
    // Without the name of the file, which the caller adds.
    let found = files.truth().map_err(|error| Wrong::Refused(format!("{}: {error}", path.display())))?;
    let again = TruthFiles::new(&found).map_err(refused)?;
    let twice = again.truth().and_then(|truth| TruthFiles::new(&truth));
    let same = twice.as_ref().is_ok_and(|twice| *twice == again);
    if same { Ok(()) } else { Err(Wrong::Finding(format!("does not survive being written: {twice:?}"))) }
}

impl Files {
    /// Writes over a damaged dataset: what belongs to nobody stays.
    fn overwrite(&self, specimen: &Specimen) -> Result<(), Wrong> {
        let sidecar = self.folder.join(&specimen.target);
        let mine = [sidecar.with_file_name("notes.txt"), self.folder.join("notes.txt")];
        for path in &mine {
            let _ = fs::create_dir_all(path.parent().unwrap());
            fs::write(path, "mine").unwrap();
        }
        let writes = |plan: &&Plan| plan.tasks().any(|task| task.sidecar() == sidecar);
        let plan =
            self.plans.iter().find(writes).ok_or_else(|| Wrong::Finding("no task wrote this".to_owned()))?;
        let outcomes = generate(plan, &Options { overwrite: true, ..Options::default() }, &());
        if mine.iter().any(|path| !path.exists()) {
            return Err(Wrong::Finding("overwriting removes what belongs to nobody".to_owned()));
        }
        let folder = self.folder.display();
        let run = outcomes.map_err(|problems| Wrong::Refused(format!("{folder}: {problems}")))?;
        match run.outcomes.into_iter().find_map(|outcome| match outcome.status {
            Status::Failed(why) => Some(why),
            _ => None,
        }) {
            Some(why) => Err(Wrong::Refused(format!("{folder}: {why}"))),
            None => Ok(()),
        }
    }

    /// Verifies and inspects a dataset whose files are `files` now.
    fn dataset(&self, specimen: &Specimen, files: &[(String, Vec<u8>)]) -> Result<(), Wrong> {
        let sidecar = self.folder.join(&specimen.target);
        let Ok(found) = mts_engine::targets(&sidecar) else {
            return Err(Wrong::Refused(format!("{}: gone", sidecar.display())));
        };
        let verified = self.engine.verify(&found, None, &());
        let task = self.plans.iter().flat_map(|plan| plan.tasks()).find(|task| task.sidecar() == sidecar);
        let task = task.ok_or_else(|| Wrong::Finding("no task wrote this".to_owned()))?;
        let inspected = task.inspect(&mts_engine::Site::Beside(&sidecar)).findings;
        let differences: Vec<String> =
            verified.into_iter().flat_map(|verified| verified.differences).collect();
        let lost = |name: &str| specimen.files.iter().any(|file| file.0 == name && !files.contains(file));
        let damaged = specimen.files.iter().any(|(name, _)| lost(name));
        if damaged && !lost(&specimen.target) && (differences.is_empty() || inspected.is_empty()) {
            return Err(Wrong::Finding(format!("is not what was written: {differences:?} {inspected:?}")));
        }
        let all: Vec<String> = differences.into_iter().chain(inspected).collect();
        if let Some(bad) = all.iter().find(|text| !shown(text)) {
            return Err(Wrong::Finding(format!("a reason that cannot be shown: {bad:?}")));
        }
        match all.first() {
            Some(first) if files == specimen.files => {
                Err(Wrong::Finding(format!("is as it was written, and {first}")))
            }
            Some(first) => Err(Wrong::Refused(format!("{}: {first}", self.folder.display()))),
            None => Ok(()),
        }
    }
}

/// Whether a refusal names the file, and can be shown.
fn told(why: &str, folder: &Path) -> Result<(), String> {
    let named = why.starts_with(folder.to_str().unwrap());
    if named && shown(why) { Ok(()) } else { Err(format!("a refusal that cannot be shown: {why:?}")) }
}

fn shown(text: &str) -> bool {
    text.len() < 4000 && !text.chars().any(|letter| letter.is_control() && letter != '\n')
}
