//! Partitions to a folder of files.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::path::{Path, PathBuf};

use arrow_array::RecordBatch;
use arrow_select::concat::concat_batches;
use rayon::prelude::*;

use super::{MAX_PARTITIONS, Part, Partitions, Split, name};
use crate::formats::tables::{Group, Groups, TableWriter};
use crate::store::Growing;
use crate::tables::encoder::Rows;
use crate::tables::{Encoder, csv};
use crate::{Digest, Finished, IoError, Store, pool};

/// Bytes of text that go to a partition's file at once.
const BLOCK: usize = 1 << 18;

/// Rows of a row group, at least, where there is room for them.
const GROUP_ROWS: usize = 1 << 16;

/// Bytes that wait in all partitions together: above it, the largest ones go out.
const WAITING: usize = 48 << 20;

/// A partitioned table in a [`Store`], which takes splits in their order.
///
/// No file stays open, and memory is bounded: where a table has many partitions, a row group of Parquet is what
/// came while there was room.
pub struct PartitionedTable {
    path: PathBuf,
    partitions: Partitions,
    folder: Growing,
    files: BTreeMap<String, File>,
    waiting: usize,
}

/// A partition's file, and what waits for it.
enum File {
    Text(Vec<u8>),
    Parquet { writer: TableWriter<Vec<u8>>, batches: Vec<RecordBatch>, rows: usize, bytes: usize },
}

/// A folder of a table's files that is complete, and nobody sees yet.
#[derive(Debug)]
pub struct FinishedTable {
    /// The folder, and the digest of everything in it.
    pub folder: Finished,
    /// Each file's path below the folder, with `/`, and its digest; in the order of the paths.
    pub files: Vec<(String, Digest)>,
}

/// Begins the folder `path` of `store`, which is there with all its files when what
/// [`PartitionedTable::finish`] returns is committed.
///
/// # Errors
///
/// Where `path` cannot be written, or is on an object store, where folders cannot appear at once.
pub fn begin_partitions<T>(
    store: &Store<T>,
    path: &Path,
    partitions: &Partitions,
) -> Result<PartitionedTable, IoError> {
    Ok(PartitionedTable {
        path: path.to_owned(),
        partitions: partitions.clone(),
        folder: Growing::new(store.create_folder(path)?),
        files: BTreeMap::new(),
        waiting: 0,
    })
}

impl File {
    fn new(encoder: &Encoder) -> Result<Self, IoError> {
        Ok(match &encoder.rows {
            Rows::Parquet(groups) => {
                let writer = groups.create_in_memory()?;
                File::Parquet { writer, batches: Vec::new(), rows: 0, bytes: 0 }
            }
            Rows::Csv => File::Text(csv::header(encoder.schema())),
            _ => File::Text(Vec::new()),
        })
    }

    /// Takes rows; returns how many bytes more wait.
    fn take(&mut self, part: Part) -> Result<usize, IoError> {
        let before = self.waiting();
        match (&mut *self, part) {
            (File::Text(text), Part::Text(more)) => text.extend_from_slice(&more),
            (File::Parquet { batches, rows, bytes, .. }, Part::Rows(more)) => {
                *rows += more.num_rows();
                *bytes += more.get_array_memory_size();
                batches.push(more);
            }
            _ => return Err(IoError::refused("the rows are of another format than the table")),
        }
        Ok(self.waiting().saturating_sub(before))
    }

    fn waiting(&self) -> usize {
        match self {
            File::Text(text) => text.len(),
            File::Parquet { bytes, .. } => *bytes,
        }
    }

    fn is_due(&self) -> bool {
        match self {
            File::Text(text) => text.len() >= BLOCK,
            File::Parquet { rows, .. } => *rows >= GROUP_ROWS,
        }
    }

    /// Encodes what waits, and returns the bytes for the file.
    fn flush(&mut self, groups: Option<&Groups>) -> Result<Vec<u8>, IoError> {
        match (self, groups) {
            (File::Parquet { writer, batches, rows, bytes }, Some(groups)) => {
                (*rows, *bytes) = (0, 0);
                if let Some(group) = group(groups, &std::mem::take(batches))? {
                    writer.append(&group)?;
                }
                Ok(std::mem::take(writer.writer()?))
            }
            (File::Text(text), _) => Ok(std::mem::take(text)),
            (File::Parquet { .. }, None) => Ok(Vec::new()),
        }
    }

