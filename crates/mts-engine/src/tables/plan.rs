//! From a document of tables to its one task.

use std::collections::BTreeMap;
use std::path::PathBuf;

use mts_config::kind::DocumentKind;
use mts_config::{Node, Problem, Problems, path, schema as check};
use mts_core::Relation;
use mts_hash::{Int, SeedSequence};
use mts_io::{SqliteSink, TableFormat};
use mts_tables::spec::Spec;
use mts_tables::{Database, Finding, Profile};

use super::format::{FORMATS, Output};
use super::parse::{self, Parsed};
use super::recipe::Recipe;
use super::schema;
use super::task::{Place, TablesTask};
use crate::artefacts::SQLITE;
use crate::message::told;
use crate::plan::Run;
use crate::{Plan, Request, entropy, json, parse_size, size as in_words};

/// The folder that is written below where nothing else is said.
const OUTDIR: &str = "data";

/// More rows than any table has, so that numbers of rows can be added and multiplied.
const MAX_ROWS: u64 = 1 << 48;

pub(super) fn plan(root: &Node, request: &Request) -> Result<Plan, Problems> {
    let mut problems = Problems::new();
    check::check(root, &schema::root(), "", &mut problems);
    unfit(request, &mut problems);
    let outputs = outputs(root, request, &mut problems);
    let memory = memory(root, request, &mut problems);
    let server = server(request, &outputs, &mut problems);
    let given = request.settings.seed.clone().or_else(|| json::unsigned(root.get("seed")?));
    let drawn = given.is_none();
    let entropy = given.map_or_else(entropy::draw, Ok)?;
    let (recipe, database) = recipe(root, request, &entropy, problems)?;
    if outputs.contains(&Output::Sqlite) {
        let relations: Vec<Relation> =
            database.tables().iter().map(|table| table.relation().clone()).collect();
        if let Err(error) = SqliteSink::check(&relations) {
            let problem = Problem::at(&root.position, "", told(&error.to_string()));
            return Err(problem.with_hint("another name or type, or another format").into());
        }
    }
    let outdir = request.settings.outdir.clone().or_else(|| Some(root.get("outdir")?.as_str()?.into()));
    let compression = request.compression.or_else(|| root.get("compression")?.as_str()?.parse().ok());
    let place = Place {
        position: root.position.clone(),
        outdir: outdir.unwrap_or_else(|| PathBuf::from(OUTDIR)),
        outputs: outputs.clone(),
        compression: compression.unwrap_or_default(),
        server,
    };
    let task = TablesTask::planned(recipe, database, place);
    if let Some(allowed) = memory.filter(|allowed| crate::Task::memory(&task) > *allowed) {
        let needed = in_words(crate::Task::memory(&task));
        let message = format!("needs {needed} of memory, and {} are allowed", in_words(allowed));
        return Err(Problem::at(&root.position, "", message).with_hint("more --memory").into());
    }
    let formats = Some(outputs.iter().map(|output| output.name()).collect());
    let run = Run { formats, shard: request.shard, memory };
    Plan::new(DocumentKind::Tables, vec![Box::new(task)], entropy, drawn, run)
}

/// What data follow from, and the tables: everything of a root whose own schema has passed that makes values.
pub(super) fn recipe(
    root: &Node,
    request: &Request,
    entropy: &Int,
    mut problems: Problems,
) -> Result<(Recipe, Database), Problems> {
    let Some(mut parsed) = parse::parse(root, &mut problems) else { return Err(problems) };
    if parsed.spec.tables.is_empty() {
        problems.push(Problem::at(&root.position, "tables", "there is none"));
    }
    names(root, &parsed, &mut problems);
    scale(&mut parsed.spec, request, &mut problems);
    parse::set_rows(&mut parsed.tables, &parsed.spec);
    if parsed.spec.tables.iter().any(|table| table.rows > MAX_ROWS) {
        return Err(problems);
    }
    let stated = root.get("profile").and_then(Node::as_str).and_then(|name| name.parse().ok());
    let profile = request.profile.or(stated).unwrap_or(Profile::Document);
    let database = match Database::new(&parsed.spec, &SeedSequence::new(entropy), profile) {
        Ok(database) => problems.into_result(database)?,
        Err(findings) => {
            findings.iter().for_each(|finding| problems.push(parsed.problem(finding, root)));
            return Err(problems);
        }
    };
    let recipe = Recipe {
        dataset: parsed.spec.dataset,
        entropy: entropy.clone(),
        profile,
        tables: parsed.tables,
        relationships: parsed.relationships,
    };
    Ok((recipe, database))
}

/// What tables have no use for.
fn unfit(request: &Request, problems: &mut Problems) {
    let settings = &request.settings;
    let wrong = [
        ("--n-realizations", settings.n_realizations.is_some()),
        ("--zscore", settings.zscore.is_some()),
        ("--zscore-axis", settings.zscore_axis.is_some()),
        ("--streams", settings.streams.is_some()),
        ("--dtype", settings.dtype.is_some()),
        ("--no-save", settings.save == Some(false)),
        ("--form", request.form.is_some()),
        ("--pack", request.pack.is_some()),
        ("--limit", request.limit.is_some()),
        ("--shard", request.shard.is_some()),
    ];
    for (option, _) in wrong.into_iter().filter(|(_, given)| *given) {
        problems.push(Problem::general(format!("{option} is for series, and the document describes tables")));
    }
}

