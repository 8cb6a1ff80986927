//! What regenerates one dataset.

use std::sync::Arc;

use mts_core::{
    AnyModel, Canonical, Dtype, Finite, Instants, Registry, Rounded, Series, Shape, SlabSource, Streams,
    TimeAxis, ZscoreAxis, Zscored,
};
use mts_hash::{Int, Map, SeedSequence, Value, hash8};
use mts_rng::ENGINE;

use crate::json;

/// Everything that the values of a dataset follow from.
#[derive(Clone)]
pub(super) struct Recipe {
    pub(super) model: Arc<dyn AnyModel>,
    pub(super) entropy: Int,
    pub(super) spawn_key: Vec<u32>,
    pub(super) streams: Streams,
    pub(super) zscore: Option<ZscoreAxis>,
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
        map.insert("transforms", Value::List(self.zscore.into_iter().map(transform).collect()));
        // What was added later is named only where it is not as it always was: ids stay.
        if self.dtype != Dtype::default() {
            map.insert("dtype", self.dtype.name());
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
        let model = model(params, registry)?;
        let dtype = recipe.get("dtype").map(|name| name.as_str().and_then(|name| name.parse().ok()));
        let steps = model.shape().steps();
        Ok(Recipe {
            model,
            entropy: entropy.ok_or("the recipe's entropy is no non-negative integer")?.clone(),
            spawn_key: words.flatten().ok_or("the recipe's spawn_key is no list of 32-bit words")?,
            streams: streams.ok_or("the recipe's streams are not known")?,
            zscore: transforms(key("transforms")?)?,
            dtype: dtype.unwrap_or(Some(Dtype::default())).ok_or("the recipe's dtype is not known")?,
            dates: recipe.get("time").map(|time| dates(time, steps)).transpose()?,
        })
    }

    /// The values, with `attributes` after the model's own; checked to be finite unless `nonfinite` ones
    /// are kept.
    pub(super) fn source(&self, attributes: &Map, nonfinite: bool) -> Box<dyn SlabSource> {
        let seed = SeedSequence::with_spawn_key(&self.entropy, &self.spawn_key);
        let mut series = Series::new(self.model.clone(), seed, self.streams);
        if rayon::current_num_threads() > 1 {
            series = series.parallel();
        }
        let series = series.with_attributes(attributes.iter().map(|(name, value)| (name, value.clone())));
        let checked = |source: Box<dyn SlabSource>| -> Box<dyn SlabSource> {
            if nonfinite { source } else { Box::new(Finite::new(source)) }
        };
        let mut values = checked(Box::new(series.with_time(self.time())));
        if let Some(axis) = self.zscore {
            // Sums of the hugest values overflow: what comes out is checked again.
            values = checked(Box::new(Zscored::new(values, axis)));
        }
        if self.dtype == Dtype::F32 {
            // As do values beyond single precision.
            values = checked(Box::new(Rounded::new(values, self.dtype)));
        }
        if nonfinite { Box::new(Canonical::new(values)) } else { values }
    }

    /// What the steps stand for.
    pub(super) fn time(&self) -> TimeAxis {
        self.dates.map_or_else(|| self.model.facts().time, TimeAxis::Instants)
    }
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

fn transforms(list: &Value) -> Result<Option<ZscoreAxis>, String> {
    let known = "the recipe's transforms are not known";
    match list.as_list() {
        Some([]) => Ok(None),
        Some([one]) if one.get("name") == Some(&"zscore".into()) => {
            let axis = one.get("axis").and_then(Value::as_str).and_then(|name| name.parse().ok());
            axis.map(Some).ok_or_else(|| known.to_owned())
        }
        _ => Err(known.to_owned()),
    }
}

/// Builds the model of a full parameter dump.
fn model(params: &Map, registry: &Registry) -> Result<Arc<dyn AnyModel>, String> {
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
    entry.build(serde_json::Value::Object(own), shape).map_err(|problems| problems.to_string())
}
