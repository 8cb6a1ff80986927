//! What every model promises, as checks. A catalogue calls [`check`] once per model and
//! configuration; each check panics with what was broken.

use std::sync::Arc;

use mts_hash::SeedSequence;
use mts_rng::Rng;
use serde_json::Value;

use crate::{
    AnyModel, Dataset, Entry, Holds, Intervention, Label, Process, Saved, Series, Shape, SlabSource, State,
    Streams,
};

/// Checks everything that [`Model`](crate::Model) and [`Process`] promise for one
/// configuration:
///
/// - the same seed gives the same bits and the same truth;
/// - pieces of any size give the same bits;
/// - a rewound source gives the same bits;
/// - a shorter run is a prefix of a longer one, unless the facts say `whole_path`;
/// - with a stream per realization, one realization alone equals that of many;
/// - a state that was saved before any step, restored into what was just started, gives the bits of
///   the rest, also in a longer run; saving changes none;
/// - a state that is damaged, or of another shape, seed or step, is an error and never a panic;
/// - labels are the same for pieces of any size, lie within the shape, and come in their order;
/// - a channel that is held has that value, and nothing before it changes;
/// - parameters, facts and identity do not depend on the build.
///
/// # Panics
///
/// Where one of these does not hold, or the configuration is refused.
pub fn check(entry: &Entry, params: &Value, shape: Shape) {
    let model = build(entry, params, shape);
    let name = entry.name();
    let whole = values(&model, 1, Streams::Shared);

    assert_bits(&whole, &values(&model, 1, Streams::Shared), name, "the same seed");
    let again = build(entry, params, shape);
    let truth = |model: &Arc<dyn AnyModel>| series(model, 1, Streams::Shared).head().truth.clone();
    assert_eq!(truth(&model), truth(&again), "{name}: the truth of the same seed");
    assert_eq!(model.params(), again.params(), "{name}: params depend on the build");
    assert_eq!(model.identity(), again.identity(), "{name}: identity depends on the build");
    assert_eq!(model.facts(), again.facts(), "{name}: facts depend on the build");

    for streams in [Streams::Shared, Streams::PerRealization] {
        check_pieces(&model, streams);
        check_checkpoints(&model, streams);
        check_foreign_states(entry, params, &model, streams);
    }
    check_labels(&model);
    check_interventions(&model);
    check_damaged_states(&model);
    if !model.facts().whole_path {
        check_prefix(entry, params, &model);
        check_continuation(entry, params, &model);
    }
    check_realizations(entry, params, &model);
}

fn build(entry: &Entry, params: &Value, shape: Shape) -> Arc<dyn AnyModel> {
    match entry.build(params.clone(), shape) {
        Ok(model) => model,
        Err(problems) => panic!("{}: {problems}", entry.name()),
    }
}

fn series(model: &Arc<dyn AnyModel>, seed: u64, streams: Streams) -> Series {
    Series::new(model.clone(), SeedSequence::new(seed), streams)
}

fn values(model: &Arc<dyn AnyModel>, seed: u64, streams: Streams) -> Vec<f64> {
    let dataset = Dataset::collect(&mut series(model, seed, streams));
    dataset.expect("a generator cannot fail").values().to_vec()
}

fn assert_bits(a: &[f64], b: &[f64], name: &str, promise: &str) {
    assert_eq!(a.len(), b.len(), "{name}: {promise}: lengths");
    let differing = a.iter().zip(b).position(|(a, b)| a.to_bits() != b.to_bits());
    if let Some(at) = differing {
        panic!("{name}: {promise} gives other bits at value {at}: {} and {}", a[at], b[at]);
    }
}

fn check_pieces(model: &Arc<dyn AnyModel>, streams: Streams) {
    let (name, slab) = (model.name(), model.shape().slab());
    let whole = values(model, 7, streams);
    let mut source = series(model, 7, streams);
    for size in [1, 2, 3, 7, 64, 1000] {
        let mut pieces = Vec::new();
        let mut buffer = vec![0.0; size * slab];
        loop {
            let steps = source.next(&mut buffer).expect("a generator cannot fail");
            if steps == 0 {
                break;
            }
            pieces.extend_from_slice(&buffer[..steps * slab]);
        }
        assert_bits(&whole, &pieces, name, "another size of pieces, after a rewind,");
        source.rewind().expect("a generator cannot fail");
    }
}

/// All labels of a run that is made in pieces of some size, half of them by a restored source.
fn labels(model: &Arc<dyn AnyModel>, streams: Streams, size: usize) -> Vec<Label> {
    let shape = model.shape();
    let mut source = series(model, 29, streams);
    let (mut labels, mut step) = (Vec::new(), 0);
    let mut buffer = vec![0.0; size * shape.slab()];
    loop {
        let steps = source.next(&mut buffer).expect("a generator cannot fail");
        if steps == 0 {
            return labels;
        }
        step += steps;
        source.labels(&mut labels);
        let state = saved(&source);
        source = series(model, 29, streams);
        source.restore(step, &state).expect("its own state");
    }
}

