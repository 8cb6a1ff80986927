//! What holds for every law, whatever NumPy says: bulk and single draws are the same, draws stay in the support
//! and end, also at the edge of the allowed, and wrong parameters are refused by name.

use std::fmt::Debug;

use mts_rng::Rng;
use mts_rng::laws::*;

const DRAWS: usize = 500;

/// Bulk equals single draws, in odd lengths, with and without a waiting half word.
fn check<V: Copy + Default + Debug>(
    name: &str,
    law: &dyn Law<Value = V>,
    bits: fn(V) -> u64,
    holds: &dyn Fn(V) -> bool,
) {
    let mut one = Rng::from_seed(5_u64);
    one.next_u32();
    let mut bulk = one.clone();
    let mut out = [V::default(); DRAWS];
    let (first, rest) = out.split_at_mut(7);
    law.fill(&mut bulk, first);
    law.fill(&mut bulk, &mut []);
    law.fill(&mut bulk, rest);
    for (i, &value) in out.iter().enumerate() {
        assert_eq!(bits(law.sample(&mut one)), bits(value), "{name}, draw {i}");
        assert!(holds(value), "{name}, draw {i}: {value:?}");
    }
    assert_eq!(one.state(), bulk.state(), "{name}");
}

macro_rules! check_all {
    ($bits:expr; $($law:expr => $holds:expr;)+) => {
        $(check(stringify!($law), &$law.expect("allowed"), $bits, &$holds);)+
    };
}

fn real(x: f64) -> bool {
    x.is_finite()
}

fn not_negative(x: f64) -> bool {
    x >= 0.0
}

fn unit(x: f64) -> bool {
    (0.0..=1.0).contains(&x)
}

fn direction(x: f64) -> bool {
    x.abs() <= std::f64::consts::PI
}

#[test]
fn continuous_laws() {
    const TINY: f64 = 5e-324;
    const HUGE: f64 = f64::MAX;
    check_all! { f64::to_bits;
        Beta::new(2.0, 5.0) => unit;
        Beta::new(0.3, 0.4) => unit;
        Beta::new(0.9, 0.01) => unit;
        Beta::new(1e-3, 2e-3) => unit;
        Beta::new(TINY, TINY) => |x| x == 0.0 || x == 1.0;
        Beta::new(1e-100, 1e-100) => unit;
        Beta::new(1e300, 1e300) => |x| (x - 0.5).abs() < 1e-10;
        Beta::new(TINY, 1e300) => unit;
        Beta::new(1.0, TINY) => unit;
        Chisquare::new(4.0) => not_negative;
        Chisquare::new(1.0) => not_negative;
        Chisquare::new(TINY) => |x| x == 0.0;
        Chisquare::new(HUGE) => not_negative;
        Exponential::new(2.5) => not_negative;
        Exponential::new(0.0) => |x| x == 0.0;
        Exponential::new(HUGE) => not_negative;
        F::new(3.0, 7.0) => not_negative;
        F::new(1e150, 1e150) => |x| (x - 1.0).abs() < 1e-10;
        Gamma::new(0.0, 3.0) => |x| x == 0.0;
        Gamma::new(TINY, 3.0) => |x| x == 0.0;
        Gamma::new(0.01, 3.0) => not_negative;
        Gamma::new(0.3, 3.0) => not_negative;
        Gamma::new(1.0, 3.0) => not_negative;
        Gamma::new(2.0, 3.0) => not_negative;
        Gamma::new(HUGE, 1.0) => not_negative;
        Gamma::new(2.0, 0.0) => |x| x == 0.0;
        Gumbel::new(1.0, 2.0) => real;
        Gumbel::new(1.0, 0.0) => |x| x == 1.0;
        Laplace::new(1.0, 2.0) => real;
        Laplace::new(-HUGE, TINY) => |x| x == -HUGE;
        Logistic::new(1.0, 2.0) => real;
        Logistic::new(1.0, 1e300) => real;
        Lognormal::new(0.0, 1.0) => not_negative;
        Lognormal::new(0.0, 500.0) => not_negative;
        Lognormal::new(0.0, 1e5) => not_negative;
        Lognormal::new(-HUGE, HUGE) => not_negative;
        NoncentralChisquare::new(3.0, 2.0) => not_negative;
        NoncentralChisquare::new(0.5, 2.0) => not_negative;
        NoncentralChisquare::new(0.5, 1e19) => not_negative;
        NoncentralChisquare::new(0.5, 0.0) => not_negative;
        NoncentralF::new(3.0, 7.0, 2.0) => not_negative;
        Pareto::new(3.0) => not_negative;
        Pareto::new(TINY) => not_negative;
        Pareto::new(HUGE) => not_negative;
        Power::new(2.5) => unit;
        Power::new(3e-3) => unit;
        Power::new(TINY) => unit;
        Power::new(HUGE) => unit;
        Rayleigh::new(2.0) => not_negative;
        Rayleigh::new(HUGE) => not_negative;
        StandardT::new(3.0) => real;
        StandardT::new(1e-300) => |x: f64| !x.is_nan();
        StandardT::new(1e300) => real;
        Triangular::new(-1.0, 0.5, 2.0) => |x| (-1.0..=2.0).contains(&x);
        Triangular::new(-1e150, -1e150, 1e150) => |x| x.abs() <= 1e150;
        Triangular::new(0.0, TINY, TINY) => |x| x == 0.0 || x == TINY;
        Vonmises::new(0.5, 4.0) => direction;
        Vonmises::new(3.0, 0.7) => direction;
        Vonmises::new(0.5, 0.0) => direction;
        Vonmises::new(3.0, 1e-8) => direction;
        Vonmises::new(-3.0, 1e6) => direction;
        Vonmises::new(-3.0, HUGE) => direction;
        Vonmises::new(1e9, 1.0) => direction;
        Wald::new(1.5, 2.0) => not_negative;
        Wald::new(HUGE, TINY) => not_negative;
        Wald::new(TINY, HUGE) => not_negative;
        Wald::new(1e-200, 1e-200) => not_negative;
        Weibull::new(1.7) => not_negative;
        Weibull::new(2e-3) => not_negative;
        Weibull::new(0.0) => |x| x == 0.0;
        Weibull::new(TINY) => not_negative;
        Weibull::new(HUGE) => not_negative;
    }
}

