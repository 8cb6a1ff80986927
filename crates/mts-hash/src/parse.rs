//! JSON text back into values.

use std::collections::BTreeSet;
use std::fmt;

use crate::{Int, Map, Value};

/// Reads JSON, the bare words `NaN`, `Infinity` and `-Infinity` included. A number without point
/// and exponent is an integer, of any size up to [`Int::MAX_DIGITS`] digits.
///
/// ```
/// use mts_hash::{canonical_json, parse};
///
/// let value = parse(r#" {"b": [1, 1.0, NaN], "a": "\u2603"} "#)?;
/// assert_eq!(canonical_json(&value), r#"{"a":"\u2603","b":[1,1.0,NaN]}"#);
/// # Ok::<(), mts_hash::ParseError>(())
/// ```
///
/// # Errors
///
/// What is not JSON, has a key twice, nests deeper than 128 levels, or holds a float beyond the
/// range of `f64`; with the byte offset.
pub fn parse(text: &str) -> Result<Value, ParseError> {
    let mut parser = Parser { text, at: 0 };
    let value = parser.value(0)?;
    parser.blank();
    if parser.at < text.len() {
        return Err(parser.error("expected the end of the text"));
    }
    Ok(value)
}

/// Why and where a text is not JSON.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ParseError {
    offset: usize,
    message: &'static str,
}

impl ParseError {
    /// The byte offset of the first character that does not fit.
    pub fn offset(&self) -> usize {
        self.offset
    }
}

impl fmt::Display for ParseError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} at byte {}", self.message, self.offset)
    }
}

impl std::error::Error for ParseError {}

const MAX_DEPTH: usize = 128;

struct Parser<'a> {
    text: &'a str,
    at: usize,
}

impl Parser<'_> {
    fn error(&self, message: &'static str) -> ParseError {
        ParseError { offset: self.at, message }
    }

    fn rest(&self) -> &str {
        &self.text[self.at..]
    }

    fn blank(&mut self) {
        let rest = self.rest();
        self.at += rest.len() - rest.trim_start_matches([' ', '\t', '\n', '\r']).len();
    }

    fn eat(&mut self, word: &str) -> bool {
        let found = self.rest().starts_with(word);
        if found {
            self.at += word.len();
        }
        found
    }

    fn value(&mut self, depth: usize) -> Result<Value, ParseError> {
        if depth > MAX_DEPTH {
            return Err(self.error("nested too deeply"));
        }
        self.blank();
        for (word, value) in [
            ("null", Value::Null),
            ("true", Value::Bool(true)),
            ("false", Value::Bool(false)),
            ("NaN", Value::Float(f64::NAN)),
            ("Infinity", Value::Float(f64::INFINITY)),
            ("-Infinity", Value::Float(f64::NEG_INFINITY)),
        ] {
            if self.eat(word) {
                return Ok(value);
            }
        }
        match self.rest().bytes().next() {
            Some(b'"') => Ok(Value::Str(self.string()?)),
            Some(b'[') => self.list(depth),
            Some(b'{') => self.map(depth),
            Some(b'-' | b'0'..=b'9') => self.number(),
            _ => Err(self.error("expected a value")),
        }
    }

    fn list(&mut self, depth: usize) -> Result<Value, ParseError> {
        self.at += 1;
        let mut items = Vec::new();
        self.blank();
        if self.eat("]") {
            return Ok(Value::List(items));
        }
        loop {
            items.push(self.value(depth + 1)?);
            self.blank();
            if self.eat("]") {
                return Ok(Value::List(items));
            }
            if !self.eat(",") {
                return Err(self.error("expected `,` or `]`"));
            }
        }
    }

    fn map(&mut self, depth: usize) -> Result<Value, ParseError> {
        self.at += 1;
        let mut entries = Vec::new();
        let mut seen = BTreeSet::new();
        self.blank();
        if self.eat("}") {
            return Ok(Map::new().into());
        }
        loop {
            self.blank();
            if !self.rest().starts_with('"') {
                return Err(self.error("expected a key"));
            }
            let start = self.at;
            let key = self.string()?;
            self.blank();
            if !self.eat(":") {
                return Err(self.error("expected `:`"));
            }
            let value = self.value(depth + 1)?;
            if !seen.insert(key.clone()) {
                self.at = start;
                return Err(self.error("a key stands twice"));
            }
            entries.push((key, value));
            self.blank();
            if self.eat("}") {
                return Ok(Map::from_unique(entries).into());
            }
            if !self.eat(",") {
                return Err(self.error("expected `,` or `}`"));
            }
        }
    }

    fn number(&mut self) -> Result<Value, ParseError> {
        let length = self
            .rest()
            .find(|c: char| !matches!(c, '0'..='9' | '-' | '+' | '.' | 'e' | 'E'))
            .unwrap_or(self.rest().len());
        let text = &self.rest()[..length];
        if !is_json_number(text) {
            return Err(self.error("malformed number"));
        }
        let value = if text.bytes().all(|b| b == b'-' || b.is_ascii_digit()) {
            text.parse::<Int>().ok().map(Value::Int)
        } else {
            text.parse::<f64>().ok().filter(|float| float.is_finite()).map(Value::Float)
        };
        let value = value.ok_or_else(|| self.error("number out of range"))?;
        self.at += length;
        Ok(value)
    }

    fn string(&mut self) -> Result<String, ParseError> {
        self.at += 1;
        let mut string = String::new();
        loop {
            let rest = &self.text[self.at..];
            let plain = rest.find(|c: char| c == '"' || c == '\\' || c < ' ');
            let plain = plain.ok_or_else(|| self.error("unfinished string"))?;
            string += &rest[..plain];
            self.at += plain;
            match rest.as_bytes()[plain] {
                b'"' => {
                    self.at += 1;
                    return Ok(string);
                }
                b'\\' => string.push(self.escape()?),
                _ => return Err(self.error("control character in a string")),
            }
        }
    }

    fn escape(&mut self) -> Result<char, ParseError> {
        self.at += 1;
        let simple = match self.rest().bytes().next() {
            Some(b'u') => return self.unicode_escape(),
            Some(c @ (b'"' | b'\\' | b'/')) => char::from(c),
            Some(b'n') => '\n',
            Some(b't') => '\t',
            Some(b'r') => '\r',
            Some(b'b') => '\u{8}',
            Some(b'f') => '\u{c}',
            _ => return Err(self.error("unknown escape")),
        };
        self.at += 1;
        Ok(simple)
    }

    /// Reads `uXXXX`, and the second half where it is the first of a surrogate pair.
    fn unicode_escape(&mut self) -> Result<char, ParseError> {
        let mut units = [self.code_unit()?, 0];
        let mut count = 1;
        if (0xd800..0xdc00).contains(&units[0]) && self.eat("\\") {
            units[1] = self.code_unit()?;
            count = 2;
        }
        let mut decoded = char::decode_utf16(units[..count].iter().copied());
        match (decoded.next(), decoded.next()) {
            (Some(Ok(c)), None) => Ok(c),
            _ => Err(self.error("half a surrogate pair")),
        }
    }

    fn code_unit(&mut self) -> Result<u16, ParseError> {
        let digits = self.rest().get(1..5).filter(|_| self.rest().starts_with('u'));
        let unit = digits
            .filter(|digits| digits.bytes().all(|b| b.is_ascii_hexdigit()))
            .and_then(|digits| u16::from_str_radix(digits, 16).ok())
            .ok_or_else(|| self.error("expected `u` and four hexadecimal digits"))?;
        self.at += 5;
        Ok(unit)
    }
}

