//! The binomial law.

mod btpe;

use crate::laws::LawError;
use crate::laws::error::Check;
use crate::math::nearest::exp;
use crate::pcg64::Pcg64;
use btpe::Btpe;

/// Number of successes in `n` trials: probability `C(n, k)·p^k·(1-p)^(n-k)`.
///
/// `n < 2⁶³`, `0 <= p <= 1`. With q the smaller of p and 1 - p, draws: `n·q <= 30`, one uniform that walks up the
/// distribution function; above, pairs of uniforms until one fits (BTPE: Kachitvichyanukul &
/// Schmeiser 1988, doi:10.1145/42372.42381); n or p 0, none.
///
/// ```
/// use mts_rng::{Rng, laws::{Binomial, Law}};
///
/// // >>> numpy.random.default_rng(42).binomial(500, 0.4)
/// let mut rng = Rng::from_seed(42_u64);
/// assert_eq!(Binomial::new(500, 0.4)?.sample(&mut rng), 182);
/// # Ok::<(), mts_rng::laws::LawError>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Binomial {
    n: u64,
    /// Failures are drawn instead of successes.
    flipped: bool,
    method: Method,
}

#[derive(Clone, Debug, PartialEq)]
enum Method {
    Zero,
    /// Probabilities of 0, 1, 2 … as far as the walk goes.
    Inversion(Vec<f64>),
    Rejection(Box<Btpe>),
}

impl Binomial {
    /// The law of so many trials with this probability.
    ///
    /// # Errors
    ///
    /// Where `n` is 2⁶³ or more, or `p` not in [0, 1].
    pub fn new(n: u64, p: f64) -> Result<Self, LawError> {
        let check = Check("binomial");
        check.that(n <= i64::MAX as u64, "n", n, "below 2^63")?;
        check.that((0.0..=1.0).contains(&p), "p", p, "a probability in [0, 1]")?;
        let chance = Chance::new(p);
        let method = if n == 0 || p == 0.0 {
            Method::Zero
        } else if chance.rare * n as f64 <= 30.0 {
            Method::Inversion(Walk::new(n, &chance).masses())
        } else {
            Method::Rejection(Box::new(Btpe::new(n, chance.rare)))
        };
        Ok(Binomial { n, flipped: p > 0.5 && method != Method::Zero, method })
    }

    #[inline(always)]
    fn draw(&self, pcg: &mut Pcg64) -> u64 {
        let count = match &self.method {
            Method::Zero => 0,
            Method::Inversion(masses) => invert(masses, pcg),
            Method::Rejection(btpe) => btpe.draw(pcg),
        };
        if self.flipped { self.n - count } else { count }
    }
}

law!(Binomial => u64);

/// A probability for numbers of trials that are not known beforehand.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Chance {
    p: f64,
    /// The smaller of p and 1 - p.
    rare: f64,
    /// ln(1 - rare).
    ln_common: f64,
}

impl Chance {
    /// p may be a rounding error above 1.
    pub(super) fn new(p: f64) -> Self {
        let rare = if p > 0.5 { (1.0 - p).max(0.0) } else { p };
        Chance { p, rare, ln_common: libm::log1p(-rare) }
    }

    /// The number of successes in `n` trials.
    pub(super) fn draw(&self, n: u64, pcg: &mut Pcg64) -> u64 {
        if n == 0 || self.p == 0.0 {
            return 0;
        }
        let count = if self.rare * n as i64 as f64 <= 30.0 {
            Walk::new(n, self).draw(pcg)
        } else {
            Btpe::new(n, self.rare).draw(pcg)
        };
        if self.p > 0.5 { n - count } else { count }
    }
}

#[inline(always)]
fn invert(masses: &[f64], pcg: &mut Pcg64) -> u64 {
    loop {
        let mut left = pcg.next_f64();
        for (count, &mass) in masses.iter().enumerate() {
            if left <= mass {
                return count as u64;
            }
            left -= mass;
        }
    }
}

/// The probabilities of 0, 1, 2 … up to ten standard deviations, each from the one before.
struct Walk {
    n: i64,
    p: f64,
    q: f64,
    first: f64,
    last: i64,
}

impl Walk {
    fn new(n: u64, chance: &Chance) -> Self {
        let n = n as i64;
        let (p, trials) = (chance.rare, n as f64);
        let q = 1.0 - p;
        let mean = trials * p;
        let last = trials.min(mean + 10.0 * (mean * q + 1.0).sqrt()) as i64;
        Walk { n, p, q, first: exp(trials * chance.ln_common), last }
    }

    #[inline(always)]
    fn next(&self, count: i64, mass: f64) -> f64 {
        ((self.n - count + 1) as f64 * self.p * mass) / (count as f64 * self.q)
    }

    fn masses(&self) -> Vec<f64> {
        let mut mass = self.first;
        let rest = (1..=self.last).map(|count| {
            mass = self.next(count, mass);
            mass
        });
        std::iter::once(self.first).chain(rest).collect()
    }

    fn draw(&self, pcg: &mut Pcg64) -> u64 {
        let (mut count, mut mass, mut left) = (0, self.first, pcg.next_f64());
        while left > mass {
            count += 1;
            if count > self.last {
                (count, mass, left) = (0, self.first, pcg.next_f64());
            } else {
                left -= mass;
                mass = self.next(count, mass);
            }
        }
        count as u64
    }
}
