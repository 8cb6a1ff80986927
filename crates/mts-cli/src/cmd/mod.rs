//! One file per verb.

use mts_io::{Pending, Store};

use crate::exit::Failure;

pub(crate) mod completions;
pub(crate) mod describe;
pub(crate) mod generate;
pub(crate) mod list;
pub(crate) mod plot;
mod relations;
pub(crate) mod report;
pub(crate) mod schema;
pub(crate) mod show;
pub(crate) mod validate;
pub(crate) mod verify;

/// Gives a finished file its name; what was there is replaced.
fn publish(store: &Store<()>, file: Pending) -> Result<(), Failure> {
    let mut committed = store.commit((), vec![file]).into_iter().chain(store.flush());
    committed.try_for_each(|committed| committed.outcome.map(drop)).map_err(Failure::refused)
}
