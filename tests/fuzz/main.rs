//! Generated documents and damaged files: planned or refused, read or refused, and nothing else.
//!
//! Cases are numbered, and each follows from the seed and its number alone:
//! `MTS_FUZZ_CASE=123 cargo test -p mts-tests --features fuzz --test fuzz documents` runs one again and
//! shows it. `MTS_FUZZ_SCALE=10` runs ten times as many, `MTS_FUZZ_SEED=2` runs others.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod corpus;
mod dice;
mod documents;
mod files;
mod grammar;
mod mutate;
mod run;
mod tables;
mod trouble;
mod write;

/// Documents of one run.
const DOCUMENTS: u64 = 100_000;

/// Documents of tables of one run.
const TABLES: u64 = 20_000;

/// Files of one run.
const FILES: u64 = 100_000;

#[test]
fn documents() {
    run::check::<documents::Documents>(run::scaled(DOCUMENTS));
}

#[test]
fn tables() {
    run::check::<tables::Tables>(run::scaled(TABLES));
}

#[test]
fn files() {
    run::check::<files::Files>(run::scaled(FILES));
}
