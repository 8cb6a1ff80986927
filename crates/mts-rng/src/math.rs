//! Elementary functions with the same bits on every machine.
//!
//! `f64::sin` and its kin call whatever the platform has and differ in the last bit; clippy bans them in this
//! workspace. These do not differ. [`exp`], [`sin`], [`cos`] and [`sin_cos`] are our own, for scalars and
//! slices from one source, so that both forms and all builds agree bit for bit. Everything else, and
//! arguments beyond the range of our own, is crate `libm`, pure Rust. A NaN result is always the same
//! positive NaN; processors differ in its sign.
//!
//! | | own for | largest error, ulp | slice | scalar | `libm` |
//! |---|---|---|---|---|---|
//! | exp | `\|x\| <= 708` | 0.60 | 1.0 ns | 3.8 ns | 0.90 ulp, 6.2 ns |
//! | sin, cos | `\|x\| <= 10⁶` | 0.80 | 1.4 ns | 3.9 ns | 0.78 ulp, 5 ns |
//! | both together | | | 1.5 ns | 6.0 ns | 6.8 ns |
//!
//! Errors: the largest against mpmath over 180 000 points in each of 8 ranges (exp) or 14 (sin, cos), from
//! tiny to the limits, with the doubles around multiples of π/2 among them. Times: per value on one core
//! with AVX2, slices of 4096; the shorter the slice, the nearer to the scalar form. On an x86-64 without
//! AVX2 and FMA everything of our own takes at least thirty times as long.
//!
//! Inside a [`Kernel`] use [`kernel`].

pub mod kernel;
pub(crate) mod nearest;

use crate::simd::{Kernel, dispatch};
use kernel::{EXP_MAX, SIN_COS_MAX};

/// Makes a [`Kernel`] of an `#[inline(always)]` function. One generic kernel that is handed the function would
/// not do: the call through `FnOnce` is not always inlined, and then costs thirty times as much.
macro_rules! kernels {
    ($($name:ident $(<$life:lifetime>)? { $($arg:ident: $type:ty),+ } -> $output:ty = $function:path;)+) => {$(
        struct $name $(<$life>)? { $($arg: $type),+ }

        impl $(<$life>)? Kernel for $name $(<$life>)? {
            type Output = $output;

            #[inline(always)]
            fn run(self) -> $output {
                $function($(self.$arg),+)
            }
        }
    )+};
}

kernels! {
    Exp { x: f64 } -> f64 = kernel::exp;
    Sin { x: f64 } -> f64 = kernel::sin;
    Cos { x: f64 } -> f64 = kernel::cos;
    SinCos { x: f64 } -> (f64, f64) = kernel::sin_cos;
    ExpInPlace<'a> { x: &'a mut [f64] } -> () = kernel::exp_in_place;
    SinInPlace<'a> { x: &'a mut [f64] } -> () = kernel::sin_in_place;
    CosInPlace<'a> { x: &'a mut [f64] } -> () = kernel::cos_in_place;
    SinCosInto<'a> { x: &'a [f64], sin: &'a mut [f64], cos: &'a mut [f64] } -> () = kernel::sin_cos_into;
}

/// eˣ for any x: 0 and ∞ where it underflows and overflows.
///
/// Error at most 0.60 ulp for `|x| <= 708` and 0.85 ulp elsewhere (measured). Exact at 0; `exp(1)` is the
/// double nearest to e.
///
/// ```
/// use mts_rng::math::exp;
/// assert_eq!(exp(1.0), std::f64::consts::E);
/// assert_eq!(exp(-1000.0), 0.0);
/// ```
#[inline]
#[must_use]
pub fn exp(x: f64) -> f64 {
    if x.abs() <= EXP_MAX { dispatch(Exp { x }) } else { exp_far(x) }
}

/// sin x, x in radians; NaN for NaN and ±∞.
///
/// Error at most 0.79 ulp for `|x| <= 10⁶` and 0.78 ulp elsewhere (measured). Odd bit for bit, the sign of
/// zero included.
///
/// ```
/// use mts_rng::math::sin;
/// assert_eq!(sin(std::f64::consts::FRAC_PI_2), 1.0);
/// assert_eq!(sin(-0.5), -sin(0.5));
/// ```
#[inline]
#[must_use]
pub fn sin(x: f64) -> f64 {
    if x.abs() <= SIN_COS_MAX { dispatch(Sin { x }) } else { sin_far(x) }
}

