use serde_json::{Map, Value};

use super::{Checker, list, problem};
use crate::describe::{abbreviate, names};
use crate::path::Trail;
use crate::{Entry, Node, Problem, Problems, nearest};

pub(super) fn check<'s>(
    checker: Checker<'s>,
    node: &Node,
    entries: &[Entry],
    schema: &'s Value,
    path: &Trail,
    problems: &mut Problems,
) {
    let properties = schema.get("properties").and_then(Value::as_object);
    let others = schema.get("additionalProperties");
    for entry in entries {
        let below = path.child(&entry.key);
        let known = properties.and_then(|properties| properties.get(&entry.key));
        match (known, others) {
            (Some(schema), _) => checker.check(&entry.value, schema, &below, problems, 0),
            (None, Some(Value::Bool(false))) => {
                let known = properties.into_iter().flat_map(Map::keys).map(String::as_str);
                problems.push(unknown(entry, known, &below));
            }
            (None, Some(schema)) => checker.check(&entry.value, schema, &below, problems, 0),
            (None, None) => {}
        }
    }
    for key in list(schema, "required").filter_map(Value::as_str) {
        if !entries.iter().any(|entry| entry.key == key) {
            problems.push(problem(node, path, format!("missing key `{key}`")));
        }
    }
}

pub(super) fn unknown<'a>(entry: &Entry, known: impl Iterator<Item = &'a str>, path: &Trail) -> Problem {
    let mut known: Vec<&str> = known.collect();
    // The order of a schema's keys depends on how serde_json was built.
    known.sort_by_cached_key(|key| (key.to_lowercase(), *key));
    let message = match nearest(&entry.key, known.iter().copied()) {
        Some(meant) if meant.to_lowercase() == entry.key.to_lowercase() => {
            format!("unknown key, did you mean `{meant}`? Upper and lower case differ")
        }
        Some(meant) => format!("unknown key, did you mean `{meant}`?"),
        None => format!("unknown key `{}`", abbreviate(&entry.key)),
    };
    let problem = Problem::at(&entry.key_position, path.to_string(), message);
    match names(known.iter().copied()) {
        none if none.is_empty() => problem.with_hint("no key is allowed here"),
        listed => problem.with_hint(format!("allowed here: {listed}")),
    }
}
