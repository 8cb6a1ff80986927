//! Documents made of several files.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::file::{missing, read_text};
use crate::limits::{Budget, MAX_INCLUDE_DEPTH};
use crate::mapping::Layers;
use crate::{Content, Document, Entry, Node, Position, Problem, Problems, document};

/// Reads the document in the file at `path` and all that it includes.
///
/// `include: file` or `include: [file, …]` at the root names documents relative to the file that it
/// stands in, inside the folder of `path` and below; a symbolic link does not lead out of it. The
/// keys of an included document lie below those of the including one, which wins; of two included
/// documents the later one wins. `configs` are joined, the included ones first. An included list of
/// records is its `configs`.
///
/// # Errors
/// A file that cannot be read, is not text, or is too large; all problems of the documents; includes
/// that lead outside, in a circle, or too deep.
pub fn load(path: &Path) -> Result<Document, Problems> {
    let name: Arc<str> = Arc::from(path.to_string_lossy());
    let mut budget = Budget::new();
    let text = read_text(path, &name, budget.text_left())?;
    budget.text(text.len() as u64).map_err(Problem::general)?;
    let root = document::read(&text, &name, &mut budget)?;
    drop(text);
    if root.entry("include").is_none() {
        return Ok(Document::new(root, vec![name]));
    }
    let cannot = |error| Problem::general(format!("{name}: cannot be resolved: {error}"));
    let file = fs::canonicalize(path).map_err(cannot)?;
    let mut loader = Loader {
        tree: folder_of(&file),
        shown: folder_of(path),
        budget,
        files: vec![name.clone()],
        chain: vec![(file, name)],
    };
    let root = loader.resolve(root)?;
    Ok(Document::new(root, loader.files))
}

struct Loader {
    /// The folder that no include may leave, without links.
    tree: PathBuf,
    /// The same folder as the user named it.
    shown: PathBuf,
    budget: Budget,
    files: Vec<Arc<str>>,
    /// The files being read, each included by the one before it.
    chain: Vec<(PathBuf, Arc<str>)>,
}

impl Loader {
    fn resolve(&mut self, root: Node) -> Result<Node, Problems> {
        let Content::Map(mut own) = root.content else {
            return Ok(root);
        };
        let Some(slot) = own.iter().position(|entry| entry.key == "include") else {
            return Ok(Node::new(Content::Map(own), root.position));
        };
        let wanted = own.remove(slot).value;
        let mut problems = Problems::new();
        let mut layers = Layers::default();
        let mut configs = Configs::default();
        for name in listed(&wanted)? {
            match self.included(name) {
                Ok(entries) => configs.split_off(entries, &mut layers, &mut problems),
                Err(others) => problems.append(others),
            }
        }
        if configs.found.is_some() {
            configs.split_off(own, &mut layers, &mut problems);
        } else {
            layers.put_all(own);
        }
        let mut entries = layers.into_entries();
        entries.extend(configs.found);
        problems.into_result(Node::new(Content::Map(entries), root.position))
    }

    /// The keys of the document that `name` names.
    fn included(&mut self, name: &Node) -> Result<Vec<Entry>, Problems> {
        let position = &name.position;
        let refused = |message: String| Problem::at(position, "include", message);
        let path = name.as_str().unwrap_or_default();
        self.budget.include().map_err(refused)?;
        if self.chain.len() > MAX_INCLUDE_DEPTH {
            let message = format!("more than {MAX_INCLUDE_DEPTH} includes inside each other");
            return Err(refused(message).into());
        }
        let file = self.locate(path, position)?;
        let shown = file.strip_prefix(&self.tree).unwrap_or(&file);
        let shown = self.shown.join(shown).to_string_lossy().into_owned();
        self.refuse_circle(&file, &shown, position)?;

        let text = read_text(&file, &shown, self.budget.text_left());
        let text = text.map_err(|problem| placed(problem, position))?;
        self.budget.text(text.len() as u64).map_err(refused)?;
        let shown: Arc<str> = Arc::from(shown);
        self.files.push(shown.clone());
        let root = document::read(&text, &shown, &mut self.budget)?;
        drop(text);

        self.chain.push((file, shown));
        let root = self.resolve(root);
        self.chain.pop();
        let root = root?;
        match root.content {
            Content::Map(entries) => Ok(entries),
            Content::List(_) => Ok(vec![Entry {
                key: "configs".to_owned(),
                key_position: root.position.clone(),
                value: root,
            }]),
            _ => {
                let message = format!(
                    "an included document is a mapping or a list of records, this one is {}",
                    root.type_name()
                );
                Err(Problem::at(&root.position, "", message).into())
            }
        }
    }

