//! What regenerates one dataset.

use std::sync::Arc;

use mts_core::transforms::{Transform, Transforms};
use mts_core::{
    AnyModel, Canonical, Dtype, Entry, Facts, Finite, Head, Instants, Intervention, Problems, Registry,
    Rounded, Series, Shape, SlabSource, Streams, TimeAxis, ZscoreAxis, Zscored,
};
use mts_hash::{Int, Map, SeedSequence, Value, hash8};
use mts_rng::ENGINE;

use super::interventions;
use super::split::Split;
use crate::headed::Headed;
use crate::stoppable::Stoppable;
use crate::{Observer, json};

/// Everything that the values of a dataset follow from.
#[derive(Clone)]
pub(super) struct Recipe {
    /// What names the dataset.
    pub(super) model: Arc<dyn AnyModel>,
    /// The same with the steps that the transforms need.
    pub(super) longer: Arc<dyn AnyModel>,
    pub(super) entropy: Int,
    pub(super) spawn_key: Vec<u32>,
    pub(super) streams: Streams,
    /// Before all transforms.
    pub(super) zscore: Option<ZscoreAxis>,
    pub(super) transforms: Transforms,
    /// In steps of the dataset.
    pub(super) interventions: Vec<Intervention>,
    /// Whether the twin belongs to the data, which nothing has spoilt.
    pub(super) clean: bool,
    pub(super) split: Option<Split>,
    pub(super) dtype: Dtype,
    /// Dates, where the document gives them.
    pub(super) dates: Option<Instants>,
}

impl Recipe {
    /// The name of the data: a hash of the whole recipe.
    pub(super) fn data_id(&self) -> String {
        hash8(&self.to_map().into())
    }

    pub(super) fn to_map(&self) -> Map {
        let transform = |axis: ZscoreAxis| {
            let map: Map = [("name", "zscore"), ("axis", axis.name())].into_iter().collect();
            Value::Map(map)
        };
        let mut map = Map::new();
        map.insert("engine", ENGINE);
        map.insert("kind", "grid");
        map.insert("params", self.model.params().clone());
        map.insert("entropy", self.entropy.clone());
        map.insert("spawn_key", self.spawn_key.clone());
        map.insert("streams", self.streams.name());
        let transforms =
            self.zscore.into_iter().map(transform).chain(self.transforms.list().iter().map(to_value));
        map.insert("transforms", Value::List(transforms.collect()));
        // What was added later is named only where it is not as it always was: ids stay.
        if self.dtype != Dtype::default() {
            map.insert("dtype", self.dtype.name());
        }
        if !self.interventions.is_empty() {
            map.insert("do", interventions::to_value(&self.interventions));
        }
        if self.clean {
            map.insert("clean", true);
        }
        if let Some(split) = &self.split {
            map.insert("split", split.to_map());
        }
        if let Some(dates) = self.dates {
            let dates: Map = [("start", dates.start()), ("freq", dates.frequency())].into_iter().collect();
            map.insert("time", dates);
        }
        map
    }

    /// Reads a recipe back; `registry` knows its model.
    pub(super) fn read(recipe: &Value, registry: &Registry) -> Result<Self, String> {
        let key = |name: &str| recipe.get(name).ok_or_else(|| format!("the recipe has no {name:?}"));
        let engine = key("engine")?;
        if *engine != Value::from(ENGINE) {
            let found = mts_hash::canonical_json(engine);
            return Err(format!("the recipe is for engine {found}, this program has engine {ENGINE}"));
        }
        let params = key("params")?.as_map().ok_or("the recipe's params are no mapping")?;
        let streams = key("streams")?.as_str().and_then(|name| name.parse().ok());
        let entropy = key("entropy")?.as_int().filter(|int| !int.is_negative());
        let words =
            key("spawn_key")?.as_list().map(|words| words.iter().map(word).collect::<Option<Vec<u32>>>());
        let (entry, own, shape) = own_params(params, registry)?;
        let build = |shape| entry.build(own.clone(), shape).map_err(|problems| problems.to_string());
        let (zscore, transforms) = transforms(key("transforms")?, shape)?;
        let (model, longer) = (build(shape)?, build(transforms.source_shape())?);
        let interventions = recipe.get("do").map(|value| interventions::from_value(value, shape));
        let split = recipe.get("split").map(|value| Split::read(value, shape.steps()));
        let dtype = recipe.get("dtype").map(|name| name.as_str().and_then(|name| name.parse().ok()));
        let steps = shape.steps();
        Ok(Recipe {
            model,
            longer,
            entropy: entropy.ok_or("the recipe's entropy is no non-negative integer")?.clone(),
            spawn_key: words.flatten().ok_or("the recipe's spawn_key is no list of 32-bit words")?,
            streams: streams.ok_or("the recipe's streams are not known")?,
            zscore,
            transforms,
            interventions: interventions
                .unwrap_or(Some(Vec::new()))
                .ok_or("the recipe's do cannot be read")?,
            clean: recipe.get("clean") == Some(&Value::Bool(true)),
            split: split.map(|split| split.ok_or("the recipe's split cannot be read")).transpose()?,
            dtype: dtype.unwrap_or(Some(Dtype::default())).ok_or("the recipe's dtype is not known")?,
            dates: recipe.get("time").map(|time| dates(time, steps)).transpose()?,
        })
    }

