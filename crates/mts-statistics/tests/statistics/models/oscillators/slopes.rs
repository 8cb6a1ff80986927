//! First steps of flows on graphs against their equations.

use mts_core::Graph;
use serde_json::Value;

use crate::models::run::{Paths, STREAMS, run};

/// Who acts on whom, as (to, from).
pub fn adjacency(paths: &Paths, nodes: usize) -> Vec<f64> {
    let mut matrix = vec![0.0; nodes * nodes];
    let Graph::Edges { edges, .. } = &paths.truth.graphs["adjacency"] else { panic!("no list of edges") };
    edges.iter().for_each(|edge| matrix[edge.to * nodes + edge.from] = edge.weight);
    assert!(edges.len() > nodes / 2, "something to see");
    matrix
}

/// Checks the slopes at drawn initial states of `components` per node: `slope(paths, pull, state, node)`, where
/// `state(component)` is that of the node and `pull(component)` is `Σ A_ij (x_j - x_i)`.
pub fn check(
    model: &str,
    mut params: Value,
    components: usize,
    slope: impl Fn(&Paths, &dyn Fn(usize) -> f64, &dyn Fn(usize) -> f64, usize) -> Vec<f64>,
) {
    let (nodes, dt) = (7, 1e-8);
    params["dt"] = dt.into();
    params["transient"] = 0.into();
    params["topology"] = "dag".into();
    params["p"] = 0.5.into();
    let paths = run(model, params, (components * nodes, 2, 3), 51, STREAMS[0]);
    assert_eq!(paths.array("initial_state"), paths.slab(0));
    let matrix = adjacency(&paths, nodes);
    for (node, r) in (0..nodes).flat_map(|node| (0..3).map(move |r| (node, r))) {
        let at = |component: usize, node: usize| paths.at(0, component * nodes + node, r);
        let pull = |component: usize| -> f64 {
            (0..nodes).map(|j| matrix[node * nodes + j] * (at(component, j) - at(component, node))).sum()
        };
        let state = |component: usize| at(component, node);
        let expected = slope(&paths, &pull, &state, node);
        for (component, expected) in expected.into_iter().enumerate() {
            let found = (paths.at(1, component * nodes + node, r) - state(component)) / dt;
            // Rounding of what is subtracted makes 10⁻⁷, and the curvature within the step some 10⁻⁶.
            assert!((found - expected).abs() < 1e-5, "component {component}: {found} for {expected}");
        }
    }
}
