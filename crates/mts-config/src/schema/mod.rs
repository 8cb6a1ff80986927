//! Checks of a node against a JSON Schema.
//!
//! The subset is what `schemars` derives for parameter structs: `type`, `enum`, `const`, bounds of
//! numbers, lengths of strings and lists, `items`, `prefixItems`, `properties`, `required`,
//! `additionalProperties`, `anyOf`, `oneOf`, `allOf` and `$ref` into the same schema. Of `format`
//! only the ranges of Rust's integer types count; other keywords are ignored.
//!
//! An integral float is a valid integer and an integer is a valid number; strings and booleans are
//! never numbers.

mod branches;
mod hints;
mod numbers;
mod objects;
mod variants;
mod words;

use serde_json::Value;

use crate::path::Trail;
use crate::{Content, Node, Problem, Problems, nearest};

/// References that lead to references; a schema that goes deeper goes in a circle.
const MAX_REFERENCES: usize = 32;

/// Adds to `problems` everything in `node` that `schema` does not allow; `path` is the path of
/// `node` in its document.
///
/// ```
/// use mts_config::{Problems, parse, schema};
///
/// let schema = serde_json::json!({
///     "type": "object",
///     "properties": {"sigma": {"type": "number", "minimum": 0}},
///     "additionalProperties": false,
/// });
/// let document = parse("sgima: 1\nsigma: -2", "x.yaml")?;
/// let mut problems = Problems::new();
/// schema::check(document.root(), &schema, "", &mut problems);
/// assert_eq!(
///     problems.to_string(),
///     "x.yaml:1:1: sgima: unknown key, did you mean `sigma`?\n  hint: allowed here: `sigma`\n\
///      x.yaml:2:8: sigma: must be >= 0, found -2"
/// );
/// # Ok::<(), Problems>(())
/// ```
pub fn check(node: &Node, schema: &Value, path: &str, problems: &mut Problems) {
    let checker = Checker { root: schema };
    checker.check(node, schema, &Trail::root(path), problems, 0);
}

/// The schema as a whole, into which references lead.
#[derive(Clone, Copy)]
struct Checker<'s> {
    root: &'s Value,
}

impl<'s> Checker<'s> {
    /// Checks all keywords; `hops` counts the references since the last value.
    fn check(self, node: &Node, schema: &'s Value, path: &Trail, problems: &mut Problems, hops: usize) {
        if schema == &Value::Bool(false) {
            problems.push(problem(node, path, "is not allowed here".to_owned()));
            return;
        }
        if let Some(target) = self.target(schema)
            && hops < MAX_REFERENCES
        {
            self.check(node, target, path, problems, hops + 1);
        }
        if !self.has_type(node, schema) {
            problems.push(self.mistyped(node, schema, path));
            return;
        }
        if let Some(allowed) = allowed(schema)
            && !allowed.iter().any(|value| equals(node, value))
        {
            problems.push(not_among(node, &allowed, path));
            return;
        }
        for branch in list(schema, "allOf") {
            self.check(node, branch, path, problems, hops);
        }
        for choice in ["anyOf", "oneOf"] {
            if let Some(branches) = schema.get(choice).and_then(Value::as_array) {
                self.choose(node, schema, branches, path, problems, hops);
            }
        }
        match &node.content {
            Content::Int(_) | Content::Float(_) => numbers::check(node, schema, path, problems),
            Content::Str(text) => {
                let length = text.chars().count();
                lengths(node, length, "character", ["minLength", "maxLength"], schema, path, problems);
            }
            Content::List(items) => {
                let keywords = ["minItems", "maxItems"];
                lengths(node, items.len(), "element", keywords, schema, path, problems);
                self.items(items, schema, path, problems);
            }
            Content::Map(entries) => objects::check(self, node, entries, schema, path, problems),
            Content::Null | Content::Bool(_) => {}
        }
    }

    fn items(self, items: &[Node], schema: &'s Value, path: &Trail, problems: &mut Problems) {
        let first: Vec<&Value> = list(schema, "prefixItems").collect();
        let others = schema.get("items");
        for (index, item) in items.iter().enumerate() {
            if let Some(schema) = first.get(index).copied().or(others) {
                self.check(item, schema, &path.item(index), problems, 0);
            }
        }
    }

