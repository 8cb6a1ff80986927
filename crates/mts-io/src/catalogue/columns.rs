//! The names of the columns, and cells by the million.

use std::ops::Range;

/// Before the parameters.
pub(super) const CONFIG_ID: &str = "config_id";
pub(super) const DATA_ID: &str = "data_id";
pub(super) const MODEL: &str = "model";
pub(super) const CHANNELS: &str = "channels";
pub(super) const STEPS: &str = "steps";
pub(super) const REALIZATIONS: &str = "realizations";
pub(super) const DTYPE: &str = "dtype";
pub(super) const SEED_ENTROPY: &str = "seed_entropy";
pub(super) const SPAWN_KEY: &str = "spawn_key";
pub(super) const PATH: &str = "path";
pub(super) const FORMAT: &str = "format";
pub(super) const FORMATS: &str = "formats";
pub(super) const BYTES: &str = "bytes";
pub(super) const SHA256: &str = "sha256";

/// What the name of a parameter's column begins with: no quotes are needed around it in SQL.
pub(super) const PARAM: &str = "param_";

/// The key of the metadata that says which format of catalogues it is, and that which names columns whose
/// text is JSON.
pub(super) const VERSION_KEY: &str = "mts_catalogue";
pub(super) const JSON_KEY: &str = "mts_json";

/// The parameters of columns whose names are not theirs.
pub(super) const NAMES_KEY: &str = "mts_names";

/// The only format so far.
pub(super) const VERSION: &str = "1";

/// Texts behind each other.
#[derive(Clone, Debug, Default)]
pub(super) struct Texts {
    all: String,
    ends: Vec<usize>,
}

impl Texts {
    pub(super) fn push(&mut self, text: &str) {
        self.all += text;
        self.ends.push(self.all.len());
    }

    pub(super) fn get(&self, row: usize) -> &str {
        let start = row.checked_sub(1).map_or(0, |before| self.ends[before]);
        &self.all[start..self.ends[row]]
    }
}

/// Lists behind each other.
#[derive(Clone, Debug)]
pub(super) struct Lists<T> {
    all: Vec<T>,
    ends: Vec<usize>,
}

impl<T> Default for Lists<T> {
    fn default() -> Self {
        Lists { all: Vec::new(), ends: Vec::new() }
    }
}

impl<T: Clone> Lists<T> {
    pub(super) fn push(&mut self, list: &[T]) {
        self.all.extend_from_slice(list);
        self.ends.push(self.all.len());
    }

    pub(super) fn get(&self, row: usize) -> &[T] {
        let start = row.checked_sub(1).map_or(0, |before| self.ends[before]);
        &self.all[start..self.ends[row]]
    }
}

/// A value for each row, of which those that follow each other are often the same.
#[derive(Clone, Debug)]
pub(super) struct Runs<T> {
    /// Each with the row behind its last.
    runs: Vec<(usize, T)>,
}

impl<T> Default for Runs<T> {
    fn default() -> Self {
        Runs { runs: Vec::new() }
    }
}

impl<T: PartialEq> Runs<T> {
    pub(super) fn push(&mut self, value: T) {
        let rows = self.len();
        match self.runs.last_mut() {
            Some((end, last)) if *last == value => *end += 1,
            _ => self.runs.push((rows + 1, value)),
        }
    }

    pub(super) fn len(&self) -> usize {
        self.runs.last().map_or(0, |(end, _)| *end)
    }

    /// None behind the last row.
    pub(super) fn get(&self, row: usize) -> Option<&T> {
        self.runs.get(self.runs.partition_point(|(end, _)| *end <= row)).map(|(_, value)| value)
    }

    /// The values that any row has.
    pub(super) fn values(&self) -> impl Iterator<Item = &T> {
        self.runs.iter().map(|(_, value)| value)
    }

    /// The values in order, each with its rows.
    pub(super) fn runs(&self) -> impl Iterator<Item = (Range<usize>, &T)> {
        let starts = std::iter::once(0).chain(self.runs.iter().map(|(end, _)| *end));
        starts.zip(&self.runs).map(|(start, (end, value))| (start..*end, value))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn runs_are_values_of_rows() {
        let rows = [1, 1, 2, 1, 3, 3, 3];
        let mut runs = Runs::default();
        rows.into_iter().for_each(|value| runs.push(value));
        assert!((0..rows.len()).map(|row| runs.get(row).copied()).eq(rows.map(Some)));
        let each = runs.runs().flat_map(|(at, value)| at.map(move |row| (row, *value)));
        assert!(each.eq(rows.into_iter().enumerate()));
        assert_eq!((runs.len(), runs.get(rows.len()), runs.values().count()), (rows.len(), None, 4));
    }
}
