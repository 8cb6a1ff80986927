//! Choosing among things that are not equally likely.

use mts_rng::laws::Choice;

/// A choice among `count` things, by weights that need not add up to 1.
pub(crate) fn choice(weights: &[f64], count: usize) -> Result<Choice, String> {
    if weights.len() != count {
        return Err(format!("must be as many as there are values, {count}, found {}", weights.len()));
    }
    if let Some(wrong) = weights.iter().find(|weight| !weight.is_finite() || **weight < 0.0) {
        return Err(format!("must be finite and >= 0, found {wrong}"));
    }
    let total: f64 = weights.iter().sum();
    if total <= 0.0 || !total.is_finite() {
        return Err("must not all be 0".to_owned());
    }
    let shares: Vec<f64> = weights.iter().map(|weight| weight / total).collect();
    Choice::weighted(&shares).map_err(|error| error.to_string())
}
