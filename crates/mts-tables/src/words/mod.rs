//! People, places and words: values that read like real ones and belong to nobody.
//!
//! A [`Provider`] writes one kind of value in the language of a [`Locale`], either drawn or counted: the n-th of
//! all its values, no two of which are equal, so that a permutation of the numbers gives columns without
//! repetition. All texts stand in the crate's folder `data`, whose README names sources and reserved ranges.
//!
//! ```
//! use mts_rng::Rng;
//! use mts_tables::words::{Locale, Provider};
//!
//! let mut text = String::new();
//! Provider::Email.write(Locale::De, &mut Rng::from_seed(1_u64), &mut text);
//! assert!(text.contains('@'));
//!
//! let names = Provider::Name.domain(Locale::De).unwrap();
//! assert!(names > 100_000);
//! ```

mod alias;
mod choice;
mod company;
mod data;
mod fold;
mod locale;
mod money;
mod net;
mod pattern;
mod people;
mod places;
mod provider;
mod text;

#[cfg(test)]
mod tests;

pub use locale::{Locale, UnknownLocale};
pub use provider::{Group, Provider};
