//! Tables of a document, for people and for diagrams.

use std::fmt::Write as _;

use mts_config::kind::DocumentKind;
use mts_engine::Plan;
use mts_hash::{Map, Value, canonical_json};

use crate::table::Table;

/// How many tables there are.
pub(crate) fn count(plan: &Plan) -> usize {
    relations(plan).len()
}

/// A row for each table.
pub(crate) fn table(plan: &Plan) -> Table {
    let mut table = Table::new(["table", "rows", "key", "refers to", "files", "columns"]);
    for relation in relations(plan) {
        let columns = list(&relation, "columns").map(|column| {
            let (name, kind) = (text(column, "name"), text(column, "type"));
            let mark = if column.get("nullable") == Some(&Value::Bool(true)) { "?" } else { "" };
            format!("{name} {kind}{mark}")
        });
        let refers = list(&relation, "foreign_keys")
            .map(|key| format!("{}.{}", text(key, "parent"), names(key.get("parent_columns"))));
        table.row([
            text(&relation, "name").to_owned(),
            relation.get("rows").map(canonical_json).unwrap_or_default(),
            names(relation.get("primary_key")),
            refers.collect::<Vec<_>>().join(", "),
            names(relation.get("files")),
            columns.collect::<Vec<_>>().join(", "),
        ]);
    }
    table
}

/// Where tables would be written, with what stands beside them.
pub(crate) fn places(plan: &Plan) -> Vec<String> {
    if plan.kind() != DocumentKind::Tables {
        return Vec::new();
    }
    plan.tasks()
        .map(|task| format!("below {}: {}", task.outdir().display(), names(task.describe().get("files"))))
        .collect()
}

/// What spoiling does to keys and types.
pub(crate) fn consequences(plan: &Plan) -> Vec<String> {
    let told = |relation: Value| {
        let name = text(&relation, "name").to_owned();
        let told: Vec<String> = list(&relation, "consequences")
            .filter_map(Value::as_str)
            .map(|why| format!("{name}: {why}"))
            .collect();
        told
    };
    relations(plan).into_iter().flat_map(told).collect()
}

/// An entity relationship diagram in the language of Mermaid.
pub(crate) fn mermaid(plan: &Plan) -> String {
    let mut diagram = "erDiagram\n".to_owned();
    for relation in relations(plan) {
        let name = text(&relation, "name");
        let key = relation.get("primary_key").and_then(Value::as_list).unwrap_or_default();
        let foreign: Vec<&Value> = list(&relation, "foreign_keys").collect();
        // Writing to a text does not fail.
        let _ = writeln!(diagram, "    {} {{", quoted(name));
        for column in list(&relation, "columns") {
            let own = column.get("name");
            let is_key = own.is_some_and(|own| key.contains(own));
            let refers = |key: &&Value| own.is_some_and(|own| list(key, "columns").any(|name| name == own));
            let marks = match (is_key, foreign.iter().any(refers)) {
                (true, true) => " PK, FK",
                (true, false) => " PK",
                (false, true) => " FK",
                (false, false) => "",
            };
            let kind: String =
                text(column, "type").chars().filter(|letter| letter.is_alphanumeric()).collect();
            let _ = writeln!(diagram, "        {kind} {}{marks}", plain(text(column, "name")));
        }
        diagram += "    }\n";
        for key in foreign {
            let (parent, columns) = (quoted(text(key, "parent")), names(key.get("columns")));
            let _ = writeln!(diagram, "    {parent} ||--o{{ {} : {}", quoted(name), quoted(&columns));
        }
    }
    diagram
}

fn relations(plan: &Plan) -> Vec<Value> {
    let of_task = |task: &dyn mts_engine::Task| {
        let map: Map = task.describe();
        map.get("tables").and_then(Value::as_list).map(<[Value]>::to_vec).unwrap_or_default()
    };
    plan.tasks().flat_map(of_task).collect()
}

fn text<'a>(value: &'a Value, key: &str) -> &'a str {
    value.get(key).and_then(Value::as_str).unwrap_or_default()
}

fn list<'a>(value: &'a Value, key: &str) -> impl Iterator<Item = &'a Value> {
    value.get(key).and_then(Value::as_list).unwrap_or_default().iter()
}

fn names(list: Option<&Value>) -> String {
    let names = list.and_then(Value::as_list).unwrap_or_default().iter().filter_map(Value::as_str);
    names.collect::<Vec<_>>().join(", ")
}

fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "'"))
}

/// A name as the language takes it.
fn plain(name: &str) -> String {
    let letter = |letter: char| if letter.is_alphanumeric() || letter == '_' { letter } else { '_' };
    let plain: String = name.chars().map(letter).collect();
    if plain.starts_with(|first: char| first.is_alphabetic()) { plain } else { format!("c_{plain}") }
}
