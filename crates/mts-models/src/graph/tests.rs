//! Checks of graphs.

use mts_core::{Edge, Graph, Problems, Tensor};
use mts_rng::Rng;

use super::*;

/// Every stored form against the plain double sum over its truth.
#[test]
fn sums_equal_the_double_sum() {
    let weights = Tensor::new(vec![3, 3], vec![0.0, 1.0, 0.5, 0.2, 9.0, 0.0, 0.5, 0.0, 0.0]).unwrap();
    let plain = |kind, nodes, weights, directed| {
        let params = GraphParams {
            p: Some(0.4),
            block_sizes: Some(&[2, 5]),
            p_intra: Some(0.9),
            p_inter: Some(0.2),
            k: Some(4),
            p_rewire: Some(0.3),
            m: Some(2),
            radius: Some(0.4),
            rows: Some(3),
            directed,
            weights,
            ..GraphParams::of(kind)
        };
        Topology::new(&params, nodes, &mut Problems::default()).unwrap().draw(&mut Rng::from_seed(1_u64))
    };
    let networks = [
        plain(Kind::Complete, 19, None, false),
        plain(Kind::Ring, 1, None, false),
        plain(Kind::Ring, 2, None, false),
        plain(Kind::Ring, 5, None, false),
        plain(Kind::ErdosRenyi, 20, None, false),
        plain(Kind::Sbm, 7, None, false),
        plain(Kind::Complete, 3, Some(&weights), false),
        plain(Kind::Complete, 3, Some(&weights), true),
        plain(Kind::Lattice, 3, None, false),
        plain(Kind::Lattice, 15, None, false),
        plain(Kind::WattsStrogatz, 19, None, false),
        plain(Kind::BarabasiAlbert, 19, None, false),
        plain(Kind::Geometric, 19, None, false),
        plain(Kind::Dag, 19, None, false),
    ];
    for network in networks {
        let nodes = network.nodes();
        let mut met = Vec::new();
        (0..nodes).for_each(|to| network.each_parent(to, |from, weight| met.push((from, to, 0, weight))));
        met.sort_by_key(|edge| (edge.0, edge.1));
        let told = edges(&network).into_iter().map(|edge| (edge.from, edge.to, edge.lag, edge.weight));
        assert_eq!(met, told.collect::<Vec<_>>());
        for realizations in [1, 3] {
            let mut x = vec![0.0; nodes * realizations];
            Rng::from_seed(2_u64).fill_standard_normal(&mut x);
            let mut sums = vec![f64::NAN; x.len()];
            network.sum_neighbours(&x, &mut vec![0.0; realizations], &mut sums);
            let mut expected = vec![0.0; x.len()];
            for Edge { from, to, weight, .. } in edges(&network) {
                for r in 0..realizations {
                    expected[to * realizations + r] += weight * x[from * realizations + r];
                }
            }
            for (sum, expected) in sums.iter().zip(&expected) {
                assert!((sum - expected).abs() < 1e-13, "{network:?}");
            }
        }
    }
}

/// However many are summed together, each sum runs over its neighbours in ascending order.
#[test]
fn sums_have_one_order() {
    let erdos_renyi = |nodes, p| {
        let params = GraphParams { p: Some(p), ..GraphParams::of(Kind::ErdosRenyi) };
        let topology = Topology::new(&params, nodes, &mut Problems::default()).unwrap();
        topology.draw(&mut Rng::from_seed(1_u64))
    };
    let mut weights = vec![0.0; 19 * 19];
    Rng::from_seed(3_u64).fill_standard_normal(&mut weights);
    let weights = Tensor::new(vec![19, 19], weights).unwrap();
    let params = GraphParams { weights: Some(&weights), ..GraphParams::of(Kind::Complete) };
    let own = Topology::new(&params, 19, &mut Problems::default()).unwrap();
    let networks = [
        erdos_renyi(70, 0.02),
        erdos_renyi(70, 0.3),
        erdos_renyi(33, 0.99),
        erdos_renyi(3, 0.5),
        own.draw(&mut Rng::from_seed(1_u64)),
    ];
    for network in networks {
        let nodes = network.nodes();
        for realizations in [1, 2, 3, 4, 7, 8, 31, 32, 61] {
            let mut x = vec![0.0; nodes * realizations];
            Rng::from_seed(2_u64).fill_standard_normal(&mut x);
            // What is no neighbour must not matter, and what is must.
            (x[0], x[nodes * realizations / 2]) = (f64::NAN, -0.0);
            let mut sums = vec![1.0; x.len()];
            network.sum_neighbours(&x, &mut vec![0.0; realizations], &mut sums);
            let mut expected = vec![0.0; x.len()];
            for Edge { from, to, weight, .. } in edges(&network) {
                for r in 0..realizations {
                    expected[to * realizations + r] += weight * x[from * realizations + r];
                }
            }
            let bits = |x: &[f64]| -> Vec<u64> { x.iter().map(|x| x.to_bits()).collect() };
            assert_eq!(bits(&sums), bits(&expected), "{nodes} nodes, {realizations} realizations");
        }
    }
}