/// cos x, x in radians; NaN for NaN and ±∞.
///
/// Error at most 0.80 ulp for `|x| <= 10⁶` and 0.74 ulp elsewhere (measured). Even bit for bit.
///
/// ```
/// use mts_rng::math::cos;
/// assert_eq!(cos(0.0), 1.0);
/// assert_eq!(cos(-0.5), cos(0.5));
/// ```
#[inline]
#[must_use]
pub fn cos(x: f64) -> f64 {
    if x.abs() <= SIN_COS_MAX { dispatch(Cos { x }) } else { cos_far(x) }
}

/// ([`sin`] x, [`cos`] x) for the price of one, the same bits.
///
/// ```
/// use mts_rng::math::{cos, sin, sin_cos};
/// assert_eq!(sin_cos(2.5), (sin(2.5), cos(2.5)));
/// ```
#[inline]
#[must_use]
pub fn sin_cos(x: f64) -> (f64, f64) {
    if x.abs() <= SIN_COS_MAX { dispatch(SinCos { x }) } else { (sin_far(x), cos_far(x)) }
}

/// [`exp`] of every element, the same bits.
///
/// ```
/// use mts_rng::math::{exp, exp_in_place};
/// let mut x = [0.5, -3.0, 710.0];
/// exp_in_place(&mut x);
/// assert_eq!(x, [exp(0.5), exp(-3.0), f64::INFINITY]);
/// ```
pub fn exp_in_place(x: &mut [f64]) {
    dispatch(ExpInPlace { x });
}

/// [`sin`] of every element, the same bits.
///
/// ```
/// use mts_rng::math::{sin, sin_in_place};
/// let mut x = [0.5, -3.0, 1e9];
/// sin_in_place(&mut x);
/// assert_eq!(x, [sin(0.5), sin(-3.0), sin(1e9)]);
/// ```
pub fn sin_in_place(x: &mut [f64]) {
    dispatch(SinInPlace { x });
}

/// [`cos`] of every element, the same bits.
///
/// ```
/// use mts_rng::math::{cos, cos_in_place};
/// let mut x = [0.5, -3.0, 1e9];
/// cos_in_place(&mut x);
/// assert_eq!(x, [cos(0.5), cos(-3.0), cos(1e9)]);
/// ```
pub fn cos_in_place(x: &mut [f64]) {
    dispatch(CosInPlace { x });
}

/// [`sin`] and [`cos`] of every element of `x`, the same bits, for little more than the price of one.
///
/// # Panics
/// If the three lengths are not equal.
///
/// ```
/// use mts_rng::math::{cos, sin, sin_cos_into};
/// let (mut s, mut c) = ([0.0; 2], [0.0; 2]);
/// sin_cos_into(&[0.5, -3.0], &mut s, &mut c);
/// assert_eq!(s, [sin(0.5), sin(-3.0)]);
/// assert_eq!(c, [cos(0.5), cos(-3.0)]);
/// ```
pub fn sin_cos_into(x: &[f64], sin: &mut [f64], cos: &mut [f64]) {
    dispatch(SinCosInto { x, sin, cos });
}

/// Gives every NaN the same bits.
#[inline]
fn one_nan(y: f64) -> f64 {
    if y.is_nan() { f64::from_bits(0x7ff8_0000_0000_0000) } else { y }
}

#[cold]
#[inline(never)]
fn exp_far(x: f64) -> f64 {
    one_nan(libm::exp(x))
}

#[cold]
#[inline(never)]
fn sin_far(x: f64) -> f64 {
    one_nan(libm::sin(x))
}

#[cold]
#[inline(never)]
fn cos_far(x: f64) -> f64 {
    one_nan(libm::cos(x))
}

