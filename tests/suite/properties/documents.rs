//! Any document: planned, or refused with a reason; never a panic.

use mts_engine::{Engine, Request};
use proptest::prelude::*;

const SEEDS: [&str; 4] = [
    "seed: 42\nconfigs:\n  - {model: gbm, M: [1, 2], T: 5, mu: [0.0, 0.1], sigma: 0.2, seed: 3}\n",
    "configs:\n  model: kuramoto\n  M: 3\n  T: 4\n  K: [0.5, 1.0]\n  topology: ring\n  zscore: [true, false]\nformat: [parquet, csv]\n",
    "[{\"model\": \"ou\", \"M\": 2, \"mu\": [[0, 1]], \"theta\": {\"axis\": [1, [0.5, 0.1]]}, \"x0\": [1, 2]}]",
    "model: var\nM: 2\nT: 6\nPhi: [[0.5, 0.1], [0, 0.3]]\nSigma: {value: [[1, 0], [0, 1]]}\nstreams: [shared, per_realization]\n",
];

/// Pieces that turn a document into a nearly right one.
const PIECES: [&str; 24] = [
    "[",
    "]",
    "{",
    "}",
    ":",
    ",",
    "\n",
    "  ",
    "- ",
    "null",
    "true",
    ".nan",
    "-1",
    "1e999",
    "1e308",
    "99999999999999999999",
    "model",
    "M",
    "[[]]",
    "{axis: []}",
    "{value: x}",
    "&a [*a]",
    "\u{0}",
    "é",
];

fn mutated() -> impl Strategy<Value = String> {
    let edits =
        prop::collection::vec((any::<prop::sample::Index>(), 0_usize..PIECES.len(), 0_usize..12), 0..6);
    (prop::sample::select(SEEDS.to_vec()), edits).prop_map(|(seed, edits)| {
        let mut text: Vec<char> = seed.chars().collect();
        for (at, piece, removed) in edits {
            let at = at.index(text.len() + 1);
            let end = (at + removed).min(text.len());
            text.splice(at..end, PIECES[piece].chars());
        }
        text.into_iter().collect()
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 6000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn are_planned_or_refused(text in mutated()) {
        let engine = Engine::new(mts_models::registry());
        let planned = mts_config::parse(&text, "document.yaml").and_then(|document| engine.plan(&document, &Request::default()));
        match planned {
            Ok(plan) => prop_assert!(plan.tasks().all(|task| task.name().len() > 10)),
            Err(problems) => prop_assert!(!problems.is_empty()),
        }
    }

    #[test]
    fn of_any_text_are_planned_or_refused(text in "\\PC{0,200}") {
        let engine = Engine::new(mts_models::registry());
        let _ = mts_config::parse(&text, "document.yaml").map(|document| engine.plan(&document, &Request::default()).is_ok());
    }
}
