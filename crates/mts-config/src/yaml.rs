//! The only place that knows the YAML parser.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use granit_parser::{ErrorKind, Event, Marker, Parser, ScalarStyle, ScanError, Span, Tag};

use crate::anchor::{Anchored, Size};
use crate::limits::{Budget, MAX_DEPTH};
use crate::mapping::{Layers, refuse_duplicates};
use crate::path::{child, item};
use crate::{Content, Entry, Node, Position, Problem, Problems, number};

/// Reads one YAML document; an empty text is null.
pub(crate) fn read(text: &str, file: &Arc<str>, budget: &mut Budget) -> Result<Node, Problems> {
    let mut builder = Builder {
        file,
        budget,
        aliased: aliased(text),
        anchors: BTreeMap::new(),
        frames: Vec::new(),
        root: None,
        problems: Problems::new(),
    };
    if let Err(problem) = builder.run(text) {
        builder.problems.push(problem);
    }
    let empty = Node::new(Content::Null, Position::new(file.clone(), 1, 1));
    let root = builder.root.unwrap_or(empty);
    builder.problems.into_result(root)
}

fn parser(text: &str) -> Parser<'_, granit_parser::StrInput<'_>> {
    let mut options = granit_parser::options! {
        flow_nesting_limit: MAX_DEPTH,
        block_nesting_limit: MAX_DEPTH,
    };
    options.set_emit_comments(false);
    Parser::new_from_str_with_options(text, options)
}

/// The anchors that an alias refers to. Only these are kept, so that anchors nobody uses cost
/// nothing, however deeply they are nested.
fn aliased(text: &str) -> BTreeSet<usize> {
    if !(text.contains('*') && text.contains('&')) {
        return BTreeSet::new();
    }
    parser(text).map_while(Result::ok).filter_map(|(event, _)| event.alias_id()).collect()
}

struct Builder<'a> {
    file: &'a Arc<str>,
    budget: &'a mut Budget,
    aliased: BTreeSet<usize>,
    anchors: BTreeMap<usize, Anchored>,
    frames: Vec<Frame>,
    root: Option<Node>,
    problems: Problems,
}

/// A list or mapping that is not finished.
struct Frame {
    position: Position,
    anchor: usize,
    parts: Parts,
}

enum Parts {
    List(Vec<Node>),
    Map { entries: Vec<Entry>, key: Option<Key>, merge: Option<Node> },
}

enum Key {
    Text(String, Position),
    /// `<<`, not quoted.
    Merge(Position),
}

