//! The crates use each other as `docs` says, and nothing else.

use std::collections::{BTreeMap, BTreeSet};

use cargo_metadata::{DependencyKind, MetadataCommand};

/// Who may use whom; the order of the README's table.
const ALLOWED: [(&str, &[&str]); 11] = [
    ("mts-hash", &[]),
    ("mts-rng", &["mts-hash"]),
    ("mts-core", &["mts-hash", "mts-rng"]),
    ("mts-config", &[]),
    ("mts-models", &["mts-core", "mts-rng"]),
    ("mts-tables", &["mts-core", "mts-hash", "mts-rng"]),
    ("mts-io", &["mts-core", "mts-hash"]),
    ("mts-plot", &["mts-core"]),
    ("mts-statistics", &["mts-rng"]),
    ("mts-engine", &["mts-config", "mts-core", "mts-hash", "mts-io", "mts-rng", "mts-tables"]),
    (
        "mts-cli",
        &[
            "mts-config",
            "mts-core",
            "mts-engine",
            "mts-hash",
            "mts-io",
            "mts-models",
            "mts-plot",
            "mts-rng",
            "mts-tables",
        ],
    ),
];

/// Crates that only these may use.
const RESERVED: [(&str, &[&str]); 15] = [
    ("clap", &["mts-cli"]),
    ("parquet", &["mts-io"]),
    ("arrow-array", &["mts-io", "mts-tables", "mts-engine"]),
    ("arrow-buffer", &["mts-io", "mts-tables"]),
    ("arrow-ipc", &["mts-io"]),
    ("arrow-schema", &["mts-io", "mts-tables", "mts-engine"]),
    ("arrow-select", &["mts-io", "mts-tables"]),
    ("object_store", &["mts-io"]),
    ("rusqlite", &["mts-io"]),
    ("tokio-postgres", &["mts-io"]),
    ("statrs", &["mts-statistics"]),
    ("granit-parser", &["mts-config"]),
    ("tiny-skia", &["mts-plot"]),
    ("skrifa", &["mts-plot"]),
    ("rustix", &["mts-io", "mts-engine"]),
];

fn dependencies() -> BTreeMap<String, BTreeSet<String>> {
    let manifest = concat!(env!("CARGO_MANIFEST_DIR"), "/../Cargo.toml");
    let metadata = MetadataCommand::new().manifest_path(manifest).no_deps().exec().unwrap();
    let normal = |package: &cargo_metadata::Package| {
        let used = package.dependencies.iter().filter(|d| d.kind == DependencyKind::Normal);
        used.map(|dependency| dependency.name.clone()).collect()
    };
    metadata.packages.iter().map(|package| (package.name.to_string(), normal(package))).collect()
}

#[test]
fn crates_use_only_those_below_them() {
    let dependencies = dependencies();
    for (name, allowed) in ALLOWED {
        let ours: BTreeSet<&str> =
            dependencies[name].iter().map(String::as_str).filter(|name| name.starts_with("mts-")).collect();
        let allowed: BTreeSet<&str> = allowed.iter().copied().collect();
        assert!(ours.is_subset(&allowed), "{name} uses {ours:?}");
    }
    assert_eq!(dependencies.len(), ALLOWED.len() + 1, "a new crate needs a line here, and in the README");
}

#[test]
fn heavy_crates_stay_where_they_belong() {
    let dependencies = dependencies();
    for (reserved, users) in RESERVED {
        for (name, used) in dependencies.iter().filter(|(name, _)| *name != "mts-tests") {
            assert!(!used.contains(reserved) || users.contains(&name.as_str()), "{name} uses {reserved}");
        }
    }
}

#[test]
fn mts_hash_stays_tiny() {
    let manifest = concat!(env!("CARGO_MANIFEST_DIR"), "/../crates/mts-hash/Cargo.toml");
    let tree = std::process::Command::new(env!("CARGO"))
        .args(["tree", "--offline", "--edges", "normal", "--prefix", "none", "--manifest-path", manifest])
        .output()
        .unwrap();
    let tree = String::from_utf8(tree.stdout).unwrap();
    let crates: BTreeSet<&str> = tree.lines().filter_map(|line| line.split_whitespace().next()).collect();
    assert!((2..=12).contains(&crates.len()), "{crates:?}");
}
