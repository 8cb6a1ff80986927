//! What holds for every provider in every locale.

mod files;
mod pins;
mod privacy;

use std::collections::BTreeSet;

use mts_hash::SeedSequence;
use mts_rng::{Key, Rng, keyed};

use super::data::Entry;
use super::{Locale, Provider};

fn key(provider: Provider) -> Key {
    Key::from(&SeedSequence::new(3_u64).named(provider.name()))
}

fn value(provider: Provider, locale: Locale, key: Key, row: u64) -> String {
    let mut text = String::new();
    provider.write(locale, &mut keyed(key, row), &mut text);
    text
}

fn nth(provider: Provider, locale: Locale, index: u128) -> String {
    let mut text = String::new();
    provider.write_nth(locale, index, &mut text);
    text
}

fn pairs() -> impl Iterator<Item = (Provider, Locale)> {
    Provider::ALL.iter().flat_map(|&provider| Locale::ALL.map(|locale| (provider, locale)))
}

/// Whether a text looks as its provider says: 10⁴ values of each, in each locale.
#[test]
fn values_look_as_promised() {
    for (provider, locale) in pairs() {
        let key = key(provider);
        for row in 0..10_000 {
            let text = value(provider, locale, key, row);
            assert!(looks_right(provider, &text), "{} {}: {text:?}", provider.name(), locale.name());
        }
    }
}

fn looks_right(provider: Provider, text: &str) -> bool {
    let letters =
        |text: &str| text.chars().all(|letter| letter.is_alphabetic() || "-' .,&()".contains(letter));
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    let has_digit = text.bytes().any(|byte| byte.is_ascii_digit());
    let account = |text: &str| {
        let plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b"-._".contains(&byte);
        text.bytes().all(plain) && text.starts_with(|letter: char| letter.is_ascii_lowercase())
    };
    let hex = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte));
    let trimmed =
        !text.is_empty() && text == text.trim() && !text.contains("  ") && !text.contains(['*', '\t']);
    trimmed
        && match provider {
            Provider::Name => letters(text) && text.split(' ').count() == 2,
            Provider::FirstName | Provider::LastName => letters(text) && !text.contains(' '),
            Provider::Username | Provider::Domain => account(text),
            Provider::Email => {
                text.split_once('@').is_some_and(|(user, host)| account(user) && account(host))
            }
            Provider::Job | Provider::Word | Provider::Colour | Provider::City | Provider::State => {
                letters(text)
            }
            Provider::Country | Provider::Company => letters(text),
            Provider::CountryCode => text.len() == 2 && text.bytes().all(|byte| byte.is_ascii_uppercase()),
            Provider::TimeZone => text.contains('/') && text.is_ascii(),
            Provider::PostalCode => (4..=9).contains(&text.len()) && has_digit && text.is_ascii(),
            Provider::Street => has_digit && text.chars().any(char::is_alphabetic),
            Provider::Address => has_digit && !text.contains(['#', '@']),
            Provider::Phone => {
                text.starts_with('+') && text[1..].bytes().all(|b| b" -0123456789".contains(&b))
            }
            Provider::Url => text.starts_with("https://") && text.split('/').count() == 5 && text.is_ascii(),
            Provider::Ip => text.parse::<std::net::Ipv4Addr>().is_ok(),
            Provider::Ipv6 => text.parse::<std::net::Ipv6Addr>().is_ok(),
            Provider::Mac => text.len() == 17 && text.split(':').all(|part| part.len() == 2 && hex(part)),
            Provider::Uuid => {
                let lengths: Vec<_> = text.split('-').map(str::len).collect();
                lengths == [8, 4, 4, 4, 12]
                    && text.split('-').all(hex)
                    && text.as_bytes()[14] == b'4'
                    && b"89ab".contains(&text.as_bytes()[19])
            }
            Provider::UserAgent => text.starts_with("Mozilla/5.0 (") && text.is_ascii(),
            Provider::Card | Provider::ValidCard => text.len() == 16 && digits(text),
            Provider::Iban | Provider::ValidIban => digits(&text[2..4]) && (22..=27).contains(&text.len()),
            Provider::Currency => text.len() == 3 && text.bytes().all(|byte| byte.is_ascii_uppercase()),
            Provider::Language => text.len() == 2 && text.bytes().all(|byte| byte.is_ascii_lowercase()),
            Provider::Sentence | Provider::Paragraph => {
                text.ends_with(['.', '。']) && !text.starts_with(char::is_lowercase)
            }
            Provider::HexColour => text.len() == 7 && text.starts_with('#') && hex(&text[1..]),
        }
}

