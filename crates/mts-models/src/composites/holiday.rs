//! Days that come again.

use mts_core::Problems;

/// Some steps of every period.
#[derive(Clone, Copy, Debug)]
pub(super) struct Holiday {
    period: usize,
    offset: usize,
    pub window: usize,
}

impl Holiday {
    /// None where the period is 0.
    pub(super) fn new(period: usize, offset: usize, window: usize, problems: &mut Problems) -> Option<Self> {
        problems.require("holiday_window", window >= 1, "be at least 1", window);
        if period == 0 {
            return None;
        }
        let rule = format_args!("be at most holiday_period = {period}");
        problems.require("holiday_window", window <= period, rule, window);
        Some(Holiday { period, offset, window })
    }

    /// The first step of the holiday that a step is part of.
    pub(super) fn begin(self, step: usize) -> Option<usize> {
        let since = step.checked_sub(self.offset)? % self.period;
        (since < self.window).then_some(step - since)
    }
}
