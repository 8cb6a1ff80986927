//! The messages of a file or stream.
//!
//! Only their headers are read as a whole. Buffers are read where and as far as they are asked for, so
//! that batches may be of any size; no more memory is reserved than the file has bytes.

use std::fs::File;
use std::io::{Read, Seek, SeekFrom};
use std::path::Path;

use arrow_ipc::{Message, MessageHeader, MetadataVersion, RecordBatch, root_as_footer, root_as_message};
use mts_hash::Map;

use super::parts::{Part, parts};
use super::schema::{self, Kind, Text};
use crate::formats::guarded::guarded;
use crate::{IoError, IoErrorKind, places};

const MAGIC: &[u8; 6] = b"ARROW1";

/// Before the length of a header.
const CONTINUATION: [u8; 4] = [0xff; 4];

/// An open file whose messages were found.
pub(super) struct ArrowFile {
    file: File,
    length: u64,
    pub(super) columns: Vec<(String, Kind)>,
    pub(super) attributes: Map,
    pub(super) batches: Vec<Batch>,
    pub(super) dictionaries: Vec<Dictionary>,
}

/// A range of bytes in the file.
#[derive(Clone, Copy, Debug)]
pub(super) struct Span {
    pub(super) at: u64,
    pub(super) length: u64,
}

impl Span {
    /// Some of its bytes, where it has them.
    pub(super) fn part(self, at: u64, length: u64) -> Option<Span> {
        let end = at.checked_add(length)?;
        (end <= self.length).then(|| Span { at: self.at + at, length })
    }
}

/// A record batch and where its header is.
#[derive(Clone, Copy, Debug)]
pub(super) struct Batch {
    header: Span,
    pub(super) rows: usize,
}

/// A dictionary batch and where its header is.
#[derive(Clone, Copy, Debug)]
pub(super) struct Dictionary {
    header: Span,
    pub(super) id: i64,
    /// Record batches before it.
    pub(super) before: usize,
    /// Whether it adds to the one before.
    pub(super) more: bool,
}

/// What a message holds.
enum Found {
    Schema(Vec<(String, Kind)>, Map),
    Batch { rows: usize },
    Dictionary { id: i64, more: bool },
}

impl ArrowFile {
    pub(super) fn open(path: &Path) -> Result<Self, IoError> {
        let file = places::open(path)?;
        let metadata = file.metadata()?;
        if metadata.is_dir() {
            return Err(IoErrorKind::IsFolder.into());
        }
        let mut opened = ArrowFile {
            file,
            length: metadata.len(),
            columns: Vec::new(),
            attributes: Map::new(),
            batches: Vec::new(),
            dictionaries: Vec::new(),
        };
        match opened.footer()? {
            Some(footer) => opened.read_file(footer)?,
            None => opened.read_stream()?,
        }
        Ok(opened)
    }

    /// Where the footer is, if this is a file and no stream.
    fn footer(&self) -> Result<Option<Span>, IoError> {
        let (word, tail) = (MAGIC.len() as u64, 4 + MAGIC.len() as u64);
        if self.length < word || self.bytes(Span { at: 0, length: word })? != MAGIC {
            return Ok(None);
        }
        let cut_off = || IoError::damaged("the file does not end as an Arrow file does: it was cut off");
        let end = self.length.checked_sub(tail).ok_or_else(cut_off)?;
        let tail = self.bytes(Span { at: end, length: tail })?;
        if &tail[4..] != MAGIC {
            return Err(cut_off());
        }
        let length = u64::from(u32::from_le_bytes([tail[0], tail[1], tail[2], tail[3]]));
        let at = end.checked_sub(length).ok_or_else(too_large)?;
        Ok(Some(Span { at, length }))
    }

    /// The footer repeats the schema and says where the other messages are.
    fn read_file(&mut self, footer: Span) -> Result<(), IoError> {
        let bytes = self.bytes(footer)?;
        let (schema, dictionaries, batches) = guarded(|| {
            let footer = root_as_footer(&bytes);
            let footer =
                footer.map_err(|error| IoError::damaged(format!("the footer is damaged: {error}")))?;
            let dictionaries = footer.dictionaries().into_iter().flatten();
            let batches = footer.recordBatches().into_iter().flatten();
            let dictionaries: Vec<i64> = dictionaries.map(|block| block.offset()).collect();
            let batches: Vec<i64> = batches.map(|block| block.offset()).collect();
            Ok::<_, IoError>((schema::read(footer.schema().ok_or_else(empty)?)?, dictionaries, batches))
        })??;
        (self.columns, self.attributes) = schema;
        for blocks in [dictionaries, batches] {
            let mut end = 0;
            for at in blocks {
                // One that is named twice would count twice.
                let at = u64::try_from(at).ok().filter(|at| *at >= end).ok_or_else(too_large)?;
                end = self.read_message(at, true)?.ok_or_else(empty)?;
            }
        }
        Ok(())
    }

    /// A stream is messages one after the other, and an end.
    fn read_stream(&mut self) -> Result<(), IoError> {
        let mut at = 0;
        while let Some(next) = self.read_message(at, at > 0)? {
            at = next;
        }
        if at > 0 { Ok(()) } else { Err(IoError::damaged("there is no schema")) }
    }

