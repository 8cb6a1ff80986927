//! Graphs that are not drawn pair by pair: their degrees, and what is drawn beside them.

use std::collections::BTreeSet;
use std::f64::consts::PI;

use mts_core::Graph;
use mts_statistics::{goodness_of_fit, goodness_of_fit_counts, two_sided};
use serde_json::{Value, json};
use statrs::distribution::{Binomial, Discrete, DiscreteUniform, Poisson};

use super::kuramoto::MODEL;
use crate::models::run::{Paths, STREAMS, accept, run};

fn graph(params: &Value, nodes: usize, seed: u64) -> (Paths, BTreeSet<(usize, usize)>) {
    let paths = run(MODEL, params.clone(), (nodes, 1, 1), seed, STREAMS[0]);
    let Graph::Edges { edges, .. } = &paths.truth.graphs["adjacency"] else { panic!("no list of edges") };
    let ends: BTreeSet<(usize, usize)> = edges.iter().map(|edge| (edge.from, edge.to)).collect();
    assert!(ends.len() == edges.len() && ends.iter().all(|(i, j)| i != j), "no edge twice, no loop");
    assert!(edges.is_sorted_by_key(|edge| (edge.from, edge.to)));
    (paths, ends)
}

fn undirected(params: &Value, nodes: usize, seed: u64) -> (Paths, BTreeSet<(usize, usize)>) {
    let (paths, ends) = graph(params, nodes, seed);
    assert!(ends.iter().all(|(i, j)| ends.contains(&(*j, *i))), "both ends");
    (paths, ends)
}

fn degrees(ends: &BTreeSet<(usize, usize)>, nodes: usize) -> Vec<u64> {
    let mut degrees = vec![0; nodes];
    ends.iter().for_each(|(i, _)| degrees[*i] += 1);
    degrees
}

fn accept_share(what: &str, found: f64, of: f64, p: f64) {
    accept(what, two_sided((found - of * p) / (of * p * (1.0 - p)).sqrt()));
}

/// A node keeps its edges to the k/2 nodes behind it, each of those to the nodes before it with probability 1 - β, and
/// gets a Poisson number of edges that are led to it: Barrat & Weigt 2000, doi:10.1007/s100510050067.
#[test]
fn small_worlds_have_their_degrees() {
    let (nodes, k, beta) = (2000, 6, 0.4);
    let params = json!({ "topology": "watts_strogatz", "k": k, "p_rewire": beta });
    let (mut found, mut kept) = (Vec::new(), 0);
    for seed in 0..60 {
        let (_, ends) = undirected(&params, nodes, seed);
        assert_eq!(ends.len(), nodes * k, "no edge is lost");
        let degrees = degrees(&ends, nodes);
        found.extend(degrees.iter().step_by(40));
        let near = |(i, j): &&(usize, usize)| (j + nodes - i) % nodes <= k / 2;
        kept += ends.iter().filter(near).count();
    }
    let own = (k / 2) as u64;
    let (before, led) = (Binomial::new(1.0 - beta, own).unwrap(), Poisson::new(own as f64 * beta).unwrap());
    let law = |degree: u64| -> f64 {
        (0..=own).filter(|n| degree >= own + n).map(|n| before.pmf(n) * led.pmf(degree - own - n)).sum()
    };
    accept("degrees", goodness_of_fit_counts(&found, own..=30, law));
    // Some 0.003 of those that are led elsewhere come back by chance.
    let back = beta * k as f64 / nodes as f64;
    accept_share("edges in the circle", kept as f64, (60 * nodes * k / 2) as f64, 1.0 - beta + back);
    let (_, circle) = undirected(&json!({ "topology": "watts_strogatz", "k": 4, "p_rewire": 0 }), 11, 1);
    let expected = (0..11).flat_map(|i| [1, 2, 9, 10].map(|d| (i, (i + d) % 11)));
    assert_eq!(circle, expected.collect());
}

