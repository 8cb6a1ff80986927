//! What happens along time, on its way to a file, or compared with one.

use std::collections::VecDeque;
use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use mts_core::{Head, Label, SlabSource, SourceError};
use mts_io::{Finished, IoError, LabelRow, LabelsReader, LabelsWriter, Store};

/// The name of files of labels among artefacts.
pub(super) const LABELS: &str = "labels";

/// Their extension.
pub(crate) const EXTENSION: &str = "labels.parquet";

/// Values that are made before their labels are taken.
const PIECE: usize = 1 << 11;

/// Bytes that a row group of labels takes while it is written.
pub(super) const MEMORY: u64 = 32 << 20;

/// A file of labels that is being written, or read against them.
pub(super) struct Shared<T>(Arc<Mutex<T>>);

impl<T> Clone for Shared<T> {
    fn clone(&self) -> Self {
        Shared(self.0.clone())
    }
}

impl<T> Shared<T> {
    fn new(inner: T) -> Self {
        Shared(Arc::new(Mutex::new(inner)))
    }

    fn lock(&self) -> MutexGuard<'_, T> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What is done with labels as they come.
pub(super) trait Sees: Send {
    fn see(&mut self, labels: &[Label]) -> Result<(), SourceError>;

    /// There are no more.
    fn end(&mut self) {}
}

/// A source whose labels somebody sees.
pub(super) struct Watched<'a, T> {
    source: Box<dyn SlabSource + 'a>,
    seen: Shared<T>,
    labels: Vec<Label>,
}

impl<'a, T: Sees> Watched<'a, T> {
    fn new(source: Box<dyn SlabSource + 'a>, seen: &Shared<T>) -> Self {
        Watched { source, seen: seen.clone(), labels: Vec::new() }
    }
}

impl<T: Sees> SlabSource for Watched<'_, T> {
    fn head(&self) -> &Head {
        self.source.head()
    }

    fn next(&mut self, slabs: &mut [f64]) -> Result<usize, SourceError> {
        let slab = self.source.head().shape.slab();
        let mut steps = 0;
        // Events may be many times as many as values.
        for piece in slabs.chunks_mut(slab * (PIECE / slab).max(1)) {
            let made = self.source.next(piece)?;
            self.source.labels(&mut self.labels);
            self.seen.lock().see(&self.labels)?;
            self.labels.clear();
            steps += made;
            if made * slab < piece.len() {
                break;
            }
        }
        if steps == 0 {
            self.seen.lock().end();
        }
        Ok(steps)
    }

    fn rewind(&mut self) -> Result<(), SourceError> {
        self.source.rewind()
    }

    fn save(&self) -> Option<Vec<u8>> {
        self.source.save()
    }

    fn restore(&mut self, step: usize, state: &[u8]) -> Result<(), SourceError> {
        self.source.restore(step, state)
    }
}

/// Labels on their way to a file.
pub(super) type Written = Shared<Option<LabelsWriter>>;

impl Sees for Option<LabelsWriter> {
    fn see(&mut self, labels: &[Label]) -> Result<(), SourceError> {
        match self {
            Some(writer) if !labels.is_empty() => Ok(writer.add(labels)?),
            _ => Ok(()),
        }
    }
}

/// `source`, whose labels go to the file `path` while it is read.
pub(super) fn written<'a, T: Send>(
    source: Box<dyn SlabSource + 'a>,
    store: &Store<T>,
    path: &Path,
) -> Result<(Box<dyn SlabSource + 'a>, Written), IoError> {
    let writer = Shared::new(Some(LabelsWriter::create(store, path)?));
    Ok((Box::new(Watched::new(source, &writer)), writer))
}

impl Written {
    /// Ends the file, once.
    pub(super) fn finish(&self) -> Result<Option<Finished>, IoError> {
        self.lock().take().map(LabelsWriter::finish).transpose()
    }
}

/// A file that labels are compared with.
pub(super) struct Expected {
    reader: LabelsReader,
    ahead: VecDeque<LabelRow>,
    seen: u64,
    ended: bool,
    wrong: Option<String>,
}

impl Expected {
    fn next(&mut self) -> Result<Option<LabelRow>, IoError> {
        while self.ahead.is_empty() {
            match self.reader.next()? {
                Some(rows) => self.ahead.extend(rows),
                None => return Ok(None),
            }
        }
        Ok(self.ahead.pop_front())
    }

    fn compare(&mut self, label: &Label) -> Result<(), IoError> {
        let (found, expected) = (self.next()?, LabelRow::from(label));
        if found.as_ref() != Some(&expected) {
            let place = self.seen;
            self.wrong = Some(match found {
                None => format!("ends after {place} labels, the recipe gives more"),
                Some(found) => {
                    let all = |one: Option<i64>| one.map_or_else(|| "all".to_owned(), |one| one.to_string());
                    let words = |row: &LabelRow| {
                        let (channel, realization) = (all(row.channel), all(row.realization));
                        let LabelRow { kind, start, stop, details, .. } = row;
                        format!(
                            "{kind} of channel {channel}, realization {realization} in steps {start} to {stop} {details}"
                        )
                    };
                    format!("label {place} is {}, the recipe gives {}", words(&found), words(&expected))
                }
            });
        }
        self.seen += 1;
        Ok(())
    }
}

impl Sees for Expected {
    fn see(&mut self, labels: &[Label]) -> Result<(), SourceError> {
        for label in labels {
            if self.wrong.is_none()
                && let Err(error) = self.compare(label)
            {
                self.wrong = Some(error.kind().to_string());
            }
        }
        Ok(())
    }

    fn end(&mut self) {
        self.ended = true;
    }
}

/// `source`, whose labels are compared with those in the file `path` while it is read.
pub(super) fn compared<'a>(
    source: Box<dyn SlabSource + 'a>,
    path: &Path,
) -> Result<(Box<dyn SlabSource + 'a>, Shared<Expected>), IoError> {
    let reader = LabelsReader::open(path)?;
    let expected =
        Shared::new(Expected { reader, ahead: VecDeque::new(), seen: 0, ended: false, wrong: None });
    Ok((Box::new(Watched::new(source, &expected)), expected))
}

impl Shared<Expected> {
    /// What was wrong, as far as the source was read.
    pub(super) fn finding(&self) -> Option<String> {
        let mut expected = self.lock();
        if expected.wrong.is_none() && expected.ended {
            let seen = expected.seen;
            expected.wrong = match expected.next() {
                Ok(None) => None,
                Ok(Some(_)) => Some(format!("goes on after {seen} labels, the recipe gives no more")),
                Err(error) => Some(error.kind().to_string()),
            };
        }
        expected.wrong.take().map(|wrong| format!("labels: {wrong}"))
    }
}
