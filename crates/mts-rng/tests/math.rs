//! `mts_rng::math`: equal bits in every form and build, closeness to libm, special values, pinned bits.

use std::f64::consts::{E, FRAC_1_SQRT_2, FRAC_PI_2, FRAC_PI_4, LN_2, PI, TAU};

use mts_rng::math::{self, kernel};
use mts_rng::simd::{Kernel, dispatch, dispatch_plain};

/// SplitMix64: arguments that are nobody's draws.
struct Arguments(u64);

impl Arguments {
    fn bits(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let z = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// Uniform in [-limit, limit).
    fn within(&mut self, limit: f64) -> f64 {
        ((self.bits() >> 11) as f64 / (1_u64 << 52) as f64 - 1.0) * limit
    }

    /// Any double at all: huge, subnormal, infinite, NaN.
    fn any(&mut self) -> f64 {
        f64::from_bits(self.bits())
    }

    /// A multiple of `unit` up to `limit`, or one of the doubles next to it.
    fn near_multiple(&mut self, unit: f64, limit: f64) -> f64 {
        let x = (self.within(limit) / unit).round() * unit;
        f64::from_bits(x.to_bits().wrapping_add(self.bits() % 5).wrapping_sub(2))
    }

    /// Fills a slice with one kind of argument for a function that is our own up to `max`.
    fn fill(&mut self, x: &mut [f64], kind: usize, unit: f64, max: f64) {
        for x in x {
            *x = match kind % 8 {
                0 | 1 => self.within(10.0),
                2 => self.within(1.0),
                3 => self.within(max),
                4 => self.near_multiple(unit, max),
                5 => self.within(max * 1.1),
                6 => self.within(1.0) * f64::from_bits((self.bits() % 1022) << 52),
                _ if self.bits().is_multiple_of(16) => self.any(),
                _ => self.within(100.0),
            };
        }
    }
}

const TRIG: (f64, f64) = (FRAC_PI_4, kernel::SIN_COS_MAX);
const EXP: (f64, f64) = (LN_2 / 2.0, kernel::EXP_MAX);

/// Blocks of 1 to 2000 arguments of all kinds, `total` together.
fn blocks(seed: u64, total: usize, (unit, max): (f64, f64), mut check: impl FnMut(&[f64])) {
    let mut arguments = Arguments(seed);
    let mut x = vec![0.0; 2000];
    let (mut done, mut kind) = (0, 0);
    while done < total {
        let n = (1 + (arguments.bits() % 2000) as usize).min(total - done);
        arguments.fill(&mut x[..n], kind, unit, max);
        check(&x[..n]);
        done += n;
        kind += 1;
    }
}

/// The plain build of a slice function, whatever this processor has.
struct InPlace<'a>(fn(&mut [f64]), &'a mut [f64]);

impl Kernel for InPlace<'_> {
    type Output = ();

    #[inline(always)]
    fn run(self) {
        self.0(self.1);
    }
}

struct SinCosInto<'a>(&'a [f64], &'a mut [f64], &'a mut [f64]);

impl Kernel for SinCosInto<'_> {
    type Output = ();

    #[inline(always)]
    fn run(self) {
        kernel::sin_cos_into(self.0, self.1, self.2);
    }
}

#[track_caller]
fn same(x: &[f64], a: &[f64], b: &[f64]) {
    for ((x, a), b) in x.iter().zip(a).zip(b) {
        assert_eq!(a.to_bits(), b.to_bits(), "at {x:?} ({:#018x}): {a:?} and {b:?}", x.to_bits());
    }
}

fn one_function(
    seed: u64,
    total: usize,
    range: (f64, f64),
    slice: fn(&mut [f64]),
    plain: fn(&mut [f64]),
    scalar: fn(f64) -> f64,
) {
    blocks(seed, total, range, |x| {
        let mut a = x.to_vec();
        slice(&mut a);
        let mut b = x.to_vec();
        dispatch_plain(InPlace(plain, &mut b));
        same(x, &a, &b);
        let c: Vec<f64> = x.iter().map(|&x| scalar(x)).collect();
        same(x, &a, &c);
    });
}

