//! Integers of every width, and bytes.

use std::fmt::Debug;

use mts_rng::{Integer, Rng};
use mts_statistics::{Uniformity, goodness_of_fit};

use super::row::{DRAWS, Row, row};

/// Even counts over all values of `low..=high`, in bulk and single.
fn all<T: Integer + Copy + Default + Debug + 'static>(
    low: T,
    high: T,
    count: usize,
    index: impl Fn(T) -> usize + 'static,
) -> Row {
    let label = format!("{} {low:?} {high:?}", std::any::type_name::<T>());
    row("integers_inclusive", label, move |rng| {
        let mut values: Vec<T> = (0..DRAWS).map(|_| rng.integers_inclusive(low, high)).collect();
        values.resize(4 * DRAWS, low);
        // Pieces of odd lengths: what is left of a word at the end of a call must not be missed.
        values[DRAWS..].chunks_mut(1001).for_each(|part| rng.fill_integers_inclusive(low, high, part));
        even(values.into_iter().map(&index), count)
    })
}

/// The p-value of indices below `count` that should be equally probable. One beyond has no cell.
pub fn even(indices: impl Iterator<Item = usize>, count: usize) -> f64 {
    let mut observed = vec![0_u64; count];
    let mut total = 0.0;
    for index in indices {
        let Some(cell) = observed.get_mut(index) else { return 0.0 };
        *cell += 1;
        total += 1.0;
    }
    goodness_of_fit(&observed, &vec![total / count as f64; count])
}

/// Wide ranges: the position in the range.
fn wide<T: Integer + Copy + Default + Debug + 'static>(
    low: T,
    high: T,
    position: impl Fn(T) -> f64 + 'static,
) -> Row {
    let label = format!("{} {low:?} {high:?}", std::any::type_name::<T>());
    row("integers_inclusive", label, move |rng| {
        let mut values = vec![low; DRAWS];
        rng.fill_integers_inclusive(low, high, &mut values);
        Uniformity::of(values.into_iter().map(&position)).p()
    })
}

fn range(low: i64, high: i64) -> Row {
    row("integers", format!("{low} {high}"), move |rng| {
        let mut values: Vec<i64> = (0..DRAWS).map(|_| rng.integers(low, high)).collect();
        values.resize(2 * DRAWS, low);
        rng.fill_integers(low, high, &mut values[DRAWS..]);
        even(values.iter().map(|x| (x - low) as usize), (high - low) as usize)
    })
}

fn bounded(last: u64) -> Row {
    row("bounded", last, move |rng| {
        let scale = 1.0 / (last as f64 + 1.0);
        Uniformity::of((0..DRAWS).map(|_| rng.bounded(last) as f64 * scale)).p()
    })
}

fn bytes(rng: &mut Rng) -> f64 {
    let mut values = rng.bytes(DRAWS);
    for part in 1..500 {
        let mut out = vec![0; part];
        rng.fill_bytes(&mut out);
        values.extend(out);
    }
    even(values.into_iter().map(usize::from), 256)
}

pub fn rows() -> Vec<Row> {
    vec![
        all(false, true, 2, usize::from),
        all(0_u8, 99, 100, usize::from),
        all(u8::MIN, u8::MAX, 256, usize::from),
        all(-100_i8, 99, 200, |x| (i16::from(x) + 100) as usize),
        all(i8::MIN, i8::MAX, 256, |x| (i16::from(x) + 128) as usize),
        all(7_u16, 7000, 6994, |x| usize::from(x) - 7),
        all(-1000_i16, 999, 2000, |x| (i32::from(x) + 1000) as usize),
        wide(u16::MIN, u16::MAX, |x| (f64::from(x) + 0.5) / 65_536.0),
        all(5_u32, 64, 60, |x| x as usize - 5),
        all(-5_i32, 10, 16, |x| (x + 5) as usize),
        wide(0_u32, 3_000_000_000, |x| f64::from(x) / 3e9),
        wide(i32::MIN, i32::MAX, |x| (f64::from(x) + 2_147_483_648.0) / 4_294_967_296.0),
        all(0_u64, 2, 3, |x| x as usize),
        all(-3_i64, 3, 7, |x| (x + 3) as usize),
        wide(0_u64, 12_000_000_000_000_000_000, |x| x as f64 / 1.2e19),
        wide(i64::MIN, i64::MAX, |x| x as f64 / 18_446_744_073_709_551_616.0 + 0.5),
        range(0, 100),
        range(-8, 8),
        range(10, 13),
        // A third and half of all words are rejected.
        bounded(3_000_000_000),
        bounded((1 << 63) + 1),
        bounded(u64::from(u32::MAX)),
        bounded(u64::MAX),
        row("bytes", "", bytes),
    ]
}
