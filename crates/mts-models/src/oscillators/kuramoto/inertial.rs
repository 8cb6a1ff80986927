//! Phases with inertia: a flow of phases and velocities, of which phases are seen.

use mts_core::Truth;

use super::drift::Drift;
use crate::flow::Flow;
use crate::oscillators::nodes::Of;

pub(super) struct Inertial {
    pub(super) drift: Drift,
    /// Seconds.
    pub(super) inertia: f64,
    pub(super) of: Of,
}

impl Flow for Inertial {
    #[inline(always)]
    fn slope(&mut self, _t: f64, x: &[f64], slope: &mut [f64]) {
        let (theta, velocity) = x.split_at(x.len() / 2);
        let (turn, force) = slope.split_at_mut(x.len() / 2);
        turn.copy_from_slice(velocity);
        self.drift.slope(theta, force);
        for (force, velocity) in force.iter_mut().zip(velocity) {
            *force = (*force - velocity) / self.inertia;
        }
    }

    #[inline(always)]
    fn observe(&self, x: &[f64], slab: &mut [f64]) {
        slab.copy_from_slice(&x[..x.len() / 2]);
    }

    fn truth(&self, initial: &[f64], truth: &mut Truth) {
        self.of.tell(&initial[..initial.len() / 2], truth);
    }
}
