//! Discrete Fourier transforms with the same bits on every machine.
//!
//! Libraries choose their code by the processor and take sines from the platform. This one has one order
//! of operations, and twiddle factors from [`mts_rng::math`]: Stockham's algorithm in steps of four, which needs no
//! reordering, on real and imaginary parts in arrays of their own.
#![cfg_attr(
    not(all(feature = "flows", feature = "long_memory")),
    allow(dead_code, reason = "each family uses a part of this")
)]

use std::f64::consts::{FRAC_1_SQRT_2, TAU};

use mts_rng::{math, simd};

/// Transforms of one length, a power of two.
#[derive(Clone, Debug)]
pub(crate) struct Fourier {
    n: usize,
    /// For each step, w, w² and w³ of each of its angles: rows of real parts, then of imaginary ones.
    twiddles: Vec<f64>,
}

impl Fourier {
    /// Transforms of `n` points.
    ///
    /// # Panics
    ///
    /// Where `n` is no power of two.
    pub(crate) fn new(n: usize) -> Self {
        assert!(n.is_power_of_two(), "transforms have the length of a power of two");
        let roots = Roots::new(n);
        let mut twiddles = Vec::new();
        let (mut length, mut stride) = (n, 1);
        while length >= 4 {
            for power in 1..=3 {
                twiddles.extend((0..length / 4).map(|p| roots.at(power * p * stride).0));
                twiddles.extend((0..length / 4).map(|p| roots.at(power * p * stride).1));
            }
            (length, stride) = (length / 4, stride * 4);
        }
        Fourier { n, twiddles }
    }

    /// The number of points.
    pub(crate) fn points(&self) -> usize {
        self.n
    }

    /// Σ_j z_j exp(-2πi jk/n) in place. `room` has twice as many numbers as there are points.
    pub(crate) fn forward(&self, re: &mut [f64], im: &mut [f64], room: &mut [f64]) {
        let (room_re, room_im) = room[..2 * self.n].split_at_mut(self.n);
        let (re, im) = (&mut re[..self.n], &mut im[..self.n]);
        simd::dispatch(Transform { of: self, data: [re, im], room: [room_re, room_im] });
    }

    /// Σ_j z_j exp(+2πi jk/n) in place, not divided by n.
    pub(crate) fn backward(&self, re: &mut [f64], im: &mut [f64], room: &mut [f64]) {
        self.forward(im, re, room);
    }
}

/// exp(-2πi k/n), each part within about an ulp: angles up to π/4 are computed, all others mirrored, so that
/// what should be equal is.
struct Roots {
    n: usize,
    /// Cosines and sines of 2πk/n, k = 0 … n/8.
    octant: Vec<(f64, f64)>,
}

impl Roots {
    fn new(n: usize) -> Self {
        let angle = |k: usize| TAU * (k as f64 / n as f64);
        let cos_sin = |k: usize| {
            if 8 * k == n {
                return (FRAC_1_SQRT_2, FRAC_1_SQRT_2);
            }
            let (sin, cos) = math::sin_cos(angle(k));
            (cos, sin)
        };
        Roots { n, octant: (0..=n / 8).map(cos_sin).collect() }
    }

    fn at(&self, k: usize) -> (f64, f64) {
        let k = k % self.n;
        // Whole quarters of the circle, then what is left of one, below n/4.
        let (quarter, left) = (4 * k / self.n, k - (4 * k / self.n) * self.n / 4);
        let (cos, sin) = if 8 * left <= self.n {
            self.octant[left]
        } else {
            let (cos, sin) = self.octant[self.n / 4 - left];
            (sin, cos)
        };
        match quarter {
            0 => (cos, -sin),
            1 => (-sin, -cos),
            2 => (-cos, sin),
            _ => (sin, cos),
        }
    }
}

struct Transform<'a> {
    of: &'a Fourier,
    data: [&'a mut [f64]; 2],
    room: [&'a mut [f64]; 2],
}

impl simd::Kernel for Transform<'_> {
    type Output = ();

    #[inline(always)]
    fn run(self) {
        let Transform { of, data, room } = self;
        let ([mut re, mut im], [mut to_re, mut to_im]) = (data, room);
        let (mut length, mut stride, mut twiddles) = (of.n, 1, &of.twiddles[..]);
        let mut moved = false;
        while length >= 2 {
            if length == 2 {
                halve(re, im, to_re, to_im);
                length = 1;
            } else {
                let (own, rest) = twiddles.split_at(6 * (length / 4));
                twiddles = rest;
                if stride == 1 {
                    quarter_first(own, re, im, to_re, to_im);
                } else {
                    quarter(own, stride, re, im, to_re, to_im);
                }
                (length, stride) = (length / 4, stride * 4);
            }
            std::mem::swap(&mut re, &mut to_re);
            std::mem::swap(&mut im, &mut to_im);
            moved = !moved;
        }
        if moved {
            to_re.copy_from_slice(re);
            to_im.copy_from_slice(im);
        }
    }
}

/// Values that are transformed together.
const LANES: usize = 4;

type Lanes = [f64; LANES];

#[inline(always)]
fn load(from: &[f64], at: usize) -> Lanes {
    let mut lanes = [0.0; LANES];
    lanes.copy_from_slice(&from[at..at + LANES]);
    lanes
}

