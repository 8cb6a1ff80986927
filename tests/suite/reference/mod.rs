//! Numbers and texts that other programs printed.

mod datasets;
mod identity;
mod pcg64;
mod persistence;
mod seed_sequence;
