//! How variances follow from past squares and past variances.

use mts_rng::simd::Kernel;

/// The coefficients.
#[derive(Clone, Debug)]
pub(super) struct Recursion {
    pub(super) omega: f64,
    pub(super) alpha: Vec<f64>,
    pub(super) beta: Vec<f64>,
    /// Squares and variances before the first step.
    pub(super) first: f64,
}

/// Fills whole slabs, returns before variances, from as many draws as they have returns.
pub(super) struct Advance<'a> {
    pub(super) recursion: &'a Recursion,
    /// (lag, return), the last step first.
    pub(super) squares: &'a mut [f64],
    pub(super) variances: &'a mut [f64],
    pub(super) draws: &'a [f64],
    pub(super) slabs: &'a mut [f64],
}

impl Kernel for Advance<'_> {
    type Output = ();

    #[inline(always)]
    fn run(self) {
        let Advance { recursion, squares, variances, draws, slabs } = self;
        let width = squares.len() / recursion.alpha.len();
        for (slab, draws) in slabs.chunks_exact_mut(2 * width).zip(draws.chunks_exact(width)) {
            let (returns, now) = slab.split_at_mut(width);
            now.fill(recursion.omega);
            add(now, &recursion.alpha, squares, width);
            add(now, &recursion.beta, variances, width);
            for ((r, h), z) in returns.iter_mut().zip(&*now).zip(draws) {
                *r = h.sqrt() * z;
            }
            age(squares, width);
            for (square, r) in squares.iter_mut().zip(&*returns) {
                *square = r * r;
            }
            age(variances, width);
            variances[..width].copy_from_slice(now);
        }
    }
}

/// now += Σ weight · past
#[inline(always)]
fn add(now: &mut [f64], weights: &[f64], past: &[f64], width: usize) {
    for (weight, past) in weights.iter().zip(past.chunks_exact(width)) {
        for (now, past) in now.iter_mut().zip(past) {
            *now = weight.mul_add(*past, *now);
        }
    }
}

/// Makes room for a step before all others; the oldest is forgotten.
#[inline(always)]
fn age(past: &mut [f64], width: usize) {
    if past.len() > width {
        past.copy_within(..past.len() - width, width);
    }
}
