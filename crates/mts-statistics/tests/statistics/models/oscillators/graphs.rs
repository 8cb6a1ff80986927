//! Random graphs of coupled models: each pair is joined with its probability.

use std::collections::BTreeSet;

use mts_core::Graph;
use mts_statistics::{goodness_of_fit_counts, two_sided};
use serde_json::{Value, json};
use statrs::distribution::{Binomial, Discrete};

use super::kuramoto;
use crate::models::maps::cml;
use crate::models::run::{STREAMS, accept, run};

/// The pairs that are joined.
fn pairs(model: &str, params: Value, nodes: usize, seed: u64) -> BTreeSet<(usize, usize)> {
    let paths = run(model, params, (nodes, 1, 1), seed, STREAMS[0]);
    let Graph::Edges { edges, .. } = &paths.truth.graphs["adjacency"] else { panic!("no list of edges") };
    let ends: BTreeSet<(usize, usize)> = edges.iter().map(|edge| (edge.from, edge.to)).collect();
    assert_eq!(ends.len(), edges.len());
    assert!(ends.iter().all(|(i, j)| i != j && ends.contains(&(*j, *i))), "both ends, no loop");
    ends.into_iter().filter(|(i, j)| i < j).collect()
}

fn accept_share(what: &str, found: usize, of: usize, p: f64) {
    let (found, of) = (found as f64, of as f64);
    accept(what, two_sided((found - of * p) / (of * p * (1.0 - p)).sqrt()));
}

#[test]
fn pairs_are_joined_with_their_probability() {
    for model in [kuramoto::MODEL, cml::MODEL] {
        let found = pairs(model, json!({ "topology": "erdos_renyi", "p": 0.07 }), 600, 33);
        accept_share("edges", found.len(), 600 * 599 / 2, 0.07);
        let sizes = [200, 100, 300];
        let params = json!({ "topology": "sbm", "block_sizes": sizes, "p_intra": 0.2, "p_inter": 0.02 });
        let block = |node: usize| usize::from(node >= 200) + usize::from(node >= 300);
        let (inside, between): (Vec<_>, Vec<_>) =
            pairs(model, params, 600, 34).into_iter().partition(|(i, j)| block(*i) == block(*j));
        let possible: usize = sizes.iter().map(|size| size * (size - 1) / 2).sum();
        accept_share("edges in blocks", inside.len(), possible, 0.2);
        accept_share("edges between blocks", between.len(), 600 * 599 / 2 - possible, 0.02);
    }
}

/// One node's degree in many graphs: independent pairs make it binomial.
#[test]
fn pairs_are_independent() {
    let degree = |seed| {
        let found = pairs(cml::MODEL, json!({ "topology": "erdos_renyi", "p": 0.3 }), 12, seed);
        found.iter().filter(|(i, j)| *i == 3 || *j == 3).count() as u64
    };
    let degrees: Vec<u64> = (0..4000).map(degree).collect();
    let law = Binomial::new(0.3, 11).unwrap();
    accept("degrees", goodness_of_fit_counts(&degrees, 0..=11, |k| law.pmf(k)));
}
