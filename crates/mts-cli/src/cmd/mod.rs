//! One file per verb.

pub(crate) mod completions;
pub(crate) mod describe;
pub(crate) mod generate;
pub(crate) mod list;
pub(crate) mod schema;
pub(crate) mod show;
pub(crate) mod validate;
pub(crate) mod verify;
