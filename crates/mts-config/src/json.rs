//! JSON as RFC 8259 has it. YAML parsers take most of it, but not tabs everywhere, and they take
//! much that is not JSON; so text that is JSON is read as such.

use std::sync::Arc;

use crate::cursor::Cursor;
use crate::limits::{Budget, MAX_DEPTH};
use crate::mapping::refuse_duplicates;
use crate::path::Trail;
use crate::{Content, Entry, Node, Position, Problem, Problems, number};

/// Why a text was refused.
pub(crate) enum Refused {
    /// It is not JSON; it may be YAML.
    NotJson(Problem),
    /// It is JSON that is not allowed here.
    NotAllowed(Problems),
}

impl From<Refused> for Problems {
    fn from(refused: Refused) -> Self {
        match refused {
            Refused::NotJson(problem) => problem.into(),
            Refused::NotAllowed(problems) => problems,
        }
    }
}

/// Reads one JSON value; a text of nothing but spaces is null, as in YAML.
pub(crate) fn read(text: &str, file: &Arc<str>, budget: &mut Budget) -> Result<Node, Refused> {
    let mut reader = Reader { cursor: Cursor::new(text, file), budget, problems: Problems::new() };
    reader.cursor.skip_space();
    if reader.cursor.peek().is_none() {
        return Ok(Node::new(Content::Null, reader.cursor.position()));
    }
    let node = reader.value(&Trail::root(""), 0)?;
    reader.cursor.skip_space();
    match reader.cursor.peek() {
        None => reader.problems.into_result(node).map_err(Refused::NotAllowed),
        Some(_) => {
            let message = "more text after the end of the document";
            Err(reader.not_json(&Trail::root(""), message))
        }
    }
}

struct Reader<'a> {
    cursor: Cursor<'a>,
    budget: &'a mut Budget,
    problems: Problems,
}

impl Reader<'_> {
    fn value(&mut self, path: &Trail, depth: usize) -> Result<Node, Refused> {
        let position = self.cursor.position();
        let counted = self.budget.node();
        counted.map_err(|message| not_allowed(&position, path, message))?;
        let content = match self.cursor.peek() {
            Some(b'{' | b'[') if depth >= MAX_DEPTH => {
                let message = format!("more than {MAX_DEPTH} lists and mappings inside each other");
                return Err(not_allowed(&position, path, message));
            }
            Some(b'{') => self.object(path, depth + 1)?,
            Some(b'[') => self.array(path, depth + 1)?,
            Some(b'"') => Content::Str(self.string(path)?),
            Some(b'-' | b'0'..=b'9') => self.number(path, &position)?,
            _ => self.word(path)?,
        };
        Ok(Node::new(content, position))
    }

    fn object(&mut self, path: &Trail, depth: usize) -> Result<Content, Refused> {
        self.cursor.bump();
        let mut entries = Vec::new();
        self.cursor.skip_space();
        if self.cursor.eat(b'}') {
            return Ok(Content::Map(entries));
        }
        loop {
            let key_position = self.cursor.position();
            if self.cursor.peek() != Some(b'"') {
                return Err(self.not_json(path, "expected a key in double quotes"));
            }
            let key = self.string(path)?;
            let below = path.child(&key);
            self.cursor.skip_space();
            if !self.cursor.eat(b':') {
                return Err(self.not_json(&below, "expected `:` after the key"));
            }
            self.cursor.skip_space();
            let value = self.value(&below, depth)?;
            entries.push(Entry { key, key_position, value });
            self.cursor.skip_space();
            if self.cursor.eat(b'}') {
                break;
            }
            if !self.cursor.eat(b',') {
                return Err(self.not_json(path, "expected `,` or `}`"));
            }
            self.cursor.skip_space();
        }
        let full_path = |key: &str| path.child(key).to_string();
        refuse_duplicates(&entries, &full_path, &mut self.problems);
        Ok(Content::Map(entries))
    }

    fn array(&mut self, path: &Trail, depth: usize) -> Result<Content, Refused> {
        self.cursor.bump();
        let mut items = Vec::new();
        self.cursor.skip_space();
        if self.cursor.eat(b']') {
            return Ok(Content::List(items));
        }
        loop {
            items.push(self.value(&path.item(items.len()), depth)?);
            self.cursor.skip_space();
            if self.cursor.eat(b']') {
                return Ok(Content::List(items));
            }
            if !self.cursor.eat(b',') {
                return Err(self.not_json(path, "expected `,` or `]`"));
            }
            self.cursor.skip_space();
        }
    }

    fn number(&mut self, path: &Trail, position: &Position) -> Result<Content, Refused> {
        let start = self.cursor.offset();
        let negative = self.cursor.eat(b'-');
        let whole = self.cursor.take_digits();
        if whole.is_empty() || (whole.len() > 1 && whole.starts_with('0')) {
            return Err(self.not_json(path, "not a number as JSON writes it"));
        }
        let mut integral = true;
        if self.cursor.eat(b'.') {
            integral = false;
            if self.cursor.take_digits().is_empty() {
                return Err(self.not_json(path, "expected a digit after the point"));
            }
        }
        if self.cursor.eat(b'e') || self.cursor.eat(b'E') {
            integral = false;
            let _ = self.cursor.eat(b'-') || self.cursor.eat(b'+');
            if self.cursor.take_digits().is_empty() {
                return Err(self.not_json(path, "expected a digit in the exponent"));
            }
        }
        let parsed =
            if integral { number::integer(negative, whole) } else { number::float(self.cursor.since(start)) };
        parsed.or_else(|message| {
            let problem = Problem::at(position, path.to_string(), message);
            self.problems.push(problem);
            Ok(Content::Null)
        })
    }

    fn word(&mut self, path: &Trail) -> Result<Content, Refused> {
        for (word, content) in
            [("null", Content::Null), ("true", Content::Bool(true)), ("false", Content::Bool(false))]
        {
            if self.cursor.eat_word(word) {
                return Ok(content);
            }
        }
        Err(self.not_json(path, "expected a value"))
    }

    fn string(&mut self, path: &Trail) -> Result<String, Refused> {
        self.cursor.string().map_err(|(position, message)| {
            Refused::NotJson(Problem::at(&position, path.to_string(), message))
        })
    }

    fn not_json(&self, path: &Trail, message: &str) -> Refused {
        let message = match self.cursor.peek_char() {
            Some(found) => format!("{message}, found {found:?}"),
            None => format!("{message}, found the end of the text"),
        };
        let position = self.cursor.position();
        Refused::NotJson(Problem::at(&position, path.to_string(), message))
    }
}

fn not_allowed(position: &Position, path: &Trail, message: String) -> Refused {
    Refused::NotAllowed(Problem::at(position, path.to_string(), message).into())
}
