//! Files against what they should hold.

use std::path::{Path, PathBuf};

use mts_core::{Dtype, Finite, Head, Shape, SlabSource, SourceError, TimeAxis, Truth};
use mts_hash::{Map, canonical_json};
use mts_io::{
    Artefact, Digest, Format, IoError, IoErrorKind, PackMember, Sidecar, TruthFiles, open, open_checked,
};
use rayon::prelude::*;

use crate::Observer;
use crate::checkpoints::{self, CHECKPOINTS, Part, Recording, Sample};
use crate::message::{is_name, shown};
use crate::pipe::{Interrupted, chunk, pipe};

/// Where a dataset's files are.
pub enum Site<'a> {
    /// Beside this sidecar.
    Beside(&'a Path),
    /// In a pack, whose files are checked by themselves.
    Member(&'a PackMember<'a>),
}

impl Site<'_> {
    pub(crate) fn sidecar(&self) -> Result<Sidecar, IoError> {
        match self {
            Site::Beside(sidecar) => Sidecar::read(sidecar),
            Site::Member(member) => Ok(member.sidecar().clone()),
        }
    }

    fn truth(&self) -> Result<Truth, IoError> {
        match self {
            Site::Beside(sidecar) => read_truth(sidecar),
            Site::Member(member) => member.truth(),
        }
    }

    /// The text of a file, which is small beside the data.
    fn text(&self, artefact: &Artefact) -> Option<String> {
        match self {
            Site::Beside(sidecar) => mts_io::read_text(&beside(sidecar, &artefact.file), MAX_TEXT).ok(),
            Site::Member(..) => None,
        }
    }

    /// Opens a data file for a few of its values.
    fn open_some(&self, artefact: &Artefact) -> Result<Box<dyn SlabSource>, IoError> {
        match self {
            Site::Beside(sidecar) => open(&beside(sidecar, &artefact.file)),
            Site::Member(member) => member.source(),
        }
    }

    /// Opens a data file whose name is sound.
    fn open(&self, artefact: &Artefact) -> Result<Box<dyn SlabSource>, IoError> {
        match self {
            Site::Beside(sidecar) => open_checked(&beside(sidecar, &artefact.file)),
            Site::Member(member) => member.source_checked(),
        }
    }

    /// Opens a data file to be compared, if it is of the right shape; what is wrong with its head.
    fn comparable(
        &self,
        artefact: &Artefact,
        expected: &Head,
        extra: &Map,
        files: &mut Vec<Compared>,
    ) -> Vec<String> {
        let source = match self.open(artefact) {
            Ok(source) => source,
            Err(error) => return vec![error.to_string()],
        };
        let wrong = compare_heads(source.head(), expected, extra);
        if source.head().shape == expected.shape {
            files.push(Compared::new(shown(&artefact.file), source, expected.dtype));
        }
        wrong.into_iter().map(|wrong| format!("{}: {wrong}", shown(&artefact.file))).collect()
    }

    pub(crate) fn check_bytes(&self, artefact: &Artefact) -> Option<String> {
        match self {
            Site::Beside(sidecar) => check_bytes(&beside(sidecar, &artefact.file), artefact),
            Site::Member(..) => None,
        }
    }

    fn exists(&self, artefact: &Artefact) -> bool {
        match self {
            Site::Beside(sidecar) => is_name(&artefact.file) && may_be(&beside(sidecar, &artefact.file)),
            Site::Member(..) => true,
        }
    }

    /// Data files of the dataset that its sidecar does not name: nobody checks them.
    fn unnamed(&self, sidecar: &Sidecar) -> Vec<String> {
        match self {
            Site::Beside(path) => unnamed(path, sidecar),
            Site::Member(..) => Vec::new(),
        }
    }
}

/// Which values a file may hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Allowed {
    /// Finite ones.
    Finite,
    /// NaN too, which stands for missing values.
    Missing,
    /// All.
    Any,
}

