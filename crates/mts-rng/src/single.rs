//! Draws in single precision: NumPy's `dtype=numpy.float32`. Each takes half words.

use crate::Rng;
use crate::words::Words;
use crate::ziggurat_tables::{
    EXPONENTIAL_R_F32, FE_F32, FI_F32, KE_F32, KI_F32, NORMAL_INV_R_F32, NORMAL_R_F32, WE_F32, WI_F32,
};

impl Rng {
    /// Uniform on [0, 1), a multiple of 2⁻²⁴: `random(dtype=numpy.float32)`.
    ///
    /// ```
    /// // >>> numpy.random.default_rng(42).random(dtype=numpy.float32)
    /// // np.float32(0.08925092)
    /// assert_eq!(mts_rng::Rng::from_seed(42_u64).random_f32(), 0.08925092);
    /// ```
    #[inline]
    pub fn random_f32(&mut self) -> f32 {
        uniform(&mut self.words)
    }

    /// Fills with [`random_f32`](Self::random_f32).
    pub fn fill_random_f32(&mut self, out: &mut [f32]) {
        self.fill_with_words(out, uniform);
    }

    /// Standard normal: `standard_normal(dtype=numpy.float32)`.
    ///
    /// ```
    /// // >>> numpy.random.default_rng(42).standard_normal(dtype=numpy.float32)
    /// // np.float32(0.14190717)
    /// assert_eq!(mts_rng::Rng::from_seed(42_u64).standard_normal_f32(), 0.14190717);
    /// ```
    #[inline]
    pub fn standard_normal_f32(&mut self) -> f32 {
        normal(&mut self.words)
    }

    /// Fills with [`standard_normal_f32`](Self::standard_normal_f32).
    pub fn fill_standard_normal_f32(&mut self, out: &mut [f32]) {
        self.fill_with_words(out, normal);
    }

    /// Standard exponential: `standard_exponential(dtype=numpy.float32)`.
    ///
    /// ```
    /// // >>> numpy.random.default_rng(42).standard_exponential(dtype=numpy.float32)
    /// // np.float32(0.08859461)
    /// assert_eq!(mts_rng::Rng::from_seed(42_u64).standard_exponential_f32(), 0.08859461);
    /// ```
    #[inline]
    pub fn standard_exponential_f32(&mut self) -> f32 {
        exponential(&mut self.words)
    }

    /// Fills with [`standard_exponential_f32`](Self::standard_exponential_f32).
    pub fn fill_standard_exponential_f32(&mut self, out: &mut [f32]) {
        self.fill_with_words(out, exponential);
    }
}

#[inline(always)]
fn uniform(words: &mut Words) -> f32 {
    (words.next_u32() >> 8) as f32 * (1.0 / 16_777_216.0)
}

#[inline(always)]
fn normal(words: &mut Words) -> f32 {
    let word = words.next_u32();
    let (layer, mantissa, x) = normal_candidate(word);
    if mantissa < KI_F32[layer] {
        return x;
    }
    let value;
    (*words, value) = normal_rare(*words, word);
    value
}

#[inline(always)]
fn normal_candidate(word: u32) -> (usize, u32, f32) {
    let layer = (word & 0xff) as usize;
    let mantissa = word >> 9;
    let magnitude = mantissa as f32 * WI_F32[layer];
    let sign = (word & 0x100) << 23;
    (layer, mantissa, f32::from_bits(magnitude.to_bits() | sign))
}

#[cold]
#[inline(never)]
fn normal_rare(mut words: Words, mut word: u32) -> (Words, f32) {
    loop {
        let (layer, mantissa, x) = normal_candidate(word);
        if mantissa < KI_F32[layer] {
            return (words, x);
        }
        if layer == 0 {
            let x = normal_tail(&mut words);
            return (words, if mantissa >> 8 & 1 == 1 { -x } else { x });
        }
        let height = (FI_F32[layer - 1] - FI_F32[layer]) * uniform(&mut words) + FI_F32[layer];
        let wide = f64::from(x);
        if f64::from(height) < libm::exp(-0.5 * wide * wide) {
            return (words, x);
        }
        word = words.next_u32();
    }
}

/// Beyond the base layer: Marsaglia's exponential rejection.
fn normal_tail(words: &mut Words) -> f32 {
    loop {
        let x = -NORMAL_INV_R_F32 * libm::log1pf(-uniform(words));
        let y = -libm::log1pf(-uniform(words));
        if y + y > x * x {
            return NORMAL_R_F32 + x;
        }
    }
}

#[inline(always)]
fn exponential(words: &mut Words) -> f32 {
    let word = words.next_u32();
    let (layer, mantissa, x) = exponential_candidate(word);
    if mantissa < KE_F32[layer] {
        return x;
    }
    let value;
    (*words, value) = exponential_rare(*words, word);
    value
}

#[inline(always)]
fn exponential_candidate(word: u32) -> (usize, u32, f32) {
    let layer = (word >> 1 & 0xff) as usize;
    let mantissa = word >> 9;
    (layer, mantissa, mantissa as f32 * WE_F32[layer])
}

#[cold]
#[inline(never)]
fn exponential_rare(mut words: Words, mut word: u32) -> (Words, f32) {
    loop {
        let (layer, mantissa, x) = exponential_candidate(word);
        if mantissa < KE_F32[layer] {
            return (words, x);
        }
        if layer == 0 {
            let tail = libm::log1pf(-uniform(&mut words));
            return (words, EXPONENTIAL_R_F32 - tail);
        }
        let height = (FE_F32[layer - 1] - FE_F32[layer]) * uniform(&mut words) + FE_F32[layer];
        if f64::from(height) < libm::exp(-f64::from(x)) {
            return (words, x);
        }
        word = words.next_u32();
    }
}
