//! Kernels allocate nothing while they run.

use mts_core::{Series, Shape, SlabSource, Streams};
use mts_hash::SeedSequence;
use serde_json::json;

/// What may be allocated for all that happened: each label has a few texts and a mapping, and lists of them and
/// of what is to come grow now and then.
fn of_labels(series: &mut Series) -> u64 {
    let mut labels = Vec::new();
    series.labels(&mut labels);
    if labels.is_empty() { 0 } else { 30 * labels.len() as u64 + 1000 }
}

#[test]
fn filling_allocates_nothing() {
    let sbm =
        json!({ "topology": "sbm", "block_sizes": [3, 4], "p_intra": 0.9, "p_inter": 0.2, "noise_std": 0.1 });
    let correlated = json!({ "p": 2, "Sigma": (0..7).map(|i| (0..7).map(|j| f64::from(i == j)).collect::<Vec<_>>()).collect::<Vec<_>>() });
    let registry = mts_models::registry();
    let defaults = registry.names().map(|name| (name, json!({})));
    for (name, params) in defaults.chain([("kuramoto", sbm), ("var", correlated), ("ar", json!({ "p": 5 }))])
    {
        let entry = registry.get(name).unwrap();
        for streams in [Streams::Shared, Streams::PerRealization] {
            let shape = Shape::of(entry.channels().of(7), 1000, 3);
            let model = entry.build(params.clone(), shape).unwrap();
            let mut series = Series::new(model, SeedSequence::new(1_u64), streams);
            let mut slabs = vec![0.0; shape.slab() * 50];
            let info = allocation_counter::measure(|| while series.next(&mut slabs).unwrap() > 0 {});
            assert!(info.count_total <= of_labels(&mut series), "{name}, {}", streams.name());
        }
    }
}

#[test]
fn filling_in_parallel_allocates_nothing() {
    let registry = mts_models::registry();
    let pool = rayon::ThreadPoolBuilder::new().num_threads(2).build().unwrap();
    for name in registry.names() {
        let entry = registry.get(name).unwrap();
        let shape = Shape::of(entry.channels().of(7), 1000, 50);
        let model = entry.build(json!({}), shape).unwrap();
        let series = Series::new(model, SeedSequence::new(1_u64), Streams::PerRealization);
        let (mut series, mut slabs) = (series.parallel(), vec![0.0; shape.slab() * 200]);
        let info =
            pool.install(|| allocation_counter::measure(|| while series.next(&mut slabs).unwrap() > 0 {}));
        assert!(info.count_total <= of_labels(&mut series), "{name}");
    }
}
