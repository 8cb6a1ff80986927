//! Means against what they should be.

use statrs::distribution::{ContinuousCDF, StudentsT};

use crate::two_sided;

/// The p-value of values with mean `mean` and standard deviation `sd`: their average is normal with standard
/// deviation `sd/√n`.
pub fn mean_of_known_error(values: impl IntoIterator<Item = f64>, mean: f64, sd: f64) -> f64 {
    let (mut n, mut sum) = (0.0, 0.0);
    for value in values {
        n += 1.0;
        sum += value - mean;
    }
    two_sided(sum / (sd * f64::sqrt(n)))
}

/// The p-value of independent, roughly normal values of unknown variance with mean `mean`:
/// `(x̄ - mean)/(s/√n)` has Student's law of n - 1 degrees of freedom.
///
/// Student 1908, doi:10.1093/biomet/6.1.1.
pub fn mean_of_estimated_error(values: &[f64], mean: f64) -> f64 {
    let n = values.len() as f64;
    let average = values.iter().sum::<f64>() / n;
    let squares: f64 = values.iter().map(|x| (x - average) * (x - average)).sum();
    let t = (average - mean) / (squares / (n - 1.0) / n).sqrt();
    match StudentsT::new(0.0, 1.0, n - 1.0) {
        Ok(law) if !t.is_nan() => 2.0 * law.cdf(-t.abs()),
        _ => 0.0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Student's own example: additional hours of sleep of ten patients, t = 4.06.
    #[test]
    fn agrees_with_students_sleep() {
        let hours = [1.2, 2.4, 1.3, 1.3, 0.0, 1.0, 1.8, 0.8, 4.6, 1.4];
        let p = mean_of_estimated_error(&hours, 0.0);
        assert!((p - 0.002833).abs() < 1e-6, "{p}");
        assert_eq!(mean_of_estimated_error(&[1.0, 1.0], 1.0), 0.0, "no spread, no test");
    }

    #[test]
    fn known_errors_shrink_with_the_root() {
        let p = mean_of_known_error(std::iter::repeat_n(1.195_996_4, 100), 1.0, 1.0);
        assert!((p - 0.05).abs() < 1e-6, "{p}");
    }
}
