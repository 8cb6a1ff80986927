//! JSON that may stand inside a script.

use std::fmt::{self, Write as _};

/// As much of JSON as a report needs.
pub(super) enum Json<'a> {
    Null,
    Number(u64),
    Text(&'a str),
    List(Vec<Json<'a>>),
    Object(Vec<(&'static str, Json<'a>)>),
}

pub(super) fn text(text: &str) -> Json<'_> {
    Json::Text(text)
}

impl fmt::Display for Json<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Json::Null => f.write_str("null"),
            Json::Number(number) => write!(f, "{number}"),
            Json::Text(text) => quoted(text, f),
            Json::List(items) => {
                f.write_char('[')?;
                for (place, item) in items.iter().enumerate() {
                    let comma = if place == 0 { "" } else { "," };
                    write!(f, "{comma}{item}")?;
                }
                f.write_char(']')
            }
            Json::Object(entries) => {
                f.write_char('{')?;
                for (place, (name, item)) in entries.iter().enumerate() {
                    let comma = if place == 0 { "" } else { "," };
                    write!(f, "{comma}\"{name}\":{item}")?;
                }
                f.write_char('}')
            }
        }
    }
}

/// `<` is escaped too, so that nothing ends the script or begins a comment.
fn quoted(text: &str, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    f.write_char('"')?;
    for character in text.chars() {
        match character {
            '"' => f.write_str("\\\"")?,
            '\\' => f.write_str("\\\\")?,
            '<' | '\u{2028}' | '\u{2029}' => write!(f, "\\u{:04x}", character as u32)?,
            control if (control as u32) < 0x20 => write!(f, "\\u{:04x}", control as u32)?,
            other => f.write_char(other)?,
        }
    }
    f.write_char('"')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_ends_a_script() {
        let json = Json::Object(vec![("a", text("</script><!--\"\\\n\u{2028}é")), ("b", Json::Null)]);
        assert_eq!(
            json.to_string(),
            "{\"a\":\"\\u003c/script>\\u003c!--\\\"\\\\\\u000a\\u2028é\",\"b\":null}"
        );
    }
}
