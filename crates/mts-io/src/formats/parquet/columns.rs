//! Columns of a file as streams.

use std::ops::Range;
use std::path::Path;
use std::sync::Arc;

use parquet::arrow::arrow_reader::{
    ArrowReaderMetadata, ArrowReaderOptions, ParquetRecordBatchReader, ParquetRecordBatchReaderBuilder,
};
use parquet::basic::{Compression, Type as Physical};
use parquet::column::reader::{ColumnReaderImpl, get_typed_column_reader};
use parquet::data_type::DataType;
use parquet::errors::{ParquetError, Result as Parquet};
use parquet::file::metadata::{
    ColumnChunkMetaData, FileMetaData, ParquetMetaData, ParquetMetaDataReader, RowGroupMetaData,
};
use parquet::file::properties::ReaderProperties;
use parquet::file::reader::{ChunkReader, Length, RowGroupReader};
use parquet::file::serialized_reader::SerializedRowGroupReader;
use parquet::schema::types::ColumnDescPtr;

use super::from_parquet;
use super::guard::{IMPLAUSIBLE, footer_is_plausible};
use super::pages;
use super::shared::SharedFile;
use crate::formats::guarded;
use crate::{IoError, IoErrorKind, places};

/// Some row groups of an open file.
pub(super) struct ParquetFile {
    file: Arc<SharedFile>,
    metadata: Arc<ParquetMetaData>,
    range: Range<usize>,
}

/// Row groups of at most so many bytes are read at once: column by column and page by page, small ones would
/// be a hundred reads.
const MAX_WINDOW: u64 = 1 << 20;

/// What the library answers, whose panics are damage too.
fn guarded<T>(read: impl FnOnce() -> Parquet<T>) -> Result<T, IoError> {
    guarded::guarded(read)?.map_err(from_parquet)
}

impl ParquetFile {
    pub(super) fn open(path: &Path) -> Result<Self, IoError> {
        let file = places::open(path)?;
        if file.metadata()?.is_dir() {
            return Err(IoErrorKind::IsFolder.into());
        }
        let file = SharedFile::new(file)?;
        check_footer(&file)?;
        let metadata = guarded(|| ParquetMetaDataReader::new().parse_and_finish(&file))?;
        let range = 0..metadata.num_row_groups();
        let opened = ParquetFile { file: Arc::new(file), metadata: Arc::new(metadata), range };
        if i64::try_from(opened.rows()?) == Ok(opened.metadata().num_rows()) {
            return Ok(opened);
        }
        Err(IoError::damaged(CONTRADICTION))
    }

    /// The row groups `range` of those that are seen here, which may be read beside them.
    pub(super) fn part(&self, range: Range<usize>) -> Result<Self, IoError> {
        let range = self.range.start + range.start..self.range.start + range.end;
        let (file, metadata) = (Arc::clone(&self.file), Arc::clone(&self.metadata));
        let mut part = ParquetFile { file, metadata, range };
        if let Some(window) = part.extent().filter(|window| window.end - window.start <= MAX_WINDOW) {
            part.file = Arc::new(part.file.with_window(window)?);
        }
        Ok(part)
    }

    /// Where the bytes of all row groups are, if that is possible.
    fn extent(&self) -> Option<Range<u64>> {
        let mut columns = self.groups().iter().flat_map(|group| group.columns());
        let first = extent(columns.next()?)?;
        let all = columns.try_fold(first, |all, column| {
            let next = extent(column)?;
            Some(all.start.min(next.start)..all.end.max(next.end))
        });
        all.filter(|all| all.end <= self.file.len())
    }

    pub(super) fn metadata(&self) -> &FileMetaData {
        self.metadata.file_metadata()
    }

    pub(super) fn groups(&self) -> &[RowGroupMetaData] {
        &self.metadata.row_groups()[self.range.clone()]
    }

    /// The number of rows, as the row groups count them.
    pub(super) fn rows(&self) -> Result<usize, IoError> {
        let rows = self.groups().iter().try_fold(0_usize, |sum, group| {
            let rows = usize::try_from(group.num_rows()).ok()?;
            let mut flat = group.columns().iter().filter(|column| column.column_descr().max_rep_level() == 0);
            let full = flat.all(|column| column.num_values() == group.num_rows());
            sum.checked_add(rows).filter(|_| full)
        });
        rows.ok_or_else(|| IoError::damaged(CONTRADICTION))
    }

    /// The columns, in order.
    pub(super) fn columns(&self) -> &[ColumnDescPtr] {
        self.metadata().schema_descr().columns()
    }

