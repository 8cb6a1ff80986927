//! Laws of single values.

use std::f64::consts::PI;

/// The law of a value: what a histogram of a stationary series tends to.
///
/// ```
/// use mts_core::Law;
///
/// let law = Law::Normal { mean: 1.0, variance: 4.0 };
/// assert!((law.density(1.0) - 0.199_471_140_200_716_35).abs() < 1e-15);
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Law {
    /// Normal: exp(−(x − mean)² / 2·variance) / √(2π·variance).
    Normal {
        /// Its mean.
        mean: f64,
        /// Its variance, greater than 0.
        variance: f64,
    },
    /// Cauchy: scale / π·((x − location)² + scale²).
    Cauchy {
        /// Its median.
        location: f64,
        /// Half the distance between its quartiles, greater than 0.
        scale: f64,
    },
}

impl Law {
    /// The probability density at `x`.
    pub fn density(self, x: f64) -> f64 {
        match self {
            Law::Normal { mean, variance } => {
                let distance = x - mean;
                libm::exp(-distance * distance / (2.0 * variance)) / libm::sqrt(2.0 * PI * variance)
            }
            Law::Cauchy { location, scale } => {
                let distance = x - location;
                scale / (PI * (distance * distance + scale * scale))
            }
        }
    }
}
