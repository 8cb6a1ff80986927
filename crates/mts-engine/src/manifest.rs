//! The record of a run: one line for each task that was finished, in the order of time.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use jiff::Timestamp;
use mts_hash::{Map, Value, canonical_json, parse};
use mts_io::{EntryKind, IoError, Journal};

use crate::message::is_name;
use crate::{Shard, pack};

/// The manifests of the folders that a run writes below.
pub(crate) struct Manifests {
    /// What is finished already, by folder and path below it: the names of its data.
    finished: BTreeMap<PathBuf, BTreeMap<String, String>>,
    /// Of this run or shard.
    name: String,
    files: Mutex<BTreeMap<PathBuf, Journal>>,
}

/// A finished task.
pub(crate) struct Line<'a> {
    /// Below the folder of the manifest.
    pub(crate) path: &'a str,
    pub(crate) data_id: &'a str,
    pub(crate) bytes: u64,
    /// How long it took, where it was made in this run.
    pub(crate) seconds: Option<f64>,
}

impl Manifests {
    /// Reads what is finished below each of `outdirs`.
    pub(crate) fn read<'a>(outdirs: impl IntoIterator<Item = &'a Path>, shard: Option<Shard>) -> Self {
        let finished = outdirs.into_iter().map(|outdir| (outdir.to_owned(), finished(outdir))).collect();
        let name = match shard {
            Some(shard) => format!("manifest.{}.jsonl", shard.suffix()),
            None => "manifest.jsonl".to_owned(),
        };
        Manifests { finished, name, files: Mutex::default() }
    }

    /// Appends a line to the manifest of `outdir`; what was recorded before is not repeated unless it
    /// was made again.
    pub(crate) fn record(&self, outdir: &Path, line: &Line) -> Result<(), IoError> {
        let known = self.finished.get(outdir).and_then(|finished| finished.get(line.path));
        if line.seconds.is_none() && known.is_some_and(|data_id| data_id == line.data_id) {
            return Ok(());
        }
        let mut files = self.files.lock().unwrap_or_else(PoisonError::into_inner);
        let file = match files.entry(outdir.to_owned()) {
            Entry::Occupied(file) => file.into_mut(),
            Entry::Vacant(place) => place.insert(Journal::open(&outdir.join(&self.name))?),
        };
        file.add(&line.text())
    }

    /// Makes all lines durable: those of every folder that takes them, whatever another says.
    pub(crate) fn sync(&self) -> Result<(), IoError> {
        let mut files = self.files.lock().unwrap_or_else(PoisonError::into_inner);
        files.values_mut().map(Journal::sync).fold(Ok(()), Result::and)
    }
}

impl<'a> Line<'a> {
    /// Of what was finished once, and is no more.
    pub(crate) fn removed(path: &'a str) -> Self {
        Line { path, data_id: "", bytes: 0, seconds: Some(0.0) }
    }

    fn text(&self) -> String {
        let mut map = Map::new();
        map.insert("path", self.path);
        map.insert("data_id", self.data_id);
        map.insert("bytes", self.bytes);
        map.insert("seconds", self.seconds);
        map.insert("finished", Timestamp::now().strftime("%Y-%m-%dT%H:%M:%S%.6fZ").to_string());
        map.insert("host", host());
        map.insert("program", concat!("mts ", env!("CARGO_PKG_VERSION")));
        canonical_json(&map.into())
    }
}

fn host() -> String {
    rustix::system::uname().nodename().to_string_lossy().into_owned()
}

/// What the manifests of `outdir`, those of its shards included, say is finished: path and `data_id`.
/// What cannot be read says nothing.
pub(crate) fn finished(outdir: &Path) -> BTreeMap<String, String> {
    let mut lines = Vec::new();
    for path in files(outdir) {
        if let Ok(text) = Journal::read(&path) {
            lines.extend(text.lines().filter_map(entry));
        }
    }
    // By time: of several manifests, the last to speak of a path is right.
    lines.sort();
    let mut finished: BTreeMap<String, String> =
        lines.into_iter().map(|(_, path, data_id)| (path, data_id)).collect();
    finished.retain(|_, data_id| !data_id.is_empty());
    finished
}