// The four tests of equal bits see 10⁷ arguments together.

#[test]
fn exp_has_the_same_bits_in_all_forms_and_builds() {
    one_function(1, 4_000_000, EXP, math::exp_in_place, kernel::exp_in_place, math::exp);
}

#[test]
fn sin_has_the_same_bits_in_all_forms_and_builds() {
    one_function(2, 1_500_000, TRIG, math::sin_in_place, kernel::sin_in_place, math::sin);
}

#[test]
fn cos_has_the_same_bits_in_all_forms_and_builds() {
    one_function(3, 1_500_000, TRIG, math::cos_in_place, kernel::cos_in_place, math::cos);
}

#[test]
fn sin_cos_has_the_same_bits_in_all_forms_and_builds() {
    let [mut s, mut c, mut s2, mut c2] = [(); 4].map(|()| vec![0.0; 2000]);
    blocks(4, 3_000_000, TRIG, |x| {
        let n = x.len();
        math::sin_cos_into(x, &mut s[..n], &mut c[..n]);
        dispatch_plain(SinCosInto(x, &mut s2[..n], &mut c2[..n]));
        same(x, &s[..n], &s2[..n]);
        same(x, &c[..n], &c2[..n]);
        for i in 0..n {
            (s2[i], c2[i]) = math::sin_cos(x[i]);
        }
        same(x, &s[..n], &s2[..n]);
        same(x, &c[..n], &c2[..n]);
        // and the halves are the functions of their own
        s2[..n].copy_from_slice(x);
        c2[..n].copy_from_slice(x);
        math::sin_in_place(&mut s2[..n]);
        math::cos_in_place(&mut c2[..n]);
        same(x, &s[..n], &s2[..n]);
        same(x, &c[..n], &c2[..n]);
    });
}

#[test]
fn elements_inside_a_kernel_have_the_same_bits() {
    /// Fused with other arithmetic, as models do it.
    struct Waves<'a>(&'a [f64], &'a mut [f64]);

    impl Kernel for Waves<'_> {
        type Output = bool;

        #[inline(always)]
        fn run(self) -> bool {
            for (&x, y) in self.0.iter().zip(self.1) {
                let (s, c) = kernel::sin_cos(x);
                *y = kernel::exp(s).mul_add(c, kernel::sin(x) - kernel::cos(x));
            }
            kernel::all_within(self.0, kernel::SIN_COS_MAX)
        }
    }

    let mut arguments = Arguments(5);
    let x: Vec<f64> = (0..100_003).map(|_| arguments.within(kernel::SIN_COS_MAX)).collect();
    let (mut y, mut z) = (vec![0.0; x.len()], vec![0.0; x.len()]);
    assert!(dispatch(Waves(&x, &mut y)));
    assert!(dispatch_plain(Waves(&x, &mut z)));
    same(&x, &y, &z);
    for (&x, y) in x.iter().zip(y) {
        let z = math::exp(math::sin(x)).mul_add(math::cos(x), math::sin(x) - math::cos(x));
        assert_eq!(y.to_bits(), z.to_bits(), "at {x:?}");
    }
}

/// How many doubles apart; 0 for two NaN.
fn apart(a: f64, b: f64) -> u64 {
    if a.is_nan() && b.is_nan() {
        return 0;
    }
    let line = |x: f64| {
        let magnitude = (x.to_bits() & !(1 << 63)).cast_signed();
        if x.is_sign_negative() { -magnitude } else { magnitude }
    };
    line(a).abs_diff(line(b))
}

