//! `mts describe`: what a document describes.

use std::fmt::Display;

use mts_engine::{Engine, Plan, size};
use mts_hash::Map;

use crate::args;
use crate::document::tell_seed;
use crate::exit::Failure;
use crate::listing::Listing;
use crate::output::{Output, count};
use crate::table::Table;

pub(crate) fn run(engine: &Engine, args: &args::Describe, output: &mut Output) -> Result<(), Failure> {
    let document = output.stage("read", |_| args.document.load())?;
    let plan = output.stage("plan", |_| engine.plan(&document, &args.requested.request()))?;
    drop(document);
    show(&plan, output)?;
    output.finish();
    Ok(())
}

/// Prints a plan: the very names and paths that a run writes.
pub(crate) fn show(plan: &Plan, output: &Output) -> Result<(), Failure> {
    tell_seed(plan, output);
    output.table_or_json(|| table(plan), || object(plan))?;
    let total = count(plan.len(), "dataset");
    output.say(format_args!("{total}, {} values, about {}", plan.values(), size(plan.disk())));
    Ok(())
}

fn table(plan: &Plan) -> Table {
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
    Listing::new(map, "datasets", || plan.tasks().map(|task| task.describe()))
}
