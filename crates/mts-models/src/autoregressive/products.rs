//! Products of a matrix and a slab, in one order of additions for any number of realizations.
//!
//! Every value is a chain of fused operations over the sources in ascending order. Chains do not overlap, so
//! tiles of several channels and realizations are computed together, in registers.

use mts_rng::simd::Kernel;

/// slab += Φ·past.
pub(super) struct Multiply<'a> {
    /// (from, to)
    pub(super) by_source: &'a [f64],
    pub(super) channels: usize,
    /// (from, realization)
    pub(super) past: &'a [f64],
    /// (to, realization)
    pub(super) slab: &'a mut [f64],
}

impl Kernel for Multiply<'_> {
    type Output = ();

    #[inline(always)]
    fn run(mut self) {
        let realizations = self.past.len() / self.channels;
        if realizations == 1 {
            return self.one_realization();
        }
        let mut column = 0;
        while column < realizations {
            column += match realizations - column {
                16.. => self.band::<2, 16>(realizations, column),
                8.. => self.band::<4, 8>(realizations, column),
                4.. => self.band::<8, 4>(realizations, column),
                2.. => self.band::<8, 2>(realizations, column),
                _ => self.band::<8, 1>(realizations, column),
            }
        }
    }
}

impl Multiply<'_> {
    /// Four sources on each way through the slab. The matrix is read as it lies in memory: for many channels
    /// that is what takes the time.
    #[inline(always)]
    fn one_realization(self) {
        let (fours, rest) = self.past.as_chunks::<4>();
        let (columns, last) = self.by_source.split_at(4 * self.channels * fours.len());
        for (x, columns) in fours.iter().zip(columns.chunks_exact(4 * self.channels)) {
            let (ab, cd) = columns.split_at(2 * self.channels);
            let ((a, b), (c, d)) = (ab.split_at(self.channels), cd.split_at(self.channels));
            for ((((value, a), b), c), d) in self.slab.iter_mut().zip(a).zip(b).zip(c).zip(d) {
                let value_ab = b.mul_add(x[1], a.mul_add(x[0], *value));
                *value = d.mul_add(x[3], c.mul_add(x[2], value_ab));
            }
        }
        for (x, column) in rest.iter().zip(last.chunks_exact(self.channels)) {
            for (value, phi) in self.slab.iter_mut().zip(column) {
                *value = phi.mul_add(*x, *value);
            }
        }
    }

    /// All channels in WIDTH realizations, CHANNELS at a time; returns WIDTH.
    #[inline(always)]
    fn band<const CHANNELS: usize, const WIDTH: usize>(
        &mut self,
        realizations: usize,
        column: usize,
    ) -> usize {
        let together = self.channels - self.channels % CHANNELS;
        for to in (0..together).step_by(CHANNELS) {
            self.tile::<CHANNELS, WIDTH>(realizations, to, column);
        }
        for to in together..self.channels {
            self.tile::<1, WIDTH>(realizations, to, column);
        }
        WIDTH
    }

    #[inline(always)]
    fn tile<const CHANNELS: usize, const WIDTH: usize>(
        &mut self,
        realizations: usize,
        to: usize,
        column: usize,
    ) {
        let mut tile = [[0.0; WIDTH]; CHANNELS];
        for (i, lanes) in tile.iter_mut().enumerate() {
            lanes.copy_from_slice(&self.slab[(to + i) * realizations + column..][..WIDTH]);
        }
        let sources = self.by_source.chunks_exact(self.channels).zip(self.past.chunks_exact(realizations));
        for (phi, x) in sources {
            let (phi, x) = (&phi[to..][..CHANNELS], &x[column..][..WIDTH]);
            for (lanes, phi) in tile.iter_mut().zip(phi) {
                for (lane, x) in lanes.iter_mut().zip(x) {
                    *lane = phi.mul_add(*x, *lane);
                }
            }
        }
        for (i, lanes) in tile.iter().enumerate() {
            self.slab[(to + i) * realizations + column..][..WIDTH].copy_from_slice(lanes);
        }
    }
}

/// z becomes L·z in place, from the last channels up: each needs only those before it.
pub(super) struct Correlate<'a> {
    /// (to, from), of which what lies above the diagonal is not read.
    pub(super) lower: &'a [f64],
    pub(super) channels: usize,
    /// Whole slabs.
    pub(super) slabs: &'a mut [f64],
    pub(super) slab: usize,
}

