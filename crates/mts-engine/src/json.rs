//! From document nodes and identities to JSON for parameters.

use mts_config::{Content, Node, Problem, path};
use mts_hash::{Int, Value};
use serde_json::Value as Json;

/// `node` as JSON of the types that `schema`, a part of `root`, asks for: an integral float becomes an
/// integer where an integer is wanted.
pub(crate) fn from_node(node: &Node, schema: &Json, root: &Json, at: &str) -> Result<Json, Problem> {
    let schema = resolve(schema, root);
    Ok(match &node.content {
        Content::Null => Json::Null,
        Content::Bool(value) => (*value).into(),
        Content::Int(text) => integer(text),
        Content::Float(value) if !value.is_finite() => {
            return Err(Problem::at(
                &node.position,
                at,
                format!("must be finite, found {}", node.describe()),
            ));
        }
        Content::Float(value) if wants_integer(schema) && value.fract() == 0.0 => {
            integer(&format!("{value}"))
        }
        Content::Float(value) => (*value).into(),
        Content::Str(text) => text.as_str().into(),
        Content::List(items) => {
            let inner = schema.get("items").unwrap_or(&Json::Null);
            let convert = |(i, item)| from_node(item, inner, root, &path::item(at, i));
            items.iter().enumerate().map(convert).collect::<Result<Vec<Json>, Problem>>()?.into()
        }
        Content::Map(entries) => {
            let inner = |key: &str| schema.get("properties").and_then(|p| p.get(key)).unwrap_or(&Json::Null);
            let convert = |entry: &mts_config::Entry| {
                let value = from_node(&entry.value, inner(&entry.key), root, &path::child(at, &entry.key))?;
                Ok((entry.key.clone(), value))
            };
            Json::Object(entries.iter().map(convert).collect::<Result<_, Problem>>()?)
        }
    })
}

/// The schema that `schema` refers to, and of a choice between something and null, the something.
fn resolve<'a>(schema: &'a Json, root: &'a Json) -> &'a Json {
    let target = schema.get("$ref").and_then(Json::as_str).and_then(|target| target.strip_prefix('#'));
    if let Some(target) = target.and_then(|target| root.pointer(target)) {
        return target;
    }
    let branches = schema.get("anyOf").and_then(Json::as_array);
    let not_null = |branch: &&Json| branch.get("type").is_none_or(|name| name != "null");
    match branches.and_then(|branches| branches.iter().find(not_null)) {
        Some(branch) if branch.get("$ref").is_some() => resolve(branch, root),
        Some(branch) => branch,
        None => schema,
    }
}

/// Beyond 64 bits only a float is left.
fn integer(text: &str) -> Json {
    if let Ok(value) = text.parse::<u64>() {
        return value.into();
    }
    match text.parse::<i64>() {
        Ok(value) => value.into(),
        Err(_) => text.parse::<f64>().unwrap_or(f64::INFINITY).into(),
    }
}

/// JSON as a value of identities.
pub(crate) fn to_value(json: &Json) -> Value {
    match json {
        Json::Null => Value::Null,
        Json::Bool(value) => (*value).into(),
        Json::Number(number) => match (number.as_i64(), number.as_u64()) {
            (Some(value), _) => value.into(),
            (None, Some(value)) => value.into(),
            _ => number.as_f64().unwrap_or(f64::NAN).into(),
        },
        Json::String(text) => text.as_str().into(),
        Json::Array(items) => Value::List(items.iter().map(to_value).collect()),
        Json::Object(map) => {
            Value::Map(map.iter().map(|(key, value)| (key.as_str(), to_value(value))).collect())
        }
    }
}

fn wants_integer(schema: &Json) -> bool {
    let named = |name: &str| match schema.get("type") {
        Some(Json::String(only)) => only == name,
        Some(Json::Array(several)) => several.iter().any(|one| one == name),
        _ => false,
    };
    named("integer") && !named("number")
}

/// The parameters of a recipe as JSON; what JSON cannot hold becomes null, which no model takes.
pub(crate) fn from_value(value: &Value) -> Json {
    match value {
        Value::Null => Json::Null,
        Value::Bool(value) => (*value).into(),
        Value::Int(value) => integer(&value.to_string()),
        Value::Float(value) => (*value).into(),
        Value::Str(text) => text.as_str().into(),
        Value::List(items) => Json::Array(items.iter().map(from_value).collect()),
        Value::Array(array) => from_value(&array.to_value()),
        Value::Map(map) => {
            Json::Object(map.iter().map(|(key, value)| (key.to_owned(), from_value(value))).collect())
        }
    }
}

/// A number, written as an integer or not.
pub(crate) fn number(node: &Node) -> Option<f64> {
    match &node.content {
        Content::Int(text) => text.parse().ok(),
        Content::Float(value) => Some(*value),
        _ => None,
    }
}

/// A non-negative integer, written as one or as an integral float.
pub(crate) fn unsigned(node: &Node) -> Option<Int> {
    let int = match &node.content {
        Content::Int(text) => text.parse::<Int>().ok()?,
        Content::Float(value) if value.fract() == 0.0 => format!("{value}").parse().ok()?,
        _ => return None,
    };
    (!int.is_negative()).then_some(int)
}
