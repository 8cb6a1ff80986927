//! `mts list`: what there is.

use std::collections::BTreeMap;

use mts_engine::Engine;
use mts_hash::{Map, canonical_json};
use mts_io::Format;
use mts_tables::spec::Kind;
use mts_tables::words::Provider;

use crate::args::{self, Listed};
use crate::exit::Failure;
use crate::output::Output;
use crate::table::Table;

pub(crate) fn run(engine: &Engine, args: &args::List, output: &mut Output) -> Result<(), Failure> {
    let (plural, entries): (&str, Vec<Vec<(&str, String)>>) = match args.what {
        Listed::Models => ("models", models(engine)),
        Listed::Formats => ("formats", formats()),
        Listed::Kinds => ("kinds", kinds(engine)),
        Listed::Columns => ("columns", columns()),
        Listed::Functions => ("functions", functions()),
    };
    let table = || {
        let mut table = Table::new(["name", "", "summary"]);
        for entry in &entries {
            let cell = |key: &str| entry.iter().find(|(name, _)| *name == key).map(|(_, text)| text.clone());
            let middle = cell("extension").unwrap_or_default();
            table.row([cell("name").unwrap_or_default(), middle, cell("summary").unwrap_or_default()]);
        }
        table
    };
    if let (Listed::Models, false) = (args.what, output.json) {
        output.print(by_family(engine))?;
        return Ok(());
    }
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

/// All models, those of a family together.
fn by_family(engine: &Engine) -> String {
    let mut families: BTreeMap<&str, Vec<&mts_core::Entry>> = BTreeMap::new();
    for entry in engine.registry().iter() {
        families.entry(entry.family()).or_default().push(entry);
    }
    let width = engine.registry().names().map(str::len).max().unwrap_or_default();
    let line = |entry: &&mts_core::Entry| format!("  {:width$}  {}\n", entry.name(), entry.summary());
    let family = |(name, entries): (&&str, &Vec<&mts_core::Entry>)| {
        format!("{name}\n{}", entries.iter().map(line).collect::<String>())
    };
    families.iter().map(family).collect::<Vec<_>>().join("\n").trim_end().to_owned()
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
    let tables = mts_engine::tables::FORMATS.into_iter();
    let tables = tables.filter(|(name, _)| !Format::NAMES.contains(name)).map(|(name, summary)| {
        vec![
            ("name", name.to_owned()),
            ("extension", format!(".{name}")),
            ("summary", format!("Tables alone: {summary}")),
        ]
    });
    known.map(entry).chain(tables).collect()
}

/// Types of columns.
fn columns() -> Vec<Vec<(&'static str, String)>> {
    let own = Kind::NAMES.iter().copied().zip(Kind::SUMMARIES.iter().copied());
    let words = Provider::ALL.iter().map(|provider| (provider.name(), provider.summary()));
    own.chain(words)
        .map(|(name, summary)| vec![("name", name.to_owned()), ("summary", summary.trim().to_owned())])
        .collect()
}

/// What expressions of computed columns can call.
fn functions() -> Vec<Vec<(&'static str, String)>> {
    let entry =
        |(name, summary): (&str, &str)| vec![("name", name.to_owned()), ("summary", summary.to_owned())];
    mts_tables::functions().map(entry).collect()
}

fn kinds(engine: &Engine) -> Vec<Vec<(&'static str, String)>> {
    let entry = |kind: &dyn mts_engine::Kind| {
        vec![("name", kind.kind().name().to_owned()), ("summary", kind.summary().to_owned())]
    };
    engine.kinds().map(entry).collect()
}
