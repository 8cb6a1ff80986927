//! Why a law cannot be had.

use std::fmt;

/// A parameter that its law does not allow.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LawError {
    /// NumPy's name of the law.
    pub law: &'static str,
    /// NumPy's name of the parameter.
    pub parameter: &'static str,
    /// What was given.
    pub value: String,
    /// What it must be.
    pub rule: &'static str,
}

impl fmt::Display for LawError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let LawError { law, parameter, value, rule } = self;
        write!(f, "{law}: {parameter} = {value}, but it must be {rule}")
    }
}

impl std::error::Error for LawError {}

/// Checks of the parameters of the law named.
#[derive(Clone, Copy)]
pub(super) struct Check(pub(super) &'static str);

impl Check {
    /// Refuses unless `holds`.
    pub(super) fn that(
        self,
        holds: bool,
        parameter: &'static str,
        value: impl fmt::Debug,
        rule: &'static str,
    ) -> Result<(), LawError> {
        if holds {
            return Ok(());
        }
        Err(LawError { law: self.0, parameter, value: format!("{value:?}"), rule })
    }

    pub(super) fn finite(self, parameter: &'static str, value: f64) -> Result<f64, LawError> {
        self.that(value.is_finite(), parameter, value, "a finite number")?;
        Ok(value)
    }

    pub(super) fn positive(self, parameter: &'static str, value: f64) -> Result<f64, LawError> {
        self.that(value.is_finite() && value > 0.0, parameter, value, "a finite number above 0")?;
        Ok(value)
    }

    pub(super) fn not_negative(self, parameter: &'static str, value: f64) -> Result<f64, LawError> {
        self.that(value.is_finite() && value >= 0.0, parameter, value, "a finite number, at least 0")?;
        Ok(value)
    }

    /// Checks that the numbers are probabilities, at least one; returns their sum by Kahan's method.
    pub(super) fn probabilities(self, parameter: &'static str, values: &[f64]) -> Result<f64, LawError> {
        self.that(!values.is_empty(), parameter, values, "at least one probability")?;
        let (mut sum, mut lost) = (0.0, 0.0);
        for &value in values {
            self.that((0.0..=1.0).contains(&value), parameter, value, "probabilities in [0, 1]")?;
            let term = value - lost;
            let next = sum + term;
            lost = (next - sum) - term;
            sum = next;
        }
        Ok(sum)
    }
}
