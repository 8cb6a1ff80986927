//! Rows to slabs.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{BufRead, BufReader, Read, Seek};
use std::ops::Range;
use std::path::Path;
use std::str;

use mts_core::{Dtype, Head, Shape, SlabSource, Time};
use mts_hash::{Map, Value};

use super::{Cut, object};
use crate::formats::table::rows;
use crate::order::{Key, Order};
use crate::source::{FileSource, Values};
use crate::{Form, IoError, places};

/// Longer lines are no rows; a file without line ends must not fill the memory.
const MAX_LINE: u64 = 1 << 22;
const BUFFER: usize = 1 << 16;

/// Those of the wide form, and two.
const MAX_COLUMNS: usize = super::MAX_CHANNELS + 2;

/// Where rows are missing that were there when the file was opened.
const SHORTER: &str = "the file became shorter while it was read";

/// Reads what stands before the rows; returns the columns and how rows are taken apart.
type Start<'a> = &'a dyn Fn(&mut Lines) -> Result<(Vec<String>, Cut), IoError>;

/// The text holds neither shape nor axis, so that both are learned from all rows, which checks them.
pub(in crate::formats) fn open(path: &Path, start: Start) -> Result<Box<dyn SlabSource>, IoError> {
    let mut lines = Lines {
        reader: BufReader::with_capacity(BUFFER, places::open(path)?),
        number: 0,
        line: Vec::new(),
        peeked: false,
    };
    let (columns, cut) = start(&mut lines)?;
    if columns.len() > MAX_COLUMNS {
        return Err(
            lines.error(format!("more than {MAX_COLUMNS} columns: the long form has any number of channels"))
        );
    }
    let layout = Layout::of(&columns).map_err(|what| lines.error(what))?;
    let first = Place { number: lines.number, offset: lines.offset()? };
    let mut rows = Rows { lines, cut, layout, fields: Fields::default(), shape: Shape::of(1, 1, 1), first };
    let (shape, time, attributes) = rows.walk()?;
    rows.shape = shape;
    rows.restart()?;
    let head = Head { shape, time, dtype: Dtype::F64, attributes, truth: None };
    Ok(FileSource::boxed(path, head, rows))
}

/// Where the fields of a row are.
enum Layout {
    Long { time: usize, channel: usize, realization: usize, value: usize, config_id: usize },
    Wide { time: usize, realization: usize, channels: Vec<usize> },
    Panel { unique_id: usize, ds: usize, y: usize },
}

impl Layout {
    fn of(columns: &[String]) -> Result<Self, String> {
        let place = |name: &str| columns.iter().position(|column| column == name);
        if let (Some(unique_id), Some(ds), Some(y), 3) =
            (place("unique_id"), place("ds"), place("y"), columns.len())
        {
            return Ok(Layout::Panel { unique_id, ds, y });
        }
        if let (Some(time), Some(realization)) = (place("time"), place("realization")) {
            let rest: Vec<usize> = (0..columns.len()).filter(|i| ![time, realization].contains(i)).collect();
            let places = (place("channel"), place("value"), place("config_id"), rest.len());
            if let (Some(channel), Some(value), Some(config_id), 3) = places {
                return Ok(Layout::Long { time, channel, realization, value, config_id });
            }
            if !rest.is_empty() && place("channel").is_none() && place("value").is_none() {
                return Ok(Layout::Wide { time, realization, channels: rest });
            }
        }
        Err("expected the columns time, channel, realization, value, config_id (long form), time, realization \
             and one per channel (wide form), or unique_id, ds, y (panel form)"
            .to_owned())
    }

    fn form(&self) -> Form {
        match self {
            Layout::Long { .. } => Form::Long,
            Layout::Wide { .. } => Form::Wide,
            Layout::Panel { .. } => Form::Panel,
        }
    }
}

struct Place {
    number: u64,
    offset: u64,
}

struct Rows {
    lines: Lines,
    cut: Cut,
    layout: Layout,
    fields: Fields,
    shape: Shape,
    first: Place,
}

