//! One dataset of tables.

use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};

use mts_config::Position;
use mts_core::{ColumnType, SourceError};
use mts_hash::{Int, Map, Value};
use mts_io::{About, Artefact, Compression, Form, Pending, Sidecar, Store};
use mts_tables::{Database, Table};

use super::compare;
use super::format::Output;
use super::judge;
use super::preview::Preview;
use super::recipe::Recipe;
use super::server;
use super::write;
use crate::artefacts::{SQLITE, is_data};
use crate::message::is_name;
use crate::{Compared, Inspected, Observer, Options, Sample, Site, Task, Written};

/// One dataset of tables.
pub(super) struct TablesTask {
    recipe: Recipe,
    data_id: String,
    database: Arc<Database>,
    place: Place,
    sizes: OnceLock<Sizes>,
}

/// Bytes, about.
struct Sizes {
    /// Of the largest batch, in memory.
    batch: u64,
    /// Of all files.
    disk: u64,
}

/// Where the files of a task go, and which they are.
pub(super) struct Place {
    pub(super) position: Position,
    pub(super) outdir: PathBuf,
    pub(super) outputs: Vec<Output>,
    pub(super) compression: Compression,
    /// The address of a PostgreSQL server, where tables go to one.
    pub(super) server: Option<String>,
}

/// Nanoseconds that a cell takes, made and written.
const CELL_COST: f64 = 60.0;

/// Of a sidecar that names no file of its tables.
const ELSEWHERE: &str = "nothing was compared: no file here holds its tables; where they are on a server, \
                         --url postgres://user@host:5432/database compares them";

impl TablesTask {
    pub(super) fn planned(recipe: Recipe, database: Database, place: Place) -> Self {
        let data_id = recipe.data_id();
        TablesTask { recipe, data_id, database: Arc::new(database), place, sizes: OnceLock::new() }
    }

    /// The task that wrote a sidecar.
    pub(super) fn restored(sidecar: &Sidecar) -> Result<Self, String> {
        let (recipe, database) = Recipe::restore(&sidecar.recipe, &sidecar.data_id)?;
        let place = Place {
            position: Position::new("".into(), 0, 0),
            outdir: PathBuf::new(),
            outputs: Vec::new(),
            compression: Compression::default(),
            server: None,
        };
        Ok(TablesTask::planned(recipe, database, place))
    }

    fn sidecar_of(&self, artefacts: Vec<Artefact>) -> Sidecar {
        Sidecar {
            about: About::Tables(self.about()),
            seed_entropy: self.recipe.entropy.clone(),
            data_id: self.data_id.clone(),
            recipe: self.recipe.to_map().into(),
            artefacts,
        }
    }

    /// What is said of the tables.
    fn about(&self) -> Map {
        let tables: Vec<Value> = self.database.tables().iter().map(|table| about(table).into()).collect();
        let mut map = Map::new();
        map.insert("dataset", self.recipe.dataset.as_str());
        map.insert("profile", self.recipe.profile.name());
        map.insert("tables", Value::List(tables));
        map
    }

    /// What the sidecar says against what this task knows.
    fn compare_sidecar(&self, sidecar: &Sidecar) -> Vec<String> {
        let expected = self.sidecar_of(sidecar.artefacts.clone());
        let parsed = |sidecar: &Sidecar| mts_hash::parse(sidecar.to_text().trim_end()).ok();
        let (Some(ours), Some(theirs)) = (parsed(&expected), parsed(sidecar)) else { return Vec::new() };
        let keys = ours.as_map().into_iter().flat_map(Map::iter);
        let differing = keys.filter(|(key, value)| theirs.get(key) != Some(*value)).map(|(key, _)| key);
        let foreign =
            sidecar.artefacts.iter().any(|artefact| !self.is_own(&artefact.file)).then_some("artefacts");
        let wrong = differing.chain(foreign);
        wrong.map(|key| format!("the sidecar's {key:?} is not what the recipe gives")).collect()
    }

    /// The files of one table, as they are written.
    fn files(&self, table: &Table) -> Vec<String> {
        let of = |output: &Output| match output {
            Output::Files(format) => Some(write::file_name(table, *format)),
            Output::Sqlite | Output::Postgres => None,
        };
        let truth = table.is_dirty().then(|| write::truth_name(table));
        self.place.outputs.iter().filter_map(of).chain(truth).collect()
    }

    fn sizes(&self) -> &Sizes {
        self.sizes.get_or_init(|| {
            let mut sizes = Sizes { batch: 0, disk: 0 };
            for table in 0..self.database.tables().len() {
                let preview = Preview::of(&self.database, table);
                sizes.batch = sizes.batch.max(preview.memory());
                let outputs = self.place.outputs.iter();
                let disk = outputs.map(|output| preview.disk(*output, self.place.compression));
                sizes.disk = disk.fold(sizes.disk, u64::saturating_add);
            }
            sizes
        })
    }

