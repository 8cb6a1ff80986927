//! Where the columns of a batch are in the file.

use arrow_ipc::{CompressionType, RecordBatch};

use super::message::{Span, too_large};
use super::schema::{Kind, Text};
use crate::IoError;

/// A column in a batch.
#[derive(Clone, Debug)]
pub(super) struct Part {
    pub(super) kind: Kind,
    pub(super) rows: usize,
    /// One bit per row, where values are missing.
    pub(super) present: Option<Span>,
    /// Numbers, ends of texts, or views of texts.
    pub(super) data: Span,
    /// The bytes of texts.
    pub(super) texts: Vec<Span>,
}

/// The columns of a batch, whose buffers are in `body`.
pub(super) fn parts(
    batch: RecordBatch,
    body: Span,
    kinds: impl Iterator<Item = Kind>,
) -> Result<Vec<Part>, IoError> {
    if let Some(compression) = batch.compression() {
        let name = match compression.codec() {
            CompressionType::LZ4_FRAME => "lz4",
            CompressionType::ZSTD => "zstd",
            _ => "an unknown codec",
        };
        return Err(IoError::refused(format!(
            "the file is compressed with {name}, which is not read: write it without compression"
        )));
    }
    let rows = usize::try_from(batch.length()).map_err(|_| too_large())?;
    let mut nodes = batch.nodes().into_iter().flatten();
    let mut buffers = batch.buffers().into_iter().flatten().map(|buffer| {
        let (at, length) = (u64::try_from(buffer.offset()).ok()?, u64::try_from(buffer.length()).ok()?);
        body.part(at, length)
    });
    let mut buffer = || buffers.next().flatten().ok_or_else(too_large);
    let mut views = batch.variadicBufferCounts().into_iter().flatten();
    let parts = kinds.map(|kind| {
        let node = nodes.next().filter(|node| node.length() == batch.length());
        let missing =
            node.ok_or_else(|| IoError::damaged("the columns of a batch differ in length"))?.null_count() > 0;
        let (present, data) = (buffer()?, buffer()?);
        let texts = match kind {
            Kind::Text(Text::Ends(_)) => 1,
            Kind::Text(Text::Views) => views.next().unwrap_or(0),
            _ => 0,
        };
        let texts = (0..texts).map(|_| buffer()).collect::<Result<_, _>>()?;
        if data.length < needed(kind, rows) || missing && present.length < rows.div_ceil(8) as u64 {
            return Err(too_large());
        }
        Ok(Part { kind, rows, present: missing.then_some(present), data, texts })
    });
    parts.collect()
}

/// The bytes that so many rows have at least.
fn needed(kind: Kind, rows: usize) -> u64 {
    let rows = rows as u64;
    let (width, more) = match kind {
        Kind::Integer(whole) | Kind::Dictionary { keys: whole, .. } => (whole.bytes, 0),
        Kind::Single => (4, 0),
        Kind::Double | Kind::Instants(_) => (8, 0),
        // One end more than texts, but none where there are no texts.
        Kind::Text(Text::Ends(width)) => (width, rows.min(1)),
        Kind::Text(Text::Views) => (16, 0),
    };
    rows.saturating_add(more).saturating_mul(width as u64)
}
