//! Models inside of models: mappings of a `model` and its `params`, such as the segments of `piecewise`.

use mts_config::{Content, Entry, Node, Problem, Problems, path, schema};
use mts_core::Registry;
use serde_json::{Map, Value as Json};

use crate::json;

/// What is wrong with the parameters of the models below `node`. The model that reads them says so too, but knows
/// neither their places nor the nearest names.
pub(super) fn check(node: &Node, at: &str, registry: &Registry, problems: &mut Problems) {
    match &node.content {
        Content::List(items) => {
            for (index, item) in items.iter().enumerate() {
                check(item, &path::item(at, index), registry, problems);
            }
        }
        Content::Map(entries) => {
            let entry = node.get("model").and_then(Node::as_str).and_then(|name| registry.get(name));
            if let (Some(entry), Some(params)) = (entry, node.get("params")) {
                check_params(params, &path::child(at, "params"), entry, problems);
            }
            for entry in entries {
                check(&entry.value, &path::child(at, &entry.key), registry, problems);
            }
        }
        _ => {}
    }
}

fn check_params(params: &Node, at: &str, entry: &mts_core::Entry, problems: &mut Problems) {
    let mut own = Problems::new();
    schema::check(params, entry.schema(), at, &mut own);
    if own.is_empty() {
        own.extend(unread(params, at, entry));
    }
    problems.append(own);
}

/// What a schema lets pass and the model cannot read, such as nested lists of different lengths.
fn unread(params: &Node, at: &str, entry: &mts_core::Entry) -> Vec<Problem> {
    let reason = |parameter: &Entry| {
        let (key, value) = (&parameter.key, &parameter.value);
        let at = path::child(at, key);
        let read = json::from_node(value, &Json::Null, &Json::Null, &at).ok()?;
        let own: Map<String, Json> = [(key.clone(), read)].into_iter().collect();
        let problem = super::common::unread(entry, &own, entry.shape()).pop()?;
        Some(Problem::at(&value.position, at, problem.message))
    };
    params.as_map().unwrap_or_default().iter().filter_map(reason).collect()
}

/// Whether `inner` is the path `outer` or one below it.
pub(super) fn is_below(inner: &str, outer: &str) -> bool {
    inner.strip_prefix(outer).is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '[']))
}
