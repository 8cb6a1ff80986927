//! Orders and choices.

use mts_rng::Rng;
use mts_rng::laws::{Choice, ChoiceWithoutReplacement, LawError};
use mts_statistics::{goodness_of_fit, goodness_of_fit_counts};
use statrs::distribution::{Binomial, Discrete, Poisson};

use super::counts::good_ones;
use super::integers::even;
use super::row::{DRAWS, Row, draws, name, row, vectors};

/// The place of an order of 0, 1, 2 … among all orders (Lehmer's code); `None` where it is no order.
fn rank(order: &[usize]) -> Option<usize> {
    let mut left: Vec<usize> = (0..order.len()).collect();
    order.iter().try_fold(0, |rank, item| {
        let place = left.iter().position(|x| x == item)?;
        let rank = rank * left.len() + place;
        left.remove(place);
        Some(rank)
    })
}

fn orders(
    covers: &'static str,
    count: usize,
    all: usize,
    draw: impl Fn(&mut Rng) -> Vec<usize> + 'static,
) -> Row {
    row(covers, count, move |rng| even((0..DRAWS).map(|_| rank(&draw(rng)).unwrap_or(usize::MAX)), all))
}

fn shuffled(count: usize, rng: &mut Rng) -> Vec<usize> {
    let mut items: Vec<usize> = (0..count).collect();
    rng.shuffle(&mut items);
    items
}

fn shuffled_rows(count: usize, rng: &mut Rng) -> Vec<usize> {
    let mut items: Vec<usize> = (0..3 * count).collect();
    rng.shuffle_rows(&mut items, 3);
    items.chunks_exact(3).map(|row| if row[2] == row[0] + 2 { row[0] / 3 } else { usize::MAX }).collect()
}

/// Elements that stay where they are: their number is Poisson with mean 1 up to 1/n!.
fn fixed_points(rng: &mut Rng) -> f64 {
    let stay = |order: &[usize]| order.iter().enumerate().filter(|(i, x)| i == *x).count() as u64;
    let counts: Vec<u64> = (0..20_000).map(|_| stay(&rng.permutation(300))).collect();
    let law = Poisson::new(1.0).unwrap();
    goodness_of_fit_counts(&counts, 0..=300, |k| law.pmf(k))
}

fn choice(law: Result<Choice, LawError>, p: &'static [f64]) -> Row {
    let law = law.unwrap();
    row("Choice", format!("{law:?}"), move |rng| {
        let mut observed = vec![0_u64; p.len()];
        draws(&law, DRAWS, rng).into_iter().for_each(|i| observed[i] += 1);
        let expected: Vec<f64> = p.iter().map(|p| p * DRAWS as f64).collect();
        goodness_of_fit(&observed, &expected)
    })
}

/// Small populations: every order of every choice has its probability, which is the product of those of its members,
/// each divided by what those before it left. Without `ordered`, every set.
fn small(law: Result<ChoiceWithoutReplacement, LawError>, p: &'static [f64], ordered: bool) -> Row {
    let law = law.unwrap();
    row(name::<ChoiceWithoutReplacement>(), format!("{law:?}"), move |rng| {
        let index = |chosen: &[usize]| chosen.iter().fold(0, |sum, i| sum * p.len() + i);
        let in_order = |mut chosen: Vec<usize>| {
            if !ordered {
                chosen.sort_unstable();
            }
            chosen
        };
        let (a, b) = (p.len(), p.len() * p.len());
        let (mut observed, mut expected) = (vec![0_u64; a * b], vec![0.0; a * b]);
        for all in 0..a * b {
            let chosen = vec![all / b, all / a % a, all % a];
            if chosen[0] != chosen[1] && chosen[0] != chosen[2] && chosen[1] != chosen[2] {
                let [x, y, z] = [p[chosen[0]], p[chosen[1]], p[chosen[2]]];
                let probability = x * y / (1.0 - x) * z / (1.0 - x - y);
                expected[index(&in_order(chosen))] += probability * DRAWS as f64;
            }
        }
        for chosen in vectors(&law, DRAWS, rng) {
            observed[index(&in_order(chosen))] += 1;
        }
        goodness_of_fit(&observed, &expected)
    })
}

