//! Numbers and texts that other programs printed.

mod identity;
mod pcg64;
mod seed_sequence;
