//! Runs with and without an intervention, of the same draws.

use mts_core::{Intervention, Series, Shape, SlabSource, Streams};
use mts_hash::SeedSequence;
use serde_json::Value;

use crate::models::run::Paths;

/// The dataset as it is, and as it is where a channel is held.
pub fn both(
    model: &str,
    params: &Value,
    (channels, steps, realizations): (usize, usize, usize),
    seed: u64,
    held: &Intervention,
) -> [Paths; 2] {
    [vec![], vec![held.clone()]].map(|held| {
        let registry = mts_models::registry();
        let shape = Shape::new(channels, steps, realizations).unwrap();
        let model = registry.get(model).unwrap().build(params.clone(), shape).unwrap();
        let mut series =
            Series::new(model, SeedSequence::new(seed), Streams::Shared).with_interventions(held);
        let mut values = vec![0.0; shape.values()];
        assert_eq!(series.next(&mut values).unwrap(), steps);
        Paths::of(channels, realizations, series.head().truth.clone().unwrap(), values)
    })
}

/// Checks that what an intervention changes in a linear model is what its coefficients (lag, to, from) carry on.
pub fn check_linear_effect(paths: &[Paths; 2], phi: &[f64], held: &Intervention) {
    let [free, done] = paths;
    let (channels, steps) = (free.channels, free.steps());
    let mut largest: f64 = 0.0;
    for r in 0..free.realizations {
        let mut effects = vec![vec![0.0; channels]; steps];
        for t in 0..steps {
            for to in 0..channels {
                let own = done.at(t, to, r) - free.at(t, to, r);
                let carried: f64 = phi
                    .chunks_exact(channels * channels)
                    .enumerate()
                    .filter(|(lag, _)| t > *lag)
                    .flat_map(|(lag, phi)| {
                        phi[to * channels..][..channels]
                            .iter()
                            .zip(&effects[t - lag - 1])
                            .map(|(phi, e)| phi * e)
                    })
                    .sum();
                let expected = if to == held.channel && held.steps.contains(&t) {
                    held.value - free.at(t, to, r)
                } else {
                    carried
                };
                assert!((own - expected).abs() < 1e-11, "step {t}, channel {to}: {own} for {expected}");
                effects[t][to] = expected;
                if to != held.channel {
                    largest = largest.max(expected.abs());
                }
            }
        }
    }
    assert!(largest > 0.1, "nothing was acted on");
}
