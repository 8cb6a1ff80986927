//! Times the laws in bulk: `laws_speed LAW COUNT ROUNDS [FILE]` prints the nanoseconds per value of each round and
//! where the generator stands in the end, and writes the values of the last round to the file, eight bytes each.
//! `benchmarks/rng/compare.py` runs it beside NumPy.

#![allow(clippy::print_stdout, reason = "it is what the program is for")]

use std::error::Error;
use std::hint::black_box;
use std::time::Instant;

use mts_rng::Rng;
use mts_rng::laws::{self, Law, VectorLaw};

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().collect();
    let [_, law, count, rounds, file @ ..] = arguments.as_slice() else {
        return Err("usage: laws_speed LAW COUNT ROUNDS [FILE]".into());
    };
    let bytes = run(law, count.parse()?, rounds.parse()?)?;
    if let [file] = file {
        std::fs::write(file, bytes)?;
    }
    Ok(())
}

/// A value as eight bytes.
trait Raw: Clone + Default {
    fn raw(self) -> u64;
}

macro_rules! raw {
    ($($type:ty: |$value:ident| $raw:expr;)+) => {$(
        impl Raw for $type {
            fn raw(self) -> u64 {
                let $value = self;
                $raw
            }
        }
    )+};
}

raw! {
    f64: |x| x.to_bits();
    f32: |x| f64::from(x).to_bits();
    i64: |x| x as u64;
    u64: |x| x;
    i32: |x| x as u64;
    u32: |x| x.into();
    u16: |x| x.into();
    usize: |x| x as u64;
    i16: |x| x as u64;
    i8: |x| x as u64;
    u8: |x| x.into();
    bool: |x| x.into();
}

/// Makes the same draws round after round, from a generator that goes on.
fn time<T: Raw>(count: usize, rounds: usize, mut fill: impl FnMut(&mut Rng, &mut [T])) -> Vec<u8> {
    let mut rng = Rng::from_seed(42_u64);
    let mut out = vec![T::default(); count];
    fill(&mut rng, &mut out);
    let mut nanoseconds = Vec::new();
    for _ in 0..rounds {
        let start = Instant::now();
        fill(&mut rng, black_box(&mut out));
        nanoseconds.push(start.elapsed().as_nanos() as f64 / count as f64);
    }
    let state = rng.state();
    println!("{nanoseconds:?} {} {}", state.state, u8::from(state.half.is_some()));
    out.into_iter().flat_map(|value| value.raw().to_le_bytes()).collect()
}

