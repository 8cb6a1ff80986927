//! Parameters that are one number for all channels, or one each.
#![allow(dead_code, reason = "each family uses a part of this")]

use std::collections::BTreeMap;

use mts_core::{Numbers, Problems};

/// The number of each of some channels, where there are as many finite ones.
pub(crate) fn each(
    name: &str,
    numbers: &Numbers,
    channels: usize,
    problems: &mut Problems,
) -> Option<Vec<f64>> {
    each_of("channel", name, numbers, channels, problems)
}

/// The same of nodes, or of whatever else is counted.
pub(crate) fn each_of(
    what: &str,
    name: &str,
    numbers: &Numbers,
    count: usize,
    problems: &mut Problems,
) -> Option<Vec<f64>> {
    if let Some(bad) = numbers.data().iter().find(|x| !x.is_finite()) {
        problems.finite(name, *bad);
        return None;
    }
    match numbers.shape() {
        [] => Some(vec![numbers.data()[0]; count]),
        [found] if *found == count => Some(numbers.data().to_vec()),
        found => {
            let rule = format_args!("must be one number or {count} (one per {what}), found shape {found:?}");
            problems.add(name, rule);
            None
        }
    }
}

/// The same, none below 0.
pub(crate) fn each_non_negative(
    name: &str,
    numbers: &Numbers,
    channels: usize,
    problems: &mut Problems,
) -> Option<Vec<f64>> {
    let each = each(name, numbers, channels, problems)?;
    let negative = each.iter().find(|x| **x < 0.0);
    negative.inspect(|x| problems.non_negative(name, **x)).is_none().then_some(each)
}

/// The different numbers in the order of their first channels, and which of them each channel has.
pub(crate) fn distinct(numbers: &[f64]) -> (Vec<f64>, Vec<usize>) {
    let (mut found, mut places) = (Vec::new(), BTreeMap::new());
    let place = |number: &f64| {
        *places.entry(number.to_bits()).or_insert_with(|| {
            found.push(*number);
            found.len() - 1
        })
    };
    let of = numbers.iter().map(place).collect();
    (found, of)
}

/// What each channel has, for all its realizations.
pub(crate) fn repeated<T: Copy>(channels: &[T], realizations: usize) -> Vec<T> {
    channels.iter().flat_map(|x| std::iter::repeat_n(*x, realizations)).collect()
}
