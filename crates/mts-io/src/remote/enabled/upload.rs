//! A file on its way to an object store.

use std::io::{self, Write};
use std::path::Path;
use std::time::Duration;

use bytes::Bytes;
use object_store::multipart::{MultipartStore as _, PartId};
use object_store::{ObjectMeta, ObjectStore as _, ObjectStoreExt as _, PutOptions, PutPayload};

use super::conditional::Condition;
use super::object::Object;
use super::runtime::{self, Task};
use crate::{IoError, IoErrorKind};

/// The first parts; a file that is not longer is put at once.
const PART: usize = 1 << 23;

/// Parts after which they are twice as long: never longer than [`PART`] and a thousandth of the file. The
/// protocol allows 10 000 parts of 5 GiB.
const STEP: usize = 1000;
const DOUBLINGS: usize = 8;

/// What is left behind is given up after this.
const ABORT_LIMIT: Duration = Duration::from_secs(10);

fn part_size(part: usize) -> usize {
    PART << (part / STEP).min(DOUBLINGS)
}

/// A file that nobody sees before [`publish`](Self::publish). Memory holds the part that is filled and the
/// one that is sent.
#[derive(Debug)]
pub(crate) struct Upload {
    object: Object,
    /// What had the name when it was begun, and what must have it when the file is published.
    before: Option<ObjectMeta>,
    condition: Condition,
    buffer: Vec<u8>,
    parts: Option<Parts>,
}

/// A file of several parts.
#[derive(Debug)]
struct Parts {
    upload: String,
    sent: Vec<PartId>,
    flying: Option<Task<object_store::Result<PartId>>>,
}

impl Upload {
    /// What has the name now, or that nothing has, is the condition under which the file will get it.
    pub(crate) fn begin(path: &Path) -> Result<Self, IoError> {
        let object = Object::at(path)?;
        if object.key.as_ref().is_empty() {
            return Err(IoError::refused("this is a bucket, and a file needs a name in it").at(path));
        }
        let before = object.look()?;
        let condition = match &before {
            None => Condition::Absent,
            Some(found) => found.e_tag.clone().map_or(Condition::Unknown, Condition::Is),
        };
        Ok(Upload { object, before, condition, buffer: Vec::new(), parts: None })
    }

    /// Removes what has the name, unless somebody else has changed it since the file was begun. The library
    /// removes without a condition, so that one request lies between the look and the removal.
    pub(crate) fn retract(&mut self) -> Result<(), IoError> {
        // Times too: the same content has the same tag, and tells of files that were made again.
        if self.object.look()? != self.before {
            // Whoever put the same content there speaks of the same files, and may go on doing so.
            if self.parts.is_none() && self.holds(&self.buffer) {
                return Ok(());
            }
            return Err(IoError::from(IoErrorKind::Taken).at(&self.object.path));
        }
        if self.before.take().is_some() {
            self.object.ask(|store, key| async move { store.delete(&key).await })?;
            self.condition = Condition::Absent;
        }
        Ok(())
    }

    /// Gives the file its name, unless somebody else has changed what has it.
    pub(crate) fn publish(mut self) -> Result<(), IoError> {
        if self.parts.is_none() {
            return self.put();
        }
        self.send()?;
        self.land()?;
        let (store, key) = (self.object.bucket.store.clone(), self.object.key.clone());
        let condition = self.condition.clone();
        let Some(Parts { upload, sent, .. }) = &self.parts else { return Ok(()) };
        let (upload, sent) = (upload.clone(), sent.clone());
        let completed = runtime::wait(
            condition.around(async move { store.complete_multipart(&key, &upload, sent).await.map(drop) }),
        );
        completed.and_then(|completed| completed.map_err(|error| self.object.told(error)))?;
        self.parts = None;
        Ok(())
    }