#[test]
fn discrete_laws() {
    const MOST: u64 = i64::MAX as u64;
    fn positive(k: u64) -> bool {
        (1..=MOST).contains(&k)
    }
    check_all! { |k| k;
        Binomial::new(0, 0.5) => |k| k == 0;
        Binomial::new(20, 0.3) => |k| k <= 20;
        Binomial::new(20, 1.0) => |k| k == 20;
        Binomial::new(500, 0.6) => |k| k <= 500;
        Binomial::new(MOST, 0.5) => |k| k.abs_diff(MOST / 2) < 1 << 36;
        Binomial::new(MOST, 1.0 - f64::EPSILON) => |k| k <= MOST && MOST - k < 10_000;
        Binomial::new(MOST, 1e-300) => |k| k == 0;
        Geometric::new(0.2) => positive;
        Geometric::new(0.5) => positive;
        Geometric::new(1.0) => |k| k == 1;
        Geometric::new(5e-324) => |k| k == MOST;
        Hypergeometric::new(15, 25, 12) => |k| k <= 12;
        Hypergeometric::new(15, 25, 5) => |k| k <= 5;
        Hypergeometric::new(0, 0, 0) => |k| k == 0;
        Hypergeometric::new(999_999_999, 999_999_999, 1_000_000_000) => |k| k.abs_diff(500_000_000) < 500_000;
        Logseries::new(0.6) => positive;
        Logseries::new(0.0) => |k| k == 1;
        Logseries::new(1.0 - f64::EPSILON / 2.0) => positive;
        NegativeBinomial::new(3.0, 0.4) => |k| k <= MOST;
        NegativeBinomial::new(1e-300, 0.4) => |k| k == 0;
        NegativeBinomial::new(1e18, 0.5) => |k| k <= MOST;
        NegativeBinomial::new(1.0, 1e-17) => |k| k <= MOST;
        Poisson::new(0.0) => |k| k == 0;
        Poisson::new(0.7) => |k| k < 100;
        Poisson::new(5e-324) => |k| k == 0;
        Poisson::new(40.0) => |k| k < 200;
        Poisson::new(9_223_372_006_484_771_328.0) => |k| k <= MOST;
        Zipf::new(2.2) => positive;
        Zipf::new(1.0 + f64::EPSILON) => positive;
        Zipf::new(1e300) => |k| k == 1;
    }
    check_all! { |k| k as u64;
        Choice::new(1) => |k| k == 0;
        Choice::new(1000) => |k| k < 1000;
        Choice::new(usize::MAX) => |_| true;
        Choice::weighted(&[0.0, 1.0, 0.0]) => |k| k == 1;
        Choice::weighted(&[1.0 / 64.0; 64]) => |k| k < 64;
    }
}

