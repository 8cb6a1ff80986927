//! What draws are for, beside the values of a column.

use mts_hash::SeedSequence;
use mts_rng::Key;

/// A purpose that draws have beside a column's own. Their seeds lie where no name of a document leads, so that a
/// column may be called whatever it likes.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Purpose {
    /// Which values of a column are missing from the beginning.
    Null,
    /// Which fields of objects are there.
    Present,
    /// What lists hold.
    Item,
    /// Which cells go missing.
    Missing,
    /// The same, of a column that is named.
    MissingByColumn,
    /// Which cells hold text between the values.
    TypeNoise,
    /// Which rows have an outlier, and which of their numbers it is.
    Outlier,
    /// Which rows are copied.
    Duplicate,
    /// Which parents rows have.
    Parent,
    /// What is said of one person.
    Person,
    /// What is said of one place.
    Place,
}

impl Purpose {
    /// The seed of this purpose below that of a table, a column or a field.
    pub(crate) fn below(self, seed: &SeedSequence) -> SeedSequence {
        seed.child(u32::MAX).child(self as u32)
    }

    /// The key of this purpose.
    pub(crate) fn key(self, seed: &SeedSequence) -> Key {
        Key::from(&self.below(seed))
    }
}