/// Four complex numbers of each lane, combined: sums, differences, and the twiddle factors of the last three.
#[inline(always)]
fn butterfly(z: [(Lanes, Lanes); 4], w: [(Lanes, Lanes); 3]) -> [(Lanes, Lanes); 4] {
    let mut out = [([0.0; LANES], [0.0; LANES]); 4];
    let [a, b, c, d] = z;
    for i in 0..LANES {
        let (sum_re, sum_im) = (a.0[i] + c.0[i], a.1[i] + c.1[i]);
        let (difference_re, difference_im) = (a.0[i] - c.0[i], a.1[i] - c.1[i]);
        let (other_re, other_im) = (b.0[i] + d.0[i], b.1[i] + d.1[i]);
        // i·(b - d)
        let (turned_re, turned_im) = (d.1[i] - b.1[i], b.0[i] - d.0[i]);
        out[0].0[i] = sum_re + other_re;
        out[0].1[i] = sum_im + other_im;
        let (re, im) = (difference_re - turned_re, difference_im - turned_im);
        out[1].0[i] = re * w[0].0[i] - im * w[0].1[i];
        out[1].1[i] = re * w[0].1[i] + im * w[0].0[i];
        let (re, im) = (sum_re - other_re, sum_im - other_im);
        out[2].0[i] = re * w[1].0[i] - im * w[1].1[i];
        out[2].1[i] = re * w[1].1[i] + im * w[1].0[i];
        let (re, im) = (difference_re + turned_re, difference_im + turned_im);
        out[3].0[i] = re * w[2].0[i] - im * w[2].1[i];
        out[3].1[i] = re * w[2].1[i] + im * w[2].0[i];
    }
    out
}

/// The first step: neighbours have angles of their own.
#[inline(always)]
fn quarter_first(w: &[f64], re: &[f64], im: &[f64], to_re: &mut [f64], to_im: &mut [f64]) {
    let count = w.len() / 6;
    if count < LANES {
        return quarter_alone(w, re, im, to_re, to_im);
    }
    for p in (0..count).step_by(LANES) {
        let at = |k: usize| k * count + p;
        let z = [
            (load(re, at(0)), load(im, at(0))),
            (load(re, at(1)), load(im, at(1))),
            (load(re, at(2)), load(im, at(2))),
            (load(re, at(3)), load(im, at(3))),
        ];
        let factors = [
            (load(w, at(0)), load(w, at(1))),
            (load(w, at(2)), load(w, at(3))),
            (load(w, at(4)), load(w, at(5))),
        ];
        let out = butterfly(z, factors);
        let (to_re, to_im) = (&mut to_re[4 * p..][..16], &mut to_im[4 * p..][..16]);
        for i in 0..LANES {
            for k in 0..4 {
                to_re[4 * i + k] = out[k].0[i];
                to_im[4 * i + k] = out[k].1[i];
            }
        }
    }
}

/// The first step of four or eight points, without lanes.
#[inline(always)]
fn quarter_alone(w: &[f64], re: &[f64], im: &[f64], to_re: &mut [f64], to_im: &mut [f64]) {
    let count = w.len() / 6;
    for p in 0..count {
        let z = |k: usize| ([re[k * count + p]; LANES], [im[k * count + p]; LANES]);
        let factor = |k: usize| ([w[2 * k * count + p]; LANES], [w[(2 * k + 1) * count + p]; LANES]);
        let out = butterfly([z(0), z(1), z(2), z(3)], [factor(0), factor(1), factor(2)]);
        for k in 0..4 {
            to_re[4 * p + k] = out[k].0[0];
            to_im[4 * p + k] = out[k].1[0];
        }
    }
}

/// A later step: runs of `stride` neighbours, a multiple of four, share their angle.
#[inline(always)]
fn quarter(w: &[f64], stride: usize, re: &[f64], im: &[f64], to_re: &mut [f64], to_im: &mut [f64]) {
    let count = w.len() / 6;
    for p in 0..count {
        let mut factors = [([0.0; LANES], [0.0; LANES]); 3];
        for (k, factor) in factors.iter_mut().enumerate() {
            *factor = ([w[2 * k * count + p]; LANES], [w[(2 * k + 1) * count + p]; LANES]);
        }
        for q in (0..stride).step_by(LANES) {
            let from = q + stride * p;
            let apart = stride * count;
            let z = [
                (load(re, from), load(im, from)),
                (load(re, from + apart), load(im, from + apart)),
                (load(re, from + 2 * apart), load(im, from + 2 * apart)),
                (load(re, from + 3 * apart), load(im, from + 3 * apart)),
            ];
            let out = butterfly(z, factors);
            for (k, (out_re, out_im)) in out.iter().enumerate() {
                let to = q + stride * (4 * p + k);
                to_re[to..to + LANES].copy_from_slice(out_re);
                to_im[to..to + LANES].copy_from_slice(out_im);
            }
        }
    }
}

/// The last step where the length is no power of four.
#[inline(always)]
fn halve(re: &[f64], im: &[f64], to_re: &mut [f64], to_im: &mut [f64]) {
    let half = re.len() / 2;
    for q in 0..half {
        to_re[q] = re[q] + re[q + half];
        to_im[q] = im[q] + im[q + half];
        to_re[q + half] = re[q] - re[q + half];
        to_im[q + half] = im[q] - im[q + half];
    }
}

#[cfg(test)]
mod tests;
