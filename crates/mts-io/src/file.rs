//! A dataset's file: from its beginning, or from a checkpoint on, to its end.

use std::path::Path;

use mts_core::{Saved, State, StateError};
use mts_hash::{Map, Value, digest};

use crate::formats::{self, Format};
use crate::sink::{Finished, Resumable, Stop, unfit};
use crate::store::Folder;
use crate::{Contents, Digest, Digesting, IoError, Pending, SlabSink, Store};

/// A sink that writes the file or folder `path` of `store`, which is there when what it returns is
/// committed.
///
/// # Errors
///
/// Where the format cannot hold a dataset of this shape, or `path` cannot be written.
pub fn begin<T>(
    store: &Store<T>,
    path: &Path,
    format: Format,
    contents: &Contents,
) -> Result<Box<dyn SlabSink<Finished>>, IoError> {
    if format.is_folder() {
        let folder = Folder::new(store.create_folder(path)?);
        return formats::create_folder(folder, contents).map_err(|error| error.at(path));
    }
    let writer = Digesting::new(store.create(path)?);
    let sink = formats::create_resumable(format, writer, contents).map_err(|error| error.at(path))?;
    Ok(Box::new(FileSink { sink, fingerprint: fingerprint(format, contents), failed: false }))
}

/// A sink that goes on with the file `path` of `store`, whose writer was killed or dropped after it made the
/// checkpoint `state`; [`SlabSink::steps`] says which step it waits for. The file becomes the one that
/// a writer who was never interrupted makes, byte for byte.
///
/// The unfinished file is looked for under its temporary name, which [`Store::remove_stale`] and another
/// writer of `path` remove. What it has up to the checkpoint is read once and compared with the
/// checksum that `state` holds; what came behind is lost. Where anything is not as it was, the file
/// stays as it is.
///
/// ```
/// use mts_core::{Dtype, Head, Shape, TimeAxis};
/// use mts_hash::Map;
/// use mts_io::{Compression, Contents, Form, Format, Store, begin, resume};
///
/// let folder = tempfile::tempdir()?;
/// let path = folder.path().join("x.csv");
/// let shape = Shape::new(2, 100, 1)?;
/// let head =
///     Head { shape, time: TimeAxis::Steps, dtype: Dtype::F64, attributes: Map::new(), truth: None };
/// let contents = Contents {
///     head: &head,
///     config_id: "x__00c0ffee",
///     form: Form::Long,
///     compression: Compression::default(),
///     extra: &Map::new(),
/// };
///
/// let store = Store::new();
/// let mut sink = begin(&store, &path, Format::Csv, &contents)?;
/// sink.write(&[0.5; 2 * 60])?;
/// let state = sink.checkpoint()?.expect("text stops anywhere");
/// sink.write(&[7.0; 2 * 30])?;
/// drop(sink);
///
/// let mut sink = resume(&store, &path, Format::Csv, &contents, &state)?;
/// assert_eq!(sink.steps(), 60);
/// sink.write(&[0.5; 2 * 40])?;
/// store.commit((), vec![sink.finish()?.pending]);
/// store.flush();
/// let text = std::fs::read_to_string(&path)?;
/// assert_eq!(text.lines().count(), 1 + 200);
/// assert_eq!(text.lines().last(), Some("99,1,0,0.5,x__00c0ffee"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
///
/// Where `state` is damaged, was made of other contents or by another version of this crate, where there
/// is no such file, another writer is at work on it, or it does not begin with what was written, and where it
/// cannot be read or written.
pub fn resume<T>(
    store: &Store<T>,
    path: &Path,
    format: Format,
    contents: &Contents,
    state: &[u8],
) -> Result<Box<dyn SlabSink<Finished>>, IoError> {
    let fingerprint = fingerprint(format, contents);
    let resumed = || {
        let steps = contents.head.shape.steps();
        let (prefix, stop) = read(state, &fingerprint, steps).map_err(unfit)?;
        let writer = Digesting::resume(store.reopen(path)?, &prefix)?;
        formats::resume(format, writer, contents, stop)
    };
    let sink = resumed().map_err(|error: IoError| error.at(path))?;
    Ok(Box::new(FileSink { sink, fingerprint, failed: false }))
}

/// What `state` says of a file of so many steps.
fn read<'a>(state: &'a [u8], fingerprint: &[u8], steps: usize) -> Result<(Digest, Stop<'a>), StateError> {
    let mut saved = Saved::open(state)?;
    if saved.bytes()? != fingerprint {
        return Err(StateError::Foreign);
    }
    let (steps, bytes) = (saved.index(steps)?, saved.u64()?);
    let sha256 = String::from_utf8_lossy(saved.bytes()?).into_owned();
    let own = Saved::open(saved.bytes()?)?;
    saved.end()?;
    Ok((Digest { bytes, sha256 }, Stop { steps, bytes, saved: own }))
}

/// Tells files apart that are no continuation of each other. Versions are: what one began, another
/// might end otherwise.
fn fingerprint(format: Format, contents: &Contents) -> [u8; 32] {
    let Contents { head, config_id, form, compression, .. } = *contents;
    let (shape, attributes) = (head.shape, contents.attributes());
    // Lists keep an order which the text of a map does not.
    let entry = |(key, value): (&str, &Value)| Value::List(vec![key.into(), value.clone()]);
    let sizes = [shape.channels(), shape.steps(), shape.realizations()];
    let of: Map = [
        ("attributes", Value::List(attributes.iter().map(entry).collect())),
        ("compression", compression.name().into()),
        ("config_id", config_id.into()),
        ("dtype", format!("{:?}", head.dtype).into()),
        ("form", form.name().into()),
        ("format", format.name().into()),
        ("shape", Value::List(sizes.into_iter().map(Value::from).collect())),
        ("time", format!("{:?}", head.time).into()),
        ("version", env!("CARGO_PKG_VERSION").into()),
    ]
    .into_iter()
    .collect();
    digest(&of.into())
}

/// A file as one of a dataset's files.
struct FileSink {
    sink: Box<dyn Resumable<Digesting<Pending>>>,
    fingerprint: [u8; 32],
    /// Whether steps may have been written in part, or not reached the disk.
    failed: bool,
}

impl FileSink {
    fn save(&mut self) -> Result<Option<Vec<u8>>, IoError> {
        let (steps, mut own) = (self.sink.steps(), State::default());
        let Some(writer) = self.sink.save(&mut own)? else { return Ok(None) };
        // The caller stores the checkpoint, which must not be on the disk before the data.
        writer.keep()?;
        let prefix = writer.digest();
        let mut state = State::default();
        state.bytes(&self.fingerprint);
        state.u64(steps as u64);
        state.u64(prefix.bytes);
        state.bytes(prefix.sha256.as_bytes());
        state.bytes(&own.seal());
        Ok(Some(state.seal()))
    }
}

impl SlabSink<Finished> for FileSink {
    fn write(&mut self, slabs: &[f64]) -> Result<(), IoError> {
        let written = self.sink.write(slabs);
        self.failed |= written.is_err();
        written
    }

    fn steps(&self) -> usize {
        self.sink.steps()
    }

    fn checkpoint(&mut self) -> Result<Option<Vec<u8>>, IoError> {
        if self.failed {
            return Ok(None);
        }
        let saved = self.save();
        self.failed = saved.is_err();
        saved
    }

    fn finish(self: Box<Self>) -> Result<Finished, IoError> {
        let (pending, digest) = self.sink.finish()?.finish();
        Ok(Finished { pending, digest })
    }
}
