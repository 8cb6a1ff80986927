//! Newline-delimited JSON: tables as one object per row.

use std::io::Write;
use std::path::Path;

use mts_core::{Dtype, Shape, SlabSource, TimeAxis};
use mts_hash::Value;

use super::text::{self, Cut, Syntax};
use super::{About, Check, Part};
use crate::sink::{Resumable, Stop};
use crate::{Contents, Form, IoError};

pub(super) const ABOUT: About = About {
    name: "ndjson",
    extension: "ndjson",
    summary: "JSON, one object per row and line.",
    table: true,
    folder: false,
    streams: true,
};

pub(super) fn objection(shape: Shape, form: Form) -> Option<String> {
    text::objection(shape, form)
}

/// Every value stands beside its name.
pub(super) fn size(shape: Shape, dtype: Dtype, form: Form, name: &str) -> u64 {
    text::size(shape, dtype, form, name, 12)
}

pub(super) fn memory(shape: Shape, form: Form) -> u64 {
    text::memory(shape, form)
}

/// Rows end anywhere.
pub(super) fn boundary(_: Shape, _: Form) -> usize {
    1
}

pub(super) fn create<W: Write + Send + 'static>(
    writer: W,
    contents: &Contents,
) -> Result<Box<dyn Resumable<W>>, IoError> {
    stream(writer, contents, Part::WHOLE)
}

pub(super) fn stream<W: Write + Send + 'static>(
    writer: W,
    contents: &Contents,
    _part: Part,
) -> Result<Box<dyn Resumable<W>>, IoError> {
    text::create(writer, contents, syntax_of(contents), Vec::new())
}

pub(super) fn resume<W: Write + Send + 'static>(
    writer: W,
    contents: &Contents,
    stop: Stop,
) -> Result<Box<dyn Resumable<W>>, IoError> {
    text::resume(writer, contents, syntax_of(contents), stop)
}

fn syntax_of(contents: &Contents) -> Syntax {
    let dates = matches!(contents.head.time, TimeAxis::Instants(_));
    syntax(&text::columns(contents), dates)
}

pub(super) fn open(path: &Path, _check: Check) -> Result<Box<dyn SlabSource>, IoError> {
    text::open(path, &|lines| {
        let Some(first) = lines.peek()? else { return Err(lines.error("there are no rows")) };
        let first = text::object(first).map_err(|what| lines.error(what))?;
        let columns: Vec<String> = first.iter().map(|(key, _)| key.to_owned()).collect();
        let time = first.get("time").or_else(|| first.get("ds"));
        let syntax = syntax(&columns, time.and_then(Value::as_str).is_some());
        let cut = Cut { syntax, json: Some(columns.clone()) };
        Ok((columns, cut))
    })
}

/// What stands between the fields of a row.
fn syntax(columns: &[String], dates: bool) -> Syntax {
    let mut pieces: Vec<Vec<u8>> = Vec::new();
    let mut quoted = false;
    for (i, column) in columns.iter().enumerate() {
        let mut piece = String::new();
        if quoted {
            piece.push('"');
        }
        piece.push(if i == 0 { '{' } else { ',' });
        piece += &mts_hash::canonical_json(&column.as_str().into());
        piece.push(':');
        let time = dates && ["time", "ds"].contains(&column.as_str());
        quoted = time || ["config_id", "unique_id"].contains(&column.as_str());
        if quoted {
            piece.push('"');
        }
        pieces.push(piece.into_bytes());
    }
    pieces.push(if quoted { b"\"}\n".to_vec() } else { b"}\n".to_vec() });
    // JSON has no infinity, but every reader makes one of a number that is too large.
    Syntax { pieces, missing: "null", infinite: "1e999" }
}