#[test]
fn numbered_values_are_all_different() {
    for (provider, locale) in pairs() {
        let Some(domain) = provider.domain(locale) else { continue };
        assert!(domain > 1 || locale == Locale::Ja, "{} {}", provider.name(), locale.name());
        let mut rng = Rng::from_seed(11_u64);
        let mut indices: BTreeSet<u128> = (0..domain.min(10_000)).collect();
        while indices.len() < 100_000 && (indices.len() as u128) < domain {
            let drawn = u128::from(rng.next_u64()) << 64 | u128::from(rng.next_u64());
            indices.insert(drawn % domain);
            if domain < 200_000 {
                indices.extend(0..domain.min(100_000));
            }
        }
        let texts: BTreeSet<String> = indices.iter().map(|&index| nth(provider, locale, index)).collect();
        assert_eq!(texts.len(), indices.len(), "{} {}", provider.name(), locale.name());
        assert!(texts.iter().take(1000).all(|text| looks_right(provider, text)), "{}", provider.name());
        assert_eq!(nth(provider, locale, 0), nth(provider, locale, domain), "{}", provider.name());
    }
}

#[test]
fn domains_are_large() {
    for locale in Locale::ALL {
        let domain = |provider: Provider| provider.domain(locale).unwrap();
        assert!(domain(Provider::Name) >= 100_000, "{}", locale.name());
        assert!(domain(Provider::Email) >= 1_000_000_000_000, "{}", locale.name());
        assert!(domain(Provider::Username) >= 1_000_000_000, "{}", locale.name());
        assert!(domain(Provider::Address) >= 10_000_000, "{}", locale.name());
        assert!(domain(Provider::Company) >= 10_000, "{}", locale.name());
    }
}

#[test]
fn equal_numbers_are_one_person() {
    for locale in Locale::ALL {
        let data = locale.data();
        for index in (0..1_000_000_000).step_by(7_654_321) {
            let [name, user, email] = [Provider::Name, Provider::Username, Provider::Email]
                .map(|provider| nth(provider, locale, index));
            let (first, last) =
                user.trim_end_matches(|digit: char| digit.is_ascii_digit()).split_once('_').unwrap();
            let spelled = |list: &[Entry], ascii: &str| {
                list.iter().find(|entry| &*entry.ascii == ascii).map(|entry| entry.text).unwrap()
            };
            assert!(name.contains(spelled(&data.first_names, first)), "{name} {user}");
            assert!(name.contains(spelled(&data.last_names, last)), "{name} {user}");
            assert!(email.starts_with(&user.replacen('_', ".", 1)), "{email} {user}");
        }
    }
}

/// Drawn values lie among the numbered ones, where these can all be listed.
#[test]
fn drawn_values_are_among_the_numbered() {
    for (provider, locale) in pairs() {
        let Some(domain) = provider.domain(locale).filter(|&domain| domain <= 50_000) else { continue };
        let all: BTreeSet<String> = (0..domain).map(|index| nth(provider, locale, index)).collect();
        for row in 0..2_000 {
            let text = value(provider, locale, key(provider), row);
            assert!(all.contains(&text), "{} {}: {text}", provider.name(), locale.name());
        }
    }
}

/// Columns of one group, written from the same key, tell of one place or one person.
#[test]
fn groups_belong_together() {
    let key = Key::from(&SeedSequence::new(5_u64).named("group"));
    for locale in Locale::ALL {
        let data = locale.data();
        let mut seen = BTreeSet::new();
        for row in 0..10_000 {
            let of = |provider| value(provider, locale, key, row);
            let city = of(Provider::City);
            let place = data.places.iter().find(|place| place.city == city).unwrap();
            let country = &data.countries[place.country];
            assert_eq!(of(Provider::State), data.states[place.state]);
            assert_eq!(of(Provider::TimeZone), data.zones[place.zone]);
            assert_eq!(of(Provider::Country), country.name);
            assert_eq!(of(Provider::CountryCode), country.code);
            let (address, postal, street) =
                (of(Provider::Address), of(Provider::PostalCode), of(Provider::Street));
            assert!(address.contains(&city) && address.contains(&postal) && address.contains(&street));
            let phone = of(Provider::Phone);
            let prefix = match country.code {
                "US" | "CA" => "+1 ",
                "GB" => "+44 ",
                "AU" => "+61 ",
                "DE" => "+49 ",
                "FR" => "+33 ",
                "BR" => "+55 ",
                "JP" => "+81 ",
                _ => "+999 ",
            };
            assert!(phone.starts_with(prefix), "{phone} in {}", country.code);
            let (name, email) = (of(Provider::Name), of(Provider::Email));
            let (first, last) = (of(Provider::FirstName), of(Provider::LastName));
            let expected =
                if locale == Locale::Ja { format!("{last} {first}") } else { format!("{first} {last}") };
            assert_eq!(name, expected);
            assert!(email.starts_with(&of(Provider::Username).replacen('_', ".", 1)));
            seen.insert(city);
        }
        assert!(seen.len() * 10 > data.places.len() * 9, "{}", locale.name());
    }
}

#[test]
fn providers_and_locales_have_names() {
    for &provider in Provider::ALL {
        assert_eq!(Provider::named(provider.name()), Some(provider));
        assert!(!provider.summary().is_empty());
    }
    assert_eq!(Provider::named("Email"), None);
    assert_eq!("de_AT.UTF-8".parse(), Ok(Locale::De));
    assert_eq!("EN-gb".parse(), Ok(Locale::En));
    let unknown = "tlh".parse::<Locale>().unwrap_err();
    assert_eq!(unknown.to_string(), "locale `tlh` is not one of en, de, fr, es, pt, ja");
}
