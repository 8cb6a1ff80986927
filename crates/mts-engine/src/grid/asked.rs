//! What the root of a document and the request ask of all records.

use std::path::PathBuf;

use mts_config::{Content, Node, Position, Problem, Problems, path, schema as check};
use mts_core::Registry;
use mts_core::transforms::Transform;
use mts_hash::Int;
use mts_io::{Compression, Form, Format};

use super::nested::is_below;
use super::plan::Unique;
use super::schema::{self, ROOT_KEYS};
use crate::{Dates, Request, Settings, Shares, entropy, json, parse_size};

/// What the root of a document and the request ask of all records.
pub(super) struct Asked {
    /// All models that a document can name.
    pub(super) registry: Registry,
    pub(super) document: Settings,
    /// By the request.
    pub(super) line: Settings,
    /// Where the document says what the steps stand for.
    pub(super) time_at: Option<Position>,
    pub(super) by_id: bool,
    pub(super) formats: Option<Vec<Format>>,
    pub(super) form: Form,
    /// Where the document says so, unless the request says otherwise.
    pub(super) form_at: Option<Position>,
    /// So many datasets in one file.
    pub(super) pack: Option<usize>,
    /// Bytes that a run may take, where somebody says so.
    pub(super) memory: Option<u64>,
    pub(super) compression: Compression,
    /// Whether NaN and infinities are kept.
    pub(super) nonfinite: bool,
    pub(super) entropy: Int,
    /// Whether nobody gave the entropy.
    pub(super) drawn: bool,
}

impl Asked {
    pub(super) fn new(
        registry: &Registry,
        root: &Node,
        request: &Request,
        unique: &mut Unique,
    ) -> Result<Self, Problems> {
        let rest = root_settings(root);
        let mut problems = Problems::new();
        check::check(&rest, &schema::root(), "", &mut problems);
        unique.extend(&problems);
        let is_told = problems.iter().any(|problem| is_below(&problem.path, "transforms"));
        let list = rest.get("transforms").filter(|_| !is_told);
        if let Some(Err(problem)) = list.map(|list| transforms(list, "transforms")) {
            unique.push(problem);
        }
        let document = settings(&rest);
        let given = request.settings.seed.clone().or_else(|| document.seed.clone());
        let drawn = given.is_none();
        let entropy = match given {
            Some(seed) => seed,
            None => entropy::draw()?,
        };
        Ok(Asked {
            registry: registry.clone(),
            line: request.settings.clone(),
            by_id: rest.get("seeding").and_then(Node::as_str) == Some("by_id"),
            formats: asked_for(request, unique).or_else(|| formats(&rest)),
            form: request.form.or_else(|| form(&rest)).unwrap_or_default(),
            form_at: rest.get("form").filter(|_| request.form.is_none()).map(|form| form.position.clone()),
            pack: request.pack.or_else(|| rest.get("pack").and_then(size)),
            memory: request.memory.or(memory(&rest, unique)),
            compression: request.compression.or_else(|| compression(&rest)).unwrap_or_default(),
            nonfinite: request.allow_nonfinite,
            time_at: rest.get("time").map(|time| time.position.clone()),
            document,
            entropy,
            drawn,
        })
    }
}

/// The root's own keys; those of a single record that stands at the root are left to the record.
fn root_settings(root: &Node) -> Node {
    let single = root.get("model").is_some() && root.get("configs").is_none();
    let entries = root.as_map().unwrap_or_default().iter();
    let kept = entries.filter(|entry| !single || ROOT_KEYS.contains(&entry.key.as_str()));
    Node::new(Content::Map(kept.cloned().collect()), root.position.clone())
}

/// The settings in a mapping that its schema has passed.
pub(super) fn settings(node: &Node) -> Settings {
    let flag = |key: &str| node.get(key).and_then(Node::as_bool);
    let word = |key: &str| node.get(key).and_then(Node::as_str);
    Settings {
        seed: node.get("seed").and_then(json::unsigned),
        n_realizations: node.get("n_realizations").and_then(size),
        zscore: flag("zscore"),
        zscore_axis: word("zscore_axis").and_then(|name| name.parse().ok()),
        transforms: node.get("transforms").and_then(|list| transforms(list, "").ok()),
        clean: flag("clean"),
        split: node.get("split").map(Shares::of),
        streams: word("streams").and_then(|name| name.parse().ok()),
        dtype: word("dtype").and_then(|name| name.parse().ok()),
        time: node.get("time").and_then(time),
        csv: flag("csv"),
        save: flag("save"),
        outdir: word("outdir").map(PathBuf::from),
    }
}

/// Transforms that their schema has passed.
pub(super) fn transforms(node: &Node, at: &str) -> Result<Vec<Transform>, Problem> {
    let schema = schema::transforms();
    let read = |(index, item): (usize, &Node)| {
        let here = path::item(at, index);
        let json = json::from_node(item, &schema["items"], &schema, &here)?;
        serde_json::from_value(json).map_err(|error| Problem::at(&item.position, &here, error.to_string()))
    };
    node.as_list().unwrap_or_default().iter().enumerate().map(read).collect()
}

fn time(node: &Node) -> Option<Dates> {
    let text = |key: &str| node.get(key)?.as_str().map(str::to_owned);
    Some(Dates { start: text("start")?, freq: text("freq")? })
}

fn form(root: &Node) -> Option<Form> {
    root.get("form")?.as_str()?.parse().ok()
}

/// A size, in words or as a number.
fn memory(root: &Node, problems: &mut Unique) -> Option<u64> {
    let node = root.get("memory")?;
    let text = node.as_str().map_or_else(|| node.describe(), str::to_owned);
    match parse_size(&text) {
        Ok(bytes) => Some(bytes),
        Err(error) => {
            problems.push(Problem::at(
                &node.position,
                "memory",
                format!("{error}, found {}", node.describe()),
            ));
            None
        }
    }
}

fn compression(root: &Node) -> Option<Compression> {
    root.get("compression")?.as_str()?.parse().ok()
}

pub(super) fn size(node: &Node) -> Option<usize> {
    usize::try_from(json::unsigned(node)?.to_u64()?).ok()
}

/// The formats of the request.
fn asked_for(request: &Request, problems: &mut Unique) -> Option<Vec<Format>> {
    let mut formats: Vec<Format> = Vec::new();
    for name in request.formats.as_ref()? {
        match name.parse() {
            Ok(format) if formats.contains(&format) => {}
            Ok(format) => formats.push(format),
            Err(()) => {
                let problem = Problem::general(format!("format {name}: series are not written so"));
                problems.push(problem.with_hint(format!("one of {}", Format::NAMES.join(", "))));
            }
        }
    }
    Some(formats)
}

fn formats(root: &Node) -> Option<Vec<Format>> {
    let node = root.get("format")?;
    let items = node.as_list().unwrap_or(std::slice::from_ref(node));
    let mut formats: Vec<Format> = Vec::new();
    for format in items.iter().filter_map(|item| item.as_str()?.parse().ok()) {
        if !formats.contains(&format) {
            formats.push(format);
        }
    }
    Some(formats)
}
