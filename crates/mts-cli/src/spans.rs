//! What labels tell, as pictures shade it.

use std::path::Path;

use mts_io::{IoError, LabelsReader};
use mts_plot::Span;

/// Labels that are looked at: of more, none could be told apart.
const MOST: usize = 100_000;

/// The stretches that a file of labels tells of.
pub(crate) fn spans(labels: Option<&Path>) -> Result<Vec<Span>, IoError> {
    let Some(path) = labels else { return Ok(Vec::new()) };
    let mut reader = LabelsReader::open(path)?;
    let mut spans = Vec::new();
    while let Some(rows) = reader.next()? {
        let place = |number: i64| usize::try_from(number).unwrap_or(usize::MAX);
        spans.extend(rows.into_iter().map(|row| Span {
            channel: row.channel.map(place),
            realization: row.realization.map(place),
            steps: place(row.start)..place(row.stop),
            kind: row.kind,
        }));
        if spans.len() > MOST {
            break;
        }
    }
    Ok(spans)
}
