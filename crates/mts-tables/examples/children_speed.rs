//! Times permutations and children: nanoseconds for each value, the best of many rounds.

#![allow(clippy::print_stdout, reason = "it is what the program is for")]

use std::error::Error;
use std::hint::black_box;
use std::time::Instant;

use mts_hash::SeedSequence;
use mts_rng::Key;
use mts_tables::{Children, CountLaw, Permutation};

fn main() -> Result<(), Box<dyn Error>> {
    let seed = SeedSequence::new(42_u64);
    // Short enough that some round is left alone on a busy machine.
    let count = 1_u64 << 16;
    let mut values = vec![0; count as usize];
    for size in [2_000_003, 1_u64 << 32, (1 << 62) + 1, 1 << 63] {
        let order = Permutation::new(Key::from(&seed), size);
        time(&format!("permutation of {size}, in bulk"), count, || {
            order.fill(0, &mut values);
            black_box(&values);
        });
        time(&format!("permutation of {size}, one by one"), count, || {
            (0..count.min(size)).for_each(|index| {
                black_box(order.at(black_box(index)));
            });
        });
        time(&format!("permutation of {size}, back"), count, || {
            (0..count.min(size)).for_each(|value| {
                black_box(order.inverse(black_box(value)));
            });
        });
    }
    let laws = [
        CountLaw::Fit,
        CountLaw::Uniform,
        CountLaw::Geometric { p: None },
        CountLaw::Zipf { exponent: 1.5 },
        CountLaw::Zipf { exponent: 2.5 },
    ];
    let mut parents = Vec::new();
    for law in laws {
        for max in [None, Some(50)] {
            let whole = 10_000_000;
            let make = || Children::new(&seed, 1_000_000, whole, 0, max, law);
            let forgetful = make()?.with_budget(0);
            time(&format!("{law:?} {max:?}: consecutive, nothing remembered"), whole, || {
                parents.clear();
                forgetful.parents(0..whole, &mut parents);
            });
            let children = make()?;
            time(&format!("{law:?} {max:?}: consecutive, remembered"), whole, || {
                parents.clear();
                children.parents(0..whole, &mut parents);
            });
            let order = Permutation::new(Key::from(&seed), whole);
            order.fill(0, &mut values);
            time(&format!("{law:?} {max:?}: any, remembered, in bulk"), count, || {
                parents.clear();
                children.parents_of(&values, &mut parents);
            });
            time(&format!("{law:?} {max:?}: any, remembered, one by one"), count, || {
                values.iter().for_each(|&slot| {
                    black_box(children.parent(slot));
                });
            });
            time(&format!("{law:?} {max:?}: any, nothing remembered, in bulk"), count, || {
                parents.clear();
                forgetful.parents_of(&values, &mut parents);
            });
        }
    }
    Ok(())
}

fn time(what: &str, count: u64, mut run: impl FnMut()) {
    let begun = Instant::now();
    let mut best = u128::MAX;
    while begun.elapsed().as_millis() < 300 {
        let start = Instant::now();
        run();
        best = best.min(start.elapsed().as_nanos());
    }
    println!("{:8.2} ns  {what}", best as f64 / count as f64);
}
