//! What a sink is.

use mts_core::{Saved, Shape, State, StateError};

use crate::{Digest, IoError, Pending};

/// A file or folder that is complete, and nobody sees yet.
#[derive(Debug)]
pub struct Finished {
    /// To be committed.
    pub pending: Pending,
    /// Its size and checksum.
    pub digest: Digest,
}

/// A file that takes a dataset slab by slab.
pub trait SlabSink<W>: Send {
    /// Takes the next whole steps, in (time, channel, realization) order. How many come at once
    /// does not show in the file.
    ///
    /// # Errors
    ///
    /// Where the writer fails, `slabs` are not whole steps, or there are more than announced.
    fn write(&mut self, slabs: &[f64]) -> Result<(), IoError>;

    /// The number of steps that it took.
    fn steps(&self) -> usize;

    /// Makes all steps so far durable, and returns what [`resume`](crate::resume) needs to go on behind them
    /// in another process, should this one be killed. Store it before it is needed; a later one replaces it.
    ///
    /// `None` where the format cannot stop here, or the file is on an object store: see [`Format::boundary`](crate::Format::boundary). Sinks
    /// of [`create`](crate::create()) and [`stream`](crate::stream), whose writers may be anything, cannot
    /// anywhere. The steps that follow do not change by it.
    ///
    /// From the first checkpoint on, dropping the sink leaves the unfinished file under its temporary
    /// name, to be continued or removed by [`Store::remove_stale`](crate::Store::remove_stale).
    ///
    /// # Errors
    ///
    /// Where the writer fails.
    fn checkpoint(&mut self) -> Result<Option<Vec<u8>>, IoError> {
        Ok(None)
    }

    /// Completes the file and gives the writer back.
    ///
    /// # Errors
    ///
    /// Where the writer fails, or steps are missing.
    fn finish(self: Box<Self>) -> Result<W, IoError>;
}

/// A sink that another one can go on for, in the same writer.
pub(crate) trait Resumable<W>: SlabSink<W> {
    /// Hands all steps so far to the writer, and returns it; `state` gets what the next sink must know beside
    /// how many they are. `None` where the format cannot stop here.
    fn save(&mut self, state: &mut State) -> Result<Option<&mut W>, IoError>;
}

/// Where a sink goes on, and what it must know for it.
pub(crate) struct Stop<'a> {
    /// Steps before it.
    pub(crate) steps: usize,
    /// Bytes before it, in a file.
    pub(crate) bytes: u64,
    pub(crate) saved: Saved<'a>,
}

/// Why a state cannot be continued.
pub(crate) fn unfit(error: StateError) -> IoError {
    IoError::refused(format!("it cannot be continued: {error}"))
}

/// Counts the steps that a sink receives.
pub(crate) struct Progress {
    shape: Shape,
    done: usize,
}

impl Progress {
    pub(crate) fn new(shape: Shape) -> Self {
        Progress { shape, done: 0 }
    }

    /// After `done` steps, which are not more than there are.
    pub(crate) fn after(shape: Shape, done: usize) -> Self {
        Progress { shape, done }
    }

    pub(crate) fn done(&self) -> usize {
        self.done
    }

    pub(crate) fn add(&mut self, slabs: &[f64]) -> Result<(), IoError> {
        let (slab, steps) = (self.shape.slab(), self.shape.steps());
        if !slabs.len().is_multiple_of(slab) {
            let found = slabs.len();
            return Err(IoError::refused(format!("{found} values are not whole steps of {slab} values")));
        }
        self.done += slabs.len() / slab;
        if self.done > steps {
            return Err(IoError::refused(format!("received {} of {steps} steps", self.done)));
        }
        Ok(())
    }

    pub(crate) fn complete(&self) -> Result<(), IoError> {
        if self.done < self.shape.steps() {
            let steps = self.shape.steps();
            return Err(IoError::refused(format!("received only {} of {steps} steps", self.done)));
        }
        Ok(())
    }
}
