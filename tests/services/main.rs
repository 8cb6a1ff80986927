//! Services that are started for real: an object store, PostgreSQL.
//!
//! `server.rs` starts moto, which `readers/install` puts into the build's folder, `requirements.txt` says
//! which; `install` puts PostgreSQL on the machine.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod command;
mod objects;
mod postgres;
#[path = "../../crates/mts-io/tests/io/relational.rs"]
mod relational;
mod server;
mod trouble;