/// The natural logarithm; -∞ at 0, NaN below. `libm::log`.
///
/// ```
/// assert_eq!(mts_rng::math::ln(1.0), 0.0);
/// ```
#[inline]
#[must_use]
pub fn ln(x: f64) -> f64 {
    one_nan(libm::log(x))
}

/// ln(1 + x), accurate for small x. `libm::log1p`.
///
/// ```
/// assert_eq!(mts_rng::math::ln_1p(1e-20), 1e-20);
/// ```
#[inline]
#[must_use]
pub fn ln_1p(x: f64) -> f64 {
    one_nan(libm::log1p(x))
}

/// The logarithm to base 2. `libm::log2`.
///
/// ```
/// assert_eq!(mts_rng::math::log2(8.0), 3.0);
/// ```
#[inline]
#[must_use]
pub fn log2(x: f64) -> f64 {
    one_nan(libm::log2(x))
}

/// The logarithm to base 10. `libm::log10`.
///
/// ```
/// assert_eq!(mts_rng::math::log10(1000.0), 3.0);
/// ```
#[inline]
#[must_use]
pub fn log10(x: f64) -> f64 {
    one_nan(libm::log10(x))
}

/// eˣ - 1, accurate for small x. `libm::expm1`.
///
/// ```
/// assert_eq!(mts_rng::math::exp_m1(1e-20), 1e-20);
/// ```
#[inline]
#[must_use]
pub fn exp_m1(x: f64) -> f64 {
    one_nan(libm::expm1(x))
}

/// x to the power y; NaN for negative x and fractional y. For small whole powers multiply instead. `libm::pow`.
///
/// ```
/// assert_eq!(mts_rng::math::pow(2.0, 0.5), std::f64::consts::SQRT_2);
/// ```
#[inline]
#[must_use]
pub fn pow(x: f64, y: f64) -> f64 {
    one_nan(libm::pow(x, y))
}

/// The tangent, x in radians. `libm::tan`.
///
/// ```
/// assert_eq!(mts_rng::math::tan(0.0), 0.0);
/// ```
#[inline]
#[must_use]
pub fn tan(x: f64) -> f64 {
    one_nan(libm::tan(x))
}

/// The hyperbolic tangent. `libm::tanh`.
///
/// ```
/// assert_eq!(mts_rng::math::tanh(40.0), 1.0);
/// ```
#[inline]
#[must_use]
pub fn tanh(x: f64) -> f64 {
    one_nan(libm::tanh(x))
}

/// The angle of the point (x, y), in (-π, π]; note the order of the arguments. `libm::atan2`.
///
/// ```
/// assert_eq!(mts_rng::math::atan2(1.0, 0.0), std::f64::consts::FRAC_PI_2);
/// ```
#[inline]
#[must_use]
pub fn atan2(y: f64, x: f64) -> f64 {
    one_nan(libm::atan2(y, x))
}

/// The cube root. `libm::cbrt`.
///
/// ```
/// assert_eq!(mts_rng::math::cbrt(-27.0), -3.0);
/// ```
#[inline]
#[must_use]
pub fn cbrt(x: f64) -> f64 {
    one_nan(libm::cbrt(x))
}

/// √(x² + y²) without overflow on the way. `libm::hypot`.
///
/// ```
/// assert_eq!(mts_rng::math::hypot(3.0, 4.0), 5.0);
/// ```
#[inline]
#[must_use]
pub fn hypot(x: f64, y: f64) -> f64 {
    one_nan(libm::hypot(x, y))
}

/// ln |Γ(x)|; ∞ at 0 and the negative integers. `libm::lgamma`.
///
/// ```
/// assert_eq!(mts_rng::math::lgamma(1.0), 0.0);
/// ```
#[inline]
#[must_use]
pub fn lgamma(x: f64) -> f64 {
    one_nan(libm::lgamma(x))
}

/// The error function 2/√π ∫₀ˣ exp(-t²) dt. `libm::erf`.
///
/// ```
/// assert_eq!(mts_rng::math::erf(0.0), 0.0);
/// ```
#[inline]
#[must_use]
pub fn erf(x: f64) -> f64 {
    one_nan(libm::erf(x))
}
