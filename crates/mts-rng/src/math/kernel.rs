//! The kernels behind [`math`](super), for the loops of other [`Kernel`](crate::simd::Kernel)s.
//!
//! Everything here is `#[inline(always)]`: it is compiled for the instruction set of the loop it is in and
//! vectorises with it. Call it from [`Kernel::run`](crate::simd::Kernel::run); elsewhere it gives the same
//! bits, but on x86-64 slowly. Two kinds:
//!
//! - **Slices, any argument**: [`exp_in_place`], [`sin_in_place`], [`cos_in_place`], [`sin_cos_into`]. The
//!   first choice: keep the arguments of a step in a slice, transform it, go on.
//! - **One element, limited argument**: [`exp`], [`sin`], [`cos`], [`sin_cos`], for loops that fuse them with
//!   other arithmetic. Within [`EXP_MAX`] or [`SIN_COS_MAX`] the bits are those of the functions in
//!   [`math`](super). Beyond, the value is meaningless (no panic). Where the
//!   model does not bound its arguments, ask [`all_within`] first and let the rare slow branch call the
//!   functions of [`math`](super), which take any argument.
//!
//! ```
//! use mts_rng::math::{self, kernel};
//! use mts_rng::simd::{Kernel, dispatch};
//!
//! /// One step of geometric Brownian motion: s ← s·exp(drift + scale·z)
//! struct Step<'a> {
//!     drift: f64,
//!     scale: f64,
//!     z: &'a [f64],
//!     s: &'a mut [f64],
//! }
//!
//! impl Kernel for Step<'_> {
//!     type Output = ();
//!
//!     #[inline(always)]
//!     fn run(self) {
//!         // |z| <= limit bounds the exponent below EXP_MAX
//!         let limit = (kernel::EXP_MAX - 1.0 - self.drift.abs()) / self.scale.abs();
//!         if kernel::all_within(self.z, limit) {
//!             for (s, &z) in self.s.iter_mut().zip(self.z) {
//!                 *s *= kernel::exp(self.scale.mul_add(z, self.drift));
//!             }
//!         } else {
//!             for (s, &z) in self.s.iter_mut().zip(self.z) {
//!                 *s *= math::exp(self.scale.mul_add(z, self.drift));
//!             }
//!         }
//!     }
//! }
//!
//! let mut s = [1.0; 3];
//! dispatch(Step { drift: 0.0, scale: 1.0, z: &[0.0, 1.0, -1.0], s: &mut s });
//! assert_eq!(s[1], math::exp(1.0));
//! ```
//!
//! # How they are made
//!
//! Every step is an IEEE operation rounded once (`mul_add` where fused); there is no branch and no table.
//! Adding and subtracting 1.5·2⁵² rounds to an integer and leaves it in the low bits. The reduced argument
//! is kept as a sum of two numbers, and the last operation adds a small correction to an exact leading part.
//! The polynomial coefficients come from our own weighted Remez exchange in 60 digits; each was rounded to a
//! double in turn and the others fitted again around it. The errors given with them are those of the rounded
//! polynomials.

use std::f64::consts::{FRAC_2_PI, FRAC_PI_2, LN_2, LOG2_E};

use super::{cos_far, exp_far, sin_far};

/// Largest `|x|` for [`exp`]: beyond lie overflow and results below the smallest normal number.
pub const EXP_MAX: f64 = 708.0;

/// Largest `|x|` for [`sin`], [`cos`] and [`sin_cos`]: `x·2/π` stays below 2²⁰, as the reduction needs.
pub const SIN_COS_MAX: f64 = 1e6;

/// 1.5·2⁵²: a sum with it is rounded to an integer, whose two's complement is in the low bits.
const ROUND: f64 = 6_755_399_441_055_744.0;

/// Elements handled at a time by the slice forms: a far argument costs a second look at this many.
const CHUNK: usize = 64;

