//! Every list keeps the promises of sources.

use mts_rng::Rng;

use super::*;
use crate::{Saved, State, StateError};

const SHAPE: Shape = Shape::of(3, 60, 2);

/// Values and labels in pieces; each time from a restored source, where asked.
fn pieces(list: &Value, size: usize, restore: bool) -> (Vec<f64>, Vec<Label>) {
    let mut source = spoilt(list, SHAPE, 1);
    let (mut values, mut labels) = (Vec::new(), Vec::new());
    let mut buffer = vec![0.0; size * SHAPE.slab()];
    loop {
        let steps = source.next(&mut buffer).unwrap();
        if steps == 0 {
            return (values, labels);
        }
        values.extend_from_slice(&buffer[..steps * SHAPE.slab()]);
        source.labels(&mut labels);
        if restore {
            let step = values.len() / SHAPE.slab();
            let state = source.save().unwrap();
            source = spoilt(list, SHAPE, 1);
            source.restore(step, &state).unwrap();
            assert_eq!(source.save().unwrap(), state, "{list}: saved again at {step}");
        }
    }
}

#[test]
fn pieces_of_any_size_are_the_same() {
    for list in lists() {
        let (whole, labels) = collect(spoilt(&list, SHAPE, 1));
        assert!(labels.is_sorted_by(|a, b| a.order(b).is_le()), "{list}: labels in another order");
        for label in &labels {
            assert!(!label.steps.is_empty() && label.steps.end <= SHAPE.steps(), "{list}: {label:?}");
        }
        for (size, restore) in
            [(1, false), (2, false), (3, true), (7, false), (1, true), (64, true), (25, true)]
        {
            let (values, found) = pieces(&list, size, restore);
            assert!(bits(&values) == bits(&whole), "{list}: pieces of {size}, restored: {restore}");
            assert!(found == labels, "{list}: labels in pieces of {size}, restored: {restore}");
        }
    }
}

#[test]
fn a_rewound_source_is_new() {
    for list in lists() {
        let whole = collect(spoilt(&list, SHAPE, 1));
        let mut source = spoilt(&list, SHAPE, 1);
        for steps in [0, 1, 33, 60, 100] {
            assert_eq!(source.skip(steps).unwrap(), steps.min(60), "{list}");
            source.rewind().unwrap();
        }
        let (values, labels) = collect(source);
        assert_eq!(bits(&values), bits(&whole.0), "{list}");
        assert!(labels == whole.1, "{list}: labels");
    }
}

#[test]
fn what_is_skipped_is_labelled() {
    for list in lists() {
        let (whole, labels) = collect(spoilt(&list, SHAPE, 1));
        let mut source = spoilt(&list, SHAPE, 1);
        let (mut rest, mut found) = (vec![0.0; 40 * SHAPE.slab()], Vec::new());
        source.skip(20).unwrap();
        assert_eq!(source.next(&mut rest).unwrap(), 40);
        source.labels(&mut found);
        assert_eq!(bits(&rest), bits(&whole[20 * SHAPE.slab()..]), "{list}");
        assert!(found == labels, "{list}: labels");
    }
}

#[test]
fn heads_say_what_comes_out() {
    for list in lists() {
        let transforms = transforms(&list, SHAPE);
        let source = model::series(transforms.source_shape(), 1);
        let time = transforms.time(source.head().time);
        let head = transforms.apply(source, &SeedSequence::new(1_u64)).head().clone();
        assert_eq!((head.shape, head.time), (SHAPE, time), "{list}");
    }
    let chain = transforms(&json!([{"burn_in": 5}, {"every": 2}, {"burn_in": 3}, {"every": 4}]), SHAPE);
    assert_eq!(chain.source_steps(), 5 + 2 * (3 + 4 * 60));
    assert_eq!(chain.time(TimeAxis::Seconds { dt: 0.5 }), TimeAxis::Seconds { dt: 4.0 });
    assert_eq!(chain.time(TimeAxis::Steps), TimeAxis::Steps);
}

