//! Links of structural models: an order in which channels can be computed within a step, and the linear part.

use mts_core::Edge;
use mts_rng::math::kernel;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::recursion::companion_radius;

/// How a cause acts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Function {
    /// x
    Linear,
    /// tanh x
    Tanh,
    /// sin x
    Sin,
    /// x² / (1 + x²)
    Saturating,
    /// x exp(-x² / 2)
    Bump,
}

impl Function {
    /// The name in documents.
    pub(super) fn name(self) -> &'static str {
        match self {
            Function::Linear => "linear",
            Function::Tanh => "tanh",
            Function::Sin => "sin",
            Function::Saturating => "saturating",
            Function::Bump => "bump",
        }
    }

    /// Each x becomes its function, in the loop of a kernel.
    #[inline(always)]
    pub(super) fn apply(self, x: &[f64], values: &mut [f64]) {
        match self {
            Function::Linear => values.copy_from_slice(x),
            Function::Tanh => {
                // From 20 on it is 1 to the last bit.
                values.iter_mut().zip(x).for_each(|(value, x)| *value = 2.0 * x.clamp(-20.0, 20.0));
                kernel::exp_in_place(values);
                values.iter_mut().for_each(|value| *value = (*value - 1.0) / (*value + 1.0));
            }
            Function::Sin => {
                values.copy_from_slice(x);
                kernel::sin_in_place(values);
            }
            Function::Saturating => {
                values.iter_mut().zip(x).for_each(|(value, x)| *value = 1.0 - 1.0 / (1.0 + x * x));
            }
            Function::Bump => {
                values.iter_mut().zip(x).for_each(|(value, x)| *value = -0.5 * x * x);
                kernel::exp_in_place(values);
                values.iter_mut().zip(x).for_each(|(value, x)| *value *= x);
            }
        }
    }
}

/// One cause of one channel.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Link {
    pub(super) edge: Edge,
    pub(super) function: Function,
}

/// The channels, causes within the step before their effects, the smallest first where several may come.
///
/// # Errors
///
/// A cycle of causes within the step, its first channel once more at the end.
pub(super) fn order(links: &[Link], channels: usize) -> Result<Vec<usize>, Vec<usize>> {
    let instant: Vec<(usize, usize)> =
        links.iter().filter(|link| link.edge.lag == 0).map(|link| (link.edge.from, link.edge.to)).collect();
    let mut causes = vec![0_usize; channels];
    let mut effects = vec![Vec::new(); channels];
    for &(from, to) in &instant {
        causes[to] += 1;
        effects[from].push(to);
    }
    let mut ready: std::collections::BTreeSet<usize> = (0..channels).filter(|m| causes[*m] == 0).collect();
    let mut order = Vec::with_capacity(channels);
    while let Some(next) = ready.pop_first() {
        order.push(next);
        for &to in &effects[next] {
            causes[to] -= 1;
            if causes[to] == 0 {
                ready.insert(to);
            }
        }
    }
    let Some(mut at) = (0..channels).find(|m| causes[*m] > 0) else { return Ok(order) };
    // Whatever is left has a cause that is left: going back, one comes round.
    let mut path = vec![at];
    loop {
        let cause = instant.iter().find(|(from, to)| *to == at && causes[*from] > 0).map(|(from, _)| *from);
        at = cause.unwrap_or(at);
        if let Some(first) = path.iter().position(|m| *m == at) {
            let mut cycle: Vec<usize> = path.drain(first..).rev().collect();
            cycle.insert(0, at);
            return Err(cycle);
        }
        path.push(at);
    }
}

/// The spectral radius of what is linear among the links: the rest is bounded. Causes within the step are followed
/// back to those of earlier steps, in `order`.
pub(super) fn linear_radius(links: &[Link], order: &[usize], lags: usize) -> f64 {
    let channels = order.len();
    let mut phi = vec![0.0; lags * channels * channels];
    for &to in order {
        for Link { edge, .. } in links.iter().filter(|l| l.function == Function::Linear && l.edge.to == to) {
            if edge.lag > 0 {
                phi[((edge.lag - 1) * channels + to) * channels + edge.from] += edge.weight;
                continue;
            }
            for lag in 0..lags {
                for source in 0..channels {
                    let row = lag * channels;
                    phi[(row + to) * channels + source] +=
                        edge.weight * phi[(row + edge.from) * channels + source];
                }
            }
        }
    }
    companion_radius(&phi, lags, channels)
}

#[cfg(test)]
mod tests {
    use super::*;
    use mts_rng::{math, simd};

    fn link(from: usize, to: usize, lag: usize, weight: f64) -> Link {
        Link { edge: Edge { from, to, lag, weight }, function: Function::Linear }
    }

    #[test]
    fn causes_come_first_and_cycles_are_named() {
        let links = [link(3, 0, 0, 1.0), link(0, 2, 0, 1.0), link(2, 3, 1, 1.0)];
        assert_eq!(order(&links, 4), Ok(vec![1, 3, 0, 2]));
        let cycle = [link(0, 1, 0, 1.0), link(1, 2, 0, 1.0), link(2, 1, 0, 1.0), link(2, 3, 0, 1.0)];
        assert_eq!(order(&cycle, 4), Err(vec![1, 2, 1]));
    }

    /// x₁ = 0.5·x₀ + 0.5·x₁', x₀ = 0.6·x₁': together x₁ = 0.8·x₁'.
    #[test]
    fn links_within_the_step_are_followed_back() {
        let links = [link(0, 1, 0, 0.5), link(1, 1, 1, 0.5), link(1, 0, 1, 0.6)];
        assert!((linear_radius(&links, &[0, 1], 1) - 0.8).abs() < 1e-15);
    }

    struct Apply(Function, Vec<f64>, Vec<f64>);

    impl simd::Kernel for &mut Apply {
        type Output = ();

        fn run(self) {
            self.0.apply(&self.1, &mut self.2);
        }
    }

    #[test]
    fn functions_take_any_number() {
        let x = [0.0, 1e-3, -0.7, 3.0, -25.0, 1e200];
        type Known = (Function, fn(f64) -> f64);
        let known: [Known; 4] = [
            (Function::Tanh, math::tanh),
            (Function::Sin, math::sin),
            (Function::Saturating, |x| if x.abs() < 1e100 { x * x / (1.0 + x * x) } else { 1.0 }),
            (Function::Bump, |x| x * math::exp(-x * x / 2.0)),
        ];
        for (function, expected) in known {
            let mut apply = Apply(function, x.to_vec(), vec![0.0; x.len()]);
            simd::dispatch(&mut apply);
            for (x, found) in x.iter().zip(&apply.2) {
                assert!((found - expected(*x)).abs() < 1e-15, "{function:?} of {x}");
            }
        }
    }
}
