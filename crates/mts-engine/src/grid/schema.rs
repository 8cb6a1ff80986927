//! The JSON Schemas of grid documents and their records.

use mts_config::grid::Takes;
use mts_core::transforms::Transform;
use mts_core::{Dtype, Entry, Registry, Streams, ZscoreAxis};
use mts_io::{Compression, Form, Format};
use schemars::generate::SchemaSettings;
use serde_json::{Map, Value as Json, json};

use super::{interventions, split};

/// Keys of a record that say how to run a model, not which one.
pub(super) const RUNTIME_KEYS: [&str; 14] = [
    "seed",
    "n_realizations",
    "zscore",
    "zscore_axis",
    "transforms",
    "clean",
    "split",
    "do",
    "streams",
    "dtype",
    "time",
    "csv",
    "save",
    "outdir",
];

/// Keys of the root alone.
pub(super) const ROOT_KEYS: [&str; 9] =
    ["kind", "version", "configs", "seeding", "format", "form", "compression", "pack", "memory"];

/// Ways to seed tasks.
pub(super) const SEEDINGS: [&str; 2] = ["by_index", "by_id"];

/// The versions of the document format that are read.
const VERSION: u32 = 1;

fn runtime_properties() -> Map<String, Json> {
    let axes: Vec<Json> = ZscoreAxis::NAMES.into_iter().map(Json::from).chain([Json::Null]).collect();
    let properties = json!({
        "seed": { "type": "integer", "minimum": 0, "description": "Root of all randomness: a non-negative integer of any size. Drawn, printed and recorded where not given." },
        "n_realizations": { "type": "integer", "format": "uint", "minimum": 1, "description": "R: the number of realizations." },
        "zscore": { "type": "boolean", "description": "Standardise values: mean 0, standard deviation 1." },
        "zscore_axis": { "enum": axes, "description": "Along which axis to standardise; time by default." },
        "streams": { "enum": Streams::NAMES, "description": "One random stream for all realizations, or one each." },
        "dtype": { "enum": Dtype::NAMES, "description": "The precision of values in files: computed with f64, rounded at the end." },
        "time": {
            "type": "object",
            "description": "Dates for the steps, on a calendar without a zone, as pandas.date_range has them.",
            "properties": {
                "start": { "type": "string", "description": "The first: 2024-01-01 or 2024-01-01T06:30:00." },
                "freq": { "type": "string", "description": "The distance: us, ms, s, min, h, D, B, W, W-MON … W-SUN, MS, ME, QS, QE, YS or YE, with a count before it if wanted." },
            },
            "required": ["start", "freq"],
            "additionalProperties": false,
        },
        "clean": { "type": "boolean", "description": "Also write the values as they are without what spoils them: noise, anomalies, drift, missing values, interventions." },
        "csv": { "type": "boolean", "description": "Write a CSV file too." },
        "save": { "type": "boolean", "description": "Write files; otherwise only statistics are shown." },
        "outdir": { "type": "string", "minLength": 1, "description": "The folder to write below." },
    });
    let Json::Object(mut properties) = properties else { return Map::new() };
    properties.insert("transforms".to_owned(), transforms());
    properties.insert("split".to_owned(), split::schema());
    properties.insert("do".to_owned(), interventions::schema());
    properties
}

/// The schema of a list of transforms, without definitions beside it: many schemas have it in them.
pub(super) fn transforms() -> Json {
    let settings = SchemaSettings::draft2020_12().with(|settings| settings.inline_subschemas = true);
    let item = settings.into_generator().into_root_schema_for::<Transform>();
    json!({
        "type": "array",
        "x-mts-array": true,
        "description": "What is done to the values of the model, in this order: [{burn_in: 200}, {anomalies: {kind: spike, rate: 0.01, size: 5}}].",
        "items": item,
    })
}

