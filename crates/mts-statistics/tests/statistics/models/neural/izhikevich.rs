//! Izhikevich's neurons: the published step, the current that ends rest, the kinds, the noise, and labels.

use mts_core::{Label, Series, Shape, SlabSource, Streams};
use mts_hash::SeedSequence;
use mts_statistics::Uniformity;
use nalgebra::Matrix2;
use serde_json::{Value, json};
use statrs::distribution::{ContinuousCDF, Normal};

use crate::models::run::{STREAMS, accept, run};

pub const MODEL: &str = "izhikevich";

const KINDS: [(&str, [f64; 4]); 7] = [
    ("regular_spiking", [0.02, 0.2, -65.0, 8.0]),
    ("intrinsically_bursting", [0.02, 0.2, -55.0, 4.0]),
    ("chattering", [0.02, 0.2, -50.0, 2.0]),
    ("fast_spiking", [0.1, 0.2, -65.0, 2.0]),
    ("low_threshold_spiking", [0.02, 0.25, -65.0, 2.0]),
    ("thalamo_cortical", [0.02, 0.25, -65.0, 0.05]),
    ("resonator", [0.1, 0.26, -65.0, 2.0]),
];

#[test]
fn initial_states_are_uniform() {
    for streams in STREAMS {
        let paths = run(MODEL, json!({}), (4, 1, 20_000), 62, streams);
        accept("law", Uniformity::of(paths.slab(0)[..40_000].iter().map(|v| (v + 70.0) / 10.0)).p());
        for (v, u) in paths.slab(0)[..40_000].iter().zip(&paths.slab(0)[40_000..]) {
            assert!((u - 0.2 * v).abs() < 1e-13);
        }
        assert_eq!(paths.array("initial_state"), paths.slab(0));
    }
}

/// v after the two half steps of the published program.
fn moved(v: f64, u: f64, current: f64) -> f64 {
    let half = v + 0.5 * (0.04 * v * v + 5.0 * v + 140.0 - u + current);
    half + 0.5 * (0.04 * half * half + 5.0 * half + 140.0 - u + current)
}

#[test]
fn steps_are_those_of_the_published_program() {
    for (kind, [a, b, c, d]) in KINDS {
        let params = json!({ "cell": kind, "I": 9.0, "noise_std": 0.0 });
        let paths = run(MODEL, params, (4, 2000, 2), 63, STREAMS[0]);
        let mut spikes = 0;
        for (node, r) in [(0, 0), (0, 1), (1, 0), (1, 1)] {
            let (v, u) = (paths.path(node, r), paths.path(node + 2, r));
            for t in 0..1999 {
                let spiked = v[t] >= 30.0;
                spikes += usize::from(spiked);
                let (from, recovery) = if spiked { (c, u[t] + d) } else { (v[t], u[t]) };
                let to = moved(from, recovery, 9.0);
                assert!((v[t + 1] - to.min(30.0)).abs() < 1e-10, "{kind}");
                let recovered = recovery + a * (b * to - recovery);
                assert!((u[t + 1] - recovered).abs() < 1e-10, "{kind}");
            }
        }
        assert!(spikes > 20, "{kind}: {spikes}");
    }
}

/// The rate of growth around a rest at v, as a factor per step, and the current that has it: of the step, whose rest is
/// that of the equation.
fn rest(v: f64, a: f64, b: f64) -> (f64, f64) {
    let stretch = 1.0 + 0.5 * (0.08 * v + 5.0);
    let (by_v, by_u) = (stretch * stretch, -0.5 * stretch - 0.5);
    let step = Matrix2::new(by_v, by_u, a * b * by_v, 1.0 - a + a * b * by_u);
    let factor = step.complex_eigenvalues().iter().map(|root| root.norm()).fold(0.0, f64::max);
    (factor, -(0.04 * v * v + 5.0 * v + 140.0 - b * v))
}

#[test]
fn spikes_start_where_rest_loses_its_stability() {
    for (kind, [a, b, ..]) in KINDS {
        // The rest with the lower v, up to where it meets the other one.
        let (mut low, mut high) = (-80.0, -(5.0 - b) / 0.08);
        for _ in 0..60 {
            let middle = 0.5 * (low + high);
            if rest(middle, a, b).0 < 1.0 { low = middle } else { high = middle }
        }
        for (v, spikes) in [(low - 0.3, false), (low + 0.3, true)] {
            let current = rest(v, a, b).1;
            let params = json!({ "cell": kind, "I": current, "noise_std": 0.0, "x0": [v + 1e-3, b * v] });
            let path = run(MODEL, params, (2, 20_000, 1), 64, STREAMS[0]).path(0, 0);
            assert_eq!(path.iter().any(|v| *v >= 30.0), spikes, "{kind}: {current}");
            if !spikes {
                assert!((path[19_999] - v).abs() < 1e-2, "{kind}: {} for {v}", path[19_999]);
            }
        }
    }
}

