//! One source, one build per instruction set, equal bits: the only place that chooses between builds.
//!
//! A computation is written once as a [`Kernel`]. [`dispatch`] runs the build compiled for AVX2 and
//! FMA where the processor has both, and the plain build everywhere else.
//!
//! # Why the bits are equal
//!
//! Each operation of IEEE 754 (`+ - * /`, `sqrt`, `mul_add`) is exactly rounded on every target, and
//! rustc neither fuses nor reorders them: a wider register changes how many elements are computed at
//! once, never the value of one. A kernel keeps this promise as long as it
//! - uses [`f64::mul_add`] where it wants a fused operation, in every build;
//! - adds numbers up in an order of its own (several accumulators, combined in a fixed way), because
//!   the compiler rightly refuses to reorder a sum into lanes;
//! - asks neither for the processor nor for the build it runs in.
//!
//! # Speed
//!
//! | target | `dispatch` runs | `mul_add` is |
//! |---|---|---|
//! | x86-64 with AVX2 and FMA (most since 2015) | the AVX2+FMA build | one instruction |
//! | x86-64 without | the plain build | a call of a function `fma`: right, but slow |
//! | x86-64 compiled for AVX2 and FMA (`-C target-cpu=x86-64-v3`, `native`) | the plain build, no test | one instruction |
//! | aarch64 and others whose baseline has a fused operation | the plain build | one instruction |
//!
//! There is no AVX-512 build: it would halve the time of [`math`](crate::math) over slices (measured), but
//! add a third copy of every kernel to each binary. `-C target-cpu=native` has it.
#![allow(unsafe_code)] // Reason: a function with target features is entered from one without; once, in `dispatch`.

/// A computation that [`dispatch`] compiles for each instruction set.
///
/// Mark `run` and every function of its loops `#[inline(always)]`: only code inlined into the build for an
/// instruction set is compiled for it. What is not inlined gives the same bits, but slowly; the compiler
/// decides this for closures and functions passed as values (`impl Fn`), so call functions by name. Plain
/// `for` loops over zipped slices vectorise best.
///
/// ```
/// use mts_rng::simd::{Kernel, dispatch};
///
/// /// y += a·x
/// struct Axpy<'a> {
///     a: f64,
///     x: &'a [f64],
///     y: &'a mut [f64],
/// }
///
/// impl Kernel for Axpy<'_> {
///     type Output = ();
///
///     #[inline(always)]
///     fn run(self) {
///         for (y, &x) in self.y.iter_mut().zip(self.x) {
///             *y = self.a.mul_add(x, *y);
///         }
///     }
/// }
///
/// let mut y = [1.0; 5];
/// dispatch(Axpy { a: 0.5, x: &[2.0; 5], y: &mut y });
/// assert_eq!(y, [2.0; 5]);
/// ```
pub trait Kernel {
    /// What the computation returns; `()` for those that write into borrowed slices.
    type Output;

    /// Does the work. Implementations must be `#[inline(always)]`.
    fn run(self) -> Self::Output;
}

/// Runs `kernel` in the best build for this processor. The bits are those of every other build.
///
/// Costs two cached flag tests and a call, about a nanosecond: dispatch whole slices or steps, not
/// elements.
#[inline]
pub fn dispatch<K: Kernel>(kernel: K) -> K::Output {
    #[cfg(all(target_arch = "x86_64", not(all(target_feature = "avx2", target_feature = "fma"))))]
    if std::arch::is_x86_feature_detected!("avx2") && std::arch::is_x86_feature_detected!("fma") {
        // SAFETY: the only requirement of `avx2_fma` is a processor with AVX2 and FMA; just tested.
        return unsafe { avx2_fma(kernel) };
    }
    kernel.run()
}

/// Runs `kernel` in the plain build whatever the processor has: the other side of a test of equal bits.
#[doc(hidden)]
#[inline(never)]
pub fn dispatch_plain<K: Kernel>(kernel: K) -> K::Output {
    kernel.run()
}

#[cfg(all(target_arch = "x86_64", not(all(target_feature = "avx2", target_feature = "fma"))))]
#[target_feature(enable = "avx2,fma")]
fn avx2_fma<K: Kernel>(kernel: K) -> K::Output {
    kernel.run()
}
