//! Sources over sources continue from a checkpoint.
#![cfg(all(feature = "noise", feature = "sde"))]

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use mts_core::{
    Dtype, Finite, Head, NonFinite, Rounded, Series, Shape, SlabSource, SourceError, StateError, Streams,
    ZscoreAxis, Zscored,
};
use mts_hash::SeedSequence;
use serde_json::json;

const SHAPE: Shape = Shape::of(3, 60, 2);

fn series(shape: Shape, seed: u64, streams: Streams) -> Series {
    let registry = mts_models::registry();
    let model = registry.get("noise_gaussian").expect("compiled in").build(json!({}), shape).expect("valid");
    Series::new(model, SeedSequence::new(seed), streams)
}

/// Counts the steps that are read from it.
struct Counted<S> {
    source: S,
    read: Arc<AtomicUsize>,
}

impl<S: SlabSource> SlabSource for Counted<S> {
    fn head(&self) -> &Head {
        self.source.head()
    }

    fn next(&mut self, slabs: &mut [f64]) -> Result<usize, SourceError> {
        let steps = self.source.next(slabs)?;
        self.read.fetch_add(steps, Ordering::Relaxed);
        Ok(steps)
    }

    fn rewind(&mut self) -> Result<(), SourceError> {
        self.source.rewind()
    }

    fn save(&self) -> Option<Vec<u8>> {
        self.source.save()
    }

    fn restore(&mut self, step: usize, state: &[u8]) -> Result<(), SourceError> {
        self.source.restore(step, state)
    }
}

fn standardised(axis: ZscoreAxis, streams: Streams) -> Box<dyn SlabSource> {
    let values = Finite::new(Zscored::new(Finite::new(series(SHAPE, 1, streams)), axis));
    Box::new(Finite::new(Rounded::new(Box::new(values), Dtype::F32)))
}

fn read(source: &mut dyn SlabSource, steps: usize) -> Vec<u64> {
    let mut values = vec![0.0; steps * SHAPE.slab()];
    let found = source.next(&mut values).expect("a generator cannot fail");
    values[..found * SHAPE.slab()].iter().map(|x| x.to_bits()).collect()
}

fn why(result: Result<(), SourceError>) -> StateError {
    let error = result.expect_err("the state is refused");
    error.downcast_ref::<StateError>().expect("a state's error").clone()
}

#[test]
fn a_stack_of_sources_continues_where_it_was_saved() {
    for axis in [ZscoreAxis::Time, ZscoreAxis::Channel, ZscoreAxis::Realization] {
        for streams in [Streams::Shared, Streams::PerRealization] {
            let whole = read(&mut *standardised(axis, streams), SHAPE.steps());
            let mut running = standardised(axis, streams);
            for step in 0..=SHAPE.steps() {
                let state = running.save().unwrap();
                let mut restored = standardised(axis, streams);
                restored.restore(step, &state).unwrap();
                let rest = read(&mut restored, SHAPE.steps());
                assert_eq!(rest, whole[step * SHAPE.slab()..], "{axis:?} {streams:?} at step {step}");
                assert!(restored.restore(step + 1, &state).is_err());
                for other in [ZscoreAxis::Time, ZscoreAxis::Channel, ZscoreAxis::Realization] {
                    let mut other_source = standardised(other, streams);
                    assert_eq!(other_source.restore(step, &state).is_err(), axis != other);
                }
                for length in 0..state.len() {
                    assert_eq!(why(restored.restore(step, &state[..length])), StateError::Damaged);
                }
                running.skip(1).unwrap();
            }
        }
    }
}

#[test]
fn statistics_along_time_are_not_learned_again() {
    let read_steps = Arc::new(AtomicUsize::new(0));
    let source = || {
        let source = Counted { source: series(SHAPE, 2, Streams::Shared), read: read_steps.clone() };
        Zscored::new(source, ZscoreAxis::Time)
    };
    let mut running = source();
    assert_eq!(running.skip(50).unwrap(), 50);
    let state = running.save().unwrap();
    let rest = read(&mut running, 60);
    assert_eq!(read_steps.swap(0, Ordering::Relaxed), 60 + 60 + 50 + 10);

    let mut restored = source();
    restored.restore(50, &state).unwrap();
    assert_eq!(read(&mut restored, 60), rest);
    assert_eq!(read_steps.load(Ordering::Relaxed), 10);
}

#[test]
fn statistics_belong_to_one_length() {
    let mut running = Zscored::new(series(SHAPE, 3, Streams::Shared), ZscoreAxis::Time);
    running.skip(5).unwrap();
    let state = running.save().unwrap();
    let longer = Shape::of(3, 61, 2);
    let mut longer_source = Zscored::new(series(longer, 3, Streams::Shared), ZscoreAxis::Time);
    assert_eq!(why(longer_source.restore(5, &state)), StateError::Foreign);

    let mut running = Zscored::new(series(SHAPE, 3, Streams::Shared), ZscoreAxis::Channel);
    running.skip(5).unwrap();
    let mut longer_source = Zscored::new(series(longer, 3, Streams::Shared), ZscoreAxis::Channel);
    longer_source.restore(5, &running.save().unwrap()).unwrap();
}

#[test]
fn errors_say_why() {
    let mut running = series(SHAPE, 4, Streams::Shared);
    running.skip(20).unwrap();
    let state = running.save().unwrap();
    let mut other = series(SHAPE, 5, Streams::Shared);
    assert_eq!(why(other.restore(20, &state)), StateError::Foreign);
    assert_eq!(why(running.restore(19, &state)), StateError::Step { expected: 19, found: 20 });
    let mut short = series(Shape::of(3, 10, 2), 4, Streams::Shared);
    assert_eq!(why(short.restore(20, &state)), StateError::Beyond { steps: 10, found: 20 });
    assert_eq!(why(running.restore(20, b"garbage")), StateError::Damaged);
    // What was refused changed nothing.
    let expected = read(&mut series(SHAPE, 4, Streams::Shared), 60);
    assert_eq!(read(&mut running, 60), expected[20 * SHAPE.slab()..]);

    let dataset = mts_core::Dataset::collect(&mut series(SHAPE, 4, Streams::Shared)).unwrap();
    let mut source = dataset.source();
    assert_eq!(source.save(), None);
    assert_eq!(why(source.restore(0, &state)), StateError::Unsupported);
    assert_eq!(source.skip(55).unwrap(), 55);
    assert_eq!(read(&mut source, 2), expected[55 * SHAPE.slab()..57 * SHAPE.slab()]);
    assert_eq!(source.skip(55).unwrap(), 3);
}

#[test]
fn a_restored_check_counts_steps_from_the_first() {
    let registry = mts_models::registry();
    let entry = registry.get("gbm").unwrap();
    let source = || {
        let model = entry.build(json!({ "mu": 2.0 }), Shape::of(1, 500, 1)).unwrap();
        Finite::new(Series::new(model, SeedSequence::new(1_u64), Streams::Shared))
    };
    let at = |error: SourceError| error.downcast_ref::<NonFinite>().unwrap().step;
    let mut values = vec![0.0; 500];
    let step = at(source().next(&mut values).unwrap_err());
    let mut running = source();
    running.skip(100).unwrap();
    let state = running.save().unwrap();
    let mut restored = source();
    restored.restore(100, &state).unwrap();
    assert_eq!(at(restored.next(&mut values).unwrap_err()), step);
    assert_eq!(at(running.next(&mut values).unwrap_err()), step);
    assert!(step > 100);
}
