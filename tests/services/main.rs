//! Services that are started for real: an object store.
//!
//! `server.rs` starts moto, which `readers/install` puts into the build's folder, `requirements.txt` says
//! which.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod command;
mod objects;
mod server;
mod trouble;
