//! Where anomalies are.

use mts_rng::laws::Geometric;

use crate::transforms::spans::Law;
use crate::{Problems, Shape};

/// Where anomalies are, as every kind of them says it.
pub(super) struct Place<'a> {
    pub(super) rate: Option<f64>,
    pub(super) at: Option<&'a [usize]>,
    pub(super) length: usize,
    pub(super) gap: usize,
    pub(super) channels: Option<&'a [usize]>,
}

impl Place<'_> {
    pub(super) fn law(&self, shape: Shape, path: &str, problems: &mut Problems) -> Option<Law> {
        let (before, steps, length) = (problems.len(), shape.steps(), self.length);
        let at_length = format!("{path}.length");
        problems.require(&at_length, length >= 1, "be at least 1", length);
        problems.require(&at_length, length <= steps, format_args!("be at most T = {steps}"), length);
        let gap = format!("{path}.gap");
        problems.require(&gap, self.gap <= steps, format_args!("be at most T = {steps}"), self.gap);
        if problems.len() > before {
            return None;
        }
        match (self.rate, self.at) {
            (Some(rate), None) => self.at_random(rate, path, problems),
            (None, Some(starts)) => self.listed(starts, steps, path, problems),
            (rate, _) => {
                let found = if rate.is_some() { "both" } else { "neither" };
                problems.require(path, false, "have either rate or at", found);
                None
            }
        }
    }

    fn at_random(&self, rate: f64, path: &str, problems: &mut Problems) -> Option<Law> {
        let (length, busy) = (self.length, self.length + self.gap);
        let most = 1.0 / busy as f64;
        let rule = format_args!("lie in [0, 1 / (length + gap)] = [0, {most:?}]");
        let valid = (0.0..=most).contains(&rate);
        problems.require(&format!("{path}.rate"), valid, rule, rate);
        // Of all steps, so many are free: at each of them, one begins with the rate divided by that.
        let free = 1.0 - rate * (busy - 1) as f64;
        let wait = Geometric::new((rate / free).min(1.0)).ok();
        valid.then(|| wait.map_or(Law::Never, |wait| Law::Rate { rate, wait, length, busy }))
    }

    fn listed(&self, starts: &[usize], steps: usize, path: &str, problems: &mut Problems) -> Option<Law> {
        let (at, length, busy) = (format!("{path}.at"), self.length, self.length + self.gap);
        let before = problems.len();
        let mut starts = starts.to_vec();
        starts.sort_unstable();
        problems.require(&at, !starts.is_empty(), "list at least one step", "none");
        for start in starts.iter().filter(|start| **start > steps - length) {
            let last = steps - length;
            let rule = format_args!("lie in 0..={last}, to end by T = {steps} with length {length}");
            problems.require(&at, false, rule, start);
        }
        for pair in starts.windows(2).filter(|pair| pair[1] - pair[0] < busy) {
            let rule = format_args!("lie length + gap = {busy} steps apart");
            problems.require(&at, false, rule, format_args!("{} and {}", pair[0], pair[1]));
        }
        (problems.len() == before).then(|| Law::At { starts: starts.into(), length })
    }
}
