//! A long series in as many columns as a picture has.

/// What a line through all values of a column would cover: its first, least, greatest and last one
/// (M4: Jugel, Jerzak, Hackenbroich and Markl 2014, doi:10.14778/2732951.2732953).
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Column {
    pub(crate) first: f64,
    pub(crate) least: f64,
    pub(crate) greatest: f64,
    pub(crate) last: f64,
    /// Finite values; the others are NaN where there are none.
    pub(crate) finite: u64,
    /// Values that are not finite.
    pub(crate) missing: u64,
}

impl Column {
    pub(crate) const EMPTY: Column = Column {
        first: f64::NAN,
        least: f64::INFINITY,
        greatest: f64::NEG_INFINITY,
        last: f64::NAN,
        finite: 0,
        missing: 0,
    };

    pub(crate) fn add(&mut self, value: f64) {
        if !value.is_finite() {
            self.missing += 1;
            return;
        }
        if self.finite == 0 {
            self.first = value;
        }
        self.least = self.least.min(value);
        self.greatest = self.greatest.max(value);
        self.last = value;
        self.finite += 1;
    }
}

/// One series of `length` values in at most `most` columns of equally many steps, but for the last.
#[derive(Clone, Debug)]
pub(crate) struct Columns {
    /// Steps of a column.
    pub(crate) steps: usize,
    pub(crate) columns: Vec<Column>,
}

impl Columns {
    pub(crate) fn new(length: usize, most: usize) -> Self {
        // Short series stay as they are.
        let steps = if length <= 2 * most { 1 } else { length.div_ceil(most) };
        Columns { steps, columns: vec![Column::EMPTY; length.div_ceil(steps)] }
    }

    /// Takes every `stride`-th value from `values`, the first of which belongs to `step`.
    pub(crate) fn take(&mut self, step: usize, values: &[f64], offset: usize, stride: usize) {
        let mut step = step;
        let mut values = values[offset..].iter().step_by(stride);
        let mut rest = values.len();
        while rest > 0 {
            let place = step / self.steps;
            let here = ((place + 1) * self.steps - step).min(rest);
            let mut column = self.columns[place];
            values.by_ref().take(here).for_each(|value| column.add(*value));
            self.columns[place] = column;
            step += here;
            rest -= here;
        }
    }

    pub(crate) fn missing(&self) -> u64 {
        self.columns.iter().map(|column| column.missing).sum()
    }
}

/// The least and greatest of all finite values, where there are any.
pub(crate) fn range<'a>(columns: impl Iterator<Item = &'a Column>) -> Option<(f64, f64)> {
    columns
        .filter(|column| column.finite > 0)
        .map(|column| (column.least, column.greatest))
        .reduce(|(least, greatest), (low, high)| (least.min(low), greatest.max(high)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_extreme_is_lost_however_it_arrives() {
        let mut values = vec![0.0; 10_000];
        (values[4711], values[8000], values[8001]) = (9.0, -7.0, f64::NAN);
        let mut whole = Columns::new(values.len(), 100);
        whole.take(0, &values, 0, 1);
        let mut pieces = Columns::new(values.len(), 100);
        let mut done = 0;
        for length in [1, 99, 100, 101, 3333].into_iter().cycle() {
            let piece = &values[done..(done + length).min(values.len())];
            if piece.is_empty() {
                break;
            }
            pieces.take(done, piece, 0, 1);
            done += piece.len();
        }
        assert_eq!(format!("{:?}", whole.columns), format!("{:?}", pieces.columns));
        assert_eq!((range(whole.columns.iter()), whole.missing()), (Some((-7.0, 9.0)), 1));
        assert_eq!(whole.columns[47].greatest, 9.0);
    }
}
