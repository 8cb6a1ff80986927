//! Parents among earlier rows.

use mts_hash::SeedSequence;
use mts_statistics::{Uniformity, two_sided};
use mts_tables::Forest;

use super::judge;

#[test]
fn any_earlier_row_is_a_parent_as_likely() {
    let rows = 200_000;
    let forest = Forest::new(&SeedSequence::new(5_u64), rows, 0.1, None).unwrap();
    let parents: Vec<(u64, u64)> =
        (1000..rows).filter_map(|row| forest.parent(row).map(|parent| (row, parent))).collect();
    let judged = Uniformity::of(parents.iter().map(|&(row, parent)| (parent as f64 + 0.5) / row as f64));
    judge(&format!("{judged:?}"), judged.p());
    let drawn = (rows - 1000) as f64;
    let roots = drawn - parents.len() as f64;
    judge("roots", two_sided((roots - 0.1 * drawn) / (0.09 * drawn).sqrt()));
}