#[test]
fn within_two_ulp_of_libm() {
    blocks(6, 500_000, EXP, |x| {
        for &x in x {
            assert!(apart(math::exp(x), libm::exp(x)) <= 2, "exp at {x:?}");
        }
    });
    blocks(7, 500_000, TRIG, |x| {
        for &x in x {
            let (s, c) = math::sin_cos(x);
            assert!(apart(s, libm::sin(x)) <= 2, "sin at {x:?}");
            assert!(apart(c, libm::cos(x)) <= 2, "cos at {x:?}");
        }
    });
}

#[test]
fn odd_and_even_bit_for_bit() {
    blocks(8, 500_000, TRIG, |x| {
        for &x in x.iter().filter(|x| x.is_finite()) {
            assert_eq!(math::sin(-x).to_bits(), (-math::sin(x)).to_bits(), "sin at {x:?}");
            assert_eq!(math::cos(-x).to_bits(), math::cos(x).to_bits(), "cos at {x:?}");
        }
    });
}

#[test]
fn exp_grows_and_sin_cos_stay_on_the_circle() {
    let mut before = 0.0;
    for i in -72_000..=70_978 {
        let y = math::exp(f64::from(i) * 0.01);
        assert!(y > before, "at {i}");
        before = y;
    }
    let mut arguments = Arguments(9);
    for _ in 0..100_000 {
        let x = arguments.within(kernel::SIN_COS_MAX);
        let (s, c) = math::sin_cos(x);
        assert!(s.abs() <= 1.0 && c.abs() <= 1.0, "at {x:?}");
        assert!((s.mul_add(s, c * c) - 1.0).abs() < 5e-16, "at {x:?}");
    }
}

#[test]
fn special_values() {
    let nan = 0x7ff8_0000_0000_0000_u64;
    let negative_nan = f64::from_bits(0xfff8_0000_0000_0001);

    for zero in [0.0_f64, -0.0] {
        assert_eq!(math::exp(zero), 1.0);
        assert_eq!(math::sin(zero).to_bits(), zero.to_bits());
        assert_eq!(math::cos(zero), 1.0);
    }
    assert_eq!(math::exp(1.0), E);
    assert_eq!(math::exp(f64::INFINITY), f64::INFINITY);
    assert_eq!(math::exp(f64::NEG_INFINITY).to_bits(), 0);
    assert_eq!(math::exp(709.79), f64::INFINITY);
    assert!(math::exp(709.78).is_finite());
    assert_eq!(math::exp(-745.0), f64::from_bits(1));
    assert_eq!(math::exp(-745.2).to_bits(), 0);
    assert_eq!(math::sin(FRAC_PI_2), 1.0);
    assert!((math::cos(FRAC_PI_4) - FRAC_1_SQRT_2).abs() < 2e-16);
    assert_eq!(math::sin(f64::from_bits(1)), f64::from_bits(1));

    for x in [f64::NAN, negative_nan] {
        assert_eq!(math::exp(x).to_bits(), nan);
    }
    for x in [f64::NAN, negative_nan, f64::INFINITY, f64::NEG_INFINITY] {
        assert_eq!(math::sin(x).to_bits(), nan);
        assert_eq!(math::cos(x).to_bits(), nan);
        assert_eq!(math::sin_cos(x).0.to_bits(), nan);
        assert_eq!(math::sin_cos(x).1.to_bits(), nan);
    }
    for x in [math::ln(-1.0), math::pow(-1.0, 0.5), math::log2(negative_nan), math::tan(f64::INFINITY)] {
        assert_eq!(x.to_bits(), nan);
    }

    // next to the limits of our own, and empty slices
    for x in [kernel::EXP_MAX, -kernel::EXP_MAX] {
        assert!(apart(math::exp(x), math::exp(x.next_up())) < 3000);
        assert!(apart(math::exp(x), math::exp(x.next_down())) < 3000);
    }
    math::exp_in_place(&mut []);
    math::sin_cos_into(&[], &mut [], &mut []);
}

#[test]
#[should_panic(expected = "different lengths")]
fn slices_of_different_lengths_are_refused() {
    math::sin_cos_into(&[1.0, 2.0], &mut [0.0], &mut [0.0, 0.0]);
}

