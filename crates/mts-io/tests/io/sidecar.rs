//! Sidecars.

use mts_hash::{Map, Value, canonical_json, parse};
use mts_io::{About, AboutSeries, Artefact, Digest, Form, Sidecar};

fn sidecar() -> Sidecar {
    Sidecar {
        about: About::Series(Box::new(AboutSeries {
            config_id: "ou_M2__5600ad7a".to_owned(),
            slug: "ou_M2".to_owned(),
            hash8: "5600ad7a".to_owned(),
            model: "ou".to_owned(),
            n_realizations: 1,
            params: Map::from_iter([
                ("M", Value::from(2)),
                ("theta", vec![0.5, 1e-7].into()),
                ("x0", Value::Null),
            ]),
            storage_dir: "out/ou".to_owned(),
            zscore: false,
            zscore_axis: "time".to_owned(),
            split: None,
            attributes: Map::from_iter([("dt", 0.1)]),
        })),
        seed_entropy: "340282366920938463463374607431768211456".parse().unwrap(),
        data_id: "00c0ffee".to_owned(),
        recipe: Map::from_iter([("engine", 1)]).into(),
        artefacts: vec![Artefact {
            file: "ou_M2__5600ad7a.parquet".to_owned(),
            format: "parquet".to_owned(),
            form: Form::Long,
            digest: Digest { bytes: 4096, sha256: "ab".repeat(32) },
        }],
    }
}

#[test]
fn round_trip() {
    let text = sidecar().to_text();
    assert!(text.ends_with("}\n") && !text.contains(' '));
    assert_eq!(canonical_json(&parse(&text).unwrap()) + "\n", text);
    assert_eq!(Sidecar::from_text(&text).unwrap(), sidecar());
    let more = text.replacen('{', r#"{"a later key":[1],"#, 1);
    assert_eq!(Sidecar::from_text(&more).unwrap(), sidecar());
}

#[test]
fn its_keys_hold_those_of_the_reference() {
    let text = sidecar().to_text();
    let root = parse(&text).unwrap();
    for key in "config_id hash8 model n_realizations params seed_entropy slug storage_dir zscore zscore_axis"
        .split(' ')
    {
        assert!(root.get(key).is_some(), "{key}");
    }
}

#[test]
fn wrong_keys_are_named() {
    let text = sidecar().to_text();
    for (from, to, expected) in [
        ("\"zscore\":false", "\"zscore\":0", "zscore must be true or false, found 0"),
        ("\"slug\"", "\"slag\"", "the key slug is missing"),
        ("4096", "-1", "artefacts[0].bytes must be an integer from 0 to 2⁶⁴-1, found -1"),
        ("\"sha256\"", "\"sha\"", "the key artefacts[0].sha256 is missing"),
        ("\"attributes\":{\"dt\":0.1}", "\"attributes\":[]", "attributes must be a mapping, found []"),
        ("{", "[", "this is no JSON: expected `,` or `]` at byte 12"),
    ] {
        let changed = text.replacen(from, to, 1);
        assert_ne!(changed, text);
        assert_eq!(Sidecar::from_text(&changed).unwrap_err().to_string(), expected);
    }
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("x.metadata.json");
    let missing = Sidecar::read(&path).unwrap_err().to_string();
    assert_eq!(missing, format!("{}: there is no such file or folder", path.display()));
}
