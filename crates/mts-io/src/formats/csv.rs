//! Comma-separated values: tables as text.

use std::io::Write;
use std::path::Path;

use mts_core::{Dtype, Shape, SlabSource};

use super::text::{self, Cut, Syntax};
use super::{About, Check};
use crate::sink::{Resumable, Stop};
use crate::{Contents, Form, IoError};

pub(super) const ABOUT: About = About {
    name: "csv",
    extension: "csv",
    summary: "Comma-separated values; the shortest numbers that read back exactly.",
    table: true,
    folder: false,
    streams: true,
};

pub(super) fn objection(shape: Shape, form: Form) -> Option<String> {
    text::objection(shape, form)
}

pub(super) fn size(shape: Shape, dtype: Dtype, form: Form, name: &str) -> u64 {
    text::size(shape, dtype, form, name, 1)
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
    stream(writer, contents, super::Part::WHOLE)
}

pub(super) fn stream<W: Write + Send + 'static>(
    writer: W,
    contents: &Contents,
    part: super::Part,
) -> Result<Box<dyn Resumable<W>>, IoError> {
    let columns = text::columns(contents);
    let header = if part.first { columns.join(",") + "\n" } else { String::new() };
    text::create(writer, contents, syntax(&columns), header.into_bytes())
}

pub(super) fn resume<W: Write + Send + 'static>(
    writer: W,
    contents: &Contents,
    stop: Stop,
) -> Result<Box<dyn Resumable<W>>, IoError> {
    text::resume(writer, contents, syntax(&text::columns(contents)), stop)
}

pub(super) fn open(path: &Path, _check: Check) -> Result<Box<dyn SlabSource>, IoError> {
    text::open(path, &|lines| {
        let Some(header) = lines.next()? else { return Err(lines.error("the file is empty")) };
        let columns =
            std::str::from_utf8(header).map(|header| header.split(',').map(str::to_owned).collect());
        let columns: Vec<String> = columns.map_err(|_| lines.error("the header is no text"))?;
        let cut = Cut { syntax: syntax(&columns), json: None };
        Ok((columns, cut))
    })
}

fn syntax(columns: &[String]) -> Syntax {
    let mut pieces = vec![b",".to_vec(); columns.len() + 1];
    pieces[0].clear();
    pieces[columns.len()] = b"\n".to_vec();
    Syntax { pieces, missing: "nan", infinite: "inf" }
}
