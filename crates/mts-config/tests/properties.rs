//! Any bytes are read or refused; any tree that is printed is read back equal.

use mts_config::grid::{Takes, expand};
use mts_config::{Content, Entry, Node, Position, kind, parse};
use proptest::prelude::*;

const SEED: &str = "# a document
base: &base {dt: 0.1, K: [0.5, 1.0]}
configs:
  - model: \"kuramoto\"
    <<: *base
    M: [5, 8]
    mu: [[1, 2e3]]
    text: |
      two
      lines
  - {model: 'ou', theta: {axis: [[0, 1], 0x1F]}, x: ~, y: -.inf}
";

fn read_or_refused(text: &str) {
    for name in ["p.yaml", "p.json"] {
        match parse(text, name) {
            Ok(document) => {
                let root = document.root();
                let _ = (root.describe(), kind::kind(root).is_ok());
                for takes in [Takes::Scalar, Takes::Either, Takes::Array] {
                    if let Ok(grid) = expand(root, "", &|_| takes) {
                        assert!(grid.get(grid.count() - 1).is_some());
                    }
                }
            }
            Err(problems) => assert!(!problems.to_string().is_empty()),
        }
    }
}

fn place() -> Position {
    Position::new("p".into(), 1, 1)
}

fn scalar() -> impl Strategy<Value = Content> {
    prop_oneof![
        Just(Content::Null),
        any::<bool>().prop_map(Content::Bool),
        any::<i128>().prop_map(|value| Content::Int(value.to_string())),
        any::<f64>().prop_filter("finite", |value| value.is_finite()).prop_map(Content::Float),
        any::<String>().prop_filter("no NUL", |text| !text.contains('\0')).prop_map(Content::Str),
    ]
}

fn tree() -> impl Strategy<Value = Node> {
    let leaf = scalar().prop_map(|content| Node::new(content, place()));
    leaf.prop_recursive(6, 64, 8, |inner| {
        let list = proptest::collection::vec(inner.clone(), 0..8).prop_map(Content::List);
        let map = proptest::collection::btree_map("[a-zé<\" ]{0,6}", inner, 0..8).prop_map(|entries| {
            let entry = |(key, value)| Entry { key, key_position: place(), value };
            Content::Map(entries.into_iter().map(entry).collect())
        });
        prop_oneof![list, map].prop_map(|content| Node::new(content, place()))
    })
}

fn quoted(text: &str) -> String {
    serde_json::to_string(text).expect("a string")
}

fn json(node: &Node, space: &str) -> String {
    let join = |parts: Vec<String>| parts.join(&format!("{space},{space}"));
    match &node.content {
        Content::Null => "null".to_owned(),
        Content::Bool(value) => value.to_string(),
        Content::Int(digits) => digits.clone(),
        Content::Float(value) => format!("{value:?}"),
        Content::Str(text) => quoted(text),
        Content::List(items) => {
            let items = items.iter().map(|item| json(item, space)).collect();
            format!("[{space}{}{space}]", join(items))
        }
        Content::Map(entries) => {
            let entry =
                |entry: &Entry| format!("{}{space}:{space}{}", quoted(&entry.key), json(&entry.value, space));
            format!("{{{space}{}{space}}}", join(entries.iter().map(entry).collect()))
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 512, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_bytes(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
        read_or_refused(&String::from_utf8_lossy(&bytes));
    }

    #[test]
    fn any_signs(text in "[-\\[\\]{}:,&*!|>'\"%@#?<~ab01.eE\t\n ]{0,60}") {
        read_or_refused(&text);
    }

    #[test]
    fn any_damage(at in 0..SEED.len(), length in 0..12usize, put in "[-\\[\\]{}:,&*!|>'\"%#?\t\n a0]{0,3}") {
        let end = (at + length).min(SEED.len());
        read_or_refused(&format!("{}{put}{}", &SEED[..at], &SEED[end..]));
    }

    #[test]
    fn json_is_read_back(node in tree()) {
        for (space, name) in [("", "p.json"), (" ", "p.yaml"), ("\n\t", "p.json")] {
            let text = json(&node, space);
            let document = parse(&text, name).expect("parses");
            prop_assert!(document.root().same(&node), "{}", text);
        }
    }

    // A comment makes it YAML that is not JSON, so that the two readers can be compared.
    #[test]
    fn yaml_agrees_with_json(node in tree()) {
        let text = json(&node, " ") + "\n# not JSON\n";
        let document = parse(&text, "p.yaml").map_err(|problems| TestCaseError::fail(format!("{problems}\n{text}")))?;
        prop_assert!(document.root().same(&node), "{}", text);
    }
}
