//! Literal values, so that none moves unnoticed.

use std::fmt::Write as _;

use super::super::{Locale, Provider};
use super::{key, nth, value};

/// The row 7 of each provider, and value 1000 of those that are counted.
#[test]
fn values_stay() {
    let mut found = String::new();
    for &provider in Provider::ALL {
        for locale in Locale::ALL {
            let drawn = value(provider, locale, key(provider), 7);
            let numbered = provider.domain(locale).map(|_| nth(provider, locale, 1000));
            let name = provider.name();
            let numbered = numbered.as_deref().unwrap_or("-");
            writeln!(found, "{name}\t{}\t{drawn}\t{numbered}", locale.name()).unwrap();
        }
    }
    for (found, pinned) in found.lines().zip(include_str!("pins.tsv").lines()) {
        assert_eq!(found, pinned);
    }
    assert_eq!(found.lines().count(), include_str!("pins.tsv").lines().count());
}