impl Rows {
    /// Reads all rows: their order, numbers and names.
    fn walk(&mut self) -> Result<(Shape, mts_core::TimeAxis, Map), IoError> {
        let mut order = Order::unknown();
        let mut config_id: Option<String> = None;
        let Rows { lines, cut, layout, fields, .. } = self;
        while let Some(line) = lines.next()? {
            let checked = fields.cut(line, cut).and_then(|()| {
                let row = Row { line, fields };
                order.row(row.key(layout)?)?;
                if let Some(found) = row.config_id(layout)?
                    && *config_id.get_or_insert_with(|| found.to_owned()) != found
                {
                    return Err("the config_id is not that of the first row".to_owned());
                }
                row.check_values(layout)
            });
            checked.map_err(|what| lines.error(what))?;
        }
        let (shape, time) = order.finish().map_err(|error| lines.error(error.to_string()))?;
        let shape = match layout {
            Layout::Wide { channels, .. } => Shape::new(channels.len(), shape.steps(), shape.realizations())
                .map_err(|error| lines.error(error.to_string()))?,
            _ => shape,
        };
        let attributes = config_id.into_iter().map(|config_id| ("config_id", config_id)).collect();
        Ok((shape, time, attributes))
    }

    fn row(&mut self, mut take: impl FnMut(Row, &Layout) -> Result<(), String>) -> Result<(), IoError> {
        let Rows { lines, cut, layout, fields, .. } = self;
        let Some(line) = lines.next()? else {
            return Err(lines.error(SHORTER));
        };
        let taken = fields.cut(line, cut).and_then(|()| take(Row { line, fields }, layout));
        taken.map_err(|what| self.lines.error(what))
    }
}

impl Values for Rows {
    fn fill(&mut self, slabs: &mut [f64]) -> Result<(), IoError> {
        let realizations = self.shape.realizations();
        if self.layout.form() != Form::Wide {
            return slabs.iter_mut().try_for_each(|into| {
                self.row(|row, layout| {
                    *into = row.value(layout)?;
                    Ok(())
                })
            });
        }
        for slab in slabs.chunks_exact_mut(self.shape.slab()) {
            for realization in 0..realizations {
                self.row(|row, layout| {
                    let Layout::Wide { channels, .. } = layout else { return Ok(()) };
                    for (channel, field) in channels.iter().enumerate() {
                        slab[channel * realizations + realization] = number(row.field(*field))?;
                    }
                    Ok(())
                })?;
            }
        }
        Ok(())
    }

    /// All rows were checked before.
    fn skip(&mut self, steps: usize) -> Result<(), IoError> {
        for _ in 0..steps * rows(self.shape, self.layout.form()) {
            if self.lines.next()?.is_none() {
                return Err(self.lines.error(SHORTER));
            }
        }
        Ok(())
    }

    fn restart(&mut self) -> Result<(), IoError> {
        self.lines.reader.seek(std::io::SeekFrom::Start(self.first.offset))?;
        self.lines.number = self.first.number;
        self.lines.peeked = false;
        Ok(())
    }
}

/// The lines of a file.
pub(in crate::formats) struct Lines {
    reader: BufReader<File>,
    /// Of the line that was read last, from 1 on.
    number: u64,
    line: Vec<u8>,
    /// Whether the line was read ahead.
    peeked: bool,
}

impl Lines {
    /// The next line without its end.
    pub(in crate::formats) fn next(&mut self) -> Result<Option<&[u8]>, IoError> {
        if !std::mem::take(&mut self.peeked) {
            self.line.clear();
            self.number += 1;
            (&mut self.reader).take(MAX_LINE).read_until(b'\n', &mut self.line)?;
        }
        if self.line.is_empty() {
            return Ok(None);
        }
        let Some(line) = self.line.strip_suffix(b"\n") else {
            let cut = (self.line.len() as u64) < MAX_LINE;
            let what = if cut {
                "no line end: the file is cut off"
            } else {
                "the line is longer than 4194304 bytes"
            };
            return Err(self.error(what));
        };
        Ok(Some(line.strip_suffix(b"\r").unwrap_or(line)))
    }

    /// The next line, which stays the next.
    pub(in crate::formats) fn peek(&mut self) -> Result<Option<&[u8]>, IoError> {
        self.next()?;
        self.peeked = true;
        self.next_again()
    }

    fn next_again(&mut self) -> Result<Option<&[u8]>, IoError> {
        let line = self.line.strip_suffix(b"\n");
        Ok(line.map(|line| line.strip_suffix(b"\r").unwrap_or(line)))
    }

    /// Where the next line begins.
    fn offset(&mut self) -> Result<u64, IoError> {
        let ahead = if self.peeked { self.line.len() as u64 } else { 0 };
        Ok(self.reader.stream_position()? - ahead)
    }

    pub(in crate::formats) fn error(&self, what: impl AsRef<str>) -> IoError {
        IoError::damaged(format!("line {}: {}", self.number, what.as_ref()))
    }
}

