use crate::{Content, Node};

/// Longest rendering of a value in a message, in characters.
const WIDTH: usize = 48;

impl Node {
    /// What kind of value this is, in words: `a list`, `an integer`.
    #[must_use]
    pub fn type_name(&self) -> &'static str {
        match self.content {
            Content::Null => "null",
            Content::Bool(_) => "a boolean",
            Content::Int(_) => "an integer",
            Content::Float(_) => "a number",
            Content::Str(_) => "a string",
            Content::List(_) => "a list",
            Content::Map(_) => "a mapping",
        }
    }

    /// The value for a message, in YAML's spelling, shortened to some fifty characters.
    #[must_use]
    pub fn describe(&self) -> String {
        match &self.content {
            Content::Null => "null".to_owned(),
            Content::Bool(value) => value.to_string(),
            Content::Int(digits) if digits.len() > WIDTH => {
                format!("{}… ({} digits)", &digits[..WIDTH / 2], digits.len())
            }
            Content::Int(digits) => digits.clone(),
            Content::Float(value) => float(*value),
            Content::Str(text) => format!("{:?}", abbreviate(text)),
            Content::List(items) => {
                let parts = items.iter().map(short);
                enclose("[", parts, "]", items.len(), "elements")
            }
            Content::Map(entries) => {
                let pair =
                    |entry: &crate::Entry| format!("{}: {}", abbreviate(&entry.key), short(&entry.value));
                enclose("{", entries.iter().map(pair), "}", entries.len(), "keys")
            }
        }
    }
}

/// A float in YAML's spelling, as short as it can be read back.
pub(crate) fn float(value: f64) -> String {
    if value.is_nan() {
        ".nan".to_owned()
    } else if value.is_infinite() {
        if value > 0.0 { ".inf" } else { "-.inf" }.to_owned()
    } else {
        format!("{value:?}")
    }
}

/// `text` cut to a length that fits into a message.
pub(crate) fn abbreviate(text: &str) -> String {
    match text.char_indices().nth(WIDTH) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}

/// `text` with its control characters written out: a message is one line and moves no cursor.
pub(crate) fn visible(text: String) -> String {
    if !text.contains(char::is_control) {
        return text;
    }
    let written =
        |letter: char| if letter.is_control() { letter.escape_default().to_string() } else { letter.into() };
    text.chars().map(written).collect()
}

/// `` `a`, `b`, `c` `` with at most twenty names.
pub(crate) fn names<'a>(all: impl IntoIterator<Item = &'a str>) -> String {
    let mut all = all.into_iter();
    let mut shown: Vec<String> = all.by_ref().take(20).map(|name| format!("`{name}`")).collect();
    match all.count() {
        0 => {}
        more => shown.push(format!("and {more} more")),
    }
    shown.join(", ")
}

fn short(node: &Node) -> String {
    match &node.content {
        Content::List(items) if !items.is_empty() => "[…]".to_owned(),
        Content::Map(entries) if !entries.is_empty() => "{…}".to_owned(),
        _ => node.describe(),
    }
}

fn enclose(open: &str, parts: impl Iterator<Item = String>, close: &str, count: usize, noun: &str) -> String {
    let mut text = open.to_owned();
    for (index, part) in parts.enumerate() {
        if index > 0 {
            text.push_str(", ");
        }
        if index > 0 && text.chars().count() + part.chars().count() > WIDTH {
            return format!("{text}…{close} ({count} {noun})");
        }
        text.push_str(&part);
    }
    text + close
}

#[cfg(test)]
mod tests {
    fn describe(yaml: &str) -> String {
        let document = crate::parse(yaml, "t.yaml").expect("parses");
        document.root().describe()
    }

    #[test]
    fn describes_in_yaml() {
        assert_eq!(describe("~"), "null");
        assert_eq!(describe("0.1"), "0.1");
        assert_eq!(describe("-.inf"), "-.inf");
        assert_eq!(describe("'0.1'"), "\"0.1\"");
        assert_eq!(describe("[1, a, [2]]"), "[1, \"a\", […]]");
        assert_eq!(describe("{a: 1, b: {c: 2}}"), "{a: 1, b: {…}}");
        assert_eq!(describe("[]"), "[]");
    }

    #[test]
    fn shortens() {
        let list = describe(&format!("[{}]", "1000, ".repeat(500)));
        assert!(list.ends_with("…] (500 elements)"), "{list}");
        assert!(list.len() < 80);
        assert!(describe(&"9".repeat(4000)).ends_with("… (4000 digits)"));
        assert!(describe(&"é".repeat(4000)).chars().count() < 60);
    }
}
