//! Bulk draws of laws that end in an elementary function.
//!
//! The function takes most of the time of its law, and where each draw follows the one before, it waits for
//! branches that nobody can predict: the ziggurat's, that of a rejection. Here the simple draws of a whole batch
//! come first and then the function for all of them, which vectorises.

use crate::pcg64::Pcg64;

/// Draws at a time: few enough to stay in the nearest cache.
const BATCH: usize = 128;

/// A law whose draw is a function of a simpler draw.
pub(super) trait Transformed: Copy {
    /// What the generator gives.
    type Source: Copy + Default;

    /// The simpler draw.
    fn source(&self, pcg: &mut Pcg64) -> Self::Source;

    /// What becomes of it, without branches; NaN where one has to ask [`exact`](Self::exact).
    fn transform(&self, source: Self::Source) -> f64;

    /// What becomes of it.
    #[inline(always)]
    fn exact(&self, source: Self::Source) -> f64 {
        self.transform(source)
    }
}

/// A law without negative values that makes attempts until one is accepted.
pub(super) trait Attempted: Copy {
    /// What an attempt takes from the generator, accepted or not.
    fn source(&self, pcg: &mut Pcg64) -> (f64, f64);

    /// What becomes of it, without branches: the value, [`REJECTED`], or NaN where one has to ask
    /// [`exact`](Self::exact).
    fn judge(&self, source: (f64, f64)) -> f64;

    /// What becomes of it: the value or [`REJECTED`].
    fn exact(&self, source: (f64, f64)) -> f64;
}

/// No value of an [`Attempted`] law.
pub(super) const REJECTED: f64 = -1.0;

/// As many draws as there is room for.
#[inline(always)]
pub(super) fn transformed<L: Transformed>(law: &L, pcg: &mut Pcg64, out: &mut [f64]) {
    // Copies that nothing written through `out` can change: else the middle loop is not vectorised.
    let law = *law;
    let (mut sources, mut values) = ([L::Source::default(); BATCH], [0.0; BATCH]);
    for out in out.chunks_mut(BATCH) {
        let (sources, values) = (&mut sources[..out.len()], &mut values[..out.len()]);
        for source in &mut *sources {
            *source = law.source(pcg);
        }
        for (value, &source) in values.iter_mut().zip(&*sources) {
            *value = law.transform(source);
        }
        if any_nan(values) {
            resolve(values, sources, |source| law.exact(source));
        }
        out.copy_from_slice(values);
    }
}

/// One draw.
#[inline(always)]
pub(super) fn attempt(law: &impl Attempted, pcg: &mut Pcg64) -> f64 {
    loop {
        let value = law.exact(law.source(pcg));
        if value != REJECTED {
            return value;
        }
    }
}

/// As many draws as there is room for.
#[inline(always)]
pub(super) fn attempted(law: &impl Attempted, pcg: &mut Pcg64, mut out: &mut [f64]) {
    let law = *law;
    let (mut sources, mut values) = ([(0.0, 0.0); BATCH], [0.0; BATCH]);
    while !out.is_empty() {
        // Each value takes one attempt at least: with so many, none is made that single draws would not make.
        let attempts = out.len().min(BATCH);
        let (sources, values) = (&mut sources[..attempts], &mut values[..attempts]);
        for source in &mut *sources {
            *source = law.source(pcg);
        }
        for (value, &source) in values.iter_mut().zip(&*sources) {
            *value = law.judge(source);
        }
        if any_nan(values) {
            resolve(values, sources, |source| law.exact(source));
        }
        let mut accepted = 0;
        for &value in &*values {
            out[accepted] = value;
            accepted += usize::from(value != REJECTED);
        }
        out = &mut out[accepted..];
    }
}

#[inline(always)]
fn any_nan(values: &[f64]) -> bool {
    values.iter().fold(false, |any, value| any | value.is_nan())
}

#[cold]
#[inline(never)]
fn resolve<S: Copy>(values: &mut [f64], sources: &[S], exact: impl Fn(S) -> f64) {
    for (value, &source) in values.iter_mut().zip(sources) {
        if value.is_nan() {
            *value = exact(source);
        }
    }
}
