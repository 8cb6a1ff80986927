//! What describes the arrays, as text.

use mts_core::TimeAxis;
use mts_hash::{Map, Value};

use super::{TIMES, chunk_steps};
use crate::Contents;
use crate::formats::arrays::{self, CALENDAR, CHANNEL, DATA, DIMENSIONS, REALIZATION, TIME, quoted};

/// The unit of dates.
const MICROSECONDS: &str = "microseconds since 1970-01-01 00:00:00";

/// An array, described.
struct Array {
    name: &'static str,
    dimensions: &'static [&'static str],
    shape: Vec<usize>,
    chunk: Vec<usize>,
    data_type: &'static str,
    fill: &'static str,
    attributes: Map,
}

/// The files that describe group and arrays: their names below the folder, and their content.
pub(super) fn files(contents: &Contents) -> Vec<(String, String)> {
    let arrays = arrays(contents);
    let inline: Vec<String> =
        arrays.iter().map(|array| format!("{}:{}", quoted(array.name), array.text())).collect();
    let attributes = contents.attributes();
    let attributes: Map = attributes.iter().map(|(key, value)| (key, finite(value))).collect();
    // Readers that are far away fetch one file instead of five.
    let group = format!(
        r#"{{"zarr_format":3,"node_type":"group","attributes":{},"consolidated_metadata":{{"kind":"inline","must_understand":false,"metadata":{{{}}}}}}}"#,
        arrays::object(&attributes),
        inline.join(","),
    );
    let mut files = vec![(super::METADATA.to_owned(), group)];
    files.extend(arrays.iter().map(|array| (format!("{}/{}", array.name, super::METADATA), array.text())));
    files
}

fn arrays(contents: &Contents) -> [Array; 4] {
    let head = contents.head;
    let (m, t, r) = (head.shape.channels(), head.shape.steps(), head.shape.realizations());
    let (data_type, attributes): (_, &[_]) = match head.time {
        TimeAxis::Steps => ("int64", &[]),
        TimeAxis::Seconds { .. } => ("float64", &[("units", "s")]),
        TimeAxis::Instants(_) => ("int64", &[("units", MICROSECONDS), ("calendar", CALENDAR)]),
    };
    let line =
        |name: &'static str, dimensions, length, chunk, data_type, attributes: &[(&str, &str)]| Array {
            name,
            dimensions,
            shape: vec![length],
            chunk: vec![chunk],
            data_type,
            fill: "0",
            attributes: attributes.iter().copied().collect(),
        };
    [
        line(CHANNEL, &[CHANNEL], m, m, "int64", &[]),
        Array {
            name: DATA,
            dimensions: &DIMENSIONS,
            shape: vec![t, m, r],
            chunk: vec![chunk_steps(head.shape), m, r],
            data_type: match head.dtype {
                mts_core::Dtype::F64 => "float64",
                mts_core::Dtype::F32 => "float32",
            },
            // A chunk that is lost does not become a value.
            fill: "\"NaN\"",
            attributes: Map::new(),
        },
        line(REALIZATION, &[REALIZATION], r, r, "int64", &[]),
        line(TIME, &[TIME], t, TIMES.min(t), data_type, attributes),
    ]
}

impl Array {
    fn text(&self) -> String {
        let sizes = |sizes: &[usize]| sizes.iter().map(ToString::to_string).collect::<Vec<_>>().join(",");
        let dimensions: Vec<String> = self.dimensions.iter().map(|name| quoted(name)).collect();
        format!(
            concat!(
                r#"{{"zarr_format":3,"node_type":"array","shape":[{}],"data_type":"{}","#,
                r#""chunk_grid":{{"name":"regular","configuration":{{"chunk_shape":[{}]}}}},"#,
                r#""chunk_key_encoding":{{"name":"default","configuration":{{"separator":"/"}}}},"#,
                r#""fill_value":{},"codecs":[{{"name":"bytes","configuration":{{"endian":"little"}}}}],"#,
                r#""attributes":{},"dimension_names":[{}],"storage_transformers":[]}}"#,
            ),
            sizes(&self.shape),
            self.data_type,
            sizes(&self.chunk),
            self.fill,
            arrays::object(&self.attributes),
            dimensions.join(","),
        )
    }
}

/// Words for the floats that JSON does not know, which other readers would stop at.
fn finite(value: &Value) -> Value {
    match value {
        Value::Float(float) if float.is_nan() => "NaN".into(),
        Value::Float(float) if float.is_infinite() => {
            if *float > 0.0 { "Infinity" } else { "-Infinity" }.into()
        }
        Value::List(items) => Value::List(items.iter().map(finite).collect()),
        Value::Array(array) => finite(&array.to_value()),
        Value::Map(map) => map.iter().map(|(key, value)| (key, finite(value))).collect::<Map>().into(),
        value => value.clone(),
    }
}

/// The value that [`finite`] made `value` of.
pub(super) fn infinite(value: &Value) -> Value {
    match value {
        Value::Str(text) => match text.as_str() {
            "NaN" => f64::NAN.into(),
            "Infinity" => f64::INFINITY.into(),
            "-Infinity" => f64::NEG_INFINITY.into(),
            _ => value.clone(),
        },
        Value::List(items) => Value::List(items.iter().map(infinite).collect()),
        Value::Map(map) => map.iter().map(|(key, value)| (key, infinite(value))).collect::<Map>().into(),
        value => value.clone(),
    }
}
