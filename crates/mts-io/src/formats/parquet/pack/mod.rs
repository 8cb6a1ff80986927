//! Packs: many datasets of one model in one file, each in row groups of its own.
//!
//! The columns are those of the long form, behind them one of text for each level of the members'
//! folders below that of their configuration.

mod read;
mod write;

pub(crate) use read::PackFile;
pub(crate) use write::PackWriter;

use mts_core::Shape;

use super::layout::{MAX_GROUPS, group_steps};

/// What the metadata of the file say: which format of packs it is, and of what.
pub(super) const VERSION_KEY: &str = "mts_pack";
pub(super) const MODEL_KEY: &str = "model";
pub(super) const MEMBERS_KEY: &str = "members";

/// The only format so far.
const VERSION: u64 = 1;

/// The most row groups that a file can have.
pub(crate) const MAX_ROW_GROUPS: usize = MAX_GROUPS;

/// The row groups of a member.
pub(crate) fn row_groups(shape: Shape) -> usize {
    shape.steps().div_ceil(group_steps(shape))
}

/// The column of a level such as `seed=2`. A level may be called as one of the other columns: dates are
/// below `time`.
fn column_name(key: &str) -> String {
    const TAKEN: [&str; 5] = ["time", "channel", "realization", "value", "config_id"];
    if TAKEN.contains(&key.trim_end_matches('_')) { format!("{key}_") } else { key.to_owned() }
}
