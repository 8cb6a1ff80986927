//! Kernels as sums of products: each product has a path of its own.

use mts_rng::math;

use super::kernel::{Kernel, Linear, Matern, Periodic, RationalQuadratic, Rbf, White};

/// A product of simple kernels, multiplied out.
#[derive(Clone, Debug)]
pub(super) struct Term {
    /// The variance of all factors that are 1 at τ = 0.
    pub(super) variance: f64,
    /// Factors that decay, apart from their variances.
    pub(super) decaying: Vec<Kernel>,
    /// Periods and lengths of factors that repeat.
    pub(super) periodic: Vec<(f64, f64)>,
    /// Whether a factor is 0 beyond τ = 0.
    pub(super) white: bool,
    /// The coefficients of (t s)ʲ, the product of the linear factors.
    pub(super) powers: Vec<f64>,
}

/// The most products that a kernel may expand to.
pub(super) const MAX_TERMS: usize = 64;

/// The products that sum up to `kernel`; `None` where they are too many.
pub(super) fn terms(kernel: &Kernel) -> Option<Vec<Term>> {
    let mut one = Term { variance: 1.0, decaying: vec![], periodic: vec![], white: false, powers: vec![1.0] };
    match kernel {
        Kernel::Sum(parts) => {
            let mut all = Vec::new();
            for part in parts {
                all.extend(terms(part)?);
                if all.len() > MAX_TERMS {
                    return None;
                }
            }
            return Some(all);
        }
        Kernel::Product(parts) => {
            let mut all = vec![one];
            for part in parts {
                let factors = terms(part)?;
                if all.len() * factors.len() > MAX_TERMS {
                    return None;
                }
                all = all.iter().flat_map(|a| factors.iter().map(|b| a.times(b))).collect();
            }
            return Some(all);
        }
        Kernel::Rbf(Rbf { variance, .. })
        | Kernel::Matern(Matern { variance, .. })
        | Kernel::RationalQuadratic(RationalQuadratic { variance, .. }) => {
            one.variance = *variance;
            one.decaying.push(kernel.clone());
        }
        Kernel::Periodic(Periodic { period, length, variance }) => {
            one.variance = *variance;
            one.periodic.push((*period, *length));
        }
        Kernel::White(White { variance }) => {
            one.variance = *variance;
            one.white = true;
        }
        Kernel::Constant(White { variance }) => one.variance = *variance,
        Kernel::Linear(Linear { offset, variance }) => one.powers = vec![*offset, *variance],
    }
    Some(vec![one])
}

impl Term {
    fn times(&self, other: &Term) -> Term {
        let mut powers = vec![0.0; self.powers.len() + other.powers.len() - 1];
        for (i, a) in self.powers.iter().enumerate() {
            for (j, b) in other.powers.iter().enumerate() {
                powers[i + j] += a * b;
            }
        }
        Term {
            variance: self.variance * other.variance,
            decaying: [&self.decaying[..], &other.decaying].concat(),
            periodic: [&self.periodic[..], &other.periodic].concat(),
            white: self.white || other.white,
            powers,
        }
    }

    /// The product of the factors that decay, at a lag; 1 at 0.
    pub(super) fn decay(&self, lag: usize) -> f64 {
        self.decaying.iter().map(|factor| decay(factor, lag as f64)).product()
    }

    /// The product of the factors that repeat, at a lag; 1 at 0.
    pub(super) fn repeat(&self, lag: usize) -> f64 {
        self.periodic.iter().map(|(period, length)| repeat(lag as f64 / period, *length)).product()
    }
}

fn decay(kernel: &Kernel, lag: f64) -> f64 {
    match kernel {
        Kernel::Rbf(Rbf { length, .. }) => {
            let x = lag / length;
            math::exp(-0.5 * x * x)
        }
        Kernel::Matern(Matern { nu, length, .. }) => {
            let x = (2.0 * nu).sqrt() * lag / length;
            let rough = if *nu < 1.0 {
                1.0
            } else if *nu < 2.0 {
                1.0 + x
            } else {
                1.0 + x + x * x / 3.0
            };
            // An infinite x comes of lengths near 0.
            if x < 800.0 { rough * math::exp(-x) } else { 0.0 }
        }
        Kernel::RationalQuadratic(RationalQuadratic { alpha, length, .. }) => {
            let x = lag / length;
            math::exp(-alpha * math::ln_1p(x * x / (2.0 * alpha)))
        }
        _ => 1.0,
    }
}

/// exp(-2 sin²(πx) / ℓ²), x in periods.
pub(super) fn repeat(x: f64, length: f64) -> f64 {
    let sin = math::sin(std::f64::consts::PI * (x - x.floor()));
    math::exp(-2.0 * (sin / length) * (sin / length))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// At a lag of one length, and of a quarter of a period.
    #[test]
    fn kernels_are_their_formulas() {
        let matern = |nu: f64| Kernel::Matern(Matern { nu, length: 5.0, variance: 1.0 });
        let cases = [
            (Kernel::Rbf(Rbf { length: 5.0, variance: 1.0 }), 0.606_530_659_712_633_4),
            (matern(0.5), 0.367_879_441_171_442_33),
            (matern(1.5), 0.483_357_724_596_507_7),
            (matern(2.5), 0.523_994_108_831_820_3),
            (
                Kernel::RationalQuadratic(RationalQuadratic { alpha: 0.5, length: 5.0, variance: 1.0 }),
                std::f64::consts::FRAC_1_SQRT_2,
            ),
        ];
        for (kernel, expected) in cases {
            let found = terms(&kernel).unwrap()[0].decay(5);
            assert!((found - expected).abs() < 1e-15, "{kernel}: {found} and {expected}");
        }
        let wave = Kernel::Periodic(Periodic { period: 20.0, length: 0.5, variance: 1.0 });
        let found = terms(&wave).unwrap()[0].repeat(5);
        assert!((found - 0.018_315_638_888_734_18).abs() < 1e-15, "{found}");
    }
}
