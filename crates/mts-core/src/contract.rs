//! What every model promises, as checks. A catalogue calls [`check`] once per model and
//! configuration; each check panics with what was broken.

use std::sync::Arc;

use mts_hash::SeedSequence;
use serde_json::Value;

use crate::{AnyModel, Dataset, Entry, Series, Shape, SlabSource, Streams};

/// Checks everything that [`Model`](crate::Model) and [`Process`](crate::Process) promise for one
/// configuration:
///
/// - the same seed gives the same bits and the same truth;
/// - pieces of any size give the same bits;
/// - a rewound source gives the same bits;
/// - a shorter run is a prefix of a longer one, unless the facts say `whole_path`;
/// - with a stream per realization, one realization alone equals that of many;
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
    }
    if !model.facts().whole_path {
        check_prefix(entry, params, &model);
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
