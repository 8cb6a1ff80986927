//! `mts show`: what a model is.

use std::fmt;

use mts_config::nearest;
use mts_core::{Channels, Entry, Facts, Holds, Series, SlabSource, Streams, TimeAxis};
use mts_engine::Engine;
use mts_hash::SeedSequence;
use serde_json::{Value as Json, json};

use crate::args;
use crate::exit::Failure;
use crate::output::Output;
use crate::table::Table;

pub(crate) fn run(engine: &Engine, args: &args::Show, output: &mut Output) -> Result<(), Failure> {
    let entry = find(engine, &args.name)?;
    let example = example(entry);
    if args.example {
        output.print(example.trim_end())?;
        return Ok(());
    }
    let known = Known::of(entry)?;
    if output.json {
        let shape = entry.shape();
        output.print(json!({
            "name": entry.name(),
            "family": entry.family(),
            "summary": entry.summary(),
            "help": entry.help(),
            "shape": { "M": shape.channels(), "T": shape.steps(), "n_realizations": shape.realizations() },
            "facts": known.to_json(),
            "example": example,
            "schema": entry.schema(),
        }))?;
        return Ok(());
    }
    let title = format!("{} ({})", entry.name(), entry.family());
    let (help, parameters) = (entry.help(), parameters(entry));
    let try_it = format!("Example, as it runs (mts show {} --example | mts generate -):", entry.name());
    output.print(format_args!(
        "{title}\n\n{help}\n\n{parameters}\n\n{known}\n\n{try_it}\n\n{}",
        example.trim_end()
    ))?;
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
        let default = property.get("default").map_or(String::new(), default);
        let meaning = property.get("description").and_then(Json::as_str).unwrap_or_default();
        let meaning = meaning.split_whitespace().collect::<Vec<_>>().join(" ");
        let more = choices(entry.schema(), property);
        table.row([name.clone(), default, format!("{meaning}{more}{}", several(property))]);
    }
    table
}

/// A default as a document may have it: numbers of many channels without the tag of an array.
fn default(value: &Json) -> String {
    let value = value.get("$array").unwrap_or(value);
    value.to_string().replace(',', ", ")
}

/// What a model is with its defaults.
struct Known {
    channels: String,
    facts: Facts,
    /// Names of what the truth holds.
    truth: Vec<String>,
}

impl Known {
    fn of(entry: &Entry) -> Result<Self, Failure> {
        let shape = entry.shape();
        let model = entry.build(json!({}), shape).map_err(|problems| {
            Failure::refused(format!("{} does not take its defaults: {problems}", entry.name()))
        })?;
        let facts = model.facts();
        let head = Series::new(model, SeedSequence::new(0_u64), Streams::Shared).head().clone();
        let truth = head.truth.unwrap_or_default();
        let graphs = truth.graphs.keys().map(|name| format!("{name} (graph)"));
        let scalars = truth.scalars.iter().map(|(name, _)| name.to_owned());
        let truth = graphs.chain(truth.arrays.keys().cloned()).chain(scalars).collect();
        let channels = match entry.channels() {
            Channels::Any => "known by their numbers".to_owned(),
            Channels::Named(names) => names.join(", "),
            Channels::PerNode(names) => {
                let all: Vec<String> = names.iter().map(|name| format!("{name}0, {name}1 …")).collect();
                format!("{} per node: {}", names.len(), all.join(", "))
            }
        };
        Ok(Known { channels, facts, truth })
    }

    fn time(&self) -> String {
        match self.facts.time {
            TimeAxis::Seconds { dt } => format!("seconds, {dt} per step"),
            TimeAxis::Steps | TimeAxis::Instants(_) => "steps".to_owned(),
        }
    }

    fn to_json(&self) -> Json {
        json!({
            "channels": self.channels,
            "time": self.time(),
            "truth": self.truth,
            "labelled": self.facts.labelled,
            "interventions": self.facts.interventions != Holds::Nothing,
            "whole_path": self.facts.whole_path,
            "nanoseconds_per_value": self.facts.cost,
        })
    }
}

impl fmt::Display for Known {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let truth = if self.truth.is_empty() {
            "nothing beside the parameters".to_owned()
        } else {
            self.truth.join(", ")
        };
        let mut table = Table::new(["facts", ""]);
        table.row(["channels".to_owned(), self.channels.clone()]);
        table.row(["time".to_owned(), self.time()]);
        table.row(["truth".to_owned(), truth]);
        let yes =
            |holds: bool, words: &str, otherwise: &str| if holds { words } else { otherwise }.to_owned();
        let labels = yes(self.facts.labelled, "what happens along time is told", "none of its own");
        table.row(["labels".to_owned(), labels]);
        let held = yes(self.facts.interventions != Holds::Nothing, "channels can be held by `do`", "no");
        table.row(["interventions".to_owned(), held]);
        let path = yes(self.facts.whole_path, "grows with the length: paths are made as a whole", "constant");
        table.row(["memory".to_owned(), path]);
        table.row(["speed".to_owned(), format!("about {:.1} ns per value", self.facts.cost)]);
        write!(f, "{table}")
    }
}

/// A document of this model: its shape, and the first parameters that are single numbers or words.
fn example(entry: &Entry) -> String {
    let shape = entry.shape();
    let mut record =
        format!("  - model: {}\n    M: {}\n    T: {}\n", entry.name(), shape.channels(), shape.steps());
    let properties = entry.schema().get("properties").and_then(Json::as_object);
    let single = properties.into_iter().flatten().filter_map(|(name, property)| {
        let default = property.get("default")?;
        (default.is_number() || default.is_string()).then(|| format!("    {name}: {default}\n"))
    });
    record.extend(single.take(EXAMPLE_PARAMETERS));
    format!("seed: 1\nconfigs:\n{record}")
}

/// Parameters that an example names.
const EXAMPLE_PARAMETERS: usize = 4;

/// How a parameter that may be one number is given several, where it may.
fn several(property: &Json) -> &'static str {
    let types = property.get("type").and_then(Json::as_array);
    let takes = |name: &str| types.is_some_and(|types| types.contains(&name.into()));
    let is_array = property.get("x-mts-array").is_some();
    if takes("number") && takes("array") && !is_array {
        " Several as {value: […]}: a list by itself is an axis."
    } else {
        ""
    }
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