impl Kernel for Correlate<'_> {
    type Output = ();

    #[inline(always)]
    fn run(self) {
        let Correlate { lower, channels, slabs, slab } = self;
        let realizations = slab / channels;
        let triangle = Triangle { lower, channels, realizations };
        for slab in slabs.chunks_exact_mut(slab) {
            let mut column = 0;
            while column < realizations {
                column += match realizations - column {
                    16.. => triangle.band::<2, 16>(slab, column),
                    8.. => triangle.band::<4, 8>(slab, column),
                    4.. => triangle.band::<8, 4>(slab, column),
                    2.. => triangle.band::<8, 2>(slab, column),
                    _ => triangle.band::<8, 1>(slab, column),
                }
            }
        }
    }
}

struct Triangle<'a> {
    lower: &'a [f64],
    channels: usize,
    realizations: usize,
}

impl Triangle<'_> {
    /// All channels in WIDTH realizations, CHANNELS at a time; returns WIDTH.
    #[inline(always)]
    fn band<const CHANNELS: usize, const WIDTH: usize>(&self, slab: &mut [f64], column: usize) -> usize {
        let single = self.channels % CHANNELS;
        for to in (single..self.channels).step_by(CHANNELS).rev() {
            self.tile::<CHANNELS, WIDTH>(slab, to, column);
        }
        for to in (0..single).rev() {
            self.tile::<1, WIDTH>(slab, to, column);
        }
        WIDTH
    }

    #[inline(always)]
    fn tile<const CHANNELS: usize, const WIDTH: usize>(&self, slab: &mut [f64], to: usize, column: usize) {
        let rows: [&[f64]; CHANNELS] =
            std::array::from_fn(|i| &self.lower[(to + i) * self.channels..][..=to + i]);
        let mut tile = [[0.0; WIDTH]; CHANNELS];
        for (i, (lanes, row)) in tile.iter_mut().zip(&rows).enumerate() {
            for (lane, z) in lanes.iter_mut().zip(self.values::<WIDTH>(slab, to + i, column)) {
                *lane = z * row[to + i];
            }
        }
        for from in 0..to {
            let z = self.values::<WIDTH>(slab, from, column);
            for (lanes, row) in tile.iter_mut().zip(&rows) {
                for (lane, z) in lanes.iter_mut().zip(z) {
                    *lane = row[from].mul_add(*z, *lane);
                }
            }
        }
        for (i, (lanes, row)) in tile.iter_mut().zip(&rows).enumerate() {
            for from in to..to + i {
                for (lane, z) in lanes.iter_mut().zip(self.values::<WIDTH>(slab, from, column)) {
                    *lane = row[from].mul_add(*z, *lane);
                }
            }
        }
        for (i, lanes) in tile.iter().enumerate() {
            slab[(to + i) * self.realizations + column..][..WIDTH].copy_from_slice(lanes);
        }
    }

    #[inline(always)]
    fn values<'a, const WIDTH: usize>(&self, slab: &'a [f64], channel: usize, column: usize) -> &'a [f64] {
        &slab[channel * self.realizations + column..][..WIDTH]
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use mts_rng::{Rng, simd};

    fn normals(seed: u64, count: usize) -> Vec<f64> {
        let mut values = vec![0.0; count];
        Rng::from_seed(seed).fill_standard_normal(&mut values);
        values
    }

    /// Whatever is computed together, each value is the same chain over the sources.
    #[test]
    fn products_have_one_order() {
        for channels in [1, 2, 3, 5, 8, 13, 20] {
            for realizations in [1, 2, 3, 4, 7, 8, 16, 31] {
                let matrix = normals(1, channels * channels);
                let past = normals(2, channels * realizations);
                let noise = normals(3, 2 * channels * realizations);
                let chain = |start: f64, terms: &mut dyn Iterator<Item = (f64, f64)>| {
                    terms.fold(start, |sum, (phi, x)| phi.mul_add(x, sum))
                };
                let at = |m: usize, r: usize| m * realizations + r;

                let mut slab = noise[..channels * realizations].to_vec();
                simd::dispatch(Multiply { by_source: &matrix, channels, past: &past, slab: &mut slab });
                let mut slabs = noise.clone();
                let lower = &matrix;
                let slab_len = channels * realizations;
                simd::dispatch(Correlate { lower, channels, slabs: &mut slabs, slab: slab_len });
                for m in 0..channels {
                    for r in 0..realizations {
                        let mut terms = (0..channels).map(|l| (matrix[l * channels + m], past[at(l, r)]));
                        assert_eq!(slab[at(m, r)], chain(noise[at(m, r)], &mut terms));
                        for z in [0, slab_len] {
                            let row = &lower[m * channels..];
                            let mut terms = (0..m).map(|l| (row[l], noise[z + at(l, r)]));
                            let expected = chain(noise[z + at(m, r)] * row[m], &mut terms);
                            assert_eq!(slabs[z + at(m, r)], expected);
                        }
                    }
                }
            }
        }
    }
}
