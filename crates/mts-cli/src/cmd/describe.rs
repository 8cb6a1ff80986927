//! `mts describe`: what a document describes.

use std::fmt::Display;

use mts_config::kind::DocumentKind;
use mts_engine::{Engine, Plan, size};
use mts_hash::Map;

use crate::args;
use crate::cmd::relations;
use crate::document::tell_seed;
use crate::exit::Failure;
use crate::listing::Listing;
use crate::output::{Output, count};
use crate::table::Table;

pub(crate) fn run(engine: &Engine, args: &args::Describe, output: &mut Output) -> Result<(), Failure> {
    let document = output.stage("read", |_| args.document.load())?;
    let mut request = args.requested.request();
    let is_diagram = request.formats.as_deref().is_some_and(|formats| formats == [MERMAID]);
    if is_diagram {
        request.formats = None;
    }
    let plan = output.stage("plan", |_| engine.plan(&document, &request))?;
    drop(document);
    if is_diagram && plan.kind() != DocumentKind::Tables {
        return Err(Failure::refused("--format mermaid draws tables, and the document describes series"));
    }
    if is_diagram {
        output.print(relations::mermaid(&plan).trim_end())?;
    } else {
        show(&plan, output)?;
    }
    output.finish();
    Ok(())
}

/// Prints a plan: the very names and paths that a run writes.
pub(crate) fn show(plan: &Plan, output: &Output) -> Result<(), Failure> {
    tell_seed(plan, output);
    output.table_or_json(|| table(plan), || object(plan))?;
    let (total, cells) = match plan.kind() {
        DocumentKind::Tables => (count(relations::count(plan), "table"), "cells"),
        _ => (count(plan.len(), "dataset"), "values"),
    };
    relations::places(plan).into_iter().for_each(|place| output.say(place));
    relations::consequences(plan).into_iter().for_each(|told| output.say(told));
    output.say(format_args!("{total}, {} {cells}, about {}", plan.values(), size(plan.disk())));
    tell_cost(plan, output);
    Ok(())
}

/// Announces work that nobody would expect to wait for: steps that are thrown away are in no count of values.
pub(crate) fn tell_cost(plan: &Plan, output: &Output) {
    let seconds = plan.cost().as_secs();
    let (number, unit) = match seconds {
        0..60 => return,
        60..7200 => (seconds / 60, "minutes"),
        7200..172_800 => (seconds / 3600, "hours"),
        172_800..63_072_000 => (seconds / 86_400, "days"),
        _ => (seconds / 31_536_000, "years"),
    };
    output.say(format_args!("some {number} {unit} of one core"));
}

/// The format of diagrams.
pub(crate) const MERMAID: &str = "mermaid";

fn table(plan: &Plan) -> Table {
    if plan.kind() == DocumentKind::Tables {
        return relations::table(plan);
    }
    let mut table = Table::new(["#", "M×T×R", "bytes", "seed path", "path"]);
    for (i, task) in plan.tasks().enumerate() {
        let facts = task.describe();
        let number = |key: &str| facts.get(key).map(mts_hash::canonical_json).unwrap_or_default();
        let shape = format!("{}×{}×{}", number("channels"), number("steps"), number("realizations"));
        let seed = format!("{} {}", number("entropy"), number("spawn_key"));
        let bytes = if task.formats().is_empty() { "not saved".to_owned() } else { size(task.disk()) };
        table.row([(i + 1).to_string(), shape, bytes, seed, task.location().display().to_string()]);
    }
    table
}

fn object(plan: &Plan) -> impl Display {
    let mut map = Map::new();
    map.insert("kind", plan.kind().name());
    map.insert("entropy", plan.entropy().clone());
    map.insert("values", plan.values());
    map.insert("bytes", plan.disk());
    map.insert("core_seconds", plan.cost().as_secs_f64().round());
    Listing::new(map, "datasets", || plan.tasks().map(|task| task.describe()))
}
