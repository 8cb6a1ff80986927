//! `mts report`: one page about a run.

use std::collections::BTreeSet;
use std::io::{self, BufWriter};
use std::path::{Path, PathBuf};

use mts_core::{Head, Truth};
use mts_engine::{Engine, Look, Observer as _, Target, size, targets};
use mts_hash::{Map, Value, canonical_json};
use mts_io::{About, Address, Pack, Sidecar, Store};
use mts_plot::{Cover, Item, Kind, Options, PlotError, Report, compose, thumbnail};

use crate::args;
use crate::cmd::publish;
use crate::exit::Failure;
use crate::interrupt::Interrupt;
use crate::output::{Output, count};
use crate::progress::Progress;
use crate::spans::spans;

/// Characters of a parameter or truth that are shown.
const SHOWN: usize = 160;

pub(crate) fn run(engine: &Engine, args: &args::Report, output: &mut Output) -> Result<(), Failure> {
    let document = match &args.document {
        Some(path) => Some(
            std::fs::read_to_string(path)
                .map_err(|error| Failure::refused(format!("{}: {error}", path.display())))?,
        ),
        None => None,
    };
    let interrupt = Interrupt::listen().map_err(Failure::refused)?;
    let mut found = output.stage("look", |_| datasets(&args.folder))?;
    let all = found.len();
    found.retain(|dataset| dataset.sidecar.as_ref().map_or(true, |sidecar| sidecar.series().is_some()));
    let tables = all - found.len();
    if tables > 0 && found.is_empty() {
        let message = format!("{}: tables alone, and a report is of series", args.folder.display());
        return Err(Failure::refused(format!("{message}\n  hint: `mts validate` judges tables")));
    }
    let cover = cover(args, document, &found);
    let told = |error: io::Error| Failure::refused(format!("{}: {error}", args.output.display()));
    let store = Store::new();
    let file = store.create(&args.output).map_err(Failure::refused)?;
    let mut troubled = 0;
    let written = output.stage("draw", |output| {
        let progress = Progress::new(output).until(&interrupt);
        progress.begin(found.len(), found.len() as u64);
        let mut report = Report::begin(BufWriter::new(file), &cover)?;
        for (place, dataset) in found.iter().enumerate() {
            if progress.is_interrupted() {
                break;
            }
            let item = dataset.item(engine, place < args.pictures);
            troubled += usize::from(item.trouble.is_some());
            report.add(&item)?;
            progress.advance(1);
        }
        progress.end();
        report.finish()
    });
    let file = written.and_then(|writer| writer.into_inner().map_err(Into::into)).map_err(told)?;
    if interrupt.is_set() {
        output.say("interrupted");
        return Err(Failure::Interrupted(interrupt.code()));
    }
    publish(&store, file)?;
    output.finish();
    if output.json {
        let path = args.output.display().to_string();
        let pairs =
            [("path", Value::from(path)), ("datasets", found.len().into()), ("troubled", troubled.into())];
        output.print(canonical_json(&pairs.into_iter().collect::<Map>().into()))?;
    }
    output.say(format_args!("{}: {}", args.output.display(), count(found.len(), "dataset")));
    if tables > 0 {
        output
            .say(format_args!("{} of tables left out: `mts validate` judges them", count(tables, "dataset")));
    }
    if troubled > 0 {
        output.say(format_args!("{troubled} of them could not be read in full: the page says why"));
    }
    Ok(())
}

/// A dataset that a report tells of.
struct Dataset {
    path: PathBuf,
    sidecar: Result<Sidecar, String>,
}

