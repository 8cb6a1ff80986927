//! Arrays as NumPy prints them, as far as slugs can tell.

use crate::number::{decompose, non_finite, shortest};
use crate::{Array, ArrayData};

/// Arrays above this size show only their edges.
const SUMMARY_THRESHOLD: usize = 1000;
const EDGE: usize = 3;
const PRECISION: usize = 8;

/// The text of `array` with NumPy's number formats. Line breaks and padding differ from NumPy's:
/// a slug folds both into one `-`.
pub(crate) fn array_text(array: &Array) -> String {
    let summarise = array.data().len() > SUMMARY_THRESHOLD;
    let mut shown = Vec::new();
    visit(array, summarise, 0, 0, &mut |entry| {
        if let Entry::Element(at) = entry {
            shown.push(at);
        }
    });
    let format = Format::choose(array.data(), &shown);
    let mut text = String::new();
    visit(array, summarise, 0, 0, &mut |entry| match entry {
        Entry::Open => text.push('['),
        Entry::Close => text.push(']'),
        Entry::Blank => text.push(' '),
        Entry::Gap => text += "...",
        Entry::Element(at) => text += &format.element(array.data(), at),
    });
    text
}

enum Entry {
    Open,
    Close,
    Blank,
    Gap,
    Element(usize),
}

/// Walks the shown elements of the sub-array of `axis` whose flat index so far is `base`.
fn visit(array: &Array, summarise: bool, axis: usize, base: usize, emit: &mut dyn FnMut(Entry)) {
    let Some(&length) = array.shape().get(axis) else {
        emit(Entry::Element(base));
        return;
    };
    let gap = summarise && length > 2 * EDGE;
    emit(Entry::Open);
    for i in 0..length {
        if gap && i == EDGE {
            emit(Entry::Blank);
            emit(Entry::Gap);
        }
        if gap && (EDGE..length - EDGE).contains(&i) {
            continue;
        }
        if i > 0 {
            emit(Entry::Blank);
        }
        visit(array, summarise, axis + 1, base * length + i, emit);
    }
    emit(Entry::Close);
}

enum Format {
    Positional,
    Exponent { decimals: usize, exponent_digits: usize },
}

impl Format {
    fn choose(data: &ArrayData, shown: &[usize]) -> Self {
        let ArrayData::Float(data) = data else {
            return Format::Positional;
        };
        let finite = || shown.iter().map(|&at| data[at]).filter(|x| x.is_finite());
        let magnitudes = || finite().map(f64::abs).filter(|x| *x != 0.0);
        let largest = magnitudes().fold(0.0, f64::max);
        let smallest = magnitudes().fold(f64::INFINITY, f64::min);
        if largest < 1e8 && smallest >= 1e-4 && largest / smallest <= 1000.0 {
            return Format::Positional;
        }
        let (mut decimals, mut exponent_digits) = (0, 2);
        for value in finite() {
            let (_, digits, exponent) = rounded_scientific(value, None);
            decimals = decimals.max(digits.trim_end_matches('0').len().saturating_sub(1));
            exponent_digits = exponent_digits.max(exponent.unsigned_abs().to_string().len());
        }
        Format::Exponent { decimals, exponent_digits }
    }

    fn element(&self, data: &ArrayData, at: usize) -> String {
        let value = match data {
            ArrayData::Bool(data) => return if data[at] { "True" } else { "False" }.to_owned(),
            ArrayData::Int(data) => return data[at].to_string(),
            ArrayData::Float(data) => data[at],
        };
        if !value.is_finite() {
            return non_finite(value).to_owned();
        }
        match *self {
            Format::Positional => positional(value),
            Format::Exponent { decimals, exponent_digits } => {
                let (negative, digits, exponent) = rounded_scientific(value, Some(decimals));
                let sign = if negative { "-" } else { "" };
                let exponent_sign = if exponent < 0 { '-' } else { '+' };
                let magnitude = exponent.unsigned_abs();
                format!(
                    "{sign}{}.{}e{exponent_sign}{magnitude:0exponent_digits$}",
                    &digits[..1],
                    &digits[1..]
                )
            }
        }
    }
}

/// Sign, digits and exponent: the shortest digits where they have at most `decimals` (by default
/// NumPy's precision) after the point, else rounded to that many; padded to `decimals` if given.
fn rounded_scientific(value: f64, decimals: Option<usize>) -> (bool, String, i32) {
    let limit = decimals.unwrap_or(PRECISION);
    let mut parts = shortest(value);
    if parts.1.len() > limit + 1 {
        parts = decompose(&format!("{value:.limit$e}"));
    }
    if let Some(decimals) = decimals {
        let padding = (decimals + 1).saturating_sub(parts.1.len());
        parts.1.extend(std::iter::repeat_n('0', padding));
    }
    parts
}

fn positional(value: f64) -> String {
    let mut text = format!("{value}");
    if text.split_once('.').is_some_and(|(_, decimals)| decimals.len() > PRECISION) {
        text = format!("{value:.PRECISION$}");
        text.truncate(text.trim_end_matches('0').len());
    }
    if !text.contains('.') {
        text.push('.');
    }
    text
}