/// Vectors, in bulk and one by one; `holds` for each.
fn check_rows<L: VectorLaw<Value: Copy + PartialEq + Debug>>(
    law: Result<L, LawError>,
    holds: impl Fn(&[L::Value]) -> bool,
) {
    let law = law.expect("allowed");
    let (mut one, mut bulk) = (Rng::from_seed(5_u64), Rng::from_seed(5_u64));
    let mut rows = vec![L::Value::default(); 40 * law.dimension()];
    law.fill(&mut bulk, &mut rows);
    for row in rows.chunks(law.dimension()) {
        assert_eq!(law.sample(&mut one), row);
        assert!(holds(row), "{row:?}");
    }
    assert_eq!(one.state(), bulk.state());
    law.fill(&mut bulk, &mut []);
}

fn sums_to_one(row: &[f64]) -> bool {
    (row.iter().sum::<f64>() - 1.0).abs() < 1e-14 && row.iter().all(|share| unit(*share))
}

fn are_different(row: &[usize]) -> bool {
    row.iter().collect::<std::collections::BTreeSet<_>>().len() == row.len()
}

#[test]
fn vector_laws() {
    check_rows(Dirichlet::new(&[1.0, 2.0, 3.0]), sums_to_one);
    check_rows(Dirichlet::new(&[0.0, 0.05, 0.0, 0.02]), |row| {
        sums_to_one(row) && row[0] == 0.0 && row[2] == 0.0
    });
    check_rows(Dirichlet::new(&[5e-324; 5]), sums_to_one);
    check_rows(Dirichlet::new(&[1e300, 1e300, 1.0]), sums_to_one);
    check_rows(Multinomial::new(20, &[0.1, 0.2, 0.7]), |row| row.iter().sum::<u64>() == 20);
    check_rows(Multinomial::new(i64::MAX as u64, &[1e-18, 0.5, 0.5]), |row| {
        row.iter().sum::<u64>() == i64::MAX as u64
    });
    // Nine tenths add up to a little more than 0.9: the ninth is then more likely than certain.
    check_rows(Multinomial::new(1000, &[1.0 / 9.0; 9]), |row| row.iter().sum::<u64>() == 1000);
    check_rows(MultivariateHypergeometric::new(&[16, 8, 4], 20), |row| {
        row.iter().sum::<u64>() == 20 && row[0] <= 16 && row[1] <= 8 && row[2] <= 4
    });
    check_rows(MultivariateNormal::new(&[1.0, 2.0], &[4.0, 1.0, 1.0, 9.0]), |row| {
        row.iter().all(|x| x.is_finite())
    });
    for (population, size, shuffle) in
        [(20, 20, true), (20, 7, false), (20_000, 500, true), (20_000, 900, false)]
    {
        check_rows(ChoiceWithoutReplacement::new(population, size, shuffle), |row| {
            are_different(row) && row.iter().all(|&index| index < population)
        });
    }
    check_rows(ChoiceWithoutReplacement::weighted(&[0.5, 0.0, 1e-9, 0.5 - 1e-9], 3), |row| {
        are_different(row) && !row.contains(&1)
    });
    let empty = ChoiceWithoutReplacement::new(5, 0, true).unwrap();
    assert!(empty.sample(&mut Rng::from_seed(1_u64)).is_empty());
}

#[test]
fn a_factor_and_its_covariance_are_the_same_law() {
    let mean = [1.0, -2.0, 0.5];
    let lower = [2.0, 0.0, 0.0, -0.5, 1.0, 0.0, 0.25, 3.0, 0.125];
    let mut covariance = [0.0; 9];
    for (i, j) in (0..3).flat_map(|i| (0..3).map(move |j| (i, j))) {
        covariance[i * 3 + j] = (0..3).map(|k| lower[i * 3 + k] * lower[j * 3 + k]).sum();
    }
    let factored = MultivariateNormal::from_cholesky(&mean, &lower).unwrap();
    assert_eq!(MultivariateNormal::new(&mean, &covariance).unwrap(), factored);
    let mut rng = Rng::from_seed(3_u64);
    let drawn = factored.sample(&mut rng.clone());
    let z = [rng.standard_normal(), rng.standard_normal(), rng.standard_normal()];
    assert_eq!(
        drawn,
        [1.0 + 2.0 * z[0], -2.0 + (-0.5 * z[0] + z[1]), 0.5 + (0.25 * z[0] + 3.0 * z[1] + 0.125 * z[2])]
    );
}

