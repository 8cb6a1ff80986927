//! From a document to its tasks.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::sync::Arc;

use mts_config::grid::{self, Record, Takes};
use mts_config::kind::DocumentKind;
use mts_config::{Content, Entry, Node, Problem, Problems, nearest, path, schema as check};
use mts_core::Registry;
use mts_io::{Form, Format};
use serde_json::Value as Json;

use super::asked::{Asked, settings, transforms};
use super::common::{Common, about_model};
use super::files;
use super::packs::Packs;
use super::schema::{self, ROOT_KEYS, RUNTIME_KEYS};
use super::task::GridTask;
use super::work::{Place, Work};
use crate::plan::Run;
use crate::{Plan, Request, Shard, Task, json, size as in_words};

/// Components of a path that file systems take.
const MAX_COMPONENT: usize = 255;

/// Problems that are compared with each other.
const MAX_SEEN: usize = 10_000;

/// Models that a hint lists.
const FEW: usize = 12;

/// The folder that is written below where nothing else is said.
const OUTDIR: &str = "data";

pub(super) fn plan(registry: &Registry, root: &Node, request: &Request) -> Result<Plan, Problems> {
    let mut planner = Planner::new(registry, root, request)?;
    for (at, record) in planner.records(root) {
        planner.expand(record, &at);
    }
    planner.finish()
}

struct Planner<'a> {
    registry: &'a Registry,
    limit: Option<usize>,
    shard: Option<Shard>,
    asked: Arc<Asked>,
    /// Whether any task starts from the root's entropy rather than a seed of its own.
    entropy_used: bool,
    /// Record schemas by model.
    schemas: BTreeMap<&'static str, Arc<Json>>,
    /// Expanded records so far, whether planned or not.
    index: u32,
    packs: Option<Packs>,
    /// Of the last task.
    place: Option<Arc<Place>>,
    tasks: Vec<Box<dyn Task>>,
    problems: Unique,
}

/// Problems without repetitions: an axis repeats what is wrong with the rest of its record.
#[derive(Default)]
pub(super) struct Unique {
    seen: BTreeSet<String>,
    problems: Problems,
}

impl Unique {
    pub(super) fn push(&mut self, problem: Problem) {
        // Beyond what is kept, a count need not be exact.
        if self.problems.len() > MAX_SEEN || self.seen.insert(problem.to_string()) {
            self.problems.push(problem);
        }
    }

    pub(super) fn extend(&mut self, problems: &Problems) {
        problems.iter().for_each(|problem| self.push(problem.clone()));
    }
}

impl<'a> Planner<'a> {
    fn new(registry: &'a Registry, root: &Node, request: &Request) -> Result<Self, Problems> {
        let mut problems = Unique::default();
        let asked = Asked::new(registry, root, request, &mut problems)?;
        Ok(Planner {
            registry,
            limit: request.limit,
            shard: request.shard,
            packs: asked.pack.map(Packs::new),
            asked: Arc::new(asked),
            entropy_used: false,
            schemas: BTreeMap::new(),
            index: 0,
            place: None,
            tasks: Vec::new(),
            problems,
        })
    }

