//! Documents as text, in one of the many ways to write them.

use crate::dice::Dice;

/// What a document says.
#[derive(Clone, Debug)]
pub enum Tree {
    /// As it stands: a number, a word, or something that means harm.
    Plain(String),
    /// In quotes.
    Text(String),
    List(Vec<Tree>),
    /// Keys may stand twice.
    Map(Vec<(String, Tree)>),
}

impl Tree {
    pub fn plain(text: impl Into<String>) -> Self {
        Tree::Plain(text.into())
    }
}

/// Writes `tree` as JSON.
pub fn json(tree: &Tree) -> String {
    match tree {
        // A word of YAML is a text of JSON.
        Tree::Plain(text) if is_word(text) && !["true", "false", "null"].contains(&text.as_str()) => {
            format!("\"{text}\"")
        }
        Tree::Plain(text) => text.clone(),
        Tree::Text(text) => serde_json::Value::from(text.as_str()).to_string(),
        Tree::List(items) => format!("[{}]", items.iter().map(json).collect::<Vec<_>>().join(", ")),
        Tree::Map(entries) => {
            let entry = |(key, value): &(String, Tree)| {
                format!("{}: {}", serde_json::Value::from(key.as_str()), json(value))
            };
            format!("{{{}}}", entries.iter().map(entry).collect::<Vec<_>>().join(", "))
        }
    }
}

/// Writes `tree` as YAML; `tricks` adds anchors, aliases, merge keys and comments.
pub fn yaml(dice: &mut Dice, tree: &Tree, tricks: bool) -> String {
    let mut writer = Writer { dice, tricks, anchors: 0, known: Vec::new(), text: String::new() };
    writer.block(tree, 0);
    writer.text
}

struct Writer<'a> {
    dice: &'a mut Dice,
    tricks: bool,
    anchors: usize,
    /// Those whose values are complete.
    known: Vec<usize>,
    text: String,
}

impl Writer<'_> {
    /// Writes a value that begins on a line of its own, indented.
    fn block(&mut self, tree: &Tree, depth: usize) {
        let indent = "  ".repeat(depth);
        match tree {
            Tree::List(items) if !items.is_empty() => {
                for item in items {
                    self.text += &format!("{indent}-");
                    self.below(item, depth);
                }
            }
            Tree::Map(entries) if !entries.is_empty() => {
                if self.tricks && !self.known.is_empty() && self.dice.percent(5) {
                    let alias = self.alias();
                    self.text += &format!("{indent}<<: {alias}\n");
                }
                for (key, value) in entries {
                    let key = self.key(key);
                    self.text += &format!("{indent}{key}:");
                    self.below(value, depth);
                }
            }
            other => {
                let text = self.flow(other);
                self.text += &format!("{indent}{text}\n");
            }
        }
    }

    /// Writes a value after a dash or a colon.
    fn below(&mut self, tree: &Tree, depth: usize) {
        let nested = matches!(tree, Tree::List(items) if !items.is_empty())
            || matches!(tree, Tree::Map(entries) if !entries.is_empty());
        if nested && self.dice.percent(50) {
            let anchor = self.anchor(10);
            self.text += &format!(" {}\n", anchor.map(|anchor| format!("&a{anchor}")).unwrap_or_default());
            self.block(tree, depth + 1);
            self.known.extend(anchor);
        } else {
            let text = self.flow(tree);
            let comment = if self.tricks && self.dice.percent(3) { " # why" } else { "" };
            self.text += &format!(" {text}{comment}\n");
        }
    }

    /// A value in one line.
    fn flow(&mut self, tree: &Tree) -> String {
        if self.tricks && !self.known.is_empty() && self.dice.percent(2) {
            return self.alias();
        }
        let anchor = self.anchor(3);
        let value = match tree {
            Tree::Plain(text) => text.clone(),
            Tree::Text(text) => self.quoted(text),
            Tree::List(items) => {
                let items: Vec<String> = items.iter().map(|item| self.flow(item)).collect();
                format!("[{}]", items.join(", "))
            }
            Tree::Map(entries) => {
                let entry = |(key, value): &(String, Tree)| {
                    let key = self.key(key);
                    format!("{key}: {}", self.flow(value))
                };
                let entries: Vec<String> = entries.iter().map(entry).collect();
                format!("{{{}}}", entries.join(", "))
            }
        };
        self.known.extend(anchor);
        anchor.map(|anchor| format!("&a{anchor} ")).unwrap_or_default() + &value
    }

    /// A new anchor, now and then.
    fn anchor(&mut self, chance: u64) -> Option<usize> {
        (self.tricks && self.dice.percent(chance)).then(|| {
            self.anchors += 1;
            self.anchors
        })
    }

    fn alias(&mut self) -> String {
        // One that is not there, or is not complete, now and then.
        let any = self.dice.percent(3);
        format!(
            "*a{}",
            if any { self.dice.between(1, self.anchors + 1) } else { *self.dice.any(&self.known) }
        )
    }

    fn key(&mut self, key: &str) -> String {
        match self.dice.below(20) {
            0 => format!("'{key}'"),
            1 => serde_json::Value::from(key).to_string(),
            _ => key.to_owned(),
        }
    }

    fn quoted(&mut self, text: &str) -> String {
        let (word, plain) = (is_word(text), !text.contains(char::is_control));
        match self.dice.below(4) {
            0 if plain => format!("'{}'", text.replace('\'', "''")),
            1 | 2 if word => text.to_owned(),
            _ => serde_json::Value::from(text).to_string(),
        }
    }
}

fn is_word(text: &str) -> bool {
    text.starts_with(|letter: char| letter.is_ascii_alphabetic())
        && text.chars().all(|letter| letter.is_ascii_alphanumeric() || letter == '_')
}