impl Builder<'_> {
    fn run(&mut self, text: &str) -> Result<(), Problem> {
        let mut documents = 0;
        for event in parser(text) {
            let (event, span) = event.map_err(|error| self.syntax(&error))?;
            let position = self.position(&span.start);
            match event {
                Event::DocumentStart(..) => {
                    documents += 1;
                    if documents > 1 {
                        let message = "a second document begins here; a file holds one";
                        let hint = "make it a list, or put it into a file of its own";
                        return Err(Problem::at(&position, "", message).with_hint(hint));
                    }
                }
                Event::Alias(anchor) => self.alias(anchor, position)?,
                Event::Scalar(value, style, anchor, tag) => {
                    self.refuse_tag(tag.as_deref(), &span);
                    self.scalar(&value, style, anchor, position)?;
                }
                Event::SequenceStart(_, anchor, tag) => {
                    self.refuse_tag(tag.as_deref(), &span);
                    self.open(Parts::List(Vec::new()), anchor, position)?;
                }
                Event::MappingStart(_, anchor, tag) => {
                    self.refuse_tag(tag.as_deref(), &span);
                    let parts = Parts::Map { entries: Vec::new(), key: None, merge: None };
                    self.open(parts, anchor, position)?;
                }
                Event::SequenceEnd | Event::MappingEnd => self.close()?,
                _ => {}
            }
        }
        Ok(())
    }

    fn scalar(
        &mut self,
        value: &str,
        style: ScalarStyle,
        anchor: usize,
        position: Position,
    ) -> Result<(), Problem> {
        let plain = style == ScalarStyle::Plain;
        if self.at_key() {
            if plain && is_null(value) {
                let message = "a key must have a name, found null";
                return Err(
                    Problem::at(&position, self.path(), message).with_hint("quote it if that is its name")
                );
            }
            self.set_key(match value {
                "<<" if plain => Key::Merge(position.clone()),
                _ => Key::Text(value.to_owned(), position.clone()),
            });
            let node = Node::new(Content::Str(value.to_owned()), position);
            return self.keep(anchor, &node);
        }
        let content = if plain { self.plain(value, &position) } else { Content::Str(value.to_owned()) };
        self.finish(Node::new(content, position), anchor)
    }

    fn plain(&mut self, value: &str, position: &Position) -> Content {
        match value {
            "true" | "True" | "TRUE" => return Content::Bool(true),
            "false" | "False" | "FALSE" => return Content::Bool(false),
            _ if is_null(value) => return Content::Null,
            _ => {}
        }
        match number::plain(value) {
            Ok(Some(number)) => number,
            Ok(None) => Content::Str(value.to_owned()),
            Err(message) => {
                let problem = Problem::at(position, self.path(), message);
                self.problems.push(problem);
                Content::Null
            }
        }
    }

    fn open(&mut self, parts: Parts, anchor: usize, position: Position) -> Result<(), Problem> {
        if self.at_key() {
            let message = "a key must be text, found a list or a mapping";
            return Err(Problem::at(&position, self.path(), message));
        }
        if self.frames.len() >= MAX_DEPTH {
            return Err(Problem::at(&position, self.path(), too_deep()));
        }
        self.frames.push(Frame { position, anchor, parts });
        Ok(())
    }

    fn close(&mut self) -> Result<(), Problem> {
        let Some(frame) = self.frames.pop() else {
            return Ok(());
        };
        let content = match frame.parts {
            Parts::List(items) => Content::List(items),
            Parts::Map { entries, merge, .. } => {
                let frames = &self.frames;
                let path = |key: &str| child(&path_of(frames), key);
                refuse_duplicates(&entries, &path, &mut self.problems);
                match merge {
                    None => Content::Map(entries),
                    Some(base) => Content::Map(merged(base, entries, &path)?),
                }
            }
        };
        self.finish(Node::new(content, frame.position), frame.anchor)
    }

    fn alias(&mut self, anchor: usize, position: Position) -> Result<(), Problem> {
        if self.at_key() {
            let message = "a key must be text, found an alias";
            return Err(Problem::at(&position, self.path(), message));
        }
        let refused = |message| Problem::at(&position, path_of(&self.frames), message);
        let Some(anchored) = self.anchors.get_mut(&anchor) else {
            let message = "an alias stands inside the value that it names";
            return Err(refused(message.to_owned()));
        };
        if !std::mem::take(&mut anchored.paid) {
            let Size { nodes, text, .. } = anchored.size;
            self.budget.alias(nodes, text).map_err(refused)?;
        }
        if self.frames.len() + anchored.size.height > MAX_DEPTH {
            return Err(refused(too_deep()));
        }
        let node = anchored.node.clone();
        self.put(node);
        Ok(())
    }

    fn finish(&mut self, node: Node, anchor: usize) -> Result<(), Problem> {
        let counted = self.budget.node();
        counted.map_err(|message| Problem::at(&node.position, self.path(), message))?;
        self.keep(anchor, &node)?;
        self.put(node);
        Ok(())
    }

    /// Keeps what an alias will repeat. Every kept value is repeated at least once, so that
    /// repetition is charged before the copy is made.
    fn keep(&mut self, anchor: usize, node: &Node) -> Result<(), Problem> {
        if anchor == 0 || !self.aliased.contains(&anchor) {
            return Ok(());
        }
        let (nodes, text) = self.budget.alias_left();
        let size = Size::of(node, nodes, text);
        let paid = self.budget.alias(size.nodes, size.text);
        paid.map_err(|message| Problem::at(&node.position, self.path(), message))?;
        let node = node.clone();
        let paid = true;
        self.anchors.insert(anchor, Anchored { node, size, paid });
        Ok(())
    }

    fn put(&mut self, node: Node) {
        let Some(frame) = self.frames.last_mut() else {
            self.root = Some(node);
            return;
        };
        match &mut frame.parts {
            Parts::List(items) => items.push(node),
            Parts::Map { entries, key, merge } => match key.take() {
                Some(Key::Text(key, key_position)) => entries.push(Entry { key, key_position, value: node }),
                Some(Key::Merge(position)) if merge.is_some() => {
                    let message = "key `<<` stands twice";
                    let hint = "merge several mappings with a list: `<<: [*a, *b]`";
                    let problem = Problem::at(&position, "", message).with_hint(hint);
                    self.problems.push(problem);
                }
                Some(Key::Merge(_)) => *merge = Some(node),
                None => {}
            },
        }
    }

    fn at_key(&self) -> bool {
        matches!(self.frames.last().map(|frame| &frame.parts), Some(Parts::Map { key: None, .. }))
    }

    fn set_key(&mut self, new: Key) {
        if let Some(Parts::Map { key, .. }) = self.frames.last_mut().map(|frame| &mut frame.parts) {
            *key = Some(new);
        }
    }

    fn refuse_tag(&mut self, tag: Option<&Tag>, span: &Span) {
        if let Some(tag) = tag {
            let start = span.tag_start().unwrap_or(span.start);
            let message = format!("tag `{tag}`: tags are not used here");
            let problem = Problem::at(&self.position(&start), self.path(), message)
                .with_hint("quote what shall be a string; numbers and booleans need no tag");
            self.problems.push(problem);
        }
    }

    fn syntax(&self, error: &ScanError) -> Problem {
        let position = self.position(error.marker());
        let (message, hint) = match error.kind() {
            ErrorKind::RecursionLimitExceeded => (too_deep(), None),
            ErrorKind::UnknownAnchor => {
                let message = "an alias names an anchor that does not stand before it";
                let hint = "quote it if the text begins with `*`";
                (message.to_owned(), Some(hint))
            }
            ErrorKind::InvalidQuotedScalarIndent | ErrorKind::DocumentIndicatorInQuotedScalar => {
                (error.info(), Some("does the quoted text that begins above end?"))
            }
            _ if error.info().contains("tab") => (error.info(), Some("indent with spaces")),
            _ => (error.info(), None),
        };
        let problem = Problem::at(&position, self.path(), message);
        match hint {
            Some(hint) => problem.with_hint(hint),
            None => problem,
        }
    }

    fn position(&self, marker: &Marker) -> Position {
        let whole = |count: usize| u32::try_from(count).unwrap_or(u32::MAX);
        Position::new(self.file.clone(), whole(marker.line()), whole(marker.col()).saturating_add(1))
    }

    fn path(&self) -> String {
        path_of(&self.frames)
    }
}