    /// What a `$ref` refers to.
    fn target(self, schema: &'s Value) -> Option<&'s Value> {
        let reference = schema.get("$ref")?.as_str()?;
        self.root.pointer(reference.strip_prefix('#')?)
    }

    /// `schema`, or what it refers to if it is nothing but a reference.
    fn resolve(self, mut schema: &'s Value) -> &'s Value {
        for _ in 0..MAX_REFERENCES {
            match self.target(schema) {
                Some(target) => schema = target,
                None => break,
            }
        }
        schema
    }

    /// Whether `type` allows `node`; anything is allowed where it is not said.
    fn has_type(self, node: &Node, schema: &Value) -> bool {
        match schema.get("type") {
            Some(Value::String(name)) => is_a(node, name),
            Some(Value::Array(names)) => names.iter().filter_map(Value::as_str).any(|name| is_a(node, name)),
            _ => true,
        }
    }

    fn mistyped(self, node: &Node, schema: &'s Value, path: &Trail) -> Problem {
        let words = self.words(schema);
        let problem = problem(node, path, format!("must be {words}, found {}", node.describe()));
        // Quotes help only where any text will do, not one of a few names.
        let text = words.contains("a string");
        match hints::hint(node, &self.types(schema), text) {
            Some(hint) => problem.with_hint(hint),
            None => problem,
        }
    }
}

fn is_a(node: &Node, name: &str) -> bool {
    match &node.content {
        Content::Null => name == "null",
        Content::Bool(_) => name == "boolean",
        Content::Int(_) => name == "integer" || name == "number",
        Content::Float(value) => name == "number" || (name == "integer" && value.fract() == 0.0),
        Content::Str(_) => name == "string",
        Content::List(_) => name == "array",
        Content::Map(_) => name == "object",
    }
}

/// The values that `const` or `enum` allow.
fn allowed(schema: &Value) -> Option<Vec<&Value>> {
    if let Some(value) = schema.get("const") {
        return Some(vec![value]);
    }
    Some(schema.get("enum")?.as_array()?.iter().collect())
}

fn not_among(node: &Node, allowed: &[&Value], path: &Trail) -> Problem {
    let names: Vec<String> = allowed.iter().map(|value| words::value(value)).collect();
    let listed = crate::describe::names(names.iter().map(String::as_str));
    let one_of = if names.len() > 1 { "one of " } else { "" };
    let message = format!("must be {one_of}{listed}, found {}", node.describe());
    let problem = problem(node, path, message);
    let meant = node.as_str().and_then(|text| nearest(text, names.iter().map(String::as_str)));
    match meant {
        Some(meant) => problem.with_hint(format!("did you mean `{meant}`?")),
        None => problem,
    }
}

fn equals(node: &Node, value: &Value) -> bool {
    match (&node.content, value) {
        (Content::Null, Value::Null) => true,
        (Content::Bool(found), Value::Bool(wanted)) => found == wanted,
        (Content::Str(found), Value::String(wanted)) => found == wanted,
        (Content::Int(_) | Content::Float(_), Value::Number(wanted)) => {
            numbers::compare(node, wanted).is_some_and(std::cmp::Ordering::is_eq)
        }
        (Content::List(found), Value::Array(wanted)) => {
            found.len() == wanted.len() && found.iter().zip(wanted).all(|(f, w)| equals(f, w))
        }
        _ => false,
    }
}

fn lengths(
    node: &Node,
    length: usize,
    noun: &str,
    [least, most]: [&str; 2],
    schema: &Value,
    path: &Trail,
    problems: &mut Problems,
) {
    let limit = |key| schema.get(key).and_then(Value::as_u64);
    let (least, most) = (limit(least), limit(most));
    let length = length as u64;
    if least.is_none_or(|least| length >= least) && most.is_none_or(|most| length <= most) {
        return;
    }
    let wanted = match (least, most) {
        (Some(least), Some(most)) if least == most => format!("{least}"),
        (Some(least), Some(most)) => format!("{least} to {most}"),
        (Some(least), None) => format!("at least {least}"),
        (None, most) => format!("at most {}", most.unwrap_or_default()),
    };
    let plural = if wanted.ends_with(" 1") || wanted == "1" { "" } else { "s" };
    let message = format!("must have {wanted} {noun}{plural}, found {length}: {}", node.describe());
    problems.push(problem(node, path, message));
}

fn list<'s>(schema: &'s Value, keyword: &str) -> impl Iterator<Item = &'s Value> {
    schema.get(keyword).and_then(Value::as_array).into_iter().flatten()
}

fn problem(node: &Node, path: &Trail, message: String) -> Problem {
    Problem::at(&node.position, path.to_string(), message)
}
