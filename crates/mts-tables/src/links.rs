//! Links between the rows of two tables, each of them once.

use mts_hash::SeedSequence;
use mts_rng::{Key, keyed};

use crate::{Children, CountLaw, Infeasible, Permutation};

/// A table of links: each row of one table is linked to some of another's, and never twice to the same.
///
/// The links of a row stand in consecutive slots, as [`Children`] do. The j-th of them leads to the j-th number of an
/// order of the partners that is the row's own.
///
/// ```
/// use mts_hash::SeedSequence;
/// use mts_tables::{CountLaw, Links};
///
/// // Five hundred students, each in up to six of forty courses.
/// let seed = SeedSequence::new(42_u64).named("enrolments");
/// let links = Links::new(&seed, 500, 40, 2000, 0, Some(6), CountLaw::Fit)?;
/// let (student, course) = links.pair(1234);
/// assert!(student < 500 && course < 40);
///
/// let error = Links::new(&seed, 500, 4, 2000, 0, Some(6), CountLaw::Fit).unwrap_err();
/// assert_eq!(error.to_string(), "6 distinct partners of each row > 4 rows to link to");
/// # Ok::<(), mts_tables::Infeasible>(())
/// ```
#[derive(Debug)]
pub struct Links {
    slots: Children,
    partners: u64,
    orders: Key,
}

impl Links {
    /// `links` links of `rows` rows with `partners` rows, from `min` to `max` of each, by a law.
    ///
    /// # Errors
    ///
    /// Where rows would need more partners than there are, or there are no such counts.
    pub fn new(
        seed: &SeedSequence,
        rows: u64,
        partners: u64,
        links: u64,
        min: u64,
        max: Option<u64>,
        law: CountLaw,
    ) -> Result<Self, Infeasible> {
        let wanted = max.unwrap_or(0).max(min);
        if wanted > partners {
            return Err(Infeasible::Partners { wanted, partners });
        }
        let slots = Children::new(seed, rows, links, min, max.or(Some(partners)), law)?;
        Ok(Links { slots, partners, orders: Key::from(&seed.child(2)) })
    }

    /// The same, remembering no more than about so many bytes.
    #[must_use]
    pub fn with_budget(self, bytes: u64) -> Self {
        Links { slots: self.slots.with_budget(bytes), ..self }
    }

    /// The links of each row.
    pub fn slots(&self) -> &Children {
        &self.slots
    }

    /// The two rows of the link in a slot.
    ///
    /// # Panics
    ///
    /// Where there is no such slot.
    pub fn pair(&self, slot: u64) -> (u64, u64) {
        let row = self.slots.parent(slot);
        (row, self.order(row).at(slot - self.slots.slots(row).start))
    }

    fn order(&self, row: u64) -> Permutation {
        Permutation::draw(&mut keyed(self.orders, row), self.partners)
    }
}