/// The parameter that an error names.
fn refused<L: Debug>(law: Result<L, LawError>) -> &'static str {
    let error = law.expect_err("not allowed");
    assert!(error.to_string().starts_with(&format!("{}: {} = ", error.law, error.parameter)), "{error}");
    error.parameter
}

#[test]
fn wrong_parameters_are_refused() {
    for bad in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY, -1.0] {
        assert_eq!(refused(Beta::new(bad, 1.0)), "a");
        assert_eq!(refused(Beta::new(1.0, bad)), "b");
        assert_eq!(refused(Binomial::new(5, bad)), "p");
        assert_eq!(refused(Chisquare::new(bad)), "df");
        assert_eq!(refused(Choice::weighted(&[1.0, bad])), "p");
        assert_eq!(refused(ChoiceWithoutReplacement::weighted(&[1.0, bad], 1)), "p");
        assert_eq!(refused(Dirichlet::new(&[1.0, bad])), "alpha");
        assert_eq!(refused(Exponential::new(bad)), "scale");
        assert_eq!(refused(F::new(bad, 1.0)), "dfnum");
        assert_eq!(refused(F::new(1.0, bad)), "dfden");
        assert_eq!(refused(Gamma::new(bad, 1.0)), "shape");
        assert_eq!(refused(Gamma::new(1.0, bad)), "scale");
        assert_eq!(refused(Geometric::new(bad)), "p");
        assert_eq!(refused(Gumbel::new(0.0, bad)), "scale");
        assert_eq!(refused(Laplace::new(0.0, bad)), "scale");
        assert_eq!(refused(Logistic::new(0.0, bad)), "scale");
        assert_eq!(refused(Lognormal::new(0.0, bad)), "sigma");
        assert_eq!(refused(Logseries::new(bad)), "p");
        assert_eq!(refused(Multinomial::new(5, &[bad, 0.5])), "pvals");
        assert_eq!(refused(NegativeBinomial::new(bad, 0.5)), "n");
        assert_eq!(refused(NegativeBinomial::new(1.0, bad)), "p");
        assert_eq!(refused(NoncentralChisquare::new(bad, 1.0)), "df");
        assert_eq!(refused(NoncentralChisquare::new(1.0, bad)), "nonc");
        assert_eq!(refused(NoncentralF::new(bad, 1.0, 1.0)), "dfnum");
        assert_eq!(refused(NoncentralF::new(1.0, bad, 1.0)), "dfden");
        assert_eq!(refused(NoncentralF::new(1.0, 1.0, bad)), "nonc");
        assert_eq!(refused(Pareto::new(bad)), "a");
        assert_eq!(refused(Poisson::new(bad)), "lam");
        assert_eq!(refused(Power::new(bad)), "a");
        assert_eq!(refused(Rayleigh::new(bad)), "scale");
        assert_eq!(refused(StandardT::new(bad)), "df");
        assert_eq!(refused(Vonmises::new(0.0, bad)), "kappa");
        assert_eq!(refused(Wald::new(bad, 1.0)), "mean");
        assert_eq!(refused(Wald::new(1.0, bad)), "scale");
        assert_eq!(refused(Weibull::new(bad)), "a");
        assert_eq!(refused(Zipf::new(bad)), "a");
        if !bad.is_finite() {
            assert_eq!(refused(Gumbel::new(bad, 1.0)), "loc");
            assert_eq!(refused(Laplace::new(bad, 1.0)), "loc");
            assert_eq!(refused(Logistic::new(bad, 1.0)), "loc");
            assert_eq!(refused(Lognormal::new(bad, 1.0)), "mean");
            assert_eq!(refused(Vonmises::new(bad, 1.0)), "mu");
            assert_eq!(refused(Triangular::new(bad, 0.5, 1.0)), "left");
            assert_eq!(refused(Triangular::new(0.0, bad, 1.0)), "mode");
            assert_eq!(refused(Triangular::new(0.0, 0.5, bad)), "right");
            assert_eq!(refused(MultivariateNormal::new(&[bad], &[1.0])), "mean");
            assert_eq!(refused(MultivariateNormal::new(&[0.0], &[bad])), "cov");
            assert_eq!(refused(MultivariateNormal::from_cholesky(&[0.0], &[bad])), "lower");
        }
    }

    // The edges that zero and one are on.
    assert_eq!(refused(Beta::new(0.0, 1.0)), "a");
    assert_eq!(refused(Beta::new(1.0, 1e301)), "b");
    assert_eq!(refused(Chisquare::new(0.0)), "df");
    assert_eq!(refused(StandardT::new(5e-324)), "df");
    assert_eq!(refused(Geometric::new(0.0)), "p");
    assert_eq!(refused(Geometric::new(1.1)), "p");
    assert_eq!(refused(Binomial::new(5, 1.1)), "p");
    assert_eq!(refused(Binomial::new(1 << 63, 0.5)), "n");
    assert_eq!(refused(Logseries::new(1.0)), "p");
    assert_eq!(refused(NegativeBinomial::new(1.0, 0.0)), "p");
    assert_eq!(refused(NegativeBinomial::new(1e10, 1e-10)), "n");
    assert_eq!(refused(NoncentralChisquare::new(0.5, 1e20)), "nonc");
    assert_eq!(refused(NoncentralF::new(0.5, 1.0, 1e20)), "nonc");
    assert_eq!(refused(Pareto::new(0.0)), "a");
    assert_eq!(refused(Poisson::new(9.3e18)), "lam");
    assert_eq!(refused(Power::new(0.0)), "a");
    assert_eq!(refused(Wald::new(0.0, 1.0)), "mean");
    assert_eq!(refused(Zipf::new(1.0)), "a");
    assert_eq!(refused(Triangular::new(0.0, 2.0, 1.0)), "mode");
    assert_eq!(refused(Triangular::new(1.0, 1.0, 1.0)), "right");
    assert_eq!(refused(Triangular::new(-1e200, 0.0, 1e200)), "right");
    assert_eq!(refused(Hypergeometric::new(1_000_000_000, 5, 3)), "ngood");
    assert_eq!(refused(Hypergeometric::new(5, 1_000_000_000, 3)), "nbad");
    assert_eq!(refused(Hypergeometric::new(5, 5, 11)), "nsample");

    assert_eq!(refused(Choice::new(0)), "a");
    assert_eq!(refused(Choice::weighted(&[])), "p");
    assert_eq!(refused(Choice::weighted(&[0.5, 0.4])), "p");
    assert_eq!(refused(ChoiceWithoutReplacement::new(5, 6, true)), "size");
    assert_eq!(refused(ChoiceWithoutReplacement::weighted(&[0.5, 0.5, 0.0], 3)), "size");
    assert_eq!(refused(Dirichlet::new(&[])), "alpha");
    assert_eq!(refused(Dirichlet::new(&[0.0, 0.0])), "alpha");
    assert_eq!(refused(Dirichlet::new(&[1e301])), "alpha");
    assert_eq!(refused(Multinomial::new(5, &[])), "pvals");
    assert_eq!(refused(Multinomial::new(5, &[0.6, 0.5, 0.0])), "pvals");
    assert_eq!(refused(Multinomial::new(1 << 63, &[1.0])), "n");
    assert_eq!(refused(MultivariateHypergeometric::new(&[], 0)), "colors");
    assert_eq!(refused(MultivariateHypergeometric::new(&[u64::MAX, 5], 0)), "colors");
    assert_eq!(refused(MultivariateHypergeometric::new(&[3, 5], 9)), "nsample");
    assert_eq!(refused(MultivariateNormal::new(&[], &[])), "mean");
    assert_eq!(refused(MultivariateNormal::new(&[0.0], &[1.0, 0.0])), "cov");
    assert_eq!(refused(MultivariateNormal::new(&[0.0; 2], &[1.0, 0.5, 0.4, 1.0])), "cov");
    assert_eq!(refused(MultivariateNormal::new(&[0.0; 2], &[1.0, 2.0, 2.0, 1.0])), "cov");
    assert_eq!(refused(MultivariateNormal::from_cholesky(&[0.0; 2], &[1.0, 0.5, 0.5, 1.0])), "lower");
}