/// Where the fields of a row are in its line, or in a text of their own.
#[derive(Default)]
struct Fields {
    ranges: Vec<Range<usize>>,
    own: Option<Vec<u8>>,
}

impl Fields {
    fn cut(&mut self, line: &[u8], cut: &Cut) -> Result<(), String> {
        self.own = None;
        self.ranges.clear();
        if self.cut_plain(line, cut).is_some() {
            return Ok(());
        }
        let fields = cut.syntax.pieces.len() - 1;
        let Some(keys) = &cut.json else { return Err(format!("expected {fields} fields")) };
        self.ranges.clear();
        let object = object(line)?;
        let mut own = Vec::new();
        // Mostly in the order of the first row; else by name, which is looked up in an index.
        let mut entries = object.iter();
        let mut index: Option<BTreeMap<&str, &Value>> = None;
        for key in keys {
            let next = entries.next().filter(|(name, _)| index.is_none() && name == key);
            let value = match next {
                Some((_, value)) => Some(value),
                None => index.get_or_insert_with(|| object.iter().collect()).get(key.as_str()).copied(),
            };
            let value = value.ok_or_else(|| format!("the key {key:?} is missing"))?;
            let start = own.len();
            match value {
                Value::Str(text) => own.extend_from_slice(text.as_bytes()),
                Value::Int(_) | Value::Float(_) | Value::Null => {
                    own.extend_from_slice(mts_hash::canonical_json(value).as_bytes());
                }
                _ => return Err(format!("the key {key:?} must be a number or text")),
            }
            self.ranges.push(start..own.len());
        }
        if object.iter().count() > keys.len() {
            return Err(format!("expected {fields} keys"));
        }
        self.own = Some(own);
        Ok(())
    }

    /// A line as our own writer makes it.
    fn cut_plain(&mut self, line: &[u8], cut: &Cut) -> Option<()> {
        let (last, pieces) = cut.syntax.pieces.split_last()?;
        let mut at = 0;
        for piece in pieces {
            let rest = line[at..].strip_prefix(piece.as_slice())?;
            at += piece.len();
            let length = rest.iter().position(|b| matches!(b, b',' | b'"' | b'}')).unwrap_or(rest.len());
            let field = &rest[..length];
            // JSON may have blanks around numbers, and letters written out.
            let blank = |b: Option<&u8>| b.is_some_and(u8::is_ascii_whitespace);
            if cut.json.is_some() && (blank(field.first()) || blank(field.last()) || field.contains(&b'\\')) {
                return None;
            }
            self.ranges.push(at..at + length);
            at += length;
        }
        let end = last.strip_suffix(b"\n").unwrap_or(last);
        (&line[at..] == end).then_some(())
    }
}

/// The fields of a line.
struct Row<'a> {
    line: &'a [u8],
    fields: &'a Fields,
}

impl<'a> Row<'a> {
    fn field(&self, place: usize) -> &'a [u8] {
        let text = self.fields.own.as_deref().unwrap_or(self.line);
        &text[self.fields.ranges[place].clone()]
    }

    fn key(&self, layout: &Layout) -> Result<Key, String> {
        let (time, channel, realization) = match *layout {
            Layout::Long { time, channel, realization, .. } => (
                time,
                index("a channel", self.field(channel))?,
                index("a realization", self.field(realization))?,
            ),
            Layout::Wide { time, realization, .. } => {
                (time, 0, index("a realization", self.field(realization))?)
            }
            Layout::Panel { unique_id, ds, .. } => {
                let [_, channel, realization] = self.unique_id(unique_id)?;
                (ds, index("a channel", channel)?, index("a realization", realization)?)
            }
        };
        Ok(Key { time: coordinate(self.field(time))?, channel, realization })
    }

    /// Name, channel and realization.
    fn unique_id(&self, place: usize) -> Result<[&'a [u8]; 3], String> {
        let field = self.field(place);
        let mut parts = field.rsplitn(3, |b| *b == b'/');
        match (parts.next(), parts.next(), parts.next()) {
            (Some(realization), Some(channel), Some(name)) => Ok([name, channel, realization]),
            _ => Err(expected("a unique_id such as name/0/0", field)),
        }
    }

    fn config_id(&self, layout: &Layout) -> Result<Option<&'a str>, String> {
        let name = match *layout {
            Layout::Long { config_id, .. } => self.field(config_id),
            Layout::Panel { unique_id, .. } => self.unique_id(unique_id)?[0],
            Layout::Wide { .. } => return Ok(None),
        };
        str::from_utf8(name).map(Some).map_err(|_| expected("a config_id", name))
    }

    fn value(&self, layout: &Layout) -> Result<f64, String> {
        match layout {
            Layout::Long { value: place, .. } | Layout::Panel { y: place, .. } => number(self.field(*place)),
            Layout::Wide { channels, .. } => number(self.field(channels[0])),
        }
    }

    fn check_values(&self, layout: &Layout) -> Result<(), String> {
        match layout {
            Layout::Wide { channels, .. } => {
                channels.iter().try_for_each(|place| number(self.field(*place)).map(drop))
            }
            _ => self.value(layout).map(drop),
        }
    }
}

