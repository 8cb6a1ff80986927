//! What a file must hold, from the library rather than from a file.

use mts_core::{Dataset, Dtype, Instants, Rounded, Series, Shape, Streams, TimeAxis};
use mts_hash::{Map, SeedSequence, Value};

/// The entry for `expected.json`, and the values that it names, of a dataset that `generate --json` told
/// of.
pub fn describe(told: &Value, values: &str) -> (Map, Vec<u8>) {
    let text = |key: &str| told.get(key).and_then(Value::as_str).unwrap();
    let size = |key: &str| {
        usize::try_from(told.get(key).and_then(Value::as_int).unwrap().to_u64().unwrap()).unwrap()
    };
    let (channels, steps, realizations) = (size("channels"), size("steps"), size("realizations"));
    let registry = mts_models::registry();
    let entry = registry.get(text("model")).unwrap();
    let mut params: serde_json::Value =
        serde_json::from_str(&mts_hash::canonical_json(told.get("params").unwrap())).unwrap();
    for name in ["M", "T", "n_realizations", "model"] {
        params.as_object_mut().unwrap().remove(name);
    }
    let model = entry.build(params, Shape::of(channels, steps, realizations)).unwrap();
    let words = told.get("spawn_key").and_then(Value::as_list).unwrap();
    let words: Vec<u32> = words.iter().map(|word| word.as_int().unwrap().to_u64().unwrap() as u32).collect();
    let entropy = told.get("entropy").and_then(Value::as_int).unwrap();
    let seed = SeedSequence::with_spawn_key(entropy, &words);
    let axis = match told.get("start").and_then(Value::as_str) {
        Some(start) => TimeAxis::Instants(Instants::new(start, text("freq"), steps).unwrap()),
        None => model.facts().time,
    };
    let dtype: Dtype = text("dtype").parse().unwrap();
    let series = Series::new(model, seed, Streams::Shared).with_time(axis);
    let dataset = Dataset::collect(&mut Rounded::new(series, dtype)).unwrap();
    let coordinates = (0..steps).map(|step| match axis {
        TimeAxis::Steps => Value::from(step),
        TimeAxis::Seconds { .. } => axis.at(step).as_f64().into(),
        TimeAxis::Instants(dates) => dates.text(step).into(),
    });
    let mut attributes = dataset.head().attributes.clone();
    for key in ["config_id", "params"] {
        attributes.insert(key, told.get(key).unwrap().clone());
    }
    let kind = match axis {
        TimeAxis::Steps => "steps",
        TimeAxis::Seconds { .. } => "seconds",
        TimeAxis::Instants(_) => "dates",
    };
    let mut entry = Map::new();
    for key in ["config_id", "path", "form", "dtype", "steps", "channels", "realizations"] {
        entry.insert(key, told.get(key).unwrap().clone());
    }
    entry.insert("time", kind);
    entry.insert("coordinates", Value::List(coordinates.collect()));
    entry.insert("attributes", attributes);
    entry.insert("values", values);
    (entry, dataset.values().iter().flat_map(|value| value.to_le_bytes()).collect())
}