#[test]
fn what_is_no_graph_is_refused() {
    let matrix = |data: &[f64]| Tensor::new(vec![3, 3], data.to_vec()).unwrap();
    let cycle = matrix(&[0.0, 1.0, 0.0, 0.0, 0.0, 1.0, 1.0, 0.0, 0.0]);
    let path = matrix(&[5.0, 1.0, 0.0, 0.0, 0.0, 0.5, 0.0, 0.0, 0.0]);
    let of = |kind| GraphParams::of(kind);
    let cases = [
        (GraphParams { weights: Some(&cycle), ..of(Kind::Dag) }, "must have no cycles"),
        (GraphParams { directed: true, ..of(Kind::Ring) }, "requires \"A\""),
        (of(Kind::Dag), "\"p\" is required by topology \"dag\""),
        (of(Kind::Geometric), "\"radius\" is required"),
        (GraphParams { radius: Some(0.0), ..of(Kind::Geometric) }, "must be > 0"),
        (of(Kind::Lattice), "\"rows\" is required"),
        (GraphParams { rows: Some(2), ..of(Kind::Lattice) }, "must divide the 3 nodes, found 2"),
        (of(Kind::BarabasiAlbert), "\"m\" is required"),
        (GraphParams { m: Some(3), ..of(Kind::BarabasiAlbert) }, "below 3 nodes, found 3"),
        (of(Kind::WattsStrogatz), "\"p_rewire\" is required"),
        (GraphParams { k: Some(1), p_rewire: Some(0.1), ..of(Kind::WattsStrogatz) }, "must be even"),
        (GraphParams { k: Some(2), p_rewire: Some(1.1), ..of(Kind::WattsStrogatz) }, "lie in [0, 1]"),
    ];
    for (params, words) in cases {
        let mut problems = Problems::default();
        let _ = Topology::new(&params, 3, &mut problems);
        assert!(problems.to_string().contains(words), "{problems} for {words}");
    }
    let mut problems = Problems::default();
    let params = GraphParams { weights: Some(&path), ..of(Kind::Dag) };
    let network = Topology::new(&params, 3, &mut problems).unwrap().draw(&mut Rng::from_seed(1_u64));
    assert!(problems.is_empty());
    let edges = edges(&network).into_iter().map(|edge| (edge.from, edge.to, edge.weight));
    assert_eq!(edges.collect::<Vec<_>>(), [(1, 0, 1.0), (2, 1, 0.5)]);
}

fn edges(network: &Network) -> Vec<Edge> {
    let edge = |from, to| Edge { from, to, lag: 0, weight: 1.0 };
    match network.truth(0) {
        Graph::Edges { edges, .. } => edges,
        Graph::Complete { nodes } => {
            (0..nodes * nodes).map(|at| edge(at / nodes, at % nodes)).filter(|e| e.from != e.to).collect()
        }
        Graph::Ring { nodes } => {
            let mut pairs: Vec<(usize, usize)> =
                (0..nodes).flat_map(|i| [(i, (i + 1) % nodes), ((i + 1) % nodes, i)]).collect();
            pairs.sort_unstable();
            pairs.dedup();
            pairs.into_iter().filter(|(i, j)| i != j).map(|(i, j)| edge(i, j)).collect()
        }
    }
}
