//! Realizations that are made at the same time have the bits of those made in turn.
#![cfg(all(feature = "autoregressive", feature = "sde"))]

use mts_core::{Series, Shape, SlabSource, Streams};
use mts_hash::SeedSequence;
use rayon::ThreadPoolBuilder;
use serde_json::{Value, json};

fn series(name: &str, params: &Value, shape: Shape, streams: Streams) -> Series {
    let registry = mts_models::registry();
    let model = registry.get(name).expect("compiled in").build(params.clone(), shape).expect("valid");
    Series::new(model, SeedSequence::new(1_u64), streams)
}

fn read(series: &mut Series, at_once: usize) -> Vec<u64> {
    let slab = series.head().shape.slab();
    let mut slabs = vec![0.0; at_once * slab];
    let mut bits = Vec::new();
    loop {
        let steps = series.next(&mut slabs).expect("a generator cannot fail");
        if steps == 0 {
            return bits;
        }
        bits.extend(slabs[..steps * slab].iter().map(|x| x.to_bits()));
    }
}

#[test]
fn bits_depend_on_neither_pool_nor_pieces() {
    let models = [("ou", json!({ "theta": 0.3 })), ("ar", json!({ "p": 3 }))];
    // Few wide steps: pieces of seven steps are shared out too. Then many steps, over several rounds.
    let shapes = [Shape::of(5, 23, 1003), Shape::of(5, 2111, 100), Shape::of(3, 40_000, 2)];
    for ((name, params), shape) in models.iter().flat_map(|model| shapes.map(|shape| (model, shape))) {
        let expected = read(&mut series(name, params, shape, Streams::PerRealization), 64);
        for threads in [1, 2, 5] {
            let pool = ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
            for at_once in [1, 7, 1000] {
                let mut parallel = series(name, params, shape, Streams::PerRealization).parallel();
                let found = pool.install(|| read(&mut parallel, at_once));
                assert!(found == expected, "{name}, {shape:?}, {threads} threads, {at_once} steps at once");
            }
        }
    }
}

#[test]
fn checkpoints_and_one_stream_are_what_they_are_without() {
    let (shape, params) = (Shape::of(5, 200, 100), json!({}));
    for streams in [Streams::Shared, Streams::PerRealization] {
        let mut plain = series("ou", &params, shape, streams);
        let mut parallel = series("ou", &params, shape, streams).parallel();
        let mut slabs = vec![0.0; 120 * shape.slab()];
        plain.next(&mut slabs).unwrap();
        parallel.restore(120, &plain.save().unwrap()).unwrap();
        assert_eq!(parallel.save(), plain.save());
        assert_eq!(read(&mut parallel, 80), read(&mut plain, 80));
        parallel.rewind().unwrap();
        plain.rewind().unwrap();
        assert_eq!(read(&mut parallel, 200), read(&mut plain, 200));
    }
}
