//! Which of a file's columns hold what.

use mts_core::Shape;

use crate::{Form, IoError};

/// The places of the columns.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::formats) struct Layout {
    pub(in crate::formats) form: Form,
    pub(in crate::formats) time: usize,
    pub(in crate::formats) channel: Option<usize>,
    pub(in crate::formats) realization: Option<usize>,
    /// Of `config_id` or `unique_id`.
    pub(in crate::formats) name: Option<usize>,
    pub(in crate::formats) values: Vec<usize>,
}

impl Layout {
    pub(in crate::formats) fn of(columns: &[&str]) -> Result<Self, String> {
        let place = |name: &str| columns.iter().position(|column| *column == name);
        if let (Some(name), Some(time), Some(value)) = (place("unique_id"), place("ds"), place("y")) {
            let (name, values) = (Some(name), vec![value]);
            return Ok(Layout { form: Form::Panel, time, channel: None, realization: None, name, values });
        }
        if let (Some(time), Some(realization)) = (place("time"), place("realization")) {
            let (channel, name, realization) = (place("channel"), place("config_id"), Some(realization));
            if let (Some(channel), Some(value)) = (channel, place("value")) {
                let (channel, values) = (Some(channel), vec![value]);
                return Ok(Layout { form: Form::Long, time, channel, realization, name, values });
            }
            let rest = (0..columns.len()).filter(|i| ![Some(time), realization].contains(&Some(*i)));
            let values: Vec<usize> = rest.collect();
            if !values.is_empty() && channel.is_none() && name.is_none() {
                return Ok(Layout { form: Form::Wide, time, channel, realization, name, values });
            }
        }
        let found: Vec<&str> = columns.iter().copied().take(10).collect();
        Err(format!(
            "expected the columns time, channel, realization, value, config_id (long form), time, realization \
             and one per channel (wide form), or unique_id, ds, y (panel form), found {}",
            found.join(", ")
        ))
    }

    /// All places.
    pub(in crate::formats) fn places(&self) -> impl Iterator<Item = usize> {
        let index = [Some(self.time), self.channel, self.realization, self.name].into_iter().flatten();
        index.chain(self.values.iter().copied())
    }

    /// The shape that rows alone show: the wide form has its channels in columns.
    pub(in crate::formats) fn seen(&self, shape: Shape) -> Result<Shape, IoError> {
        let channels = if self.form == Form::Wide { 1 } else { shape.channels() };
        let seen = Shape::new(channels, shape.steps(), shape.realizations());
        seen.map_err(|error| IoError::damaged(error.to_string()))
    }
}

/// Puts `values` of the column of values `place` among `columns`, of its rows from `row` on, into the
/// steps that begin with row 0.
pub(in crate::formats) fn scatter<T: Copy + Into<f64>>(
    slabs: &mut [f64],
    shape: Shape,
    (place, columns): (usize, usize),
    mut row: usize,
    mut values: &[T],
) {
    // With one column, rows are values.
    let rows = if columns == 1 { slabs.len() } else { shape.realizations() };
    while !values.is_empty() {
        let (step, within) = (row / rows, row % rows);
        let start = step * shape.slab() + place * rows + within;
        let (run, rest) = values.split_at(values.len().min(rows - within));
        slabs[start..start + run.len()].iter_mut().zip(run).for_each(|(into, value)| *into = (*value).into());
        row += run.len();
        values = rest;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forms_are_known_by_their_columns() {
        let form = |columns: &str| {
            let columns: Vec<&str> = columns.split(',').collect();
            Layout::of(&columns).map(|layout| (layout.form, layout.values)).ok()
        };
        assert_eq!(form("time,channel,realization,value,config_id"), Some((Form::Long, vec![3])));
        assert_eq!(form("more,config_id,value,time,channel,realization"), Some((Form::Long, vec![2])));
        assert_eq!(form("x,time,realization,y"), Some((Form::Wide, vec![0, 3])));
        assert_eq!(form("y,ds,unique_id"), Some((Form::Panel, vec![0])));
        for bad in
            ["", "time", "time,realization", "time,channel,value", "time,realization,channel,x", "ds,y"]
        {
            assert_eq!(form(bad), None, "{bad}");
        }
    }

    #[test]
    fn columns_become_slabs() {
        let shape = Shape::of(3, 2, 2);
        let mut slabs = [0.0; 12];
        for (place, pieces) in [(0, [1, 3]), (1, [2, 2]), (2, [4, 0])] {
            let mut row = 0;
            for piece in pieces {
                let values: Vec<f32> = (row..row + piece).map(|row| (10 * place + row) as f32).collect();
                scatter(&mut slabs, shape, (place, 3), row, &values);
                row += piece;
            }
        }
        assert_eq!(slabs, [0.0, 1.0, 10.0, 11.0, 20.0, 21.0, 2.0, 3.0, 12.0, 13.0, 22.0, 23.0]);
        scatter(&mut slabs, shape, (0, 1), 5, &[7.0; 7]);
        assert_eq!(slabs[4..6], [20.0, 7.0]);
        assert_eq!(slabs[11], 7.0);
    }
}
