//! Records to slabs.

use std::fs::File;
use std::io::BufReader;
use std::path::Path;
use std::sync::Arc;

use mts_core::{Shape, SlabSource};
use mts_hash::Value;

use super::parse::{self, Header, Variable};
use super::{ALIGN, DOUBLE, FLOAT, INT, SHORT};
use crate::formats::Check;
use crate::formats::arrays::{
    self, Arrays, CHANNEL, Column, DATA, DIMENSIONS, Encoding, Endian, Kind, Meaning, REALIZATION, Strided,
    TIME, expect_plain,
};
use crate::{IoError, IoErrorKind, places};

pub(in crate::formats) fn open(path: &Path, check: Check) -> Result<Box<dyn SlabSource>, IoError> {
    let file = places::open(path)?;
    let metadata = file.metadata()?;
    if metadata.is_dir() {
        return Err(IoErrorKind::IsFolder.into());
    }
    let header = parse::parse(BufReader::new(&file), metadata.len())?;
    let layout = Layout::new(&header, metadata.len())?;
    let file = Arc::new(file);
    let column = |name: &str, dimensions: &[&str]| layout.column(name, dimensions, &file);
    let (data, sizes) = column(DATA, &DIMENSIONS)?;
    let [steps, channels, realizations] = sizes[..] else {
        return Err(IoError::damaged("the data have no dimensions"));
    };
    let shape = Shape::new(channels, steps, realizations);
    let shape = shape.map_err(|error| IoError::damaged(format!("the data are impossible: {error}")))?;
    expect_plain(&layout.variable(DATA)?.attributes)?;
    let of_time = &layout.variable(TIME)?.attributes;
    let text = |key: &str| of_time.get(key).and_then(Value::as_str);
    let arrays = Arrays {
        shape,
        data,
        time: column(TIME, &[TIME])?.0,
        meaning: Meaning::of(text("units"), text("calendar")).map_err(IoError::refused)?,
        channel: column(CHANNEL, &[CHANNEL])?.0,
        realization: column(REALIZATION, &[REALIZATION])?.0,
        attributes: header.attributes.clone(),
    };
    arrays::open(path, arrays, check)
}

/// Where variables are.
struct Layout<'a> {
    header: &'a Header,
    /// Bytes of the file.
    length: u64,
    records: u64,
    /// Bytes of a record.
    record: u64,
}

impl<'a> Layout<'a> {
    fn new(header: &'a Header, length: u64) -> Result<Self, IoError> {
        let mut layout = Layout { header, length, records: 0, record: 0 };
        let recorded: Vec<&Variable> =
            header.variables.iter().filter(|each| layout.is_recorded(each)).collect();
        for variable in &recorded {
            let bytes = layout.bytes(variable)?;
            // One alone is not padded.
            let padded =
                if recorded.len() == 1 { Some(bytes) } else { bytes.checked_next_multiple_of(ALIGN as u64) };
            let record = padded.and_then(|bytes| layout.record.checked_add(bytes));
            layout.record = record.ok_or_else(|| IoError::damaged("records are larger than any file"))?;
        }
        let begin = recorded.iter().map(|variable| variable.begin).min().unwrap_or(length);
        let streamed = length.saturating_sub(begin).checked_div(layout.record).unwrap_or(0);
        layout.records = header.records.unwrap_or(streamed);
        Ok(layout)
    }

    fn variable(&self, name: &str) -> Result<&'a Variable, IoError> {
        let found = self.header.variables.iter().find(|variable| variable.name == name);
        found.ok_or_else(|| IoError::damaged(format!("there is no variable {name:?}")))
    }

    fn is_recorded(&self, variable: &Variable) -> bool {
        variable.dimensions.first().is_some_and(|first| self.header.dimensions[*first].1 == 0)
    }

    /// The bytes of a variable, or of its part in a record.
    fn bytes(&self, variable: &Variable) -> Result<u64, IoError> {
        let sizes = variable.dimensions.iter().skip(usize::from(self.is_recorded(variable)));
        let size = parse::size(variable.kind)?;
        let bytes = sizes.map(|id| self.header.dimensions[*id].1).try_fold(size, u64::checked_mul);
        bytes.ok_or_else(|| {
            IoError::damaged(format!("the variable {:?} is larger than any file", variable.name))
        })
    }

    /// The variable `name` with its sizes; all its bytes are in the file.
    fn column(
        &self,
        name: &str,
        dimensions: &[&str],
        file: &Arc<File>,
    ) -> Result<(Column, Vec<usize>), IoError> {
        let variable = self.variable(name)?;
        let damaged = |what: &str| IoError::damaged(format!("the variable {name:?} {what}"));
        let found = variable.dimensions.iter().map(|id| self.header.dimensions[*id].0.as_str());
        if !found.eq(dimensions.iter().copied()) {
            return Err(damaged(&format!("must have the dimensions {}", dimensions.join(", "))));
        }
        let recorded = self.is_recorded(variable);
        let mut sizes: Vec<u64> =
            variable.dimensions.iter().map(|id| self.header.dimensions[*id].1).collect();
        let (row, stride) = if recorded {
            sizes[0] = self.records;
            (self.bytes(variable)?, self.record)
        } else {
            // A size of zero is refused as a shape.
            let row = self.bytes(variable)?.checked_div(sizes[0]).unwrap_or(0);
            (row, row)
        };
        let last = sizes[0].checked_sub(1).and_then(|before| before.checked_mul(stride));
        let end = last.and_then(|last| variable.begin.checked_add(last)?.checked_add(row));
        if row == 0 || end.is_none_or(|end| end > self.length) {
            return Err(damaged("is empty, or longer than the file"));
        }
        let kind = match variable.kind {
            DOUBLE => Kind::F64,
            FLOAT => Kind::F32,
            INT => Kind::I32,
            SHORT => Kind::I16,
            _ => return Err(damaged("holds no numbers")),
        };
        let (row, begin) = (row as usize, variable.begin);
        let rows = Strided { file: file.clone(), begin, row, stride, span: Vec::new() };
        let sizes: Vec<usize> = sizes.into_iter().map(|size| size as usize).collect();
        let encoding = Encoding { kind, endian: Endian::Big };
        Ok((Column::new(rows, encoding, sizes[0], row / kind.size()), sizes))
    }
}
