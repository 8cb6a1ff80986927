//! Numbers as bytes.

use std::fmt;

/// A type of numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::formats) enum Kind {
    F64,
    F32,
    I64,
    I32,
    I16,
}

/// Which byte of a number comes first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::formats) enum Endian {
    Little,
    Big,
}

/// How numbers stand in a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::formats) struct Encoding {
    pub(in crate::formats) kind: Kind,
    pub(in crate::formats) endian: Endian,
}

/// One number of a coordinate.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(in crate::formats) enum Number {
    Whole(i64),
    Real(f64),
}

impl fmt::Display for Number {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Number::Whole(whole) => write!(f, "{whole}"),
            Number::Real(real) => write!(f, "{real:?}"),
        }
    }
}

impl Kind {
    /// Bytes per number.
    pub(in crate::formats) fn size(self) -> usize {
        match self {
            Kind::F64 | Kind::I64 => 8,
            Kind::F32 | Kind::I32 => 4,
            Kind::I16 => 2,
        }
    }
}

impl Encoding {
    /// Appends floats, rounded where they have fewer bits.
    pub(in crate::formats) fn write(self, values: &[f64], bytes: &mut Vec<u8>) {
        let big = self.endian == Endian::Big;
        match self.kind {
            Kind::F32 if big => put(values, bytes, |x| (x as f32).to_be_bytes()),
            Kind::F32 => put(values, bytes, |x| (x as f32).to_le_bytes()),
            _ if big => put(values, bytes, f64::to_be_bytes),
            _ => put(values, bytes, f64::to_le_bytes),
        }
    }

    /// Decodes floats.
    pub(super) fn read(self, bytes: &[u8], values: &mut [f64]) {
        let big = self.endian == Endian::Big;
        match self.kind {
            Kind::F32 if big => get(bytes, values, |x| f64::from(f32::from_be_bytes(x))),
            Kind::F32 => get(bytes, values, |x| f64::from(f32::from_le_bytes(x))),
            _ if big => get(bytes, values, f64::from_be_bytes),
            _ => get(bytes, values, f64::from_le_bytes),
        }
    }

    /// The number that stands in as many bytes as the type has.
    pub(super) fn number(self, bytes: &[u8]) -> Number {
        let mut low = [0; 8];
        let size = bytes.len().min(8);
        low[..size].copy_from_slice(&bytes[..size]);
        if self.endian == Endian::Big {
            low[..size].reverse();
        }
        let bits = u64::from_le_bytes(low);
        match self.kind {
            Kind::F64 => Number::Real(f64::from_bits(bits)),
            Kind::F32 => Number::Real(f64::from(f32::from_bits(bits as u32))),
            Kind::I64 => Number::Whole(bits as i64),
            Kind::I32 => Number::Whole(i64::from(bits as i32)),
            Kind::I16 => Number::Whole(i64::from(bits as i16)),
        }
    }
}

fn put<const N: usize>(values: &[f64], bytes: &mut Vec<u8>, encode: impl Fn(f64) -> [u8; N]) {
    let start = bytes.len();
    bytes.resize(start + values.len() * N, 0);
    for (word, value) in bytes[start..].as_chunks_mut().0.iter_mut().zip(values) {
        *word = encode(*value);
    }
}

fn get<const N: usize>(bytes: &[u8], values: &mut [f64], decode: impl Fn([u8; N]) -> f64) {
    for (value, word) in values.iter_mut().zip(bytes.as_chunks().0) {
        *value = decode(*word);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_encoding_reads_back() {
        let values = [0.5, -0.0, f64::INFINITY, 1e30_f32.into()];
        for kind in [Kind::F64, Kind::F32] {
            for endian in [Endian::Little, Endian::Big] {
                let encoding = Encoding { kind, endian };
                let mut bytes = vec![7];
                encoding.write(&values, &mut bytes);
                let mut read = [1.0; 4];
                encoding.read(&bytes[1..], &mut read);
                assert_eq!(read.map(f64::to_bits), values.map(f64::to_bits));
                assert_eq!(encoding.number(&bytes[1..1 + kind.size()]), Number::Real(0.5));
            }
        }
        let whole = |kind, endian, bytes: &[u8]| Encoding { kind, endian }.number(bytes);
        assert_eq!(whole(Kind::I16, Endian::Big, &[255, 254]), Number::Whole(-2));
        assert_eq!(whole(Kind::I32, Endian::Little, &[254, 255, 255, 255]), Number::Whole(-2));
        assert_eq!(whole(Kind::I64, Endian::Big, &[0, 0, 0, 0, 0, 0, 1, 0]), Number::Whole(256));
    }
}
