//! Columns of a file as streams.

use std::fs::File;
use std::path::Path;

use parquet::basic::Type as Physical;
use parquet::column::reader::{ColumnReaderImpl, get_typed_column_reader};
use parquet::data_type::DataType;
use parquet::errors::{ParquetError, Result as Parquet};
use parquet::file::metadata::{ColumnChunkMetaData, FileMetaData, RowGroupMetaData};
use parquet::file::reader::{ChunkReader, FileReader, Length, SerializedFileReader};
use parquet::schema::types::ColumnDescPtr;

use super::from_parquet;
use super::guard::{IMPLAUSIBLE, PageHeader, footer_is_plausible};
use crate::formats::guarded;
use crate::{IoError, IoErrorKind};

/// An open file.
pub(super) struct ParquetFile {
    file: File,
    reader: SerializedFileReader<File>,
}

/// What the library answers, whose panics are damage too.
fn guarded<T>(read: impl FnOnce() -> Parquet<T>) -> Result<T, IoError> {
    guarded::guarded(read)?.map_err(from_parquet)
}

impl ParquetFile {
    pub(super) fn open(path: &Path) -> Result<Self, IoError> {
        let file = File::open(path)?;
        if file.metadata()?.is_dir() {
            return Err(IoErrorKind::IsFolder.into());
        }
        check_footer(&file)?;
        let copy = file.try_clone()?;
        let reader = guarded(|| SerializedFileReader::new(copy))?;
        let opened = ParquetFile { file, reader };
        opened.rows()?;
        Ok(opened)
    }

    pub(super) fn metadata(&self) -> &FileMetaData {
        self.reader.metadata().file_metadata()
    }

    fn groups(&self) -> &[RowGroupMetaData] {
        self.reader.metadata().row_groups()
    }

    /// The number of rows, as the row groups count them.
    pub(super) fn rows(&self) -> Result<usize, IoError> {
        let rows = self.groups().iter().try_fold(0_usize, |sum, group| {
            let rows = usize::try_from(group.num_rows()).ok()?;
            let mut flat = group.columns().iter().filter(|column| column.column_descr().max_rep_level() == 0);
            let full = flat.all(|column| column.num_values() == group.num_rows());
            sum.checked_add(rows).filter(|_| full)
        });
        rows.filter(|rows| i64::try_from(*rows) == Ok(self.metadata().num_rows()))
            .ok_or_else(|| IoError::damaged("the row groups contradict the number of rows"))
    }

    /// The columns, in order.
    pub(super) fn columns(&self) -> &[ColumnDescPtr] {
        self.metadata().schema_descr().columns()
    }

    /// Opens a column in a row group whose announced sizes are possible.
    fn chunk<T: DataType>(&self, group: usize, column: usize) -> Result<ColumnReaderImpl<T>, IoError> {
        let width = match T::get_physical_type() {
            Physical::BYTE_ARRAY | Physical::FLOAT => 4,
            _ => 8,
        };
        guarded(|| {
            let metadata = self.groups()[group].column(column);
            if !pages_are_plausible(&self.file, metadata, width)? {
                return Err(ParquetError::General(format!("a page of row group {group} {IMPLAUSIBLE}")));
            }
            let reader = self.reader.get_row_group(group)?.get_column_reader(column)?;
            Ok(get_typed_column_reader(reader))
        })
    }
}

/// Looks at the footer before the library does.
fn check_footer(file: &File) -> Result<(), IoError> {
    const TAIL: u64 = 8;
    let length = file.len();
    let damaged =
        |what: &str| IoError::damaged(format!("{what}: this is no Parquet file, or it was cut off"));
    if length < 4 + TAIL {
        return Err(damaged("the file is too short"));
    }
    let tail = guarded(|| file.get_bytes(length - TAIL, TAIL as usize))?;
    if &tail[4..] != b"PAR1" {
        return Err(damaged("the file does not end as a Parquet file does"));
    }
    let footer = u64::from(u32::from_le_bytes([tail[0], tail[1], tail[2], tail[3]]));
    if footer > length - 4 - TAIL {
        return Err(damaged("the footer is larger than the file"));
    }
    let bytes = guarded(|| file.get_bytes(length - TAIL - footer, footer as usize))?;
    if footer_is_plausible(&bytes) {
        Ok(())
    } else {
        Err(IoError::damaged(format!("the footer {IMPLAUSIBLE}")))
    }
}

/// Looks at the page headers of a chunk before the library does.
fn pages_are_plausible(file: &File, column: &ColumnChunkMetaData, width: u64) -> Parquet<bool> {
    /// Headers hold a few numbers, and at most two extremes.
    const HEADERS: [u64; 3] = [64, 4096, 1 << 20];
    let first = column.dictionary_page_offset().unwrap_or_else(|| column.data_page_offset());
    let (Ok(mut at), Ok(length)) = (u64::try_from(first), u64::try_from(column.compressed_size())) else {
        return Ok(false);
    };
    let Some(end) = at.checked_add(length).filter(|end| *end <= file.len()) else { return Ok(false) };
    while at < end {
        let mut header = None;
        for size in HEADERS {
            let bytes = file.get_bytes(at, size.min(end - at) as usize)?;
            header = PageHeader::parse(&bytes);
            if header.is_some() {
                break;
            }
        }
        let Some(header) = header.filter(|header| header.is_plausible(width, column.compression())) else {
            return Ok(false);
        };
        at = at.saturating_add(header.length as u64).saturating_add(header.compressed);
    }
    Ok(at == end)
}

/// Values of a column.
#[derive(Default)]
pub(super) struct Piece<T> {
    /// Those that are not missing.
    pub(super) values: Vec<T>,
    /// 1 for each row that has a value; empty where none can be missing.
    pub(super) present: Vec<i16>,
}

/// One column, piece by piece.
pub(super) struct Stream<T: DataType> {
    column: usize,
    /// The next row group.
    group: usize,
    reader: Option<ColumnReaderImpl<T>>,
}

impl<T: DataType> Stream<T> {
    pub(super) fn new(column: usize) -> Self {
        Stream { column, group: 0, reader: None }
    }

    pub(super) fn restart(&mut self) {
        *self = Stream::new(self.column);
    }

    /// Reads the next rows, at most `rows`; returns how many there were, 0 at the end.
    pub(super) fn next(
        &mut self,
        file: &ParquetFile,
        rows: usize,
        piece: &mut Piece<T::T>,
    ) -> Result<usize, IoError> {
        piece.values.clear();
        piece.present.clear();
        loop {
            let reader = match &mut self.reader {
                Some(reader) => reader,
                None if self.group == file.groups().len() => return Ok(0),
                None => {
                    self.group += 1;
                    self.reader.insert(file.chunk(self.group - 1, self.column)?)
                }
            };
            let Piece { values, present } = piece;
            let (read, ..) = guarded(|| reader.read_records(rows, Some(present), None, values))?;
            if read > 0 {
                return Ok(read);
            }
            self.reader = None;
        }
    }
}