/// The schema of the root of a document, records aside.
pub(super) fn root() -> Json {
    let mut properties = runtime_properties();
    // Channels and steps are those of one record.
    properties.remove("do");
    let formats: Vec<&str> = Format::NAMES.to_vec();
    let own = json!({
        "kind": { "enum": ["grid"] },
        "version": { "enum": [VERSION], "description": "The version of the document format." },
        "configs": { "type": ["array", "object"], "description": "Records: each names a model and its parameters; a list under a parameter is an axis of the grid." },
        "seeding": { "enum": SEEDINGS, "description": "Seed tasks by their place in the expanded document, or by their identity." },
        "format": {
            "description": "File formats.",
            "anyOf": [{ "enum": formats }, { "type": "array", "minItems": 1, "items": { "enum": formats } }],
        },
        "form": { "enum": Form::NAMES, "description": "How tables hold datasets: a row per value, a column per channel, or a series per channel and realization." },
        "compression": { "enum": Compression::NAMES, "description": "How Parquet files are compressed; the data are the same." },
        "pack": { "type": "integer", "format": "uint", "minimum": 1, "description": "So many datasets of a model in one Parquet file." },
        "memory": { "type": ["string", "integer"], "minimum": 1, "description": "Memory that a run may take: 500MB, 2GiB, or bytes." },
    });
    if let Json::Object(own) = own {
        properties.extend(own);
    }
    json!({ "type": "object", "properties": properties, "additionalProperties": false })
}

/// The schema of an expanded record of one model.
pub(super) fn record(entry: &Entry) -> Json {
    let mut properties = runtime_properties();
    let shape = json!({
        "model": { "type": "string" },
        "M": { "type": "integer", "format": "uint", "minimum": 1, "description": "M: the number of channels.", "default": entry.shape().channels() },
        "T": { "type": "integer", "format": "uint", "minimum": 1, "description": "T: the number of time steps.", "default": entry.shape().steps() },
    });
    if let Json::Object(shape) = shape {
        properties.extend(shape);
    }
    if let Some(own) = entry.schema().get("properties").and_then(Json::as_object) {
        properties.extend(own.clone());
    }
    let mut schema = json!({
        "title": entry.name(),
        "description": entry.help(),
        "type": "object",
        "properties": properties,
        "required": ["model"],
        "additionalProperties": false,
    });
    if let Some(definitions) = entry.schema().get("$defs") {
        schema["$defs"] = definitions.clone();
    }
    schema
}

/// The schema of whole documents, for editors: records as they are written, lists included.
pub(super) fn document(registry: &Registry) -> Json {
    let mut definitions = Map::new();
    let mut records = Vec::new();
    for entry in registry.iter() {
        let mut schema = written(&record(entry));
        schema["properties"]["model"] = json!({ "const": entry.name() });
        rename_definitions(&mut schema, entry.name());
        if let Some(Json::Object(inner)) = schema.as_object_mut().and_then(|schema| schema.remove("$defs")) {
            definitions
                .extend(inner.into_iter().map(|(name, inner)| (format!("{}.{name}", entry.name()), inner)));
        }
        records.push(schema);
    }
    let mut root = root();
    root["properties"]["include"] = json!({ "type": ["string", "array"], "items": { "type": "string" } });
    let one_or_more = json!({ "anyOf": [{ "$ref": "#/$defs/record" }, { "type": "array", "items": { "$ref": "#/$defs/record" } }] });
    root["properties"]["configs"] = one_or_more;
    definitions.insert("record".to_owned(), json!({ "anyOf": records }));
    // A single record at the root has the root's keys beside its own.
    let own = root["properties"].as_object().cloned().unwrap_or_default();
    let own = own
        .into_iter()
        .filter(|(key, _)| key == "include" || (ROOT_KEYS.contains(&key.as_str()) && key != "configs"));
    let own: Map<String, Json> = own.collect();
    let mut single = records.clone();
    for schema in &mut single {
        if let Some(properties) = schema["properties"].as_object_mut() {
            properties.extend(own.clone());
        }
    }
    json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "mts grid document",
        "anyOf": [root, { "anyOf": single }, { "type": "array", "items": { "$ref": "#/$defs/record" } }],
        "$defs": definitions,
    })
}

