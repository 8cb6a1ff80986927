//! Chunks of a column after each other, as one.

use std::collections::VecDeque;
use std::io::{self, Read};

use bytes::{Buf, Bytes};
use parquet::column::writer::ColumnCloseResult;
use parquet::errors::{ParquetError, Result as Parquet};
use parquet::file::metadata::PageEncodingStats;
use parquet::file::reader::{ChunkReader, Length};
use parquet::file::statistics::{Statistics, ValueStatistics};

use super::chunk::Chunk;

/// Pieces of a column of values, or any one chunk.
pub(super) struct Joined {
    chunks: Vec<Chunk>,
}

impl Joined {
    pub(super) fn new(chunks: Vec<Chunk>) -> Self {
        Joined { chunks }
    }

    /// What the metadata of all say together.
    pub(super) fn close(&self) -> Parquet<ColumnCloseResult> {
        let metadata = || self.chunks.iter().map(|chunk| &chunk.close.metadata);
        let sum = |figure: fn(&ColumnCloseResult) -> i64| -> i64 {
            self.chunks.iter().map(|chunk| figure(&chunk.close)).sum()
        };
        let first = self.chunks.first().map(|chunk| chunk.close.clone());
        let first = first.ok_or_else(|| ParquetError::General("a column without rows".to_owned()))?;
        if self.chunks.len() == 1 {
            return Ok(first);
        }
        let values = sum(|close| close.metadata.num_values());
        let mut stats: Vec<PageEncodingStats> = Vec::new();
        for stat in metadata().filter_map(|metadata| metadata.page_encoding_stats()).flatten() {
            let same = |other: &&mut PageEncodingStats| {
                (other.page_type, other.encoding) == (stat.page_type, stat.encoding)
            };
            match stats.iter_mut().find(same) {
                Some(other) => other.count += stat.count,
                None => stats.push(stat.clone()),
            }
        }
        let builder = first.metadata.clone().into_builder();
        let builder = builder
            .set_num_values(values)
            .set_total_compressed_size(sum(|close| close.metadata.compressed_size()))
            .set_total_uncompressed_size(sum(|close| close.metadata.uncompressed_size()))
            .set_page_encoding_stats(stats)
            .set_definition_level_histogram(Some(vec![0, values].into()));
        let builder = match extremes(metadata().filter_map(|metadata| metadata.statistics())) {
            Some(statistics) => builder.set_statistics(statistics),
            None => builder,
        };
        Ok(ColumnCloseResult {
            bytes_written: self.len(),
            rows_written: values as u64,
            metadata: builder.build()?,
            ..first
        })
    }
}

/// The least and the greatest of all; a piece of NaN alone has none.
fn extremes<'a>(all: impl Iterator<Item = &'a Statistics>) -> Option<Statistics> {
    all.cloned().reduce(|one, other| match (one, other) {
        (Statistics::Double(one), Statistics::Double(other)) => Statistics::Double(wider(&one, &other)),
        (Statistics::Float(one), Statistics::Float(other)) => Statistics::Float(wider(&one, &other)),
        (one, _) => one,
    })
}

fn wider<T: PartialOrd + Copy>(one: &ValueStatistics<T>, other: &ValueStatistics<T>) -> ValueStatistics<T> {
    let choose = |one: Option<&T>, other: Option<&T>, greater: bool| match (one.copied(), other.copied()) {
        (Some(one), Some(other)) => Some(if (other > one) == greater { other } else { one }),
        (one, other) => one.or(other),
    };
    let least = choose(one.min_opt(), other.min_opt(), false);
    let greatest = choose(one.max_opt(), other.max_opt(), true);
    ValueStatistics::new(least, greatest, None, Some(0), false).with_backwards_compatible_min_max(true)
}

impl Length for Joined {
    fn len(&self) -> u64 {
        self.chunks.iter().map(|chunk| chunk.bytes.len() as u64).sum()
    }
}

impl ChunkReader for Joined {
    type T = Rest;

    /// One chunk begins with its dictionary and several have none: they are read from the first byte on.
    fn get_read(&self, _start: u64) -> Parquet<Rest> {
        Ok(Rest(self.chunks.iter().map(|chunk| chunk.bytes.clone()).collect()))
    }

    fn get_bytes(&self, _start: u64, _length: usize) -> Parquet<Bytes> {
        Err(ParquetError::General("pieces are read one after the other".to_owned()))
    }
}

/// What is still to be read.
pub(super) struct Rest(VecDeque<Bytes>);

impl Read for Rest {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        self.0.pop_front_if(|bytes| bytes.is_empty());
        let Some(bytes) = self.0.front_mut() else { return Ok(0) };
        let some = bytes.len().min(into.len());
        into[..some].copy_from_slice(&bytes[..some]);
        bytes.advance(some);
        Ok(some)
    }
}
