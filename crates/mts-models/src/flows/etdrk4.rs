//! Exponential time differencing of order 4 for the Kuramoto–Sivashinsky equation, two real fields to a complex one.
//!
//! The linear term is real and even in the wave number, the derivative of a square maps real fields to real
//! ones: the real and the imaginary part of a complex field do not meet, except in rounding.

use std::f64::consts::{PI, TAU};

use mts_rng::math;

use crate::fourier::Fourier;

/// Fourier coefficients of two fields u₁ + i u₂, not divided by the number of points.
#[derive(Clone, Debug)]
pub(super) struct Field {
    pub(super) re: Vec<f64>,
    pub(super) im: Vec<f64>,
}

impl Field {
    fn zeros(points: usize) -> Self {
        Field { re: vec![0.0; points], im: vec![0.0; points] }
    }
}

/// The method for one step length, and room to work.
pub(super) struct Etdrk4 {
    fourier: Fourier,
    modes: usize,
    /// k / 2 points², 0 for modes that are left out.
    half_wave: Vec<f64>,
    whole: Vec<f64>,
    half: Vec<f64>,
    /// The weights of stages, and of the first, the middle two and the last slope.
    stage: Vec<f64>,
    first: Vec<f64>,
    middle: Vec<f64>,
    last: Vec<f64>,
    slopes: [Field; 4],
    stages: [Field; 3],
    scratch: Vec<f64>,
}

/// Points of the circle that coefficients are averaged over.
const CONTOUR: usize = 32;

impl Etdrk4 {
    /// Steps of `h` seconds on a domain of some length.
    pub(super) fn new(length: f64, points: usize, h: f64) -> Self {
        let modes = points / 3;
        let wave = |k: usize| {
            if k <= points / 2 { TAU * k as f64 / length } else { -(TAU * (points - k) as f64 / length) }
        };
        let kept = |k: usize| k <= modes || points - k <= modes;
        let scale = 0.5 / (points as f64 * points as f64);
        let half_wave = (0..points).map(|k| if kept(k) { scale * wave(k) } else { 0.0 });
        let rates: Vec<f64> = (0..points).map(|k| wave(k) * wave(k)).map(|k2| h * (k2 - k2 * k2)).collect();
        let weights: Vec<[f64; 4]> = rates.iter().map(|rate| weights(*rate, h)).collect();
        let weight = |i: usize| weights.iter().map(|weights| weights[i]).collect::<Vec<f64>>();
        let zeros = || Field::zeros(points);
        Etdrk4 {
            fourier: Fourier::new(points),
            modes,
            half_wave: half_wave.collect(),
            whole: rates.iter().map(|rate| math::exp(*rate)).collect(),
            half: rates.iter().map(|rate| math::exp(0.5 * rate)).collect(),
            stage: weight(0),
            first: weight(1),
            middle: weight(2),
            last: weight(3),
            slopes: [zeros(), zeros(), zeros(), zeros()],
            stages: [zeros(), zeros(), zeros()],
            scratch: vec![0.0; 2 * points],
        }
    }

    /// The highest mode that is kept.
    pub(super) fn modes(&self) -> usize {
        self.modes
    }

    /// Two fields of these points: waves from the domain's length down to its part `shortest`, and a mean of their
    /// own.
    pub(super) fn field(&self, one: &[f64], other: &[f64], mean: f64, shortest: usize) -> Field {
        let points = one.len();
        let mut field = Field { re: one.to_vec(), im: other.to_vec() };
        self.fourier.forward(&mut field.re, &mut field.im, &mut vec![0.0; 2 * points]);
        field.re[shortest + 1..points - shortest].fill(0.0);
        field.im[shortest + 1..points - shortest].fill(0.0);
        field.re[0] = mean * points as f64;
        field.im[0] = field.re[0];
        field
    }

    /// Both fields at the points of the grid.
    pub(super) fn points(&mut self, field: &Field) -> (&[f64], &[f64]) {
        let [Field { re, im }, ..] = &mut self.stages;
        re.copy_from_slice(&field.re);
        im.copy_from_slice(&field.im);
        self.fourier.backward(re, im, &mut self.scratch);
        let scale = 1.0 / re.len() as f64;
        re.iter_mut().for_each(|u| *u *= scale);
        im.iter_mut().for_each(|u| *u *= scale);
        (re, im)
    }

    /// One step.
    pub(super) fn step(&mut self, v: &mut Field) {
        let Etdrk4 { fourier, half_wave, whole, half, stage, first, middle, last, .. } = self;
        let ([nv, na, nb, nc], [a, b, c], scratch) = (&mut self.slopes, &mut self.stages, &mut self.scratch);
        let mut slope = |of: &Field, slope: &mut Field| {
            slope.re.copy_from_slice(&of.re);
            slope.im.copy_from_slice(&of.im);
            fourier.backward(&mut slope.re, &mut slope.im, scratch);
            slope.re.iter_mut().for_each(|u| *u *= *u);
            slope.im.iter_mut().for_each(|u| *u *= *u);
            fourier.forward(&mut slope.re, &mut slope.im, scratch);
            // Times -ik/2.
            for ((re, im), k) in slope.re.iter_mut().zip(&mut slope.im).zip(&*half_wave) {
                (*re, *im) = (k * *im, -(k * *re));
            }
        };
        slope(v, nv);
        advance(&mut a.re, half, &v.re, stage, &nv.re);
        advance(&mut a.im, half, &v.im, stage, &nv.im);
        slope(a, na);
        advance(&mut b.re, half, &v.re, stage, &na.re);
        advance(&mut b.im, half, &v.im, stage, &na.im);
        slope(b, nb);
        advance_last(&mut c.re, half, &a.re, stage, &nb.re, &nv.re);
        advance_last(&mut c.im, half, &a.im, stage, &nb.im, &nv.im);
        slope(c, nc);
        finish(&mut v.re, whole, [first, middle, last], [&nv.re, &na.re, &nb.re, &nc.re]);
        finish(&mut v.im, whole, [first, middle, last], [&nv.im, &na.im, &nb.im, &nc.im]);
    }
}