// Pinned bits: values of published datasets. A change here is a change of `mts_rng::ENGINE`.

#[test]
fn pinned_exp() {
    for (x, bits) in PINNED_EXP {
        assert_eq!(math::exp(x).to_bits(), bits, "exp({x:?}) = {:#018x}", math::exp(x).to_bits());
    }
}

#[test]
fn pinned_sin_cos() {
    for (x, sin, cos) in PINNED_SIN_COS {
        assert_eq!(math::sin(x).to_bits(), sin, "sin({x:?}) = {:#018x}", math::sin(x).to_bits());
        assert_eq!(math::cos(x).to_bits(), cos, "cos({x:?}) = {:#018x}", math::cos(x).to_bits());
    }
}

/// So that an update of libm that moves values is seen.
#[test]
fn pinned_libm() {
    let pinned = [
        (math::ln(0.3), 0xbff3_4378_fcbd_a721),
        (math::ln(2.5e10), 0x4037_f130_3229_b15f),
        (math::ln_1p(1e-5), 0x3ee4_f8ae_a9ae_7317),
        (math::ln_1p(-0.7), 0xbff3_4378_fcbd_a720),
        (math::log2(10.0), 0x400a_934f_0979_a371),
        (math::log10(2.0), 0x3fd3_4413_509f_79ff),
        (math::exp_m1(0.01), 0x3f84_952e_9791_133f),
        (math::exp_m1(-3.0), 0xbfee_6824_f333_14f5),
        (math::pow(2.5, 3.7), 0x403d_ac93_f32d_18dd),
        (math::pow(0.1, -8.25), 0x41a5_32e0_ca01_fe28),
        (math::tan(1.0), 0x3ff8_eb24_5cbe_e3a6),
        (math::tan(1e5), 0xbfa2_50a9_d503_313d),
        (math::tanh(0.3), 0x3fd2_a4dd_a7d9_14f9),
        (math::tanh(-2.0), 0xbfee_d950_5e1b_c3d4),
        (math::atan2(1.0, -3.0), 0x4006_8f09_5fdf_593c),
        (math::atan2(-0.5, 0.25), 0xbff1_b6e1_92eb_be44),
        (math::cbrt(2.0), 0x3ff4_28a2_f98d_728b),
        (math::cbrt(-0.1), 0xbfdd_b4c7_760b_cff3),
        (math::hypot(1.0, 1.5), 0x3ffc_d82b_4461_59f3),
        (math::lgamma(0.5), 0x3fe2_50d0_48e7_a1bd),
        (math::lgamma(33.3), 0x4054_a6a3_683b_c20b),
        (math::erf(0.4), 0x3fdb_6ac7_c4b2_0a05),
        (math::erf(-1.7), 0xbfef_7b36_20b8_747b),
    ];
    for (i, (y, bits)) in pinned.into_iter().enumerate() {
        assert_eq!(y.to_bits(), bits, "number {i}: {y:?} = {:#018x}", y.to_bits());
    }
}