    fn cells(table: &Table) -> u64 {
        table.rows().saturating_mul(table.relation().columns.len() as u64)
    }
}

impl Task for TablesTask {
    fn name(&self) -> &str {
        &self.recipe.dataset
    }

    fn data_id(&self) -> &str {
        &self.data_id
    }

    fn entropy(&self) -> Int {
        self.recipe.entropy.clone()
    }

    fn position(&self) -> &Position {
        &self.place.position
    }

    fn outdir(&self) -> &Path {
        &self.place.outdir
    }

    fn folder(&self) -> String {
        String::new()
    }

    fn path(&self) -> PathBuf {
        self.place.outdir.clone()
    }

    fn location(&self) -> PathBuf {
        self.sidecar()
    }

    fn formats(&self) -> Vec<&'static str> {
        self.place.outputs.iter().map(|output| output.name()).collect()
    }

    fn identity(&self) -> &'static str {
        ": the schema, rows, scale or profile differ"
    }

    fn common_files(&self) -> Vec<String> {
        let sqlite = self.place.outputs.contains(&Output::Sqlite);
        let database = sqlite.then(|| format!("{}.{SQLITE}", self.recipe.dataset));
        self.database.tables().iter().flat_map(|table| self.files(table)).chain(database).collect()
    }

    fn keeps(&self, format: &str) -> bool {
        let url = self.place.server.as_ref().filter(|_| format == Output::Postgres.name());
        url.is_some_and(|url| server::holds(&self.database, url, &self.data_id))
    }

    fn on_server(&mut self, url: &str) {
        self.place.server = Some(url.to_owned());
    }

    /// All names that tables of any schema may have: nothing above the folder.
    fn is_own(&self, file: &str) -> bool {
        is_name(file)
    }

    fn values(&self) -> u64 {
        self.database.tables().iter().map(TablesTask::cells).fold(0, u64::saturating_add)
    }

    fn memory(&self) -> u64 {
        let batches = 2 * rayon::current_num_threads() as u64;
        let copies = 1 + self.place.outputs.len() as u64;
        self.database.memory().saturating_add(self.sizes().batch.saturating_mul(batches * copies))
    }

    fn disk(&self) -> u64 {
        self.sizes().disk
    }

    fn cost(&self) -> f64 {
        CELL_COST * self.values() as f64 * self.place.outputs.len() as f64
    }

    fn describe(&self) -> Map {
        let mut map = self.about();
        let tables = self.database.tables().iter().map(|table| {
            let mut map = about(table);
            map.insert("files", self.files(table));
            Value::from(map)
        });
        map.insert("tables", Value::List(tables.collect()));
        let sqlite = self.place.outputs.contains(&Output::Sqlite);
        let database = sqlite.then(|| format!("{}.{SQLITE}", self.recipe.dataset));
        let whole = database.into_iter().chain([format!("{}.metadata.json", self.recipe.dataset)]);
        map.insert("files", whole.collect::<Vec<String>>());
        map.insert("data_id", self.data_id.as_str());
        map.insert("seed_entropy", self.recipe.entropy.clone());
        map.insert("path", self.place.outdir.display().to_string());
        let names: Vec<&str> = self.formats();
        map.insert("formats", Value::List(names.into_iter().map(Value::from).collect()));
        map.insert("values", self.values());
        map.insert("bytes", self.disk());
        map
    }

    fn write(
        &self,
        formats: &[&str],
        earlier: Option<&Sidecar>,
        mut claim: Pending,
        options: &Options,
        store: &Store<usize>,
        observer: &dyn Observer,
    ) -> Result<Written, SourceError> {
        let outputs: Vec<Output> = formats.iter().filter_map(|name| Output::named(name)).collect();
        let job = write::Job {
            database: &self.database,
            folder: &self.place.outdir,
            outputs: &outputs,
            compression: self.place.compression,
            server: self.place.server.as_deref().map(|url| write::Server {
                url,
                data_id: &self.data_id,
                overwrite: options.overwrite,
            }),
        };
        let made = write::write(&job, store, observer)?;
        let mut artefacts = earlier.map(|sidecar| sidecar.artefacts.clone()).unwrap_or_default();
        artefacts.retain(|artefact| {
            is_data(&artefact.format) && outputs.iter().all(|output| output.name() != artefact.format)
        });
        let mut files = Vec::new();
        for write::File { name, format, finished } in made {
            artefacts.push(Artefact {
                file: name,
                format: format.to_owned(),
                form: Form::default(),
                digest: finished.digest,
            });
            files.push(finished.pending);
        }
        artefacts.sort_by(|a, b| a.file.cmp(&b.file));
        let sidecar = self.sidecar_of(artefacts);
        std::io::Write::write_all(&mut claim, sidecar.to_text().as_bytes())?;
        files.push(claim);
        Ok(Written { files, artefacts: sidecar.artefacts })
    }

    fn is_intact(&self, site: &Site) -> bool {
        let Ok(found) = site.sidecar() else { return false };
        let sound = |artefact: &Artefact| self.is_own(&artefact.file) && site.check_bytes(artefact).is_none();
        found.artefacts.iter().all(sound) && self.compare_sidecar(&found).is_empty()
    }

    fn inspect(&self, site: &Site) -> Inspected {
        let sidecar = match site.sidecar() {
            Ok(sidecar) => sidecar,
            Err(error) => return vec![error.to_string()].into(),
        };
        if sidecar.data_id != self.data_id {
            let (found, wanted) = (&sidecar.data_id, &self.data_id);
            let differs = self.identity();
            return vec![format!("holds other data: {found}, the document gives {wanted}{differs}")].into();
        }
        let there = |output: &&Output| {
            output.is_server() || sidecar.artefacts.iter().any(|file| file.format == output.name())
        };
        let missing = self.place.outputs.iter().filter(|output| !there(output));
        let mut findings: Vec<String> =
            missing.map(|output| format!("the {} files are missing", output.name())).collect();
        findings.extend(self.compare_sidecar(&sidecar));
        let Inspected { findings: more, mut checks } =
            compare::artefacts(&self.database, site, &sidecar, true, &());
        findings.extend(more);
        if let (Some(url), Site::Beside(path)) = (&self.place.server, site) {
            let ledgers = judge::ledgers(&self.database, path);
            let served = server::compare(&self.database, url, &self.data_id, ledgers.as_deref(), &());
            findings.extend(served.findings);
            checks.extend(served.checks);
        }
        Inspected { findings, checks }
    }

    fn compare(&self, site: &Site, _sample: Option<Sample>, observer: &dyn Observer) -> Compared {
        let sidecar = match site.sidecar() {
            Ok(sidecar) => sidecar,
            Err(error) => return Compared { differences: vec![error.to_string()], parts: [1, 1] },
        };
        let mut differences = self.compare_sidecar(&sidecar);
        differences.extend(compare::artefacts(&self.database, site, &sidecar, false, observer).findings);
        if let Some(url) = &self.place.server {
            differences.extend(server::compare(&self.database, url, &self.data_id, None, observer).findings);
        }
        let has_tables = sidecar.artefacts.iter().any(|artefact| is_data(&artefact.format));
        if !has_tables && self.place.server.is_none() && differences.is_empty() {
            return Compared { differences: vec![ELSEWHERE.to_owned()], parts: [0, 1] };
        }
        Compared { differences, parts: [1, 1] }
    }
}

