//! Covariances of few dimensions.

/// The rows of a matrix L, of which Lᵀ L is a covariance.
#[derive(Clone, Debug)]
pub(super) struct LowRank {
    rows: Vec<f64>,
    steps: usize,
}

/// Part of the variance of a step that may be left out.
const NEGLIGIBLE: f64 = 1e-12;

/// The most dimensions.
const MAX_RANK: usize = 2048;

/// The most multiplications, about a second, of paths that are longer than this.
const MAX_WORK: f64 = 1e9;

/// The most numbers: half a gigabyte.
const MAX_NUMBERS: usize = 1 << 26;

impl LowRank {
    /// Factors the covariance of a stationary path of variance 1, by Cholesky's method, the step with the largest
    /// variance left next, until none has more than rounding leaves; `None` where that takes too long.
    pub(super) fn new(covariance: impl Fn(usize) -> f64, steps: usize) -> Option<Self> {
        let lags: Vec<f64> = (0..steps).map(covariance).collect();
        let mut left = vec![1.0; steps];
        let mut rows: Vec<f64> = Vec::new();
        for rank in 0..=MAX_RANK {
            let mut pivot = 0;
            for (t, variance) in left.iter().enumerate() {
                if *variance > left[pivot] {
                    pivot = t;
                }
            }
            if left[pivot] <= NEGLIGIBLE {
                return Some(LowRank { rows, steps });
            }
            let work = if steps <= MAX_RANK { 0.0 } else { 0.5 * steps as f64 * (rank * rank) as f64 };
            if rank == MAX_RANK || work > MAX_WORK || rank * steps > MAX_NUMBERS {
                return None;
            }
            let mut row: Vec<f64> = (0..steps).map(|t| lags[t.abs_diff(pivot)]).collect();
            for earlier in rows.chunks_exact(steps) {
                let factor = earlier[pivot];
                row.iter_mut().zip(earlier).for_each(|(x, y)| *x -= factor * y);
            }
            let root = left[pivot].sqrt();
            for (x, left) in row.iter_mut().zip(&mut left) {
                *x /= root;
                *left -= *x * *x;
            }
            left[pivot] = 0.0;
            rows.extend(row);
        }
        None
    }

    /// Dimensions.
    pub(super) fn rank(&self) -> usize {
        self.rows.len() / self.steps
    }

    /// Writes the path of as many normals as there are dimensions.
    pub(super) fn path(&self, normals: &[f64], path: &mut [f64]) {
        path.fill(0.0);
        for (row, z) in self.rows.chunks_exact(self.steps).zip(normals) {
            path.iter_mut().zip(row).for_each(|(x, y)| *x += z * y);
        }
    }
}

#[cfg(test)]
mod tests {
    use mts_rng::math::exp;

    use super::*;

    #[test]
    fn rebuilds_its_covariance() {
        for (length, most) in [(300.0, 20), (20.0, 60), (0.5, 200)] {
            let smooth = |k: usize| exp(-0.5 * (k as f64 / length) * (k as f64 / length));
            let factor = LowRank::new(smooth, 200).unwrap();
            assert!(factor.rank() <= most, "{length}: {}", factor.rank());
            for (s, t) in [(0, 0), (0, 199), (57, 60), (100, 180)] {
                let found: f64 = factor.rows.chunks_exact(200).map(|row| row[s] * row[t]).sum();
                assert!((found - smooth(t - s)).abs() < 1e-11, "{length}: {s}, {t}");
            }
        }
        assert!(LowRank::new(|k| f64::from(u8::from(k == 0)), 100_000).is_none());
    }
}
