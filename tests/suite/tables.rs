//! Documents of tables that are refused, in their very words, and some that look as if they should be.

use std::fmt::Write as _;

use mts_engine::{Engine, Plan, Request};
use serde_json::{Value as Json, json};

fn plan(document: &Json) -> Result<Plan, String> {
    let text = document.to_string();
    let document = mts_config::parse(&text, "t.json").map_err(|problem| problem.to_string())?;
    let engine = Engine::new(mts_models::registry());
    engine.plan(&document, &Request::default()).map_err(|problems| problems.to_string())
}

fn shop(tables: Json) -> Json {
    json!({"dataset": "shop", "seed": 1, "tables": tables})
}

/// A table of an id and a column x.
fn with(column: Json) -> Json {
    let mut column = column;
    column["name"] = "x".into();
    shop(
        json!({"t": {"rows": 10, "columns": [{"name": "id", "type": "id", "constraints": {"primary_key": true}}, column]}}),
    )
}

/// Fails unless `document` is refused with each of `words`, and with nothing else where there is one.
#[track_caller]
fn refused(document: &Json, words: &[&str]) {
    let told = plan(document).err().unwrap();
    for word in words {
        assert!(told.contains(word), "{word:?} is not in {told}");
    }
    assert_eq!(told.matches("t.json:").count(), words.len(), "{told}");
}

#[test]
fn types_and_keys_have_their_nearest_names() {
    refused(
        &with(json!({"type": "integr"})),
        &["tables.t.columns[1].type: no such type of column: \"integr\"\n  hint: did you mean `integer`?"],
    );
    refused(
        &with(json!({"type": "zzzzz"})),
        &["no such type of column: \"zzzzz\"\n  hint: one of id, integer, float,"],
    );
    refused(
        &with(json!({})),
        &["tables.t.columns[1]: a column needs a `type`, or an expression as `computed`"],
    );
    refused(
        &with(json!({"type": "date", "strat": "2024-01-01"})),
        &["tables.t.columns[1].strat: unknown key, did you mean `start`?"],
    );
    refused(
        &with(json!({"type": "id", "constraints": {"uniqe": true}})),
        &["tables.t.columns[1].constraints.uniqe: unknown key, did you mean `unique`?"],
    );
    let fields = json!([{"name": "f", "type": "integr"}]);
    refused(
        &with(json!({"type": "object", "fields": fields})),
        &["tables.t.columns[1].fields[0].type: no such type of column: \"integr\""],
    );
    refused(
        &with(json!({"type": "array", "item": {"type": "integr"}})),
        &["tables.t.columns[1].item.type: no such type of column: \"integr\""],
    );
}

#[test]
fn rates_lie_between_0_and_1() {
    refused(
        &with(json!({"type": "date", "null_rate": 2})),
        &["tables.t.columns[1].null_rate: must be >= 0 and <= 1, found 2"],
    );
    refused(
        &with(json!({"type": "date", "null_rate": -0.5})),
        &["null_rate: must be >= 0 and <= 1, found -0.5"],
    );
    refused(
        &with(json!({"type": "boolean", "true_probability": 1.2})),
        &["true_probability: must be >= 0 and <= 1, found 1.2"],
    );
    let mut spoilt = with(json!({"type": "integer"}));
    spoilt["tables"]["t"]["corruption"] = json!({
        "missing_rate": 1.5, "outlier_rate": -1, "duplicate_rate": 2,
        "missing_by_column": {"x": 3}, "type_noise": {"x": {"rate": 7}},
    });
    refused(
        &spoilt,
        &[
            "tables.t.corruption.missing_rate: must be >= 0 and <= 1, found 1.5",
            "tables.t.corruption.outlier_rate: must be >= 0 and <= 1, found -1",
            "tables.t.corruption.duplicate_rate: must be >= 0 and <= 1, found 2",
            "tables.t.corruption.missing_by_column.x: must be >= 0 and <= 1, found 3",
            "tables.t.corruption.type_noise.x.rate: must be >= 0 and <= 1, found 7",
        ],
    );
}

#[test]
fn tables_have_rows_and_columns() {
    let rows = |rows: Json| shop(json!({"t": {"rows": rows, "columns": [{"name": "id", "type": "id"}]}}));
    refused(&rows(json!(-1)), &["tables.t.rows: must be >= 0, found -1"]);
    refused(&rows(json!(1.5)), &["tables.t.rows: must be an integer, found 1.5"]);
    assert!(
        plan(&rows(json!(1_u64 << 60)))
            .err()
            .unwrap()
            .contains("t: 1152921504606846976 rows, at most 281474976710656 can be")
    );
    assert_eq!(plan(&rows(json!(0))).unwrap().values(), 0);
    refused(&shop(json!({})), &["tables: there is none"]);
    refused(
        &shop(json!({"t": {"rows": 3, "columns": []}})),
        &["tables.t.columns: must have at least 1 element, found 0: []"],
    );
    refused(&shop(json!({"t": {"rows": 3}})), &["tables.t: missing key `columns`"]);
    assert!(plan(&rows(json!(1_000_000_000))).is_ok());
}

