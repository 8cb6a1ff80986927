//! Numbers and texts that other programs printed.

mod datasets;
mod identity;
mod pcg64;
mod seed_sequence;