fn datasets(folder: &Path) -> Result<Vec<Dataset>, Failure> {
    let mut found = Vec::new();
    for target in targets(folder).map_err(Failure::refused)? {
        match target {
            Target::Sidecar(path) => {
                let sidecar = Sidecar::read(&path).map_err(|error| error.to_string());
                found.push(Dataset { path, sidecar });
            }
            Target::Member(pack, member) => found.push(member_of(&pack, &member)),
            Target::Pack(path) => match Pack::open(&path) {
                Ok(pack) => found.extend(pack.addresses().map(|member| member_of(&path, member))),
                Err(error) => found.push(Dataset { path, sidecar: Err(error.to_string()) }),
            },
            Target::Unfinished(path) => {
                let sidecar = Err("unfinished: a data file without its sidecar".to_owned());
                found.push(Dataset { path, sidecar });
            }
            Target::Missing(path) => {
                let sidecar = Err("missing: the manifest says that it was finished".to_owned());
                found.push(Dataset { path, sidecar });
            }
            Target::Catalogue(_) => {}
        }
    }
    Ok(found)
}

fn member_of(pack: &Path, member: &str) -> Dataset {
    let mut path = pack.as_os_str().to_owned();
    path.push(format!("#{member}"));
    let path = PathBuf::from(path);
    let sidecar = Sidecar::read(&path).map_err(|error| error.to_string());
    Dataset { path, sidecar }
}

fn cover(args: &args::Report, document: Option<String>, found: &[Dataset]) -> Cover {
    let sidecars = || found.iter().filter_map(|dataset| dataset.sidecar.as_ref().ok());
    let models: BTreeSet<&str> = sidecars().map(model).collect();
    // A pack is a file of all its members.
    let files: BTreeSet<(PathBuf, u64)> = found
        .iter()
        .filter_map(|dataset| Some((dataset, dataset.sidecar.as_ref().ok()?)))
        .flat_map(|(dataset, sidecar)| {
            let folder = Address::of(&dataset.path).file;
            sidecar.artefacts.iter().map(move |file| (folder.with_file_name(&file.file), file.digest.bytes))
        })
        .collect();
    let bytes = files.iter().map(|(_, bytes)| bytes).sum();
    let title = args.folder.display().to_string();
    let folder = quoted(&title);
    let fact = |name: &str, value: String| (name.to_owned(), value);
    let mut regenerate = vec![format!("mts verify {folder}    # make every value again, and compare")];
    if let Some(path) = &args.document {
        let document = quoted(&path.display().to_string());
        regenerate
            .insert(0, format!("mts generate {document} --outdir {folder}    # with the options of the run"));
    }
    Cover {
        title: args.title.clone().unwrap_or(title),
        facts: vec![
            fact("datasets", found.len().to_string()),
            fact("models", models.into_iter().collect::<Vec<_>>().join(", ")),
            fact("size", size(bytes)),
            fact("program", concat!("mts ", env!("CARGO_PKG_VERSION")).to_owned()),
        ],
        document,
        regenerate,
    }
}

impl Dataset {
    fn item(&self, engine: &Engine, with_picture: bool) -> Item {
        let sidecar = match &self.sidecar {
            Ok(sidecar) => sidecar,
            Err(error) => {
                return Item {
                    name: self.path.display().to_string(),
                    trouble: Some(error.clone()),
                    ..Item::default()
                };
            }
        };
        let mut item = told_by(sidecar);
        match engine.look(&self.path) {
            Ok(look) => {
                item.trouble = draw(look, with_picture, &mut item).err().map(|error| error.to_string())
            }
            Err(error) => item.trouble = Some(error.to_string()),
        }
        item.trouble = item.trouble.or_else(|| missing(&self.path, sidecar));
        item
    }
}

/// As a shell takes it for one word.
fn quoted(text: &str) -> String {
    let plain = |character: char| character.is_ascii_alphanumeric() || "/._-=+,:@".contains(character);
    if !text.is_empty() && text.chars().all(plain) {
        return text.to_owned();
    }
    format!("'{}'", text.replace('\'', "'\\''"))
}

/// What is not as the sidecar says: files that are gone, or have another size.
fn missing(path: &Path, sidecar: &Sidecar) -> Option<String> {
    let beside = Address::of(path).file;
    let wrong = sidecar.artefacts.iter().find_map(|file| {
        let place = beside.with_file_name(&file.file);
        match mts_io::stored_bytes(&place) {
            Ok(bytes) if bytes == file.digest.bytes => None,
            Ok(bytes) => Some(format!("{} has {bytes} bytes, {} were written", file.file, file.digest.bytes)),
            Err(error) => Some(error.to_string()),
        }
    })?;
    Some(format!("{wrong}: `mts verify` tells more"))
}

