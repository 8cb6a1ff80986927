//! Texts.

use bumpalo::Bump;
use bumpalo::collections::String as Made;

use super::node::{Batch, NoValue, Node, Run, Text};
use super::vector::{self, Each};

/// The longest text that is made, in bytes; what is longer is cut.
pub(super) const LONGEST: usize = 65_536;

/// A text that grows to its limit.
pub(super) struct Growing<'x> {
    text: Made<'x>,
    full: bool,
}

impl<'x> Growing<'x> {
    /// An empty one that is expected to become so long.
    pub(super) fn new(texts: &'x Bump, length: usize) -> Self {
        Growing { text: Made::with_capacity_in(length.min(LONGEST), texts), full: false }
    }

    pub(super) fn push(&mut self, more: &str) {
        if self.full {
            return;
        }
        let room = LONGEST - self.text.len();
        self.full = more.len() > room;
        self.text.push_str(&more[..more.floor_char_boundary(room)]);
    }

    pub(super) fn done(self) -> &'x str {
        self.text.into_bump_str()
    }
}

struct Concat(Vec<Node<Text>>);

impl Run<Text> for Concat {
    fn run<'a>(&'a self, batch: &Batch<'a>) -> Each<'a, &'a str> {
        let parts: Vec<_> = self.0.iter().map(|part| part.run(batch)).collect();
        let valid = parts.iter().fold(None, |valid, part| vector::both(valid, part.valid()));
        let join = |at| {
            let length = parts.iter().map(|part| part.value(at).len()).sum();
            let mut text = Growing::new(batch.texts, length);
            parts.iter().for_each(|part| text.push(part.value(at)));
            text.done()
        };
        Each::new((0..batch.rows.len()).map(join).collect(), valid)
    }
}

/// One behind the other.
pub(super) fn concat(parts: Vec<Node<Text>>) -> Result<Node<Text>, NoValue> {
    let (all, any) = (parts.iter().all(Node::is_constant), parts.iter().any(Node::nullable));
    Node::new(Concat(parts), all, any)
}

/// In small letters.
pub(super) fn lower<'x>(texts: &'x Bump, text: &str) -> &'x str {
    if text.is_ascii() {
        let made = texts.alloc_str(text);
        made.make_ascii_lowercase();
        return made;
    }
    characters(texts, text.chars().flat_map(char::to_lowercase))
}

/// In capital letters.
pub(super) fn upper<'x>(texts: &'x Bump, text: &str) -> &'x str {
    if text.is_ascii() {
        let made = texts.alloc_str(text);
        made.make_ascii_uppercase();
        return made;
    }
    characters(texts, text.chars().flat_map(char::to_uppercase))
}

fn characters(texts: &Bump, characters: impl Iterator<Item = char>) -> &str {
    let mut made = Growing::new(texts, 0);
    for c in characters {
        made.push(c.encode_utf8(&mut [0; 4]));
    }
    made.done()
}

/// So many characters from this one on; a negative start counts from the end.
pub(super) fn substr(text: &str, start: i64, length: i64) -> &str {
    let start = match usize::try_from(start) {
        Ok(start) => start,
        Err(_) => {
            let back = usize::try_from(start.unsigned_abs()).unwrap_or(usize::MAX);
            text.chars().count().saturating_sub(back)
        }
    };
    let length = usize::try_from(length).unwrap_or(0);
    let skip = |text: &str, count| text.char_indices().nth(count).map_or(text.len(), |(at, _)| at);
    let rest = &text[skip(text, start)..];
    &rest[..skip(rest, length)]
}

/// All of `old` become `new`.
pub(super) fn replace<'x>(texts: &'x Bump, text: &str, old: &str, new: &str) -> &'x str {
    let mut made = Growing::new(texts, text.len());
    let mut from = 0;
    for (at, found) in text.match_indices(old) {
        made.push(&text[from..at]);
        made.push(new);
        from = at + found.len();
        if made.full {
            break;
        }
    }
    made.push(&text[from..]);
    made.done()
}
