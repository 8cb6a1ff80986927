//! Values as names of folders.

use std::fmt::Write as _;
use std::str;

use arrow_array::RecordBatch;

use crate::IoError;
use crate::tables::columns::{Column, Values};
use crate::tables::json;

/// Where a value is missing.
const MISSING: &str = "__HIVE_DEFAULT_PARTITION__";

/// Names the partitions of a batch's rows, whose columns are those that it is partitioned by.
pub(super) struct Namer<'a> {
    columns: Vec<(String, Column<'a>)>,
}

impl<'a> Namer<'a> {
    pub(super) fn of(batch: &'a RecordBatch) -> Result<Self, IoError> {
        let fields = batch.schema_ref().fields().iter();
        let keys = fields.map(|field| {
            let mut key = String::new();
            escape(field.name(), &mut key);
            key + "="
        });
        Ok(Namer { columns: keys.zip(Column::all(batch, |_| false)?).collect() })
    }

    /// Appends the folders of a row's partition.
    pub(super) fn write(&self, row: usize, name: &mut String) -> Result<(), IoError> {
        let mut text = Vec::new();
        for (i, (key, column)) in self.columns.iter().enumerate() {
            if i > 0 {
                name.push('/');
            }
            name.push_str(key);
            if column.is_null(row) {
                name.push_str(MISSING);
                continue;
            }
            let value = match &column.values {
                Values::Text(texts) => texts.get(row),
                _ => {
                    text.clear();
                    json::write(column, row, &mut text);
                    text.strip_prefix(b"\"").and_then(|text| text.strip_suffix(b"\"")).unwrap_or(&text)
                }
            };
            let value = str::from_utf8(value).map_err(|_| IoError::damaged("a text is not UTF-8"))?;
            // A text that looks like a missing value is none.
            match value.strip_prefix('_').filter(|_| value == MISSING) {
                Some(rest) => {
                    name.push_str("%5F");
                    name.push_str(rest);
                }
                None => escape(value, name),
            }
        }
        Ok(())
    }
}

/// The partition of rows that have none of the columns `names`, in which a table without rows has its columns.
pub(super) fn missing<'a>(names: impl Iterator<Item = &'a str>) -> String {
    let mut folders = String::new();
    for name in names {
        if !folders.is_empty() {
            folders.push('/');
        }
        escape(name, &mut folders);
        folders.push('=');
        folders.push_str(MISSING);
    }
    folders
}

/// Appends a text, with the letters escaped that Hive escapes.
fn escape(text: &str, name: &mut String) {
    const SPECIAL: &str = "\"#%'*/:=?\\{[]^\u{7f}";
    for letter in text.chars() {
        if letter < ' ' || SPECIAL.contains(letter) {
            let _ = write!(name, "%{:02X}", u32::from(letter));
        } else {
            name.push(letter);
        }
    }
}

/// The column and the value that a folder's name holds, if it does.
pub(super) fn parse(name: &str) -> Option<(String, Option<String>)> {
    let (column, value) = name.split_once('=')?;
    let value = if value == MISSING { None } else { Some(unescape(value)?) };
    Some((unescape(column)?, value))
}

fn unescape(name: &str) -> Option<String> {
    let mut text = Vec::with_capacity(name.len());
    let mut parts = name.split('%');
    text.extend_from_slice(parts.next()?.as_bytes());
    for part in parts {
        let code = part.get(..2).filter(|code| code.bytes().all(|b| b.is_ascii_hexdigit()))?;
        text.push(u8::from_str_radix(code, 16).ok()?);
        text.extend_from_slice(&part.as_bytes()[2..]);
    }
    String::from_utf8(text).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_read_back() {
        for (text, expected) in [
            ("DE", "DE"),
            ("a/b=c%d", "a%2Fb%3Dc%25d"),
            ("é ü", "é ü"),
            ("tab\tnul\0", "tab%09nul%00"),
            ("", ""),
        ] {
            let mut name = String::new();
            escape(text, &mut name);
            assert_eq!(name, expected);
            assert_eq!(parse(&format!("x={name}")), Some(("x".to_owned(), Some(text.to_owned()))));
        }
        assert_eq!(parse(&format!("a%3Db={MISSING}")), Some(("a=b".to_owned(), None)));
        assert_eq!(parse("x=%5F_HIVE_DEFAULT_PARTITION__").unwrap().1.as_deref(), Some(MISSING));
        assert_eq!((parse("x=%5"), parse("x=%zz"), parse("x=%FF"), parse("x")), (None, None, None, None));
    }
}