/// What made the data.
fn model(sidecar: &Sidecar) -> &str {
    sidecar.series().map_or("tables", |series| series.model.as_str())
}

/// What a sidecar says.
fn told_by(sidecar: &Sidecar) -> Item {
    let (name, folder, parameters) = match &sidecar.about {
        About::Series(series) => {
            let member = series.storage_dir.split_once('/').map(|(_, member)| member);
            let name = member.unwrap_or(&series.config_id);
            (name, format!("{}/", series.storage_dir), &series.params)
        }
        About::Tables(about) => {
            (about.get("dataset").and_then(Value::as_str).unwrap_or_default(), String::new(), about)
        }
    };
    let pair = |name: &str, value: &Value| (name.to_owned(), shown(&canonical_json(value)));
    let recipe = sidecar.recipe.as_map().into_iter().flat_map(|recipe| recipe.iter());
    let config_id = sidecar.series().map(|series| ("config_id".to_owned(), series.config_id.clone()));
    let mut provenance: Vec<(String, String)> = config_id.into_iter().collect();
    provenance.push(("data_id".to_owned(), sidecar.data_id.clone()));
    provenance.extend(
        recipe.filter(|(key, _)| *key != "params" && *key != "model").map(|(key, value)| pair(key, value)),
    );
    Item {
        name: name.to_owned(),
        model: model(sidecar).to_owned(),
        seed: sidecar.seed_entropy.to_string(),
        files: sidecar
            .artefacts
            .iter()
            .map(|file| format!("{folder}{}, {}", file.file, size(file.digest.bytes)))
            .collect(),
        bytes: sidecar.artefacts.iter().map(|file| file.digest.bytes).sum(),
        parameters: parameters.iter().map(|(key, value)| pair(key, value)).collect(),
        provenance,
        ..Item::default()
    }
}

fn draw(look: Look, with_picture: bool, item: &mut Item) -> Result<(), PlotError> {
    let Look { mut source, facts, labels } = look;
    let head: Head = source.head().clone();
    let shape = head.shape;
    item.shape = [shape.channels(), shape.steps(), shape.realizations()].map(|number| number as u64);
    item.truth = head.truth.as_ref().map(truths).unwrap_or_default();
    let options = Options {
        laws: facts.as_ref().map(|facts| facts.laws.clone()).unwrap_or_default(),
        angles: facts.is_some_and(|facts| facts.angles),
        // What is wrong with the file is for `mts verify` to tell.
        spans: spans(labels.as_deref()).unwrap_or_default(),
        ..Options::default()
    };
    item.thumbnail = thumbnail(&mut *source, &options)?;
    if with_picture {
        let kinds = Kind::suiting(&head, &options);
        let small =
            Options { width: Some(1360), height: Some(300 * kinds.len().div_ceil(2) as u32), ..options };
        item.picture = Some(compose(&mut *source, &kinds, 2, &small)?);
    }
    Ok(())
}

fn truths(truth: &Truth) -> Vec<(String, String)> {
    let scalars = truth.scalars.iter().map(|(name, value)| (name.to_owned(), shown(&canonical_json(value))));
    let arrays = truth.arrays.iter().map(|(name, array)| {
        let sides: Vec<String> = array.shape().iter().map(usize::to_string).collect();
        (name.clone(), shown(&format!("{}: {}", sides.join(" × "), canonical_json(&array.clone().into()))))
    });
    let graphs = truth.graphs.iter().map(|(name, graph)| {
        let edges = match graph {
            mts_core::Graph::Edges { edges, .. } => format!(", {}", count(edges.len(), "influence")),
            _ => String::new(),
        };
        (name.clone(), format!("{} graph of {}{edges}", graph.kind(), count(graph.nodes(), "channel")))
    });
    scalars.chain(arrays).chain(graphs).collect()
}

fn shown(text: &str) -> String {
    match text.char_indices().nth(SHOWN) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}
