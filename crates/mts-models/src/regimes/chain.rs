//! Markov chains of regimes, one for each realization.

use mts_core::{Problems, Tensor};

/// Regimes, at most.
pub(super) const MAX_REGIMES: usize = 64;

/// The chain of a transition matrix.
#[derive(Clone, Debug)]
pub(super) struct Chain {
    /// (now, next)
    pub(super) transition: Vec<f64>,
    /// Sums along each row.
    cumulative: Vec<f64>,
    pub(super) stationary: Vec<f64>,
    cumulative_stationary: Vec<f64>,
    regimes: usize,
}

impl Chain {
    /// From a matrix, or the probability to stay; the other regimes are then equally likely.
    pub(super) fn new(
        transition: Option<&Tensor>,
        stay: f64,
        regimes: usize,
        problems: &mut Problems,
    ) -> Option<Self> {
        problems.within("stay", stay, 0.0, 1.0);
        let fits = (1..=MAX_REGIMES).contains(&regimes);
        problems.require("regimes", fits, format_args!("lie in 1..={MAX_REGIMES}"), regimes);
        if !problems.is_empty() {
            return None;
        }
        let matrix = match transition {
            Some(given) => checked(given, regimes, problems)?,
            // There is nowhere to go.
            None if regimes == 1 => vec![1.0],
            None => {
                let other = (1.0 - stay) / (regimes - 1) as f64;
                let at = |i: usize, j: usize| if i == j { stay } else { other };
                (0..regimes * regimes).map(|flat| at(flat / regimes, flat % regimes)).collect()
            }
        };
        let cumulative = |rows: &[f64]| -> Vec<f64> {
            rows.chunks_exact(regimes)
                .flat_map(|row| {
                    row.iter().scan(0.0, |sum, p| {
                        *sum += p;
                        Some(*sum)
                    })
                })
                .collect()
        };
        let stationary = stationary(&matrix, regimes);
        Some(Chain {
            cumulative: cumulative(&matrix),
            cumulative_stationary: cumulative(&stationary),
            transition: matrix,
            stationary,
            regimes,
        })
    }

    pub(super) fn regimes(&self) -> usize {
        self.regimes
    }

    /// The regime of the first step for a uniform draw.
    pub(super) fn first(&self, u: f64) -> usize {
        pick(&self.cumulative_stationary, u)
    }

    /// The regime after `now` for a uniform draw.
    #[inline]
    pub(super) fn next(&self, now: usize, u: f64) -> usize {
        pick(&self.cumulative[now * self.regimes..][..self.regimes], u)
    }
}

/// The first whose sum lies above `u`; the last, where rounding leaves none.
#[inline]
fn pick(cumulative: &[f64], u: f64) -> usize {
    cumulative[..cumulative.len() - 1].iter().take_while(|sum| **sum <= u).count()
}

fn checked(given: &Tensor, regimes: usize, problems: &mut Problems) -> Option<Vec<f64>> {
    if given.shape() != [regimes, regimes] {
        let found = given.shape();
        problems.add("transition", format_args!("must have shape [{regimes}, {regimes}], found {found:?}"));
        return None;
    }
    for (row, p) in given.data().chunks_exact(regimes).enumerate() {
        if let Some(bad) = p.iter().find(|p| !(0.0..=1.0).contains(*p)) {
            problems.within("transition", *bad, 0.0, 1.0);
            return None;
        }
        let sum: f64 = p.iter().sum();
        if (sum - 1.0).abs() > 1e-9 {
            problems
                .add("transition", format_args!("must have rows that add up to 1, found {sum} in row {row}"));
            return None;
        }
    }
    Some(given.data().to_vec())
}

/// The stationary law that is reached from regime 0: the limit of the powers of (P + 1)/2, which has the stationary
/// laws of P and no period.
fn stationary(transition: &[f64], n: usize) -> Vec<f64> {
    let mut power: Vec<f64> =
        (0..n * n).map(|at| 0.5 * (transition[at] + f64::from(u8::from(at / n == at % n)))).collect();
    for _ in 0..60 {
        let mut square = vec![0.0; n * n];
        for (row, a) in square.chunks_exact_mut(n).zip(power.chunks_exact(n)) {
            for (a, b) in a.iter().zip(power.chunks_exact(n)) {
                row.iter_mut().zip(b).for_each(|(sum, b)| *sum += a * b);
            }
            let total: f64 = row.iter().sum();
            row.iter_mut().for_each(|p| *p /= total);
        }
        power = square;
    }
    power.truncate(n);
    power
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stationary_laws_are_found() {
        let found = stationary(&[0.9, 0.1, 0.3, 0.7], 2);
        assert!((found[0] - 0.75).abs() < 1e-14 && (found[1] - 0.25).abs() < 1e-14);
        // With a period, and with a regime that is left for ever.
        assert_eq!(stationary(&[0.0, 1.0, 1.0, 0.0], 2), [0.5, 0.5]);
        assert!(stationary(&[0.5, 0.5, 0.0, 1.0], 2)[0] < 1e-15);
        assert_eq!(stationary(&[1.0], 1), [1.0]);
    }

    #[test]
    fn a_single_regime_is_never_left() {
        let chain = Chain::new(None, 0.95, 1, &mut Problems::default()).unwrap();
        assert_eq!(chain.transition, [1.0]);
    }
}
