//! A law between bounds.

use mts_hash::SeedSequence;
use mts_rng::{Key, Rng, keyed};

use super::Surroundings;
use super::law::Law;
use crate::Finding;
use crate::audit::{Shape, WHOLE};
use crate::expression::rounding::round;
use crate::spec::{Constraints, LawSpec};

/// Draws of which some must satisfy the constraints for a law to be taken.
const TRIALS: u64 = 20_000;

/// Expected values beyond what there can be, in all rows, for which nobody looks.
const RARE: f64 = 1e-6;

/// Draws after which a cell takes the nearest value that is allowed: of a law that was taken, about one in
/// e⁵⁰ cells comes here.
const PATIENCE: u32 = 1_000_000;

/// A bounded law that is drawn again until constraints hold.
#[derive(Clone)]
pub(super) struct Bounded {
    law: Law,
    /// What the law's own range is, where it has one.
    range: [f64; 2],
    /// The least and the greatest value between the bounds of the column.
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
            let value = value.clamp(low.max(f64::MIN), high.min(f64::MAX));
            let value = self.rounded(value);
            if (least..=greatest).contains(&value) {
                return value;
            }
        }
        low.clamp(least, greatest)
    }

    #[inline]
    fn rounded(&self, value: f64) -> f64 {
        match self.digits {
            Some(digits) if value.abs() < WHOLE => round(value, i64::from(digits)),
            _ => value,
        }
    }

    /// Refuses a law of which some values are beyond `most`, where a row may have one.
    pub(super) fn fits(
        shape: &Shape,
        (most, what): (f64, &str),
        around: &Surroundings,
    ) -> Result<(), Vec<Finding>> {
        let share = shape.beyond(most);
        // Of a smaller share, nothing is left beside 1.
        if share < 1e-12 || share * (around.rows as f64) < RARE {
            return Ok(());
        }
        let message = format!("a share of {share:.2e} of its values is beyond {what}");
        let finding = Finding::new(around.at("distribution"), message);
        Err(vec![finding.with_hint("say a `max`, and `truncate: true` so that none becomes it")])
    }

    pub(super) fn shape(&self, spec: &LawSpec) -> Shape {
        Shape::numbers(spec, self.range, self.bounds, self.allowed, self.digits)
    }

    /// Whether constraints are met often enough.
    fn is_feasible(&self, seed: &SeedSequence) -> bool {
        let key = Key::from(&seed.named("feasible"));
        let ([low, high], [least, greatest]) = (self.bounds, self.allowed);
        (0..TRIALS).any(|trial| {
            let value = self.law.sample(&mut keyed(key, trial));
            let inside = !self.truncate || (low..=high).contains(&value);
            let value = value.clamp(low, high);
            let value = self.rounded(value);
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
    let range = if is_ranged {
        [own[0].unwrap_or(otherwise[0]), own[1].unwrap_or(otherwise[1])]
    } else {
        [own[0].unwrap_or(f64::NEG_INFINITY), own[1].unwrap_or(f64::INFINITY)]
    };
    if range[0] > range[1] || range.iter().any(|bound| bound.is_nan()) {
        let message = format!("must be <= max, found {} and {}", range[0], range[1]);
        return Err(vec![Finding::new(at("min"), message)]);
    }
    let bounds = digits.map_or(range, |digits| inward(range, digits));
    if bounds[0] > bounds[1] {
        let digits = digits.unwrap_or_default();
        let message = format!("no number with {digits} decimals lies between {} and {}", range[0], range[1]);
        return Err(vec![Finding::new(at("min"), message)]);
    }
    let allowed = [constraints.min.unwrap_or(f64::NEG_INFINITY), constraints.max.unwrap_or(f64::INFINITY)];
    if allowed[0] > allowed[1] {
        let message = format!("must be <= max, found {} and {}", allowed[0], allowed[1]);
        return Err(vec![Finding::new(at("constraints.min"), message)]);
    }
    let law = Law::new(spec, range, &at)?;
    let bounded = Bounded { law, range, bounds, allowed, truncate: spec.truncate, digits };
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

/// The least and the greatest number of so many decimals between two bounds: rounding leads no further.
fn inward([low, high]: [f64; 2], digits: u8) -> [f64; 2] {
    let unit = mts_rng::math::pow(10.0, -f64::from(digits));
    let rounded = |value: f64| round(value, i64::from(digits));
    let nearest = |bound: f64| if bound.is_finite() { rounded(bound) } else { bound };
    let (least, greatest) = (nearest(low), nearest(high));
    [
        if least < low { rounded(least + unit) } else { least },
        if greatest > high { rounded(greatest - unit) } else { greatest },
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bounds_are_rounded_inward() {
        assert_eq!(inward([0.44, 0.96], 1), [0.5, 0.9]);
        assert_eq!(inward([-0.96, -0.44], 1), [-0.9, -0.5]);
        assert_eq!(inward([0.1, 0.7], 1), [0.1, 0.7]);
        assert_eq!(inward([-1.005, 1.005], 2), [-1.0, 1.0]);
        assert_eq!(inward([0.4, 0.6], 0), [1.0, 0.0]);
        assert_eq!(inward([f64::NEG_INFINITY, 1e300], 2), [f64::NEG_INFINITY, 1e300]);
    }
}
