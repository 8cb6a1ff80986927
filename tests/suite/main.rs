//! The suites that span the workspace, in one binary.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod allocations;
mod catalogues;
mod command;
mod plans;
mod properties;
mod reference;
mod stability;
mod structure;
mod tables;
