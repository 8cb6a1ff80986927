//! An object to this machine.

use std::fs::File;
use std::io::{Seek as _, Write};
use std::ops::Range;
use std::path::Path;

use bytes::Bytes;
use object_store::{GetOptions, GetRange, ObjectMeta, ObjectStore as _};

use super::object::Object;
use super::runtime::{Task, start};
use crate::IoError;

/// What is asked for at once: one piece is written while the next comes.
const PIECE: u64 = 1 << 23;

/// Writes the content of an object of at most `most` bytes into `writer`.
pub(crate) fn read_into(path: &Path, most: u64, writer: &mut dyn Write) -> Result<(), IoError> {
    let object = Object::at(path)?;
    let found = object.expect()?;
    if found.size > most {
        let what = format!("has {} bytes, and at most {most} are expected", found.size);
        return Err(IoError::damaged(what).at(path));
    }
    read(&object, &found, writer).map_err(|error| error.at(path))
}

fn read(object: &Object, found: &ObjectMeta, writer: &mut dyn Write) -> Result<(), IoError> {
    let piece = |begin: u64| {
        let range = begin..found.size.min(begin + PIECE);
        (!range.is_empty()).then(|| get(object, found, range))
    };
    let (mut begin, mut next) = (0, piece(0));
    while let Some(task) = next {
        let bytes = task?.wait()?.map_err(|error| object.told(error))?;
        let expected = PIECE.min(found.size - begin);
        if bytes.len() as u64 != expected {
            let what = format!("the object store sent {} of {expected} bytes", bytes.len());
            return Err(IoError::damaged(what));
        }
        begin += expected;
        next = piece(begin);
        writer.write_all(&bytes)?;
    }
    Ok(())
}

type Piece = Task<object_store::Result<Bytes>>;

/// Never of an object that has taken the place of the first.
fn get(object: &Object, found: &ObjectMeta, range: Range<u64>) -> Result<Piece, IoError> {
    let (store, key) = (object.bucket.store.clone(), object.key.clone());
    let options = GetOptions {
        range: Some(GetRange::Bounded(range)),
        if_match: found.e_tag.clone(),
        ..GetOptions::default()
    };
    start(async move { store.get_opts(&key, options).await?.bytes().await })
}

/// A copy of an object on this machine, which goes when it is closed.
pub(crate) fn open(path: &Path) -> Result<File, IoError> {
    let mut file = tempfile::tempfile().map_err(|error| IoError::from(error).at(&std::env::temp_dir()))?;
    read_into(path, u64::MAX, &mut file)?;
    file.rewind().map_err(|error| IoError::from(error).at(path))?;
    Ok(file)
}
