//! Whole numbers of which each is as likely as another.

use mts_hash::SeedSequence;
use mts_rng::{Key, keyed};

use super::Surroundings;
use crate::spec::Constraints;
use crate::{Children, CountLaw, Finding, Infeasible, Rows, WidePermutation};

/// Whole numbers, and how rows choose among them.
pub(super) struct Places {
    least: i64,
    /// How far the greatest is from the least.
    last: u64,
    key: Key,
    order: Order,
}

enum Order {
    Any,
    /// Each at most once, in no order.
    Distinct(Box<WidePermutation>),
    /// In order, as if they had been drawn and then sorted.
    Rising(Box<Rising>),
}

/// Draws in order: how many fall into each of some cells is drawn, as children of cells, and so is which cell the
/// draw of a row falls into. The cells are the numbers, or if there are many more of them than rows, as many of them
/// as make two rows in one cell so rare that they are kept apart.
struct Rising {
    cells: Children,
    /// Numbers of all cells.
    count: u128,
}

/// Cells for each row, at most.
const CELLS: u128 = 64;

/// Bytes to remember cells in: rows follow each other.
const BUDGET: u64 = 4 << 20;

impl Rising {
    /// `rows` of `count` numbers.
    fn new(seed: &SeedSequence, rows: u64, count: u128, distinct: bool) -> Result<Self, Infeasible> {
        let most = u64::try_from(CELLS * u128::from(rows)).unwrap_or(u64::MAX).max(1);
        let cells = u64::try_from(count).unwrap_or(u64::MAX).min(most);
        let apart = distinct || u128::from(cells) < count;
        let max = apart.then_some(1);
        let cells = Children::new(&seed.named("cells"), cells, rows, 0, max, CountLaw::Fit)?;
        Ok(Rising { cells: cells.with_budget(BUDGET), count })
    }

    fn places(&self, key: Key, rows: &Rows) -> Vec<u64> {
        let mut places = Vec::with_capacity(rows.len());
        match rows {
            Rows::Range(range) => self.cells.parents(range.clone(), &mut places),
            Rows::Listed(rows) => self.cells.parents_of(rows, &mut places),
        }
        let cells = self.cells.parents_len();
        if u128::from(cells) < self.count {
            let begin = |cell: u64| {
                u128::from(cell) * (self.count / u128::from(cells))
                    + u128::from(cell) * (self.count % u128::from(cells)) / u128::from(cells)
            };
            for (row, place) in rows.iter().zip(&mut places) {
                let (first, next) = (begin(*place), begin(*place + 1));
                *place = first as u64 + keyed(key, row).bounded((next - first - 1) as u64);
            }
        }
        places
    }
}

impl Places {
    /// The numbers from `least` to `greatest`, whose texts are `from` and `to`, under `constraints`.
    pub(super) fn new(
        [least, greatest]: [i64; 2],
        [from, to]: [&str; 2],
        constraints: &Constraints,
        around: &Surroundings,
    ) -> Result<Self, Finding> {
        let (last, rows, key) = (greatest.abs_diff(least), around.rows, Key::from(around.seed));
        let count = u128::from(last) + 1;
        let distinct = constraints.unique || constraints.primary_key;
        if distinct && count < u128::from(rows) {
            let message =
                format!("{rows} rows need as many values, and from {from} to {to} there are {count}");
            return Err(Finding::new(around.at("constraints.unique"), message));
        }
        let order = match (constraints.monotonic_increasing, distinct) {
            (true, distinct) => match Rising::new(around.seed, rows, count, distinct) {
                Ok(rising) => Order::Rising(Box::new(rising)),
                Err(why) => return Err(Finding::new(around.path, why.to_string())),
            },
            (false, true) => Order::Distinct(Box::new(WidePermutation::new(key, count))),
            (false, false) => Order::Any,
        };
        Ok(Places { least, last, key, order })
    }

    /// The numbers of some rows.
    pub(super) fn of(&self, rows: &Rows) -> Vec<i64> {
        let number = |place: u64| self.least.wrapping_add_unsigned(place);
        match &self.order {
            Order::Any => rows.iter().map(|row| number(keyed(self.key, row).bounded(self.last))).collect(),
            Order::Distinct(order) => rows.iter().map(|row| number(order.at(row.into()) as u64)).collect(),
            Order::Rising(rising) => rising.places(self.key, rows).into_iter().map(number).collect(),
        }
    }
}
