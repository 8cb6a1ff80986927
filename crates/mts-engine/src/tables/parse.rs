//! From a document to a specification.

use std::collections::BTreeMap;

use mts_config::{Content, Entry, Node, Position, Problem, Problems, nearest, path, schema as check};
use mts_tables::Finding;
use mts_tables::spec::{
    Kind, RelationshipSpec, Spec, TableSpec, column_schema, relationship_schema, table_schema,
};
use mts_tables::words::Provider;
use serde_json::{Value as Json, json};

use crate::json::from_node;

/// A specification, and the same as JSON: tables in a list, in the order of the document.
pub(super) struct Parsed {
    pub(super) spec: Spec,
    pub(super) tables: Vec<Json>,
    pub(super) relationships: Vec<Json>,
    /// The position of every value by its path.
    positions: BTreeMap<String, Position>,
}

/// Checks everything that schemas can, tables and relationships of a root that its own schema has passed.
pub(super) fn parse(root: &Node, problems: &mut Problems) -> Option<Parsed> {
    let before = problems.len();
    let mut reader = Reader { problems, columns: BTreeMap::new() };
    let mut tables = Vec::new();
    for Entry { key, value, .. } in root.get("tables").and_then(Node::as_map).unwrap_or_default() {
        if let Some(mut table) = reader.table(value, &path::child("tables", key)) {
            table["name"] = key.as_str().into();
            tables.push(table);
        }
    }
    let schema = relationship_schema();
    let mut relationships = Vec::new();
    let items = root.get("relationships").and_then(Node::as_list).unwrap_or_default();
    for (at, item) in items.iter().enumerate() {
        relationships.extend(reader.checked(item, &schema, &path::item("relationships", at)));
    }
    if problems.len() > before {
        return None;
    }
    let dataset = root.get("dataset").and_then(Node::as_str).unwrap_or_default();
    match spec(dataset, &tables, &relationships) {
        Ok(spec) => {
            let mut positions = BTreeMap::new();
            root.walk("", &mut |path, node| drop(positions.insert(path.to_owned(), node.position.clone())));
            Some(Parsed { spec, tables, relationships, positions })
        }
        Err(error) => {
            problems.push(Problem::at(&root.position, "", error));
            None
        }
    }
}

/// The specification that JSON stands for.
pub(super) fn spec(dataset: &str, tables: &[Json], relationships: &[Json]) -> Result<Spec, String> {
    let table = |json: &Json| {
        let name = json.get("name").and_then(Json::as_str).unwrap_or_default();
        TableSpec::from_json(name, json).map_err(|error| format!("table {name:?}: {error}"))
    };
    let relationship = |json: &Json| {
        serde_json::from_value::<RelationshipSpec>(json.clone())
            .map_err(|error| format!("relationship: {error}"))
    };
    Ok(Spec {
        dataset: dataset.to_owned(),
        tables: tables.iter().map(table).collect::<Result<_, _>>()?,
        relationships: relationships.iter().map(relationship).collect::<Result<_, _>>()?,
    })
}

impl Parsed {
    /// A finding with its position: that of its path, else of what it is part of.
    pub(super) fn problem(&self, finding: &Finding, root: &Node) -> Problem {
        let mut known = finding.path.as_str();
        let position = loop {
            if let Some(position) = self.positions.get(known) {
                break position;
            }
            match known.rfind(['.', '[']) {
                Some(end) => known = &known[..end],
                None => break &root.position,
            }
        };
        let problem = Problem::at(position, finding.path.as_str(), finding.message.as_str());
        match &finding.hint {
            Some(hint) => problem.with_hint(hint.as_str()),
            None => problem,
        }
    }
}

struct Reader<'a> {
    problems: &'a mut Problems,
    /// Schemas of columns by type.
    columns: BTreeMap<String, Json>,
}

impl Reader<'_> {
    /// `node` as JSON, if `schema` allows it.
    fn checked(&mut self, node: &Node, schema: &Json, at: &str) -> Option<Json> {
        let before = self.problems.len();
        check::check(node, schema, at, self.problems);
        if self.problems.len() > before {
            return None;
        }
        match from_node(node, schema, schema, at) {
            Ok(json) => Some(json),
            Err(problem) => {
                self.problems.push(problem);
                None
            }
        }
    }

    fn table(&mut self, node: &Node, at: &str) -> Option<Json> {
        let mut table = self.checked(node, &table_schema(), at)?;
        let columns = node.get("columns").and_then(Node::as_list).unwrap_or_default();
        let at = path::child(at, "columns");
        table["columns"] = self.columns(columns, &at)?.into();
        Some(table)
    }

    fn columns(&mut self, nodes: &[Node], at: &str) -> Option<Vec<Json>> {
        let columns: Vec<Option<Json>> =
            nodes.iter().enumerate().map(|(place, node)| self.column(node, &path::item(at, place))).collect();
        columns.into_iter().collect()
    }

    fn column(&mut self, node: &Node, at: &str) -> Option<Json> {
        let kind = self.kind(node, at)?;
        let schema = self.columns.entry(kind.clone()).or_insert_with(|| column_schema(&kind)).clone();
        let mut column = self.checked(node, &schema, at)?;
        if let Some(fields) = node.get("fields").and_then(Node::as_list) {
            column["fields"] = self.columns(fields, &path::child(at, "fields"))?.into();
        }
        if let Some(item) = node.get("item") {
            let named = match item.as_map() {
                Some(entries) if item.get("name").is_none() => {
                    let name = Node::new(Content::Str("item".to_owned()), item.position.clone());
                    let entry =
                        Entry { key: "name".to_owned(), key_position: item.position.clone(), value: name };
                    let entries = entries.iter().cloned().chain([entry]).collect();
                    Node::new(Content::Map(entries), item.position.clone())
                }
                _ => item.clone(),
            };
            column["item"] = self.column(&named, &path::child(at, "item"))?;
        }
        Some(column)
    }

    /// The type of a column; that of an expression needs none.
    fn kind(&mut self, node: &Node, at: &str) -> Option<String> {
        if node.get("computed").is_some() {
            return Some("computed".to_owned());
        }
        let Some(kind) = node.get("type") else {
            let problem =
                Problem::at(&node.position, at, "a column needs a `type`, or an expression as `computed`");
            self.problems.push(problem);
            return None;
        };
        let known =
            || Kind::NAMES.iter().copied().chain(Provider::ALL.iter().map(|provider| provider.name()));
        match kind.as_str() {
            Some(name) if known().any(|known| known == name) => Some(name.to_owned()),
            _ => {
                let message = format!("no such type of column: {}", kind.describe());
                let near = kind.as_str().and_then(|name| nearest(name, known()));
                let hint = match near {
                    Some(near) => format!("did you mean `{near}`?"),
                    None => format!("one of {}", known().collect::<Vec<_>>().join(", ")),
                };
                self.problems
                    .push(Problem::at(&kind.position, path::child(at, "type"), message).with_hint(hint));
                None
            }
        }
    }
}

/// The rows of the tables in JSON become those of `spec`.
pub(super) fn set_rows(tables: &mut [Json], spec: &Spec) {
    for (json, table) in tables.iter_mut().zip(&spec.tables) {
        json["rows"] = json!(table.rows);
    }
}
