use crate::Position;

/// One value of a document and where it stands.
#[derive(Clone, Debug, PartialEq)]
pub struct Node {
    /// The value.
    pub content: Content,
    /// Its first character. What an alias stands for is positioned where it was written out.
    pub position: Position,
}

/// A value.
#[derive(Clone, Debug, PartialEq)]
pub enum Content {
    /// `null`, `~`, or nothing at all.
    Null,
    /// `true` or `false`; `yes`, `no`, `on` and `off` are strings.
    Bool(bool),
    /// An integer of any size in canonical decimal: no `+`, no leading zeros, `-0` is `0`.
    Int(String),
    /// A number with a point or an exponent, or `.inf`, `-.inf`, `.nan`.
    Float(f64),
    /// Text.
    Str(String),
    /// Values in order.
    List(Vec<Node>),
    /// Keys and values in the order of the document; no key occurs twice.
    Map(Vec<Entry>),
}

/// One key of a mapping with its value.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    /// The key. YAML keys that look like numbers or booleans are the text that was written.
    pub key: String,
    /// The first character of the key.
    pub key_position: Position,
    /// What stands under it.
    pub value: Node,
}

impl Node {
    /// `content` at `position`.
    #[must_use]
    pub fn new(content: Content, position: Position) -> Self {
        Self { content, position }
    }

    /// The value under `key`, if this is a mapping that has it.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&Node> {
        self.entry(key).map(|entry| &entry.value)
    }

    /// The entry of `key`, if this is a mapping that has it.
    #[must_use]
    pub fn entry(&self, key: &str) -> Option<&Entry> {
        self.as_map()?.iter().find(|entry| entry.key == key)
    }

    /// The text, if this is a string.
    #[must_use]
    pub fn as_str(&self) -> Option<&str> {
        match &self.content {
            Content::Str(text) => Some(text),
            _ => None,
        }
    }

    /// The elements, if this is a list.
    #[must_use]
    pub fn as_list(&self) -> Option<&[Node]> {
        match &self.content {
            Content::List(items) => Some(items),
            _ => None,
        }
    }

    /// The entries, if this is a mapping.
    #[must_use]
    pub fn as_map(&self) -> Option<&[Entry]> {
        match &self.content {
            Content::Map(entries) => Some(entries),
            _ => None,
        }
    }

    /// The truth value, if this is one.
    #[must_use]
    pub fn as_bool(&self) -> Option<bool> {
        match self.content {
            Content::Bool(value) => Some(value),
            _ => None,
        }
    }

    /// Whether this is null.
    #[must_use]
    pub fn is_null(&self) -> bool {
        matches!(self.content, Content::Null)
    }

    /// Whether this is a list or a mapping.
    #[must_use]
    pub fn is_collection(&self) -> bool {
        matches!(self.content, Content::List(_) | Content::Map(_))
    }

    /// Whether both hold the same value, wherever they stand; floats are compared by their bits.
    #[must_use]
    pub fn same(&self, other: &Node) -> bool {
        match (&self.content, &other.content) {
            (Content::Float(left), Content::Float(right)) => left.to_bits() == right.to_bits(),
            (Content::List(left), Content::List(right)) => {
                left.len() == right.len() && left.iter().zip(right).all(|(l, r)| l.same(r))
            }
            (Content::Map(left), Content::Map(right)) => {
                let equal = |(l, r): (&Entry, &Entry)| l.key == r.key && l.value.same(&r.value);
                left.len() == right.len() && left.iter().zip(right).all(equal)
            }
            (left, right) => left == right,
        }
    }

    /// Calls `visit` with this value and every value below it, outer before inner, in order, each
    /// with its path below `path`.
    pub fn walk(&self, path: &str, visit: &mut dyn FnMut(&str, &Node)) {
        visit(path, self);
        match &self.content {
            Content::List(items) => {
                for (index, item) in items.iter().enumerate() {
                    item.walk(&crate::path::item(path, index), visit);
                }
            }
            Content::Map(entries) => {
                for entry in entries {
                    let below = crate::path::child(path, &entry.key);
                    entry.value.walk(&below, visit);
                }
            }
            _ => {}
        }
    }
}