#[rustfmt::skip] // one law a line
fn run(name: &str, n: usize, rounds: usize) -> Result<Vec<u8>, Box<dyn Error>> {
    /// Times a method of the generator.
    macro_rules! method {
        ($fill:expr) => { time(n, rounds, $fill) };
    }
    /// Times a law.
    macro_rules! law {
        ($law:expr) => {{ let law = $law?; time(n, rounds, |rng, out| law.fill(rng, out)) }};
    }
    let fifths = [0.1, 0.2, 0.3, 0.25, 0.15];
    let forty: Vec<f64> = (0..40).map(|i| f64::from(i + 1) / 820.0).collect();
    let covariance = [2.0, 0.3, -0.5, 0.3, 1.0, 0.2, -0.5, 0.2, 1.5];
    Ok(match name {
        "random" => method!(Rng::fill_random),
        "random_f32" => method!(Rng::fill_random_f32),
        "uniform" => method!(|rng: &mut Rng, out: &mut [f64]| rng.fill_uniform(-1.0, 2.5, out)),
        "standard_normal" => method!(Rng::fill_standard_normal),
        "standard_normal_f32" => method!(Rng::fill_standard_normal_f32),
        "normal" => method!(|rng: &mut Rng, out: &mut [f64]| rng.fill_normal(1.0, 2.5, out)),
        "standard_exponential" => method!(Rng::fill_standard_exponential),
        "standard_exponential_f32" => method!(Rng::fill_standard_exponential_f32),
        "standard_exponential_inv" => method!(Rng::fill_standard_exponential_inv),
        "standard_cauchy" => method!(Rng::fill_standard_cauchy),
        "integers_i64" => method!(|rng: &mut Rng, out: &mut [i64]| rng.fill_integers(0, 1000, out)),
        "integers_i64_wide" => method!(|rng: &mut Rng, out: &mut [i64]| rng.fill_integers(0, 1 << 40, out)),
        "integers_u64_full" => method!(|rng: &mut Rng, out: &mut [u64]| rng.fill_integers_inclusive(0, u64::MAX, out)),
        "integers_i32" => method!(|rng: &mut Rng, out: &mut [i32]| rng.fill_integers_inclusive(0, 999, out)),
        "integers_u32_full" => method!(|rng: &mut Rng, out: &mut [u32]| rng.fill_integers_inclusive(0, u32::MAX, out)),
        "integers_i16" => method!(|rng: &mut Rng, out: &mut [i16]| rng.fill_integers_inclusive(0, 999, out)),
        "integers_u16" => method!(|rng: &mut Rng, out: &mut [u16]| rng.fill_integers_inclusive(0, 999, out)),
        "integers_i8" => method!(|rng: &mut Rng, out: &mut [i8]| rng.fill_integers_inclusive(0, 99, out)),
        "integers_u8" => method!(|rng: &mut Rng, out: &mut [u8]| rng.fill_integers_inclusive(0, 99, out)),
        "integers_u8_full" => method!(|rng: &mut Rng, out: &mut [u8]| rng.fill_integers_inclusive(0, u8::MAX, out)),
        "integers_bool" => method!(|rng: &mut Rng, out: &mut [bool]| rng.fill_integers_inclusive(false, true, out)),
        "bytes" => method!(Rng::fill_bytes),
        "permutation" => method!(|rng: &mut Rng, out: &mut [usize]| {
            out.iter_mut().enumerate().for_each(|(i, item)| *item = i);
            rng.shuffle(out);
        }),
        "shuffle_rows" => method!(|rng: &mut Rng, out: &mut [i64]| {
            out.iter_mut().zip(0..).for_each(|(item, i)| *item = i);
            rng.shuffle_rows(out, 4);
        }),
        "permuted" => method!(|rng: &mut Rng, out: &mut [i64]| {
            out.iter_mut().zip(0..).for_each(|(item, i)| *item = i);
            out.chunks_mut(20).for_each(|row| rng.shuffle(row));
        }),
        "beta_2_5" => law!(laws::Beta::new(2.0, 5.0)),
        "beta_0.5_0.5" => law!(laws::Beta::new(0.5, 0.5)),
        "beta_0.2_0.9" => law!(laws::Beta::new(0.2, 0.9)),
        "binomial_20_0.3" => law!(laws::Binomial::new(20, 0.3)),
        "binomial_500_0.4" => law!(laws::Binomial::new(500, 0.4)),
        "chisquare_1" => law!(laws::Chisquare::new(1.0)),
        "chisquare_4" => law!(laws::Chisquare::new(4.0)),
        "choice" => law!(laws::Choice::new(1000)),
        "choice_p5" => law!(laws::Choice::weighted(&fifths)),
        "choice_p40" => law!(laws::Choice::weighted(&forty)),
        "choice_distinct" => law!(laws::ChoiceWithoutReplacement::new(2 * n, n, true)),
        "choice_distinct_p" => {
            let weights: Vec<f64> = (0..2 * n).map(|i| (i + 1) as f64 / (n * (2 * n + 1)) as f64).collect();
            law!(laws::ChoiceWithoutReplacement::weighted(&weights, n))
        }
        "dirichlet_0.02" => law!(laws::Dirichlet::new(&[0.02, 0.03, 0.05])),
        "dirichlet_0.5" => law!(laws::Dirichlet::new(&[0.5, 0.6, 0.7])),
        "dirichlet_3" => law!(laws::Dirichlet::new(&[1.0, 2.0, 3.0])),
        "exponential" => law!(laws::Exponential::new(2.5)),
        "f_1_7" => law!(laws::F::new(1.0, 7.0)),
        "f_3_7" => law!(laws::F::new(3.0, 7.0)),
        "gamma_0.3" => law!(laws::Gamma::new(0.3, 1.0)),
        "gamma_2.5" => law!(laws::Gamma::new(2.5, 1.0)),
        "geometric_0.2" => law!(laws::Geometric::new(0.2)),
        "geometric_0.5" => law!(laws::Geometric::new(0.5)),
        "gumbel" => law!(laws::Gumbel::new(0.0, 1.0)),
        "hypergeometric_15_25_12" => law!(laws::Hypergeometric::new(15, 25, 12)),
        "hypergeometric_15_25_5" => law!(laws::Hypergeometric::new(15, 25, 5)),
        "laplace" => law!(laws::Laplace::new(0.0, 1.0)),
        "logistic" => law!(laws::Logistic::new(0.0, 1.0)),
        "lognormal" => law!(laws::Lognormal::new(0.0, 1.0)),
        "logseries_0.6" => law!(laws::Logseries::new(0.6)),
        "multinomial_20_5" => law!(laws::Multinomial::new(20, &fifths)),
        "multivariate_hypergeometric" => law!(laws::MultivariateHypergeometric::new(&[100, 200, 300, 400], 350)),
        "multivariate_normal_3" => law!(laws::MultivariateNormal::new(&[1.0, -2.0, 0.5], &covariance)),
        "negative_binomial_3_0.4" => law!(laws::NegativeBinomial::new(3.0, 0.4)),
        "negative_binomial_0.5_0.4" => law!(laws::NegativeBinomial::new(0.5, 0.4)),
        "noncentral_chisquare_0.5_2" => law!(laws::NoncentralChisquare::new(0.5, 2.0)),
        "noncentral_chisquare_3_2" => law!(laws::NoncentralChisquare::new(3.0, 2.0)),
        "noncentral_f_3_7_2" => law!(laws::NoncentralF::new(3.0, 7.0, 2.0)),
        "pareto_3" => law!(laws::Pareto::new(3.0)),
        "poisson_0.7" => law!(laws::Poisson::new(0.7)),
        "poisson_5" => law!(laws::Poisson::new(5.0)),
        "poisson_40" => law!(laws::Poisson::new(40.0)),
        "poisson_1000" => law!(laws::Poisson::new(1000.0)),
        "power_2.5" => law!(laws::Power::new(2.5)),
        "rayleigh" => law!(laws::Rayleigh::new(2.0)),
        "standard_t_1" => law!(laws::StandardT::new(1.0)),
        "standard_t_3" => law!(laws::StandardT::new(3.0)),
        "triangular" => law!(laws::Triangular::new(-1.0, 0.5, 2.0)),
        "vonmises_0.5" => law!(laws::Vonmises::new(0.5, 0.5)),
        "vonmises_4" => law!(laws::Vonmises::new(0.5, 4.0)),
        "wald" => law!(laws::Wald::new(1.5, 2.0)),
        "weibull_1.7" => law!(laws::Weibull::new(1.7)),
        "zipf_2.2" => law!(laws::Zipf::new(2.2)),
        _ => return Err(format!("no law {name}").into()),
    })
}