/// What a longer dataset begins with, where nothing depends on the end.
#[test]
fn a_shorter_dataset_is_a_prefix() {
    let longer = Shape::of(3, 71, 2);
    for list in lists() {
        let of = |name: &str| list.to_string().contains(name);
        if of(r#""zscore":"time""#) {
            continue;
        }
        let (short, labels) = collect(spoilt(&list, SHAPE, 1));
        let (long, _) = collect(spoilt(&list, longer, 1));
        // Before the first anomaly that is not begun for want of steps.
        let steps = if of("anomalies") && of("rate") { 50 } else { 60 };
        assert_eq!(bits(&short[..steps * 6]), bits(&long[..steps * 6]), "{list}");

        let mut source = spoilt(&list, SHAPE, 1);
        source.skip(40).unwrap();
        let state = source.save().unwrap();
        let mut continued = spoilt(&list, longer, 1);
        let restored = continued.restore(40, &state);
        if of("anomalies") && of("rate") {
            assert_eq!(why(restored), StateError::Foreign, "{list}");
            continue;
        }
        restored.unwrap();
        let (mut rest, mut found) = (vec![0.0; 31 * 6], Vec::new());
        assert_eq!(continued.next(&mut rest).unwrap(), 31);
        continued.labels(&mut found);
        assert_eq!(bits(&rest), bits(&long[40 * 6..]), "{list}");
        let before = |label: &&Label| label.steps.end < 60;
        let late = labels.iter().filter(|label| label.steps.end > 40);
        let found = found.iter().filter(|label| label.steps.end > 40);
        assert!(late.filter(before).eq(found.filter(before)), "{list}");
    }
}

fn why(result: Result<(), crate::SourceError>) -> StateError {
    result.unwrap_err().downcast_ref::<StateError>().unwrap().clone()
}

#[test]
fn damaged_and_foreign_states_are_errors() {
    let lists = lists();
    let mut dice = Rng::from_seed(3_u64);
    for (i, list) in lists.iter().enumerate() {
        let mut source = spoilt(list, SHAPE, 1);
        source.skip(31).unwrap();
        let state = source.save().unwrap();
        for _ in 0..50 {
            let mut damaged = state.clone();
            let at = dice.integers(0, damaged.len() as i64) as usize;
            damaged[at] ^= dice.integers(1, 256) as u8;
            assert_eq!(why(source.restore(31, &damaged)), StateError::Damaged, "{list}");
            assert_eq!(why(source.restore(31, &state[..at])), StateError::Damaged, "{list}");
        }
        for step in [30, 32, 61, usize::MAX] {
            assert!(source.restore(step, &state).is_err(), "{list} at {step}");
        }
        assert!(spoilt(list, SHAPE, 2).restore(31, &state).is_err(), "{list}: of another seed");
        assert!(
            spoilt(list, Shape::of(3, 60, 3), 1).restore(31, &state).is_err(),
            "{list}: of another shape"
        );
        for (j, other) in lists.iter().enumerate() {
            assert_eq!(spoilt(other, SHAPE, 1).restore(31, &state).is_ok(), i == j, "{other} from {list}");
        }
        source.restore(31, &state).unwrap();
        let (whole, mut rest) = (collect(spoilt(list, SHAPE, 1)).0, vec![0.0; 29 * 6]);
        source.next(&mut rest).unwrap();
        assert_eq!(bits(&rest), bits(&whole[31 * 6..]), "{list}");
    }
}

/// What a seal would find first breaks nothing.
#[test]
fn states_of_effects_are_checked() {
    let mut dice = Rng::from_seed(4_u64);
    for list in lists() {
        for spoil in transforms(&list, SHAPE).spoils() {
            let start = || spoil.start(&SeedSequence::new(1_u64));
            let (mut effect, mut labels) = (start(), Vec::new());
            let mut slabs = vec![0.5; 30 * SHAPE.slab()];
            effect.apply(0, &mut slabs, &mut labels);
            let mut state = State::default();
            effect.save(&mut state);
            let state = state.unsealed();
            let restore = |bytes: &[u8]| {
                let (mut effect, mut saved) = (start(), Saved::unsealed(bytes));
                effect.restore(30, &mut saved).and_then(|()| saved.end()).map(|()| effect)
            };
            assert!(restore(&state).is_ok(), "{list}");
            for length in 0..state.len() {
                assert!(restore(&state[..length]).is_err(), "{list}");
            }
            for _ in 0..if state.is_empty() { 0 } else { 300 } {
                let (mut damaged, mut garbage) = (state.clone(), state.clone());
                let at = dice.integers(0, damaged.len() as i64) as usize;
                damaged[at] ^= dice.integers(1, 256) as u8;
                garbage[at..].fill_with(|| dice.next_u32() as u8);
                for bytes in [damaged, garbage] {
                    if let Ok(mut effect) = restore(&bytes) {
                        effect.apply(30, &mut slabs, &mut labels);
                    }
                }
            }
        }
    }
}

