//! Epidemics: probabilities of infection, final sizes, and who infected whom.

use mts_core::{Label, Series, Shape, SlabSource};
use mts_hash::SeedSequence;
use mts_rng::math::exp;
use mts_statistics::{goodness_of_fit_counts, mean_of_estimated_error, mean_of_known_error, two_sided};
use serde_json::{Value, json};
use statrs::distribution::{Binomial, Discrete, Geometric};

use crate::models::run::{STREAMS, accept, after, run};

pub const MODEL: &str = "sir_network";

/// Over its whole illness, a node infects its only neighbour with probability `β/(β + γ - βγ)`.
#[test]
fn an_edge_infects_with_its_probability() {
    let (beta, gamma) = (0.2, 0.3);
    let p = beta / (beta + gamma - beta * gamma);
    let params = json!({ "beta": beta, "gamma": gamma, "x0": [1, 0] });
    for streams in STREAMS {
        let count = 20_000;
        let paths = after(200, MODEL, params.clone(), (2, 1, count), 62, streams);
        let ill = paths.across(0, 1).iter().filter(|state| **state > 0.0).count() as f64;
        accept("infected", two_sided((ill - count as f64 * p) / (count as f64 * p * (1.0 - p)).sqrt()));
    }
}

/// Without neighbours, an illness and an immunity last as geometric laws say.
#[test]
fn states_last_as_they_should() {
    let (gamma, xi) = (0.25, 0.4);
    let params = json!({ "beta": 0, "gamma": gamma, "xi": xi, "infected": 1 });
    let paths = run(MODEL, params, (1, 120, 20_000), 63, STREAMS[0]);
    let (mut ill, mut immune) = (Vec::new(), Vec::new());
    for r in 0..20_000 {
        let path = paths.path(0, r);
        let end = path.iter().position(|state| *state == 2.0).unwrap();
        ill.push(end as u64);
        immune.push(path[end..].iter().position(|state| *state == 0.0).unwrap() as u64);
    }
    for (what, found, p) in [("illness", ill, gamma), ("immunity", immune, xi)] {
        let law = Geometric::new(p).unwrap();
        accept(what, goodness_of_fit_counts(&found, 1..=80, |k| law.pmf(k)));
        let lengths = found.iter().map(|length| *length as f64);
        accept(what, mean_of_known_error(lengths, 1.0 / p, (1.0 - p).sqrt() / p));
    }
}

/// One step on the complete graph: each of the others is infected with probability `1 - (1 - β)^I`.
#[test]
fn infections_are_independent() {
    let (beta, nodes, ill) = (0.05_f64, 30, 4);
    let params = json!({ "beta": beta, "gamma": 0.5, "infected": ill });
    let paths = run(MODEL, params, (nodes, 2, 10_000), 64, STREAMS[1]);
    let count = |step: usize, r: usize, state: f64| {
        (0..nodes).filter(|node| paths.at(step, *node, r) == state).count() as u64
    };
    assert!((0..10_000).all(|r| count(0, r, 1.0) == ill as u64));
    let fresh: Vec<u64> = (0..10_000).map(|r| nodes as u64 - ill as u64 - count(1, r, 0.0)).collect();
    let escape = (1.0 - beta) * (1.0 - beta) * (1.0 - beta) * (1.0 - beta);
    let law = Binomial::new(1.0 - escape, nodes as u64 - ill as u64).unwrap();
    accept("new infections", goodness_of_fit_counts(&fresh, 0..=26, |k| law.pmf(k)));
    let recovered: Vec<u64> = (0..10_000).map(|r| count(1, r, 2.0)).collect();
    let law = Binomial::new(0.5, ill as u64).unwrap();
    accept("recoveries", goodness_of_fit_counts(&recovered, 0..=4, |k| law.pmf(k)));
    let first: Vec<u64> = (0..10_000).map(|r| u64::from(paths.at(0, 7, r) == 1.0)).collect();
    let law = Binomial::new(ill as f64 / nodes as f64, 1).unwrap();
    accept("first ones", goodness_of_fit_counts(&first, 0..=1, |k| law.pmf(k)));
}

