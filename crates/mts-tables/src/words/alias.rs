//! Weighted choices in constant time (Walker 1977, Vose 1991), in integers: no rounding.

use mts_rng::Rng;

/// Weights, cut into as many equal cells as there are choices; a cell holds at most two of them.
pub(super) struct Alias {
    cells: Vec<Cell>,
    total: u64,
}

#[derive(Clone, Copy)]
struct Cell {
    own: u64,
    other: usize,
}

impl Alias {
    /// At least one weight, and their sum not 0.
    pub(super) fn new(weights: &[u64]) -> Self {
        let (count, total) = (weights.len() as u64, weights.iter().sum::<u64>());
        let mut mass: Vec<u64> = weights.iter().map(|weight| weight * count).collect();
        let mut cells: Vec<Cell> = (0..weights.len()).map(|at| Cell { own: total, other: at }).collect();
        let (mut small, mut large): (Vec<usize>, Vec<usize>) =
            (0..weights.len()).partition(|&at| mass[at] < total);
        while let (Some(&giver), Some(taker)) = (large.last(), small.pop()) {
            cells[taker] = Cell { own: mass[taker], other: giver };
            mass[giver] -= total - mass[taker];
            if mass[giver] < total {
                large.pop();
                small.push(giver);
            }
        }
        Alias { cells, total }
    }

    /// An index, as often as its weight says.
    pub(super) fn draw(&self, rng: &mut Rng) -> usize {
        let at = rng.bounded(self.cells.len() as u64 - 1) as usize;
        let cell = self.cells[at];
        if rng.bounded(self.total - 1) < cell.own { at } else { cell.other }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_hold_exactly_the_weights() {
        for weights in [&[1_u64, 2, 3, 10][..], &[5], &[7, 7, 7], &[0, 1, 1000, 3, 3]] {
            let alias = Alias::new(weights);
            let mut mass = vec![0; weights.len()];
            for (at, cell) in alias.cells.iter().enumerate() {
                mass[at] += cell.own;
                mass[cell.other] += alias.total - cell.own;
            }
            let expected: Vec<u64> = weights.iter().map(|weight| weight * weights.len() as u64).collect();
            assert_eq!(mass, expected);
        }
    }
}
