//! Every key and every value knows its line and column, in each notation.

use mts_config::{Node, Position, parse};

/// `path line:column` of all values, with `key@line:column` for keys.
fn places(text: &str, name: &str) -> Vec<String> {
    fn at(position: &Position) -> String {
        format!("{}:{}", position.line, position.column)
    }
    let document = parse(text, name).expect("parses");
    let mut all = Vec::new();
    document.root().walk("", &mut |path, node: &Node| {
        all.push(format!("{path} {}", at(&node.position)));
        for entry in node.as_map().unwrap_or_default() {
            all.push(format!("{}@{}", entry.key, at(&entry.key_position)));
        }
    });
    all
}

#[test]
fn block() {
    let text = "# comment\nmodel: ou\nsigma:\n  - 1\n  - 'é': x\n    \"b\": [7, 8]\nlast: |\n  text\n";
    assert_eq!(
        places(text, "a.yaml"),
        [
            " 2:1",
            "model@2:1",
            "sigma@3:1",
            "last@7:1",
            "model 2:8",
            "sigma 4:3",
            "sigma[0] 4:5",
            "sigma[1] 5:5",
            "é@5:5",
            "b@6:5",
            "sigma[1].é 5:10",
            "sigma[1].b 6:10",
            "sigma[1].b[0] 6:11",
            "sigma[1].b[1] 6:14",
            "last 8:3",
        ]
    );
}

#[test]
fn flow() {
    let text = "{model: ou,\n  'é é': [1, {b: 2}],\n c: }";
    assert_eq!(
        places(text, "a.yaml"),
        [
            " 1:1",
            "model@1:2",
            "é é@2:3",
            "c@3:2",
            "model 1:9",
            "[\"é é\"] 2:10",
            "[\"é é\"][0] 2:11",
            "[\"é é\"][1] 2:14",
            "b@2:15",
            "[\"é é\"][1].b 2:18",
            "c 3:3",
        ]
    );
}

#[test]
fn json() {
    let text = "{\n\t\"model\": \"ou\",\r\n\t\"é\": [1,\t-2.5e1, {\"b\":null}]\n}\n";
    let expected = [
        " 1:1",
        "model@2:2",
        "é@3:2",
        "model 2:11",
        "é 3:7",
        "é[0] 3:8",
        "é[1] 3:11",
        "é[2] 3:19",
        "b@3:20",
        "é[2].b 3:24",
    ];
    assert_eq!(places(text, "a.json"), expected);
    assert_eq!(places(text, "a.yaml"), expected);
}

#[test]
fn line_ends_and_byte_order_mark() {
    for text in ["a: 1\nb: 2\n", "a: 1\r\nb: 2\r\n", "\u{feff}a: 1\nb: 2", "a: 1\rb: 2"] {
        let expected = [" 1:1", "a@1:1", "b@2:1", "a 1:4", "b 2:4"];
        assert_eq!(places(text, "a.yaml"), expected, "{text:?}");
    }
    assert_eq!(places("\u{feff}{\"a\":1}", "a.json"), [" 1:1", "a@1:2", "a 1:6"]);
}

#[test]
fn aliases_and_merges_stand_where_they_were_written() {
    let text = "base: &b {x: 1, y: 2}\nown: {<<: *b, y: 3}\nagain: *b\n";
    let document = parse(text, "a.yaml").expect("parses");
    let own = document.root().get("own").expect("own");
    assert_eq!(own.describe(), "{x: 1, y: 3}");
    assert_eq!(own.get("x").expect("x").position.to_string(), "a.yaml:1:14");
    assert_eq!(own.get("y").expect("y").position.to_string(), "a.yaml:2:18");
    assert_eq!(own.position.line, 2);
    assert_eq!(document.root().get("again").expect("again").position.line, 1);
}

#[test]
fn merges_follow_pyyaml() {
    let text = "
- &a {p: 1, q: 1}
- &b {q: 2, r: 2}
- {s: 3, <<: [*a, *b], r: 3}
- {'<<': 1}
";
    let document = parse(text, "a.yaml").expect("parses");
    let items = document.root().as_list().expect("a list");
    // yaml.safe_load gives {'q': 1, 'r': 3, 'p': 1, 's': 3} for the third.
    assert_eq!(items[2].describe(), "{q: 1, r: 3, p: 1, s: 3}");
    assert_eq!(items[3].describe(), "{<<: 1}");
}