/// The part s that an epidemic spares: `s = s₀·exp(-b/γ·(1 - s))` for β = b/M and large M. Kermack & McKendrick 1927,
/// doi:10.1098/rspa.1927.0118.
#[test]
fn epidemics_have_their_final_size() {
    let (nodes, ratio, gamma) = (5000, 1.8, 0.25);
    let params = json!({ "beta": ratio * gamma / nodes as f64, "gamma": gamma, "infected": nodes / 50 });
    let paths = after(250, MODEL, params, (nodes, 1, 50), 65, STREAMS[0]);
    let mut spared = 0.5;
    for _ in 0..200 {
        spared = 0.98 * exp(-ratio * (1.0 - spared));
    }
    assert!(paths.slab(0).iter().all(|state| *state != 1.0));
    let found: Vec<f64> = (0..50)
        .map(|r| (0..nodes).filter(|node| paths.at(0, *node, r) == 0.0).count() as f64 / nodes as f64)
        .collect();
    accept("spared", mean_of_estimated_error(&found, spared));
}

fn labels(params: Value, shape: (usize, usize, usize), seed: u64) -> Vec<Label> {
    let registry = mts_models::registry();
    let shape = Shape::new(shape.0, shape.1, shape.2).unwrap();
    let model = registry.get(MODEL).unwrap().build(params, shape).unwrap();
    let mut series = Series::new(model, SeedSequence::new(seed), STREAMS[0]);
    let mut values = vec![0.0; shape.values()];
    series.next(&mut values).unwrap();
    let mut labels = Vec::new();
    series.labels(&mut labels);
    labels
}

fn source(label: &Label) -> Option<usize> {
    label.details.get("from").and_then(|from| from.as_f64()).map(|from| from as usize)
}

/// Of two infected neighbours with weights 1 and 2, the second is the source twice as often.
#[test]
fn sources_are_drawn_by_their_weights() {
    let params = json!({
        "beta": 0.3, "gamma": 0, "x0": [0, 1, 1], "directed": true, "A": [[0, 1, 2], [0, 0, 0], [0, 0, 0]],
    });
    let count = 20_000;
    let all = labels(params, (3, 2, count), 66);
    let sources: Vec<u64> = all.iter().filter_map(source).map(|from| u64::from(from == 2)).collect();
    let (infected, p) = (sources.len() as f64, 1.0 - 0.7 * 0.7 * 0.7);
    accept("infected", two_sided((infected - count as f64 * p) / (count as f64 * p * (1.0 - p)).sqrt()));
    let law = Binomial::new(2.0 / 3.0, 1).unwrap();
    accept("sources", goodness_of_fit_counts(&sources, 0..=1, |k| law.pmf(k)));
}

/// Labels tell each change of a value, and each source was an infected neighbour.
#[test]
fn labels_tell_all_that_happens() {
    let params = json!({ "beta": 0.4, "gamma": 0.1, "xi": 0.05, "topology": "ring", "infected": 3 });
    let (nodes, steps) = (40, 300);
    let all = labels(params.clone(), (nodes, steps, 2), 67);
    let paths = run(MODEL, params, (nodes, steps, 2), 67, STREAMS[0]);
    let mut changes = 0;
    for (node, r) in (0..nodes).flat_map(|node| (0..2).map(move |r| (node, r))) {
        let path = paths.path(node, r);
        changes += usize::from(path[0] == 1.0) + path.windows(2).filter(|pair| pair[0] != pair[1]).count();
    }
    assert!(all.len() == changes && changes > 200, "{changes}");
    for label in &all {
        let (node, r, step) = (label.channel.unwrap(), label.realization.unwrap(), label.steps.start);
        let value = ["waning", "infection", "recovery"].iter().position(|kind| *kind == label.kind).unwrap();
        assert_eq!(paths.at(step, node, r), value as f64);
        assert_eq!(source(label).is_some(), label.kind == "infection" && step > 0);
        if let Some(from) = source(label) {
            assert_eq!(paths.at(step - 1, from, r), 1.0);
            assert!((from + 1) % nodes == node || (node + 1) % nodes == from);
        }
    }
}