/// Degrees of large grown graphs: `2m(m+1)/(k(k+1)(k+2))` from m on. Dorogovtsev, Mendes & Samukhin 2000,
/// doi:10.1103/PhysRevLett.85.4633; Bollobás et al. 2001, doi:10.1002/rsa.1009.
#[test]
fn grown_graphs_have_their_degrees() {
    for m in [1_u64, 3] {
        let nodes = 60_000;
        let (_, ends) = undirected(&json!({ "topology": "barabasi_albert", "m": m }), nodes, 41);
        assert_eq!(ends.len() as u64, 2 * (m + (nodes as u64 - m - 1) * m));
        let degrees = degrees(&ends, nodes);
        let last = 200;
        let mut observed = vec![0; last as usize + 1];
        degrees.iter().for_each(|k| observed[(*k).min(last) as usize] += 1);
        let law = |k: u64| (2 * m * (m + 1)) as f64 / (k * (k + 1) * (k + 2)) as f64;
        let mut expected: Vec<f64> =
            (0..last).map(|k| if k < m { 0.0 } else { nodes as f64 * law(k) }).collect();
        expected.push((nodes as f64 - expected.iter().sum::<f64>()).max(1.0));
        accept(format_args!("m = {m}"), goodness_of_fit(&observed, &expected));
    }
}

/// Two points of the unit square are at most r ≤ 1 apart with probability `πr² - 8r³/3 + r⁴/2`; pairs without a
/// common point are independent.
#[test]
fn points_are_joined_where_they_are_near() {
    let radius: f64 = 0.3;
    let (mut found, mut of) = (0, 0);
    for seed in 0..20 {
        let (paths, ends) = undirected(&json!({ "topology": "geometric", "radius": radius }), 400, seed);
        let at = |node: usize| (paths.array("positions")[2 * node], paths.array("positions")[2 * node + 1]);
        for (i, j) in (0..400).flat_map(|i| (0..400).map(move |j| (i, j))).filter(|(i, j)| i != j) {
            let (dx, dy) = (at(i).0 - at(j).0, at(i).1 - at(j).1);
            assert_eq!(ends.contains(&(i, j)), dx * dx + dy * dy <= radius * radius);
        }
        found += (0..200).filter(|pair| ends.contains(&(2 * pair, 2 * pair + 1))).count();
        of += 200;
    }
    let p =
        PI * radius * radius - 8.0 * radius * radius * radius / 3.0 + radius * radius * radius * radius / 2.0;
    accept_share("pairs", found as f64, f64::from(of), p);
}

#[test]
fn directed_graphs_have_no_cycles() {
    let (nodes, p) = (30, 0.2);
    let (mut found, mut of, mut places) = (0, 0, Vec::new());
    for seed in 0..600 {
        let (paths, ends) = graph(&json!({ "topology": "dag", "p": p }), nodes, seed);
        let order = paths.array("causal_order");
        let place = |node: usize| order.iter().position(|of| *of == node as f64).unwrap();
        let all: BTreeSet<usize> = (0..nodes).map(place).collect();
        assert_eq!(all.len(), nodes);
        assert!(ends.iter().all(|(from, to)| place(*from) < place(*to)));
        found += ends.len();
        of += nodes * (nodes - 1) / 2;
        places.push(place(3) as u64);
    }
    accept_share("edges", found as f64, of as f64, p);
    let law = DiscreteUniform::new(0, nodes as i64 - 1).unwrap();
    accept("order", goodness_of_fit_counts(&places, 0..=nodes as u64 - 1, |k| law.pmf(k as i64)));
}

#[test]
fn grids_have_four_neighbours() {
    let (_, ends) = undirected(&json!({ "topology": "lattice", "rows": 3 }), 12, 1);
    let near = |node: usize| {
        let (row, column) = (node / 4, node % 4);
        [(row + 1, column), (row + 2, column), (row, column + 1), (row, column + 3)]
            .map(|(row, column)| (node, row % 3 * 4 + column % 4))
    };
    assert_eq!(ends, (0..12).flat_map(near).collect());
}
