//! Record batches of an Arrow file.

use std::fs::File;
use std::io::{Read as _, Seek as _, SeekFrom};
use std::sync::Arc;

use arrow_array::RecordBatch;
use arrow_buffer::Buffer;
use arrow_ipc::convert::fb_to_schema;
use arrow_ipc::reader::FileDecoder;
use arrow_ipc::{Block, root_as_footer};
use arrow_schema::{Schema, SchemaRef};

use crate::IoError;
use crate::formats::guarded::guarded;
use crate::tables::sink::from_arrow;

const MAGIC: &[u8; 6] = b"ARROW1";

/// Length of the footer, and the magic once more.
const TAIL: u64 = 10;

/// An open file. The library reads what a footer announces without asking whether the file has it, so that only
/// the decoding of batches is left to it.
#[derive(Debug)]
pub(super) struct ArrowTable {
    file: File,
    schema: SchemaRef,
    decoder: FileDecoder,
    blocks: std::vec::IntoIter<Block>,
}

impl ArrowTable {
    pub(super) fn open(mut file: File) -> Result<Self, IoError> {
        let length = file.metadata()?.len();
        let cut_off = || IoError::damaged("this is no Arrow file, or it was cut off");
        let end = length.checked_sub(TAIL).ok_or_else(cut_off)?;
        let start = read(&mut file, 0, MAGIC.len() as u64)?;
        let tail = read(&mut file, end, TAIL)?;
        if start != MAGIC || &tail[4..] != MAGIC {
            return Err(cut_off());
        }
        let size = u64::from(u32::from_le_bytes([tail[0], tail[1], tail[2], tail[3]]));
        let at = end.checked_sub(size).ok_or_else(too_large)?;
        let footer = read(&mut file, at, size)?;
        let (schema, decoder, blocks) = guarded(|| {
            let footer = root_as_footer(&footer)
                .map_err(|error| IoError::damaged(format!("the footer is damaged: {error}")))?;
            let schema = footer.schema().ok_or_else(|| IoError::damaged("the file has no schema"))?;
            let schema = Arc::new(fb_to_schema(schema));
            let decoder = FileDecoder::new(Arc::clone(&schema), footer.version());
            let blocks: Vec<Block> = footer.recordBatches().into_iter().flatten().copied().collect();
            Ok::<_, IoError>((schema, decoder, blocks))
        })??;
        // One that is named twice would count twice.
        let mut before = 0;
        for block in &blocks {
            let (from, to) = extent(block).ok_or_else(too_large)?;
            if from < before || to > at {
                return Err(too_large());
            }
            before = to;
        }
        Ok(ArrowTable { file, schema, decoder, blocks: blocks.into_iter() })
    }

    pub(super) fn schema(&self) -> &Schema {
        &self.schema
    }

    pub(super) fn next(&mut self) -> Result<Option<RecordBatch>, IoError> {
        let Some(block) = self.blocks.next() else { return Ok(None) };
        let (from, to) = extent(&block).ok_or_else(too_large)?;
        let bytes = Buffer::from_vec(read(&mut self.file, from, to - from)?);
        let batch = guarded(|| self.decoder.read_record_batch(&block, &bytes))?.map_err(from_arrow)?;
        batch.map(Some).ok_or_else(|| IoError::damaged("a record batch is missing"))
    }
}

/// Where a block is said to be.
fn extent(block: &Block) -> Option<(u64, u64)> {
    let from = u64::try_from(block.offset()).ok()?;
    let header = u64::try_from(block.metaDataLength()).ok()?;
    let body = u64::try_from(block.bodyLength()).ok()?;
    Some((from, from.checked_add(header)?.checked_add(body)?))
}

/// So many bytes, which the file was found to have.
fn read(file: &mut File, at: u64, length: u64) -> Result<Vec<u8>, IoError> {
    file.seek(SeekFrom::Start(at))?;
    let mut bytes = vec![0; usize::try_from(length).map_err(|_| too_large())?];
    file.read_exact(&mut bytes)?;
    Ok(bytes)
}

fn too_large() -> IoError {
    IoError::damaged("the file announces more than it can hold")
}
