//! Orders of a domain.

use mts_hash::SeedSequence;
use mts_rng::{Key, keyed};
use mts_statistics::{Uniformity, goodness_of_fit};
use mts_tables::{Permutation, WidePermutation};

use super::judge;

fn key(seed: u64) -> Key {
    Key::from(&SeedSequence::new(seed).named("order"))
}

fn even(observed: &[u64]) -> f64 {
    let total: u64 = observed.iter().sum();
    goodness_of_fit(observed, &vec![total as f64 / observed.len() as f64; observed.len()])
}

#[test]
fn every_order_of_a_few_is_as_likely() {
    for size in 2..=6_u64 {
        let orders: u64 = (1..=size).product();
        let mut observed = vec![0; orders as usize];
        for row in 0..orders * 200 {
            let order = Permutation::draw(&mut keyed(key(size), row), size);
            let values: Vec<u64> = (0..size).map(|index| order.at(index)).collect();
            // Lehmer's code.
            let code = values.iter().enumerate().fold(0, |code, (at, value)| {
                let smaller = values[at..].iter().filter(|later| *later < value).count() as u64;
                code * (size - at as u64) + smaller
            });
            observed[code as usize] += 1;
        }
        judge(&format!("orders of {size}"), even(&observed));
    }
}

/// Over keys: where a number goes, and how far from it its neighbours.
#[test]
fn pairs_of_numbers_go_anywhere() {
    for size in [100_u64, 257, 300, 1000] {
        let mut observed = vec![vec![0_u64; size as usize]; 4];
        let width = (size as f64).sqrt().ceil() as u64;
        for row in 0..400_000 {
            let order = Permutation::draw(&mut keyed(key(size), row), size);
            let first = order.at(0);
            observed[0][first as usize] += 1;
            // One step along either side of the square that the numbers are laid out in, and the other end.
            for (of, other) in [1, width, size - 1].into_iter().enumerate() {
                observed[of + 1][((order.at(other) + size - first) % size) as usize] += 1;
            }
        }
        judge(&format!("a number of {size}"), even(&observed[0]));
        for differences in &observed[1..] {
            judge(&format!("differences in {size}"), even(&differences[1..]));
            assert_eq!(differences[0], 0);
        }
    }
}

#[test]
fn one_order_of_many_looks_like_chance() {
    for (seed, size) in [1_000_000_007, 1 << 32, (1 << 32) + 1, 1 << 63].into_iter().enumerate() {
        let order = Permutation::new(key(seed as u64), size);
        let mut values = vec![0; 1_000_000];
        for start in [0, size / 3] {
            order.fill(start, &mut values);
            let judged = Uniformity::of(values.iter().map(|&value| (value as f64 + 0.5) / size as f64));
            judge(&format!("values of {size}: {judged:?}"), judged.p());
            let mut low = vec![0; 1000];
            values.iter().for_each(|value| low[(value % 1000) as usize] += 1);
            judge(&format!("last digits of {size}"), even(&low));
        }
        let back =
            Uniformity::of((0..1_000_000).map(|value| (order.inverse(value) as f64 + 0.5) / size as f64));
        judge(&format!("places in {size}: {back:?}"), back.p());
    }
    for size in [(1 << 64) + 1, WidePermutation::MAX] {
        let order = WidePermutation::new(key(9), size);
        let values = Uniformity::of((0..200_000).map(|index| (order.at(index) as f64 + 0.5) / size as f64));
        judge(&format!("values of {size}: {values:?}"), values.p());
    }
}
