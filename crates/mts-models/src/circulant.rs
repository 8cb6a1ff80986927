//! Paths of stationary Gaussian processes, by embedding their covariance in a circle.
//!
//! A circulant matrix is diagonal after a Fourier transform, so that normals, weighted by the roots of its
//! eigenvalues and transformed, have it as their covariance: R. B. Davies, D. S. Harte (1987),
//! doi:10.1093/biomet/74.1.95. Two independent paths come of each complex transform.
#![cfg_attr(
    not(all(feature = "kernels", feature = "long_memory", feature = "noise")),
    allow(dead_code, reason = "each family uses a part of this")
)]

use mts_rng::Rng;

use crate::fourier::Fourier;

/// The most steps of a path that is made at once: transforms of 2²⁷ points take some gigabytes.
pub(crate) const MAX_STEPS: usize = 1 << 26;

/// What makes paths of one covariance.
#[derive(Clone, Debug)]
pub(crate) struct Circulant {
    /// √(λ_k / m) of each of the m points of the circle.
    weights: Vec<f64>,
    fourier: Fourier,
}

/// Why there is no circle: some of its variances are negative by more than rounding.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Negative {
    /// The least of them, in parts of the largest.
    pub(crate) least: f64,
    /// The points of the largest circle that was tried.
    pub(crate) points: usize,
}

/// Room for one transform.
struct Room {
    re: Vec<f64>,
    im: Vec<f64>,
    scratch: Vec<f64>,
}

impl Circulant {
    /// The points of the smallest circle that paths of so many steps do not meet themselves on.
    pub(crate) fn points(steps: usize) -> usize {
        (2 * (steps - 1)).next_power_of_two()
    }

    /// Embeds the covariance at lags 0, 1, … in the smallest circle, or one up to `doublings` times
    /// twice as large, where the smallest has negative variances.
    ///
    /// Those that are negative by no more than what rounding in `covariance` and in the transform explains,
    /// some ulps of the largest, are taken as 0. Nothing else is clipped.
    pub(crate) fn new(
        covariance: impl Fn(usize) -> f64,
        steps: usize,
        doublings: u32,
    ) -> Result<Self, Negative> {
        let mut negative = Negative { least: 0.0, points: 0 };
        for doubling in 0..=doublings {
            let points = Self::points(steps) << doubling;
            match Self::of_size(&covariance, points) {
                Ok(circulant) => return Ok(circulant),
                Err(least) => negative = Negative { least, points },
            }
        }
        Err(negative)
    }

    fn of_size(covariance: impl Fn(usize) -> f64, points: usize) -> Result<Self, f64> {
        let half = points / 2;
        let lags: Vec<f64> = (0..=half).map(covariance).collect();
        let mut variances: Vec<f64> = (0..points).map(|k| lags[k.min(points - k)]).collect();
        drop(lags);
        let fourier = Fourier::new(points);
        let (mut im, mut scratch) = (vec![0.0; points], vec![0.0; 2 * points]);
        fourier.forward(&mut variances, &mut im, &mut scratch);
        let least = variances.iter().copied().fold(f64::INFINITY, f64::min);
        let largest = variances.iter().copied().fold(0.0, f64::max);
        let steps = f64::from(points.trailing_zeros() + 1);
        if least >= -ROUNDING * steps * largest {
            Ok(Self::from_variances(variances, fourier))
        } else {
            Err(least / largest)
        }
    }

    /// A circle whose frequencies k/m have these variances, k = 0 … m - 1, symmetric: paths have m times
    /// the mean of them as their variance.
    pub(crate) fn of_spectrum(variances: Vec<f64>) -> Self {
        let fourier = Fourier::new(variances.len());
        Self::from_variances(variances, fourier)
    }

    fn from_variances(mut weights: Vec<f64>, fourier: Fourier) -> Self {
        let points = weights.len() as f64;
        weights.iter_mut().for_each(|variance| *variance = (variance.max(0.0) / points).sqrt());
        Circulant { weights, fourier }
    }

