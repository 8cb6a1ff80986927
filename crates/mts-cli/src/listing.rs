//! A JSON object with one long list.

use std::fmt::{self, Display, Formatter};

use mts_hash::{Map, canonical_json};

/// The canonical text of an object with one list that may be too long to be held: its items are made one
/// after the other.
pub(crate) struct Listing<F> {
    /// The list is empty here.
    text: String,
    /// Where the items belong.
    at: usize,
    items: F,
}

impl<I: Iterator<Item = Map>, F: Fn() -> I> Listing<F> {
    /// `head` with the list under `key`.
    pub(crate) fn new(mut head: Map, key: &str, items: F) -> Self {
        head.insert(key, Vec::<Map>::new());
        let text = canonical_json(&head.into());
        let opening = format!("{key:?}:[");
        let at = text.find(&opening).map_or(text.len(), |at| at + opening.len());
        Listing { text, at, items }
    }
}

impl<I: Iterator<Item = Map>, F: Fn() -> I> Display for Listing<F> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text[..self.at])?;
        for (at, item) in (self.items)().enumerate() {
            f.write_str(if at > 0 { "," } else { "" })?;
            f.write_str(&canonical_json(&item.into()))?;
        }
        f.write_str(&self.text[self.at..])
    }
}

#[cfg(test)]
mod tests {
    use mts_hash::Value;

    use super::*;

    #[test]
    fn items_stand_where_they_would() {
        let head = || Map::from_iter([("z", Value::from(1)), ("a", "\"list\":[".into())]);
        for count in 0..3_u32 {
            let items = || (0..count).map(|at| Map::from_iter([("at", at)]));
            let mut whole = head();
            whole.insert("list", items().collect::<Vec<Map>>());
            assert_eq!(Listing::new(head(), "list", items).to_string(), canonical_json(&whole.into()));
        }
    }
}
