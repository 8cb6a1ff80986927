//! Rows to text.

use std::io::Write;

use mts_core::{Head, Shape, TimeAxis};
use mts_hash::Map;

use super::HEADER;
use crate::sink::Progress;
use crate::{IoError, SlabSink};

/// Rows collect here before they go out.
const BUFFER: usize = 1 << 16;

pub(in crate::formats) fn create<W: Write + Send + 'static>(
    writer: W,
    head: &Head,
    config_id: &str,
    _extra: &Map,
) -> Result<Box<dyn SlabSink<W>>, IoError> {
    let plain = |c: char| c.is_ascii_alphanumeric() || "._-".contains(c);
    if config_id.is_empty() || !config_id.chars().all(plain) {
        return Err(IoError::refused(format!(
            "the config_id {config_id:?} would need quotes in CSV: use letters, digits, '.', '_' and '-'"
        )));
    }
    Ok(Box::new(CsvSink {
        writer,
        shape: head.shape,
        time: head.time,
        tail: format!(",{config_id}\n").into_bytes(),
        progress: Progress::new(head.shape),
        step: 0,
        lead: Vec::new(),
        rows: format!("{HEADER}\n").into_bytes(),
    }))
}

struct CsvSink<W> {
    writer: W,
    shape: Shape,
    time: TimeAxis,
    /// What every row ends with.
    tail: Vec<u8>,
    progress: Progress,
    step: usize,
    /// What every row of a channel begins with.
    lead: Vec<u8>,
    rows: Vec<u8>,
}

impl<W: Write + Send> CsvSink<W> {
    fn channel(
        &mut self,
        channel: usize,
        values: &[f64],
        realizations: &mut itoa::Buffer,
    ) -> Result<(), IoError> {
        self.lead.clear();
        match self.time {
            TimeAxis::Steps => write!(self.lead, "{}", self.step)?,
            TimeAxis::Seconds { .. } => write_float(&mut self.lead, self.time.at(self.step)),
        }
        write!(self.lead, ",{channel},")?;
        for (realization, value) in values.iter().enumerate() {
            self.rows.extend_from_slice(&self.lead);
            self.rows.extend_from_slice(realizations.format(realization).as_bytes());
            self.rows.push(b',');
            write_float(&mut self.rows, *value);
            self.rows.extend_from_slice(&self.tail);
            if self.rows.len() >= BUFFER {
                self.flush()?;
            }
        }
        Ok(())
    }

    fn flush(&mut self) -> Result<(), IoError> {
        self.writer.write_all(&self.rows)?;
        self.rows.clear();
        Ok(())
    }
}

impl<W: Write + Send> SlabSink<W> for CsvSink<W> {
    fn write(&mut self, slabs: &[f64]) -> Result<(), IoError> {
        self.progress.add(slabs)?;
        let mut realizations = itoa::Buffer::new();
        for slab in slabs.chunks_exact(self.shape.slab()) {
            for (channel, values) in slab.chunks_exact(self.shape.realizations()).enumerate() {
                self.channel(channel, values, &mut realizations)?;
            }
            self.step += 1;
        }
        Ok(())
    }

    fn finish(mut self: Box<Self>) -> Result<W, IoError> {
        self.progress.complete()?;
        self.flush()?;
        self.writer.flush()?;
        Ok(self.writer)
    }
}

/// Writes what `mts_hash::float_repr` returns, mostly without its allocations.
fn write_float(text: &mut Vec<u8>, value: f64) {
    let mut buffer = zmij::Buffer::new();
    let size = value.abs();
    if (1e-4..1e16).contains(&size) || size == 0.0 {
        text.extend_from_slice(buffer.format_finite(value).as_bytes());
        return;
    }
    // The digits are the same; Python's exponent has a sign and two digits at least.
    let scientific = if value.is_finite() { buffer.format_finite(value).split_once('e') } else { None };
    let Some((mantissa, exponent)) = scientific else {
        text.extend_from_slice(mts_hash::float_repr(value).as_bytes());
        return;
    };
    let (sign, digits) = match exponent.strip_prefix('-') {
        Some(digits) => (b'-', digits),
        None => (b'+', exponent.strip_prefix('+').unwrap_or(exponent)),
    };
    text.extend_from_slice(mantissa.as_bytes());
    text.extend_from_slice(&[b'e', sign]);
    if digits.len() == 1 {
        text.push(b'0');
    }
    text.extend_from_slice(digits.as_bytes());
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn repr(value: f64) -> String {
        let mut text = Vec::new();
        write_float(&mut text, value);
        String::from_utf8(text).unwrap()
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(20_000))]

        #[test]
        fn floats_are_as_python_writes_them(bits in any::<u64>(), scale in -8_i32..20, digits in 0_u64..1_000_000) {
            let decimal: f64 = format!("{digits}e{scale}").parse().unwrap();
            for value in [f64::from_bits(bits), decimal, -decimal, 1.0 / decimal] {
                prop_assert_eq!(repr(value), mts_hash::float_repr(value));
            }
        }
    }

    #[test]
    fn ties_are_as_python_writes_them() {
        for (value, text) in [
            (24_427_323_132_197.0 + 0.0625, "24427323132197.062"),
            (24_427_323_132_197.0 + 0.1875, "24427323132197.188"),
            (-24_427_323_132_197.0 - 0.5625, "-24427323132197.562"),
        ] {
            assert_eq!(repr(value), text);
        }
    }

    #[test]
    fn every_exponent_is_as_python_writes_it() {
        for exponent in -330..310 {
            for mantissa in ["1", "1.5", "9.999999999999999", "-1.7976931348623157"] {
                let value: f64 = format!("{mantissa}e{exponent}").parse().unwrap();
                assert_eq!(repr(value), mts_hash::float_repr(value));
            }
        }
        for value in
            [0.0, -0.0, 5e-324, f64::MIN_POSITIVE, f64::MAX, f64::NAN, f64::INFINITY, f64::NEG_INFINITY]
        {
            assert_eq!(repr(value), mts_hash::float_repr(value));
        }
    }
}