fn index(what: &str, field: &[u8]) -> Result<i64, String> {
    integer(field).ok_or_else(|| expected(what, field))
}

fn coordinate(field: &[u8]) -> Result<Time, String> {
    if let Some(step) = integer(field) {
        return Ok(Time::Step(step));
    }
    let date = || Time::instant(str::from_utf8(field).ok()?);
    float(field).map(Time::Second).or_else(date).ok_or_else(|| expected("a time", field))
}

/// An empty field, or null, is how other programs write NaN.
fn number(field: &[u8]) -> Result<f64, String> {
    if field.is_empty() || field == b"null" {
        return Ok(f64::NAN);
    }
    float(field).ok_or_else(|| expected("a number", field))
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
    use crate::formats::text::Syntax;

    fn csv(columns: usize) -> Cut {
        let mut pieces = vec![b",".to_vec(); columns + 1];
        pieces[0].clear();
        pieces[columns] = b"\n".to_vec();
        Cut { syntax: Syntax { pieces, missing: "nan", infinite: "inf" }, json: None }
    }

    fn long() -> Layout {
        Layout::Long { time: 0, channel: 1, realization: 2, value: 3, config_id: 4 }
    }

    #[test]
    fn fields() {
        let mut fields = Fields::default();
        fields.cut(b"0.5,1,2,-1e-07,x", &csv(5)).unwrap();
        let row = Row { line: b"0.5,1,2,-1e-07,x", fields: &fields };
        assert_eq!(row.key(&long()).unwrap(), Key { time: Time::Second(0.5), channel: 1, realization: 2 });
        assert_eq!(row.value(&long()).unwrap(), -1e-7);
        for bad in ["", "1,2,3,4", "1,2,3,4,5,6"] {
            assert!(fields.cut(bad.as_bytes(), &csv(5)).is_err(), "{bad}");
        }
        for bad in ["a,0,0,1,x", "0,-1,0,1,x", "0,,0,1,x", "0,0,1.0,1,x", "0,0,99999999999999999999,1,x"] {
            fields.cut(bad.as_bytes(), &csv(5)).unwrap();
            assert!(Row { line: bad.as_bytes(), fields: &fields }.key(&long()).is_err(), "{bad}");
        }
    }

    #[test]
    fn series_are_found_in_their_names() {
        let mut fields = Fields::default();
        let line = b"a/b__00c0ffee/3/1,2024-01-01,";
        fields.cut(line, &csv(3)).unwrap();
        let (row, layout) = (Row { line, fields: &fields }, Layout::Panel { unique_id: 0, ds: 1, y: 2 });
        let time = Time::instant("2024-01-01T00:00:00").unwrap();
        assert_eq!(row.key(&layout).unwrap(), Key { time, channel: 3, realization: 1 });
        assert_eq!(row.config_id(&layout).unwrap(), Some("a/b__00c0ffee"));
        assert!(row.value(&layout).unwrap().is_nan());
    }

    #[test]
    fn forms_are_known_by_their_columns() {
        let form = |columns: &str| {
            let columns: Vec<String> = columns.split(',').map(str::to_owned).collect();
            Layout::of(&columns).map(|layout| layout.form()).ok()
        };
        assert_eq!(form("time,channel,realization,value,config_id"), Some(Form::Long));
        assert_eq!(form("config_id,time,channel,realization,value"), Some(Form::Long));
        assert_eq!(form("time,realization,x,y"), Some(Form::Wide));
        assert_eq!(form("unique_id,ds,y"), Some(Form::Panel));
        for bad in ["", "time", "time,realization", "time,channel,realization,value", "unique_id,ds,y,z"] {
            assert_eq!(form(bad), None, "{bad}");
        }
    }
}
