//! Channels that a record holds at values: its key `do`.

use mts_config::{Node, Problem, path};
use mts_core::{Channels, Intervention, Shape};
use mts_hash::{Map, Value};
use serde_json::{Value as Json, json};

use crate::json::number;

pub(super) fn schema() -> Json {
    json!({
        "type": "array",
        "x-mts-array": true,
        "description": "Channels that are held at values for some steps, whatever their causes: [{channel: 2, at: 500, until: 520, value: 1.5}]. The draws stay, so that the difference to the same data without is the effect.",
        "items": {
            "type": "object",
            "properties": {
                "channel": { "type": ["integer", "string"], "minimum": 0, "description": "The channel, by number or name." },
                "at": { "type": "integer", "format": "uint", "minimum": 0, "description": "The first step." },
                "until": { "type": "integer", "format": "uint", "minimum": 1, "description": "The step behind the last one; one step where not given." },
                "value": { "type": "number", "description": "What it is held at." },
            },
            "required": ["channel", "at", "value"],
            "additionalProperties": false,
        },
    })
}

/// What a node says that its schema has passed, of data of a shape.
pub(super) fn read(
    node: &Node,
    at: &str,
    channels: Channels,
    shape: Shape,
) -> Result<Vec<Intervention>, Vec<Problem>> {
    let names = channels.names(shape.channels());
    let (mut all, mut problems) = (Vec::new(), Vec::new());
    for (index, item) in node.as_list().unwrap_or_default().iter().enumerate() {
        let here = path::item(at, index);
        match one(item, &here, names.as_deref(), shape) {
            Ok(intervention) => all.push(intervention),
            Err(problem) => problems.push(problem),
        }
    }
    if problems.is_empty() { Ok(all) } else { Err(problems) }
}

fn one(item: &Node, here: &str, names: Option<&[String]>, shape: Shape) -> Result<Intervention, Problem> {
    let wrong = |key: &str, message: String| {
        let position = item.get(key).map_or(&item.position, |node| &node.position);
        Problem::at(position, path::child(here, key), message)
    };
    let size = |key: &str| item.get(key).and_then(super::asked::size);
    let channel = match item.get("channel").and_then(Node::as_str) {
        Some(name) => {
            let known = names.unwrap_or_default();
            known.iter().position(|known| known == name).ok_or_else(|| match names {
                Some(names) => {
                    wrong("channel", format!("no channel {name:?}: there are {}", names.join(", ")))
                }
                None => wrong("channel", format!("channels have numbers here, found {name:?}")),
            })?
        }
        None => size("channel").unwrap_or(usize::MAX),
    };
    if channel >= shape.channels() {
        let message = format!("must be below M = {}, found {channel}", shape.channels());
        return Err(wrong("channel", message));
    }
    let start = size("at").unwrap_or(usize::MAX);
    let end = size("until").unwrap_or(start.saturating_add(1));
    if start >= end {
        return Err(wrong("until", format!("must be above at = {start}, found {end}")));
    }
    if end > shape.steps() {
        let key = if item.get("until").is_some() { "until" } else { "at" };
        return Err(wrong(key, format!("lies beyond the end: T = {}", shape.steps())));
    }
    let value = item.get("value").and_then(number).filter(|value| value.is_finite());
    let value = value.ok_or_else(|| wrong("value", "must be finite".to_owned()))?;
    Ok(Intervention { channel, steps: start..end, value })
}

/// As recipes have them.
pub(super) fn to_value(all: &[Intervention]) -> Value {
    let one = |of: &Intervention| {
        let mut map = Map::new();
        map.insert("channel", of.channel);
        map.insert("at", of.steps.start);
        map.insert("until", of.steps.end);
        map.insert("value", of.value);
        Value::Map(map)
    };
    Value::List(all.iter().map(one).collect())
}

/// What [`to_value`] wrote, of data of a shape.
pub(super) fn from_value(value: &Value, shape: Shape) -> Option<Vec<Intervention>> {
    let one = |value: &Value| {
        let size = |key: &str| usize::try_from(value.get(key)?.as_int()?.to_u64()?).ok();
        let (channel, steps) = (size("channel")?, size("at")?..size("until")?);
        let held = value.get("value").and_then(Value::as_f64).filter(|value| value.is_finite())?;
        let fits = channel < shape.channels() && !steps.is_empty() && steps.end <= shape.steps();
        fits.then_some(Intervention { channel, steps, value: held })
    };
    value.as_list()?.iter().map(one).collect()
}
