//! Standard stable draws.

use std::f64::consts::{FRAC_2_PI, FRAC_PI_2, PI};

use mts_rng::{Rng, math, simd};

/// Draws at a time: few enough to stay in the nearest cache.
const BATCH: usize = 128;

/// The law of scale 1 and location 0, with room to work in.
pub(super) struct Stable {
    alpha: f64,
    beta: f64,
    /// θ₀ = arctan(β tan(πα/2)) / α
    shift: f64,
    /// -ln cos(α θ₀) / α
    offset: f64,
    angles: [f64; BATCH],
    exponentials: [f64; BATCH],
    sines: [f64; BATCH],
    cosines: [f64; BATCH],
    others: [f64; BATCH],
}

impl Stable {
    pub(super) fn new(alpha: f64, beta: f64) -> Self {
        // The tangent has poles where these are exact.
        let tangent = if alpha == 2.0 || alpha == 1.0 { 0.0 } else { beta * math::tan(FRAC_PI_2 * alpha) };
        let room = [0.0; BATCH];
        Stable {
            alpha,
            beta,
            shift: math::atan2(tangent, 1.0) / alpha,
            offset: 0.5 * math::ln_1p(tangent * tangent) / alpha,
            angles: room,
            exponentials: room,
            sines: room,
            cosines: room,
            others: room,
        }
    }

    /// An angle and an exponential for each value in turn, however many are asked for.
    pub(super) fn fill(&mut self, rng: &mut Rng, values: &mut [f64]) {
        for values in values.chunks_mut(BATCH) {
            for (angle, exponential) in self.angles.iter_mut().zip(&mut self.exponentials).take(values.len())
            {
                *angle = PI * (rng.random() - 0.5);
                // 0 has a chance of 2⁻⁵³, and no logarithm.
                *exponential = rng.standard_exponential().max(f64::MIN_POSITIVE);
            }
            simd::dispatch(Transform { law: self, values });
        }
    }
}

struct Transform<'a> {
    law: &'a mut Stable,
    values: &'a mut [f64],
}

impl simd::Kernel for Transform<'_> {
    type Output = ();

    #[inline(always)]
    fn run(self) {
        if self.law.alpha == 1.0 { self.one() } else { self.other() }
    }
}

impl Transform<'_> {
    /// sin(α(V + θ₀)) / (cos(α θ₀) cos V)^(1/α) · (cos(α θ₀ + (α - 1)V) / W)^((1-α)/α). A cosine that rounding
    /// has taken below 0 is as small as rounding.
    #[inline(always)]
    fn other(self) {
        let Transform { law, values } = self;
        let Stable { alpha, shift, offset, ref angles, ref exponentials, .. } = *law;
        let count = values.len();
        let (angles, exponentials) = (&angles[..count], &exponentials[..count]);
        let (sines, cosines, others) =
            (&mut law.sines[..count], &mut law.cosines[..count], &mut law.others[..count]);
        for (sine, angle) in sines.iter_mut().zip(angles) {
            *sine = alpha * (angle + shift);
        }
        for ((cosine, other), angle) in cosines.iter_mut().zip(&mut *others).zip(angles) {
            *cosine = *angle;
            *other = alpha * shift + (alpha - 1.0) * angle;
        }
        math::kernel::sin_in_place(sines);
        math::kernel::cos_in_place(cosines);
        math::kernel::cos_in_place(others);
        let (inverse, power) = (1.0 / alpha, (1.0 - alpha) / alpha);
        for (((value, cosine), other), exponential) in
            values.iter_mut().zip(&*cosines).zip(&*others).zip(exponentials)
        {
            let ratio = math::ln(other.abs() / exponential);
            *value = offset + power * ratio - inverse * math::ln(cosine.abs());
        }
        math::kernel::exp_in_place(values);
        for (value, sine) in values.iter_mut().zip(&*sines) {
            *value *= sine;
        }
    }

    /// 2/π · ((π/2 + βV) tan V - β ln((π/2) W cos V / (π/2 + βV)))
    #[inline(always)]
    fn one(self) {
        let Transform { law, values } = self;
        let count = values.len();
        let (angles, exponentials) = (&law.angles[..count], &law.exponentials[..count]);
        let (sines, cosines) = (&mut law.sines[..count], &mut law.cosines[..count]);
        math::kernel::sin_cos_into(angles, sines, cosines);
        for (((value, angle), sine), cosine) in values.iter_mut().zip(angles).zip(&*sines).zip(&*cosines) {
            let cosine = cosine.abs();
            *value = FRAC_2_PI * (FRAC_PI_2 + law.beta * angle) * (sine / cosine);
        }
        if law.beta == 0.0 {
            return;
        }
        for (((value, angle), cosine), exponential) in
            values.iter_mut().zip(angles).zip(&*cosines).zip(exponentials)
        {
            // π/2 + βV is 0 at an end for β = ±1, where the cosine is as well.
            let width = (FRAC_PI_2 + law.beta * angle).max(f64::MIN_POSITIVE);
            *value -= FRAC_2_PI * law.beta * math::ln(FRAC_PI_2 * exponential * cosine.abs() / width);
        }
    }
}
