//! Row groups to members.

use std::ops::Range;
use std::path::Path;

use mts_core::SlabSource;
use mts_hash::{Map, Value};
use parquet::basic::Type as Physical;
use parquet::data_type::{ByteArray, ByteArrayType};
use parquet::file::statistics::Statistics;

use super::super::columns::{ParquetFile, Piece, Stream};
use super::super::read::{self, BATCH, refused};
use super::{MEMBERS_KEY, MODEL_KEY, VERSION, VERSION_KEY, column_name};
use crate::formats::Check;
use crate::formats::table::Layout;
use crate::{Form, IoError};

/// An open pack.
pub(crate) struct PackFile {
    file: ParquetFile,
    layout: Layout,
    /// Places of the constant columns.
    texts: Vec<usize>,
    model: String,
    members: usize,
}

impl PackFile {
    pub(crate) fn open(path: &Path) -> Result<Self, IoError> {
        let file = ParquetFile::open(path)?;
        let said = read::attributes(&file);
        let number = |key: &str| said.get(key).and_then(Value::as_int).and_then(|number| number.to_u64());
        let version = number(VERSION_KEY)
            .ok_or_else(|| IoError::refused("this is no pack: open the file without a member"))?;
        if version != VERSION {
            return Err(IoError::refused(format!(
                "this is a pack of format {version}, and only {VERSION} is known: use a later program"
            )));
        }
        let model = said.get(MODEL_KEY).and_then(Value::as_str).map(str::to_owned);
        let members = number(MEMBERS_KEY).and_then(|members| usize::try_from(members).ok());
        let (Some(model), Some(members)) = (model, members) else {
            return Err(IoError::damaged("the pack does not say its model and the number of its members"));
        };
        let mut layout = read::layout(&file)?;
        // Names stand in constant columns, which are checked as such.
        let name = layout.name.take().filter(|_| layout.form == Form::Long);
        let name = name.ok_or_else(|| IoError::damaged("the pack has no column config_id"))?;
        let others = (0..file.columns().len()).filter(|place| *place != name);
        let others = others.filter(|place| layout.places().all(|known| known != *place));
        let texts: Vec<usize> = [name].into_iter().chain(others).collect();
        for place in &texts {
            let column = &file.columns()[*place];
            let plain = column.max_rep_level() == 0 && column.max_def_level() <= 1;
            if column.physical_type() != Physical::BYTE_ARRAY || !plain {
                return Err(refused(column, "text"));
            }
        }
        Ok(PackFile { file, layout, texts, model, members })
    }

    /// The model of all members.
    pub(crate) fn model(&self) -> &str {
        &self.model
    }

    /// The number of members.
    pub(crate) fn members(&self) -> usize {
        self.members
    }

    pub(crate) fn row_groups(&self) -> usize {
        self.file.groups().len()
    }

    /// The member in the row groups `range`, which must be that of the folder `config_id` and the levels
    /// `levels` below it.
    pub(crate) fn source(
        &self,
        path: &Path,
        range: Range<usize>,
        config_id: &str,
        levels: &[(&str, &str)],
        attributes: Map,
        check: Check,
    ) -> Result<Box<dyn SlabSource>, IoError> {
        let groups = self.row_groups();
        if range.is_empty() || range.end > groups {
            return Err(IoError::damaged(format!(
                "row groups {} to {} are not among the {groups} of the file",
                range.start, range.end
            )));
        }
        let file = self.file.part(range)?;
        let names = levels.iter().map(|(key, _)| column_name(key));
        let names: Vec<String> = ["config_id".to_owned()].into_iter().chain(names).collect();
        let columns = self.texts.iter().map(|place| file.columns()[*place].name());
        if !columns.eq(names.iter().map(String::as_str)) {
            let found = names[1..].join(", ");
            return Err(IoError::damaged(format!(
                "the levels of the member, {found:?}, are not the columns of the pack"
            )));
        }
        let texts = [config_id].into_iter().chain(levels.iter().map(|(_, text)| *text));
        for (place, text) in self.texts.iter().zip(texts) {
            announced(&file, *place, text)?;
            if check == Check::Rows {
                constant(&file, *place, text)?;
            }
        }
        read::source(path, file, &self.layout, attributes, check)
    }
}

/// What the statistics say of a constant column: they are small and in memory, and show another's row groups
/// where nobody asks for a check of all rows.
fn announced(file: &ParquetFile, place: usize, text: &str) -> Result<(), IoError> {
    for group in file.groups() {
        let Some(Statistics::ByteArray(found)) = group.column(place).statistics() else {
            return Err(IoError::damaged("a row group does not say whose it is"));
        };
        for found in [found.min_opt(), found.max_opt()] {
            let found = found.map_or(&[][..], ByteArray::data);
            if found != text.as_bytes() {
                return Err(foreign(file, place, found, text));
            }
        }
    }
    Ok(())
}

/// Every row of a constant column.
fn constant(file: &ParquetFile, place: usize, text: &str) -> Result<(), IoError> {
    let mut stream = Stream::<ByteArrayType>::new(place);
    let mut piece = Piece::default();
    loop {
        let rows = stream.next(file, BATCH, &mut piece)?;
        if rows == 0 {
            return Ok(());
        }
        if piece.values.len() < rows {
            return Err(IoError::damaged("an index column has missing values"));
        }
        if let Some(found) = piece.values.iter().find(|found| found.data() != text.as_bytes()) {
            return Err(foreign(file, place, found.data(), text));
        }
    }
}

fn foreign(file: &ParquetFile, place: usize, found: &[u8], text: &str) -> IoError {
    let (column, found) = (file.columns()[place].name(), String::from_utf8_lossy(found));
    IoError::damaged(format!("its row groups hold {column} {found:?}, expected {text:?}"))
}
