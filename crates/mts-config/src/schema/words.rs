use serde_json::Value;

use super::{Checker, allowed, list, numbers};
use crate::describe::names;

impl<'s> Checker<'s> {
    /// What a schema allows, in words: `a number or a list of numbers`.
    pub(super) fn words(self, schema: &'s Value) -> String {
        let mut all = Vec::new();
        self.add_words(schema, &mut all, 0);
        let last = all.pop().unwrap_or_else(|| "a value".to_owned());
        match all.is_empty() {
            true => last,
            false => format!("{} or {last}", all.join(", ")),
        }
    }

    fn add_words(self, schema: &'s Value, all: &mut Vec<String>, depth: usize) {
        let schema = self.resolve(schema);
        let mut add = |words: String| {
            if !all.contains(&words) {
                all.push(words);
            }
        };
        if let Some(allowed) = allowed(schema) {
            let values: Vec<String> = allowed.into_iter().map(value).collect();
            add(names(values.iter().map(String::as_str)));
            return;
        }
        for name in own_types(schema) {
            add(match name {
                "null" => "null".to_owned(),
                "boolean" => "true or false".to_owned(),
                "integer" => "an integer".to_owned(),
                "number" => "a number".to_owned(),
                "string" => "a string".to_owned(),
                "object" => "a mapping".to_owned(),
                "array" => format!("a list{}", self.elements(schema)),
                other => other.to_owned(),
            });
        }
        if depth < 8 {
            for branch in list(schema, "anyOf").chain(list(schema, "oneOf")) {
                self.add_words(branch, all, depth + 1);
            }
        }
    }

    /// ` of numbers`, where all elements of a list are of one simple type.
    fn elements(self, schema: &'s Value) -> &'static str {
        let items = schema.get("items").map(|items| own_types(self.resolve(items)));
        match items.as_deref() {
            Some(["number"]) => " of numbers",
            Some(["integer"]) => " of integers",
            Some(["string"]) => " of strings",
            Some(["boolean"]) => " of booleans",
            Some(["array"]) => " of lists",
            Some(["object"]) => " of mappings",
            _ => "",
        }
    }

    /// The types that a schema allows, its branches included; none if it allows any.
    pub(super) fn types(self, schema: &'s Value) -> Vec<&'s str> {
        let mut all = Vec::new();
        self.add_types(schema, &mut all, 0);
        all
    }

    fn add_types(self, schema: &'s Value, all: &mut Vec<&'s str>, depth: usize) {
        let schema = self.resolve(schema);
        all.extend(own_types(schema));
        if depth < 8 {
            for branch in list(schema, "anyOf").chain(list(schema, "oneOf")) {
                self.add_types(branch, all, depth + 1);
            }
        }
    }
}

/// The types that a schema names, or that its constants have.
fn own_types(schema: &Value) -> Vec<&str> {
    match schema.get("type") {
        Some(Value::String(name)) => return vec![name],
        Some(Value::Array(names)) => return names.iter().filter_map(Value::as_str).collect(),
        _ => {}
    }
    let constants = allowed(schema).into_iter().flatten().map(|value| match value {
        Value::Null => "null",
        Value::Bool(_) => "boolean",
        Value::Number(_) => "number",
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    });
    let mut types: Vec<&str> = constants.collect();
    types.dedup();
    if types.is_empty() && schema.get("properties").is_some() {
        types.push("object");
    }
    if types.is_empty() && (schema.get("items").is_some() || schema.get("prefixItems").is_some()) {
        types.push("array");
    }
    types
}

/// A constant of the schema as it is written in a document.
pub(super) fn value(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Number(number) => numbers::text(number),
        other => other.to_string(),
    }
}
