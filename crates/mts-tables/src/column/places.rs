//! Whole numbers of which each is as likely as another.

use mts_rng::{Key, keyed};

use super::Surroundings;
use crate::spec::Constraints;
use crate::{Finding, WidePermutation};

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
    /// Each row has a part of the numbers of its own.
    Rising {
        rows: u64,
        distinct: bool,
    },
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
            (true, distinct) => Order::Rising { rows, distinct },
            (false, true) => Order::Distinct(Box::new(WidePermutation::new(key, count))),
            (false, false) => Order::Any,
        };
        Ok(Places { least, last, key, order })
    }

    /// The number of a row.
    pub(super) fn at(&self, row: u64) -> i64 {
        let place = match &self.order {
            Order::Any => keyed(self.key, row).bounded(self.last),
            Order::Distinct(order) => order.at(u128::from(row)) as u64,
            Order::Rising { rows, distinct } => {
                let count = u128::from(self.last) + 1;
                let begin = |row: u64| u128::from(row) * count / u128::from(*rows);
                let (first, next) = (begin(row), begin(row + 1));
                // A part that is empty where numbers may repeat is that of the row before.
                let width = if *distinct { next - first } else { (next - first).max(1) };
                first as u64 + keyed(self.key, row).bounded((width - 1) as u64)
            }
        };
        self.least.wrapping_add_unsigned(place)
    }
}
