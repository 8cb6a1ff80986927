//! The generator against NumPy 2.4.6: `goldens/numpy_pcg64.json`, and `branches.json` (made by `branches.py`)
//! for the branches of the laws that it does not reach.

mod draw;
mod laws;

use mts_hash::{Int, SeedSequence, Value};
use mts_rng::Rng;
use mts_tests::golden::{self, Golden};

fn wide(golden: &Value) -> u128 {
    golden.int().to_string().parse().expect("a u128")
}

fn seeded(golden: &Value) -> Rng {
    Rng::from_seed(&golden.int())
}

#[test]
fn raw_words_and_jumps() {
    let golden = golden::load("numpy_pcg64.json");
    for case in golden.at("pcg64").items() {
        let rng = seeded(case.at("seed"));
        assert_eq!(rng.state().state, wide(case.at("state")));
        assert_eq!(rng.state().increment, wide(case.at("inc")));
        let raw = |mut rng: Rng, golden: &Value| {
            for word in golden.unsigneds() {
                assert_eq!(rng.next_u64(), word);
            }
        };
        raw(rng.clone(), case.at("raw16"));
        for (key, delta, words) in [
            ("advance_1000", 1000, "raw4"),
            ("advance_2pow100_plus_12345", (1 << 100) + 12345, "raw4"),
            ("advance_minus_1", u128::MAX, "raw2"),
        ] {
            let mut moved = rng.clone();
            moved.advance(delta);
            assert_eq!(moved.state().state, wide(case.at(key).at("state")), "{key}");
            raw(moved, case.at(key).at(words));
        }
        let jumped = rng.jumped(1);
        assert_eq!(jumped.state().state, wide(case.at("jumped_1").at("state")));
        raw(jumped, case.at("jumped_1").at("raw4"));
    }
}

#[test]
fn array_parameters_draw_element_by_element() {
    let golden = golden::load("numpy_pcg64.json");
    let case = golden.at("broadcast");
    let mut rng = seeded(case.at("seed"));
    let ours: Vec<f64> =
        (0..12).map(|i| rng.normal([0.0, 10.0, 20.0][i % 3], [1.0, 2.0, 3.0][i % 3])).collect();
    assert_eq!(ours, case.at("values").floats());
}

#[test]
fn spawned_streams_equal_numpy() {
    let golden = golden::load("numpy_pcg64.json");
    let spawned = golden.at("spawned_child_streams");
    let entropy: Int = spawned.at("entropy").int();
    let mut parent = Rng::from_seed(&entropy);
    let sequence = SeedSequence::new(&entropy);
    let children = parent.spawn(4);
    for ((mut rng, index), case) in children.into_iter().zip(0..).zip(spawned.at("children").items()) {
        assert_eq!(rng.state(), Rng::new(sequence.child(index)).state());
        assert_eq!(rng.state().state, wide(case.at("state")));
        let ours: Vec<f64> = (0..8).map(|_| rng.random()).collect();
        assert_eq!(ours, case.at("random8").floats());
    }
}