#[test]
fn integers_of_every_width() {
    fn check<T: mts_rng::Integer + Copy + PartialEq + PartialOrd + Debug>(low: T, high: T) {
        let mut rng = Rng::from_seed(9_u64);
        let mut out = [low; 3000];
        rng.fill_integers_inclusive(low, high, &mut out);
        assert!(out.iter().all(|x| (low..=high).contains(x)));
        // With so many draws both ends come up, where the range is small.
        assert!(out.contains(&low) && out.contains(&high) || std::mem::size_of::<T>() > 1);
        let state = rng.state();
        rng.fill_integers_inclusive(low, low, &mut out);
        assert_eq!(rng.integers_inclusive(high, high), high);
        assert_eq!(rng.state(), state);
        assert!(out.iter().all(|x| *x == low));
    }
    check(i8::MIN, i8::MAX);
    check(-3_i8, 100);
    check(u8::MIN, u8::MAX);
    check(250_u8, 253);
    check(i16::MIN, i16::MAX);
    check(-5_i16, 20_000);
    check(u16::MIN, u16::MAX);
    check(i32::MIN, i32::MAX);
    check(i32::MIN, i32::MAX - 1);
    check(0_u32, u32::MAX);
    check(i64::MIN, i64::MAX);
    check(i64::MIN, 0);
    check(1_u64, u64::MAX);
    check(false, true);
}

