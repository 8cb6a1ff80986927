//! The columns of a row group, encoded apart from the file.

use std::ops::Neg;
use std::sync::Arc;

use parquet::basic::{Compression, Encoding, EncodingMask, PageType};
use parquet::errors::Result as Parquet;
use parquet::file::metadata::{ColumnChunkMetaData, PageEncodingStats};
use parquet::file::statistics::{Statistics, ValueStatistics};
use parquet::schema::types::ColumnDescPtr;

use super::page::Values;

/// The bytes of a column in a row group, and what the footer says of them: offsets count from their beginning.
#[derive(Clone)]
pub(super) struct Chunk {
    pub(super) parts: Vec<Arc<Vec<u8>>>,
    pub(super) metadata: ColumnChunkMetaData,
}

/// What a chunk consists of.
pub(super) struct Content {
    pub(super) values: Values,
    /// Bytes of the dictionary's page, where there is one.
    pub(super) dictionary: usize,
    /// Pages of data.
    pub(super) pages: usize,
    pub(super) rows: usize,
    /// Bytes before compression, heads included.
    pub(super) uncompressed: usize,
    pub(super) statistics: Statistics,
    /// Bytes of texts.
    pub(super) text: Option<usize>,
}

impl Chunk {
    pub(super) fn new(
        description: &ColumnDescPtr,
        compression: Compression,
        parts: Vec<Arc<Vec<u8>>>,
        content: Content,
    ) -> Parquet<Self> {
        let Content { values, dictionary, pages, rows, uncompressed, statistics, text } = content;
        let bytes: usize = parts.iter().map(|part| part.len()).sum();
        let has_dictionary = values == Values::Places;
        let stats = |page_type, encoding, count| PageEncodingStats { page_type, encoding, count };
        let mut stats = vec![stats(PageType::DATA_PAGE, values.encoding(), pages as i32)];
        let mut encodings = vec![Encoding::RLE, values.encoding()];
        if has_dictionary {
            encodings.push(Encoding::PLAIN);
            stats.insert(
                0,
                PageEncodingStats {
                    page_type: PageType::DICTIONARY_PAGE,
                    encoding: Encoding::PLAIN,
                    count: 1,
                },
            );
        }
        let metadata = ColumnChunkMetaData::builder(description.clone())
            .set_compression(compression)
            .set_encodings_mask(EncodingMask::new_from_encodings(encodings.iter()))
            .set_page_encoding_stats(stats)
            .set_total_compressed_size(bytes as i64)
            .set_total_uncompressed_size(uncompressed as i64)
            .set_num_values(rows as i64)
            .set_data_page_offset(dictionary as i64)
            .set_dictionary_page_offset(has_dictionary.then_some(0))
            .set_statistics(statistics)
            .set_unencoded_byte_array_data_bytes(text.map(|bytes| bytes as i64))
            .set_definition_level_histogram(Some(vec![0, rows as i64].into()))
            .build()?;
        Ok(Chunk { parts, metadata })
    }

    /// What the footer says where the chunk begins with byte `start` of the file.
    pub(super) fn metadata_at(&self, start: u64) -> Parquet<ColumnChunkMetaData> {
        let (start, chunk) = (start as i64, &self.metadata);
        let dictionary = chunk.dictionary_page_offset().map(|offset| start + offset);
        let data = start + chunk.data_page_offset();
        chunk.clone().into_builder().set_dictionary_page_offset(dictionary).set_data_page_offset(data).build()
    }

    /// The bytes of all parts.
    pub(super) fn len(&self) -> usize {
        self.parts.iter().map(|part| part.len()).sum()
    }
}

/// The extremes of a column none of whose values is missing, for readers of any age.
pub(super) fn extremes<T>(least: Option<T>, greatest: Option<T>) -> ValueStatistics<T> {
    ValueStatistics::new(least, greatest, None, Some(0), false).with_backwards_compatible_min_max(true)
}

/// Those of floats: the format knows one zero, and readers want the wider.
pub(super) fn wide_extremes<T>(least: Option<T>, greatest: Option<T>) -> ValueStatistics<T>
where
    T: From<i8> + Neg<Output = T> + PartialEq,
{
    let zero = || T::from(0);
    let least = least.map(|least| if least == zero() { -zero() } else { least });
    extremes(least, greatest.map(|greatest| if greatest == zero() { zero() } else { greatest }))
}
