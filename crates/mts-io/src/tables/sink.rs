//! Pieces to a file.

use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

use arrow_ipc::MetadataVersion;
use arrow_ipc::writer::{FileWriter, IpcWriteOptions, StreamWriter};
use arrow_schema::ArrowError;

use super::encoder::{Content, Rows};
use super::{Encoder, Piece, csv};
use crate::error::unwrapped;
use crate::formats::tables::TableWriter;
use crate::{Digesting, Finished, IoError, Pending, Store};

/// So much goes out at once, enough to be hashed and written at the same time.
const BUFFER: usize = 1 << 19;

/// A table's file, which takes pieces in their order.
pub struct TableSink<W: Write + Send> {
    file: File<W>,
}

enum File<W: Write> {
    Text(BufWriter<W>),
    Json {
        writer: BufWriter<W>,
        /// What ends the row before, where there is one.
        open: bool,
    },
    Parquet(TableWriter<W>),
    Arrow(FileWriter<BufWriter<W>>),
    Stream(StreamWriter<BufWriter<W>>),
}

impl<W: Write + Send> TableSink<W> {
    /// Begins a file of what `encoder` makes.
    ///
    /// # Errors
    ///
    /// Where the writer fails.
    pub fn create(writer: W, encoder: &Encoder) -> Result<Self, IoError> {
        let buffered = |writer| BufWriter::with_capacity(BUFFER, writer);
        let file = match &encoder.rows {
            Rows::Csv => {
                let mut writer = buffered(writer);
                writer.write_all(&csv::header(encoder.schema()))?;
                File::Text(writer)
            }
            Rows::Ndjson(_) => File::Text(buffered(writer)),
            Rows::Json(_) => {
                let mut writer = buffered(writer);
                writer.write_all(b"[")?;
                File::Json { writer, open: false }
            }
            Rows::Parquet(groups) => File::Parquet(groups.create(writer)?),
            Rows::Arrow => {
                let file = FileWriter::try_new_with_options(buffered(writer), encoder.schema(), options()?);
                File::Arrow(file.map_err(from_arrow)?)
            }
        };
        Ok(TableSink { file })
    }

    /// As [`create`](Self::create), for readers that begin before the end: Arrow is the IPC stream.
    ///
    /// # Errors
    ///
    /// Where the writer fails, and for Parquet, which is read from its end.
    pub fn stream(writer: W, encoder: &Encoder) -> Result<Self, IoError> {
        match &encoder.rows {
            Rows::Arrow => {
                let writer = BufWriter::with_capacity(BUFFER, writer);
                let stream = StreamWriter::try_new_with_options(writer, encoder.schema(), options()?);
                Ok(TableSink { file: File::Stream(stream.map_err(from_arrow)?) })
            }
            Rows::Parquet(_) => Err(IoError::refused("parquet cannot be written as a stream")),
            _ => Self::create(writer, encoder),
        }
    }

    /// Takes the next piece, which an encoder of the same table and format made.
    ///
    /// # Errors
    ///
    /// Where the writer fails, or the piece is of another format.
    pub fn append(&mut self, piece: Piece) -> Result<(), IoError> {
        if piece.rows() == 0 {
            return Ok(());
        }
        match (&mut self.file, piece.content) {
            (File::Text(writer), Content::Text(text)) => writer.write_all(&text)?,
            (File::Json { writer, open }, Content::Text(text)) => {
                // Rows end with a comma, which the last of the file must not.
                writer.write_all(if *open { b",\n" } else { b"\n" })?;
                *open = true;
                writer.write_all(text.strip_suffix(b",\n").unwrap_or(&text))?;
            }
            (File::Parquet(file), Content::Group(group)) => file.append(&group)?,
            (File::Arrow(file), Content::Batch(batch)) => file.write(&batch).map_err(from_arrow)?,
            (File::Stream(stream), Content::Batch(batch)) => stream.write(&batch).map_err(from_arrow)?,
            _ => return Err(IoError::refused("the piece is of another format than the file")),
        }
        Ok(())
    }

    /// Completes the file and gives the writer back.
    ///
    /// # Errors
    ///
    /// Where the writer fails.
    pub fn finish(self) -> Result<W, IoError> {
        match self.file {
            File::Text(writer) => into_inner(writer),
            File::Json { mut writer, open } => {
                writer.write_all(if open { b"\n]\n" } else { b"]\n" })?;
                into_inner(writer)
            }
            File::Parquet(file) => file.finish(),
            File::Arrow(mut file) => {
                file.finish().map_err(from_arrow)?;
                into_inner(file.into_inner().map_err(from_arrow)?)
            }
            File::Stream(mut stream) => {
                stream.finish().map_err(from_arrow)?;
                into_inner(stream.into_inner().map_err(from_arrow)?)
            }
        }
    }
}

fn into_inner<W: Write>(writer: BufWriter<W>) -> Result<W, IoError> {
    writer.into_inner().map_err(|error| error.into_error().into())
}

/// Everything is set here, so that defaults of a later version of the library cannot move a byte.
fn options() -> Result<IpcWriteOptions, IoError> {
    IpcWriteOptions::try_new(64, false, MetadataVersion::V5).map_err(from_arrow)
}

pub(super) fn from_arrow(error: ArrowError) -> IoError {
    match error {
        ArrowError::IoError(_, error) => error.into(),
        ArrowError::ExternalError(inner) => unwrapped(inner),
        other => IoError::damaged(other.to_string()),
    }
}

/// A table's file in a [`Store`].
pub struct TableFile {
    path: PathBuf,
    sink: TableSink<Digesting<Pending>>,
}

/// Begins the file `path` of `store`, which is there when what [`TableFile::finish`] returns is committed.
///
/// # Errors
///
/// Where `path` cannot be written.
pub fn begin_table<T>(store: &Store<T>, path: &Path, encoder: &Encoder) -> Result<TableFile, IoError> {
    let writer = Digesting::new(store.create(path)?);
    let sink = TableSink::create(writer, encoder).map_err(|error| error.at(path))?;
    Ok(TableFile { path: path.to_owned(), sink })
}

impl TableFile {
    /// As [`TableSink::append`].
    ///
    /// # Errors
    ///
    /// As [`TableSink::append`].
    pub fn append(&mut self, piece: Piece) -> Result<(), IoError> {
        self.sink.append(piece).map_err(|error| error.at(&self.path))
    }

    /// Completes the file.
    ///
    /// # Errors
    ///
    /// Where it cannot be written.
    pub fn finish(self) -> Result<Finished, IoError> {
        let (pending, digest) = self.sink.finish().map_err(|error| error.at(&self.path))?.finish();
        Ok(Finished { pending, digest })
    }
}
