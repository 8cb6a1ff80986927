//! The schema of a file: columns and attributes.

use std::sync::Arc;

use arrow_ipc::{Endianness, Field as Ipc, Int, Precision, Schema as IpcSchema, TimeUnit as IpcUnit, Type};
use arrow_schema::{DataType, Field, Schema, SchemaRef, TimeUnit};
use mts_hash::Map;

use crate::IoError;
use crate::attributes::{from_text, to_text};
use crate::formats::table::{Clock, Column, Stored};

/// What pandas notes of a table that it wrote.
const PANDAS: &str = "pandas";

/// Names are numbers into a dictionary: four bytes a row.
pub(super) fn schema(columns: &[Column], attributes: &Map) -> SchemaRef {
    let fields = columns.iter().map(|column| Field::new(&column.name, data_type(column.stored), true));
    let fields: Vec<_> = fields.collect();
    // The library writes them in the order of their keys, whatever the map's.
    let entries = attributes.iter().map(|(key, value)| (key.to_owned(), to_text(value)));
    Arc::new(Schema::new_with_metadata(fields, entries.collect()))
}

fn data_type(stored: Stored) -> DataType {
    match stored {
        Stored::Integer => DataType::Int64,
        Stored::Double => DataType::Float64,
        Stored::Single => DataType::Float32,
        Stored::Timestamp => DataType::Timestamp(TimeUnit::Microsecond, None),
        Stored::Text => DataType::Dictionary(Box::new(DataType::Int32), Box::new(DataType::Utf8)),
    }
}

/// How a column of a file holds its values.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Integer(Whole),
    Single,
    Double,
    Instants(Clock),
    Text(Text),
    /// Numbers into the dictionary `id`.
    Dictionary {
        id: i64,
        keys: Whole,
        text: Text,
    },
}

impl Kind {
    pub(super) fn name(self) -> &'static str {
        match self {
            Kind::Integer(_) => "whole numbers",
            Kind::Single => "Float32",
            Kind::Double => "Float64",
            Kind::Instants(_) => "timestamps",
            Kind::Text(_) | Kind::Dictionary { .. } => "text",
        }
    }
}

/// A whole number of so many bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Whole {
    pub(super) bytes: usize,
    pub(super) signed: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Text {
    /// Where each text ends, in so many bytes.
    Ends(usize),
    Views,
}

/// Names and kinds of the columns, and the attributes.
pub(super) fn read(schema: IpcSchema) -> Result<(Vec<(String, Kind)>, Map), IoError> {
    if schema.endianness() != Endianness::Little {
        return Err(IoError::refused("the file is from a machine with another byte order"));
    }
    let fields = schema.fields().into_iter().flatten();
    let columns = fields.map(|field| {
        let name = field.name().unwrap_or_default();
        let kind = kind(field).map_err(|what| IoError::damaged(format!("the column {name} holds {what}")))?;
        Ok((name.to_owned(), kind))
    });
    let columns = columns.collect::<Result<_, IoError>>()?;
    let entries = schema.custom_metadata().into_iter().flatten();
    let entries = entries.filter_map(|entry| Some((entry.key()?, entry.value()?)));
    let own = entries.filter(|(key, _)| *key != PANDAS);
    Ok((columns, own.map(|(key, text)| (key, from_text(key, text))).collect()))
}

fn kind(field: Ipc) -> Result<Kind, String> {
    let kind = match field.type_type() {
        Type::Int => field.type_as_int().and_then(whole).map(Kind::Integer),
        Type::FloatingPoint => match field.type_as_floating_point().map(|float| float.precision()) {
            Some(Precision::DOUBLE) => Some(Kind::Double),
            Some(Precision::SINGLE) => Some(Kind::Single),
            _ => None,
        },
        Type::Timestamp => {
            let timestamp = field.type_as_timestamp();
            if timestamp.is_some_and(|timestamp| timestamp.timezone().is_some()) {
                return Err("times with a zone: convert them to times without one".to_owned());
            }
            let tick = match timestamp.map(|timestamp| timestamp.unit()) {
                Some(IpcUnit::SECOND) => Some(1_000_000_000),
                Some(IpcUnit::MILLISECOND) => Some(1_000_000),
                Some(IpcUnit::MICROSECOND) => Some(1000),
                Some(IpcUnit::NANOSECOND) => Some(1),
                _ => None,
            };
            tick.map(|tick| Kind::Instants(Clock::Instants { tick }))
        }
        Type::Utf8 => Some(Kind::Text(Text::Ends(4))),
        Type::LargeUtf8 => Some(Kind::Text(Text::Ends(8))),
        Type::Utf8View => Some(Kind::Text(Text::Views)),
        _ => None,
    };
    let found = field.type_type().variant_name().unwrap_or("an unknown type");
    let kind = kind.ok_or_else(|| format!("{found}: expected numbers, timestamps or text"))?;
    match (field.dictionary(), kind) {
        (None, kind) => Ok(kind),
        (Some(dictionary), Kind::Text(text)) => {
            // Where it says nothing, keys have 32 bits.
            let keys = dictionary.indexType().map_or(Some(Whole { bytes: 4, signed: true }), whole);
            let keys = keys.ok_or("a dictionary with impossible keys")?;
            Ok(Kind::Dictionary { id: dictionary.id(), keys, text })
        }
        (Some(_), _) => Err("a dictionary of something else than text".to_owned()),
    }
}

fn whole(int: Int) -> Option<Whole> {
    let bits = int.bitWidth();
    [8, 16, 32, 64].contains(&bits).then_some(Whole { bytes: bits as usize / 8, signed: int.is_signed() })
}
