//! Cards and accounts that no bank knows: the check digit is wrong, or right in a range that nobody issues.

use super::Locale;
use super::choice::Choice;
use super::data::{COMMON, Data};
use super::pattern;

/// A card of the usual length and beginning, whose last digit is wrong.
pub(super) fn card(_: &Data, choice: &mut impl Choice, out: &mut String) {
    let start = out.len();
    out.push(['4', '5'][choice.below(2) as usize]);
    pattern::choose("##############", choice, out);
    let right = luhn_digit(&out[start..]);
    out.push(char::from(b'0' + ((right + 1 + choice.below(9)) % 10) as u8));
}

/// Begins with 9 and the number of a country that ISO 3166 leaves to users, so that nobody issues it.
pub(super) fn valid_card(_: &Data, choice: &mut impl Choice, out: &mut String) {
    let start = out.len();
    pattern::choose("9999###########", choice, out);
    let right = luhn_digit(&out[start..]);
    out.push(char::from(b'0' + right as u8));
}

pub(super) fn iban(data: &Data, choice: &mut impl Choice, out: &mut String) {
    let (country, account, _) = accounts(data.locale);
    write_iban(country, account, choice, out, |right, choice| {
        // 02 to 98 hold each remainder once.
        2 + (right - 2 + 1 + choice.below(96)) % 97
    });
}

pub(super) fn valid_iban(data: &Data, choice: &mut impl Choice, out: &mut String) {
    let (country, _, account) = accounts(data.locale);
    write_iban(country, account, choice, out, |right, _| right);
}

pub(super) fn currency(_: &Data, choice: &mut impl Choice, out: &mut String) {
    out.push_str(choice.text(&COMMON.currencies));
}

const DIGITS: [&str; 10] = ["0", "1", "2", "3", "4", "5", "6", "7", "8", "9"];

/// Country, pattern of its accounts, and of those of a bank that there is not. Japan has no such numbers;
/// it takes Germany's.
fn accounts(locale: Locale) -> (&'static str, &'static str, &'static str) {
    match locale {
        Locale::En => ("GB", "@@@@##############", "XXXX000000########"),
        Locale::De | Locale::Ja => ("DE", "##################", "00000000##########"),
        Locale::Fr => ("FR", "#######################", "0000000000#############"),
        Locale::Es => ("ES", "####################", "00000000############"),
        Locale::Pt => ("PT", "#####################", "00000000#############"),
    }
}

fn write_iban<C: Choice>(
    country: &str,
    account: &str,
    choice: &mut C,
    out: &mut String,
    check: impl FnOnce(u64, &mut C) -> u64,
) {
    let start = out.len();
    out.push_str(country);
    out.push_str("00");
    pattern::choose(account, choice, out);
    let right = 98 - remainder(&out[start..]);
    let check = check(right, choice);
    for (at, digit) in [(start + 2, check / 10), (start + 3, check % 10)] {
        out.replace_range(at..=at, DIGITS[digit as usize]);
    }
}

/// Of the number that ISO 13616 makes of an IBAN, by 97: 1 where it passes.
pub(super) fn remainder(iban: &str) -> u64 {
    let (head, tail) = iban.split_at(4);
    tail.bytes().chain(head.bytes()).fold(0, |rest, letter| match letter {
        b'0'..=b'9' => (rest * 10 + u64::from(letter - b'0')) % 97,
        _ => (rest * 100 + u64::from(letter - b'A') + 10) % 97,
    })
}

/// The digit that makes `body` pass (ISO 7812).
pub(super) fn luhn_digit(body: &str) -> u64 {
    let sum: u64 = body
        .bytes()
        .rev()
        .enumerate()
        .map(|(at, digit)| {
            let digit = u64::from(digit - b'0') * if at % 2 == 0 { 2 } else { 1 };
            digit / 10 + digit % 10
        })
        .sum();
    (10 - sum % 10) % 10
}