/// Names become those of files, in any format, and no two the same.
fn names(root: &Node, parsed: &Parsed, problems: &mut Problems) {
    let named =
        parsed.spec.tables.iter().map(|table| (path::child("tables", &table.name), table.name.as_str()));
    let dataset = parsed.spec.dataset.as_str();
    let mut taken = BTreeMap::from([
        (format!("{dataset}.metadata.json").to_lowercase(), "the dataset's sidecar".to_owned()),
        (format!("{dataset}.{SQLITE}").to_lowercase(), "the dataset's database".to_owned()),
    ]);
    let mut wrong = |path: String, message: String| {
        let finding = Finding { path, message, hint: None };
        problems.push(parsed.problem(&finding, root));
    };
    if !is_file_name(dataset) {
        wrong("dataset".to_owned(), format!("{} cannot be the name of a file", shown(dataset)));
    }
    for (path, name) in named {
        if !is_file_name(name) {
            wrong(path, format!("{} cannot be the name of a file", shown(name)));
            continue;
        }
        let endings = TableFormat::ALL.iter().map(|format| format.extension()).chain(["truth.parquet"]);
        let files = endings.map(|ending| format!("{name}.{ending}")).chain([name.to_owned()]);
        let files: Vec<String> = files.map(|file| file.to_lowercase()).collect();
        if let Some((file, other)) = files.iter().find_map(|file| Some((file, taken.get(file)?))) {
            // Names that differ in their case alone are told of elsewhere.
            if other.to_lowercase() != format!("those of table {name}").to_lowercase() {
                wrong(path, format!("its files and {other} would have one name, {file}"));
            }
            continue;
        }
        taken.extend(files.into_iter().map(|file| (file, format!("those of table {name}"))));
    }
}

/// Whether all systems have files of such a name.
fn is_file_name(name: &str) -> bool {
    !name.is_empty()
        && !name.starts_with('.')
        && !name.contains(['/', '\\', ':', '*', '?', '"', '<', '>', '|'])
        && !name.chars().any(char::is_control)
        && !name.ends_with([' ', '.'])
        && name.len() <= 200
}

/// A name, not all of it where it is long.
fn shown(name: &str) -> String {
    match name.char_indices().nth(60) {
        Some((end, _)) => format!("{:?}…", &name[..end]),
        None => format!("{name:?}"),
    }
}

/// Rows as the request asks for them.
fn scale(spec: &mut Spec, request: &Request, problems: &mut Problems) {
    let largest = spec.tables.iter().map(|table| table.rows).max().unwrap_or_default();
    let factor = match (request.rows, request.scale) {
        (Some(_), Some(_)) => {
            problems.push(Problem::general("--rows and --scale say the same in two ways: give one"));
            return;
        }
        (Some(rows), None) if largest > 0 => rows as f64 / largest as f64,
        (None, Some(scale)) => scale,
        _ => 1.0,
    };
    for table in &mut spec.tables {
        let rows = (table.rows as f64 * factor).round_ties_even();
        if factor != 1.0 {
            // A table that has rows keeps some.
            table.rows = (rows as u64).max(u64::from(table.rows > 0));
        }
        if table.rows > MAX_ROWS {
            let message = format!("{}: {} rows, at most {MAX_ROWS} can be", table.name, table.rows);
            problems.push(Problem::general(message));
        }
    }
}

fn outputs(root: &Node, request: &Request, problems: &mut Problems) -> Vec<Output> {
    let stated = root.get("format").map(|node| node.as_list().unwrap_or(std::slice::from_ref(node)));
    let stated = stated.map(|items| items.iter().filter_map(Node::as_str).map(str::to_owned).collect());
    let mode = || Some(vec![root.get("output_mode")?.as_str()?.to_owned()]);
    let mut names: Vec<String> = request.formats.clone().or(stated).or_else(mode).unwrap_or_default();
    if request.settings.csv == Some(true) {
        names.push("csv".to_owned());
    }
    if names.is_empty() {
        names.push("parquet".to_owned());
    }
    let mut outputs = Vec::new();
    for name in names {
        match Output::named(&name) {
            Some(output) if outputs.contains(&output) => {}
            Some(output) => outputs.push(output),
            None => {
                let problem = Problem::general(format!("format {name}: tables are not written so"));
                problems
                    .push(problem.with_hint(format!("one of {}", FORMATS.map(|(name, _)| name).join(", "))));
            }
        }
    }
    outputs
}

/// The address of the server that tables go to.
fn server(request: &Request, outputs: &[Output], problems: &mut Problems) -> Option<String> {
    let wanted = outputs.contains(&Output::Postgres);
    if wanted && !cfg!(feature = "postgres") {
        let problem = Problem::general("format postgres: this program was built without it");
        problems.push(problem.with_hint("build it with `--features postgres`"));
    } else if wanted && request.url.is_none() {
        let problem = Problem::general("format postgres: nothing says where the server is");
        problems.push(problem.with_hint("--url postgres://user@host:5432/database"));
    } else if !wanted && request.url.is_some() {
        problems.push(Problem::general("--url is for --format postgres"));
    }
    request.url.clone().filter(|_| wanted)
}

fn memory(root: &Node, request: &Request, problems: &mut Problems) -> Option<u64> {
    if request.memory.is_some() {
        return request.memory;
    }
    let node = root.get("memory")?;
    let text = node.as_str().map_or_else(|| node.describe(), str::to_owned);
    parse_size(&text)
        .map_err(|error| {
            let message = format!("{error}, found {}", node.describe());
            problems.push(Problem::at(&node.position, "memory", message));
        })
        .ok()
}
