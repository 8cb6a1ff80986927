//! Numbers and texts that other programs printed.

mod identity;
mod seed_sequence;
