use std::sync::Arc;

use crate::Position;

/// A place in a JSON text that knows its line and column.
pub(crate) struct Cursor<'a> {
    text: &'a str,
    file: &'a Arc<str>,
    offset: usize,
    line: u32,
    column: u32,
}

impl<'a> Cursor<'a> {
    pub(crate) fn new(text: &'a str, file: &'a Arc<str>) -> Self {
        Self { text, file, offset: 0, line: 1, column: 1 }
    }

    pub(crate) fn position(&self) -> Position {
        Position::new(self.file.clone(), self.line, self.column)
    }

    pub(crate) fn offset(&self) -> usize {
        self.offset
    }

    /// The text from `start`, an earlier offset, to here.
    pub(crate) fn since(&self, start: usize) -> &'a str {
        &self.text[start..self.offset]
    }

    pub(crate) fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.offset).copied()
    }

    pub(crate) fn peek_char(&self) -> Option<char> {
        self.text.get(self.offset..)?.chars().next()
    }

    /// Goes one byte on. Lines end as YAML's do: LF, CR LF, or CR.
    pub(crate) fn bump(&mut self) {
        let Some(byte) = self.peek() else { return };
        self.offset += 1;
        match byte {
            b'\r' if self.peek() == Some(b'\n') => {}
            b'\n' | b'\r' => {
                self.line = self.line.saturating_add(1);
                self.column = 1;
            }
            // The first byte of a character counts, the bytes that continue it do not.
            _ if byte & 0xC0 != 0x80 => self.column = self.column.saturating_add(1),
            _ => {}
        }
    }

    pub(crate) fn eat(&mut self, byte: u8) -> bool {
        let found = self.peek() == Some(byte);
        if found {
            self.bump();
        }
        found
    }

    pub(crate) fn eat_word(&mut self, word: &str) -> bool {
        let found = self.text[self.offset..].starts_with(word);
        if found {
            word.bytes().for_each(|_| self.bump());
        }
        found
    }

    pub(crate) fn skip_space(&mut self) {
        while matches!(self.peek(), Some(b' ' | b'\t' | b'\n' | b'\r')) {
            self.bump();
        }
    }

    pub(crate) fn take_digits(&mut self) -> &'a str {
        let start = self.offset;
        while matches!(self.peek(), Some(b'0'..=b'9')) {
            self.bump();
        }
        self.since(start)
    }

    /// The string whose opening quote stands here; where it goes wrong and why, if it does.
    pub(crate) fn string(&mut self) -> Result<String, (Position, String)> {
        let opening = self.position();
        self.bump();
        let mut value = String::new();
        loop {
            let start = self.offset;
            while !matches!(self.peek(), None | Some(b'"' | b'\\' | 0..=0x1F)) {
                self.bump();
            }
            value.push_str(self.since(start));
            let here = self.position();
            match self.peek() {
                Some(b'"') => {
                    self.bump();
                    return Ok(value);
                }
                Some(b'\\') => {
                    self.bump();
                    value.push(self.escape().map_err(|message| (here, message.to_owned()))?);
                }
                Some(byte) => {
                    let found = char::from(byte);
                    return Err((here, format!("{found:?} must be escaped in a string")));
                }
                None => return Err((opening, "this string does not end".to_owned())),
            }
        }
    }

    fn escape(&mut self) -> Result<char, &'static str> {
        let escaped = self.peek();
        self.bump();
        Ok(match escaped {
            Some(byte @ (b'"' | b'\\' | b'/')) => char::from(byte),
            Some(b'b') => '\u{8}',
            Some(b'f') => '\u{c}',
            Some(b'n') => '\n',
            Some(b'r') => '\r',
            Some(b't') => '\t',
            Some(b'u') => return self.code_point(),
            _ => return Err("unknown escape"),
        })
    }

    fn code_point(&mut self) -> Result<char, &'static str> {
        const LONE: &str = "half of a surrogate pair";
        let first = self.hex()?;
        let code = match first {
            0xD800..=0xDBFF => {
                if !(self.eat(b'\\') && self.eat(b'u')) {
                    return Err(LONE);
                }
                let second = self.hex()?;
                if !(0xDC00..=0xDFFF).contains(&second) {
                    return Err(LONE);
                }
                0x1_0000 + ((first - 0xD800) << 10) + (second - 0xDC00)
            }
            _ => first,
        };
        char::from_u32(code).ok_or(LONE)
    }

    fn hex(&mut self) -> Result<u32, &'static str> {
        let mut value = 0;
        for _ in 0..4 {
            let digit = self.peek().and_then(|byte| char::from(byte).to_digit(16));
            value = value * 16 + digit.ok_or("expected four hexadecimal digits")?;
            self.bump();
        }
        Ok(value)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn string(text: &str) -> Result<String, (u32, String)> {
        let file = Arc::from("t.json");
        Cursor::new(text, &file).string().map_err(|(position, message)| (position.column, message))
    }

    #[test]
    fn reads_strings() {
        assert_eq!(string(r#""a\n\u00e9\ud83d\ude00\/é""#).as_deref(), Ok("a\né😀/é"));
        assert_eq!(string(r#""ab"#).unwrap_err().0, 1);
        assert_eq!(string(r#""é\q""#).unwrap_err().0, 3);
        for text in [r#""\ud800""#, r#""\udc00""#, r#""\ud800\u0041""#, r#""\u12g4""#, "\"\\", "\"\t\""] {
            assert!(string(text).is_err(), "{text}");
        }
    }

    #[test]
    fn counts_lines_and_columns() {
        let file = Arc::from("t.json");
        let mut cursor = Cursor::new("é\r\n\rx", &file);
        for _ in 0.."é\r\n\rx".len() {
            cursor.bump();
        }
        assert_eq!((cursor.line, cursor.column), (3, 2));
    }
}
