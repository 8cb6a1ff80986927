//! How far a long dataset is, should its run be killed.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use mts_hash::{Map, Value, canonical_json, parse};
use mts_io::{Format, IoError, Store};

use crate::checkpoints::{self, Checkpoint, from_hex, to_hex};

/// Of the time of a run, less than one part in so many is spent on remembering how far it is.
const PARTS: u32 = 20;

/// Where a dataset can be continued: the last of its checkpoints, and the files as they were then.
pub(crate) struct Point {
    pub(crate) checkpoints: Vec<Checkpoint>,
    pub(crate) files: Vec<(Format, Vec<u8>)>,
}

/// The file that remembers a [`Point`] of some data. It is there while they are made.
pub(crate) struct Progress {
    path: PathBuf,
    data_id: String,
    /// When the last point was stored, and how long that took.
    last: Option<(Instant, Duration)>,
}

impl Progress {
    /// Of the dataset whose files lie in `folder`.
    pub(crate) fn new(folder: &Path, config_id: &str, data_id: &str) -> Self {
        Progress { path: path(folder, config_id), data_id: data_id.to_owned(), last: None }
    }

    /// Whether it is worth while to store a point now.
    pub(crate) fn is_due(&self) -> bool {
        self.last.is_none_or(|(then, took)| then.elapsed() >= took * PARTS)
    }

    /// Remembers a point, which was reached at `begun`, instead of any before.
    pub(crate) fn store(&mut self, point: &Point, begun: Instant) -> Result<(), IoError> {
        let file = |(format, state): &(Format, Vec<u8>)| {
            let file: Map =
                [("format", format.name().to_owned()), ("state", to_hex(state))].into_iter().collect();
            Value::Map(file)
        };
        let mut map = Map::new();
        map.insert("data_id", self.data_id.as_str());
        map.insert("checkpoints", checkpoints::text(&point.checkpoints));
        map.insert("files", Value::List(point.files.iter().map(file).collect()));
        let store = Store::new();
        let mut file = store.create(&self.path)?;
        file.write_all(canonical_json(&map.into()).as_bytes())?;
        let mut committed = store.commit((), vec![file]).into_iter().chain(store.flush());
        committed.try_for_each(|committed| committed.outcome.map(drop))?;
        self.last = Some((Instant::now(), begun.elapsed()));
        Ok(())
    }

    /// The point that a killed run stored. None where there is none of these data, or it cannot be read.
    pub(crate) fn load(&self) -> Option<Point> {
        let root = parse(&fs::read_to_string(&self.path).ok()?).ok()?;
        if root.get("data_id")?.as_str()? != self.data_id {
            return None;
        }
        let file = |file: &Value| {
            let format = file.get("format")?.as_str()?.parse().ok()?;
            Some((format, from_hex(file.get("state")?.as_str()?)?))
        };
        let files = root.get("files")?.as_list()?.iter().map(file).collect::<Option<_>>()?;
        let checkpoints = checkpoints::read(root.get("checkpoints")?.as_str()?)?;
        (!checkpoints.is_empty()).then_some(Point { checkpoints, files })
    }

    /// Forgets it.
    pub(crate) fn remove(&self) {
        // One that stays is of no data that are there, and is replaced or passed over.
        let _ = fs::remove_file(&self.path);
    }
}

/// Hidden, as temporary files are.
fn path(folder: &Path, config_id: &str) -> PathBuf {
    folder.join(format!(".{config_id}.progress"))
}

/// Whether something in `folder` can be continued.
pub(crate) fn is_in(folder: &Path, config_id: &str) -> bool {
    path(folder, config_id).exists()
}
