//! The chunks of an array, of any regular grid.

use std::fs::File;
use std::io::{Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};

use super::parse::{Spec, regular};
use crate::formats::arrays::Rows;
use crate::{IoError, IoErrorKind};

/// Bytes of a chunk that are read at once.
const PIECE: usize = 1 << 18;

pub(super) struct Chunks {
    /// That of the array.
    folder: PathBuf,
    separator: &'static str,
    /// Lines have one dimension, data three.
    dimensions: usize,
    shape: [usize; 3],
    chunk: [usize; 3],
    /// Bytes per number.
    size: usize,
    /// Bytes of every chunk.
    bytes: u64,
    /// Whether a chunk that is not there is zeros, as writers of coordinates leave them out.
    zeros: bool,
    open: Option<([usize; 3], File)>,
    piece: Vec<u8>,
}

impl Chunks {
    /// The chunks of the array in `folder`.
    pub(super) fn new(folder: &Path, spec: &Spec) -> Result<Self, IoError> {
        let three = |sizes: &[usize]| [0, 1, 2].map(|axis| sizes.get(axis).copied().unwrap_or(1));
        let (shape, chunk) = (three(&spec.shape), three(&spec.chunk));
        if chunk[1] > shape[1] || chunk[2] > shape[2] {
            return Err(IoError::refused(format!("chunks of {:?} are wider than the array", spec.chunk)));
        }
        let size = spec.encoding.kind.size();
        let bytes = chunk.iter().try_fold(size as u64, |bytes, size| bytes.checked_mul(*size as u64));
        let bytes = bytes.filter(|bytes| i64::try_from(*bytes).is_ok());
        let bytes =
            bytes.ok_or_else(|| IoError::damaged(format!("chunks of {:?} are impossible", spec.chunk)))?;
        Ok(Chunks {
            folder: folder.to_owned(),
            separator: spec.separator,
            dimensions: spec.shape.len(),
            shape,
            chunk,
            size,
            bytes,
            zeros: false,
            open: None,
            piece: Vec::new(),
        })
    }

    /// As [`new`](Self::new), where chunks of zeros need not be there.
    pub(super) fn sparse(folder: &Path, spec: &Spec) -> Result<Self, IoError> {
        Ok(Chunks { zeros: spec.zeros, ..Chunks::new(folder, spec)? })
    }

    /// Looks for all chunks: sizes that nobody stored are not believed.
    pub(super) fn expect_all(&self) -> Result<(), IoError> {
        let [steps, channels, realizations] = self.grid();
        for step in 0..steps {
            for channel in 0..channels {
                for realization in 0..realizations {
                    self.find([step, channel, realization])?;
                }
            }
        }
        Ok(())
    }

    /// How many chunks there are along each dimension.
    fn grid(&self) -> [usize; 3] {
        [0, 1, 2].map(|axis| self.shape[axis].div_ceil(self.chunk[axis]))
    }

    /// The chunk at `place`, where there is one.
    fn find(&self, place: [usize; 3]) -> Result<Option<File>, IoError> {
        let numbers: Vec<String> = place[..self.dimensions].iter().map(ToString::to_string).collect();
        let path = self.folder.join(format!("c{}{}", self.separator, numbers.join(self.separator)));
        let checked = || {
            let file = regular(&path)?;
            let found = file.metadata()?.len();
            if found != self.bytes {
                return Err(IoError::damaged(format!(
                    "the chunk has {found} bytes, expected {}",
                    self.bytes
                )));
            }
            Ok(Some(file))
        };
        checked().or_else(|error| match error.kind() {
            IoErrorKind::NotFound if self.zeros => Ok(None),
            IoErrorKind::NotFound => Err(IoError::damaged("the chunk is missing").at(&path)),
            _ => Err(error.at(&path)),
        })
    }
}

impl Rows for Chunks {
    fn read(&mut self, first: usize, bytes: &mut [u8]) -> Result<(), IoError> {
        let row = self.shape[1] * self.shape[2] * self.size;
        let step = self.chunk[1] * self.chunk[2] * self.size;
        let [_, channels, realizations] = self.grid();
        let end = first + bytes.len() / row;
        let (mut at, mut rest) = (first, bytes);
        while at < end {
            let (number, inside) = (at / self.chunk[0], at % self.chunk[0]);
            let steps = (end - at).min(self.chunk[0] - inside).min((PIECE / step).max(1));
            let (part, later) = rest.split_at_mut(steps * row);
            for channel in 0..channels {
                for realization in 0..realizations {
                    let mut piece = std::mem::take(&mut self.piece);
                    piece.resize(steps * step, 0);
                    self.piece([number, channel, realization], inside as u64 * step as u64, &mut piece)?;
                    self.scatter(channel, realization, &piece, part);
                    self.piece = piece;
                }
            }
            (at, rest) = (at + steps, later);
        }
        Ok(())
    }
}

impl Chunks {
    /// Reads bytes of the chunk at `place`.
    fn piece(&mut self, place: [usize; 3], offset: u64, bytes: &mut [u8]) -> Result<(), IoError> {
        if self.open.as_ref().is_none_or(|(open, _)| *open != place) {
            self.open = self.find(place)?.map(|file| (place, file));
        }
        let Some((_, file)) = &mut self.open else {
            bytes.fill(0);
            return Ok(());
        };
        file.seek(SeekFrom::Start(offset))?;
        Ok(file.read_exact(bytes)?)
    }

    /// Puts the steps of a chunk into those of the array, which may end earlier.
    fn scatter(&self, channel: usize, realization: usize, piece: &[u8], part: &mut [u8]) {
        let [_, width, depth] = self.chunk;
        let (from_channel, from) = (channel * width, realization * depth * self.size);
        let channels = width.min(self.shape[1] - from_channel);
        let (deep, line) = (depth * self.size, self.shape[2] * self.size);
        let run = deep.min(line - from);
        let steps = piece.chunks_exact(width * deep).zip(part.chunks_exact_mut(self.shape[1] * line));
        for (piece, slab) in steps {
            let lines = slab[from_channel * line..].chunks_exact_mut(line).take(channels);
            for (into, values) in lines.zip(piece.chunks_exact(deep)) {
                into[from..from + run].copy_from_slice(&values[..run]);
            }
        }
    }
}