    /// The records as written, with their paths.
    fn records<'n>(&self, root: &'n Node) -> Vec<(String, &'n Node)> {
        let (at, records) = match (&root.content, root.get("configs")) {
            (Content::List(_), _) => ("", root),
            (_, Some(records)) => ("configs", records),
            _ => return vec![(String::new(), root)],
        };
        match &records.content {
            Content::List(items) => {
                items.iter().enumerate().map(|(i, item)| (path::item(at, i), item)).collect()
            }
            _ => vec![(at.to_owned(), records)],
        }
    }

    fn expand(&mut self, record: &Node, at: &str) {
        let Some((entry, schema)) = self.model_of(record, at) else { return };
        // A key that nobody knows is no axis: what it holds is not what is wrong with it.
        let takes = |key: &str| schema["properties"].get(key).map_or(Takes::Array, schema::takes);
        let stripped = if at.is_empty() { without_root_keys(record) } else { record.clone() };
        let stripped = match files::resolved(&stripped, at, &schema) {
            Ok(resolved) => resolved,
            Err(problem) => return self.problems.push(problem),
        };
        let grid = match grid::expand(&stripped, at, &takes) {
            Ok(grid) => grid,
            Err(problems) => return self.problems.extend(&problems),
        };
        if u64::from(self.index) + grid.count() > grid::MAX_RECORDS {
            let message = format!("more than {} datasets in one document", grid::MAX_RECORDS);
            return self.problems.push(Problem::at(&record.position, at, message));
        }
        let (asked, first) = (self.asked.clone(), self.index);
        let common = Arc::new(Common { asked, entry: entry.clone(), schema, grid, first });
        for (at, expanded) in (0..).zip(common.grid.iter()) {
            if self.limit.is_some_and(|limit| self.index as usize >= limit) {
                return;
            }
            self.index += 1;
            if let Some(task) = self.task(&expanded, &common, at) {
                self.tasks.push(Box::new(task));
            }
        }
    }

    /// The model that `record` names, and the schema of its records.
    fn model_of(&mut self, record: &Node, at: &str) -> Option<(&'a mts_core::Entry, Arc<Json>)> {
        let Some(entries) = record.as_map() else {
            let message = format!("a record must be a mapping, found {}", record.describe());
            self.problems.push(Problem::at(&record.position, at, message));
            return None;
        };
        let known = || match self.registry.names().len() {
            few if few <= FEW => {
                format!("one of {}", self.registry.names().collect::<Vec<_>>().join(", "))
            }
            many => format!("`mts list models` shows all {many}"),
        };
        let Some(model) = entries.iter().find(|entry| entry.key == "model") else {
            self.problems.push(Problem::at(&record.position, at, "missing key `model`").with_hint(known()));
            return None;
        };
        let name = model.value.as_str().map(|name| name.trim().to_lowercase());
        let entry = name.as_deref().and_then(|name| self.registry.get(name));
        let Some(entry) = entry else {
            let found = model.value.describe();
            let problem = Problem::at(
                &model.value.position,
                path::child(at, "model"),
                format!("no such model: {found}"),
            );
            let near = name.as_deref().and_then(|name| nearest(name, self.registry.names()));
            let hint = near.map_or_else(known, |near| format!("did you mean `{near}`?"));
            self.problems.push(problem.with_hint(hint));
            return None;
        };
        let schema = self.schemas.entry(entry.name()).or_insert_with(|| Arc::new(schema::record(entry)));
        Some((entry, schema.clone()))
    }

    /// The task `at` of the grid, which is `record`.
    fn task(&mut self, record: &Record, common: &Arc<Common>, at: u32) -> Option<GridTask> {
        let Common { asked, entry, schema, .. } = common.as_ref();
        let name = entry.name();
        let mut problems = Problems::new();
        check::check(&record.node, schema, &record.path, &mut problems);
        if !problems.is_empty() {
            let told = problems.iter().map(|problem| about_model(problem, name, &record.path));
            told.collect::<Vec<_>>().into_iter().for_each(|problem| self.problems.push(problem));
            for Entry { key, value, .. } in record.node.as_map().unwrap_or_default() {
                let at = path::child(&record.path, key);
                if let Err(problem) = json::from_node(value, &Json::Null, schema, &at) {
                    self.problems.push(about_model(&problem, name, &record.path));
                }
            }
            return None;
        }
        if let Some(Err(problem)) = record.node.get("transforms").map(|list| {
            let at = path::child(&record.path, "transforms");
            transforms(list, &at)
        }) {
            self.problems.push(problem);
            return None;
        }
        let own = settings(&record.node);
        let (recipe, zscore) = match common.recipe(record, &own, at) {
            Ok(recipe) => recipe,
            Err(problems) => {
                problems.into_iter().for_each(|problem| self.problems.push(problem));
                return None;
            }
        };
        self.entropy_used |= own.seed.is_none();
        let (document, line) = (&asked.document, &asked.line);
        let overridden = own.outdir.clone().filter(|_| line.outdir.is_some());
        let outdir = line.outdir.clone().or(own.outdir).or_else(|| document.outdir.clone());
        let config_id = recipe.model.identity().config_id();
        let folder = folder(name, &config_id, record);
        if let Some(long) = folder.split('/').find(|component| component.len() > MAX_COMPONENT) {
            let message = format!(
                "the folder name {long:.40}… has {} bytes, at most {MAX_COMPONENT} can be",
                long.len()
            );
            self.problems.push(Problem::at(&record.position, &record.path, message));
            return None;
        }
        let save = own.save.or(line.save).or(document.save).unwrap_or(true);
        let mut formats = asked.formats.clone().unwrap_or_else(|| vec![Format::Parquet]);
        if own.csv.or(line.csv).or(document.csv).unwrap_or(false) && !formats.contains(&Format::Csv) {
            formats.push(Format::Csv);
        }
        let shape = recipe.model.shape();
        if save && asked.form != Form::Long && !formats.iter().any(|format| format.is_table()) {
            let (form, names) = (asked.form, formats.iter().map(|format| format.name()).collect::<Vec<_>>());
            let message = format!("the {form} form is one of tables, and {} holds none", names.join(", "));
            let tables = Format::ALL.iter().filter(|format| format.is_table()).map(|format| format.name());
            let hint = format!("formats of tables are {}", tables.collect::<Vec<_>>().join(", "));
            let problem = match &asked.form_at {
                Some(position) => Problem::at(position, "form", message),
                None => Problem::general(message),
            };
            self.problems.push(problem.with_hint(hint));
            return None;
        }
        if save && asked.pack.is_some() && (formats != [Format::Parquet] || asked.form != Form::Long) {
            let message = "a pack is one Parquet file in the long form: other formats and forms have none";
            self.problems
                .push(Problem::general(message).with_hint("leave out pack, or the formats and the form"));
            return None;
        }
        if save && asked.pack.is_some() && (recipe.is_labelled() || recipe.clean) {
            let beside = if recipe.clean { "clean twin" } else { "labels" };
            let message = format!("a pack has no place for the {beside} of its datasets");
            let problem = Problem::at(&record.position, &record.path, message);
            self.problems.push(problem.with_hint("leave out pack"));
            return None;
        }
        let objection =
            formats.iter().filter(|_| save).find_map(|format| format.objection(shape, asked.form));
        if let Some(objection) = objection {
            self.problems.push(Problem::at(&record.position, &record.path, objection));
            return None;
        }
        let outdir = outdir.unwrap_or_else(|| PathBuf::from(OUTDIR));
        let objection = formats.iter().filter(|_| save).find_map(|format| format.objection_to(&outdir));
        if let Some(objection) = objection {
            let message = format!("{}: {objection}", outdir.display());
            self.problems.push(Problem::at(&record.position, &record.path, message));
            return None;
        }
        let place = self.shared(Place {
            model: name,
            position: record.position.clone(),
            outdir,
            overridden,
            formats: if save { formats } else { Vec::new() },
            form: asked.form,
            nonfinite: asked.nonfinite,
            compression: asked.compression,
        });
        let data_id = recipe.data_id();
        let work = Work { recipe, config_id, data_id, folder, place, pack: None, zscore };
        match asked.memory {
            Some(allowed) if work.memory() > allowed => {
                let message = format!(
                    "needs {} of memory, and {} are allowed",
                    in_words(work.memory()),
                    in_words(allowed)
                );
                let problem = Problem::at(&record.position, &record.path, message);
                self.problems.push(problem.with_hint("more --memory, or fewer channels or realizations"));
                None
            }
            _ => {
                let pack = self.packs.as_mut().and_then(|packs| packs.place(&work));
                Some(GridTask::planned(&work, pack, common.clone(), at))
            }
        }
    }

    /// One place for tasks that follow each other.
    fn shared(&mut self, place: Place) -> Arc<Place> {
        match &self.place {
            Some(last) if **last == place => last.clone(),
            _ => self.place.insert(Arc::new(place)).clone(),
        }
    }

    fn finish(self) -> Result<Plan, Problems> {
        self.problems.problems.into_result(())?;
        let asked = self.asked;
        let drawn = asked.drawn && self.entropy_used;
        let run = Run {
            formats: asked
                .formats
                .as_ref()
                .map(|formats| formats.iter().map(|format| format.name()).collect()),
            shard: self.shard,
            memory: asked.memory,
        };
        Plan::new(DocumentKind::Grid, self.tasks, asked.entropy.clone(), drawn, run)
    }
}