/// Large populations: how many of a choice lie in the first third, and, where it is in random order, how often the
/// first one does.
fn large(population: usize, size: usize, shuffle: bool, times: usize) -> Row {
    let law = ChoiceWithoutReplacement::new(population, size, shuffle).unwrap();
    row(name::<ChoiceWithoutReplacement>(), format!("{law:?}"), move |rng| {
        let third = population / 3;
        let drawn = vectors(&law, times, rng);
        let distinct = drawn.iter().all(|chosen| {
            let mut sorted = chosen.clone();
            sorted.sort_unstable();
            sorted.windows(2).all(|w| w[0] < w[1]) && sorted.last().is_some_and(|last| *last < population)
        });
        let inside: Vec<u64> =
            drawn.iter().map(|chosen| chosen.iter().filter(|i| **i < third).count() as u64).collect();
        let (cells, mass) = good_ones(third as u64, (population - third) as u64, size as u64);
        let counts = goodness_of_fit_counts(&inside, cells, mass);
        let first = drawn.iter().filter(|chosen| chosen[0] < third).count() as u64;
        let share = third as f64 / population as f64;
        let expected = [share * times as f64, (1.0 - share) * times as f64];
        let begin = goodness_of_fit(&[first, times as u64 - first], &expected);
        if !distinct {
            return 0.0;
        }
        if shuffle { counts.min(begin) } else { counts }
    })
}

/// Large populations of equals: how many of eight lie in the first half.
fn equals(population: usize) -> Row {
    row("Choice", population, move |rng| {
        let law = Choice::new(population).unwrap();
        let chosen = draws(&law, 8 * DRAWS, rng);
        let low: Vec<u64> = chosen
            .chunks_exact(8)
            .map(|part| part.iter().filter(|i| **i < population / 2).count() as u64)
            .collect();
        let binomial = Binomial::new((population / 2) as f64 / population as f64, 8).unwrap();
        goodness_of_fit_counts(&low, 0..=8, |k| binomial.pmf(k))
    })
}

pub fn rows() -> Vec<Row> {
    const P: [f64; 5] = [0.1, 0.2, 0.3, 0.25, 0.15];
    const EQUAL: [f64; 5] = [0.2; 5];
    const SIXTEENTHS: [f64; 16] = [1.0 / 16.0; 16];
    // More than 16 probabilities are searched in another way; some are 0.
    const MANY: [f64; 20] = [
        0.0, 0.1, 0.02, 0.03, 0.05, 0.1, 0.0, 0.2, 0.05, 0.05, 0.01, 0.04, 0.05, 0.0, 0.1, 0.05, 0.05, 0.02,
        0.03, 0.05,
    ];
    vec![
        orders("shuffle", 4, 24, |rng| shuffled(4, rng)),
        orders("shuffle", 5, 120, |rng| shuffled(5, rng)),
        orders("shuffle_rows", 4, 24, |rng| shuffled_rows(4, rng)),
        orders("permutation", 6, 720, |rng| rng.permutation(6)),
        row("permutation", "fixed points", fixed_points),
        choice(Choice::new(16), &SIXTEENTHS),
        choice(Choice::weighted(&P), &P),
        choice(Choice::weighted(&MANY), &MANY),
        equals(1_000_003),
        equals(5_000_000_000),
        small(ChoiceWithoutReplacement::new(5, 3, true), &EQUAL, true),
        small(ChoiceWithoutReplacement::new(5, 3, false), &EQUAL, false),
        small(ChoiceWithoutReplacement::weighted(&P, 3), &P, true),
        // Floyd's method, then the end of a shuffle.
        large(9_000, 900, true, 4000),
        large(20_000, 300, true, 10_000),
        large(10_001, 510, true, 2000),
        large(12_000, 500, false, 10_000),
        large(12_000, 6_000, false, 2000),
    ]
}
