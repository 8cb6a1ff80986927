//! Counts of children.

use mts_hash::SeedSequence;
use mts_statistics::{chi_square_both, goodness_of_fit_counts, two_sided};
use mts_tables::{Children, CountLaw};
use statrs::distribution::{Binomial, Discrete, Geometric, Poisson};

use super::judge;

const LEAF: u64 = 4096;

/// Parents of each case: many leaves, the last one not whole.
const PARENTS: u64 = 300_001;

struct Case {
    law: CountLaw,
    min: u64,
    max: Option<u64>,
    children: u64,
    /// Of the counts.
    variance: f64,
    mass: Box<dyn Fn(u64) -> f64>,
}

fn case(
    law: CountLaw,
    (min, max): (u64, Option<u64>),
    mean: f64,
    variance: f64,
    mass: impl Fn(u64) -> f64 + 'static,
) -> Case {
    let children = (mean * PARENTS as f64).round() as u64;
    Case { law, min, max, children, variance, mass: Box::new(mass) }
}

/// Laws whose means the totals agree with.
fn cases() -> Vec<Case> {
    let poisson = |mean: f64| {
        let law = Poisson::new(mean).unwrap();
        move |k| law.pmf(k)
    };
    let from_one = poisson(2.0);
    let none = poisson(2.0)(0);
    let (low, high) = (Binomial::new(0.25, 4).unwrap(), Binomial::new(0.9, 50).unwrap());
    let geometric = Geometric::new(0.25).unwrap();
    let cut = |k: u64| mts_rng::math::pow(0.75, k as f64) * if k < 6 { 0.25 } else { 1.0 };
    let cut_mean: f64 = (0..=6).map(|k| k as f64 * cut(k)).sum();
    let cut_square: f64 = (0..=6).map(|k| (k * k) as f64 * cut(k)).sum();
    let cut = move |k| if k <= 6 { cut(k) } else { 0.0 };
    let clamped = move |k| match k {
        0 => 0.0,
        1 => none + from_one(1),
        k => from_one(k),
    };
    // Zipf's law up to 30.
    let zipf = |k: u64| mts_rng::math::pow(k as f64 + 1.0, -1.5);
    let total: f64 = (0..=30).map(zipf).sum();
    let mean = (0..=30).map(|k| k as f64 * zipf(k)).sum::<f64>() / total;
    let square = (0..=30).map(|k| (k * k) as f64 * zipf(k)).sum::<f64>() / total;
    let free = (0, None);
    let lambda = CountLaw::Poisson { lambda: None };
    vec![
        case(CountLaw::Fit, free, 3.0, 3.0, poisson(3.0)),
        case(CountLaw::Fit, free, 0.01, 0.01, poisson(0.01)),
        case(CountLaw::Fit, free, 40.0, 40.0, poisson(40.0)),
        case(CountLaw::Fit, (1, Some(5)), 2.0, 0.75, move |k| low.pmf(k.wrapping_sub(1))),
        case(CountLaw::Fit, (0, Some(50)), 45.0, 4.5, move |k| high.pmf(k)),
        case(lambda, free, 3.0, 3.0, poisson(3.0)),
        // The mean of a Poisson count of 2 with none made one.
        case(lambda, (1, None), 2.0 + none, 2.0 + none * (1.0 - none) - 4.0 * none, clamped),
        case(CountLaw::Geometric { p: None }, free, 3.0, 12.0, move |k| geometric.pmf(k + 1)),
        case(CountLaw::Geometric { p: None }, (0, Some(6)), cut_mean, cut_square - cut_mean * cut_mean, cut),
        case(CountLaw::Uniform, (2, Some(8)), 5.0, 4.0, |k| f64::from(u8::from((2..=8).contains(&k))) / 7.0),
        case(CountLaw::Zipf { exponent: 1.5 }, (0, Some(30)), mean, square - mean * mean, move |k| {
            if k <= 30 { zipf(k) / total } else { 0.0 }
        }),
    ]
}

