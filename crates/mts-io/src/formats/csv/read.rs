//! Text to rows.

use std::fs::File;
use std::io::{BufRead, BufReader, Read, Seek};
use std::path::{Path, PathBuf};
use std::str;

use mts_core::{Head, SlabSource, SourceError};
use mts_hash::Map;

use super::HEADER;
use crate::IoError;
use crate::formats::Check;
use crate::order::{Key, Order, Time};

/// Longer lines are no rows; a file without line ends must not fill the memory.
const MAX_LINE: u64 = 1 << 16;
const BUFFER: usize = 1 << 16;

/// The text holds neither shape nor axis, so that both are learned from all rows, which checks them.
pub(in crate::formats) fn open(path: &Path, _check: Check) -> Result<Box<dyn SlabSource>, IoError> {
    let mut lines =
        Lines { reader: BufReader::with_capacity(BUFFER, File::open(path)?), number: 0, line: Vec::new() };
    if lines.next()? != Some(HEADER.as_bytes()) {
        return Err(lines.error(format!("expected the header {HEADER}")));
    }
    let mut order: Option<Order> = None;
    let mut config_id = String::new();
    while let Some(line) = lines.next()? {
        let checked = Row::split(line).and_then(|row| {
            let key = row.key()?;
            match &mut order {
                Some(order) => {
                    order.row(key)?;
                    if row.config_id != config_id.as_bytes() {
                        return Err("the config_id is not that of the first row".to_owned());
                    }
                }
                None => {
                    config_id = row.config_id()?.to_owned();
                    let order = order.insert(Order::unknown(matches!(key.time, Time::Second(_))));
                    order.row(key)?;
                }
            }
            Ok(())
        });
        checked.map_err(|what| lines.error(what))?;
    }
    let order = order.ok_or_else(|| lines.error("there are no rows"))?;
    let (shape, time) = order.finish().map_err(|error| lines.error(error.to_string()))?;
    let attributes: Map = [("config_id", config_id)].into_iter().collect();
    let mut source = CsvSource {
        path: path.to_owned(),
        head: Head { shape, time, attributes, truth: None },
        lines,
        done: 0,
    };
    source.restart()?;
    Ok(Box::new(source))
}

struct CsvSource {
    path: PathBuf,
    head: Head,
    lines: Lines,
    done: usize,
}

impl CsvSource {
    fn restart(&mut self) -> Result<(), IoError> {
        self.lines.reader.rewind()?;
        self.lines.number = 0;
        self.done = 0;
        self.lines.next()?;
        Ok(())
    }

    fn fill(&mut self, values: &mut [f64]) -> Result<(), IoError> {
        for into in values {
            let Some(line) = self.lines.next()? else {
                return Err(self.lines.error("the file became shorter while it was read"));
            };
            *into = Row::split(line).and_then(|row| row.value()).map_err(|what| self.lines.error(what))?;
        }
        Ok(())
    }
}

impl SlabSource for CsvSource {
    fn head(&self) -> &Head {
        &self.head
    }

    fn next(&mut self, slabs: &mut [f64]) -> Result<usize, SourceError> {
        let slab = self.head.shape.slab();
        let steps = (slabs.len() / slab).min(self.head.shape.steps() - self.done);
        self.fill(&mut slabs[..steps * slab]).map_err(|error| error.at(&self.path))?;
        self.done += steps;
        Ok(steps)
    }

    fn rewind(&mut self) -> Result<(), SourceError> {
        self.restart().map_err(|error| error.at(&self.path))?;
        Ok(())
    }
}

struct Lines {
    reader: BufReader<File>,
    number: u64,
    line: Vec<u8>,
}

impl Lines {
    /// The next line without its end.
    fn next(&mut self) -> Result<Option<&[u8]>, IoError> {
        self.line.clear();
        self.number += 1;
        let read = (&mut self.reader).take(MAX_LINE).read_until(b'\n', &mut self.line)?;
        if read == 0 {
            return Ok(None);
        }
        let Some(line) = self.line.strip_suffix(b"\n") else {
            let cut = (read as u64) < MAX_LINE;
            let what =
                if cut { "no line end: the file is cut off" } else { "the line is longer than 65536 bytes" };
            return Err(self.error(what));
        };
        Ok(Some(line.strip_suffix(b"\r").unwrap_or(line)))
    }

    fn error(&self, what: impl AsRef<str>) -> IoError {
        IoError::damaged(format!("line {}: {}", self.number, what.as_ref()))
    }
}

/// The fields of a line.
struct Row<'a> {
    index: [&'a [u8]; 3],
    value: &'a [u8],
    config_id: &'a [u8],
}

impl<'a> Row<'a> {
    fn split(line: &'a [u8]) -> Result<Self, String> {
        let mut fields = line.split(|b| *b == b',');
        let mut field = || fields.next();
        match (field(), field(), field(), field(), field(), field()) {
            (Some(time), Some(channel), Some(realization), Some(value), Some(config_id), None) => {
                Ok(Row { index: [time, channel, realization], value, config_id })
            }
            _ => Err("expected five fields".to_owned()),
        }
    }

    fn key(&self) -> Result<Key, String> {
        let [time, channel, realization] = self.index;
        let time = match integer(time) {
            Some(step) => Time::Step(step),
            None => Time::Second(float(time).ok_or_else(|| expected("a time", time))?),
        };
        let channel = integer(channel).ok_or_else(|| expected("a channel", channel))?;
        let realization = integer(realization).ok_or_else(|| expected("a realization", realization))?;
        Ok(Key { time, channel, realization })
    }

    /// An empty field is how other programs write NaN.
    fn value(&self) -> Result<f64, String> {
        if self.value.is_empty() {
            return Ok(f64::NAN);
        }
        float(self.value).ok_or_else(|| expected("a number", self.value))
    }

    fn config_id(&self) -> Result<&'a str, String> {
        str::from_utf8(self.config_id).map_err(|_| expected("a config_id", self.config_id))
    }
}

fn integer(field: &[u8]) -> Option<i64> {
    if !field.iter().all(u8::is_ascii_digit) {
        return None;
    }
    str::from_utf8(field).ok()?.parse().ok()
}

fn float(field: &[u8]) -> Option<f64> {
    str::from_utf8(field).ok()?.parse().ok()
}

fn expected(what: &str, found: &[u8]) -> String {
    let found = String::from_utf8_lossy(&found[..found.len().min(40)]);
    format!("expected {what}, found {found:?}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields() {
        let row = Row::split(b"0.5,1,2,-1e-07,x").unwrap();
        assert_eq!(row.key().unwrap(), Key { time: Time::Second(0.5), channel: 1, realization: 2 });
        assert_eq!(row.value().unwrap(), -1e-7);
        for bad in ["", "1,2,3,4", "1,2,3,4,5,6"] {
            assert!(Row::split(bad.as_bytes()).is_err(), "{bad}");
        }
        for bad in ["a,0,0,1,x", "0,-1,0,1,x", "0,,0,1,x", "0,0,1.0,1,x", "0,0,99999999999999999999,1,x"] {
            assert!(Row::split(bad.as_bytes()).unwrap().key().is_err(), "{bad}");
        }
    }
}
