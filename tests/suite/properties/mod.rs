//! Any input is refused clearly or works.

mod documents;
mod parameters;
