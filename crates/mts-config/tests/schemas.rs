//! Checks against the schemas that schemars derives for parameter structs.

#![allow(dead_code, missing_docs)]

use std::collections::BTreeMap;

use mts_config::{Problems, parse, schema};
use schemars::{JsonSchema, schema_for};
use serde_json::{Value, json};

#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
struct Params {
    /// Time step.
    #[schemars(extend("exclusiveMinimum" = 0))]
    dt: f64,
    #[schemars(range(min = 0.0, max = 1.0))]
    coupling: Option<f64>,
    steps: Option<u32>,
    mu: Option<Either>,
    topology: Option<Topology>,
    graph: Option<Graph>,
    start: Option<[f64; 2]>,
    pair: Option<(f64, bool)>,
    names: Option<Vec<String>>,
    table: Option<BTreeMap<String, i64>>,
    save: Option<bool>,
    noise: Option<Noise>,
    #[schemars(rename = "M")]
    channels: Option<u64>,
}

#[derive(JsonSchema)]
#[schemars(untagged)]
enum Either {
    One(f64),
    Many(Vec<f64>),
}

#[derive(JsonSchema)]
#[schemars(rename_all = "snake_case")]
enum Topology {
    /// All to all.
    Complete,
    Ring,
    SmallWorld,
}

#[derive(JsonSchema)]
#[schemars(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
enum Graph {
    Ring { neighbours: u32 },
    Edges { list: Vec<(u32, u32)> },
}

#[derive(JsonSchema)]
#[schemars(rename_all = "snake_case")]
enum Noise {
    Normal { sigma: f64 },
    Stable { alpha: f64 },
}

/// Names of choices as documents write them: a key with something below it, or a word.
#[derive(JsonSchema)]
#[schemars(rename_all = "snake_case")]
enum Step {
    Keep,
    BurnIn(usize),
    Missing(Missing),
    Noise(Graph),
    Rest(Rest),
}

#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
struct Missing {
    rate: f64,
    burst: Option<f64>,
}

#[derive(JsonSchema)]
#[schemars(default)]
struct Rest {
    length: f64,
}

impl Default for Rest {
    fn default() -> Self {
        Rest { length: 1.0 }
    }
}

fn check(text: &str, schema: &Value) -> Vec<String> {
    let document = parse(text, "s.yaml").expect("parses");
    let mut problems = Problems::new();
    schema::check(document.root(), schema, "p", &mut problems);
    problems.iter().map(|problem| problem.to_string().replace("s.yaml:", "")).collect()
}

/// Problems of a record of [`Params`] whose first line is `dt: 1`.
fn params(text: &str) -> String {
    let schema = schema_for!(Params).to_value();
    check(&format!("dt: 1\n{text}"), &schema).join("\n")
}

#[test]
fn accepts() {
    for text in [
        "",
        "coupling: null",
        "coupling: 1",
        "steps: 5.0",
        "steps: 4294967295",
        "mu: [0, 1.5]",
        "mu: 3",
        "mu: []",
        "topology: small_world",
        "topology: null",
        "graph: {kind: ring, neighbours: 2}",
        "graph: {kind: edges, list: [[0, 1], [1, 2]]}",
        "start: [1, 2]",
        "pair: [1, true]",
        "names: [a, '1']",
        "table: {a: 1, b: -2}",
        "noise: {stable: {alpha: 1.5}}",
        "M: 18446744073709551615",
    ] {
        assert_eq!(params(text), "", "{text}");
    }
}

