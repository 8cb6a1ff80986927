//! What happened some steps ago: the memory of equations with a delay.

use mts_core::{Saved, State, StateError};

/// The slabs of the last steps, as many as the delay has.
pub(crate) struct Delay {
    slabs: Vec<f64>,
    width: usize,
    /// The slot of the oldest slab.
    oldest: usize,
}

impl Delay {
    /// A past of `steps` slabs, at least one, that are all the same.
    pub(crate) fn new(steps: usize, slab: &[f64]) -> Self {
        Delay { slabs: slab.repeat(steps), width: slab.len(), oldest: 0 }
    }

    /// The slab of as many steps ago as there are.
    #[inline(always)]
    pub(crate) fn oldest(&self) -> &[f64] {
        &self.slabs[self.oldest * self.width..][..self.width]
    }

    /// Forgets the oldest slab and takes a new one.
    #[inline(always)]
    pub(crate) fn push(&mut self, slab: &[f64]) {
        self.slabs[self.oldest * self.width..][..self.width].copy_from_slice(slab);
        self.oldest += 1;
        if self.oldest * self.width == self.slabs.len() {
            self.oldest = 0;
        }
    }

    pub(crate) fn save(&self, state: &mut State) {
        state.f64s(&self.slabs);
        state.u64(self.oldest as u64);
    }

    pub(crate) fn restore(&mut self, saved: &mut Saved<'_>) -> Result<(), StateError> {
        saved.f64s(&mut self.slabs)?;
        self.oldest = saved.index(self.slabs.len() / self.width - 1)?;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_comes_in_comes_out_after_the_delay() {
        for steps in [1, 2, 5] {
            let mut delay = Delay::new(steps, &[-1.0, -2.0]);
            for step in 0..20 {
                let expected = if step < steps { [-1.0, -2.0] } else { [(step - steps) as f64, 0.5] };
                assert_eq!(delay.oldest(), expected);
                delay.push(&[step as f64, 0.5]);
            }
        }
    }
}
