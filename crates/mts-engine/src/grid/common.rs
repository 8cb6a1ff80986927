//! What the tasks of one record have in common.

use std::sync::Arc;

use mts_config::grid::{Grid, Record};
use mts_config::{Entry, Node, Position, Problem, Problems, nearest, path};
use mts_core::transforms::{Transform, Transforms};
use mts_core::{AnyModel, Holds, Instants, Intervention, Shape, TimeError, ZscoreAxis};
use mts_hash::Int;
use serde_json::{Map, Value as Json};

use super::asked::{Asked, settings, size};
use super::recipe::Recipe;
use super::schema::RUNTIME_KEYS;
use super::split::Split;
use super::{interventions, nested};
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
        let zscore = own.zscore.or(line.zscore).or(document.zscore).unwrap_or(false);
        let (model, params) = self.model(record, own)?;
        let shape = model.shape();
        let transforms = self.transforms(record, own, shape)?;
        let longer = match transforms.source_shape() {
            same if same == shape => model.clone(),
            // What holds for a model of one length holds for longer ones too, or says why not.
            longer => {
                self.entry.build(params, longer).map_err(|problems| self.located(record, problems.iter()))?
            }
        };
        let interventions = self.interventions(record, model.as_ref())?;
        let rescaled = zscore || transforms.list().iter().any(|of| matches!(of, Transform::Zscore(_)));
        if let (Some(node), true, false) = (record.node.get("do"), rescaled, interventions.is_empty()) {
            let message = "cannot be combined with zscore, which would rescale what is held, and its effect";
            return Err(vec![Problem::at(&node.position, path::child(&record.path, "do"), message)]);
        }
        let split = self.split(record, own, shape).map_err(|problem| vec![problem])?;
        let axis = own.zscore_axis.or(line.zscore_axis).or(document.zscore_axis).unwrap_or_default();
        let dates = self.dates(record, own, model.shape()).map_err(|problem| vec![problem])?;
        let (entropy, spawn_key) = self.seed(own, model.as_ref(), at);
        let recipe = Recipe {
            model,
            longer,
            entropy,
            spawn_key,
            streams: own.streams.or(line.streams).or(document.streams).unwrap_or_default(),
            zscore: zscore.then_some(axis),
            transforms,
            interventions,
            clean: own.clean.or(document.clean).unwrap_or(false),
            split,
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

    /// What is done to the values, where the record or the document says something.
    fn transforms(&self, record: &Record, own: &Settings, shape: Shape) -> Result<Transforms, Vec<Problem>> {
        let list =
            own.transforms.as_ref().or(self.asked.document.transforms.as_ref()).cloned().unwrap_or_default();
        let mut problems = mts_core::Problems::default();
        let transforms = Transforms::new(list, shape, &mut problems);
        transforms.ok_or_else(|| {
            let locate = |problem: &mts_core::Problem| {
                let position = locate(&record.node, &problem.parameter).unwrap_or(&record.position);
                Problem::at(position, joined(&record.path, &problem.parameter), &problem.message)
            };
            problems.iter().map(locate).collect()
        })
    }

    /// The channels that the record holds at values.
    fn interventions(
        &self,
        record: &Record,
        model: &dyn AnyModel,
    ) -> Result<Vec<Intervention>, Vec<Problem>> {
        let Some(node) = record.node.get("do") else { return Ok(Vec::new()) };
        let at = path::child(&record.path, "do");
        let all = interventions::read(node, &at, self.entry.channels(), model.shape())?;
        match model.facts().interventions {
            Holds::Nothing if !all.is_empty() => {
                let message = format!("model \"{}\" cannot be intervened in", model.name());
                let hint = "`mts show NAME` says of a model whether its channels can be held by `do`";
                Err(vec![Problem::at(&node.position, &at, message).with_hint(hint)])
            }
            Holds::Among(states) => match all.iter().position(|of| !states.contains(&of.value)) {
                Some(index) => {
                    let at = path::child(&path::item(&at, index), "value");
                    let known: Vec<String> = states.iter().map(f64::to_string).collect();
                    let position = locate(&record.node, &format!("do[{index}].value"));
                    let message = format!("must be one of {}, found {}", known.join(", "), all[index].value);
                    Err(vec![Problem::at(position.unwrap_or(&node.position), at, message)])
                }
                None => Ok(all),
            },
            _ => Ok(all),
        }
    }

    fn split(&self, record: &Record, own: &Settings, shape: Shape) -> Result<Option<Split>, Problem> {
        let Some(shares) = own.split.as_ref().or(self.asked.document.split.as_ref()) else { return Ok(None) };
        let position = record.node.get("split").map_or(&record.position, |node| &node.position);
        let wrong = |message: String| {
            Problem::at(position, path::child(&record.path, "split"), mts_core::shortened(&message))
        };
        Split::new(shares, shape.steps()).map(Some).map_err(wrong)
    }

    fn model(&self, record: &Record, own: &Settings) -> Result<(Arc<dyn AnyModel>, Json), Vec<Problem>> {
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
        let model = entry.build(params.clone().into(), shape).map_err(|problems| {
            let unread = unread(entry, &params, shape);
            let own = problems.iter().filter(|problem| problem.parameter != UNREAD).chain(&unread);
            self.with_nested(record, own)
        })?;
        Ok((model, params.into()))
    }

    /// What a model says of its parameters, and what the schemas of models inside of it say more exactly.
    fn with_nested<'a>(
        &self,
        record: &Record,
        own: impl Iterator<Item = &'a mts_core::Problem>,
    ) -> Vec<Problem> {
        let mut nested = Problems::new();
        for Entry { key, value, .. } in record.node.as_map().unwrap_or_default() {
            nested::check(value, &path::child(&record.path, key), &self.asked.registry, &mut nested);
        }
        let is_told = |problem: &&mts_core::Problem| {
            let at = joined(&record.path, &problem.parameter);
            nested.iter().any(|nested| nested::is_below(&nested.path, &at))
        };
        let mut all = self.located(record, own.filter(|problem| !is_told(problem)));
        all.extend(nested.iter().map(|problem| about_model(problem, self.entry.name(), &record.path)));
        all
    }

    /// What a model says of its parameters, with their places.
    fn located<'a>(
        &self,
        record: &Record,
        problems: impl Iterator<Item = &'a mts_core::Problem>,
    ) -> Vec<Problem> {
        let locate = |problem: &mts_core::Problem| {
            let position = locate(&record.node, &problem.parameter).unwrap_or(&record.position);
            let told = Problem::at(position, "", format!("model \"{}\": {problem}", self.entry.name()));
            match self.meant(record, &problem.parameter) {
                Some(meant) => told.with_hint(format!("did you mean `{meant}`?")),
                None => told,
            }
        };
        problems.map(locate).collect()
    }

    /// The model that was meant by an unknown name inside of another model.
    fn meant(&self, record: &Record, parameter: &str) -> Option<&'static str> {
        let name = parameter.ends_with(".model").then(|| found(&record.node, parameter)?.as_str())??;
        let others = self.asked.registry.names().filter(|other| *other != self.entry.name());
        nearest(name, others).and_then(|name| Some(self.asked.registry.get(name)?.name()))
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
pub(super) fn unread(
    entry: &mts_core::Entry,
    params: &Map<String, Json>,
    shape: Shape,
) -> Vec<mts_core::Problem> {
    let reason = |(name, value): (&String, &Json)| {
        let alone: Map<String, Json> = [(name.clone(), value.clone())].into_iter().collect();
        let problems = entry.build(alone.into(), shape).err()?;
        let problem = problems.iter().find(|problem| problem.parameter == UNREAD)?;
        let message = format!("cannot be read: {}", problem.message);
        Some(mts_core::Problem { parameter: name.clone(), message })
    };
    params.iter().filter_map(reason).collect()
}

/// The path `inner`, which has steps of its own, below another.
fn joined(path: &str, inner: &str) -> String {
    if path.is_empty() { inner.to_owned() } else { format!("{path}.{inner}") }
}

/// The place of `transforms[2].anomalies.length` in a record, or of what it stands in.
fn locate<'a>(record: &'a Node, path: &str) -> Option<&'a Position> {
    found(record, path).map(|node| &node.position)
}

/// What stands at a path in a record, or what that would stand in.
fn found<'a>(record: &'a Node, path: &str) -> Option<&'a Node> {
    let mut node = record;
    let steps = path.split(['.', '[']).map(|step| step.trim_end_matches(']'));
    for step in steps {
        let inner = match step.parse::<usize>() {
            Ok(index) => node.as_list().and_then(|items| items.get(index)),
            Err(_) => node.get(step),
        };
        match inner {
            Some(inner) => node = inner,
            None => break,
        }
    }
    (!std::ptr::eq(node, record)).then_some(node)
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
