//! Choosing among things that are not equally likely.

use mts_rng::Rng;

/// Weighted choice in constant time: each of n equally likely slots holds at most two things (Walker 1977,
/// doi:10.1145/355744.355749; the construction is that of Vose 1991, doi:10.1109/32.92917).
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Alias {
    /// The share of its own thing that each slot has, and the thing that has the rest.
    slots: Vec<(f64, u32)>,
}

impl Alias {
    /// Chooses among `count` things.
    pub(crate) fn new(weights: &[f64], count: usize) -> Result<Self, String> {
        if weights.len() != count {
            return Err(format!("must be as many as there are values, {count}, found {}", weights.len()));
        }
        if let Some(wrong) = weights.iter().find(|weight| !weight.is_finite() || **weight < 0.0) {
            return Err(format!("must be finite and >= 0, found {wrong}"));
        }
        let total: f64 = weights.iter().sum();
        if total <= 0.0 || !total.is_finite() {
            return Err("must not all be 0".to_owned());
        }
        let mut slots: Vec<(f64, u32)> =
            (0..).zip(weights).map(|(at, weight)| (weight / total * count as f64, at)).collect();
        let (mut small, mut large): (Vec<usize>, Vec<usize>) = (0..count).partition(|at| slots[*at].0 < 1.0);
        while let (Some(poor), Some(rich)) = (small.pop(), large.pop()) {
            slots[poor].1 = rich as u32;
            slots[rich].0 -= 1.0 - slots[poor].0;
            if slots[rich].0 < 1.0 { small.push(rich) } else { large.push(rich) }
        }
        // What rounding left over is whole.
        for at in small.into_iter().chain(large) {
            slots[at].0 = 1.0;
        }
        Ok(Alias { slots })
    }

    /// One thing, by its place.
    #[inline]
    pub(crate) fn draw(&self, rng: &mut Rng) -> usize {
        let at = rng.random() * self.slots.len() as f64;
        let slot = at as usize;
        let (share, other) = self.slots[slot];
        if at - (slot as f64) < share { slot } else { other as usize }
    }
}
