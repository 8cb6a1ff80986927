//! The hypergeometric law.

use crate::Rng;
use crate::laws::error::Check;
use crate::laws::special::ln_factorial;
use crate::laws::{Law, LawError};
use crate::math::nearest::ln;
use crate::words::Words;

/// Number of good ones among `nsample` taken at once: probability
/// `C(ngood, k)·C(nbad, nsample-k) / C(ngood+nbad, nsample)`.
///
/// `ngood`, `nbad` below 10⁹, `nsample <= ngood + nbad`. Draws: with at least 10 both taken and left, pairs of
/// uniforms until one fits (HRUA: Stadlober 1990, doi:10.1016/0377-0427(90)90349-5); else one
/// masked integer for each of those taken or, if fewer, left.
///
/// ```
/// use mts_rng::{Rng, laws::{Hypergeometric, Law}};
///
/// // >>> numpy.random.default_rng(42).hypergeometric(15, 25, 12)
/// let mut rng = Rng::from_seed(42_u64);
/// assert_eq!(Hypergeometric::new(15, 25, 12)?.sample(&mut rng), 4);
/// # Ok::<(), mts_rng::laws::LawError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Hypergeometric(Method);

#[derive(Clone, Copy, Debug, PartialEq)]
enum Method {
    Urn(Urn),
    Rejection(Hrua),
}

impl Hypergeometric {
    /// The law of so many good and bad ones and of those taken.
    ///
    /// # Errors
    ///
    /// Where `ngood` or `nbad` is 10⁹ or more, or `nsample` exceeds both together.
    pub fn new(ngood: u64, nbad: u64, nsample: u64) -> Result<Self, LawError> {
        let check = Check("hypergeometric");
        for (name, count) in [("ngood", ngood), ("nbad", nbad)] {
            check.that(count < 1_000_000_000, name, count, "below 10^9")?;
        }
        check.that(nsample <= ngood + nbad, "nsample", nsample, "at most ngood + nbad")?;
        Ok(Self::unchecked(ngood, nbad, nsample))
    }

    pub(super) fn unchecked(good: u64, bad: u64, sample: u64) -> Self {
        let total = good + bad;
        Hypergeometric(if sample >= 10 && sample + 10 <= total {
            Method::Rejection(Hrua::new(good, bad, sample))
        } else {
            Method::Urn(Urn { good, total, sample })
        })
    }

    #[inline]
    pub(super) fn draw(&self, words: &mut Words) -> u64 {
        match &self.0 {
            Method::Urn(urn) => urn.draw(words),
            Method::Rejection(hrua) => hrua.draw(words),
        }
    }
}

impl Law for Hypergeometric {
    type Value = u64;

    fn sample(&self, rng: &mut Rng) -> u64 {
        self.draw(&mut rng.words)
    }

    fn fill(&self, rng: &mut Rng, out: &mut [u64]) {
        rng.fill_with_words(out, |words| self.draw(words));
    }
}

/// Takes one after the other, or leaves one after the other where that is less work.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Urn {
    good: u64,
    total: u64,
    sample: u64,
}

impl Urn {
    fn draw(&self, words: &mut Words) -> u64 {
        let Urn { good, total, sample } = *self;
        let leave = sample > total / 2;
        let mut turns = if leave { total - sample } else { sample };
        let (mut inside, mut good_inside) = (total, good);
        while turns > 0 && good_inside > 0 && inside > good_inside {
            inside -= 1;
            if words.masked(inside) < good_inside {
                good_inside -= 1;
            }
            turns -= 1;
        }
        if inside == good_inside {
            good_inside -= turns;
        }
        if leave { good_inside } else { good - good_inside }
    }
}

/// Ratio of uniforms. Counts are signed here: they become doubles faster.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Hrua {
    good: i64,
    more_good: bool,
    /// The smaller of taken and left.
    taken: i64,
    leave: bool,
    fewer: i64,
    more: i64,
    a: f64,
    h: f64,
    /// ln of the factorials at the mode.
    g: f64,
    limit: f64,
}

impl Hrua {
    fn new(good: u64, bad: u64, sample: u64) -> Self {
        /// 2·√(2/e) and 3 - 2·√(3/e).
        const D1: f64 = 1.7155277699214135;
        const D2: f64 = 0.8989161620588988;

        let (good, bad, sample) = (good as i64, bad as i64, sample as i64);
        let total = good + bad;
        let taken = sample.min(total - sample);
        let (fewer, more) = (good.min(bad), good.max(bad));
        let (p, q) = (fewer as f64 / total as f64, more as f64 / total as f64);
        let a = taken as f64 * p + 0.5;
        let variance = (total - taken) as f64 * taken as f64 * p * q / (total - 1) as f64;
        let c = (variance + 0.5).sqrt();
        let mode = ((taken + 1) as f64 * (fewer + 1) as f64 / (total + 2) as f64) as i64;
        let limit = (taken.min(fewer) + 1).min((a + 16.0 * c) as i64) as f64;
        let h = D1 * c + D2;
        let (more_good, leave) = (good > bad, taken < sample);
        let law = Hrua { good, more_good, taken, leave, fewer, more, a, h, g: 0.0, limit };
        Hrua { g: law.ln_factorials(mode), ..law }
    }

    #[inline(always)]
    fn ln_factorials(&self, k: i64) -> f64 {
        ln_factorial(k)
            + ln_factorial(self.fewer - k)
            + ln_factorial(self.taken - k)
            + ln_factorial(self.more - self.taken + k)
    }

    #[inline]
    fn draw(&self, words: &mut Words) -> u64 {
        let count = loop {
            let u = words.pcg.next_f64();
            let v = words.pcg.next_f64();
            let x = self.a + self.h * (v - 0.5) / u;
            if !(x >= 0.0 && x < self.limit) {
                continue;
            }
            let k = x as i64;
            let t = self.g - self.ln_factorials(k);
            if u * (4.0 - u) - 3.0 <= t {
                break k;
            }
            if u * (u - t) >= 1.0 {
                continue;
            }
            if 2.0 * ln(u) <= t {
                break k;
            }
        };
        let count = if self.more_good { self.taken - count } else { count };
        (if self.leave { self.good - count } else { count }) as u64
    }
}