/// eˣ for `|x| <= EXP_MAX`; error at most 0.60 ulp (measured).
///
/// ```
/// assert_eq!(mts_rng::math::kernel::exp(0.0), 1.0);
/// ```
#[inline(always)]
#[must_use]
pub fn exp(x: f64) -> f64 {
    // ln 2 - LN_2, rounded.
    const LN_2_LOW: f64 = f64::from_bits(0x3c7a_bc9e_3b39_803f);

    // x = k·ln 2 + r + low with |r| < 0.3467. `high` is exact: x and k·LN_2 are multiples of 2⁻⁵⁴
    // unless k = 0, and their difference is below 1/2.
    let rounded = x.mul_add(LOG2_E, ROUND);
    let k = rounded - ROUND;
    let high = k.mul_add(-LN_2, x);
    let r = k.mul_add(-LN_2_LOW, high);
    let low = k.mul_add(-LN_2_LOW, high - r);

    // (eʳ - 1 - r - r²/2) / r³, error below 2⁻⁶⁰ of eʳ after multiplication by r³.
    let r2 = r * r;
    let p0 = 0.041666666666665256_f64.mul_add(r, 0.16666666666666677);
    let p2 = 0.0013888888889424325_f64.mul_add(r, 0.008333333333320788);
    let p4 = 2.480158670906829e-5_f64.mul_add(r, 0.00019841269890281542);
    let p6 = 2.7557456875525976e-7_f64.mul_add(r, 2.755723822017491e-6);
    let p8 = 2.0945488574414504e-9_f64.mul_add(r, 2.511160350982212e-8);
    let r4 = r2 * r2;
    let p = p8.mul_add(r4, p6.mul_add(r2, p4)).mul_add(r4, p2.mul_add(r2, p0));

    // eʳ⁺ˡᵒʷ = lead + (lost + (1 + r)·low + r²·(1/2 + r·p)), where lead + lost = 1 + r exactly.
    let lead = 1.0 + r;
    let lost = r - (lead - 1.0);
    let tail = p.mul_add(r, 0.5).mul_add(r2, lead.mul_add(low, lost));
    let y = lead + tail;

    // Times 2ᵏ: within EXP_MAX the exponent stays in the range of normal numbers.
    f64::from_bits(y.to_bits().wrapping_add(rounded.to_bits() << 52))
}

/// (sin x, cos x) for `|x| <= SIN_COS_MAX`; error at most 0.80 ulp (measured).
///
/// ```
/// assert_eq!(mts_rng::math::kernel::sin_cos(0.0), (0.0, 1.0));
/// ```
#[inline(always)]
#[must_use]
pub fn sin_cos(x: f64) -> (f64, f64) {
    // π/2 = FRAC_PI_2 (53 bits) + MIDDLE (33 bits) + LOW (53 bits), off by less than 2⁻¹⁴¹.
    const MIDDLE: f64 = f64::from_bits(0x3c91_a626_3310_0000);
    const LOW: f64 = f64::from_bits(0x3a71_701b_839a_2520);

    // x = k·π/2 + r - low with |r| < 0.7855. `high` is exact, as in `exp`; so is `middle`, of 20 + 33 bits.
    // `r` is their difference, and its rounding error goes into `low`, whichever of the two is larger.
    let rounded = x.mul_add(FRAC_2_PI, ROUND);
    let k = rounded - ROUND;
    let high = k.mul_add(-FRAC_PI_2, x);
    let middle = k * MIDDLE;
    let r = high - middle;
    let back = r - high;
    let low = k.mul_add(LOW, (middle + back) - (high - (r - back)));

    // (r - sin r) / r³ and (cos r - 1 + r²/2) / r⁴ in z = r², errors 2⁻⁵⁷ of sin r and 2⁻⁶³ of cos r.
    let z = r * r;
    let z2 = z * z;
    let s0 = (-0.008333333333325189_f64).mul_add(z, 0.16666666666666646);
    let s2 = (-2.7557314249973663e-6_f64).mul_add(z, 0.00019841269831662062);
    let s4 = (-1.5900877051496905e-10_f64).mul_add(z, 2.505083585579477e-8);
    let s = s4.mul_add(z2, s2).mul_add(z2, s0);
    let c0 = (-0.0013888888888878412_f64).mul_add(z, 0.04166666666666663);
    let c2 = (-2.7557314926547925e-7_f64).mul_add(z, 2.4801587291759873e-5);
    let c4 = (-1.1362892191198364e-11_f64).mul_add(z, 2.0875792696311223e-9);
    let c = c4.mul_add(z2, c2).mul_add(z2, c0);

    // sin(r - low) = r - (r³·s + (1 - r²/2)·low); the subtraction, unlike a sum, keeps sin(-0.0) = -0.0.
    // cos(r - low) = lead + (lost + r·low + r⁴·c), where lead + lost = 1 - r²/2.
    let half = 0.5 * r;
    let lead = half.mul_add(-r, 1.0);
    let lost = half.mul_add(-r, 1.0 - lead);
    let sin = r - (z * r).mul_add(s, lead * low);
    let cos = lead + z2.mul_add(c, r.mul_add(low, lost));

    // Odd quadrants swap the two; bit 1 of k is the sign of the sine, bit 1 of k + 1 that of the cosine.
    let quadrant = rounded.to_bits();
    let (sin, cos) = if quadrant & 1 == 0 { (sin, cos) } else { (cos, sin) };
    let sin_sign = (quadrant & 2) << 62;
    let cos_sign = (quadrant.wrapping_add(1) & 2) << 62;
    (f64::from_bits(sin.to_bits() ^ sin_sign), f64::from_bits(cos.to_bits() ^ cos_sign))
}

