//! Names, first and last drawn independently, and what is made of them.

use super::Locale;
use super::choice::Choice;
use super::company;
use super::data::{Data, Entry};
use super::pattern::number;

/// Numbers behind a name.
const SUFFIXES: u64 = 10_000;

pub(super) fn name(data: &Data, choice: &mut impl Choice, out: &mut String) {
    let (first, last) = person(data, choice);
    let (one, two) = if data.locale == Locale::Ja { (last, first) } else { (first, last) };
    out.push_str(one.text);
    out.push(' ');
    out.push_str(two.text);
}

pub(super) fn first_name(data: &Data, choice: &mut impl Choice, out: &mut String) {
    out.push_str(choice.of(&data.first_names).text);
}

pub(super) fn last_name(data: &Data, choice: &mut impl Choice, out: &mut String) {
    choice.either(1, |rng| rng.below(data.first_names.len() as u64));
    out.push_str(choice.of(&data.last_names).text);
}

pub(super) fn username(data: &Data, choice: &mut impl Choice, out: &mut String) {
    account(data, '_', choice, out);
}

pub(super) fn email(data: &Data, choice: &mut impl Choice, out: &mut String) {
    account(data, '.', choice, out);
    out.push('@');
    company::domain(data, choice, out);
}

pub(super) fn job(data: &Data, choice: &mut impl Choice, out: &mut String) {
    out.push_str(choice.text(&data.jobs));
}

/// Both names and a number, 0 being none: drawn accounts have none or a small one.
fn account(data: &Data, between: char, choice: &mut impl Choice, out: &mut String) {
    let (first, last) = person(data, choice);
    out.push_str(&first.ascii);
    out.push(between);
    out.push_str(&last.ascii);
    let suffix = choice.either(SUFFIXES, |rng| rng.below(199).saturating_sub(99));
    if suffix > 0 {
        number(suffix, out);
    }
}

fn person<'a>(data: &'a Data, choice: &mut impl Choice) -> (&'a Entry, &'a Entry) {
    (choice.of(&data.first_names), choice.of(&data.last_names))
}
