//! Which rows are written together.

use std::ops::Range;

use super::Catalogue;
use super::params::Column;
use crate::IoError;
use crate::formats::records::GROUP_ROWS;

/// Bytes of a row group, which is in memory while it is written: two thousand for each of its rows, of which
/// most have a few hundred.
pub(super) const GROUP_BYTES: u64 = 1 << 28;

/// Columns of texts count their bytes with 31 bits.
const ROW_BYTES: u64 = i32::MAX as u64;

/// Row groups of at most so many rows and bytes, or of one row. They follow from `sizes`, the bytes of each
/// row, alone.
pub(super) fn groups(sizes: &[u64], most: u64) -> Result<Vec<Range<usize>>, IoError> {
    let (mut groups, mut start, mut bytes) = (Vec::new(), 0, 0);
    for (row, size) in sizes.iter().enumerate() {
        if *size > ROW_BYTES {
            return Err(IoError::refused(format!(
                "row {row} has {size} bytes, and a catalogue holds at most {ROW_BYTES} of one: use smaller parameters"
            )));
        }
        if row > start && (row - start == GROUP_ROWS || bytes + size > most) {
            groups.push(start..row);
            (start, bytes) = (row, 0);
        }
        bytes += size;
    }
    if start < sizes.len() {
        groups.push(start..sizes.len());
    }
    Ok(groups)
}

impl Catalogue {
    /// The bytes of each row in arrays, whose numbers have 8.
    pub(super) fn sizes(&self, params: &[(String, Column)]) -> Vec<u64> {
        let texts = [&self.config_id, &self.data_id, &self.path];
        let own = |row| {
            texts.iter().map(|texts| texts.get(row).len()).sum::<usize>() + 8 * self.spawn_key.get(row).len()
        };
        let mut sizes: Vec<u64> = (0..self.len()).map(|row| own(row) as u64).collect();
        let mut add = |rows: Range<usize>, size: u64| sizes[rows].iter_mut().for_each(|all| *all += size);
        for (rows, common) in self.common.runs() {
            let formats = common.formats.iter().map(|format| format.name().len() + 1).sum::<usize>();
            let texts = [common.dtype.name(), common.format.name(), &common.model];
            let texts = texts.map(str::len).into_iter().sum::<usize>();
            let numbers = 4 * 8;
            add(rows, (formats + texts + numbers + common.seed_entropy.to_string().len()) as u64);
        }
        self.files.runs().for_each(|(rows, file)| add(rows, file.sha256.len() as u64));
        params.iter().for_each(|(_, column)| column.sizes().for_each(|(rows, size)| add(rows, size as u64)));
        sizes
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn groups_end_by_rows_and_by_bytes() {
        let ends = |sizes: &[u64], most| {
            let groups = groups(sizes, most).unwrap();
            let starts = std::iter::once(0).chain(groups.iter().map(|group| group.end));
            assert!(groups.iter().map(|group| group.start).eq(starts.take(groups.len())));
            groups.into_iter().map(|group| group.end).collect::<Vec<_>>()
        };
        assert!(ends(&[], 10).is_empty());
        assert_eq!(ends(&[5, 5, 5, 11, 1, 9, 0, 1], 10), [2, 3, 4, 7, 8]);
        assert_eq!(ends(&[ROW_BYTES; 2], GROUP_BYTES), [1, 2]);
        // Rows of some hundred bytes are counted alone.
        let many = vec![GROUP_BYTES / GROUP_ROWS as u64; 2 * GROUP_ROWS + 1];
        assert_eq!(ends(&many, GROUP_BYTES), [GROUP_ROWS, 2 * GROUP_ROWS, 2 * GROUP_ROWS + 1]);
        let error = groups(&[1, ROW_BYTES + 1], GROUP_BYTES).unwrap_err().to_string();
        assert!(error.starts_with("row 1 has 2147483648 bytes"), "{error}");
    }
}
