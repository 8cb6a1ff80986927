//! `mts show`: what a model is.

use mts_config::nearest;
use mts_core::Entry;
use mts_engine::Engine;
use serde_json::{Value as Json, json};

use crate::args;
use crate::exit::Failure;
use crate::output::Output;
use crate::table::Table;

pub(crate) fn run(engine: &Engine, args: &args::Show, output: &mut Output) -> Result<(), Failure> {
    let entry = find(engine, &args.name)?;
    if output.json {
        let shape = entry.shape();
        output.print(json!({
            "name": entry.name(),
            "family": entry.family(),
            "summary": entry.summary(),
            "help": entry.help(),
            "shape": { "M": shape.channels(), "T": shape.steps(), "n_realizations": shape.realizations() },
            "schema": entry.schema(),
        }))?;
        return Ok(());
    }
    let title = format!("{} ({})", entry.name(), entry.family());
    output.print(format_args!("{title}\n\n{}\n\n{}", entry.help(), parameters(entry)))?;
    Ok(())
}

/// The model called `name`, or the nearest names.
pub(crate) fn find<'a>(engine: &'a Engine, name: &str) -> Result<&'a Entry, Failure> {
    engine.registry().get(&name.to_lowercase()).ok_or_else(|| {
        let hint = match nearest(name, engine.registry().names()) {
            Some(near) => format!("did you mean {near}?"),
            None => "`mts list` shows them all".to_owned(),
        };
        Failure::refused(format!("no model {name:?}\n  hint: {hint}"))
    })
}

fn parameters(entry: &Entry) -> Table {
    let mut table = Table::new(["parameter", "default", "meaning"]);
    let shape = entry.shape();
    let sizes = [
        ("M", shape.channels(), "Number of channels."),
        ("T", shape.steps(), "Number of time steps."),
        ("n_realizations", shape.realizations(), "Number of realizations."),
    ];
    for (name, default, meaning) in sizes {
        table.row([name.to_owned(), default.to_string(), meaning.to_owned()]);
    }
    let properties = entry.schema().get("properties").and_then(Json::as_object);
    for (name, property) in properties.into_iter().flatten() {
        let default = property.get("default").map_or(String::new(), Json::to_string);
        let meaning = property.get("description").and_then(Json::as_str).unwrap_or_default();
        let meaning = meaning.split_whitespace().collect::<Vec<_>>().join(" ");
        table.row([name.clone(), default, format!("{meaning}{}", choices(entry.schema(), property))]);
    }
    table
}

/// The words that a parameter takes, where it takes words.
fn choices(schema: &Json, property: &Json) -> String {
    let target = property.get("$ref").and_then(Json::as_str).and_then(|target| target.strip_prefix('#'));
    let resolved = target.and_then(|target| schema.pointer(target)).unwrap_or(property);
    let variants = resolved.get("oneOf").and_then(Json::as_array).into_iter().flatten();
    let words = variants.filter_map(|variant| variant.get("const")?.as_str());
    let listed = resolved.get("enum").and_then(Json::as_array).into_iter().flatten().filter_map(Json::as_str);
    let words: Vec<&str> = words.chain(listed).collect();
    if words.is_empty() { String::new() } else { format!(" One of {}.", words.join(", ")) }
}
