//! No law is forgotten: the tables cover what the source of `mts-rng` has.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use super::FAMILIES;

const SOURCE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../mts-rng/src");

/// Methods of `Rng` that are no draws.
const NOT_DRAWS: [&str; 6] = ["new", "from_seed", "from_state", "state", "set_state", "advance"];

fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(files(&path));
        } else {
            found.push(path);
        }
    }
    found
}

fn word(text: &str) -> String {
    text.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect()
}

/// What implements `Law` or `VectorLaw`, by hand or by a macro whose name ends in `law`.
fn laws() -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for file in files(&Path::new(SOURCE).join("laws")) {
        let text = fs::read_to_string(file).unwrap();
        for line in text.lines().filter(|line| !line.starts_with(char::is_whitespace)) {
            let by_macro = line.split_once("law!(").map(|(_, rest)| rest);
            let by_hand = line.strip_prefix("impl Law for ").or(line.strip_prefix("impl VectorLaw for "));
            found.extend(by_macro.or(by_hand).map(word));
        }
    }
    found
}

/// Public methods of `Rng`, bulk forms counted with the single ones.
fn methods() -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for file in files(Path::new(SOURCE)) {
        let text = fs::read_to_string(file).unwrap();
        let mut inside = false;
        for line in text.lines() {
            inside = line == "impl Rng {" || inside && line != "}";
            let Some(method) = line.strip_prefix("    pub fn ").filter(|_| inside) else { continue };
            let name = word(method);
            let name = name.strip_prefix("fill_").unwrap_or(&name);
            if !NOT_DRAWS.contains(&name) {
                found.insert(name.to_owned());
            }
        }
    }
    found
}

#[test]
fn every_law_has_a_row() {
    let covered: BTreeSet<String> =
        FAMILIES.iter().flat_map(|rows| rows()).map(|row| row.covers.to_owned()).collect();
    let (laws, methods) = (laws(), methods());
    assert!(laws.len() >= 32 && methods.len() >= 21, "the source was not read: {laws:?} {methods:?}");
    let mut needed: BTreeSet<String> = laws.into_iter().chain(methods).collect();
    needed.insert("keyed".to_owned());
    let missing: Vec<_> = needed.difference(&covered).collect();
    let unknown: Vec<_> = covered.difference(&needed).collect();
    assert!(missing.is_empty() && unknown.is_empty(), "without a row: {missing:?}; unknown: {unknown:?}");
}

#[test]
fn every_law_that_is_public_is_among_them() {
    let list = fs::read_to_string(Path::new(SOURCE).join("laws/mod.rs")).unwrap();
    let exported = list.lines().filter_map(|line| line.strip_prefix("pub use ")).flat_map(|line| {
        let names = line.split_once("::").unwrap().1.trim_matches(['{', '}', ';']);
        names.split(", ").map(word).collect::<Vec<_>>()
    });
    let exported: BTreeSet<String> = exported.filter(|name| name != "LawError").collect();
    assert_eq!(exported, laws());
}