/// What is wrong with the files of a sidecar, as far as they show it themselves.
pub(crate) fn inspect_artefacts(
    site: &Site,
    sidecar: &Sidecar,
    expected: &Head,
    extra: &Map,
    allowed: Allowed,
) -> Vec<String> {
    let mut findings = site.unnamed(sidecar);
    for artefact in &sidecar.artefacts {
        let mut wrong = site.check_bytes(artefact);
        if wrong.is_none() && artefact.format.parse::<Format>().is_ok() {
            wrong = site
                .open(artefact)
                .map_err(Into::into)
                .and_then(|source| inspect_values(source, expected, extra, allowed))
                .err()
                .map(|error| error.to_string());
        }
        findings.extend(wrong.map(|wrong| format!("{}: {wrong}", shown(&artefact.file))));
    }
    if let Err(error) = site.truth() {
        findings.push(error.to_string());
    }
    findings
}

/// More than any file beside the data.
pub(crate) const MAX_TEXT: u64 = 1 << 28;

/// Whether something is there, or cannot be looked at, which is told when it is read.
pub(crate) fn may_be(path: &Path) -> bool {
    mts_io::exists(path).unwrap_or(true)
}

fn unnamed(sidecar_path: &Path, sidecar: &Sidecar) -> Vec<String> {
    let Some(series) = sidecar.series() else { return Vec::new() };
    let names = Format::ALL.iter().map(|format| format!("{}.{}", series.config_id, format.extension()));
    let named = |name: &String| sidecar.artefacts.iter().any(|artefact| artefact.file == *name);
    let there = |name: &String| is_name(name) && mts_io::exists(&beside(sidecar_path, name)).unwrap_or(false);
    let stray = names.filter(|name| !named(name) && there(name));
    stray.map(|name| format!("{}: the sidecar does not name it", shown(&name))).collect()
}

fn beside(sidecar: &Path, file: &str) -> PathBuf {
    sidecar.with_file_name(file)
}

/// Size and checksum as recorded, of a file or folder beside the sidecar.
pub(crate) fn check_bytes(path: &Path, artefact: &Artefact) -> Option<String> {
    if !is_name(&artefact.file) {
        return Some("is no name of a file beside the sidecar".to_owned());
    }
    match Digest::read(path) {
        Err(error) if matches!(error.kind(), IoErrorKind::NotFound) => Some("the file is missing".to_owned()),
        Err(error) => Some(error.kind().to_string()),
        Ok(found) if found.bytes != artefact.digest.bytes => {
            Some(format!("has {} bytes, {} were written", found.bytes, artefact.digest.bytes))
        }
        Ok(found) if found.sha256 != artefact.digest.sha256 => {
            Some("its checksum is not the one that was recorded".to_owned())
        }
        Ok(_) => None,
    }
}

fn inspect_values(
    mut source: Box<dyn SlabSource>,
    expected: &Head,
    extra: &Map,
    allowed: Allowed,
) -> Result<(), SourceError> {
    source = match allowed {
        Allowed::Finite => Box::new(Finite::new(source)),
        Allowed::Missing => Box::new(Finite::or_missing(source)),
        Allowed::Any => source,
    };
    let shape = source.head().shape;
    if let Some(wrong) = compare_heads(source.head(), expected, extra).into_iter().next() {
        return Err(wrong.into());
    }
    let mut buffer = vec![0.0; chunk(shape)];
    while source.next(&mut buffer)? > 0 {}
    Ok(())
}

