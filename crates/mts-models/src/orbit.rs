//! The parameters that all flows have: how they are stepped, and what is thrown away first.
#![cfg_attr(
    not(all(feature = "flows", feature = "neural", feature = "oscillators")),
    allow(dead_code, reason = "each family uses a part of this")
)]

use mts_core::{Facts, Problems};

use crate::flow::Stepping;

/// Validated `dt`, `substeps` and `transient`.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Orbit {
    stepping: Stepping,
}

/// Steps that are thrown away, at most: some seconds of a small flow.
const MAX_TRANSIENT: f64 = 1e7;

impl Orbit {
    /// Checks seconds per step, Runge–Kutta steps within one, and seconds that are thrown away.
    pub(crate) fn new(dt: f64, substeps: u32, transient: f64, problems: &mut Problems) -> Option<Self> {
        let before = problems.len();
        problems.positive("dt", dt);
        problems.require("substeps", substeps >= 1, "be at least 1", substeps);
        problems.non_negative("transient", transient);
        let steps = (transient / dt).ceil() * f64::from(substeps);
        if problems.len() == before && steps > MAX_TRANSIENT {
            let found = format_args!("{steps:e}");
            let rule = format_args!("be at most {MAX_TRANSIENT:e} Runge–Kutta steps of dt / substeps");
            problems.require("transient", false, rule, found);
        }
        let transient = (transient / dt).ceil() as usize;
        (problems.len() == before)
            .then_some(Orbit { stepping: Stepping { dt, substeps: substeps as usize, transient } })
    }

    pub(crate) fn stepping(self) -> Stepping {
        self.stepping
    }

    /// The attributes `dt` and `method`, and the steps that are thrown away.
    pub(crate) fn attributes(self, facts: Facts) -> Facts {
        let Stepping { dt, transient, .. } = self.stepping;
        facts.attribute("dt", dt).attribute("method", "rk4").unseen(transient)
    }
}
