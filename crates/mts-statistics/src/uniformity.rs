//! Values by their probabilities.

use crate::{goodness_of_fit, kolmogorov_smirnov, two_sided};

/// Three p-values of a sequence that should be independent and uniform on [0, 1], such as the probabilities
/// `F(x)` of draws of the distribution function F (Rosenblatt 1952, doi:10.1214/aoms/1177729394).
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Uniformity {
    /// The largest distance of the distribution functions, [`kolmogorov_smirnov`]: sees the middle.
    pub distance: f64,
    /// The counts of cells that become smaller towards both ends, [`goodness_of_fit`]: sees the tails.
    pub tails: f64,
    /// The sum of `12·(u_t - 1/2)·(u_{t+1} - 1/2)`, which is normal with variance n - 1: sees neighbours that
    /// depend on each other.
    pub neighbours: f64,
}

/// Where the cells end in the lower half; they are mirrored in the upper one.
const ENDS: [f64; 9] = [1e-4, 3e-4, 1e-3, 3e-3, 1e-2, 0.03, 0.1, 0.2, 0.35];

impl Uniformity {
    /// Judges the values in the order in which they were drawn.
    pub fn of(values: impl IntoIterator<Item = f64>) -> Self {
        let mut values: Vec<f64> = values.into_iter().collect();
        let products = values.windows(2).map(|pair| 12.0 * (pair[0] - 0.5) * (pair[1] - 0.5));
        let neighbours = two_sided(products.sum::<f64>() / ((values.len() - 1) as f64).sqrt());
        let mut edges = vec![0.0];
        edges.extend(ENDS);
        edges.push(0.5);
        edges.extend(ENDS.iter().rev().map(|end| 1.0 - end));
        edges.push(1.0);
        values.sort_unstable_by(f64::total_cmp);
        let below = |edge: f64| values.partition_point(|u| *u < edge) as u64;
        let observed: Vec<u64> = edges
            .windows(2)
            .map(|cell| if cell[1] == 1.0 { values.len() as u64 } else { below(cell[1]) } - below(cell[0]))
            .collect();
        let n = values.len() as f64;
        let expected: Vec<f64> = edges.windows(2).map(|cell| n * (cell[1] - cell[0])).collect();
        Uniformity {
            distance: kolmogorov_smirnov(&values),
            tails: goodness_of_fit(&observed, &expected),
            neighbours,
        }
    }

    /// The least of the three.
    pub fn p(&self) -> f64 {
        self.distance.min(self.tails).min(self.neighbours)
    }
}

#[cfg(test)]
mod tests {
    use mts_rng::Rng;
    use statrs::distribution::{ContinuousCDF, Normal};

    use super::*;
    use crate::ALPHA;

    fn draws() -> Vec<f64> {
        let mut draws = vec![0.0; 200_000];
        Rng::from_seed(5_u64).fill_standard_normal(&mut draws);
        draws
    }

    fn judged(mean: f64, sd: f64) -> Uniformity {
        let law = Normal::new(mean, sd).unwrap();
        Uniformity::of(draws().iter().map(|x| law.cdf(*x)))
    }

    #[test]
    fn accepts_the_right_law() {
        assert!(judged(0.0, 1.0).p() > 1e-3);
    }

    #[test]
    fn rejects_laws_that_are_slightly_wrong() {
        for (mean, sd) in [(0.0, 1.02), (0.0, 0.98), (0.015, 1.0), (-0.015, 1.0)] {
            assert!(judged(mean, sd).distance.min(judged(mean, sd).tails) < ALPHA, "{mean} {sd}");
        }
    }

    #[test]
    fn rejects_tails_that_were_cut() {
        let law = Normal::new(0.0, 1.0).unwrap();
        let cut = draws().into_iter().filter(|x| x.abs() < 3.5);
        let judged = Uniformity::of(cut.map(|x| law.cdf(x)));
        assert!(judged.tails < ALPHA && judged.distance > ALPHA, "{judged:?}");
    }

    #[test]
    fn rejects_neighbours_that_depend_on_each_other() {
        let law = Normal::new(0.0, 1.0004_f64.sqrt()).unwrap();
        let mixed: Vec<f64> = draws().windows(2).map(|w| w[1] + 0.02 * w[0]).collect();
        let judged = Uniformity::of(mixed.iter().map(|x| law.cdf(*x)));
        assert!(judged.neighbours < ALPHA && judged.distance > ALPHA, "{judged:?}");
    }

    #[test]
    fn rejects_what_is_no_probability() {
        let mut values = vec![0.5; 1000];
        values.push(f64::NAN);
        assert_eq!(Uniformity::of(values).p(), 0.0);
    }
}
