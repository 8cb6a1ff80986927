//! Channels that are held, in models that keep their last slab.
#![cfg_attr(
    not(all(feature = "maps", feature = "oscillators")),
    allow(dead_code, reason = "each family uses a part of this")
)]

use mts_core::Held;

/// Writes what is held into the state, laid out as (channel, realization), and into the slab that was made of it.
pub(crate) fn impose(held: &[Held], realizations: usize, state: &mut [f64], slab: &mut [f64]) {
    for Held { channel, value } in held {
        let values = channel * realizations..(channel + 1) * realizations;
        state[values.clone()].fill(*value);
        slab[values].fill(*value);
    }
}
