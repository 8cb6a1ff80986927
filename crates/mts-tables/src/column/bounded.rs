//! A law between bounds.

use mts_hash::SeedSequence;
use mts_rng::{Key, Rng, keyed};

use super::Surroundings;
use super::law::Law;
use crate::Finding;
use crate::audit::Shape;
use crate::expression::rounding::round;
use crate::spec::{Constraints, LawSpec};

/// Draws of which some must satisfy the constraints for a law to be taken.
const TRIALS: u64 = 20_000;

/// Draws after which a cell takes the nearest value that is allowed: of a law that was taken, about one in
/// e⁵⁰ cells comes here.
const PATIENCE: u32 = 1_000_000;

/// A bounded law that is drawn again until constraints hold.
#[derive(Clone)]
pub(super) struct Bounded {
    law: Law,
    /// What the column says.
    pub(super) bounds: [f64; 2],
    /// What its constraints say.
    allowed: [f64; 2],
    truncate: bool,
    /// Digits behind the point; none where nothing is rounded.
    digits: Option<u8>,
}

impl Bounded {
    #[inline]
    pub(super) fn draw(&self, rng: &mut Rng) -> f64 {
        let ([low, high], [least, greatest]) = (self.bounds, self.allowed);
        for _ in 0..PATIENCE {
            let value = self.law.sample(rng);
            if self.truncate && !(low..=high).contains(&value) {
                continue;
            }
            let value = value.clamp(low, high);
            let value = self.digits.map_or(value, |digits| round(value, i64::from(digits)));
            if (least..=greatest).contains(&value) {
                return value;
            }
        }
        low.clamp(least, greatest)
    }

    pub(super) fn shape(&self, spec: &LawSpec) -> Shape {
        Shape::numbers(spec, self.bounds, self.allowed, self.digits)
    }

    /// Whether constraints are met often enough.
    fn is_feasible(&self, seed: &SeedSequence) -> bool {
        let key = Key::from(&seed.named("feasible"));
        let ([low, high], [least, greatest]) = (self.bounds, self.allowed);
        (0..TRIALS).any(|trial| {
            let value = self.law.sample(&mut keyed(key, trial));
            let inside = !self.truncate || (low..=high).contains(&value);
            let value = value.clamp(low, high);
            let value = self.digits.map_or(value, |digits| round(value, i64::from(digits)));
            inside && value.is_finite() && (least..=greatest).contains(&value)
        })
    }
}

/// Bounds and law of a column, checked.
pub(super) fn bounded(
    spec: &LawSpec,
    own: [Option<f64>; 2],
    otherwise: [f64; 2],
    digits: Option<u8>,
    constraints: &Constraints,
    around: &Surroundings,
) -> Result<Bounded, Vec<Finding>> {
    let at = |key: &str| around.at(key);
    let is_ranged = matches!(spec.distribution.as_deref(), None | Some("uniform" | "triangular"));
    let bounds = if is_ranged {
        [own[0].unwrap_or(otherwise[0]), own[1].unwrap_or(otherwise[1])]
    } else {
        [own[0].unwrap_or(f64::NEG_INFINITY), own[1].unwrap_or(f64::INFINITY)]
    };
    if bounds[0] > bounds[1] || bounds.iter().any(|bound| bound.is_nan()) {
        let message = format!("must be <= max, found {} and {}", bounds[0], bounds[1]);
        return Err(vec![Finding::new(at("min"), message)]);
    }
    let allowed = [constraints.min.unwrap_or(f64::NEG_INFINITY), constraints.max.unwrap_or(f64::INFINITY)];
    if allowed[0] > allowed[1] {
        let message = format!("must be <= max, found {} and {}", allowed[0], allowed[1]);
        return Err(vec![Finding::new(at("constraints.min"), message)]);
    }
    let law = Law::new(spec, bounds, &at)?;
    let bounded = Bounded { law, bounds, allowed, truncate: spec.truncate, digits };
    if !bounded.is_feasible(around.seed) {
        let range = |[low, high]: [f64; 2]| format!("[{low}, {high}]");
        let message = format!(
            "none of {TRIALS} draws satisfies the constraints: values of the column lie in {}, those allowed in {}",
            range(bounds),
            range(allowed)
        );
        return Err(vec![Finding::new(around.path, message)]);
    }
    Ok(bounded)
}
