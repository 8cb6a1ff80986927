//! The JSON Schemas of documents and their parts.

use serde_json::{Value as Json, json};

use super::column::Common;
use super::kinds::own_schema;
use super::{CorruptionSpec, Kind, RelationshipSpec};

/// The schema of a column of type `name`: one of [`Kind::NAMES`], else of words.
pub fn column_schema(name: &str) -> Json {
    let mut schema = schemars::schema_for!(Common).to_value();
    let own = match name {
        "object" => json!({
            "properties": { "fields": { "type": "array", "minItems": 1, "items": { "type": "object" }, "description": "Columns, each with the probability that it is there." } },
            "required": ["fields"],
        }),
        "array" => json!({
            "properties": {
                "item": { "type": "object", "description": "The column that its values are of." },
                "min_length": { "type": "integer", "format": "uint32", "minimum": 0, "default": 0, "description": "Least number of values." },
                "max_length": { "type": "integer", "format": "uint32", "minimum": 0, "maximum": 1000, "default": 3, "description": "Greatest number of values." },
            },
            "required": ["item"],
        }),
        "computed" => json!({
            "properties": { "computed": { "type": "string", "minLength": 1, "description": "An expression of other columns of the row." } },
            "required": ["computed"],
        }),
        name => own_schema(name),
    };
    let mut properties = schema["properties"].take();
    for (name, property) in own["properties"].as_object().into_iter().flatten() {
        properties[name.as_str()] = property.clone();
    }
    properties["name"] =
        json!({ "type": "string", "minLength": 1, "description": "The name of the column." });
    properties["type"] = json!({ "type": "string", "description": "Where its values come from." });
    let mut required = vec![json!("name")];
    required.extend(own["required"].as_array().into_iter().flatten().cloned());
    let mut definitions = schema["$defs"].take();
    for (name, definition) in own["$defs"].as_object().into_iter().flatten() {
        definitions[name.as_str()] = definition.clone();
    }
    json!({
        "type": "object",
        "properties": properties,
        "required": required,
        "additionalProperties": false,
        "$defs": definitions,
    })
}

/// The schema of a table, its columns aside.
pub fn table_schema() -> Json {
    let corruption = schemars::schema_for!(CorruptionSpec).to_value();
    let names = json!({ "anyOf": [{ "type": "string" }, { "type": "array", "minItems": 1, "items": { "type": "string" } }] });
    json!({
        "type": "object",
        "properties": {
            "rows": { "type": "integer", "format": "uint64", "minimum": 0, "default": super::ROWS, "description": "The number of rows." },
            "columns": { "type": "array", "minItems": 1, "items": { "type": "object" }, "description": "The columns, in order." },
            "partition_by": { "type": "array", "items": { "type": "string" }, "description": "Columns whose values become folders." },
            "indexes": { "type": "array", "items": names, "description": "Columns, or groups of them, that databases index." },
            "corruption": { "type": "object", "properties": corruption["properties"], "additionalProperties": false, "description": "What is spoilt, and how often." },
            "description": { "type": "string", "description": "What it is, in words." },
        },
        "required": ["columns"],
        "additionalProperties": false,
        "$defs": corruption["$defs"],
    })
}

/// The schema of a relationship.
pub fn relationship_schema() -> Json {
    schemars::schema_for!(RelationshipSpec).to_value()
}

/// The schema of whole documents, for editors. `words` are the types of names, places and words.
pub fn document_schema(root: Json, words: &[&str]) -> Json {
    let mut definitions = serde_json::Map::new();
    let mut columns = Vec::new();
    for name in Kind::NAMES.iter().chain(words) {
        let mut schema = column_schema(name);
        hoist(&mut schema, &mut definitions);
        if *name != "computed" {
            schema["properties"]["type"] = json!({ "const": name });
            schema["required"] = json!(["name", "type"]);
        }
        for (key, items) in [("fields", true), ("item", false)] {
            let column = json!({ "$ref": "#/$defs/column" });
            match schema["properties"].get_mut(key) {
                Some(fields) if items => fields["items"] = column,
                Some(item) => *item = column,
                None => {}
            }
        }
        columns.push(schema);
    }
    definitions.insert("column".to_owned(), json!({ "anyOf": columns }));
    let mut table = table_schema();
    hoist(&mut table, &mut definitions);
    table["properties"]["columns"]["items"] = json!({ "$ref": "#/$defs/column" });
    definitions.insert("table".to_owned(), table);
    let mut relationship = relationship_schema();
    hoist(&mut relationship, &mut definitions);
    definitions.insert("relationship".to_owned(), relationship);
    let mut root = root;
    root["properties"]["tables"]["additionalProperties"] = json!({ "$ref": "#/$defs/table" });
    root["properties"]["relationships"]["items"] = json!({ "$ref": "#/$defs/relationship" });
    root["$schema"] = json!("https://json-schema.org/draft/2020-12/schema");
    root["title"] = json!("mts tables document");
    root["$defs"] = definitions.into();
    root
}

/// Moves the definitions of a part to those of the whole.
fn hoist(schema: &mut Json, definitions: &mut serde_json::Map<String, Json>) {
    if let Some(Json::Object(inner)) = schema.as_object_mut().and_then(|schema| schema.remove("$defs")) {
        definitions.extend(inner);
    }
}
