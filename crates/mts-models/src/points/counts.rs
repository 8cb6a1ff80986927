//! Counts as values.

use mts_core::{Saved, Shape, StateError};
use mts_rng::Rng;
use mts_rng::laws::{Law, Poisson};

/// The largest mean of a bin: its counts are exact as floats, with room above.
pub(super) const LARGEST: f64 = 1e15;

/// Counts that are drawn at once.
const AT_ONCE: usize = 256;

/// The law of a bin's count. Means are checked beforehand; what rounding leaves below 0, or of 0·∞, is 0.
pub(super) fn law(mean: f64) -> Poisson {
    let mean = if mean > 0.0 { mean.min(2.0 * LARGEST) } else { 0.0 };
    Poisson::new(mean).expect("a mean between 0 and 2·10¹⁵")
}

/// Nanoseconds of a count with this mean, roughly.
pub(super) fn cost(mean: f64) -> f64 {
    if mean < 10.0 { 9.0 + 3.0 * mean } else { 25.0 }
}

/// Fills with independent counts of one law, in the order of the values.
pub(super) fn fill(law: &Poisson, rng: &mut Rng, out: &mut [f64]) {
    // The choice of an instruction set costs more than a few draws.
    if out.len() < 4 {
        out.iter_mut().for_each(|value| *value = law.sample(rng) as f64);
        return;
    }
    let mut counts = [0; AT_ONCE];
    for piece in out.chunks_mut(AT_ONCE) {
        let counts = &mut counts[..piece.len()];
        law.fill(rng, counts);
        piece.iter_mut().zip(counts).for_each(|(value, count)| *value = *count as f64);
    }
}

/// The step that a saved process stood before: one of the shape's, or little beyond, so that times keep
/// their resolution whatever was saved.
pub(super) fn step(shape: Shape, saved: &mut Saved<'_>) -> Result<usize, StateError> {
    saved.index(shape.steps() + (1 << 16))
}

/// Whether a saved time of an event can be: one that is long past would call for all that follow.
pub(super) fn later(time: f64, now: f64) -> Result<(), StateError> {
    let (rule, found) = ("a time that is not past", time.to_bits());
    if time.is_finite() && time >= now { Ok(()) } else { Err(StateError::Impossible { rule, found }) }
}

/// Bytes of an event that is told.
pub(super) const LABEL_BYTES: f64 = 300.0;

/// Nanoseconds of so many events in a value, which are told and put in order.
pub(super) fn label_cost(events: f64) -> f64 {
    events * (1000.0 + 300.0 * events.min(10.0))
}
