//! Languages, with the countries where they are at home.

use std::str::FromStr;

/// The language of a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Locale {
    /// English: places in the United States, the United Kingdom, Canada, Australia.
    En,
    /// German: places in Germany, Austria, Switzerland.
    De,
    /// French: places in France, Belgium, Switzerland, Canada.
    Fr,
    /// Spanish: places in Spain and Latin America.
    Es,
    /// Portuguese: places in Brazil and Portugal.
    Pt,
    /// Japanese: places in Japan.
    Ja,
}

impl Locale {
    /// All of them.
    pub const ALL: [Locale; 6] = [Locale::En, Locale::De, Locale::Fr, Locale::Es, Locale::Pt, Locale::Ja];

    /// Their names in documents, in the same order.
    pub const NAMES: [&'static str; 6] = ["en", "de", "fr", "es", "pt", "ja"];

    /// Its name in documents: the language's code of ISO 639-1.
    pub fn name(self) -> &'static str {
        Locale::NAMES[self as usize]
    }
}

/// A locale that there is not.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("locale `{0}` is not one of {names}", names = Locale::NAMES.join(", "))]
pub struct UnknownLocale(pub String);

impl FromStr for Locale {
    type Err = UnknownLocale;

    /// Reads `en`, and the language of `en_GB`, `en-GB` and `en_GB.UTF-8`.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let language = text.split(['_', '-', '.']).next().unwrap_or_default();
        Locale::ALL
            .into_iter()
            .find(|locale| locale.name().eq_ignore_ascii_case(language))
            .ok_or_else(|| UnknownLocale(text.to_owned()))
    }
}
