//! A dataset's file: from its beginning, or from a checkpoint on, to its end.

use std::path::Path;

use mts_core::{Saved, Shape, State, StateError};
use mts_hash::{Map, Value, digest};

use crate::formats::{self, Format};
use crate::remote::is_remote;
use crate::sink::{Finished, Resumable, Stop, unfit};
use crate::store::Folder;
use crate::{Contents, Digesting, IoError, Pending, SlabSink, Store};

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
    let fingerprint = fingerprint(format, contents);
    if format.is_folder() {
        let folder = Folder::new(store.create_folder(path)?);
        let sink = formats::create_folder(folder, contents).map_err(|error| error.at(path))?;
        return Ok(Box::new(FileSink { sink, fingerprint, lost: false }));
    }
    let writer = Digesting::new(store.create(path)?);
    let sink = formats::create_resumable(format, writer, contents).map_err(|error| error.at(path))?;
    Ok(Box::new(FileSink { sink, fingerprint, lost: is_remote(path) }))
}

/// A sink that goes on with the file or folder `path` of `store`, whose writer was killed or dropped after it made the
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
    let resumed = || -> Result<Box<dyn SlabSink<Finished>>, IoError> {
        let (steps, saved, output) = read(state, &fingerprint, contents.head.shape).map_err(unfit)?;
        if format.is_folder() {
            let files = Folder::recall(output).map_err(unfit)?;
            let folder = Folder::resume(store.reopen_folder(path)?, files)?;
            let sink = formats::resume_folder(folder, contents, Stop { steps, bytes: 0, saved })?;
            return Ok(Box::new(FileSink { sink, fingerprint, lost: false }));
        }
        let prefix = Digesting::recall(output).map_err(unfit)?;
        let writer = Digesting::resume(store.reopen(path)?, &prefix)?;
        let sink = formats::resume(format, writer, contents, Stop { steps, bytes: prefix.bytes, saved })?;
        Ok(Box::new(FileSink { sink, fingerprint, lost: false }))
    };
    resumed().map_err(|error| error.at(path))
}

/// The steps that `state` stands for, and what it says of the sink and of its output.
fn read<'a>(
    state: &'a [u8],
    fingerprint: &[u8],
    shape: Shape,
) -> Result<(usize, Saved<'a>, Saved<'a>), StateError> {
    let mut saved = Saved::open(state)?;
    if saved.bytes()? != fingerprint {
        return Err(StateError::Foreign);
    }
    Ok((saved.index(shape.steps())?, Saved::open(saved.bytes()?)?, saved))
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

/// What a dataset is written into.
trait Output: Send {
    /// Makes durable what was written, and leaves it to be continued should it not be completed; adds to
    /// `state` what it is known by.
    fn keep(&mut self, state: &mut State) -> Result<(), IoError>;

    /// What appears when it is committed.
    fn finished(self) -> Finished;
}

impl Output for Digesting<Pending> {
    fn keep(&mut self, state: &mut State) -> Result<(), IoError> {
        Digesting::keep(self, state)
    }

    fn finished(self) -> Finished {
        let (pending, digest) = self.finish();
        Finished { pending, digest }
    }
}

impl Output for Folder {
    fn keep(&mut self, state: &mut State) -> Result<(), IoError> {
        Folder::keep(self, state)
    }

    fn finished(self) -> Finished {
        let (pending, digest) = self.finish();
        Finished { pending, digest }
    }
}

/// A file or a folder as one of a dataset's files.
struct FileSink<W> {
    sink: Box<dyn Resumable<W>>,
    fingerprint: [u8; 32],
    /// Whether nobody can go on for it: steps may have been written in part, or not reached the disk, or there
    /// is no disk.
    lost: bool,
}

impl<W: Output> FileSink<W> {
    fn save(&mut self) -> Result<Option<Vec<u8>>, IoError> {
        let (steps, mut own) = (self.sink.steps(), State::default());
        let Some(writer) = self.sink.save(&mut own)? else { return Ok(None) };
        let mut state = State::default();
        state.bytes(&self.fingerprint);
        state.u64(steps as u64);
        state.bytes(&own.seal());
        // The caller stores the checkpoint, which must not be on the disk before the data.
        writer.keep(&mut state)?;
        Ok(Some(state.seal()))
    }
}

impl<W: Output> SlabSink<Finished> for FileSink<W> {
    fn write(&mut self, slabs: &[f64]) -> Result<(), IoError> {
        let written = self.sink.write(slabs);
        self.lost |= written.is_err();
        written
    }

    fn steps(&self) -> usize {
        self.sink.steps()
    }

    fn checkpoint(&mut self) -> Result<Option<Vec<u8>>, IoError> {
        if self.lost {
            return Ok(None);
        }
        let saved = self.save();
        self.lost = saved.is_err();
        saved
    }

    fn finish(self: Box<Self>) -> Result<Finished, IoError> {
        Ok(self.sink.finish()?.finished())
    }
}