    /// Flushes and ends the file.
    fn finish(mut self, groups: Option<&Groups>) -> Result<Vec<u8>, IoError> {
        let mut bytes = self.flush(groups)?;
        if let File::Parquet { writer, .. } = self {
            bytes.append(&mut writer.finish()?);
        }
        Ok(bytes)
    }
}

fn group(groups: &Groups, batches: &[RecordBatch]) -> Result<Option<Group>, IoError> {
    let Some(first) = batches.first() else { return Ok(None) };
    let batch = concat_batches(first.schema_ref(), batches).map_err(crate::tables::sink::from_arrow)?;
    groups.encode(&batch).map(Some)
}

impl PartitionedTable {
    /// Takes the next rows.
    ///
    /// # Errors
    ///
    /// Where a file cannot be written, there are more than 10 000 partitions, or the rows are those of another
    /// format.
    pub fn append(&mut self, split: Split) -> Result<(), IoError> {
        for (name, part) in split.parts {
            let full = self.files.len() == MAX_PARTITIONS;
            let file = match self.files.entry(name) {
                Entry::Occupied(file) => file.into_mut(),
                Entry::Vacant(_) if full => return Err(self.partitions.too_many().at(&self.path)),
                Entry::Vacant(place) => {
                    let file = File::new(&self.partitions.encoder)?;
                    self.waiting += file.waiting();
                    place.insert(file)
                }
            };
            self.waiting += file.take(part)?;
        }
        self.flush(|file| file.is_due())?;
        if self.waiting > WAITING {
            let mut sizes: Vec<usize> = self.files.values().map(File::waiting).collect();
            sizes.sort_unstable();
            // As few files as make half of the room free.
            let mut left = self.waiting;
            let least = sizes.into_iter().rev().find(|size| {
                left -= size;
                left <= WAITING / 2
            });
            self.flush(|file| file.waiting() >= least.unwrap_or(0))?;
        }
        Ok(())
    }

    /// Writes what waits in some files. Threads encode it, each some of the files.
    fn flush(&mut self, due: impl Fn(&File) -> bool) -> Result<(), IoError> {
        let groups = self.partitions.groups();
        let mut due: Vec<(&String, &mut File)> =
            self.files.iter_mut().filter(|(_, file)| due(file)).collect();
        // As many at once as there are threads: what is encoded takes memory too.
        for some in due.chunks_mut(pool::threads()) {
            self.waiting -= some.iter().map(|(_, file)| file.waiting()).sum::<usize>();
            let encode = |(_, file): &mut (&String, &mut File)| file.flush(groups);
            let encoded: Vec<_> = if some.len() > 1 {
                some.par_iter_mut().map(encode).collect()
            } else {
                some.iter_mut().map(encode).collect()
            };
            for ((name, _), bytes) in some.iter().zip(encoded) {
                let bytes = bytes.map_err(|error| error.at(&self.path.join(name.as_str())))?;
                self.folder.append(&self.partitions.file(name), &bytes)?;
            }
        }
        Ok(())
    }

    /// Completes all files; without rows, one that has none.
    ///
    /// # Errors
    ///
    /// Where they cannot be written.
    pub fn finish(mut self) -> Result<FinishedTable, IoError> {
        if self.files.is_empty() {
            // Readers take the columns from the files.
            self.files.insert(self.partitions.empty(), File::new(&self.partitions.encoder)?);
        }
        for (name, file) in std::mem::take(&mut self.files) {
            let bytes = file.finish(self.partitions.groups());
            let bytes = bytes.map_err(|error| error.at(&self.path.join(&name)))?;
            self.folder.append(&self.partitions.file(&name), &bytes)?;
        }
        let (pending, digest, files) = self.folder.finish();
        Ok(FinishedTable { folder: Finished { pending, digest }, files })
    }
}

impl Partitions {
    fn groups(&self) -> Option<&Groups> {
        if let Rows::Parquet(groups) = &self.encoder.rows { Some(groups) } else { None }
    }

    /// The partition of a table without rows.
    fn empty(&self) -> String {
        name::missing(self.columns.iter().map(|place| self.schema.field(*place).name().as_str()))
    }

    /// The path of a partition's file.
    fn file(&self, name: &str) -> String {
        format!("{name}/part-00000.{}", self.encoder.format().extension())
    }
}
