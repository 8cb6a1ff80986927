//! The values of tables: many rows of many columns look like one sequence of independent uniforms.

use mts_hash::SeedSequence;
use mts_rng::{Key, keyed};

const COLUMNS: usize = 100;
const ROWS: u64 = 1_000_000;

/// Cells along a side of a square of pairs; its square along a line of values.
const SIDE: usize = 256;

/// What a normal quantity exceeds, on either side, with probability 10⁻⁶.
const LIMIT: f64 = 4.891_638;

/// Pairs of uniforms that should not know of each other.
struct Pairs {
    counts: Vec<u64>,
    products: f64,
}

impl Pairs {
    fn new() -> Self {
        Pairs { counts: vec![0; SIDE * SIDE], products: 0.0 }
    }

    fn add(&mut self, x: f64, y: f64) {
        let cell = |u: f64| (u * SIDE as f64) as usize;
        self.counts[cell(x) * SIDE + cell(y)] += 1;
        self.products += 12.0 * (x - 0.5) * (y - 0.5);
    }

    fn judge(&self, what: &str) {
        let pairs = self.counts.iter().sum::<u64>() as f64;
        let correlation = self.products / pairs.sqrt();
        assert!(correlation.abs() < LIMIT, "{what}: correlated by {correlation} standard deviations");
        even(&self.counts, what);
    }
}

/// A chi-square statistic of so many cells is normal enough.
fn even(counts: &[u64], what: &str) {
    let expected = counts.iter().sum::<u64>() as f64 / counts.len() as f64;
    let off = |&count: &u64| (count as f64 - expected) * (count as f64 - expected) / expected;
    let freedom = counts.len() as f64 - 1.0;
    let z = (counts.iter().map(off).sum::<f64>() - freedom) / (2.0 * freedom).sqrt();
    assert!(z.abs() < LIMIT, "{what}: chi-square is off by {z} standard deviations");
}

#[test]
fn a_hundred_million_cells_are_independent() {
    // Four tables of 25 columns.
    let keys: Vec<Key> = (0..COLUMNS)
        .map(|column| {
            let table = SeedSequence::new(42_u64).named(&format!("table {}", column / 25));
            Key::from(&table.named(&format!("column {}", column % 25)))
        })
        .collect();
    let mut values = vec![0; SIDE * SIDE];
    let (mut rows, mut columns) = (Pairs::new(), Pairs::new());
    let mut above: Vec<f64> = vec![0.5; COLUMNS];
    for row in 0..ROWS {
        let cells: Vec<f64> = keys.iter().map(|&key| keyed(key, row).random()).collect();
        for (column, &cell) in cells.iter().enumerate() {
            values[(cell * (SIDE * SIDE) as f64) as usize] += 1;
            columns.add(cell, cells[(column + 1) % COLUMNS]);
            if row > 0 {
                rows.add(above[column], cell);
            }
        }
        above = cells;
    }
    even(&values, "values");
    rows.judge("neighbouring rows");
    columns.judge("neighbouring columns");
}