    fn put(&mut self) -> Result<(), IoError> {
        let content = Bytes::from(std::mem::take(&mut self.buffer));
        let (store, key) = (self.object.bucket.store.clone(), self.object.key.clone());
        let (payload, options) = (PutPayload::from(content.clone()), PutOptions::from(self.condition.mode()));
        let put = runtime::wait(async move { store.put_opts(&key, payload, options).await.map(drop) })?;
        let put = put.map_err(|error| self.object.told(error));
        match put {
            // The same content is no conflict: another run made it, or this one whose answer was lost.
            Err(error) if matches!(error.kind(), IoErrorKind::Taken) && self.holds(&content) => Ok(()),
            put => put,
        }
    }

    fn holds(&self, content: &[u8]) -> bool {
        let mut found = Vec::new();
        let read = super::read_into(&self.object.path, content.len() as u64, &mut found);
        read.is_ok() && found == content
    }

    /// Sends what is in the buffer as the next part, after the one before has arrived.
    fn send(&mut self) -> Result<(), IoError> {
        self.land()?;
        let parts = match &mut self.parts {
            Some(parts) => parts,
            none => {
                let upload =
                    self.object.ask(|store, key| async move { store.create_multipart(&key).await })?;
                none.insert(Parts { upload, sent: Vec::new(), flying: None })
            }
        };
        let next = Vec::with_capacity(part_size(parts.sent.len() + 1));
        let payload = PutPayload::from(std::mem::replace(&mut self.buffer, next));
        let (store, key) = (self.object.bucket.store.clone(), self.object.key.clone());
        let (upload, part) = (parts.upload.clone(), parts.sent.len());
        let flying = runtime::start(async move { store.put_part(&key, &upload, part, payload).await });
        parts.flying = Some(flying.map_err(|error| error.at(&self.object.path))?);
        Ok(())
    }

    /// Waits for the part that is on its way.
    fn land(&mut self) -> Result<(), IoError> {
        let Some(parts) = &mut self.parts else { return Ok(()) };
        if let Some(flying) = parts.flying.take() {
            let landed = flying.wait().map_err(|error| error.at(&self.object.path))?;
            parts.sent.push(landed.map_err(|error| self.object.told(error))?);
        }
        Ok(())
    }

    /// How much goes into the part that is being filled.
    fn size(&self) -> usize {
        let before =
            self.parts.as_ref().map_or(0, |parts| parts.sent.len() + usize::from(parts.flying.is_some()));
        part_size(before)
    }
}

impl Write for Upload {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.buffer.len() >= self.size() {
            self.send().map_err(IoError::into_io)?;
        }
        let taken = bytes.len().min(self.size() - self.buffer.len());
        self.buffer.extend_from_slice(&bytes[..taken]);
        Ok(taken)
    }

    /// Waits for what is on its way; what is in the buffer stays there, as parts have a smallest size.
    fn flush(&mut self) -> io::Result<()> {
        self.land().map_err(IoError::into_io)
    }
}

impl Drop for Upload {
    /// Parts that nobody completes are stored, and paid for, until they are given up.
    fn drop(&mut self) {
        let Some(Parts { upload, flying, .. }) = self.parts.take() else { return };
        if let Some(flying) = flying {
            flying.wait_at_most(ABORT_LIMIT);
        }
        let (store, key) = (self.object.bucket.store.clone(), self.object.key.clone());
        let aborting = async move { store.abort_multipart(&key, &upload).await };
        let _ = runtime::wait(async move { tokio::time::timeout(ABORT_LIMIT, aborting).await });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_suffice_for_the_largest_object() {
        let sizes = (0..10_000).map(|part| part_size(part) as u64);
        assert!(sizes.clone().sum::<u64>() >= 5 << 40);
        assert!(sizes.clone().all(|size| (5 << 20..=5 << 30).contains(&size)));
        let mut before = 0;
        for size in sizes {
            assert!(size <= PART as u64 + before / 1000, "{size} after {before}");
            before += size;
        }
    }
}