    /// The values, with `attributes` after the model's own; checked to be finite unless `nonfinite` ones
    /// are kept.
    pub(super) fn source<'a>(
        &self,
        attributes: &Map,
        nonfinite: bool,
        observer: &'a dyn Observer,
    ) -> Box<dyn SlabSource + 'a> {
        let (values, seed) = self.values(attributes, nonfinite, self.interventions.clone(), observer);
        let spoilt = match nonfinite {
            true => self.transforms.apply(values, &seed),
            false => self.transforms.apply_checked(values, &seed),
        };
        self.finished(spoilt, attributes, nonfinite, self.transforms.may_be_missing())
    }

    /// The same without what spoils it.
    pub(super) fn clean_source<'a>(
        &self,
        attributes: &Map,
        nonfinite: bool,
        observer: &'a dyn Observer,
    ) -> Box<dyn SlabSource + 'a> {
        let (values, _) = self.values(attributes, nonfinite, Vec::new(), observer);
        let clean = checked(self.transforms.apply_clean(values), nonfinite);
        self.finished(clean, attributes, nonfinite, false)
    }

    /// The values that transforms begin with, and the seed of the task.
    fn values<'a>(
        &self,
        attributes: &Map,
        nonfinite: bool,
        interventions: Vec<Intervention>,
        observer: &'a dyn Observer,
    ) -> (Box<dyn SlabSource + 'a>, SeedSequence) {
        let seed = SeedSequence::with_spawn_key(&self.entropy, &self.spawn_key);
        let mut series = Series::new(self.longer.clone(), seed.clone(), self.streams);
        if rayon::current_num_threads() > 1 {
            series = series.parallel();
        }
        let step = |step| self.transforms.source_step(step);
        let held = |of: Intervention| Intervention { steps: step(of.steps.start)..step(of.steps.end), ..of };
        let series = series
            .with_attributes(attributes.iter().map(|(name, value)| (name, value.clone())))
            .with_interventions(interventions.into_iter().map(held).collect());
        let mut values = checked(Box::new(Stoppable { source: series, observer }), nonfinite);
        if let Some(axis) = self.zscore {
            // Sums of the hugest values overflow: what comes out is checked again.
            values = checked(Box::new(Zscored::new(values, axis)), nonfinite);
        }
        (values, seed)
    }

    /// What transforms made, as it goes into files; `missing` values stay.
    fn finished<'a>(
        &self,
        mut values: Box<dyn SlabSource + 'a>,
        attributes: &Map,
        nonfinite: bool,
        missing: bool,
    ) -> Box<dyn SlabSource + 'a> {
        let head =
            Head { dtype: values.head().dtype, truth: values.head().truth.clone(), ..self.head(attributes) };
        values = Box::new(Headed { source: values, head });
        if self.dtype == Dtype::F32 {
            // As do values beyond single precision.
            values = Box::new(Rounded::new(values, self.dtype));
            values = match (nonfinite, missing) {
                (true, _) => values,
                (false, true) => Box::new(Finite::or_missing(values)),
                (false, false) => Box::new(Finite::new(values)),
            };
        }
        if nonfinite || missing { Box::new(Canonical::new(values)) } else { values }
    }

    /// What is known before anything is drawn, with `attributes` after the model's own.
    pub(super) fn head(&self, attributes: &Map) -> Head {
        let mut all = self.model.facts().attributes;
        let time = self.time();
        if let (TimeAxis::Seconds { dt }, true) = (time, all.get("dt").is_some()) {
            all.insert("dt", dt);
        }
        for (name, value) in attributes.iter() {
            all.insert(name, value.clone());
        }
        Head { shape: self.model.shape(), time, dtype: self.dtype, attributes: all, truth: None }
    }

    /// What the steps stand for.
    pub(super) fn time(&self) -> TimeAxis {
        let own = || self.transforms.time(self.model.facts().time);
        self.dates.map_or_else(own, TimeAxis::Instants)
    }

    /// What is known of the values.
    pub(super) fn facts(&self) -> Facts {
        let facts = Facts { time: self.time(), ..self.longer.facts() };
        if self.zscore.is_none() && self.transforms.is_empty() {
            return facts;
        }
        // Other values have another law, and are no angles.
        Facts { laws: Vec::new(), angles: false, ..facts }
    }

    /// Whether anything can happen along time that labels tell.
    pub(super) fn is_labelled(&self) -> bool {
        self.longer.facts().labelled || self.transforms.is_labelled() || !self.interventions.is_empty()
    }
}