/// What the manifests of `outdir` say is finished, and is not there: sidecars and packs.
pub(crate) fn missing(outdir: &Path) -> Vec<PathBuf> {
    let is_gone = |path: &Path| mts_io::exists(path).is_ok_and(|there| !there);
    let place = |path: String| {
        let place = outdir.join(&path);
        if path.ends_with(".parquet") {
            return is_gone(&pack::files(&place).metadata).then_some(place);
        }
        let name = path.split('/').nth(1).unwrap_or_default();
        let sidecar = place.join(format!("{name}.metadata.json"));
        is_gone(&sidecar).then_some(sidecar)
    };
    // A manifest may say anything; nothing is looked for elsewhere.
    let below = |path: &String| path.split('/').all(is_name);
    finished(outdir).into_keys().filter(below).filter_map(place).collect()
}

/// The manifests in a folder.
pub(crate) fn files(outdir: &Path) -> Vec<PathBuf> {
    let entries = mts_io::list(outdir).unwrap_or_default().into_iter();
    let files = entries.filter(|entry| entry.kind == EntryKind::File).map(|entry| entry.path);
    files.filter(|path| path.file_name().is_some_and(|name| is_manifest(&name.to_string_lossy()))).collect()
}

/// Whether a file is the manifest of a run or of a shard.
fn is_manifest(name: &str) -> bool {
    let shard = name.strip_prefix("manifest.").and_then(|rest| rest.strip_suffix(".jsonl"));
    name == "manifest.jsonl"
        || shard.and_then(|shard| shard.split_once("-of-")).is_some_and(|(index, count)| {
            [index, count].iter().all(|part| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit()))
        })
}

/// Time, path and data of a line.
fn entry(line: &str) -> Option<(String, String, String)> {
    let line = parse(line).ok()?;
    let text = |key: &str| line.get(key).and_then(Value::as_str).map(str::to_owned);
    Some((text("finished")?, text("path")?, text("data_id")?))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test")]

    use std::fs;
    use std::io::Write as _;

    use super::*;

    #[test]
    fn lines_of_shards_are_merged_and_halves_are_no_lines() {
        let folder = tempfile::tempdir().unwrap();
        let outdir = folder.path();
        let line = |path, data_id, seconds| Line { path, data_id, bytes: 1, seconds };
        let one = Manifests::read([outdir], None);
        one.record(outdir, &line("ou/a", "11111111", Some(0.5))).unwrap();
        one.record(outdir, &line("ou/b", "22222222", None)).unwrap();
        fs::OpenOptions::new()
            .append(true)
            .open(outdir.join("manifest.jsonl"))
            .unwrap()
            .write_all(b"{\"path\": \"ou/")
            .unwrap();
        let other = Manifests::read([outdir], Some("2/3".parse().unwrap()));
        // Known already: no further line.
        other.record(outdir, &line("ou/b", "22222222", None)).unwrap();
        other.record(outdir, &line("ou/a", "33333333", Some(0.5))).unwrap();
        other.sync().unwrap();
        let again = Manifests::read([outdir], None);
        again.record(outdir, &line("ou/c", "44444444", None)).unwrap();
        fs::write(outdir.join("manifest.x.jsonl"), "{\"path\":\"x\",\"data_id\":\"x\",\"finished\":\"9\"}\n")
            .unwrap();

        let found: Vec<_> = finished(outdir).into_iter().collect();
        let expected = [("ou/a", "33333333"), ("ou/b", "22222222"), ("ou/c", "44444444")];
        assert_eq!(found, expected.map(|(path, id)| (path.to_owned(), id.to_owned())));
        assert_eq!(fs::read_to_string(outdir.join("manifest.2-of-3.jsonl")).unwrap().lines().count(), 1);
        assert_eq!(fs::read_to_string(outdir.join("manifest.jsonl")).unwrap().lines().count(), 4);
    }
}
