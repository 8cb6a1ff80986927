//! `mts list`: what there is.

use mts_engine::Engine;
use mts_hash::{Map, canonical_json};
use mts_io::Format;

use crate::args::{self, Listed};
use crate::exit::Failure;
use crate::output::Output;
use crate::table::Table;

pub(crate) fn run(engine: &Engine, args: &args::List, output: &mut Output) -> Result<(), Failure> {
    let (plural, entries): (&str, Vec<Vec<(&str, String)>>) = match args.what {
        Listed::Models => ("models", models(engine)),
        Listed::Formats => ("formats", formats()),
        Listed::Kinds => ("kinds", kinds(engine)),
    };
    let table = || {
        let mut table = match args.what {
            Listed::Models => Table::new(["name", "family", "summary"]),
            Listed::Formats | Listed::Kinds => Table::new(["name", "", "summary"]),
        };
        for entry in &entries {
            let cell = |key: &str| entry.iter().find(|(name, _)| *name == key).map(|(_, text)| text.clone());
            let middle = cell("family").or_else(|| cell("extension")).unwrap_or_default();
            table.row([cell("name").unwrap_or_default(), middle, cell("summary").unwrap_or_default()]);
        }
        table
    };
    output.table_or_json(table, || {
        let items = entries
            .iter()
            .map(|entry| entry.iter().map(|(key, text)| (*key, text.as_str())).collect::<Map>());
        let mut map = Map::new();
        map.insert(plural, items.collect::<Vec<Map>>());
        canonical_json(&map.into())
    })?;
    Ok(())
}

fn models(engine: &Engine) -> Vec<Vec<(&'static str, String)>> {
    let entry = |entry: &mts_core::Entry| {
        vec![
            ("name", entry.name().to_owned()),
            ("family", entry.family().to_owned()),
            ("summary", entry.summary()),
        ]
    };
    engine.registry().iter().map(entry).collect()
}

fn formats() -> Vec<Vec<(&'static str, String)>> {
    let known = Format::ALL.iter().copied();
    let entry = |format: Format| {
        vec![
            ("name", format.name().to_owned()),
            ("extension", format!(".{}", format.extension())),
            ("summary", format.summary().to_owned()),
        ]
    };
    known.map(entry).collect()
}

fn kinds(engine: &Engine) -> Vec<Vec<(&'static str, String)>> {
    let entry = |kind: &dyn mts_engine::Kind| {
        vec![("name", kind.kind().name().to_owned()), ("summary", kind.summary().to_owned())]
    };
    engine.kinds().map(entry).collect()
}