/// to = decay · from + weight · slope
fn advance(to: &mut [f64], decay: &[f64], from: &[f64], weight: &[f64], slope: &[f64]) {
    for (((to, decay), from), (weight, slope)) in
        to.iter_mut().zip(decay).zip(from).zip(weight.iter().zip(slope))
    {
        *to = decay * from + weight * slope;
    }
}

/// to = decay · from + weight · (2 slope - first)
fn advance_last(to: &mut [f64], decay: &[f64], from: &[f64], weight: &[f64], slope: &[f64], first: &[f64]) {
    for (((to, decay), from), ((weight, slope), first)) in
        to.iter_mut().zip(decay).zip(from).zip(weight.iter().zip(slope).zip(first))
    {
        *to = decay * from + weight * (2.0 * slope - first);
    }
}

/// v = decay · v + first · n₁ + 2 middle · (n₂ + n₃) + last · n₄
fn finish(v: &mut [f64], decay: &[f64], [first, middle, last]: [&Vec<f64>; 3], n: [&Vec<f64>; 4]) {
    for (i, v) in v.iter_mut().enumerate() {
        *v = decay[i] * *v + (first[i] * n[0][i] + 2.0 * middle[i] * (n[1][i] + n[2][i]) + last[i] * n[3][i]);
    }
}

/// The weights of the stages and of the first, middle and last slopes, for h times the rate of a mode. Formulas that
/// cancel near 0 are averaged over a circle around it, as they are analytic: Kassam & Trefethen 2005.
fn weights(rate: f64, h: f64) -> [f64; 4] {
    let mut sums = [0.0; 4];
    for j in 0..CONTOUR {
        let (sin, cos) = math::sin_cos(PI * (j as f64 + 0.5) / CONTOUR as f64);
        let z = Complex(rate + cos, sin);
        let (half, whole) = (z.scale(0.5).exp(), z.exp());
        let (z2, cube) = (z.times(z), z.times(z).times(z));
        let parts = [
            half.plus(Complex(-1.0, 0.0)).over(z),
            // -4 - z + eᶻ (4 - 3z + z²)
            whole
                .times(Complex(4.0, 0.0).plus(z.scale(-3.0)).plus(z2))
                .plus(Complex(-4.0, 0.0).plus(z.scale(-1.0)))
                .over(cube),
            // 2 + z + eᶻ (z - 2)
            whole.times(z.plus(Complex(-2.0, 0.0))).plus(z.plus(Complex(2.0, 0.0))).over(cube),
            // -4 - 3z - z² + eᶻ (4 - z)
            whole
                .times(Complex(4.0, 0.0).plus(z.scale(-1.0)))
                .plus(Complex(-4.0, 0.0).plus(z.scale(-3.0)).plus(z2.scale(-1.0)))
                .over(cube),
        ];
        sums.iter_mut().zip(parts).for_each(|(sum, part)| *sum += part.0);
    }
    sums.map(|sum| h * sum / CONTOUR as f64)
}

#[derive(Clone, Copy)]
struct Complex(f64, f64);

impl Complex {
    fn plus(self, other: Self) -> Self {
        Complex(self.0 + other.0, self.1 + other.1)
    }

    fn times(self, other: Self) -> Self {
        Complex(self.0 * other.0 - self.1 * other.1, self.0 * other.1 + self.1 * other.0)
    }

    fn scale(self, factor: f64) -> Self {
        Complex(self.0 * factor, self.1 * factor)
    }

    fn over(self, other: Self) -> Self {
        let norm = other.0 * other.0 + other.1 * other.1;
        self.times(Complex(other.0, -other.1)).scale(1.0 / norm)
    }

    fn exp(self) -> Self {
        let (sin, cos) = math::sin_cos(self.1);
        Complex(cos, sin).scale(math::exp(self.0))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Series around 0, closed forms far from it.
    #[test]
    fn weights_are_those_of_the_method() {
        let near = weights(0.0, 2.0);
        for (found, expected) in near.iter().zip([0.5, 1.0 / 6.0, 1.0 / 6.0, 1.0 / 6.0]) {
            assert!((found / 2.0 - expected).abs() < 1e-15, "{near:?}");
        }
        let z: f64 = -20.0;
        let e = math::exp(z);
        let expected = [
            (math::exp(z / 2.0) - 1.0) / z,
            (-4.0 - z + e * (4.0 - 3.0 * z + z * z)) / (z * z * z),
            (2.0 + z + e * (z - 2.0)) / (z * z * z),
            (-4.0 - 3.0 * z - z * z + e * (4.0 - z)) / (z * z * z),
        ];
        for (found, expected) in weights(z, 1.0).iter().zip(expected) {
            assert!((found / expected - 1.0).abs() < 1e-13, "{found} and {expected}");
        }
    }
}
