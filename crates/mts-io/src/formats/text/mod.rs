//! Tables as text: what CSV and NDJSON share.

mod float;
mod read;
mod rows;
mod write;

use mts_core::{Dtype, Shape};
use mts_hash::{Map, Value, parse};

pub(crate) use float::write_float;
pub(super) use read::open;
pub(super) use write::{create, resume};

use crate::{Contents, Form};

/// What stands around the fields of a row.
#[derive(Clone, Debug)]
pub(super) struct Syntax {
    /// Before each field, and after the last one; that ends with a line end.
    pub(super) pieces: Vec<Vec<u8>>,
    /// NaN.
    pub(super) missing: &'static str,
    /// Infinity, without its sign.
    pub(super) infinite: &'static str,
}

/// How rows are taken apart.
pub(super) struct Cut {
    pub(super) syntax: Syntax,
    /// Where other writers may put their fields into JSON as they like: the keys, in the order of
    /// the columns.
    pub(super) json: Option<Vec<String>>,
}

/// A row in the wide form has to fit into a line that readers hold in memory.
const MAX_CHANNELS: usize = 1 << 16;

pub(super) fn objection(shape: Shape, form: Form) -> Option<String> {
    let wide = form == Form::Wide && shape.channels() > MAX_CHANNELS;
    wide.then(|| {
        format!(
            "the wide form as text has at most {MAX_CHANNELS} channels, found {}: use the long form",
            shape.channels()
        )
    })
}

/// Rows of digits, and `names` bytes of names for each field.
pub(super) fn size(shape: Shape, dtype: Dtype, form: Form, name: &str, names: u64) -> u64 {
    let values = shape.values() as u64;
    let digits = match dtype {
        Dtype::F64 => 20,
        Dtype::F32 => 11,
    };
    let rows = (shape.steps() * shape.realizations()) as u64;
    match form {
        Form::Long => values.saturating_mul(15 + digits + name.len() as u64 + 4 * (names - 1)),
        Form::Wide => {
            values.saturating_mul(digits + names).saturating_add(rows.saturating_mul(15 + 2 * (names - 1)))
        }
        Form::Panel => values.saturating_mul(15 + digits + name.len() as u64 + 2 * (names - 1)),
    }
}

/// Rows on their way, and in the wide form names and one step of values.
pub(super) fn memory(shape: Shape, form: Form) -> u64 {
    let wide = if form == Form::Wide { 64 * shape.channels() as u64 } else { 0 };
    (1 << 23) + wide
}

/// The names of the columns.
pub(super) fn columns(contents: &Contents) -> Vec<String> {
    let fixed = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>();
    match contents.form {
        Form::Long => fixed(&["time", "channel", "realization", "value", "config_id"]),
        Form::Panel => fixed(&["unique_id", "ds", "y"]),
        Form::Wide => {
            let mut columns = fixed(&["time", "realization"]);
            columns.extend(contents.channel_columns());
            columns
        }
    }
}

/// A line as a JSON object.
pub(super) fn object(line: &[u8]) -> Result<Map, String> {
    let text = std::str::from_utf8(line).map_err(|_| "the line is no text".to_owned())?;
    match parse(text).map_err(|error| format!("this is no JSON: {error}"))? {
        Value::Map(map) => Ok(map),
        _ => Err("expected an object".to_owned()),
    }
}