#[test]
fn a_source_without_states_has_none() {
    let transforms = transforms(&json!([{"burn_in": 1}, {"clip": {"low": 0}}]), Shape::of(1, 2, 1));
    let dataset = Dataset::collect(&mut *model::series(transforms.source_shape(), 1)).unwrap();
    let mut source = transforms.apply(Box::new(dataset.into_source()), &SeedSequence::new(1_u64));
    assert_eq!(source.save(), None);
    assert!(source.restore(0, &[]).is_err());
    assert!(source.next(&mut [0.0; 2]).is_ok());
}

/// Chains that nobody thought of, in pieces of any sizes, restored between some of them.
#[test]
fn chains_of_any_kind_are_the_same_in_pieces() {
    let mut dice = Rng::from_seed(6_u64);
    let alone: Vec<Value> = lists().into_iter().filter(|list| list.as_array().unwrap().len() == 1).collect();
    for case in 0..150_u64 {
        let mut list: Vec<Value> = (0..dice.integers(1, 7))
            .map(|_| alone[dice.integers(0, alone.len() as i64) as usize][0].clone())
            .collect();
        list.sort_by_key(|transform| read(&json!([transform]))[0].rank());
        let list = json!(list);
        let shape = Shape::of(3, dice.integers(60, 90) as usize, dice.integers(1, 4) as usize);
        let (whole, labels) = collect(spoilt(&list, shape, case));
        assert!(labels.is_sorted_by(|a, b| a.order(b).is_le()), "{case}: {list}");
        let (mut source, mut found, mut step) = (spoilt(&list, shape, case), Vec::new(), 0);
        while step < shape.steps() {
            let mut buffer = vec![0.0; dice.integers(0, 40) as usize * shape.slab()];
            let steps = source.next(&mut buffer).unwrap();
            let expected = &whole[step * shape.slab()..][..steps * shape.slab()];
            assert!(bits(&buffer[..steps * shape.slab()]) == bits(expected), "{case}: {list} at {step}");
            step += steps;
            if dice.random() < 0.5 {
                source.labels(&mut found);
                let state = source.save().unwrap();
                source = spoilt(&list, shape, case);
                source.restore(step, &state).unwrap();
            }
        }
        source.labels(&mut found);
        assert!(found == labels, "{case}: labels of {list}");
    }
}

/// One value, one step, and steps that exceed what is made at once.
#[test]
fn shapes_of_any_size_will_do() {
    for shape in [Shape::of(1, 1, 1), Shape::of(1, 1, 3), Shape::of(2, 500, 1), Shape::of(2, 20, 2500)] {
        let list = json!([
            {"burn_in": 3},
            {"every": 3},
            {"mixing": {"matrix": if shape.channels() == 1 { json!([[2]]) } else { json!([[1, 2], [3, 4]]) }}},
            {"drift": {"kind": "seasonal", "amplitude": 2, "period": 9}},
            {"anomalies": {"kind": "flatline", "rate": 0.5, "length": 1, "gap": 1}},
            {"anomalies": {"kind": "variance", "at": [0], "length": shape.steps(), "factor": 2}},
            {"observation_noise": {"sigma": 0.1}},
            {"clip": {"low": -1, "high": 1}},
            {"missing": {"rate": 0.1, "burst": 2}},
        ]);
        let transforms = transforms(&list, shape);
        let lanes = (shape.slab() * 3 * 48) as u64;
        assert!((lanes..8 * lanes + (1 << 20)).contains(&transforms.memory()), "{}", transforms.memory());
        let (whole, labels) = collect(spoilt(&list, shape, 8));
        let mut source = spoilt(&list, shape, 8);
        let (mut slab, mut found) = (vec![0.0; shape.slab()], Vec::new());
        for wanted in whole.chunks_exact(shape.slab()) {
            assert_eq!(source.next(&mut slab).unwrap(), 1);
            assert!(bits(&slab) == bits(wanted));
            source.labels(&mut found);
        }
        assert_eq!(source.next(&mut slab).unwrap(), 0);
        source.labels(&mut found);
        assert!(found == labels);
    }
}