    /// Two independent paths, as long as the circle, of which as many steps are true as it was made for. Draws
    /// two normals per point.
    fn pair<'a>(&self, rng: &mut Rng, room: &'a mut Room) -> [&'a mut [f64]; 2] {
        let points = self.fourier.points();
        let (re, im) = (&mut room.re[..points], &mut room.im[..points]);
        rng.fill_standard_normal(re);
        rng.fill_standard_normal(im);
        re.iter_mut().zip(&self.weights).for_each(|(z, weight)| *z *= weight);
        im.iter_mut().zip(&self.weights).for_each(|(z, weight)| *z *= weight);
        self.fourier.forward(re, im, &mut room.scratch);
        [re, im]
    }

    /// Makes a path of lane i by the circle `of[i]`, one lane after the other, and hands each of them to `take`
    /// with its number. Neighbours on the same circle come in pairs.
    pub(crate) fn each(
        circles: &[Circulant],
        of: &[usize],
        steps: usize,
        rng: &mut Rng,
        mut take: impl FnMut(usize, &[f64]),
    ) {
        let Some(points) = circles.iter().map(|circle| circle.fourier.points()).max() else { return };
        let mut room = Room { re: vec![0.0; points], im: vec![0.0; points], scratch: vec![0.0; 2 * points] };
        let mut lane = 0;
        while lane < of.len() {
            let circle = &circles[of[lane]];
            let [one, other] = circle.pair(rng, &mut room);
            take(lane, &one[..steps]);
            lane += 1;
            if of.get(lane) == Some(&of[lane - 1]) {
                take(lane, &other[..steps]);
                lane += 1;
            }
        }
    }

    /// Bytes of this one.
    pub(crate) fn size(&self) -> usize {
        Self::bytes(self.fourier.points())
    }

    /// Nanoseconds per value, where `kept` steps of `points` are: two normals per point and their transform, for
    /// two paths.
    pub(crate) fn cost(points: usize, kept: usize) -> f64 {
        let transform = 0.4 * f64::from(points.ilog2().max(1));
        points as f64 * (2.6 + transform) / kept as f64 + 1.0
    }

    /// Bytes of a circle of so many points, and of the room to work on it.
    pub(crate) const fn bytes(points: usize) -> usize {
        8 * 7 * points
    }
}

/// Part of the largest variance that each step of a transform may take off a variance by rounding.
const ROUNDING: f64 = 16.0 * f64::EPSILON;

#[cfg(test)]
mod tests {
    use mts_rng::math::exp;

    use super::*;

    #[test]
    fn a_covariance_that_decays_has_a_circle() {
        let circulant = Circulant::new(|k| exp(-0.1 * k as f64), 100, 0).unwrap();
        assert_eq!(circulant.fourier.points(), 256);
        let variance: f64 = circulant.weights.iter().map(|w| w * w).sum();
        assert!((variance - 1.0).abs() < 1e-14, "{variance}");
    }

    #[test]
    fn a_smooth_one_needs_a_larger_circle_or_none_is_large_enough() {
        let smooth = |k: usize| exp(-0.5 * (k as f64 / 100.0) * (k as f64 / 100.0));
        let negative = Circulant::new(smooth, 100, 0).unwrap_err();
        assert!(negative.least < -1e-6 && negative.points == 256, "{negative:?}");
        assert_eq!(Circulant::new(smooth, 100, 5).unwrap().fourier.points(), 2048);
        let none = Circulant::new(|k| if k == 1 { 0.9 } else { f64::from(u8::from(k == 0)) }, 50, 2);
        assert!((none.unwrap_err().least + 0.8 / 2.8).abs() < 1e-3);
    }

    #[test]
    fn one_step_is_a_circle_of_one_point() {
        let circles = [Circulant::new(|_| 4.0, 1, 0).unwrap()];
        let mut lanes: Vec<f64> = Vec::new();
        Circulant::each(&circles, &[0; 3], 1, &mut Rng::from_seed(1_u64), |_, path| lanes.extend(path));
        let mut normals = [0.0; 4];
        Rng::from_seed(1_u64).fill_standard_normal(&mut normals);
        lanes.iter_mut().for_each(|x| *x /= 2.0);
        assert_eq!(lanes, normals[..3]);
    }
}