/// The path of what is being read inside `frames`.
fn path_of(frames: &[Frame]) -> String {
    let mut path = String::new();
    for frame in frames {
        path = match &frame.parts {
            Parts::List(items) => item(&path, items.len()),
            Parts::Map { key, .. } => match key {
                Some(Key::Text(key, _)) => child(&path, key),
                Some(Key::Merge(_)) => child(&path, "<<"),
                None => path,
            },
        };
    }
    path
}

/// `entries` over what `<<: base` gives; of several mappings in a list, the earlier ones win.
fn merged(base: Node, entries: Vec<Entry>, path: &dyn Fn(&str) -> String) -> Result<Vec<Entry>, Problem> {
    let layers = match base.content {
        Content::List(items) => items.into_iter().rev().collect(),
        _ => vec![base],
    };
    let mut all = Layers::default();
    for layer in layers {
        let Content::Map(below) = layer.content else {
            let found = layer.describe();
            let message = format!("must be a mapping or a list of mappings, found {found}");
            return Err(Problem::at(&layer.position, path("<<"), message));
        };
        all.put_all(below);
    }
    all.put_all(entries);
    Ok(all.into_entries())
}

fn is_null(plain: &str) -> bool {
    matches!(plain, "" | "~" | "null" | "Null" | "NULL")
}

fn too_deep() -> String {
    format!("more than {MAX_DEPTH} lists and mappings inside each other")
}
