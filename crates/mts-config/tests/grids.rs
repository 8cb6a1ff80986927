//! Grids, against what PyMTS prints and by rule.

use mts_config::grid::{Takes, expand};
use mts_config::{Node, Problems, parse};

fn takes(key: &str) -> Takes {
    match key {
        "block_sizes" | "phi" | "Phi" | "Sigma" | "A" | "theta0" | "x0" => Takes::Array,
        "mu" | "theta" | "sigma" | "X0" | "S0" => Takes::Either,
        _ => Takes::Scalar,
    }
}

fn read(text: &str) -> Node {
    parse(text, "g.yaml").expect("parses").into_root()
}

fn expanded(text: &str) -> Vec<String> {
    let record = read(text);
    let grid = expand(&record, "", &takes).expect("expands");
    grid.iter().map(|record| record.node.describe()).collect()
}

fn refused(text: &str) -> Problems {
    let record = read(text);
    expand(&record, "configs[2]", &takes).map(|grid| grid.count()).expect_err("is refused")
}

#[test]
fn as_pymts() {
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/goldens/pymts_persistence.json");
    let text = std::fs::read_to_string(file).expect("goldens");
    let golden = parse(&text, "golden.json").expect("parses");
    let cases = golden.root().get("grid_expansion").expect("cases");
    let mut compared = 0;
    for case in cases.as_list().expect("cases") {
        let record = case.get("record").expect("record");
        let expected = case.get("expanded").and_then(Node::as_list).expect("expanded");
        if record.get("mu").and_then(Node::as_list).is_some_and(<[Node]>::is_empty) {
            // An empty list is refused here, and S0: [[1, 2]] is a vector.
            assert!(expand(record, "", &takes).is_err());
            continue;
        }
        let grid = expand(record, "", &takes).expect("expands");
        assert_eq!(grid.count(), expected.len() as u64);
        for (found, expected) in grid.iter().zip(expected) {
            assert!(found.node.same(expected), "{found:?}");
        }
        compared += 1;
    }
    assert_eq!(compared, 7);
}

#[test]
fn last_axis_is_fastest_and_axes_come_last() {
    assert_eq!(
        expanded("{M: [5, 8], model: k, T: 16, K: [0.5, 1.0]}"),
        [
            "{model: \"k\", T: 16, M: 5, K: 0.5}",
            "{model: \"k\", T: 16, M: 5, K: 1.0}",
            "{model: \"k\", T: 16, M: 8, K: 0.5}",
            "{model: \"k\", T: 16, M: 8, K: 1.0}",
        ]
    );
    assert_eq!(expanded("{}"), ["{}"]);
    assert_eq!(expanded("{T: [1]}"), ["{T: 1}"]);
}

#[test]
fn lists_by_what_the_key_takes() {
    for (text, expected) in [
        ("{mu: [0, 1]}", "[{mu: 0}, {mu: 1}]"),
        ("{phi: [0, 1]}", "[{phi: [0, 1]}]"),
        ("{phi: []}", "[{phi: []}]"),
        ("{mu: [[0, 1]]}", "[{mu: [0, 1]}]"),
        ("{mu: [[[0, 1]]]}", "[{mu: [[0, 1]]}]"),
        ("{mu: [[0], [1]]}", "[{mu: [[0], [1]]}]"),
        ("{mu: [0, [1]]}", "[{mu: [0, [1]]}]"),
        ("{dt: [[0, 1]]}", "[{dt: [[0, 1]]}]"),
        ("{phi: [[0, 1]]}", "[{phi: [[0, 1]]}]"),
        ("{transforms: [{a: 1}]}", "[{transforms: [{a: 1}]}]"),
        ("{model: [ar, ou]}", "[{model: [ar, ou]}]"),
        ("{model: {axis: [ar, ou]}}", "[{model: {axis: [ar, ou]}}]"),
        ("{seed: [true, null, x]}", "[{seed: true}, {seed: null}, {seed: x}]"),
        ("{mu: {axis: [[0, 1], 2]}}", "[{mu: [0, 1]}, {mu: 2}]"),
        ("{phi: {axis: [[0], [1]]}}", "[{phi: [0]}, {phi: [1]}]"),
        ("{graph: {axis: [{kind: ring}, 3]}}", "[{graph: {kind: ring}}, {graph: 3}]"),
        ("{mu: {value: [0, 1]}}", "[{mu: [0, 1]}]"),
        ("{mu: {value: [[0, 1]]}}", "[{mu: [[0, 1]]}]"),
        ("{mu: {value: []}}", "[{mu: []}]"),
        ("{mu: {value: 1, axis: [1]}}", "[{mu: {value: 1, axis: [1]}}]"),
    ] {
        let record = read(text);
        let grid = expand(&record, "", &takes).expect("expands");
        let expected = read(expected);
        let expected = expected.as_list().expect("a list");
        assert_eq!(grid.count(), expected.len() as u64, "{text}");
        for (found, expected) in grid.iter().zip(expected) {
            assert!(found.node.same(expected), "{text}: {found:?}");
        }
    }
}

#[test]
fn refuses_all_at_once_with_positions() {
    let problems = refused("mu: []\nx: {axis: []}\ny: {axis: 3}\nphi: []\nT: []");
    let text = problems.to_string();
    assert_eq!(problems.len(), 4, "{text}");
    assert!(text.contains("g.yaml:1:5: configs[2].mu: an empty list"), "{text}");
    assert!(text.contains("g.yaml:2:11: configs[2].x: an axis has no values"), "{text}");
    assert!(text.contains("g.yaml:3:11: configs[2].y: `axis` takes a list, found 3"), "{text}");
    assert!(refused("3").to_string().contains("a record must be a mapping, found 3"));
}

#[test]
fn counts_before_it_makes_anything() {
    let axis = |length: usize| format!("[{}]", vec!["0"; length].join(","));
    let large = format!("{{a: {}, b: {}, c: {}}}", axis(40), axis(50), axis(9000));
    let text = refused(&large).to_string();
    assert!(text.contains("40 x 50 x 9000 = 18000000 combinations"), "{text}");

    let many: String = (0..100).map(|key| format!("k{key}: [1, 2]\n")).collect();
    let text = refused(&many).to_string();
    assert!(text.contains("2 x 2 x 2 x 2 x 2 x 2 x 2 x 2 x … > 18446744073709551615"), "{text}");

    let record = read(&format!("{{a: {}, b: {}, c: [7]}}", axis(4000), axis(2500)));
    let grid = expand(&record, "r", &takes).expect("expands");
    assert_eq!(grid.count(), 10_000_000);
    assert_eq!(grid.axes().collect::<Vec<_>>(), [("a", 4000), ("b", 2500), ("c", 1)]);
    assert!(grid.get(9_999_999).is_some());
    assert!(grid.get(10_000_000).is_none());
}

#[test]
fn values_keep_their_own_positions() {
    let record = read("model: ou\nmu: [1,\n 2]\nT: 5\n");
    let grid = expand(&record, "configs[0]", &takes).expect("expands");
    let second = grid.get(1).expect("two records");
    assert_eq!(second.node.get("mu").expect("mu").position.to_string(), "g.yaml:3:2");
    assert_eq!(second.node.entry("mu").expect("mu").key_position.to_string(), "g.yaml:2:1");
    assert_eq!(second.position.to_string(), "g.yaml:1:1");
    assert_eq!((second.path.as_str(), second.axes), ("configs[0]", vec!["mu".to_owned()]));
}