/// A single record at the root without the keys that are the root's.
fn without_root_keys(record: &Node) -> Node {
    let entries = record.as_map().unwrap_or_default().iter();
    let kept = entries.filter(|entry| !ROOT_KEYS.contains(&entry.key.as_str()));
    Node::new(Content::Map(kept.cloned().collect()), record.position.clone())
}

/// `<model>/<config_id>[/seed=2…]`: a level for each runtime key that was an axis.
fn folder(model: &str, config_id: &str, record: &Record) -> String {
    let mut folder = format!("{model}/{config_id}");
    for axis in &record.axes {
        // The number of realizations is in the identity, and an own outdir is a level by itself.
        let level =
            RUNTIME_KEYS.contains(&axis.as_str()) && !["n_realizations", "outdir"].contains(&axis.as_str());
        if let (true, Some(value)) = (level, record.node.get(axis)) {
            folder += &format!("/{axis}={}", level_text(value));
        }
    }
    folder
}

fn level_text(value: &Node) -> String {
    match &value.content {
        Content::Null => "null".to_owned(),
        Content::Bool(value) => value.to_string(),
        Content::Str(text) => text.clone(),
        // Dates, without what paths may not have.
        Content::Map(_) => {
            let part = |key: &str| value.get(key).and_then(Node::as_str).unwrap_or_default();
            match value.get("start") {
                Some(_) => format!("{}_{}", part("start").replace([':', ' ', '/'], ""), part("freq")),
                None => digest(value),
            }
        }
        Content::List(_) => digest(value),
        _ => json::unsigned(value).map_or_else(|| value.describe(), |int| int.to_string()),
    }
}

/// A name for what is no word: a hash of it.
fn digest(value: &Node) -> String {
    let json = json::from_node(value, &Json::Null, &Json::Null, "").unwrap_or(Json::Null);
    mts_hash::hash8(&json::to_value(&json))
}
