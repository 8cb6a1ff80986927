//! Words, and sentences of a few forms that are right in any combination.

use super::Locale;
use super::choice::Choice;
use super::data::{COMMON, Data};
use super::net::hex;

pub(super) fn word(data: &Data, choice: &mut impl Choice, out: &mut String) {
    out.push_str(choice.text(&data.words));
}

/// A form has S for a subject, V a verb, O an object, A an adverbial; what comes twice is not the same twice.
pub(super) fn sentence(data: &Data, choice: &mut impl Choice, out: &mut String) {
    let start = out.len();
    let mut used = [None; 4];
    for letter in choice.text(&data.sentences).chars() {
        let Some(kind) = ['S', 'V', 'O', 'A'].iter().position(|&kind| kind == letter) else {
            out.push(letter);
            continue;
        };
        let phrases = &data.phrases[kind];
        let count = phrases.len() as u64;
        let at = match used[kind] {
            None => choice.below(count),
            Some(last) => (last + 1 + choice.below(count - 1)) % count,
        };
        used[kind] = Some(at);
        out.push_str(phrases[at as usize]);
    }
    capitalise(out, start);
}

pub(super) fn paragraph(data: &Data, choice: &mut impl Choice, out: &mut String) {
    for at in 0..3 + choice.below(4) {
        if at > 0 && data.locale != Locale::Ja {
            out.push(' ');
        }
        sentence(data, choice, out);
    }
}

pub(super) fn colour(data: &Data, choice: &mut impl Choice, out: &mut String) {
    out.push_str(choice.text(&data.colours));
}

pub(super) fn hex_colour(_: &Data, choice: &mut impl Choice, out: &mut String) {
    out.push('#');
    hex(choice.below(1 << 24), 6, out);
}

pub(super) fn language(_: &Data, choice: &mut impl Choice, out: &mut String) {
    out.push_str(choice.text(&COMMON.languages));
}

fn capitalise(text: &mut String, start: usize) {
    let Some(first) = text[start..].chars().next() else { return };
    let mut upper = first.to_uppercase();
    if let (Some(upper), None) = (upper.next(), upper.next())
        && upper != first
    {
        text.replace_range(start..start + first.len_utf8(), upper.encode_utf8(&mut [0; 4]));
    }
}
