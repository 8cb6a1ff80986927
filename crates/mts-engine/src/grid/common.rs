//! What the tasks of one record have in common.

use std::sync::Arc;

use mts_config::grid::{Grid, Record};
use mts_config::{Entry, Position, Problem, path};
use mts_core::{AnyModel, Instants, Shape, TimeError, ZscoreAxis};
use mts_hash::Int;
use serde_json::{Map, Value as Json};

use super::asked::{Asked, settings, size};
use super::recipe::Recipe;
use super::schema::RUNTIME_KEYS;
use crate::{Settings, json};

/// A record of a document, and all that its tasks are made of.
pub(super) struct Common {
    pub(super) asked: Arc<Asked>,
    pub(super) entry: mts_core::Entry,
    /// Of an expanded record.
    pub(super) schema: Arc<Json>,
    pub(super) grid: Grid,
    /// How many tasks the records before it have.
    pub(super) first: u32,
}

impl Common {
    /// The recipe of the task `at` of the grid, which is `record`, and how its values are standardised, as it
    /// was asked for.
    pub(super) fn recipe(
        &self,
        record: &Record,
        own: &Settings,
        at: u32,
    ) -> Result<(Recipe, (bool, ZscoreAxis)), Vec<Problem>> {
        let Asked { document, line, .. } = self.asked.as_ref();
        let model = self.model(record, own)?;
        let zscore = own.zscore.or(line.zscore).or(document.zscore).unwrap_or(false);
        let axis = own.zscore_axis.or(line.zscore_axis).or(document.zscore_axis).unwrap_or_default();
        let dates = self.dates(record, own, model.shape()).map_err(|problem| vec![problem])?;
        let (entropy, spawn_key) = self.seed(own, model.as_ref(), at);
        let recipe = Recipe {
            model,
            entropy,
            spawn_key,
            streams: own.streams.or(line.streams).or(document.streams).unwrap_or_default(),
            zscore: zscore.then_some(axis),
            dtype: line.dtype.or(own.dtype).or(document.dtype).unwrap_or_default(),
            dates,
        };
        Ok((recipe, (zscore, axis)))
    }

    /// The same once more, for a task that was planned.
    pub(super) fn again(&self, at: u32) -> (Recipe, (bool, ZscoreAxis)) {
        let record = self.grid.get(at.into()).expect("a task has its place in the grid");
        self.recipe(&record, &settings(&record.node), at).expect("what was planned has passed all checks")
    }

    /// The dates of a record's steps, where it or the document gives some.
    fn dates(&self, record: &Record, own: &Settings, shape: Shape) -> Result<Option<Instants>, Problem> {
        let given = own.time.as_ref().map(|time| (time, record.node.get("time").map(|node| &node.position)));
        let given = given.or_else(|| Some((self.asked.document.time.as_ref()?, self.asked.time_at.as_ref())));
        let Some((time, position)) = given else { return Ok(None) };
        let dates = Instants::new(&time.start, &time.freq, shape.steps());
        let at =
            |error: TimeError| Problem::at(position.unwrap_or(&record.position), "time", format!("{error}"));
        dates.map(Some).map_err(at)
    }

    fn model(&self, record: &Record, own: &Settings) -> Result<Arc<dyn AnyModel>, Vec<Problem>> {
        let Common { entry, schema, .. } = self;
        let name = entry.name();
        let line = &self.asked.line;
        let realizations = line.n_realizations.or(own.n_realizations).or(self.asked.document.n_realizations);
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
    fn seed(&self, own: &Settings, model: &dyn AnyModel, at: u32) -> (Int, Vec<u32>) {
        let entropy = &self.asked.entropy;
        match &own.seed {
            Some(seed) => (seed.clone(), Vec::new()),
            None if self.asked.by_id => (entropy.clone(), model.identity().words().to_vec()),
            None => (entropy.clone(), vec![self.first + at]),
        }
    }
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

/// `configs[2].dt: must be > 0` becomes `model "kuramoto": parameter "dt" must be > 0`.
pub(super) fn about_model(problem: &Problem, model: &str, record: &str) -> Problem {
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
