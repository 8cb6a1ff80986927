//! Normal and exponential draws by the ziggurat method, as NumPy makes them.

use crate::Rng;
use crate::pcg64::Pcg64;
use crate::ziggurat_tables::{EXPONENTIAL_R, FE, FI, KE, KI, NORMAL_INV_R, NORMAL_R, WE, WI};

const MANTISSA: u64 = (1 << 52) - 1;

impl Rng {
    /// Standard normal.
    #[inline]
    pub fn standard_normal(&mut self) -> f64 {
        normal(&mut self.words.pcg)
    }

    /// Fills with [`standard_normal`](Self::standard_normal).
    pub fn fill_standard_normal(&mut self, out: &mut [f64]) {
        self.fill_with(out, normal);
    }

    /// Normal with mean `loc` and standard deviation `scale`: `loc + scale·Z`.
    #[inline]
    pub fn normal(&mut self, loc: f64, scale: f64) -> f64 {
        loc + scale * self.standard_normal()
    }

    /// Fills with [`normal`](Self::normal).
    pub fn fill_normal(&mut self, loc: f64, scale: f64, out: &mut [f64]) {
        self.fill_with(out, |pcg| loc + scale * normal(pcg));
    }

    /// Standard exponential: density `exp(-x)` on [0, ∞).
    #[inline]
    pub fn standard_exponential(&mut self) -> f64 {
        exponential(&mut self.words.pcg)
    }

    /// Fills with [`standard_exponential`](Self::standard_exponential).
    pub fn fill_standard_exponential(&mut self, out: &mut [f64]) {
        self.fill_with(out, exponential);
    }

    /// Standard exponential by inversion: NumPy's `standard_exponential(method="inv")`.
    ///
    /// ```
    /// // >>> numpy.random.default_rng(42).standard_exponential(method="inv")
    /// // 1.4870258232016522
    /// assert_eq!(mts_rng::Rng::from_seed(42_u64).standard_exponential_inv(), 1.4870258232016522);
    /// ```
    #[inline]
    pub fn standard_exponential_inv(&mut self) -> f64 {
        inverted_exponential(&mut self.words.pcg)
    }

    /// Fills with [`standard_exponential_inv`](Self::standard_exponential_inv).
    pub fn fill_standard_exponential_inv(&mut self, out: &mut [f64]) {
        self.fill_with(out, inverted_exponential);
    }

    /// Standard Cauchy: the ratio of two standard normals.
    #[inline]
    pub fn standard_cauchy(&mut self) -> f64 {
        cauchy(&mut self.words.pcg)
    }

    /// Fills with [`standard_cauchy`](Self::standard_cauchy).
    pub fn fill_standard_cauchy(&mut self, out: &mut [f64]) {
        self.fill_with(out, cauchy);
    }
}

#[inline(always)]
fn inverted_exponential(pcg: &mut Pcg64) -> f64 {
    -libm::log1p(-pcg.next_f64())
}

#[inline(always)]
fn cauchy(pcg: &mut Pcg64) -> f64 {
    let numerator = normal(pcg);
    numerator / normal(pcg)
}

/// 98.5 % of draws end in the first comparison; the rest stays out of line.
#[inline(always)]
pub(crate) fn normal(pcg: &mut Pcg64) -> f64 {
    let word = pcg.next_u64();
    let (layer, mantissa, x) = normal_candidate(word);
    if mantissa < KI[layer] { x } else { normal_rare(pcg, word) }
}

#[inline(always)]
fn normal_candidate(word: u64) -> (usize, u64, f64) {
    let layer = (word & 0xff) as usize;
    let mantissa = word >> 9 & MANTISSA;
    let magnitude = mantissa as f64 * WI[layer];
    let sign = (word & 0x100) << 55;
    (layer, mantissa, f64::from_bits(magnitude.to_bits() | sign))
}

#[cold]
#[inline(never)]
fn normal_rare(pcg: &mut Pcg64, mut word: u64) -> f64 {
    loop {
        let (layer, mantissa, x) = normal_candidate(word);
        if mantissa < KI[layer] {
            return x;
        }
        if layer == 0 {
            return normal_tail(pcg, mantissa >> 8 & 1 == 1);
        }
        let height = (FI[layer - 1] - FI[layer]) * pcg.next_f64() + FI[layer];
        if height < libm::exp(-0.5 * x * x) {
            return x;
        }
        word = pcg.next_u64();
    }
}

/// Beyond the base layer: Marsaglia's exponential rejection.
fn normal_tail(pcg: &mut Pcg64, negative: bool) -> f64 {
    loop {
        let x = -NORMAL_INV_R * libm::log1p(-pcg.next_f64());
        let y = -libm::log1p(-pcg.next_f64());
        if y + y > x * x {
            return if negative { -(NORMAL_R + x) } else { NORMAL_R + x };
        }
    }
}

#[inline(always)]
pub(crate) fn exponential(pcg: &mut Pcg64) -> f64 {
    let word = pcg.next_u64();
    let (layer, mantissa, x) = exponential_candidate(word);
    if mantissa < KE[layer] { x } else { exponential_rare(pcg, word) }
}

#[inline(always)]
fn exponential_candidate(word: u64) -> (usize, u64, f64) {
    let layer = (word >> 3 & 0xff) as usize;
    let mantissa = word >> 11;
    (layer, mantissa, mantissa as f64 * WE[layer])
}

#[cold]
#[inline(never)]
fn exponential_rare(pcg: &mut Pcg64, mut word: u64) -> f64 {
    loop {
        let (layer, mantissa, x) = exponential_candidate(word);
        if mantissa < KE[layer] {
            return x;
        }
        if layer == 0 {
            return EXPONENTIAL_R - libm::log1p(-pcg.next_f64());
        }
        let height = (FE[layer - 1] - FE[layer]) * pcg.next_f64() + FE[layer];
        if height < libm::exp(-x) {
            return x;
        }
        word = pcg.next_u64();
    }
}