fn check_labels(model: &Arc<dyn AnyModel>) {
    let (name, shape) = (model.name(), model.shape());
    for streams in [Streams::Shared, Streams::PerRealization] {
        let whole = labels(model, streams, shape.steps());
        assert!(whole.is_empty() || model.facts().labelled, "{name}: labels without a word in its facts");
        for label in &whole {
            let fits = !label.steps.is_empty()
                && label.steps.end <= shape.steps()
                && label.channel.is_none_or(|channel| channel < shape.channels())
                && label.realization.is_none_or(|realization| realization < shape.realizations());
            assert!(fits, "{name}: {label:?} lies beyond {shape:?}");
        }
        assert!(whole.is_sorted_by(|a, b| a.order(b).is_le()), "{name}: labels in another order");
        for size in [1, 3, 7] {
            assert!(labels(model, streams, size) == whole, "{name}: labels depend on pieces of {size}");
        }
    }
}

fn check_interventions(model: &Arc<dyn AnyModel>) {
    let (name, shape) = (model.name(), model.shape());
    let value = match model.facts().interventions {
        Holds::Nothing => return,
        Holds::Anything => 0.375,
        Holds::Among(values) => values[values.len() - 1],
    };
    let channel = shape.channels() - 1;
    for streams in [Streams::Shared, Streams::PerRealization] {
        let free = values(model, 31, streams);
        for start in [0, shape.steps() / 2] {
            let held = (start..shape.steps().min(start + 3), value);
            let to = Intervention { channel, steps: held.0.clone(), value: held.1 };
            let mut source = series(model, 31, streams).with_interventions(vec![to]);
            let dataset = Dataset::collect(&mut source).expect("a generator cannot fail");
            let (before, after) = dataset.values().split_at(start * shape.slab());
            assert_bits(&free[..before.len()], before, name, "an intervention later on");
            for slab in after.chunks_exact(shape.slab()).take(held.0.len()) {
                let held_there = slab[channel * shape.realizations()..].iter().all(|x| *x == held.1);
                assert!(held_there, "{name}: a channel is not held from step {start} on");
            }
        }
    }
}

fn check_prefix(entry: &Entry, params: &Value, model: &Arc<dyn AnyModel>) {
    let shape = model.shape();
    let longer = Shape::new(shape.channels(), shape.steps() + 5, shape.realizations());
    let longer = build(entry, params, longer.expect("a small shape"));
    for streams in [Streams::Shared, Streams::PerRealization] {
        let (short, long) = (values(model, 3, streams), values(&longer, 3, streams));
        assert_bits(&short, &long[..short.len()], model.name(), "a longer run");
    }
}

/// Parameters may name each realization's initial state; then the number of realizations is fixed,
/// and only the independence of the streams can be seen.
fn check_realizations(entry: &Entry, params: &Value, model: &Arc<dyn AnyModel>) {
    let shape = model.shape();
    let many = values(model, 5, Streams::PerRealization);
    let more = Shape::new(shape.channels(), shape.steps(), shape.realizations() + 2).expect("a small shape");
    let Ok(more) = entry.build(params.clone(), more) else { return };
    let more_values = values(&more, 5, Streams::PerRealization);
    let pick = |values: &[f64], of: usize| -> Vec<f64> {
        values.chunks_exact(of).flat_map(|slab| slab[..shape.realizations()].to_vec()).collect()
    };
    let kept = pick(&more_values, more.shape().realizations());
    assert_bits(&many, &kept, model.name(), "adding realizations with their own streams");
}

/// The steps that states are saved before: the first, the end, and some between.
fn places(shape: Shape) -> Vec<usize> {
    let mut dice = Rng::from_seed(shape.values() as u64);
    let inner = (0..4).map(|_| dice.integers(0, shape.steps() as i64 + 1) as usize);
    let mut places: Vec<usize> = inner.chain([0, shape.steps()]).collect();
    places.sort_unstable();
    places
}

/// Values from one step to another, and the state behind them.
fn run_to(series: &mut Series, from: usize, to: usize) -> Vec<f64> {
    let mut values = vec![0.0; (to - from) * series.head().shape.slab()];
    assert_eq!(series.next(&mut values).expect("a generator cannot fail"), to - from);
    values
}

fn saved(series: &Series) -> Vec<u8> {
    series.save().expect("a series has states")
}