/// How the files of a sidecar differ from `expected`.
pub(crate) fn compare_artefacts(
    site: &Site,
    sidecar: &Sidecar,
    expected: Box<dyn SlabSource + '_>,
    extra: &Map,
    observer: &dyn Observer,
) -> Vec<String> {
    let mut expected = Recording::new(expected);
    let mut findings = site.unnamed(sidecar);
    let mut files = Vec::new();
    for artefact in &sidecar.artefacts {
        let wrong = site.check_bytes(artefact);
        findings.extend(wrong.map(|wrong| format!("{}: {wrong}", shown(&artefact.file))));
        if artefact.format.parse::<Format>().is_err() || !site.exists(artefact) {
            continue;
        }
        findings.extend(site.comparable(artefact, expected.head(), extra, &mut files));
    }
    if let Some(truth) = expected.head().truth.clone() {
        findings.extend(compare_truth(site, &truth));
    }
    // Without a file of the right shape there is nothing to generate for, however long it is.
    if !files.is_empty()
        && let Err(error) = compare_values(&mut expected, &mut files, observer)
    {
        findings.push(error.to_string());
    } else if let (Site::Beside(_), false) = (site, files.is_empty()) {
        let recorded = sidecar.artefacts.iter().find(|artefact| artefact.format == CHECKPOINTS);
        let found = recorded.and_then(|artefact| site.text(artefact));
        let same = found == expected.text();
        findings.extend((!same).then(|| "the checkpoints are not what the recipe gives".to_owned()));
    }
    findings.extend(files.into_iter().filter_map(Compared::finding));
    findings
}

/// How the files of a twin, whose formats begin with `role`, differ from `expected`.
pub(crate) fn compare_twin(
    site: &Site,
    sidecar: &Sidecar,
    mut expected: Box<dyn SlabSource + '_>,
    extra: &Map,
    role: &str,
    observer: &dyn Observer,
) -> Vec<String> {
    let is_twin = |artefact: &&Artefact| {
        artefact.format.strip_prefix(role).is_some_and(|format| format.parse::<Format>().is_ok())
    };
    let mut findings = Vec::new();
    let mut files = Vec::new();
    let twins = sidecar.artefacts.iter().filter(is_twin).filter(|artefact| site.exists(artefact));
    for artefact in twins {
        findings.extend(site.comparable(artefact, expected.head(), extra, &mut files));
    }
    if !files.is_empty()
        && let Err(error) = compare_values(&mut expected, &mut files, observer)
    {
        findings.push(error.to_string());
    }
    findings.extend(files.into_iter().filter_map(Compared::finding));
    findings
}

/// How chosen parts of the files of a sidecar differ from `expected`, each made from the checkpoint before
/// it and compared with the one behind it; and how many parts were chosen of how many. Checksums of data
/// files are not looked at: that would read all of them.
pub(crate) fn compare_sample(
    site: &Site,
    sidecar: &Sidecar,
    mut expected: Box<dyn SlabSource + '_>,
    extra: &Map,
    sample: Sample,
    observer: &dyn Observer,
) -> (Vec<String>, [usize; 2]) {
    let mut findings = site.unnamed(sidecar);
    let beside = sidecar.artefacts.iter().filter(|artefact| artefact.format.parse::<Format>().is_err());
    for artefact in beside {
        let wrong = site.check_bytes(artefact);
        findings.extend(wrong.map(|wrong| format!("{}: {wrong}", shown(&artefact.file))));
    }
    let recorded = sidecar.artefacts.iter().find(|artefact| artefact.format == CHECKPOINTS);
    let checkpoints = match recorded
        .map(|artefact| site.text(artefact).as_deref().and_then(checkpoints::read))
    {
        None => Vec::new(),
        Some(Some(checkpoints)) => checkpoints,
        Some(None) => {
            findings.push("the checkpoints cannot be read: `generate --resume` makes them again".to_owned());
            return (findings, [0, 1]);
        }
    };
    let steps = expected.head().shape.steps();
    let (parts, all) = sample.parts(&sidecar.data_id, steps, &checkpoints);
    let count = [parts.len(), all];
    if parts.is_empty() {
        return (findings, count);
    }
    let mut files = Vec::new();
    let data = sidecar.artefacts.iter().filter(|artefact| artefact.format.parse::<Format>().is_ok());
    for artefact in data.filter(|artefact| site.exists(artefact)) {
        match site.open_some(artefact) {
            Ok(source) => {
                let wrong = compare_heads(source.head(), expected.head(), extra);
                findings.extend(wrong.into_iter().map(|wrong| format!("{}: {wrong}", shown(&artefact.file))));
                if source.head().shape == expected.head().shape {
                    files.push(Compared::new(shown(&artefact.file), source, expected.head().dtype));
                }
            }
            Err(error) => findings.push(error.to_string()),
        }
    }
    let mut at = 0;
    for part in parts {
        if let Err(error) = compare_part(&mut *expected, &mut files, &mut at, &part, observer) {
            findings.push(error.to_string());
            break;
        }
    }
    findings.extend(files.into_iter().filter_map(Compared::finding));
    (findings, count)
}