/// sin x for `|x| <= SIN_COS_MAX`: the first half of [`sin_cos`], and hardly cheaper.
///
/// ```
/// assert_eq!(mts_rng::math::kernel::sin(0.0), 0.0);
/// ```
#[inline(always)]
#[must_use]
pub fn sin(x: f64) -> f64 {
    sin_cos(x).0
}

/// cos x for `|x| <= SIN_COS_MAX`: the second half of [`sin_cos`], and hardly cheaper.
///
/// ```
/// assert_eq!(mts_rng::math::kernel::cos(0.0), 1.0);
/// ```
#[inline(always)]
#[must_use]
pub fn cos(x: f64) -> f64 {
    sin_cos(x).1
}

/// Whether every `|x| <= max`; NaN is not. Vectorises, and costs a tenth of what it guards.
///
/// ```
/// use mts_rng::math::kernel::all_within;
/// assert!(all_within(&[1.0, -708.0], 708.0));
/// assert!(!all_within(&[1.0, f64::NAN], 708.0));
/// ```
#[inline(always)]
#[must_use]
pub fn all_within(x: &[f64], max: f64) -> bool {
    let mut within = true;
    for x in x {
        within &= x.abs() <= max;
    }
    within
}

/// `x ← eˣ`, any argument: [`math::exp_in_place`](super::exp_in_place) inside a kernel.
#[inline(always)]
pub fn exp_in_place(x: &mut [f64]) {
    map_in_place::<Exp>(x);
}

/// `x ← sin x`, any argument: [`math::sin_in_place`](super::sin_in_place) inside a kernel.
#[inline(always)]
pub fn sin_in_place(x: &mut [f64]) {
    map_in_place::<Sin>(x);
}

/// `x ← cos x`, any argument: [`math::cos_in_place`](super::cos_in_place) inside a kernel.
#[inline(always)]
pub fn cos_in_place(x: &mut [f64]) {
    map_in_place::<Cos>(x);
}

/// Sines and cosines of a slice, any argument: [`math::sin_cos_into`](super::sin_cos_into) inside a kernel.
///
/// # Panics
/// If the three lengths are not equal.
#[inline(always)]
pub fn sin_cos_into(x: &[f64], sin: &mut [f64], cos: &mut [f64]) {
    assert!(x.len() == sin.len() && x.len() == cos.len(), "sin_cos_into: slices of different lengths");
    for ((x, sin), cos) in x.chunks(CHUNK).zip(sin.chunks_mut(CHUNK)).zip(cos.chunks_mut(CHUNK)) {
        for ((&x, sin), cos) in x.iter().zip(&mut *sin).zip(&mut *cos) {
            (*sin, *cos) = sin_cos(x);
        }
        if !all_within(x, SIN_COS_MAX) {
            patch(x, sin, SIN_COS_MAX, sin_far);
            patch(x, cos, SIN_COS_MAX, cos_far);
        }
    }
}

/// A function of one argument as a type: unlike a call through `Fn`, `F::near(x)` is inlined for certain.
trait Function {
    const MAX: f64;
    fn near(x: f64) -> f64;
    fn far(x: f64) -> f64;
}

macro_rules! functions {
    ($($name:ident = $near:path, $far:path, $max:expr;)+) => {$(
        struct $name;

        impl Function for $name {
            const MAX: f64 = $max;

            #[inline(always)]
            fn near(x: f64) -> f64 {
                $near(x)
            }

            #[inline(always)]
            fn far(x: f64) -> f64 {
                $far(x)
            }
        }
    )+};
}

functions! {
    Exp = exp, exp_far, EXP_MAX;
    Sin = sin, sin_far, SIN_COS_MAX;
    Cos = cos, cos_far, SIN_COS_MAX;
}

/// `near` for every element, then `far` for those beyond `MAX`.
#[inline(always)]
fn map_in_place<F: Function>(x: &mut [f64]) {
    for x in x.chunks_mut(CHUNK) {
        let before = if all_within(x, F::MAX) { None } else { Some(copied(x)) };
        for x in &mut *x {
            *x = F::near(*x);
        }
        if let Some(before) = before {
            patch(&before, x, F::MAX, F::far);
        }
    }
}

/// The arguments, before they are overwritten.
#[cold]
#[inline(never)]
fn copied(x: &[f64]) -> [f64; CHUNK] {
    let mut copy = [0.0; CHUNK];
    copy[..x.len()].copy_from_slice(x);
    copy
}

/// Replaces the results of arguments beyond `max`.
#[cold]
#[inline(never)]
fn patch(x: &[f64], y: &mut [f64], max: f64, far: fn(f64) -> f64) {
    for (&x, y) in x.iter().zip(y) {
        if x.is_nan() || x.abs() > max {
            *y = far(x);
        }
    }
}