#[test]
fn refuses_with_place_and_hint() {
    for (text, expected) in [
        ("coupling: -0.1", "2:11: p.coupling: must be >= 0 and <= 1, found -0.1"),
        ("coupling: .nan", "2:11: p.coupling: must be >= 0 and <= 1, found .nan"),
        (
            "coupling: '0.1'",
            "2:11: p.coupling: must be a number or null, found \"0.1\"\n  hint: remove the quotes",
        ),
        ("coupling: true", "2:11: p.coupling: must be a number or null, found true"),
        (
            "coupling: [0.5]",
            "2:11: p.coupling: must be a number or null, found [0.5]\n  hint: remove the brackets",
        ),
        ("steps: 1.5", "2:8: p.steps: must be an integer or null, found 1.5"),
        ("steps: -1", "2:8: p.steps: must be >= 0, found -1"),
        ("steps: 4294967296", "2:8: p.steps: must be >= 0 and <= 4294967295, found 4294967296"),
        (
            "steps: 1_000",
            "2:8: p.steps: must be an integer or null, found \"1_000\"\n  hint: numbers have no underscores: 1000",
        ),
        (
            "M: 18446744073709551616.0",
            "2:4: p.M: must be >= 0 and <= 18446744073709551615, found 1.8446744073709552e19",
        ),
        ("mu: x", "2:5: p.mu: must be a number, a list of numbers or null, found \"x\""),
        (
            "mu: [0, x, 1, y]",
            "2:9: p.mu[1]: must be a number, found \"x\"\n2:15: p.mu[3]: must be a number, found \"y\"",
        ),
        (
            "topology: rign",
            "2:11: p.topology: must be one of `ring`, `small_world`, `complete`, found \"rign\"\n  hint: did you mean `ring`?",
        ),
        ("topology: 3", "2:11: p.topology: must be `ring`, `small_world`, `complete` or null, found 3"),
        (
            "graph: {kind: rnig}",
            "2:15: p.graph.kind: must be one of `ring`, `edges`, found \"rnig\"\n  hint: did you mean `ring`?",
        ),
        ("graph: {kind: ring}", "2:8: p.graph: missing key `neighbours`"),
        ("graph: {neighbours: 1}", "2:8: p.graph: missing key `kind`\n  hint: one of `ring`, `edges`"),
        ("graph: {kind: edges, list: [[0, a]]}", "2:33: p.graph.list[0][1]: must be an integer, found \"a\""),
        ("start: [1]", "2:8: p.start: must have 2 elements, found 1: [1]"),
        (
            "pair: [x, true, 3]",
            "2:7: p.pair: must have 2 elements, found 3: [\"x\", true, 3]\n2:8: p.pair[0]: must be a number, found \"x\"",
        ),
        (
            "names: [a, 1]",
            "2:12: p.names[1]: must be a string, found 1\n  hint: quote it if it shall be text",
        ),
        ("table: {a: x}", "2:12: p.table.a: must be an integer, found \"x\""),
        (
            "save: yes",
            "2:7: p.save: must be true or false or null, found \"yes\"\n  hint: write true or false",
        ),
        ("noise: {stable: {alpha: x}}", "2:25: p.noise.stable.alpha: must be a number, found \"x\""),
        (
            "dt2: 1",
            "2:1: p.dt2: unknown key, did you mean `dt`?\n  hint: allowed here: `coupling`, `dt`, `graph`, `M`, `mu`, `names`, `noise`, `pair`, `save`, `start`, `steps`, `table`, `topology`",
        ),
    ] {
        assert_eq!(params(text), expected, "{text}");
    }
    assert!(
        params("m: 1").starts_with("2:1: p.m: unknown key, did you mean `M`? Upper and lower case differ\n")
    );
    assert!(params("qqq: 1").starts_with("2:1: p.qqq: unknown key `qqq`\n"));
}

#[test]
fn named_choices_are_judged_by_all_their_names() {
    const ALL: &str = "`burn_in`, `keep`, `missing`, `noise`, `rest`";
    let schema = schema_for!(Vec<Step>).to_value();
    let steps = |text: &str| check(text, &schema).join("\n");
    for fine in ["[]", "[keep]", "[{burn_in: 3}, {missing: {rate: 0.1}}, {rest: {}}]"] {
        assert_eq!(steps(fine), "", "{fine}");
    }
    for (text, expected) in [
        (
            "[{mising: {rate: 0.1}}]",
            format!("1:3: p[0].mising: unknown key, did you mean `missing`?\n  hint: allowed here: {ALL}"),
        ),
        ("[{qq: 1}]", format!("1:3: p[0].qq: unknown key `qq`\n  hint: allowed here: {ALL}")),
        ("[{missing: {rat: 1, rate: 0.1}}]", "1:13: p[0].missing.rat: unknown key, did you mean `rate`?\n  hint: allowed here: `burst`, `rate`".to_owned()),
        ("[{burn_in: x}]", "1:12: p[0].burn_in: must be an integer, found \"x\"".to_owned()),
        (
            "[missing]",
            "1:2: p[0]: `missing` is a key with something below it, not a value by itself\n  hint: write {missing: {rate: …}}".to_owned(),
        ),
        (
            "[burn_in]",
            "1:2: p[0]: `burn_in` is a key with something below it, not a value by itself\n  hint: write {burn_in: …} with an integer".to_owned(),
        ),
        (
            "[noise]",
            "1:2: p[0]: `noise` is a key with something below it, not a value by itself\n  hint: write {noise: {kind: …}}".to_owned(),
        ),
        (
            "[rest]",
            "1:2: p[0]: `rest` is a key with something below it, not a value by itself\n  hint: write {rest: {}}".to_owned(),
        ),
        ("[missing: ]", "1:2: p[0]: `missing` has nothing below it\n  hint: write {missing: {rate: …}}".to_owned()),
        (
            "[mising]",
            "1:2: p[0]: must be one of `burn_in`, `keep`, `missing`, `noise`, `rest`, found \"mising\"\n  hint: did you mean `missing`? write {missing: {rate: …}}".to_owned(),
        ),
        ("[{keep: 1}]", "1:3: p[0]: `keep` takes no parameters\n  hint: write keep alone".to_owned()),
        ("[{}]", "1:2: p[0]: must have one of the keys `burn_in`, `keep`, `missing`, `noise`, `rest`, found {}".to_owned()),
        (
            "[{missing: {rate: 0.1}, burn_in: 3}]",
            "1:25: p[0]: must have one key, found 2: `missing`, `burn_in`\n  hint: each is an entry of its own: {missing: …}, {burn_in: …}".to_owned(),
        ),
        (
            "- missing:\n  rate: 0.1",
            "2:3: p[0]: must have one key, found 2: `missing`, `rate`\n  hint: `rate` belongs below `missing`: {missing: {rate: …}}".to_owned(),
        ),
        (
            "[{missing: {rate: 0.1}, restt: {}}]",
            format!("1:25: p[0]: must have one key, found 2: `missing`, `restt`\n  hint: each is an entry of its own: {{missing: …}}, {{restt: …}}\n1:25: p[0].restt: unknown key, did you mean `rest`?\n  hint: allowed here: {ALL}"),
        ),
        (
            "[{noise: {knd: ring, neighbours: 2}}]",
            "1:11: p[0].noise.knd: unknown key, did you mean `kind`?\n  hint: one of `ring`, `edges`".to_owned(),
        ),
    ] {
        assert_eq!(steps(text), expected, "{text}");
    }
    let one = schema_for!(Step).to_value();
    let both =
        "1:14: p: must have one key, found 2: `burn_in`, `rest`\n  hint: only one of them can be chosen";
    assert_eq!(check("{burn_in: 3, rest: {}}", &one), [both]);
}