/// Compares a part; files stand before step `at`.
fn compare_part(
    expected: &mut dyn SlabSource,
    files: &mut [Compared],
    at: &mut usize,
    part: &Part,
    observer: &dyn Observer,
) -> Result<(), SourceError> {
    let shape = expected.head().shape;
    match part.from {
        Some(checkpoint) => expected.restore(checkpoint.step, &checkpoint.state)?,
        None => expected.rewind()?,
    }
    files.iter_mut().for_each(|file| file.skip(part.steps.start - *at));
    let mut buffer = vec![0.0; chunk(shape)];
    *at = part.steps.start;
    while *at < part.steps.end {
        if observer.is_interrupted() {
            return Err(Interrupted.into());
        }
        let wanted = (buffer.len() / shape.slab()).min(part.steps.end - *at);
        let steps = expected.next(&mut buffer[..wanted * shape.slab()])?;
        let values = &buffer[..steps * shape.slab()];
        files.iter_mut().for_each(|file| file.compare(values, *at, shape));
        observer.advance(values.len() as u64);
        *at += steps;
    }
    match part.to {
        Some(to) if expected.save().as_ref() != Some(&to.state) => {
            Err(format!("the checkpoint before step {} is not what the recipe gives", to.step).into())
        }
        _ => Ok(()),
    }
}

fn compare_heads(found: &Head, expected: &Head, extra: &Map) -> Vec<String> {
    let mut findings = Vec::new();
    if found.shape != expected.shape {
        findings.push(format!("holds {}, the recipe gives {}", words(found.shape), words(expected.shape)));
    }
    if !same_axis(found.time, expected.time, expected.shape.steps()) {
        findings.push("its time axis is not what the recipe gives".to_owned());
    }
    // Formats without metadata, such as CSV, say no more than their columns do.
    let all = found.attributes.get("recipe").is_some();
    if all && found.dtype != expected.dtype {
        let (found, expected) = (found.dtype.name(), expected.dtype.name());
        findings.push(format!("holds values of {found}, the recipe gives {expected}"));
    }
    for (name, value) in expected.attributes.iter().chain(extra.iter()) {
        // Where the folder stood when the file was written says nothing about the data.
        if name == "storage_dir" || !all && found.attributes.get(name).is_none() {
            continue;
        }
        let text = found.attributes.get(name).map(canonical_json);
        if text != Some(canonical_json(value)) {
            findings.push(format!("attribute {name:?} is not what the recipe gives"));
        }
    }
    findings
}

/// Whether two axes agree in their first `steps` coordinates. One step alone does not show how long a step
/// is.
fn same_axis(found: TimeAxis, expected: TimeAxis, steps: usize) -> bool {
    let same = |step: usize| found.at(step) == expected.at(step);
    match (found, expected) {
        // Dates that are learned from a file may follow another rule to the same dates.
        (TimeAxis::Instants(_), TimeAxis::Instants(_)) if found != expected => (0..steps).all(same),
        _ => same(0) && same(steps.min(2) - 1),
    }
}