const PINNED_EXP: [(f64, u64); 25] = [
    (0.0, 0x3ff0_0000_0000_0000),
    (-0.0, 0x3ff0_0000_0000_0000),
    (1.0, 0x4005_bf0a_8b14_5769),
    (-1.0, 0x3fd7_8b56_362c_ef38),
    (1e-300, 0x3ff0_0000_0000_0000),
    (-1e-17, 0x3ff0_0000_0000_0000),
    (1e-9, 0x3ff0_0000_0044_b830),
    (0.1, 0x3ff1_aec7_b35a_00d4),
    (-0.3465735902799726, 0x3fe6_a09e_667f_3bcd),
    (0.34657359027997264, 0x3ff6_a09e_667f_3bcc),
    (0.5, 0x3ffa_6129_8e1e_069c),
    (2.0, 0x401d_8e64_b8d4_ddae),
    (-7.966118163113851, 0x3f36_be16_6cdc_59f0),
    (10.0, 0x40d5_829d_cf95_0560),
    (-20.5, 0x3e15_7a3a_feed_00ab),
    (100.0, 0x48f3_494a_9b17_1bf5),
    (-161.8498666607471, 0x3156_a09e_667f_3f1c),
    (345.678, 0x5f1a_22ad_25cc_b60e),
    (-700.25, 0x00ca_f5fe_9a48_5c8e),
    (708.0, 0x7fc5_86f6_bf26_0cf1),
    (-708.0, 0x0017_c8ab_2288_c9ab),
    (709.5, 0x7fe8_1e9b_4b52_d0c9),
    (-740.0, 0x0000_0000_0000_0055),
    (710.0, 0x7ff0_0000_0000_0000),
    (-746.0, 0x0000_0000_0000_0000),
];

const PINNED_SIN_COS: [(f64, u64, u64); 25] = [
    (0.0, 0x0000_0000_0000_0000, 0x3ff0_0000_0000_0000),
    (-0.0, 0x8000_0000_0000_0000, 0x3ff0_0000_0000_0000),
    (1e-300, 0x01a5_6e1f_c2f8_f359, 0x3ff0_0000_0000_0000),
    (-1e-9, 0xbe11_2e0b_e826_d695, 0x3ff0_0000_0000_0000),
    (0.1, 0x3fb9_8eae_cb8b_cb2c, 0x3fef_d712_f9a8_17c1),
    (0.5, 0x3fde_aee8_744b_05f0, 0x3fec_1528_065b_7d50),
    (-0.7834189725248958, 0xbfe6_9524_88ff_00fe, 0x3fe6_ac12_74ee_b304),
    (FRAC_PI_4, 0x3fe6_a09e_667f_3bcc, 0x3fe6_a09e_667f_3bcd),
    (0.7853981633974484, 0x3fe6_a09e_667f_3bcd, 0x3fe6_a09e_667f_3bcc),
    (1.0, 0x3fea_ed54_8f09_0cee, 0x3fe1_4a28_0fb5_068c),
    (-FRAC_PI_2, 0xbff0_0000_0000_0000, 0x3c91_a626_3314_5c07),
    (2.0, 0x3fed_18f6_ead1_b446, 0xbfda_a226_5753_7205),
    (PI, 0x3ca1_a626_3314_5c07, 0xbff0_0000_0000_0000),
    (-TAU, 0x3cb1_a626_3314_5c07, 0x3ff0_0000_0000_0000),
    (10.0, 0xbfe1_689e_f5f3_4f52, 0xbfea_d9ac_890c_6b1f),
    (43.9822971502571, 0xbd03_dc58_5b2c_7422, 0x3ff0_0000_0000_0000),
    (-100.0, 0x3fe0_3425_b78c_4db8, 0x3feb_981d_bf66_5fdf),
    (12345.678, 0xbfe6_87d5_8909_74a5, 0x3fe6_b94c_3bbe_24b8),
    (426558.3819209745, 0xbfe6_a09e_5dc6_2042, 0x3fe6_a09e_6f38_5755),
    (-411175.57349268335, 0x3fe6_a09e_737d_9a82, 0xbfe6_a09e_5980_dd10),
    (999990.0, 0x3fe9_b47d_8900_b31d, 0xbfe3_0f23_ed63_97ab),
    (1000000.0, 0xbfd6_664b_2568_d867, 0x3fed_f9df_9906_d32c),
    (-1000000.0000000001, 0x3fd6_664b_254a_de88, 0x3fed_f9df_990c_6cbf),
    (1000000000000000.0, 0x3feb_76f8_8136_ceba, 0xbfe0_6c15_4609_d33e),
    (-1e300, 0x3fea_2c16_b010_e385, 0xbfe2_6990_22ad_c4c1),
];
