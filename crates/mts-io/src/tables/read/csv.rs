//! Records of comma-separated values.
//!
//! A reader of our own: empty text stands in quotes and a missing value does not, which libraries do not tell
//! apart.

use std::fs::File;
use std::io::{BufRead as _, BufReader};
use std::str;

use super::{MAX_ROW, cut_off, too_long};
use crate::IoError;

const BUFFER: usize = 1 << 16;

/// The records of a file, one at a time.
#[derive(Debug)]
pub(super) struct Records {
    reader: BufReader<File>,
    /// Fields after each other, without quotes.
    text: Vec<u8>,
    /// Where each ends, and whether it stood in quotes.
    ends: Vec<(usize, bool)>,
}

/// Where in a record the next byte is.
#[derive(Clone, Copy, PartialEq)]
enum At {
    /// The beginning of a field.
    Start,
    Plain,
    Quoted,
    /// Behind a quote within quotes: their end, or the first of two.
    Quote,
    /// Behind a carriage return that follows quotes.
    Return,
}

impl Records {
    pub(super) fn new(file: File) -> Self {
        Records { reader: BufReader::with_capacity(BUFFER, file), text: Vec::new(), ends: Vec::new() }
    }

    /// Reads a record; false at the end.
    pub(super) fn next(&mut self) -> Result<bool, IoError> {
        self.text.clear();
        self.ends.clear();
        let Records { reader, text, ends } = self;
        let (mut at, mut begun) = (At::Start, false);
        loop {
            let bytes = reader.fill_buf()?;
            if bytes.is_empty() {
                return if begun { Err(cut_off()) } else { Ok(false) };
            }
            begun = true;
            for (i, byte) in bytes.iter().enumerate() {
                let quoted = matches!(at, At::Quote | At::Return);
                at = match (at, byte) {
                    (At::Start | At::Plain | At::Quote, b',') => {
                        ends.push((text.len(), quoted));
                        At::Start
                    }
                    (At::Start | At::Plain | At::Quote | At::Return, b'\n') => {
                        let start = ends.last().map_or(0, |(end, _)| *end);
                        if !quoted && text[start..].ends_with(b"\r") {
                            text.pop();
                        }
                        ends.push((text.len(), quoted));
                        reader.consume(i + 1);
                        return Ok(true);
                    }
                    (At::Start, b'"') => At::Quoted,
                    (At::Quoted, b'"') => At::Quote,
                    (At::Quote, b'\r') => At::Return,
                    (At::Plain, b'"') => return Err(IoError::damaged("a quote in a field without quotes")),
                    (At::Quote, b'"') | (At::Quoted, _) => {
                        text.push(*byte);
                        At::Quoted
                    }
                    (At::Start | At::Plain, _) => {
                        text.push(*byte);
                        At::Plain
                    }
                    (At::Quote | At::Return, _) => {
                        return Err(IoError::damaged("letters behind the quotes of a field"));
                    }
                };
            }
            let length = bytes.len();
            reader.consume(length);
            if text.len() + size_of_val(ends.as_slice()) > MAX_ROW {
                return Err(too_long().into());
            }
        }
    }

    /// The number of fields.
    pub(super) fn len(&self) -> usize {
        self.ends.len()
    }

    /// The size of the record, roughly.
    pub(super) fn bytes(&self) -> usize {
        self.text.len() + self.ends.len()
    }

    /// All fields, and whether they stood in quotes.
    pub(super) fn fields(&self) -> Result<impl Iterator<Item = (&str, bool)>, IoError> {
        let text = str::from_utf8(&self.text).map_err(|_| IoError::damaged("this is no text"))?;
        let mut start = 0;
        Ok(self.ends.iter().map(move |(end, quoted)| {
            // Commas are ASCII, so that fields are whole letters where the text is.
            let field = text.get(start..*end).unwrap_or_default();
            start = *end;
            (field, *quoted)
        }))
    }
}
