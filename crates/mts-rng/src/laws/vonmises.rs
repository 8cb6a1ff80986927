//! The law of von Mises.

use std::f64::consts::PI;

use crate::laws::LawError;
use crate::laws::batch::{self, Transformed};
use crate::laws::error::Check;
use crate::math::nearest::{acos_from, cos, ln};
use crate::pcg64::Pcg64;
use crate::ziggurat::normal;

/// Direction: density proportional to `exp(kappa·cos(x - mu))` on [-π, π].
///
/// `kappa >= 0`. Draws: up to 10⁶, pairs of uniforms until one fits, 1.52 on average at most, and one for the side (Best &
/// Fisher 1979, doi:10.2307/2346732); above, one normal, wrapped once (so
/// `mu` should be in [-π, π]); below 10⁻⁸, one uniform, without `mu`.
///
/// ```
/// use mts_rng::{Rng, laws::{Law, Vonmises}};
///
/// // >>> numpy.random.default_rng(42).vonmises(0.5, 4.0)
/// let mut rng = Rng::from_seed(42_u64);
/// assert_eq!(Vonmises::new(0.5, 4.0)?.sample(&mut rng), 0.3982847795528137);
/// # Ok::<(), mts_rng::laws::LawError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Vonmises {
    mu: f64,
    method: Method,
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Method {
    Uniform,
    Envelope(Envelope),
    Normal { sigma: f64 },
}

impl Vonmises {
    /// The law of this mean direction and concentration.
    ///
    /// # Errors
    ///
    /// Where `kappa` is negative or one is not finite.
    pub fn new(mu: f64, kappa: f64) -> Result<Self, LawError> {
        let check = Check("vonmises");
        let (mu, kappa) = (check.finite("mu", mu)?, check.not_negative("kappa", kappa)?);
        let method = if kappa < 1e-8 {
            Method::Uniform
        } else if kappa > 1e6 {
            Method::Normal { sigma: (1.0 / kappa).sqrt() }
        } else if kappa < 1e-5 {
            Method::Envelope(Envelope { mu, kappa, s: 1.0 / kappa + kappa })
        } else {
            let r = 1.0 + (1.0 + 4.0 * kappa * kappa).sqrt();
            let rho = (r - (2.0 * r).sqrt()) / (2.0 * kappa);
            Method::Envelope(Envelope { mu, kappa, s: (1.0 + rho * rho) / (2.0 * rho) })
        };
        Ok(Vonmises { mu, method })
    }

    #[inline(always)]
    fn draw(&self, pcg: &mut Pcg64) -> f64 {
        match self.method {
            Method::Uniform => PI * (2.0 * pcg.next_f64() - 1.0),
            Method::Envelope(envelope) => envelope.exact(envelope.source(pcg)),
            Method::Normal { sigma } => {
                let x = self.mu + sigma * normal(pcg);
                let x = if x < -PI { x + 2.0 * PI } else { x };
                if x > PI { x - 2.0 * PI } else { x }
            }
        }
    }

    #[inline(always)]
    fn draw_all(&self, pcg: &mut Pcg64, out: &mut [f64]) {
        if let Method::Envelope(envelope) = &self.method {
            batch::transformed(envelope, pcg, out);
        } else {
            for value in out {
                *value = self.draw(pcg);
            }
        }
    }
}

law!(Vonmises => f64, draw_all);

/// Draws below a wrapped Cauchy density.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Envelope {
    mu: f64,
    kappa: f64,
    s: f64,
}

impl Transformed for Envelope {
    /// Cosine of the angle, and the angle to a unit in the last place, on its side.
    type Source = (f64, f64);

    #[inline(always)]
    fn source(&self, pcg: &mut Pcg64) -> (f64, f64) {
        let Envelope { kappa, s, .. } = *self;
        loop {
            let z = cos(PI * pcg.next_f64());
            let w = (1.0 + s * z) / (s + z);
            let y = kappa * (s - w);
            let v = pcg.next_f64();
            if y * (2.0 - y) - v >= 0.0 || ln(y / v) + 1.0 - y >= 0.0 {
                let angle = libm::acos(w);
                return (w, if pcg.next_f64() < 0.5 { -angle } else { angle });
            }
        }
    }

    #[inline(always)]
    fn transform(&self, (cosine, angle): (f64, f64)) -> f64 {
        let x = acos_from(angle.abs(), cosine).copysign(angle) + self.mu;
        let turned = x.abs() + PI;
        let wrapped = turned - PI;
        let value = if x < 0.0 { -wrapped } else { wrapped };
        if turned < 2.0 * PI { value } else { f64::NAN }
    }

    #[inline(always)]
    fn exact(&self, (cosine, angle): (f64, f64)) -> f64 {
        let x = acos_from(angle.abs(), cosine).copysign(angle) + self.mu;
        let turned = x.abs() + PI;
        let wrapped = if turned < 2.0 * PI { turned } else { turned % (2.0 * PI) } - PI;
        if x < 0.0 { -wrapped } else { wrapped }
    }
}
