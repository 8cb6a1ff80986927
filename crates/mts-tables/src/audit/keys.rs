//! Keys by their hashes.

/// Keys of which all are kept; of more, a share that their hashes choose, so that a key and what refers to it are
/// kept together.
const KEPT: u64 = 1 << 23;

/// The FNV-1a hash of 128 bits: two different keys of a billion have the same with a probability of 10⁻²⁰.
pub(super) struct Hash(u128);

impl Hash {
    pub(super) fn new() -> Self {
        Hash(0x6c62_272e_07bb_0142_62b8_2175_6295_c58d)
    }

    /// Adds one text of several.
    #[must_use]
    pub(super) fn with(self, text: &str) -> Self {
        // Databases have one zero. No text has this byte.
        let text = if text == "-0.0" { "0.0" } else { text };
        Hash(text.bytes().chain([0xff]).fold(self.0, |hash, byte| {
            (hash ^ u128::from(byte)).wrapping_mul(0x0000_0000_0100_0000_0000_0000_0000_013b)
        }))
    }

    pub(super) fn end(self) -> u128 {
        self.0
    }
}

/// A key of a row.
#[derive(Clone, Copy)]
pub(super) struct Entry {
    pub(super) hash: u128,
    pub(super) row: u64,
    /// Its number in the order in which they came.
    pub(super) at: usize,
}

/// The keys of a table.
pub(super) struct Keys {
    /// Columns, by place.
    pub(super) columns: Vec<usize>,
    /// The constraint that lets no key occur twice.
    pub(super) rule: &'static str,
    /// One key of so many is kept.
    pub(super) every: u64,
    entries: Vec<Entry>,
    pub(super) is_closed: bool,
}

impl Keys {
    pub(super) fn new(columns: Vec<usize>, rule: &'static str, rows: u64) -> Self {
        Keys { columns, rule, every: rows.div_ceil(KEPT).max(1), entries: Vec::new(), is_closed: false }
    }

    pub(super) fn keeps(&self, hash: u128) -> bool {
        (hash as u64 ^ (hash >> 64) as u64).is_multiple_of(self.every)
    }

    pub(super) fn add(&mut self, hash: u128, row: u64) {
        let at = self.entries.len();
        self.entries.push(Entry { hash, row, at });
    }

    /// After the last one: the pairs of rows with the same key.
    pub(super) fn close(&mut self) -> Vec<[u64; 2]> {
        self.entries.sort_unstable_by_key(|entry| (entry.hash, entry.row));
        self.is_closed = true;
        let pairs = self.entries.windows(2).filter(|pair| pair[0].hash == pair[1].hash);
        pairs.map(|pair| [pair[0].row, pair[1].row]).collect()
    }

    pub(super) fn entries(&self) -> &[Entry] {
        &self.entries
    }

    /// The place of a key among all, in the order of hashes.
    pub(super) fn find(&self, hash: u128) -> Option<usize> {
        self.entries.binary_search_by_key(&hash, |entry| entry.hash).ok()
    }
}