#[test]
fn all_at_once() {
    let schema = schema_for!(Params).to_value();
    let found = check("steps: x\nsvae: true\nmu: [a]\n", &schema);
    assert_eq!(found.len(), 4, "{found:#?}");
    assert!(found[3].contains("missing key `dt`"), "{found:#?}");
    assert_eq!(check("3", &schema), ["1:1: p: must be a mapping, found 3"]);
}

#[test]
fn keywords() {
    for (schema, text, expected) in [
        (json!({"const": 3}), "3.0", ""),
        (json!({"const": 3}), "4", "1:1: p: must be `3`, found 4"),
        (json!({"enum": [1, "a", null, true]}), "null", ""),
        (json!({"enum": [1, "a"]}), "2", "1:1: p: must be one of `1`, `a`, found 2"),
        (json!({"maximum": 1.5}), "2", "1:1: p: must be <= 1.5, found 2"),
        (json!({"exclusiveMinimum": 0.0}), "0", "1:1: p: must be > 0, found 0"),
        (json!({"minimum": 5}), "9999999999999999999999999999999999999999999", ""),
        (
            json!({"minimum": 5}),
            "-9999999999999999999999999999999999999999999",
            "1:1: p: must be >= 5, found -9999999999999999999999999999999999999999999",
        ),
        (json!({"minItems": 1}), "[]", "1:1: p: must have at least 1 element, found 0: []"),
        (json!({"minLength": 1}), "''", "1:1: p: must have at least 1 character, found 0: \"\""),
        (
            json!({"allOf": [{"minimum": 1}, {"maximum": 0}]}),
            "0.5",
            "1:1: p: must be >= 1, found 0.5\n1:1: p: must be <= 0, found 0.5",
        ),
        (json!(false), "1", "1:1: p: is not allowed here"),
        (json!(true), "1", ""),
        (
            json!({"type": ["integer", "string"]}),
            "1.5",
            "1:1: p: must be an integer or a string, found 1.5\n  hint: quote it if it shall be text",
        ),
        (json!({"properties": {"a": false}}), "{a: 1}", "1:5: p.a: is not allowed here"),
        (
            json!({"additionalProperties": false}),
            "{a: 1}",
            "1:2: p.a: unknown key `a`\n  hint: no key is allowed here",
        ),
        (
            json!({"anyOf": [{"type": "array", "items": {"type": "number"}}, {"type": "array", "items": {"type": "array"}}]}),
            "[1, x, 2]",
            "1:5: p[1]: must be a number, found \"x\"",
        ),
    ] {
        assert_eq!(check(text, &schema).join("\n"), expected, "{schema} {text}");
    }
}

#[test]
fn circular_schemas_end() {
    let schema = json!({"$ref": "#/$defs/a", "$defs": {"a": {"anyOf": [{"$ref": "#/$defs/a"}, {"$ref": "#/$defs/b"}]}, "b": {"$ref": "#/$defs/b"}}});
    check("[1, {a: 2}]", &schema);
    let tree = json!({"type": "array", "items": {"$ref": "#"}});
    assert_eq!(check("[[[]], [[1]]]", &tree), ["1:10: p[1][0][0]: must be a list of lists, found 1"]);
}
