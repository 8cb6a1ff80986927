//! Truths small and large.

use mts_core::{Edge, Graph, Truth};
use mts_hash::{Array, ArrayData, Map};
use mts_io::TruthFiles;

fn edges(count: usize) -> Graph {
    let edge = |i: usize| Edge { from: i % 50, to: i / 50, lag: i % 3, weight: 0.25 * i as f64 };
    Graph::Edges { nodes: 50, edges: (0..count).map(edge).collect() }
}

fn small() -> Truth {
    let mut truth = Truth::default();
    truth.scalar("radius", 0.5);
    truth.scalar("stabilised", [("after", 0.9), ("before", 1.25)].into_iter().collect::<Map>());
    truth.array("frequencies", &[2, 2], vec![0.0, -0.0, 5e-324, f64::INFINITY]);
    truth.array("scalar", &[], vec![1.5]);
    let blocks = Array::new(vec![3], ArrayData::Int(vec![0, -1, i64::MAX]));
    truth.arrays.insert("blocks".to_owned(), blocks.unwrap());
    let mask = Array::new(vec![1, 2], ArrayData::Bool(vec![true, false]));
    truth.arrays.insert("mask".to_owned(), mask.unwrap());
    truth.graph("all", Graph::Complete { nodes: 7 });
    truth.graph("circle", Graph::Ring { nodes: 7 });
    truth.graph("some", edges(256));
    truth.graph("none", edges(0));
    truth
}

#[test]
fn small_truths_are_text() {
    let truth = small();
    let files = TruthFiles::new(&truth).unwrap();
    assert_eq!(files.npz, None);
    assert_eq!(files.truth().unwrap(), truth);
    let text = TruthFiles::new(&Truth {
        graphs: [("g".to_owned(), edges(2))].into(),
        arrays: [("x".to_owned(), Array::from(vec![1.0, f64::NAN]))].into(),
        scalars: Map::from_iter([("b", 1), ("a", 2)]),
    });
    let expected = concat!(
        r#"{"arrays":{"x":[1.0,NaN]},"graphs":{"g":{"edges":[{"from":0,"lag":0,"to":0,"weight":0.0},"#,
        r#"{"from":1,"lag":1,"to":0,"weight":0.25}],"kind":"edges","nodes":50}},"scalars":{"a":2,"b":1}}"#,
        "\n"
    );
    assert_eq!(text.unwrap().json, expected);
}

#[test]
fn large_arrays_go_into_the_archive() {
    let mut truth = small();
    truth.array("large", &[5, 205], (0..1025).map(|i| 0.1 * f64::from(i)).collect());
    truth.array("limit", &[1024], vec![1.0; 1024]);
    truth.array("empty", &[0, 3], Vec::new());
    truth
        .arrays
        .insert("flags".to_owned(), Array::new(vec![2000], ArrayData::Bool(vec![true; 2000])).unwrap());
    truth.arrays.insert(
        "counts".to_owned(),
        Array::new(vec![1, 2, 600], ArrayData::Int((0..1200).collect())).unwrap(),
    );
    truth.graph("many", edges(257));
    let files = TruthFiles::new(&truth).unwrap();
    assert!(files.json.contains(r#""large":{"npz":"large","shape":[5,205]}"#));
    assert_eq!(files.truth().unwrap(), truth);
    assert_eq!(TruthFiles::new(&truth).unwrap(), files);
}

#[test]
fn edges_beyond_the_limit_are_arrays() {
    let truth = Truth { graphs: [("many".to_owned(), edges(2000))].into(), ..Truth::default() };
    let files = TruthFiles::new(&truth).unwrap();
    let expected = concat!(
        r#"{"arrays":{},"graphs":{"many":{"edges":{"from":{"npz":"many.from","shape":[2000]},"lag":{"npz":"many.lag","shape":[2000]},"#,
        r#""to":{"npz":"many.to","shape":[2000]},"weight":{"npz":"many.weight","shape":[2000]}},"kind":"edges","nodes":50}},"scalars":{}}"#,
        "\n"
    );
    assert_eq!(files.json, expected);
    assert_eq!(files.truth().unwrap(), truth);
}

#[test]
fn files_lie_side_by_side() {
    let folder = tempfile::tempdir().unwrap();
    let mut truth = small();
    truth.array("large", &[2000], vec![0.5; 2000]);
    let files = TruthFiles::new(&truth).unwrap();
    let path = crate::write(folder.path(), "x.truth.json", &files.json);
    let missing = TruthFiles::read(&path).unwrap().truth().unwrap_err().to_string();
    assert_eq!(missing, "array \"large\": its entry \"large\" is in an archive that is missing");
    crate::write(folder.path(), "x.truth.npz", files.npz.as_ref().unwrap());
    assert_eq!(TruthFiles::read(&path).unwrap().truth().unwrap(), truth);
}

#[test]
fn damage_is_refused() {
    let mut truth = small();
    truth.array("large", &[2000], vec![0.5; 2000]);
    let files = TruthFiles::new(&truth).unwrap();
    let npz = files.npz.clone().unwrap();
    for end in (0..npz.len()).step_by(97) {
        assert!(TruthFiles { npz: Some(npz[..end].to_vec()), ..files.clone() }.truth().is_err());
    }
    for at in 0..200 {
        let mut npz = npz.clone();
        npz[at] ^= 0x55;
        let _ = TruthFiles { npz: Some(npz), ..files.clone() }.truth();
    }
    for (from, to) in [
        ("[2000]", "[2001]"),
        ("[2000]", "[18446744073709551615]"),
        ("\"large\",", "\"larger\","),
        ("\"scalars\"", "\"scalar\""),
        ("\"nodes\":50", "\"nodes\":5"),
        ("\"kind\":\"ring\"", "\"kind\":\"star\""),
        ("[true,false]", "[true,0]"),
    ] {
        let json = files.json.replace(from, to);
        assert_ne!(json, files.json);
        assert!(TruthFiles { json, npz: files.npz.clone() }.truth().is_err(), "{to}");
    }
    let ragged = r#"{"arrays":{"x":[[1.0],[2.0,3.0]]},"graphs":{},"scalars":{}}"#;
    let error = TruthFiles { json: ragged.to_owned(), npz: None }.truth().unwrap_err().to_string();
    assert_eq!(error, "array \"x\": expected nested lists of numbers, of equal lengths");
}
