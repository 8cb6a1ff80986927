//! Many datasets in one file: the pack, and beside it a line per member of its sidecar and its truth.

mod lines;
mod member;
mod read;
mod write;

pub use read::{Pack, PackMember};
pub(crate) use read::{open, read_sidecar};
pub use write::{FinishedPack, MemberSink, PackWriter};

use std::path::{Path, PathBuf};

use crate::{AboutSeries, IoError, Sidecar};

/// What a sidecar says of series: packs hold nothing else.
fn series_of(sidecar: &Sidecar) -> Result<&AboutSeries, IoError> {
    sidecar.series().ok_or_else(|| IoError::damaged("its sidecar is not that of series"))
}

/// The file of sidecars beside a pack.
fn metadata_path(pack: &Path) -> PathBuf {
    pack.with_extension("metadata.jsonl")
}

/// The file of truths beside a pack.
fn truth_path(pack: &Path) -> PathBuf {
    pack.with_extension("truth.jsonl")
}