/// Lemire's method a piece of eight bits after the other, in all lengths.
#[test]
fn short_integers_take_pieces_of_half_words() {
    for (last, length) in
        [1, 99, 127, 128, 129, 254, 255_u8].into_iter().flat_map(|last| (0..30).map(move |n| (last, n)))
    {
        let mut rng = Rng::from_seed(u64::from(last));
        let mut reference = rng.clone();
        let mut out = vec![0; length];
        rng.fill_integers_inclusive(0, last, &mut out);
        let count = u32::from(last) + 1;
        let (mut expected, mut pieces) = (Vec::new(), Vec::new());
        while expected.len() < length {
            if pieces.is_empty() {
                pieces = reference.next_u32().to_be_bytes().to_vec();
            }
            let product = u32::from(pieces.pop().expect("not empty")) * count;
            if product % 256 >= 256 % count {
                expected.push((product >> 8) as u8);
            }
        }
        assert_eq!(out, expected, "{last}, {length}");
        assert_eq!(rng.state(), reference.state(), "{last}, {length}");
    }
}

#[test]
fn bulk_forms_of_the_generator_equal_single_draws() {
    fn check<T: Copy + Default + PartialEq + Debug>(one: fn(&mut Rng) -> T, fill: fn(&mut Rng, &mut [T])) {
        let (mut single, mut bulk) = (Rng::from_seed(1_u64), Rng::from_seed(1_u64));
        single.next_u32();
        bulk.next_u32();
        let mut out = [T::default(); 20_001];
        fill(&mut bulk, &mut out);
        assert!(out.iter().all(|value| *value == one(&mut single)));
        assert_eq!(single.state(), bulk.state());
    }
    check(Rng::random_f32, Rng::fill_random_f32);
    check(Rng::standard_normal_f32, Rng::fill_standard_normal_f32);
    check(Rng::standard_exponential_f32, Rng::fill_standard_exponential_f32);
    check(Rng::standard_exponential_inv, Rng::fill_standard_exponential_inv);
    check(|rng| rng.integers(-7, 1000), |rng, out| rng.fill_integers(-7, 1000, out));
    // About a third of the half words is rejected.
    check(|rng| rng.integers(0, 3 << 30), |rng, out| rng.fill_integers(0, 3 << 30, out));
    check(|rng| rng.integers(0, 3 << 61), |rng, out| rng.fill_integers(0, 3 << 61, out));
    check(|rng| rng.integers(0, 1 << 32), |rng, out| rng.fill_integers(0, 1 << 32, out));
    check(|rng| rng.integers(5, 6), |rng, out| rng.fill_integers(5, 6, out));
}

#[test]
fn bytes_are_half_words() {
    for count in 0..40 {
        for waiting in [false, true] {
            let mut rng = Rng::from_seed(8_u64);
            if waiting {
                rng.next_u32();
            }
            let mut words = rng.clone();
            let expected: Vec<u8> =
                (0..count).step_by(4).flat_map(|_| words.next_u32().to_le_bytes()).collect();
            assert_eq!(rng.bytes(count), expected[..count]);
            assert_eq!(rng.state(), words.state());
        }
    }
}

#[test]
#[should_panic(expected = "5 elements for vectors of 2")]
fn vectors_must_be_whole() {
    let law = Multinomial::new(3, &[0.5, 0.5]).unwrap();
    law.fill(&mut Rng::from_seed(1_u64), &mut [0; 5]);
}

#[test]
#[should_panic(expected = "5 items in rows of 2")]
fn rows_must_be_whole() {
    Rng::from_seed(1_u64).shuffle_rows(&mut [0; 5], 2);
}