fn counts(case: &Case, seed: u64) -> Vec<u64> {
    let seed = SeedSequence::new(seed);
    let children = Children::new(&seed, PARENTS, case.children, case.min, case.max, case.law).unwrap();
    let counts: Vec<u64> = (0..PARENTS).map(|parent| children.count(parent)).collect();
    assert_eq!(counts.iter().sum::<u64>(), case.children);
    counts
}

#[test]
fn counts_have_their_law() {
    for (number, case) in cases().iter().enumerate() {
        let what = format!("{:?} from {} to {:?}, {} children", case.law, case.min, case.max, case.children);
        let counts = counts(case, number as u64);
        // Parents of a leaf's ends are like others.
        let ends: Vec<u64> = (0..PARENTS)
            .filter(|parent| matches!(parent % LEAF, 0 | 1 | 4094 | 4095))
            .map(|parent| counts[parent as usize])
            .collect();
        judge(&what, goodness_of_fit_counts(&counts, 0..=80, &case.mass));
        if ends.iter().any(|count| *count != ends[0]) && case.children > PARENTS {
            judge(&format!("{what}, ends"), goodness_of_fit_counts(&ends, 0..=80, &case.mass));
        }
        // Neighbours do not depend on each other.
        let mean = case.children as f64 / PARENTS as f64;
        for lag in [1, 2, LEAF as usize / 2, LEAF as usize] {
            let products =
                counts.iter().zip(&counts[lag..]).map(|(a, b)| (*a as f64 - mean) * (*b as f64 - mean));
            let z = products.sum::<f64>() / (case.variance * ((PARENTS as usize - lag) as f64).sqrt());
            judge(&format!("{what}, lag {lag}"), two_sided(z));
        }
    }
}

/// Sums of leaves, given that of all, have the covariance of independent counts: their squared distances from the mean
/// are chi-square with one degree of freedom less.
#[test]
fn leaves_share_as_independent_counts_do() {
    let parents = 13 * LEAF;
    for case in cases() {
        let what = format!("{:?} from {} to {:?}", case.law, case.min, case.max);
        let mean = case.children as f64 / PARENTS as f64;
        let children = (mean * parents as f64).round() as u64;
        let (mut statistic, mut first, rounds) = (0.0, 0.0, 300);
        let each = children as f64 / 13.0;
        for round in 0..rounds {
            let seed = SeedSequence::new(77_u64).child(round);
            let made = Children::new(&seed, parents, children, case.min, case.max, case.law).unwrap();
            let starts: Vec<u64> =
                (0..13).map(|leaf| made.slots(leaf * LEAF).start).chain([children]).collect();
            let off = |ends: &[u64]| (ends[1] - ends[0]) as f64 - each;
            statistic += starts.windows(2).map(off).map(|off| off * off).sum::<f64>();
            first += off(&starts[..2]);
        }
        let (variance, rounds) = (case.variance * LEAF as f64, f64::from(rounds));
        judge(&what, chi_square_both(statistic / variance, 12.0 * rounds));
        judge(&format!("{what}, first"), two_sided(first / (rounds * variance * 12.0 / 13.0).sqrt()));
    }
}

/// Totals that the law would not have: thinned or filled, and still alike for all parents.
#[test]
fn totals_that_do_not_fit_are_spread() {
    for (law, max, mean) in [
        (CountLaw::Uniform, Some(10), 2.0),
        (CountLaw::Uniform, Some(10), 8.0),
        (CountLaw::Zipf { exponent: 1.5 }, Some(10), 8.0),
    ] {
        let children = (mean * PARENTS as f64) as u64;
        let made = Children::new(&SeedSequence::new(6_u64), PARENTS, children, 0, max, law).unwrap();
        let mut tenths = [0.0; 10];
        let mut squares = 0.0;
        for parent in 0..PARENTS {
            let off = made.count(parent) as f64 - mean;
            tenths[(parent * 10 / PARENTS) as usize] += off;
            squares += off * off;
        }
        let variance = squares / PARENTS as f64 * (PARENTS as f64 / 10.0);
        let statistic = tenths.iter().map(|off| off * off / variance).sum::<f64>();
        judge(&format!("{law:?} {max:?} {mean}"), chi_square_both(statistic, 9.0));
    }
}
