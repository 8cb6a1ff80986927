//! Files as they should be: written by the library in every format, and by others.

use std::fs;
use std::path::{Path, PathBuf};

use mts_core::Dtype;
use mts_engine::{Engine, Options, Plan, Request, Settings, Status, Target, generate};
use mts_io::{Form, Format};

/// What was written by others.
const FIXTURES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../crates/mts-io/tests/io/fixtures");

/// Files that belong together, of which one is opened.
pub struct Specimen {
    pub kind: Kind,
    /// What is opened.
    pub target: String,
    /// Paths below a folder, and what is there.
    pub files: Vec<(String, Vec<u8>)>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// A data file or folder.
    Data(Format),
    /// A sidecar alone.
    Sidecar,
    /// The files of a truth.
    Truth,
    /// A sidecar and all its files.
    Dataset,
}

/// Datasets in every precision and form, with every kind of time axis, as documents.
fn documents() -> Vec<String> {
    let formats = Format::NAMES.join(", ");
    let mut documents = Vec::new();
    for form in Form::NAMES {
        for dtype in Dtype::NAMES {
            documents.push(format!(
                "{{seed: 5, form: {form}, dtype: {dtype}, format: [{formats}], configs: [\
                 {{model: noise_gaussian, M: 2, T: 3, n_realizations: 2}},\
                 {{model: gbm, M: 1, T: 9, dt: 0.25, n_realizations: 1}},\
                 {{model: ou, M: 3, T: 4, n_realizations: 1, zscore: true, time: {{start: 2024-01-31, freq: ME}}}},\
                 {{model: ar, M: 1, T: 1, n_realizations: 3, time: {{start: '1969-12-31T23:59:59.5', freq: 7ms}}}}]}}"
            ));
        }
    }
    documents.push(format!(
        "{{seed: 5, format: [{formats}], configs: [{{model: brownian, M: 2, T: 900, n_realizations: 1}}]}}"
    ));
    // A truth with an archive.
    documents.push("{seed: 5, configs: [{model: kuramoto, M: 34, T: 2, n_realizations: 1}]}".to_owned());
    documents
}

/// The plans of all documents, each in a folder of its own below `folder`.
pub fn plans(engine: &Engine, folder: &Path) -> Vec<Plan> {
    let plan = |(index, text): (usize, String)| {
        let outdir = Some(folder.join(index.to_string()));
        let request = Request { settings: Settings { outdir, ..Settings::default() }, ..Request::default() };
        engine.plan(&mts_config::parse(&text, "corpus.yaml").unwrap(), &request).unwrap()
    };
    documents().into_iter().enumerate().map(plan).collect()
}

/// Writes all specimens below `folder`.
pub fn write(folder: &Path) {
    let engine = Engine::new(mts_models::registry());
    for plan in plans(&engine, folder) {
        let outcomes = generate(&plan, &Options::default(), &()).unwrap().outcomes;
        assert!(outcomes.iter().all(|outcome| outcome.status == Status::Written), "{outcomes:?}");
    }
}

/// All specimens, in an order that does not depend on the file system.
pub fn read(folder: &Path) -> Vec<Specimen> {
    let mut specimens = Vec::new();
    for target in mts_engine::targets(folder).unwrap() {
        let Target::Sidecar(sidecar) = &target else { continue };
        let place = sidecar.parent().unwrap();
        let own = place.strip_prefix(folder).unwrap();
        let files = below(place, own);
        let name = |path: &Path| path.strip_prefix(folder).unwrap().to_str().unwrap().to_owned();
        let target = name(sidecar);
        let stem = target.strip_suffix(".metadata.json").unwrap();
        let truth = |name: &str| name.starts_with(&format!("{stem}.truth."));
        let some =
            |keep: &dyn Fn(&str) -> bool| files.iter().filter(|(name, _)| keep(name)).cloned().collect();
        specimens.push(Specimen {
            kind: Kind::Truth,
            target: format!("{stem}.truth.json"),
            files: some(&truth),
        });
        specimens.push(Specimen {
            kind: Kind::Sidecar,
            target: target.clone(),
            files: some(&|name| name == target),
        });
        for format in Format::ALL {
            let target = format!("{stem}.{}", format.extension());
            let files: Vec<(String, Vec<u8>)> = some(&|name| {
                name.strip_prefix(&target).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
            });
            if !files.is_empty() {
                specimens.push(Specimen { kind: Kind::Data(*format), target, files });
            }
        }
        specimens.push(Specimen { kind: Kind::Dataset, target, files });
    }
    let mut fixtures: Vec<PathBuf> =
        fs::read_dir(FIXTURES).unwrap().map(|entry| entry.unwrap().path()).collect();
    fixtures.sort();
    for path in fixtures {
        if let Some(format) = Format::of(&path) {
            let target = path.file_name().unwrap().to_str().unwrap().to_owned();
            let files = if path.is_dir() {
                below(&path, Path::new(&target))
            } else {
                vec![(target.clone(), fs::read(&path).unwrap())]
            };
            specimens.push(Specimen { kind: Kind::Data(format), target, files });
        }
    }
    specimens
}

/// All files below `folder`, whose name is `own`, in order.
fn below(folder: &Path, own: &Path) -> Vec<(String, Vec<u8>)> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let entry = entry.unwrap();
        let (path, own) = (entry.path(), own.join(entry.file_name()));
        if path.is_dir() {
            files.extend(below(&path, &own));
        } else {
            files.push((own.to_str().unwrap().to_owned(), fs::read(&path).unwrap()));
        }
    }
    files.sort();
    files
}