/// The steps of all spikes of one neuron.
fn spikes(kind: &str, current: f64, steps: usize) -> Vec<usize> {
    let params = json!({ "cell": kind, "I": current, "noise_std": 0.0, "x0": [-65.0, -13.0] });
    let path = run(MODEL, params, (2, steps, 1), 65, STREAMS[0]).path(0, 0);
    (0..steps).filter(|t| path[*t] >= 30.0).collect()
}

/// What figure 2 of the paper shows at I = 10, as intervals between spikes in milliseconds.
#[test]
fn kinds_spike_as_published() {
    let intervals = |kind: &str| -> Vec<usize> {
        spikes(kind, 10.0, 2000).windows(2).map(|spikes| spikes[1] - spikes[0]).collect()
    };
    let regular = intervals("regular_spiking");
    assert!(regular[0] < regular[1] && regular[1] <= regular[5], "slows down: {regular:?}");
    let fast = intervals("fast_spiking");
    let mean = |intervals: &[usize]| intervals.iter().sum::<usize>() as f64 / intervals.len() as f64;
    assert!((40.0..65.0).contains(&mean(&regular)) && (12.0..20.0).contains(&mean(&fast)), "{fast:?}");
    let bursting = intervals("intrinsically_bursting");
    assert!(bursting[0] < 10 && bursting[10..].iter().all(|interval| *interval > 15), "{bursting:?}");
    let chattering = intervals("chattering");
    let (short, long) =
        (chattering.iter().filter(|i| **i < 10).count(), chattering.iter().filter(|i| **i > 25).count());
    assert!(short + long > chattering.len() * 9 / 10 && long > 20 && short >= long, "{chattering:?}");
    let low = spikes("low_threshold_spiking", 3.0, 2000).len();
    assert!(low > 5 && spikes("regular_spiking", 3.0, 2000).is_empty(), "{low}");
}

/// One step of many neurons from the same state: their currents follow from v, which rises with them.
#[test]
fn currents_are_normal() {
    let law = Normal::new(3.0, 2.0).unwrap();
    for streams in STREAMS {
        let params = json!({ "I": 3.0, "noise_std": 2.0, "x0": [-60.0, -60.0, -12.0, -12.0] });
        let paths = run(MODEL, params, (4, 2, 20_000), 66, streams);
        let currents = paths.slab(1)[..40_000].iter().map(|v| {
            let (mut low, mut high) = (-50.0, 50.0);
            for _ in 0..60 {
                let middle = 0.5 * (low + high);
                if moved(-60.0, -12.0, middle) < *v { low = middle } else { high = middle }
            }
            low
        });
        accept("currents", Uniformity::of(currents.map(|x| law.cdf(x))).p());
    }
}

fn labels(params: Value, shape: Shape, streams: Streams) -> (Vec<f64>, Vec<Label>) {
    let registry = mts_models::registry();
    let model = registry.get(MODEL).unwrap().build(params, shape).unwrap();
    let mut series = Series::new(model, SeedSequence::new(67_u64), streams);
    let (mut values, mut labels) = (vec![0.0; shape.values()], Vec::new());
    assert_eq!(series.next(&mut values).unwrap(), shape.steps());
    series.labels(&mut labels);
    (values, labels)
}

#[test]
fn each_spike_has_a_label() {
    let shape = Shape::of(6, 500, 4);
    for streams in STREAMS {
        let (values, labels) = labels(json!({ "cell": "chattering", "noise_std": 3.0 }), shape, streams);
        let mut expected = 0;
        for (at, v) in values.iter().enumerate() {
            let (step, channel, r) = (at / 24, at / 4 % 6, at % 4);
            if channel < 3 && *v == 30.0 {
                expected += 1;
                let found = labels.iter().any(|label| {
                    label.steps == (step..step + 1)
                        && (label.channel, label.realization, label.kind) == (Some(channel), Some(r), "spike")
                });
                assert!(found, "{step} {channel} {r}");
            }
        }
        assert!(expected > 100 && labels.len() == expected, "{expected}");
    }
}