#[test]
fn names_of_tables_are_names_of_files() {
    let columns = json!({"columns": [{"name": "id", "type": "id"}]});
    let named = |name: &str| shop(json!({name: columns}));
    for name in ["../x", "a/b", "a\u{0}b", ".x", "a\\b", "a\nb", "a ", "a.", "con*"] {
        refused(&named(name), &[&format!("{name:?} cannot be the name of a file")]);
    }
    refused(&named(&"n".repeat(300)), &[&format!("\"{}\"… cannot be the name of a file", "n".repeat(60))]);
    let mut document = named("t");
    document["dataset"] = "../x".into();
    refused(&document, &["dataset: \"../x\" cannot be the name of a file"]);
    for name in ["order", "select", "naïve 名", "a.b", "table", "a'b"] {
        assert!(plan(&named(name)).is_ok(), "{name}");
    }
    let two = |one: &str, other: &str| shop(json!({one: columns, other: columns}));
    refused(
        &two("a", "a.truth"),
        &["tables[\"a.truth\"]: its files and those of table a would have one name, a.truth.parquet"],
    );
    refused(&two("a", "a.csv"), &["would have one name, a.csv"]);
    refused(&two("A", "a"), &["tables.a: a second table \"a\""]);
    refused(
        &named("shop.metadata"),
        &["its files and the dataset's sidecar would have one name, shop.metadata.json"],
    );
}

#[test]
fn names_of_columns_are_free() {
    let names = ["a \"quoted\" 'one'", "naïve 名", "select", " ", "a,b\nc", "rowid", "1"];
    let columns: Vec<Json> = names.iter().map(|name| json!({"name": name, "type": "integer"})).collect();
    assert!(plan(&shop(json!({"t": {"columns": columns}}))).is_ok());
    let twice = json!([{"name": "x", "type": "integer"}, {"name": "X", "type": "date"}]);
    refused(&shop(json!({"t": {"columns": twice}})), &["tables.t.columns[1].name: a second column \"X\""]);
    refused(
        &shop(json!({"t": {"columns": [{"name": "", "type": "integer"}]}})),
        &["tables.t.columns[0].name"],
    );
}

#[test]
fn ten_thousand_columns_are_as_good_as_one() {
    let columns: Vec<Json> =
        (0..10_000).map(|at| json!({"name": format!("c{at}"), "type": "integer"})).collect();
    let begun = std::time::Instant::now();
    let plan = plan(&shop(json!({"t": {"rows": 3, "columns": columns}}))).unwrap();
    assert_eq!(plan.values(), 30_000);
    assert!(begun.elapsed() < std::time::Duration::from_secs(20), "{:?}", begun.elapsed());
}

#[test]
fn nesting_has_a_limit() {
    let nested = |depth: usize| {
        let mut text = r#"{"dataset": "d", "seed": 1, "tables": {"t": {"columns": ["#.to_owned();
        for _ in 0..depth {
            text.push_str(r#"{"name": "x", "type": "object", "fields": ["#);
        }
        text.push_str(r#"{"name": "x", "type": "integer"}"#);
        for _ in 0..depth {
            text.push_str("]}");
        }
        // Writing to a text does not fail.
        let _ = write!(text, "]}}}}}}");
        let document = mts_config::parse(&text, "t.json").map_err(|problem| problem.to_string())?;
        let engine = Engine::new(mts_models::registry());
        engine.plan(&document, &Request::default()).map(|_| ()).map_err(|problems| problems.to_string())
    };
    assert_eq!(nested(20), Ok(()));
    for depth in [40, 2000] {
        assert!(nested(depth).unwrap_err().contains("more than 64 lists and mappings inside each other"));
    }
}

#[test]
fn everything_is_told_at_once() {
    let document = json!({
        "dataset": "shop", "seed": 1, "sede": 2,
        "tables": {
            "a": {"columns": [{"name": "p", "type": "integr"}, {"name": "q", "type": "date", "strat": 1}], "rows": -1},
            "b": {"columns": [{"name": "r", "type": "boolean", "true_probability": 3}]},
        },
        "relationships": [{"parent_table": "a", "parent_key": "p", "child_table": "b"}],
    });
    let told = plan(&document).err().unwrap();
    for word in
        ["sede", "rows: must be >= 0", "true_probability", "relationships[0]: missing key `child_key`"]
    {
        assert!(told.contains(word), "{word:?} is not in {told}");
    }
    let document = json!({
        "dataset": "../shop", "seed": 1,
        "tables": {
            "a": {"columns": [{"name": "p", "type": "integer", "min": 5, "max": 2}, {"name": "q", "computed": "1 +"}]},
            "b/c": {"columns": [{"name": "r", "type": "date", "end": "x"}]},
        },
        "relationships": [{"parent_table": "z", "parent_key": "p", "child_table": "a", "child_key": "p"}],
    });
    refused(
        &document,
        &[
            "dataset: \"../shop\" cannot be",
            "\"b/c\" cannot be",
            "no table \"z\"",
            "no integer is at least 5",
            "expected a value, found the end (letter 4)",
            "no date such as",
        ],
    );
}
