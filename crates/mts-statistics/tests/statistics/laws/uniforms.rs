//! Uniform draws, and the generators that streams begin with.

use mts_hash::SeedSequence;
use mts_rng::{Key, Rng, keyed};
use mts_statistics::Uniformity;

use super::row::{DRAWS, Row, method, row};

fn unit(x: f64) -> f64 {
    x
}

/// The first draws of many generators: streams must be as independent as draws.
fn first_draws(generators: impl Iterator<Item = Rng>) -> f64 {
    Uniformity::of(generators.map(|mut rng| rng.random())).p()
}

pub fn rows() -> Vec<Row> {
    let bits = |word: u64| (word >> 11) as f64 / (1_u64 << 53) as f64;
    vec![
        method("random", Rng::random, Rng::fill_random, unit),
        method("random_f32", Rng::random_f32, Rng::fill_random_f32, unit),
        method(
            "uniform",
            |rng| rng.uniform(-2.0, 3.0),
            |rng, x| rng.fill_uniform(-2.0, 3.0, x),
            |x| (x + 2.0) / 5.0,
        ),
        row("next_u64", "", move |rng| Uniformity::of((0..DRAWS).map(|_| bits(rng.next_u64()))).p()),
        // The low bits, which a linear congruential generator without output function would repeat.
        row("next_u64", "reversed", move |rng| {
            Uniformity::of((0..DRAWS).map(|_| bits(rng.next_u64().reverse_bits()))).p()
        }),
        row("next_u32", "", |rng| {
            let unit = |word: u32| f64::from(word) / f64::from(u32::MAX);
            Uniformity::of((0..DRAWS).map(|_| unit(rng.next_u32()))).p()
        }),
        row("spawn", "", |rng| first_draws(rng.spawn(DRAWS as u32).into_iter())),
        row("jumped", "", |rng| {
            let mut next = rng.clone();
            let jumps = (0..DRAWS).map(move |_| {
                next = next.jumped(1);
                next.clone()
            });
            first_draws(jumps)
        }),
        row("keyed", "rows", |_| {
            let key = Key::from(&SeedSequence::new(4_u64).named("rows"));
            first_draws((0..DRAWS as u64).map(|row| keyed(key, row)))
        }),
        row("keyed", "keys", |_| {
            let root = SeedSequence::new(4_u64);
            first_draws((0..DRAWS as u32).map(|key| keyed(Key::from(&root.child(key)), 0)))
        }),
    ]
}
