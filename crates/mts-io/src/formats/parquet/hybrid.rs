//! Small numbers as runs or bit by bit: Parquet's hybrid encoding of levels and of places in a dictionary.

use super::codec::varint;

/// Numbers that are packed together.
const GROUP: usize = 8;

/// Groups behind one head, whose number then is one byte.
const MAX_GROUPS: usize = 63;

/// Encodes numbers of at most `width` bits: from eight equal ones on a run, and else their bits.
pub(super) struct Hybrid<'a> {
    bytes: &'a mut Vec<u8>,
    width: usize,
    /// The last number, and how often it came in a row.
    last: u32,
    repeated: usize,
    /// Of the group that fills.
    group: [u32; GROUP],
    filled: usize,
    /// Where the head of the packed groups stands, and how many follow it.
    head: Option<(usize, usize)>,
}

/// The bits of a number.
pub(super) fn width(most: u64) -> usize {
    (u64::BITS - most.leading_zeros()) as usize
}

impl<'a> Hybrid<'a> {
    pub(super) fn new(width: usize, bytes: &'a mut Vec<u8>) -> Self {
        Hybrid { bytes, width, last: 0, repeated: 0, group: [0; GROUP], filled: 0, head: None }
    }

    /// The same number over and over.
    pub(super) fn run(&mut self, number: u32, mut count: usize) {
        while count > 0 {
            if self.last == number && self.repeated >= GROUP {
                self.repeated += count;
                return;
            }
            self.put(number);
            count -= 1;
        }
    }

    pub(super) fn put(&mut self, number: u32) {
        if self.last == number && self.repeated > 0 {
            self.repeated += 1;
            if self.repeated > GROUP {
                return;
            }
        } else {
            if self.repeated >= GROUP {
                self.end_run();
            }
            (self.last, self.repeated) = (number, 1);
        }
        self.group[self.filled] = number;
        self.filled += 1;
        if self.filled < GROUP {
            return;
        }
        self.filled = 0;
        if self.repeated >= GROUP {
            // What was packed ends here, and a run begins.
            self.head = None;
        } else {
            self.pack();
            self.repeated = 0;
        }
    }

    pub(super) fn end(mut self) {
        let is_run = self.head.is_none() && self.repeated == self.filled;
        if self.repeated >= GROUP || is_run && self.filled > 0 {
            self.end_run();
        } else if self.filled > 0 {
            self.group[self.filled..].fill(0);
            self.pack();
        }
    }

    fn end_run(&mut self) {
        varint((self.repeated as u64) << 1, self.bytes);
        let bytes = self.last.to_le_bytes();
        self.bytes.extend_from_slice(&bytes[..self.width.div_ceil(8)]);
        (self.repeated, self.filled) = (0, 0);
    }

    fn pack(&mut self) {
        let (head, groups) = self.head.unwrap_or((self.bytes.len(), 0));
        if groups == 0 {
            self.bytes.push(0);
        }
        self.bytes[head] = ((groups + 1) << 1 | 1) as u8;
        self.head = Some((head, groups + 1)).filter(|(_, groups)| *groups < MAX_GROUPS);
        let (mut word, mut bits) = (0_u64, 0);
        for number in self.group {
            word |= u64::from(number) << bits;
            bits += self.width;
            while bits >= 8 {
                self.bytes.push(word as u8);
                word >>= 8;
                bits -= 8;
            }
        }
    }
}