fn about(table: &Table) -> Map {
    let relation = table.relation();
    let names = |places: &[usize]| -> Value {
        Value::List(places.iter().map(|at| relation.columns[*at].name.as_str().into()).collect())
    };
    let column = |column: &mts_core::Column| {
        let mut map = Map::new();
        map.insert("name", column.name.as_str());
        map.insert("type", type_name(&column.kind));
        map.insert("nullable", column.nullable);
        Value::from(map)
    };
    let mut map = Map::new();
    map.insert("name", relation.name.as_str());
    map.insert("rows", table.rows());
    map.insert("columns", Value::List(relation.columns.iter().map(column).collect()));
    map.insert("primary_key", names(&relation.primary_key));
    let foreign = relation.foreign_keys.iter().map(|key| {
        let mut map = Map::new();
        map.insert("columns", names(&key.columns));
        map.insert("parent", key.parent.as_str());
        map.insert("parent_columns", key.parent_columns.clone());
        Value::from(map)
    });
    map.insert("foreign_keys", Value::List(foreign.collect()));
    map.insert("consequences", table.consequences());
    map
}

/// The name of a type, as documents have it.
fn type_name(kind: &ColumnType) -> String {
    match kind {
        ColumnType::Boolean => "boolean".to_owned(),
        ColumnType::Integer => "integer".to_owned(),
        ColumnType::Float => "float".to_owned(),
        ColumnType::Decimal { precision, scale } => format!("decimal({precision},{scale})"),
        ColumnType::Text => "text".to_owned(),
        ColumnType::Date => "date".to_owned(),
        ColumnType::DateTime(None) => "datetime".to_owned(),
        ColumnType::DateTime(Some(zone)) => format!("datetime({zone})"),
        ColumnType::Struct(_) => "object".to_owned(),
        ColumnType::List(_) => "array".to_owned(),
    }
}