fn is_json_number(text: &str) -> bool {
    let text = text.strip_prefix('-').unwrap_or(text);
    let (mantissa, exponent) = match text.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, Some(exponent)),
        None => (text, None),
    };
    let (whole, fraction) = match mantissa.split_once('.') {
        Some((whole, fraction)) => (whole, Some(fraction)),
        None => (mantissa, None),
    };
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    digits(whole)
        && (whole == "0" || !whole.starts_with('0'))
        && fraction.is_none_or(digits)
        && exponent.is_none_or(|e| digits(e.strip_prefix(['+', '-']).unwrap_or(e)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::canonical_json;

    #[test]
    fn canonical_text_reads_back() {
        let text = r#"{"a":[1,-0.0,1e-07,NaN,Infinity,-Infinity,true,null],"b":{"\u2603":"\ud83d\ude00\n\"\\\u007f"},"c":123456789012345678901234567890}"#;
        assert_eq!(canonical_json(&parse(text).unwrap()), text);
    }

    #[test]
    fn refuses_what_is_not_json() {
        for text in [
            "",
            "{",
            "[1,]",
            "{\"a\":1,}",
            "{\"a\" 1}",
            "{a:1}",
            "01",
            "1.",
            ".5",
            "1e",
            "+1",
            "--1",
            "1e999",
            "\"\u{1}\"",
            "\"\\x\"",
            "\"\\ud800\"",
            "\"\\ud800\\u0041\"",
            "\"\\u+123\"",
            "nul",
            "1 2",
            "\"abc",
            "\"\\",
            "{\"a\":1,\"a\":2}",
        ] {
            assert!(parse(text).is_err(), "{text}");
        }
        assert!(parse(&"[".repeat(100_000)).is_err());
        assert_eq!(parse("[1,\n x]").unwrap_err().to_string(), "expected a value at byte 5");
    }
}
