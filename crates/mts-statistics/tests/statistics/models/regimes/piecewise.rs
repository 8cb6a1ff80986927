//! Change points: each segment has the law of its model, whatever the others are, and labels say where it lies.

use mts_core::Label;
use mts_statistics::{Uniformity, variance};
use serde_json::{Value, json};
use statrs::distribution::{ContinuousCDF, Normal};

use super::told;
use crate::models::run::{STREAMS, accept};

pub const MODEL: &str = "piecewise";

fn params(middle: Value) -> Value {
    json!({ "segments": [
        { "model": "arma", "params": { "phi": [0.8], "theta": null }, "steps": 40 },
        middle,
        { "model": "arma", "params": { "phi": null, "theta": [0.5], "sigma": 3 } },
    ] })
}

fn segments(labels: &[Label]) -> Vec<(String, usize, usize)> {
    let own = labels.iter().filter(|label| label.kind == "segment");
    own.map(|label| {
        assert_eq!((label.channel, label.realization), (None, None));
        let model = label.details.get("model").and_then(|model| model.as_str()).unwrap();
        (model.to_owned(), label.steps.start, label.steps.end)
    })
    .collect()
}

#[test]
fn segments_have_the_laws_of_their_models() {
    let switching = json!({ "model": "markov_switching_var", "params": { "stay": 0.8 }, "steps": 30 });
    for streams in STREAMS {
        let (paths, labels) = told::run(MODEL, &params(switching.clone()), (1, 100, 6000), 98, streams);
        let known = [("arma", 0, 40), ("markov_switching_var", 40, 70), ("arma", 70, 100)];
        assert_eq!(segments(&labels), known.map(|(model, start, end)| (model.to_owned(), start, end)));
        // Stationary from the first step of the segment on, and independent of what was before.
        for (step, expected) in [(0, 1.0 / 0.36), (39, 1.0 / 0.36), (70, 9.0 * 1.25), (99, 9.0 * 1.25)] {
            let values = paths.across(step, 0).iter().copied();
            accept(format_args!("variance at step {step}"), variance(values, 0.0, expected));
        }
        let joined = Normal::new(0.0, (9.0_f64 * 1.25 + 1.0 / 0.36).sqrt()).unwrap();
        let sums = paths.across(70, 0).iter().zip(paths.across(39, 0)).map(|(x, y)| joined.cdf(x + y));
        accept("sums over a change point", Uniformity::of(sums).p());
        // Regimes of the middle lie where it lies.
        for r in [0, 5999] {
            let own: Vec<Label> = labels
                .iter()
                .filter(|label| label.kind == "regime" && label.realization == Some(r))
                .map(|label| Label { steps: label.steps.start - 40..label.steps.end - 40, ..label.clone() })
                .collect();
            told::regimes(&own, None, r, 30);
        }
        let transition = paths.array("segment1_transition");
        assert!(transition.iter().zip([0.8, 0.2, 0.2, 0.8]).all(|(p, known)| (p - known).abs() < 1e-15));
    }
}

#[test]
fn another_segment_changes_none_of_the_others() {
    let run = |middle: Value| told::run(MODEL, &params(middle), (2, 100, 3), 99, STREAMS[0]).0;
    let one = run(json!({ "model": "var", "steps": 30 }));
    let other = run(json!({ "model": "setar", "steps": 30 }));
    assert_eq!(one.values()[..240], other.values()[..240]);
    assert_ne!(one.values()[240..420], other.values()[240..420]);
    assert_eq!(one.values()[420..], other.values()[420..]);
}