fn checked<'a>(source: Box<dyn SlabSource + 'a>, nonfinite: bool) -> Box<dyn SlabSource + 'a> {
    if nonfinite { source } else { Box::new(Finite::new(source)) }
}

/// A transform as recipes have it.
fn to_value(transform: &Transform) -> Value {
    json::to_value(&serde_json::to_value(transform).expect("a transform is a mapping of names"))
}

fn word(value: &Value) -> Option<u32> {
    u32::try_from(value.as_int()?.to_u64()?).ok()
}

fn dates(time: &Value, steps: usize) -> Result<Instants, String> {
    let text = |key: &str| time.get(key).and_then(Value::as_str);
    let (Some(start), Some(freq)) = (text("start"), text("freq")) else {
        return Err("the recipe's time has no start and freq".to_owned());
    };
    Instants::new(start, freq, steps).map_err(|error| format!("the recipe's time: {error}"))
}

/// How values are standardised before all transforms, and these, of data of a shape.
fn transforms(list: &Value, shape: Shape) -> Result<(Option<ZscoreAxis>, Transforms), String> {
    let unknown = || "the recipe's transforms are not known".to_owned();
    let mut list = list.as_list().ok_or_else(unknown)?;
    let mut zscore = None;
    if let Some((first, others)) = list.split_first()
        && first.get("name") == Some(&"zscore".into())
    {
        let axis = first.get("axis").and_then(Value::as_str).and_then(|name| name.parse().ok());
        zscore = Some(axis.ok_or_else(unknown)?);
        list = others;
    }
    let read = |value: &Value| serde_json::from_value(json::from_value(value)).map_err(|_| unknown());
    let list = list.iter().map(read).collect::<Result<Vec<Transform>, _>>()?;
    let mut problems = Problems::default();
    let transforms = Transforms::new(list, shape, &mut problems);
    transforms.map(|transforms| (zscore, transforms)).ok_or_else(|| format!("the recipe: {problems}"))
}

/// The model that a full parameter dump is of, the model's own parameters, and the shape.
fn own_params<'a>(
    params: &Map,
    registry: &'a Registry,
) -> Result<(&'a Entry, serde_json::Value, Shape), String> {
    let name = params.get("model").and_then(Value::as_str).ok_or("the recipe names no model")?;
    let entry = registry.get(name).ok_or_else(|| format!("this program has no model {name:?}"))?;
    let size = |key: &str| {
        let value = params.get(key).and_then(Value::as_int).and_then(Int::to_u64);
        value
            .and_then(|value| usize::try_from(value).ok())
            .ok_or_else(|| format!("the recipe has no size {key:?}"))
    };
    let shape =
        Shape::new(size("M")?, size("T")?, size("n_realizations")?).map_err(|error| error.to_string())?;
    let own = params.iter().filter(|(key, _)| !["M", "T", "n_realizations", "model"].contains(key));
    let own = own.map(|(key, value)| (key.to_owned(), json::from_value(value))).collect();
    Ok((entry, serde_json::Value::Object(own), shape))
}
