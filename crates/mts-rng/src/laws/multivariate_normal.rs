//! The multivariate normal law.

use crate::Rng;
use crate::laws::error::Check;
use crate::laws::{LawError, VectorLaw};

/// Density `exp(-(x-mean)ᵀ·cov⁻¹·(x-mean)/2) / √((2π)^d·det cov)`.
///
/// NumPy's `method="cholesky"`: `mean + L·z` with the lower factor `L·Lᵀ = cov` and one normal for each component of
/// z in turn. The normals are NumPy's; its factor and sums come from LAPACK and BLAS in their own order, so draws
/// agree to about 10⁻¹⁵ of their size.
///
/// ```
/// use mts_rng::{Rng, laws::{MultivariateNormal, VectorLaw}};
///
/// // >>> rng = numpy.random.default_rng(42)
/// // >>> rng.multivariate_normal([1.0, -2.0], [[4.0, 1.0], [1.0, 9.0]], method="cholesky")
/// let mut rng = Rng::from_seed(42_u64);
/// let law = MultivariateNormal::new(&[1.0, -2.0], &[4.0, 1.0, 1.0, 9.0])?;
/// assert_eq!(law.sample(&mut rng), [1.6094341595088628, -4.923955932959943]);
/// # Ok::<(), mts_rng::laws::LawError>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct MultivariateNormal {
    mean: Vec<f64>,
    /// The lower factor, row by row, each up to the diagonal.
    lower: Vec<f64>,
}

impl MultivariateNormal {
    /// The law of this mean and covariance, the latter row by row.
    ///
    /// # Errors
    ///
    /// Where the mean is empty, the covariance is not of its size squared, a number is not finite, or the
    /// covariance is not symmetric (to 10⁻⁸ of the larger of two entries) or not positive definite.
    pub fn new(mean: &[f64], cov: &[f64]) -> Result<Self, LawError> {
        let d = mean.len();
        let check = checked(mean, "cov", cov)?;
        for (i, j) in (0..d).flat_map(|i| (0..i).map(move |j| (i, j))) {
            let (below, above) = (cov[i * d + j], cov[j * d + i]);
            let alike = (below - above).abs() <= 1e-8 * below.abs().max(above.abs());
            check.that(alike, "cov", (below, above), "symmetric")?;
        }

        // Cholesky, row by row.
        let mut lower: Vec<f64> = Vec::with_capacity(d * (d + 1) / 2);
        let row = |i: usize| i * (i + 1) / 2;
        for i in 0..d {
            for j in 0..=i {
                let products = lower[row(i)..].iter().zip(&lower[row(j)..]).take(j);
                let rest = products.fold(cov[i * d + j], |rest, (a, b)| rest - a * b);
                if i == j {
                    check.that(rest > 0.0, "cov", cov, "positive definite")?;
                    lower.push(rest.sqrt());
                } else {
                    lower.push(rest / lower[row(j) + j]);
                }
            }
        }
        Ok(MultivariateNormal { mean: mean.to_vec(), lower })
    }

    /// The law of this mean and the lower factor of its covariance, row by row, zeros included.
    ///
    /// # Errors
    ///
    /// Where the mean is empty, the factor is not of its size squared, a number is not finite, or something above
    /// the diagonal is not 0.
    pub fn from_cholesky(mean: &[f64], lower: &[f64]) -> Result<Self, LawError> {
        let d = mean.len();
        let check = checked(mean, "lower", lower)?;
        for (i, row) in lower.chunks_exact(d).enumerate() {
            check.that(row[i + 1..].iter().all(|&x| x == 0.0), "lower", row, "0 above the diagonal")?;
        }
        let packed = lower.chunks_exact(d).enumerate().flat_map(|(i, row)| &row[..=i]).copied();
        Ok(MultivariateNormal { mean: mean.to_vec(), lower: packed.collect() })
    }
}

fn checked(mean: &[f64], name: &'static str, matrix: &[f64]) -> Result<Check, LawError> {
    let check = Check("multivariate_normal");
    check.that(!mean.is_empty(), "mean", mean, "of at least one component")?;
    let square = mean.len().checked_mul(mean.len()) == Some(matrix.len());
    check.that(square, name, matrix, "the square of the mean's length")?;
    for &x in mean {
        check.finite("mean", x)?;
    }
    for &x in matrix {
        check.finite(name, x)?;
    }
    Ok(check)
}

impl VectorLaw for MultivariateNormal {
    type Value = f64;

    fn dimension(&self) -> usize {
        self.mean.len()
    }

    fn draw_into(&self, rng: &mut Rng, row: &mut [f64]) {
        rng.fill_standard_normal(row);
        // From the last component down: each needs the normals before it only.
        let mut rest = self.lower.as_slice();
        for (i, mean) in self.mean.iter().enumerate().rev() {
            let (before, factors) = rest.split_at(rest.len() - i - 1);
            row[i] = mean + factors.iter().zip(&*row).map(|(l, z)| l * z).sum::<f64>();
            rest = before;
        }
    }
}
