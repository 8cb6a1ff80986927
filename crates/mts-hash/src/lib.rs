#![doc = include_str!("../README.md")]

mod array_text;
mod canonical;
mod identity;
mod int;
mod number;
mod parse;
mod seed;
mod slug;
mod value;

pub use canonical::canonical_json;
pub use identity::{Identity, digest, hash8};
pub use int::{Int, ParseIntError};
pub use number::float_repr;
pub use parse::{ParseError, parse};
pub use seed::{Entropy, SeedSequence, name_words};
pub use slug::slug;
pub use value::{Array, ArrayData, Map, Value};
