//! Are the numbers distributed as they should be? Every law of `mts-rng` and every model of `mts-models` against
//! closed form; and the orders and counts that tables are made of.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod laws;
mod models;
mod tables;
