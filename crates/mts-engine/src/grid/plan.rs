//! From a document to its tasks.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::sync::Arc;

use mts_config::grid::{self, Record, Takes};
use mts_config::kind::DocumentKind;
use mts_config::{Content, Entry, Node, Position, Problem, Problems, nearest, path, schema as check};
use mts_core::{AnyModel, Instants, Registry, Shape, TimeError};
use mts_hash::{Identity, Int};
use mts_io::{Compression, Form, Format, PackWriter};
use serde_json::{Map, Value as Json};

use super::recipe::Recipe;
use super::schema::{self, ROOT_KEYS, RUNTIME_KEYS};
use super::task::{GridTask, Place};
use crate::plan::Run;
use crate::{Dates, Plan, Request, Settings, Task, json, parse_size, size as in_words};

/// Components of a path that file systems take.
const MAX_COMPONENT: usize = 255;

/// Problems that are compared with each other.
const MAX_SEEN: usize = 10_000;

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
    request: &'a Request,
    document: Settings,
    /// Where the document says what the steps stand for.
    time_at: Option<Position>,
    by_id: bool,
    /// As asked for.
    formats: Option<Vec<Format>>,
    form: Form,
    /// Where the document says so, unless the request says otherwise.
    form_at: Option<Position>,
    /// So many datasets in one file.
    pack: Option<usize>,
    /// Bytes that a run may take, where somebody says so.
    memory: Option<u64>,
    compression: Compression,
    entropy: Int,
    drawn: bool,
    /// Whether any task starts from the root's entropy rather than a seed of its own.
    entropy_used: bool,
    /// Record schemas by model.
    schemas: BTreeMap<&'static str, Arc<Json>>,
    /// Expanded records so far, whether planned or not.
    index: u32,
    tasks: Vec<GridTask>,
    problems: Unique,
}

/// Problems without repetitions: an axis repeats what is wrong with the rest of its record.
#[derive(Default)]
struct Unique {
    seen: BTreeSet<String>,
    problems: Problems,
}

impl Unique {
    fn push(&mut self, problem: Problem) {
        // Beyond what is kept, a count need not be exact.
        if self.problems.len() > MAX_SEEN || self.seen.insert(problem.to_string()) {
            self.problems.push(problem);
        }
    }

    fn extend(&mut self, problems: Problems) {
        problems.iter().for_each(|problem| self.push(problem.clone()));
    }
}