    fn check_pages(&self, group: usize, column: usize, width: u64) -> Parquet<()> {
        let chunk = self.groups()[group].column(column);
        if !is_known(chunk.compression()) {
            let (name, codec) = (chunk.column_path().string(), chunk.compression());
            return Err(ParquetError::NYI(format!(
                "the column {name} is compressed with {codec}: write it with SNAPPY, ZSTD or without compression"
            )));
        }
        let extent = extent(chunk).filter(|extent| extent.end <= self.file.len());
        if let Some(extent) = extent
            && pages::are_plausible(&self.file, chunk, extent, width)?
        {
            return Ok(());
        }
        let group = self.range.start + group;
        Err(ParquetError::General(format!("a page of row group {group} {IMPLAUSIBLE}")))
    }

    /// All columns as batches of at most `rows` rows, of a file that another than a dataset is in.
    pub(super) fn batches(&self, rows: usize) -> Result<ParquetRecordBatchReader, IoError> {
        guarded(|| {
            for (number, group) in self.groups().iter().enumerate() {
                for (place, column) in group.columns().iter().enumerate() {
                    self.check_pages(number, place, width_in(column))?;
                }
            }
            let options = ArrowReaderOptions::new().with_skip_arrow_metadata(true);
            let metadata = ArrowReaderMetadata::try_new(Arc::clone(&self.metadata), options)?;
            let file = self.file.as_ref().clone();
            let reader = ParquetRecordBatchReaderBuilder::new_with_metadata(file, metadata);
            reader.with_batch_size(rows).build()
        })
    }

    /// The length of the file.
    pub(super) fn bytes(&self) -> u64 {
        self.file.len()
    }

    /// Opens a column in a row group whose announced sizes are possible.
    fn chunk<T: DataType>(&self, group: usize, column: usize) -> Result<ColumnReaderImpl<T>, IoError> {
        let width = width(T::get_physical_type());
        guarded(|| {
            self.check_pages(group, column, width)?;
            let properties = Arc::new(ReaderProperties::builder().build());
            let (file, group) = (Arc::clone(&self.file), &self.groups()[group]);
            let reader =
                SerializedRowGroupReader::new(file, group, None, properties)?.get_column_reader(column)?;
            Ok(get_typed_column_reader(reader))
        })
    }
}

/// Where row groups, columns and file count rows differently.
const CONTRADICTION: &str = "the row groups contradict the number of rows";

/// True for the compressions that this library was built with.
fn is_known(codec: Compression) -> bool {
    matches!(codec, Compression::UNCOMPRESSED | Compression::SNAPPY | Compression::ZSTD(_))
}

/// The least bytes of a value of a column in its dictionary.
fn width_in(column: &ColumnChunkMetaData) -> u64 {
    match column.column_type() {
        Physical::FIXED_LEN_BYTE_ARRAY => column.column_descr().type_length().unsigned_abs().into(),
        physical => width(physical),
    }
}

/// The least bytes of a value in a dictionary, where those of the type do not differ.
fn width(physical: Physical) -> u64 {
    match physical {
        Physical::BOOLEAN => 1,
        Physical::BYTE_ARRAY | Physical::FLOAT | Physical::INT32 => 4,
        _ => 8,
    }
}

/// Looks at the footer before the library does.
fn check_footer(file: &SharedFile) -> Result<(), IoError> {
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

/// Where the bytes of a column in a row group are said to be.
fn extent(column: &ColumnChunkMetaData) -> Option<Range<u64>> {
    let first = column.dictionary_page_offset().unwrap_or_else(|| column.data_page_offset());
    let (start, length) = (u64::try_from(first).ok()?, u64::try_from(column.compressed_size()).ok()?);
    Some(start..start.checked_add(length)?)
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

    /// Passes over the next rows: whole row groups by the number of rows that they have, which all their columns
    /// were found to have too.
    pub(super) fn skip(&mut self, file: &ParquetFile, mut rows: usize) -> Result<(), IoError> {
        while rows > 0 {
            if let Some(reader) = &mut self.reader {
                rows -= guarded(|| reader.skip_records(rows))?.min(rows);
                if rows == 0 {
                    break;
                }
                self.reader = None;
            }
            let group = file.groups().get(self.group).ok_or_else(short)?;
            // Any other number was refused where the file was opened.
            let has = usize::try_from(group.num_rows()).unwrap_or(usize::MAX);
            if has <= rows {
                rows -= has;
            } else {
                self.reader = Some(file.chunk(self.group, self.column)?);
            }
            self.group += 1;
        }
        Ok(())
    }
}

/// Where rows are promised that a column does not have.
pub(super) fn short() -> IoError {
    IoError::damaged("a column of values ends early")
}
