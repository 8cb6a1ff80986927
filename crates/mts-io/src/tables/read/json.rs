//! Objects of JSON, one at a time.

use std::fmt;
use std::fs::File;
use std::io::{BufRead as _, BufReader, Read as _};
use std::str;

use arrow_schema::Fields;
use serde::Deserializer as _;
use serde::de::{DeserializeSeed, Error as _, MapAccess, Visitor};
use serde_json::value::RawValue;

use super::{MAX_ROW, cut_off, too_long};
use crate::IoError;

const BUFFER: usize = 1 << 16;

/// The objects of a file: one per line, or those of an array.
#[derive(Debug)]
pub(super) struct Objects {
    reader: BufReader<File>,
    object: Vec<u8>,
    array: Option<Place>,
}

/// Where in an array the next byte is.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Place {
    Before,
    /// Behind the bracket.
    First,
    /// Behind an object.
    Next,
    /// Behind a comma.
    Object,
    After,
}

impl Objects {
    pub(super) fn new(file: File, array: bool) -> Self {
        let reader = BufReader::with_capacity(BUFFER, file);
        Objects { reader, object: Vec::new(), array: array.then_some(Place::Before) }
    }

    /// The text of the next object.
    pub(super) fn next(&mut self) -> Result<Option<&str>, IoError> {
        self.object.clear();
        let found = match self.array {
            Some(place) => self.element(place)?,
            None => self.line()?,
        };
        if !found {
            return Ok(None);
        }
        str::from_utf8(&self.object).map(Some).map_err(|_| IoError::damaged("this is no text"))
    }

    fn line(&mut self) -> Result<bool, IoError> {
        (&mut self.reader).take(MAX_ROW as u64 + 1).read_until(b'\n', &mut self.object)?;
        match self.object.last() {
            None => Ok(false),
            Some(b'\n') => Ok(true),
            Some(_) if self.object.len() > MAX_ROW => Err(too_long().into()),
            Some(_) => Err(cut_off()),
        }
    }

    /// Finds the next object of the array, by its braces alone.
    fn element(&mut self, mut place: Place) -> Result<bool, IoError> {
        loop {
            let Some(byte) = self.reader.fill_buf()?.first().copied() else {
                return match place {
                    Place::After => Ok(false),
                    _ => Err(IoError::damaged("the array has no end: the file is cut off")),
                };
            };
            let next = match (place, byte) {
                (_, b' ' | b'\t' | b'\r' | b'\n') => place,
                (Place::Before, b'[') => Place::First,
                (Place::First | Place::Next, b']') => Place::After,
                (Place::Next, b',') => Place::Object,
                (Place::First | Place::Object, b'{') => {
                    self.array = Some(Place::Next);
                    self.object()?;
                    return Ok(true);
                }
                _ => {
                    let found = char::from(byte);
                    return Err(IoError::damaged(format!("expected an array of objects, found {found:?}")));
                }
            };
            place = next;
            self.array = Some(next);
            self.reader.consume(1);
        }
    }

    fn object(&mut self) -> Result<(), IoError> {
        let (mut depth, mut text, mut escaped) = (0_usize, false, false);
        loop {
            let bytes = self.reader.fill_buf()?;
            if bytes.is_empty() {
                return Err(IoError::damaged("the object has no end: the file is cut off"));
            }
            let end = bytes.iter().position(|byte| {
                match byte {
                    _ if escaped => escaped = false,
                    b'\\' if text => escaped = true,
                    b'"' => text = !text,
                    b'{' if !text => depth += 1,
                    b'}' if !text => depth -= 1,
                    _ => {}
                }
                depth == 0
            });
            let taken = end.map_or(bytes.len(), |end| end + 1);
            self.object.extend_from_slice(&bytes[..taken]);
            self.reader.consume(taken);
            if end.is_some() {
                return Ok(());
            }
            if self.object.len() > MAX_ROW {
                return Err(too_long().into());
            }
        }
    }
}

/// The keys of an object.
#[derive(Clone, Debug)]
pub(super) struct Names(Vec<String>);

impl Names {
    pub(super) fn of(fields: &Fields) -> Self {
        Names(fields.iter().map(|field| field.name().clone()).collect())
    }

    /// The texts of an object's values, in the order of these keys.
    pub(super) fn values<'a>(&self, object: &'a str) -> Result<Vec<&'a str>, String> {
        let mut reader = serde_json::Deserializer::from_str(object);
        let values = reader.deserialize_map(self).and_then(|values| reader.end().map(|()| values));
        let values = values.map_err(|error| error.to_string())?;
        let values = values.into_iter().zip(&self.0);
        values.map(|(value, name)| value.ok_or_else(|| format!("the key {name:?} is missing"))).collect()
    }
}

impl<'de> Visitor<'de> for &Names {
    type Value = Vec<Option<&'de str>>;

    fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut values = vec![None; self.0.len()];
        let mut next = 0;
        while let Some(place) = map.next_key_seed(Key { names: &self.0, next })? {
            if values[place].is_some() {
                return Err(A::Error::custom(format!("the key {:?} stands there twice", self.0[place])));
            }
            values[place] = Some(map.next_value::<&RawValue>()?.get());
            next = place + 1;
        }
        Ok(values)
    }
}

/// Finds a key among the names, of which it is mostly the next.
struct Key<'a> {
    names: &'a [String],
    next: usize,
}

impl<'de> DeserializeSeed<'de> for Key<'_> {
    type Value = usize;

    fn deserialize<D: serde::Deserializer<'de>>(self, reader: D) -> Result<usize, D::Error> {
        reader.deserialize_str(self)
    }
}

impl Visitor<'_> for Key<'_> {
    type Value = usize;

    fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str("a key")
    }

    fn visit_str<E: serde::de::Error>(self, key: &str) -> Result<usize, E> {
        if self.names.get(self.next).is_some_and(|name| name == key) {
            return Ok(self.next);
        }
        let place = self.names.iter().position(|name| name == key);
        place.ok_or_else(|| E::custom(format!("the key {key:?} is no column of the table")))
    }
}

/// The letters of a JSON text, where `raw` is one.
pub(super) fn text(raw: &str) -> Option<std::borrow::Cow<'_, str>> {
    let inner = raw.strip_prefix('"')?.strip_suffix('"')?;
    if inner.contains('\\') {
        serde_json::from_str::<String>(raw).ok().map(Into::into)
    } else {
        Some(inner.into())
    }
}

/// The texts of the items of a JSON array, where `raw` is one.
pub(super) fn items(raw: &str) -> Option<Vec<&str>> {
    let items: Vec<&RawValue> = serde_json::from_str(raw).ok()?;
    Some(items.into_iter().map(RawValue::get).collect())
}