fn words(shape: Shape) -> String {
    let (channels, steps, realizations) = (shape.channels(), shape.steps(), shape.realizations());
    format!("{channels} channels × {steps} steps × {realizations} realizations")
}

/// The truth beside a sidecar.
pub(crate) fn read_truth(sidecar: &Path) -> Result<Truth, IoError> {
    let name = sidecar.file_name().and_then(|name| name.to_str()).unwrap_or_default();
    let stem = name.strip_suffix(".metadata.json").unwrap_or(name);
    TruthFiles::read(&sidecar.with_file_name(format!("{stem}.truth.json")))?.truth()
}

/// Both sides as files hold them: there, an array among the scalars is a list.
fn compare_truth(site: &Site, expected: &Truth) -> Option<String> {
    let expected = TruthFiles::new(expected).and_then(|files| files.truth());
    match (site.truth(), expected) {
        (Ok(found), Ok(expected)) => {
            (found != expected).then(|| "the truth is not what the recipe gives".to_owned())
        }
        (Err(error), _) | (_, Err(error)) => Some(error.to_string()),
    }
}

/// A file whose values are being compared.
struct Compared {
    name: String,
    source: Box<dyn SlabSource>,
    /// What text without a precision of its own is rounded to.
    dtype: Dtype,
    buffer: Vec<f64>,
    differing: u64,
    first: Option<String>,
    failed: Option<String>,
}

impl Compared {
    fn new(name: String, source: Box<dyn SlabSource>, dtype: Dtype) -> Self {
        let buffer = vec![0.0; chunk(source.head().shape)];
        Compared { name, source, dtype, buffer, differing: 0, first: None, failed: None }
    }

    /// Passes over some steps.
    fn skip(&mut self, steps: usize) {
        if self.failed.is_none()
            && let Err(error) = self.source.skip(steps)
        {
            self.failed = Some(error.to_string());
        }
    }

    /// Compares the next values, which begin at `step`, bit for bit.
    fn compare(&mut self, expected: &[f64], step: usize, shape: Shape) {
        if self.failed.is_some() {
            return;
        }
        let found = &mut self.buffer[..expected.len()];
        match self.source.next(found) {
            Ok(steps) if steps * shape.slab() == expected.len() => {}
            Ok(steps) => {
                self.failed = Some(format!("ends after {} of {} steps", step + steps, shape.steps()));
                return;
            }
            Err(error) => {
                self.failed = Some(error.to_string());
                return;
            }
        }
        if self.dtype != self.source.head().dtype {
            found.iter_mut().for_each(|value| *value = self.dtype.round(*value));
        }
        if found.iter().zip(expected).all(|(a, b)| a.to_bits() == b.to_bits()) {
            return;
        }
        for (at, (found, expected)) in found.iter().zip(expected).enumerate() {
            if found.to_bits() != expected.to_bits() {
                self.differing += 1;
                self.first.get_or_insert_with(|| {
                    format!(
                        "first at step {}, channel {}, realization {}: found {found}, the recipe gives {expected}",
                        step + at / shape.slab(),
                        at % shape.slab() / shape.realizations(),
                        at % shape.realizations()
                    )
                });
            }
        }
    }

    fn finding(self) -> Option<String> {
        if let Some(failed) = self.failed {
            return Some(format!("{}: {failed}", self.name));
        }
        let first = self.first?;
        Some(format!("{}: {} values differ, {first}", self.name, self.differing))
    }
}

fn compare_values(
    expected: &mut dyn SlabSource,
    files: &mut [Compared],
    observer: &dyn Observer,
) -> Result<(), SourceError> {
    let shape = expected.head().shape;
    let mut step = 0;
    pipe(expected, observer, |values| {
        files.par_iter_mut().for_each(|file| file.compare(values, step, shape));
        step += values.len() / shape.slab();
        Ok(())
    })
}