/// Makes references to definitions name the model: two models may have definitions of one name.
fn rename_definitions(schema: &mut Json, model: &str) {
    match schema {
        Json::Object(map) => {
            for (key, value) in map.iter_mut() {
                match value {
                    Json::String(target) if key == "$ref" => {
                        *target = target.replace("#/$defs/", &format!("#/$defs/{model}."));
                    }
                    other => rename_definitions(other, model),
                }
            }
        }
        Json::Array(items) => items.iter_mut().for_each(|item| rename_definitions(item, model)),
        _ => {}
    }
}

/// A record's schema where every parameter may also be an axis.
fn written(record: &Json) -> Json {
    let mut schema = record.clone();
    let properties = schema["properties"].as_object_mut();
    for (name, property) in properties.into_iter().flatten() {
        if name == "model" {
            continue;
        }
        let value = property.take();
        let mut forms = vec![value.clone()];
        if takes(&value) != Takes::Array {
            forms.push(json!({ "type": "array", "minItems": 1, "items": value.clone() }));
        }
        let axis = json!({ "type": "object", "properties": { "axis": { "type": "array", "minItems": 1 } }, "required": ["axis"], "additionalProperties": false });
        let file = json!({ "type": "object", "properties": { "file": { "type": "string", "description": "A file of numbers, a row per line, relative to the document." } }, "required": ["file"], "additionalProperties": false });
        let protected = json!({ "type": "object", "properties": { "value": value }, "required": ["value"], "additionalProperties": false });
        if takes(&forms[0]) != Takes::Scalar {
            forms.push(file);
        }
        forms.extend([axis, protected]);
        *property = json!({ "anyOf": forms });
    }
    schema
}

/// What a parameter takes, by its schema.
pub(super) fn takes(property: &Json) -> Takes {
    if property.get("x-mts-array").is_some() {
        return Takes::Array;
    }
    let branches = ["anyOf", "oneOf"].iter().filter_map(|key| property.get(key)?.as_array()).flatten();
    if let Some(marked) = branches.clone().map(takes).find(|takes| *takes != Takes::Scalar) {
        return marked;
    }
    let types: Vec<&str> = match property.get("type") {
        Some(Json::String(one)) => vec![one],
        Some(Json::Array(several)) => several.iter().filter_map(Json::as_str).collect(),
        _ => Vec::new(),
    };
    let scalar = types.iter().any(|name| !matches!(*name, "array" | "null"));
    match (types.contains(&"array"), scalar) {
        (false, _) => Takes::Scalar,
        (true, true) => Takes::Either,
        (true, false) => Takes::Array,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parameters_take_what_the_reference_takes() {
        const OF_THE_REFERENCE: [&str; 10] = [
            "abm",
            "ar",
            "brownian",
            "cauchy_noise",
            "cml",
            "gbm",
            "kuramoto",
            "noise_gaussian",
            "ou",
            "var",
        ];
        let registry = mts_models::registry();
        let mut arrays = Vec::new();
        let mut either = Vec::new();
        for entry in registry.iter().filter(|entry| OF_THE_REFERENCE.contains(&entry.name())) {
            let schema = record(entry);
            for (name, property) in schema["properties"].as_object().expect("an object") {
                match takes(property) {
                    Takes::Array => arrays.push(name.clone()),
                    Takes::Either => either.push(name.clone()),
                    Takes::Scalar => {}
                }
            }
        }
        arrays.sort();
        arrays.dedup();
        either.sort();
        either.dedup();
        assert_eq!(arrays, ["A", "Phi", "Sigma", "block_sizes", "do", "phi", "theta0", "transforms", "x0"]);
        assert_eq!(either, ["S0", "X0", "mu", "sigma", "theta"]);
    }
}