fn check_checkpoints(model: &Arc<dyn AnyModel>, streams: Streams) {
    let (name, shape) = (model.name(), model.shape());
    let whole = values(model, 11, streams);
    let mut running = series(model, 11, streams);
    let (mut pieces, mut step) = (Vec::new(), 0);
    for place in places(shape) {
        pieces.extend(run_to(&mut running, step, place));
        step = place;
        let state = saved(&running);
        let mut restored = series(model, 11, streams);
        if let Err(error) = restored.restore(step, &state) {
            panic!("{name}: its own state of step {step} is refused: {error}");
        }
        assert!(
            saved(&restored) == state,
            "{name}: what was restored before step {step} is saved differently"
        );
        let rest = run_to(&mut restored, step, shape.steps());
        assert_bits(&whole[step * shape.slab()..], &rest, name, "a restored state");
    }
    assert_bits(&whole, &pieces, name, "a run that was saved");
}

fn check_continuation(entry: &Entry, params: &Value, model: &Arc<dyn AnyModel>) {
    let shape = model.shape();
    let longer = Shape::new(shape.channels(), shape.steps() + 5, shape.realizations());
    let longer = build(entry, params, longer.expect("a small shape"));
    for streams in [Streams::Shared, Streams::PerRealization] {
        let whole = values(&longer, 13, streams);
        let mut short = series(model, 13, streams);
        run_to(&mut short, 0, shape.steps());
        let mut long = series(&longer, 13, streams);
        if let Err(error) = long.restore(shape.steps(), &saved(&short)) {
            panic!("{}: a longer run does not continue a shorter one: {error}", model.name());
        }
        let rest = run_to(&mut long, shape.steps(), longer.shape().steps());
        assert_bits(
            &whole[shape.values()..],
            &rest,
            model.name(),
            "a longer run that continues a shorter one",
        );
        let end = saved(&long);
        assert!(series(model, 13, streams).restore(longer.shape().steps(), &end).is_err());
    }
}

fn check_foreign_states(entry: &Entry, params: &Value, model: &Arc<dyn AnyModel>, streams: Streams) {
    let (name, shape) = (model.name(), model.shape());
    let step = shape.steps() / 2;
    let mut source = series(model, 17, streams);
    run_to(&mut source, 0, step);
    let state = saved(&source);
    let refuses = |model: &Arc<dyn AnyModel>, seed, streams, step, what: &str| {
        let refused = series(model, seed, streams).restore(step, &state).is_err();
        assert!(refused, "{name}: a state of {what} is restored");
    };
    let other = if streams == Streams::Shared { Streams::PerRealization } else { Streams::Shared };
    refuses(model, 18, streams, step, "another seed");
    refuses(model, 17, other, step, "other streams");
    refuses(model, 17, streams, step + 1, "another step");
    for (channels, realizations) in [(1, 0), (0, 1)] {
        let (channels, realizations) = (shape.channels() + channels, shape.realizations() + realizations);
        let shape = Shape::new(channels, shape.steps(), realizations).expect("a small shape");
        // Parameters may fix the number of channels or realizations.
        if let Ok(model) = entry.build(params.clone(), shape) {
            refuses(&model, 17, streams, step, "another shape");
        }
    }
    for length in 0..state.len() {
        assert!(
            source.restore(step, &state[..length]).is_err(),
            "{name}: {length} bytes of a state are restored"
        );
    }
    assert!(
        source.restore(step, &[&state[..], &[0]].concat()).is_err(),
        "{name}: an extended state is restored"
    );
}

/// Beneath the seal, which tells damage first: a process must not rely on it.
fn check_damaged_states(model: &Arc<dyn AnyModel>) {
    let (name, shape) = (model.name(), model.shape());
    let mut rng = Rng::from_seed(19_u64);
    let drawn = model.draw(&mut rng);
    let start = || drawn.start(0..shape.realizations(), rng.clone());
    let mut slabs = vec![0.0; 3 * shape.slab()];
    let mut process = start();
    process.fill(&mut slabs);
    let state = unsealed(process.as_ref());
    let restore = |bytes: &[u8]| {
        let (mut process, mut saved) = (start(), Saved::unsealed(bytes));
        process.restore(&mut saved).and_then(|()| saved.end()).map(|()| process)
    };
    assert!(restore(&state).is_ok(), "{name}: its own state is refused");
    assert!(restore(&[&state[..], &[0]].concat()).is_err(), "{name}: a state of another length is restored");
    for length in 0..state.len() {
        assert!(restore(&state[..length]).is_err(), "{name}: {length} bytes of a state are restored");
    }
    if state.is_empty() {
        return;
    }
    let mut dice = Rng::from_seed(23_u64);
    for _ in 0..100 {
        let mut damaged = state.clone();
        let at = dice.integers(0, damaged.len() as i64) as usize;
        damaged[at] ^= dice.integers(1, 256) as u8;
        let mut garbage = state.clone();
        garbage.fill_with(|| dice.next_u32() as u8);
        for bytes in [damaged, garbage] {
            // Numbers that mean something cannot be told from others; they must only not break it.
            if let Ok(mut process) = restore(&bytes) {
                process.fill(&mut slabs);
            }
        }
    }
}

fn unsealed(process: &dyn Process) -> Vec<u8> {
    let mut state = State::default();
    process.save(&mut state);
    state.unsealed()
}