impl<'a> Planner<'a> {
    fn new(registry: &'a Registry, root: &Node, request: &'a Request) -> Result<Self, Problems> {
        let rest = root_settings(root);
        let mut problems = Problems::new();
        check::check(&rest, &schema::root(), "", &mut problems);
        let mut unique = Unique::default();
        unique.extend(problems);
        let document = settings(&rest);
        let given = request.settings.seed.clone().or_else(|| document.seed.clone());
        let drawn = given.is_none();
        let entropy = match given {
            Some(seed) => seed,
            None => draw_entropy()?,
        };
        Ok(Planner {
            registry,
            request,
            by_id: rest.get("seeding").and_then(Node::as_str) == Some("by_id"),
            formats: request.formats.clone().or_else(|| formats(&rest)),
            form: request.form.or_else(|| form(&rest)).unwrap_or_default(),
            form_at: rest.get("form").filter(|_| request.form.is_none()).map(|form| form.position.clone()),
            pack: request.pack.or_else(|| rest.get("pack").and_then(size)),
            memory: request.memory.or(memory(&rest, &mut unique)),
            compression: request.compression.or_else(|| compression(&rest)).unwrap_or_default(),
            time_at: rest.get("time").map(|time| time.position.clone()),
            document,
            entropy,
            drawn,
            entropy_used: false,
            schemas: BTreeMap::new(),
            index: 0,
            tasks: Vec::new(),
            problems: unique,
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
        let Some(schema) = self.schema_of(record, at) else { return };
        let takes = |key: &str| schema["properties"].get(key).map_or(Takes::Scalar, schema::takes);
        let stripped = if at.is_empty() { without_root_keys(record) } else { record.clone() };
        let grid = match grid::expand(&stripped, at, &takes) {
            Ok(grid) => grid,
            Err(problems) => return self.problems.extend(problems),
        };
        if u64::from(self.index) + grid.count() > grid::MAX_RECORDS {
            let message = format!("more than {} datasets in one document", grid::MAX_RECORDS);
            return self.problems.push(Problem::at(&record.position, at, message));
        }
        for expanded in grid.iter() {
            let index = self.index;
            if self.request.limit.is_some_and(|limit| index as usize >= limit) {
                return;
            }
            self.index += 1;
            if let Some(task) = self.task(&expanded, &schema, index) {
                self.tasks.push(task);
            }
        }
    }

    /// The schema of the model that `record` names.
    fn schema_of(&mut self, record: &Node, at: &str) -> Option<Arc<Json>> {
        let Some(entries) = record.as_map() else {
            let message = format!("a record must be a mapping, found {}", record.describe());
            self.problems.push(Problem::at(&record.position, at, message));
            return None;
        };
        let known = || self.registry.names().collect::<Vec<_>>().join(", ");
        let Some(model) = entries.iter().find(|entry| entry.key == "model") else {
            let hint = format!("one of {}", known());
            self.problems.push(Problem::at(&record.position, at, "missing key `model`").with_hint(hint));
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
            let hint =
                near.map_or_else(|| format!("one of {}", known()), |near| format!("did you mean `{near}`?"));
            self.problems.push(problem.with_hint(hint));
            return None;
        };
        Some(self.schemas.entry(entry.name()).or_insert_with(|| Arc::new(schema::record(entry))).clone())
    }

    fn task(&mut self, record: &Record, schema: &Json, index: u32) -> Option<GridTask> {
        let name = record.node.get("model").and_then(Node::as_str)?.trim().to_lowercase();
        let mut problems = Problems::new();
        check::check(&record.node, schema, &record.path, &mut problems);
        if !problems.is_empty() {
            let told = problems.iter().map(|problem| about_model(problem, &name, &record.path));
            told.collect::<Vec<_>>().into_iter().for_each(|problem| self.problems.push(problem));
            for Entry { key, value, .. } in record.node.as_map().unwrap_or_default() {
                let at = path::child(&record.path, key);
                if let Err(problem) = json::from_node(value, &Json::Null, schema, &at) {
                    self.problems.push(about_model(&problem, &name, &record.path));
                }
            }
            return None;
        }
        let own = settings(&record.node);
        let model = match self.model(record, schema, &name, &own) {
            Ok(model) => model,
            Err(problems) => {
                problems.into_iter().for_each(|problem| self.problems.push(problem));
                return None;
            }
        };
        let line = &self.request.settings;
        let zscore = own.zscore.or(line.zscore).or(self.document.zscore).unwrap_or(false);
        let axis = own.zscore_axis.or(line.zscore_axis).or(self.document.zscore_axis).unwrap_or_default();
        let dates = match self.dates(record, &own, model.shape()) {
            Ok(dates) => dates,
            Err(problem) => {
                self.problems.push(problem);
                return None;
            }
        };
        let identity = model.identity();
        let (entropy, spawn_key) = self.seed(&own, &identity, index);
        let recipe = Recipe {
            model,
            entropy,
            spawn_key,
            streams: own.streams.or(line.streams).or(self.document.streams).unwrap_or_default(),
            zscore: zscore.then_some(axis),
            dtype: line.dtype.or(own.dtype).or(self.document.dtype).unwrap_or_default(),
            dates,
        };
        let outdir = line.outdir.clone().or(own.outdir).or_else(|| self.document.outdir.clone());
        let folder = folder(&identity, recipe.model.name(), record);
        if let Some(long) = folder.split('/').find(|component| component.len() > MAX_COMPONENT) {
            let message = format!(
                "the folder name {long:.40}… has {} bytes, at most {MAX_COMPONENT} can be",
                long.len()
            );
            self.problems.push(Problem::at(&record.position, &record.path, message));
            return None;
        }
        let save = own.save.or(line.save).or(self.document.save).unwrap_or(true);
        let mut formats = self.formats.clone().unwrap_or_else(|| vec![Format::Parquet]);
        if own.csv.or(line.csv).or(self.document.csv).unwrap_or(false) && !formats.contains(&Format::Csv) {
            formats.push(Format::Csv);
        }
        let shape = recipe.model.shape();
        if save && self.form != Form::Long && !formats.iter().any(|format| format.is_table()) {
            let (form, names) = (self.form, formats.iter().map(|format| format.name()).collect::<Vec<_>>());
            let message = format!("the {form} form is one of tables, and {} holds none", names.join(", "));
            let tables = Format::ALL.iter().filter(|format| format.is_table()).map(|format| format.name());
            let hint = format!("formats of tables are {}", tables.collect::<Vec<_>>().join(", "));
            let problem = match &self.form_at {
                Some(position) => Problem::at(position, "form", message),
                None => Problem::general(message),
            };
            self.problems.push(problem.with_hint(hint));
            return None;
        }
        if save && self.pack.is_some() && (formats != [Format::Parquet] || self.form != Form::Long) {
            let message = "a pack is one Parquet file in the long form: other formats and forms have none";
            self.problems
                .push(Problem::general(message).with_hint("leave out pack, or the formats and the form"));
            return None;
        }
        let objection = formats.iter().filter(|_| save).find_map(|format| format.objection(shape, self.form));
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
        let task = GridTask::new(
            recipe,
            record.position.clone(),
            Place {
                outdir,
                folder,
                formats: if save { formats } else { Vec::new() },
                form: self.form,
                nonfinite: self.request.allow_nonfinite,
                pack: None,
                compression: self.compression,
            },
            (zscore, axis),
        );
        match self.memory {
            Some(allowed) if task.memory() > allowed => {
                let message = format!(
                    "needs {} of memory, and {} are allowed",
                    in_words(task.memory()),
                    in_words(allowed)
                );
                let problem = Problem::at(&record.position, &record.path, message);
                self.problems.push(problem.with_hint("more --memory, or fewer channels or realizations"));
                None
            }
            _ => Some(task),
        }
    }

    /// The dates of a record's steps, where it or the document gives some.
    fn dates(&self, record: &Record, own: &Settings, shape: Shape) -> Result<Option<Instants>, Problem> {
        let given = own.time.as_ref().map(|time| (time, record.node.get("time").map(|node| &node.position)));
        let given = given.or_else(|| Some((self.document.time.as_ref()?, self.time_at.as_ref())));
        let Some((time, position)) = given else { return Ok(None) };
        let dates = Instants::new(&time.start, &time.freq, shape.steps());
        let at =
            |error: TimeError| Problem::at(position.unwrap_or(&record.position), "time", format!("{error}"));
        dates.map(Some).map_err(at)
    }

    fn model(
        &self,
        record: &Record,
        schema: &Json,
        name: &str,
        own: &Settings,
    ) -> Result<Arc<dyn AnyModel>, Vec<Problem>> {
        let entry = self.registry.get(name).ok_or_else(Vec::new)?;
        let line = &self.request.settings;
        let realizations = line.n_realizations.or(own.n_realizations).or(self.document.n_realizations);
        let size = |key: &str, default| record.node.get(key).and_then(size).unwrap_or(default);
        let (channels, steps) = (size("M", entry.shape().channels()), size("T", entry.shape().steps()));
        let shape = Shape::new(channels, steps, realizations.unwrap_or(entry.shape().realizations()));
        let whole = |message: String| {
            let message = format!("model \"{name}\": {message}");
            vec![Problem::at(&record.position, &record.path, message)]
        };
        let shape = shape.map_err(|error| whole(error.to_string()))?;
        let (mut params, mut problems) = (Map::new(), Vec::<Problem>::new());
        for Entry { key, value, .. } in record.node.as_map().unwrap_or_default() {
            if RUNTIME_KEYS.contains(&key.as_str()) || ["model", "M", "T"].contains(&key.as_str()) {
                continue;
            }
            let property = schema["properties"].get(key).unwrap_or(&Json::Null);
            match json::from_node(value, property, schema, &path::child(&record.path, key)) {
                Ok(json) => drop(params.insert(key.clone(), json)),
                Err(problem) => problems.push(about_model(&problem, name, &record.path)),
            }
        }
        if !problems.is_empty() {
            return Err(problems);
        }
        entry.build(params.clone().into(), shape).map_err(|problems| {
            let unread = unread(entry, &params, shape);
            let problems = problems.iter().filter(|problem| problem.parameter != UNREAD).chain(&unread);
            let locate = |problem: &mts_core::Problem| {
                let value = record.node.get(&problem.parameter);
                let position: &Position = value.map_or(&record.position, |value| &value.position);
                Problem::at(position, "", format!("model \"{name}\": {problem}"))
            };
            problems.map(locate).collect()
        })
    }

    /// Where a task stands in the tree of seeds.
    fn seed(&mut self, own: &Settings, identity: &Identity, index: u32) -> (Int, Vec<u32>) {
        self.entropy_used |= own.seed.is_none();
        match &own.seed {
            Some(seed) => (seed.clone(), Vec::new()),
            None if self.by_id => (self.entropy.clone(), identity.words().to_vec()),
            None => (self.entropy.clone(), vec![index]),
        }
    }

    fn finish(self) -> Result<Plan, Problems> {
        self.problems.problems.into_result(())?;
        let drawn = self.drawn && self.entropy_used;
        let tasks = match self.pack {
            Some(size) => packed(self.tasks, size),
            None => self.tasks,
        };
        let tasks = tasks.into_iter().map(|task| Box::new(task) as Box<dyn Task>).collect();
        let run = Run { formats: self.formats, shard: self.request.shard, memory: self.memory };
        Plan::new(DocumentKind::Grid, tasks, self.entropy, drawn, run)
    }
}

/// Puts every `size` tasks that can share a file into one, in their order. They are of one model, in one
/// folder, have the same columns, and are told apart by the same keys.
fn packed(tasks: Vec<GridTask>, size: usize) -> Vec<GridTask> {
    /// A pack that is being filled: its name, members and row groups.
    struct Open {
        name: String,
        members: usize,
        row_groups: usize,
    }
    let mut open: BTreeMap<(PathBuf, String, String), Open> = BTreeMap::new();
    let mut numbers: BTreeMap<(PathBuf, String), usize> = BTreeMap::new();
    let pack = |task: GridTask| {
        if task.formats().is_empty() {
            return task;
        }
        let (model, _) = task.folder().split_once('/').unwrap_or_default();
        let (outdir, model) = (task.outdir().to_owned(), model.to_owned());
        let keys: Vec<&str> = task.levels().into_iter().map(|(key, _)| key).collect();
        let kind = (outdir.clone(), model.clone(), format!("{}; {}", task.columns(), keys.join(",")));
        let row_groups = PackWriter::row_groups(task.shape());
        let fits = |open: &&mut Open| {
            open.members < size && open.row_groups + row_groups <= PackWriter::MAX_ROW_GROUPS
        };
        if open.get_mut(&kind).as_ref().is_none_or(|open| !fits(open)) {
            let number = numbers.entry((outdir, model.clone())).or_default();
            let name = format!("{model}.{number:05}.parquet");
            *number += 1;
            open.insert(kind.clone(), Open { name, members: 0, row_groups: 0 });
        }
        match open.get_mut(&kind) {
            Some(open) => {
                open.members += 1;
                open.row_groups += row_groups;
                task.into_pack(open.name.clone())
            }
            None => task,
        }
    };
    tasks.into_iter().map(pack).collect()
}

/// What a model calls its parameters where it cannot read them.
const UNREAD: &str = "params";

/// Which parameters cannot be read, and why: such as nested lists of different lengths, which a schema
/// lets pass. Each is tried alone.
fn unread(entry: &mts_core::Entry, params: &Map<String, Json>, shape: Shape) -> Vec<mts_core::Problem> {
    let reason = |(name, value): (&String, &Json)| {
        let alone: Map<String, Json> = [(name.clone(), value.clone())].into_iter().collect();
        let problems = entry.build(alone.into(), shape).err()?;
        let problem = problems.iter().find(|problem| problem.parameter == UNREAD)?;
        let message = format!("cannot be read: {}", problem.message);
        Some(mts_core::Problem { parameter: name.clone(), message })
    };
    params.iter().filter_map(reason).collect()
}

/// 128 bits from the operating system.
fn draw_entropy() -> Result<Int, Problems> {
    let mut bytes = [0; 16];
    getrandom::fill(&mut bytes).map_err(|error| {
        let problem = Problem::general(format!("the system gives no random seed: {error}"));
        problem.with_hint("give one: --seed 42")
    })?;
    Ok(u128::from_le_bytes(bytes).into())
}

/// The root's own keys; those of a single record that stands at the root are left to the record.
fn root_settings(root: &Node) -> Node {
    let single = root.get("model").is_some() && root.get("configs").is_none();
    let entries = root.as_map().unwrap_or_default().iter();
    let kept = entries.filter(|entry| !single || ROOT_KEYS.contains(&entry.key.as_str()));
    Node::new(Content::Map(kept.cloned().collect()), root.position.clone())
}

/// A single record at the root without the keys that are the root's.
fn without_root_keys(record: &Node) -> Node {
    let entries = record.as_map().unwrap_or_default().iter();
    let kept = entries.filter(|entry| !ROOT_KEYS.contains(&entry.key.as_str()));
    Node::new(Content::Map(kept.cloned().collect()), record.position.clone())
}

/// The settings in a mapping that its schema has passed.
fn settings(node: &Node) -> Settings {
    let flag = |key: &str| node.get(key).and_then(Node::as_bool);
    let word = |key: &str| node.get(key).and_then(Node::as_str);
    Settings {
        seed: node.get("seed").and_then(json::unsigned),
        n_realizations: node.get("n_realizations").and_then(size),
        zscore: flag("zscore"),
        zscore_axis: word("zscore_axis").and_then(|name| name.parse().ok()),
        streams: word("streams").and_then(|name| name.parse().ok()),
        dtype: word("dtype").and_then(|name| name.parse().ok()),
        time: node.get("time").and_then(time),
        csv: flag("csv"),
        save: flag("save"),
        outdir: word("outdir").map(PathBuf::from),
    }
}

fn time(node: &Node) -> Option<Dates> {
    let text = |key: &str| node.get(key)?.as_str().map(str::to_owned);
    Some(Dates { start: text("start")?, freq: text("freq")? })
}

fn form(root: &Node) -> Option<Form> {
    root.get("form")?.as_str()?.parse().ok()
}

/// A size, in words or as a number.
fn memory(root: &Node, problems: &mut Unique) -> Option<u64> {
    let node = root.get("memory")?;
    let text = node.as_str().map_or_else(|| node.describe(), str::to_owned);
    match parse_size(&text) {
        Ok(bytes) => Some(bytes),
        Err(error) => {
            problems.push(Problem::at(
                &node.position,
                "memory",
                format!("{error}, found {}", node.describe()),
            ));
            None
        }
    }
}

fn compression(root: &Node) -> Option<Compression> {
    root.get("compression")?.as_str()?.parse().ok()
}

fn size(node: &Node) -> Option<usize> {
    usize::try_from(json::unsigned(node)?.to_u64()?).ok()
}

fn formats(root: &Node) -> Option<Vec<Format>> {
    let node = root.get("format")?;
    let items = node.as_list().unwrap_or(std::slice::from_ref(node));
    let mut formats: Vec<Format> = Vec::new();
    for format in items.iter().filter_map(|item| item.as_str()?.parse().ok()) {
        if !formats.contains(&format) {
            formats.push(format);
        }
    }
    Some(formats)
}

/// `<model>/<config_id>[/seed=2…]`: a level for each runtime key that was an axis.
fn folder(identity: &Identity, model: &str, record: &Record) -> String {
    let mut folder = format!("{model}/{}", identity.config_id());
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
            format!("{}_{}", part("start").replace([':', ' ', '/'], ""), part("freq"))
        }
        _ => json::unsigned(value).map_or_else(|| value.describe(), |int| int.to_string()),
    }
}

/// `configs[2].dt: must be > 0` becomes `model "kuramoto": parameter "dt" must be > 0`.
fn about_model(problem: &Problem, model: &str, record: &str) -> Problem {
    let inner = problem.path.strip_prefix(record).map(|rest| rest.trim_start_matches('.'));
    let Some(inner) = inner.filter(|inner| !inner.is_empty()) else {
        return problem.clone();
    };
    let joint = if problem.message.starts_with("must") { " " } else { ": " };
    Problem {
        position: problem.position.clone(),
        path: String::new(),
        message: format!("model \"{model}\": parameter \"{inner}\"{joint}{}", problem.message),
        hint: problem.hint.clone(),
    }
}
