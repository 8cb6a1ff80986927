//! NumPy's laws with parameters, checked once and then drawn without failing.
//!
//! One type for each method of NumPy's `Generator`, of the same name: `new` checks the parameters and precomputes
//! what does not change between draws; [`Law::sample`] makes one draw, [`Law::fill`] many, with the same values
//! and the same generator afterwards. Laws of vectors are [`VectorLaw`]s. Laws without parameters, and `uniform`
//! and `normal`, which have none to check, are methods of [`Rng`].
//!
//! ```
//! use mts_rng::Rng;
//! use mts_rng::laws::{Gamma, Law, Poisson};
//!
//! // >>> rng = numpy.random.default_rng(7)
//! let mut rng = Rng::from_seed(7_u64);
//!
//! // >>> rng.gamma(2.0, 3.0, size=2); rng.poisson(40.0)
//! let gamma = Gamma::new(2.0, 3.0)?;
//! let mut x = [0.0; 2];
//! gamma.fill(&mut rng, &mut x);
//! assert_eq!(x, [5.004765876904312, 4.011647087112922]);
//! assert_eq!(Poisson::new(40.0)?.sample(&mut rng), 36);
//!
//! let error = Gamma::new(-1.0, 3.0).unwrap_err();
//! assert_eq!(error.to_string(), "gamma: shape = -1.0, but it must be a finite number, at least 0");
//! # Ok::<(), mts_rng::laws::LawError>(())
//! ```
//!
//! Where NumPy takes a logarithm, an exponential, a power or a cosine from its platform's C library, these laws
//! take the nearest double or, for `log1p` and `expm1`, the crate `libm`. On Linux one to three such values in a
//! thousand then differ by one unit in the last place (of the largest number that went into them). Everything else,
//! counts and what is taken from the generator included, is equal to the last bit.
//!
//! Parameters must be finite. A draw too large for a double is infinite, as in NumPy.

use crate::Rng;

/// A law of single values.
pub trait Law {
    /// `f64`, or `u64` for counts and `usize` for indices.
    type Value;

    /// One draw.
    fn sample(&self, rng: &mut Rng) -> Self::Value;

    /// Fills with draws: the same as so many [`sample`](Self::sample)s, but faster.
    fn fill(&self, rng: &mut Rng, out: &mut [Self::Value]) {
        for value in out {
            *value = self.sample(rng);
        }
    }
}

/// A law of vectors.
pub trait VectorLaw {
    /// The type of a component.
    type Value: Clone + Default;

    /// The number of components.
    fn dimension(&self) -> usize;

    /// Draws one vector into `row`, which has [`dimension`](Self::dimension) elements.
    fn draw_into(&self, rng: &mut Rng, row: &mut [Self::Value]);

    /// One draw.
    fn sample(&self, rng: &mut Rng) -> Vec<Self::Value> {
        let mut row = vec![Self::Value::default(); self.dimension()];
        self.draw_into(rng, &mut row);
        row
    }

    /// Fills with draws, one after the other.
    ///
    /// # Panics
    ///
    /// Where `rows` does not hold whole vectors.
    fn fill(&self, rng: &mut Rng, rows: &mut [Self::Value]) {
        if rows.is_empty() {
            return;
        }
        let dimension = self.dimension();
        assert!(
            dimension > 0 && rows.len().is_multiple_of(dimension),
            "{} elements for vectors of {dimension}",
            rows.len()
        );
        for row in rows.chunks_exact_mut(dimension) {
            self.draw_into(rng, row);
        }
    }
}

/// Makes a [`Law`] of a type whose `draw` needs nothing but whole words; the name of its bulk form follows, where it
/// has one of its own.
macro_rules! law {
    ($law:ty => $value:ty) => {
        impl $law {
            #[inline(always)]
            fn draw_all(&self, pcg: &mut $crate::pcg64::Pcg64, out: &mut [$value]) {
                for value in out {
                    *value = self.draw(pcg);
                }
            }
        }

        law!($law => $value, draw_all);
    };
    ($law:ty => $value:ty, $draw_all:ident) => {
        impl $crate::laws::Law for $law {
            type Value = $value;

            #[inline]
            fn sample(&self, rng: &mut $crate::Rng) -> $value {
                self.draw(&mut rng.words.pcg)
            }

            fn fill(&self, rng: &mut $crate::Rng, out: &mut [$value]) {
                struct Fill<'a>(&'a $law, &'a mut $crate::pcg64::Pcg64, &'a mut [$value]);

                impl $crate::simd::Kernel for Fill<'_> {
                    type Output = ();

                    #[inline(always)]
                    fn run(self) {
                        let Fill(law, state, out) = self;
                        let mut pcg = *state;
                        law.$draw_all(&mut pcg, out);
                        *state = pcg;
                    }
                }

                $crate::simd::dispatch(Fill(self, &mut rng.words.pcg, out));
            }
        }
    };
}

/// Makes a [`Law`] of a type that is [`Transformed`](batch::Transformed).
macro_rules! transformed_law {
    ($law:ty) => {
        impl $law {
            #[inline(always)]
            fn draw(&self, pcg: &mut $crate::pcg64::Pcg64) -> f64 {
                self.exact(self.source(pcg))
            }

            #[inline(always)]
            fn draw_all(&self, pcg: &mut $crate::pcg64::Pcg64, out: &mut [f64]) {
                $crate::laws::batch::transformed(self, pcg, out);
            }
        }

        law!($law => f64, draw_all);
    };
}

mod batch;
mod beta;
mod binomial;
mod chisquare;
mod choice;
mod choice_without_replacement;
mod dirichlet;
mod error;
mod exponential;
mod f;
mod gamma;
mod geometric;
mod gumbel;
mod hypergeometric;
mod laplace;
mod logistic;
mod lognormal;
mod logseries;
mod multinomial;
mod multivariate_hypergeometric;
mod multivariate_normal;
mod negative_binomial;
mod pareto;
mod poisson;
mod power;
mod rayleigh;
mod special;
mod standard_t;
mod triangular;
mod vonmises;
mod wald;
mod weibull;
mod zipf;

pub use beta::Beta;
pub use binomial::Binomial;
pub use chisquare::{Chisquare, NoncentralChisquare};
pub use choice::Choice;
pub use choice_without_replacement::ChoiceWithoutReplacement;
pub use dirichlet::Dirichlet;
pub use error::LawError;
pub use exponential::Exponential;
pub use f::{F, NoncentralF};
pub use gamma::Gamma;
pub use geometric::Geometric;
pub use gumbel::Gumbel;
pub use hypergeometric::Hypergeometric;
pub use laplace::Laplace;
pub use logistic::Logistic;
pub use lognormal::Lognormal;
pub use logseries::Logseries;
pub use multinomial::Multinomial;
pub use multivariate_hypergeometric::MultivariateHypergeometric;
pub use multivariate_normal::MultivariateNormal;
pub use negative_binomial::NegativeBinomial;
pub use pareto::Pareto;
pub use poisson::Poisson;
pub use power::Power;
pub use rayleigh::Rayleigh;
pub use standard_t::StandardT;
pub use triangular::Triangular;
pub use vonmises::Vonmises;
pub use wald::Wald;
pub use weibull::Weibull;
pub use zipf::Zipf;