    /// The file that `path` names, without links; an ordinary file inside the tree.
    fn locate(&self, path: &str, position: &Position) -> Result<PathBuf, Problem> {
        let refused = |message: String| Problem::at(position, "include", message);
        if path.is_empty() || path.contains('\0') {
            return Err(refused(format!("{path:?} is not the name of a file")));
        }
        let relative = Path::new(path);
        if relative.is_absolute() || relative.has_root() {
            let hint = "name it relative to this file";
            return Err(refused(format!("{path}: an include is relative")).with_hint(hint));
        }
        let here = self.chain.last().map_or(&self.tree, |(file, _)| file);
        let wanted = folder_of(here).join(relative);
        let file = match fs::canonicalize(&wanted) {
            Ok(file) => file,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                return Err(placed(missing(&wanted, path), position));
            }
            Err(error) => return Err(refused(format!("{path}: cannot be read: {error}"))),
        };
        if !file.starts_with(&self.tree) {
            let message = format!("{path}: lies outside the folder of the document");
            return Err(refused(message).with_hint("included files lie beside it or below"));
        }
        // Anything else, such as a pipe, could keep the reader waiting for ever.
        if !file.is_file() {
            return Err(refused(format!("{path}: is not a file")));
        }
        Ok(file)
    }

    fn refuse_circle(&self, file: &Path, shown: &str, at: &Position) -> Result<(), Problem> {
        let Some(start) = self.chain.iter().position(|(open, _)| open == file) else {
            return Ok(());
        };
        let circle = self.chain[start..].iter().map(|(_, name)| name.as_ref());
        let circle: Vec<&str> = circle.chain([shown]).collect();
        let message = format!("includes itself: {}", circle.join(" -> "));
        Err(Problem::at(at, "include", message))
    }
}

/// The joined `configs` of the documents so far.
#[derive(Default)]
struct Configs {
    found: Option<Entry>,
}

impl Configs {
    /// Puts `entries` into `layers`, but joins their `configs` with those found so far.
    fn split_off(&mut self, entries: Vec<Entry>, layers: &mut Layers, problems: &mut Problems) {
        for mut entry in entries {
            if entry.key != "configs" {
                layers.put(entry);
                continue;
            }
            let position = entry.value.position.clone();
            let mut records = match entry.value.content {
                Content::List(records) => records,
                content @ Content::Map(_) => vec![Node::new(content, position.clone())],
                content => {
                    let found = Node::new(content, position.clone()).describe();
                    let message = format!("must be a list of records to be joined, found {found}");
                    problems.push(Problem::at(&position, "configs", message));
                    continue;
                }
            };
            if let Some(Content::List(before)) = self.found.take().map(|entry| entry.value.content) {
                records.splice(..0, before);
            }
            entry.value = Node::new(Content::List(records), position);
            self.found = Some(entry);
        }
    }
}

/// The names in the value of `include`.
fn listed(value: &Node) -> Result<&[Node], Problems> {
    let names = value.as_list().unwrap_or(std::slice::from_ref(value));
    let mut problems = Problems::new();
    for name in names.iter().filter(|name| name.as_str().is_none()) {
        let message = format!("must be the name of a file, found {}", name.describe());
        problems.push(Problem::at(&name.position, "include", message));
    }
    problems.into_result(names)
}

fn folder_of(file: &Path) -> PathBuf {
    file.parent().map(Path::to_path_buf).unwrap_or_default()
}

/// A problem without a place is one of the key that names the file.
fn placed(problem: Problem, position: &Position) -> Problem {
    match problem.position {
        Some(_) => problem,
        None => Problem { position: Some(position.clone()), path: "include".to_owned(), ..problem },
    }
}
