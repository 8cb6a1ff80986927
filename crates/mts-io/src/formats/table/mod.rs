//! Tables in columns: what Parquet and Arrow share.

mod clock;
mod groups;
mod head;
mod layout;

use mts_core::{Dtype, Shape, TimeAxis};

pub(super) use clock::Clock;
pub(super) use groups::Groups;
pub(super) use head::{Index, Said, head};
pub(super) use layout::{Layout, scatter};

use crate::{Contents, Form};

/// Readers meet the columns of a table all at once.
pub(super) const MAX_COLUMNS: usize = 1 << 16;

/// What a column holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Content {
    Time,
    Channel,
    Realization,
    /// The values of this channel; in forms with one column of values, of all.
    Value(usize),
    /// The name of the dataset or, in the panel form, of the series.
    Name,
}

/// How a column is stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Stored {
    Integer,
    Double,
    Single,
    /// Microseconds without a zone.
    Timestamp,
    Text,
}

#[derive(Clone, Debug)]
pub(super) struct Column {
    pub(super) name: String,
    pub(super) content: Content,
    pub(super) stored: Stored,
}

/// A dataset as rows and columns.
pub(super) struct Table {
    pub(super) shape: Shape,
    pub(super) time: TimeAxis,
    pub(super) columns: Vec<Column>,
    /// Rows of a step.
    pub(super) rows: usize,
    /// Names of successive rows, over and over.
    pub(super) names: Vec<String>,
}

impl Table {
    pub(super) fn of(contents: &Contents) -> Self {
        let (head, shape) = (contents.head, contents.head.shape);
        let time = match head.time {
            TimeAxis::Steps => Stored::Integer,
            TimeAxis::Seconds { .. } => Stored::Double,
            TimeAxis::Instants(_) => Stored::Timestamp,
        };
        let value = match head.dtype {
            Dtype::F64 => Stored::Double,
            Dtype::F32 => Stored::Single,
        };
        let column =
            |name: &str, content: Content, stored: Stored| Column { name: name.to_owned(), content, stored };
        let columns = match contents.form {
            Form::Long => vec![
                column("time", Content::Time, time),
                column("channel", Content::Channel, Stored::Integer),
                column("realization", Content::Realization, Stored::Integer),
                column("value", Content::Value(0), value),
                column("config_id", Content::Name, Stored::Text),
            ],
            Form::Wide => {
                let mut columns = vec![
                    column("time", Content::Time, time),
                    column("realization", Content::Realization, Stored::Integer),
                ];
                let channels = contents.channel_columns().into_iter().enumerate();
                columns.extend(channels.map(|(channel, name)| column(&name, Content::Value(channel), value)));
                columns
            }
            Form::Panel => vec![
                column("unique_id", Content::Name, Stored::Text),
                column("ds", Content::Time, time),
                column("y", Content::Value(0), value),
            ],
        };
        let realizations = shape.realizations();
        let names = match contents.form {
            Form::Long => vec![contents.config_id.to_owned()],
            Form::Wide => Vec::new(),
            Form::Panel => (0..shape.slab())
                .map(|row| contents.unique_id(row / realizations, row % realizations))
                .collect(),
        };
        Table { shape, time: head.time, columns, rows: rows(shape, contents.form), names }
    }

    /// What an index column of integers holds in a row of a step.
    pub(super) fn integer(&self, content: Content, row: usize) -> i64 {
        let realizations = self.shape.realizations();
        (if content == Content::Channel { row / realizations } else { row % realizations }) as i64
    }

    /// The parts of whole steps that belong to a column of values.
    pub(super) fn values<'a>(&self, slabs: &'a [f64], place: usize) -> impl Iterator<Item = &'a [f64]> {
        let slab = self.shape.slab();
        // One column has all at once.
        let (step, own) = if self.rows == slab { (slabs.len(), slabs.len()) } else { (slab, self.rows) };
        let own = place * own..(place + 1) * own;
        slabs.chunks_exact(step.max(1)).map(move |slab| &slab[own.clone()])
    }
}

/// Rows of a step.
pub(super) fn rows(shape: Shape, form: Form) -> usize {
    if form == Form::Wide { shape.realizations() } else { shape.slab() }
}
