//! Nothing reaches or identifies a person.

use std::collections::BTreeMap;

use mts_rng::keyed;

use super::super::data::Entry;
use super::super::{Locale, Provider, money};
use super::{key, nth, value};

fn is_reserved_host(host: &str) -> bool {
    let reserved = ["example", "test", "invalid", "example.com", "example.net", "example.org"];
    reserved.iter().any(|&end| host == end || host.strip_suffix(end).is_some_and(|rest| rest.ends_with('.')))
}

fn is_reserved_phone(phone: &str) -> bool {
    let digits: String = phone.chars().filter(char::is_ascii_digit).collect();
    let inside = |prefix: &str, length: usize| digits.starts_with(prefix) && digits.len() == length;
    let north_america =
        inside("1", 11) && &digits[4..7] == "555" && (100..200).contains(&number(&digits[7..]));
    let britain = [
        "441134960",
        "441144960",
        "441154960",
        "441164960",
        "441174960",
        "441184960",
        "441214960",
        "441314960",
        "441414960",
        "441514960",
        "441614960",
        "441914980",
        "442079460",
        "442920180",
        "442896496",
        "441632960",
        "447700900",
    ];
    let germany = ["493023125", "496990009", "494066969", "492214710", "498999998"];
    let france = ["3319900", "3326191", "3335301", "3346571", "3353649", "3363998"];
    let australia = [2, 3, 7, 8]
        .iter()
        .any(|area| inside(&format!("61{area}5550"), 11) || inside(&format!("61{area}7010"), 11));
    let lists = [(&britain[..], 12), (&france, 11)];
    let listed = lists.iter().any(|&(list, length)| list.iter().any(|prefix| inside(prefix, length)));
    let german = germany.iter().any(|prefix| inside(prefix, prefix.len() + 3));
    // Area codes of Brazil hold no 0 and its numbers begin with none; nor do Japan's behind the area code.
    let brazil = inside("55", 12) && &digits[3..5] == "00";
    let areas = ["3", "6", "11", "22", "45", "52", "75", "78", "82", "92"];
    let japan = areas.iter().any(|area| inside(&format!("81{area}0"), 11));
    north_america || listed || german || australia || brazil || japan || inside("999", 12)
}

fn number(digits: &str) -> u64 {
    digits.parse().unwrap()
}

fn passes_luhn(card: &str) -> bool {
    let (body, check) = card.split_at(card.len() - 1);
    money::luhn_digit(body) == number(check)
}

type Holds = fn(&str) -> bool;

/// The promise of the module, over 10⁶ rows.
#[test]
fn nobody_can_be_reached() {
    let rows = 1_000_000;
    let watched: [(Provider, Holds); 9] = [
        (Provider::Email, |text| text.split_once('@').is_some_and(|(_, host)| is_reserved_host(host))),
        (Provider::Domain, is_reserved_host),
        (Provider::Url, |text| text.split('/').nth(2).is_some_and(is_reserved_host)),
        (Provider::Ip, |text| {
            let (net, host) = text.rsplit_once('.').unwrap();
            ["192.0.2", "198.51.100", "203.0.113"].contains(&net) && (1..255).contains(&number(host))
        }),
        (Provider::Ipv6, |text| {
            let address: std::net::Ipv6Addr = text.parse().unwrap();
            address.segments()[..2] == [0x2001, 0x0db8]
        }),
        (Provider::Mac, |text| u8::from_str_radix(&text[..2], 16).unwrap() & 3 == 2),
        (Provider::Phone, is_reserved_phone),
        (Provider::Card, |text| !passes_luhn(text)),
        (Provider::Iban, |text| money::remainder(text) != 1),
    ];
    for (provider, holds) in watched {
        let key = key(provider);
        let mut text = String::new();
        for row in 0..rows {
            let locale = Locale::ALL[(row % 6) as usize];
            text.clear();
            provider.write(locale, &mut keyed(key, row), &mut text);
            assert!(holds(&text), "{} {}: {text}", provider.name(), locale.name());
            if row % 50 == 0 {
                let index = u128::from(keyed(key, row).next_u64());
                let text = nth(provider, locale, index);
                assert!(holds(&text), "{} {}: {text}", provider.name(), locale.name());
            }
        }
    }
}

#[test]
fn asked_for_check_digits_are_right_and_of_no_issuer() {
    for row in 0..10_000 {
        for locale in Locale::ALL {
            let card = value(Provider::ValidCard, locale, key(Provider::ValidCard), row);
            assert!(card.len() == 16 && card.starts_with("9999") && passes_luhn(&card), "{card}");
            let iban = value(Provider::ValidIban, locale, key(Provider::ValidIban), row);
            assert_eq!(money::remainder(&iban), 1, "{iban}");
            assert!(iban[4..].starts_with("0000") || iban[4..].starts_with("XXXX000000"), "{iban}");
        }
    }
    // Examples of ISO 13616 and of the card industry.
    assert_eq!(money::remainder("GB82WEST12345698765432"), 1);
    assert_eq!(money::remainder("DE89370400440532013000"), 1);
    assert!(passes_luhn("4111111111111111"));
}

/// The correlation of n independent pairs has standard deviation 1/√n.
#[test]
fn first_and_last_names_are_independent() {
    let rows = 1_000_000;
    let data = Locale::De.data();
    let places = |list: &'static [Entry]| -> BTreeMap<&str, f64> {
        let count = list.len() as f64;
        list.iter().enumerate().map(|(at, entry)| (entry.text, (at as f64 + 0.5) / count - 0.5)).collect()
    };
    let (first_names, last_names) = (places(&data.first_names), places(&data.last_names));
    let key = key(Provider::Name);
    let sum: f64 = (0..rows)
        .map(|row| {
            let name = value(Provider::Name, Locale::De, key, row);
            let (first, last) = name.split_once(' ').unwrap();
            first_names[first] * last_names[last]
        })
        .sum();
    let correlation = sum * 12.0 / rows as f64;
    assert!(correlation.abs() < 5.0 / (rows as f64).sqrt(), "{correlation}");
}