    /// Takes note of the message at `at`; returns where the next one is, unless it is the end.
    fn read_message(&mut self, at: u64, has_schema: bool) -> Result<Option<u64>, IoError> {
        let frame = self.bytes(Span { at, length: 8 });
        let frame = frame.map_err(|_| IoError::damaged("the file has no end: it was cut off"))?;
        if frame[..4] != CONTINUATION {
            return Err(IoError::damaged(format!("there is no message at byte {at}: this is no Arrow file")));
        }
        let length = u64::from(u32::from_le_bytes([frame[4], frame[5], frame[6], frame[7]]));
        if length == 0 {
            return Ok(None);
        }
        let header = Span { at: at + 8, length };
        let (found, body) = self.message(header, |message, body| Ok((self.found(message, body)?, body)))?;
        match found {
            Found::Schema(columns, attributes) if !has_schema => {
                (self.columns, self.attributes) = (columns, attributes);
            }
            Found::Batch { rows } if has_schema => self.batches.push(Batch { header, rows }),
            Found::Dictionary { id, more } if has_schema => {
                self.dictionaries.push(Dictionary { header, id, before: self.batches.len(), more });
            }
            _ => return Err(IoError::damaged("the schema must stand before all, and once")),
        }
        Ok(Some(body.at + body.length))
    }

    /// What a message holds; the sizes that it announces are possible.
    fn found(&self, message: Message, body: Span) -> Result<Found, IoError> {
        match message.header_type() {
            MessageHeader::Schema => {
                let (columns, attributes) = schema::read(message.header_as_schema().ok_or_else(empty)?)?;
                Ok(Found::Schema(columns, attributes))
            }
            MessageHeader::RecordBatch => {
                let batch = message.header_as_record_batch().ok_or_else(empty)?;
                let columns = self.cut(batch, body)?;
                // A length below 0 has no columns.
                Ok(Found::Batch { rows: columns.first().map_or(0, |column| column.rows) })
            }
            MessageHeader::DictionaryBatch => {
                let dictionary = message.header_as_dictionary_batch().ok_or_else(empty)?;
                Ok(Found::Dictionary { id: dictionary.id(), more: dictionary.isDelta() })
            }
            _ => Err(IoError::damaged("a message is none of a table")),
        }
    }

    fn cut(&self, batch: RecordBatch, body: Span) -> Result<Vec<Part>, IoError> {
        parts(batch, body, self.columns.iter().map(|(_, kind)| *kind))
    }

    /// The columns of a batch.
    pub(super) fn parts(&self, batch: &Batch) -> Result<Vec<Part>, IoError> {
        self.message(batch.header, |message, body| {
            self.cut(message.header_as_record_batch().ok_or_else(empty)?, body)
        })
    }

    /// The one column of a dictionary.
    pub(super) fn dictionary(&self, dictionary: &Dictionary, text: Text) -> Result<Vec<Part>, IoError> {
        self.message(dictionary.header, |message, body| {
            let batch = message.header_as_dictionary_batch().and_then(|dictionary| dictionary.data());
            parts(batch.ok_or_else(empty)?, body, [Kind::Text(text)].into_iter())
        })
    }

    /// What `read` finds in the message of a header, given also where its buffers are.
    fn message<T>(
        &self,
        header: Span,
        read: impl FnOnce(Message, Span) -> Result<T, IoError>,
    ) -> Result<T, IoError> {
        let bytes = self.bytes(header)?;
        // The library promises that what it checked can be read; its checks are not ours.
        guarded(|| {
            let message = root_as_message(&bytes);
            let message =
                message.map_err(|error| IoError::damaged(format!("a message is damaged: {error}")))?;
            if ![MetadataVersion::V4, MetadataVersion::V5].contains(&message.version()) {
                return Err(IoError::refused("the file is of a version of Arrow that is not known"));
            }
            let length = u64::try_from(message.bodyLength()).map_err(|_| too_large())?;
            let file = Span { at: 0, length: self.length };
            let body = file.part(header.at + header.length, length).ok_or_else(too_large)?;
            read(message, body)
        })?
    }

    /// Bytes of the whole file.
    pub(super) fn length(&self) -> u64 {
        self.length
    }

    pub(super) fn bytes(&self, span: Span) -> Result<Vec<u8>, IoError> {
        let mut bytes = Vec::new();
        self.read(span, &mut bytes)?;
        Ok(bytes)
    }

    /// Replaces `bytes` by those of `span`.
    pub(super) fn read(&self, span: Span, bytes: &mut Vec<u8>) -> Result<(), IoError> {
        let file = Span { at: 0, length: self.length };
        let span = file.part(span.at, span.length).ok_or_else(too_large)?;
        bytes.resize(span.length as usize, 0);
        (&self.file).seek(SeekFrom::Start(span.at))?;
        Ok((&self.file).read_exact(bytes)?)
    }
}

fn empty() -> IoError {
    IoError::damaged("a message is empty")
}

pub(super) fn too_large() -> IoError {
    IoError::damaged("the file announces more than it holds")
}
