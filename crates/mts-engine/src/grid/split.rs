//! Parts of the time axis for those who train and test on it.

use std::ops::Range;

use mts_config::Node;
use mts_hash::{Map, Value};
use serde_json::{Value as Json, json};

use crate::json::{number, unsigned};

/// The parts, in their order.
const PARTS: [&str; 3] = ["train", "validation", "test"];

/// How a document wants the time axis parted.
#[derive(Clone, Debug, PartialEq)]
pub struct Shares {
    /// Of each part, where it is said: below 1 a share of all steps, otherwise so many steps.
    parts: [Option<f64>; 3],
    /// Steps between two parts that belong to none.
    gap: usize,
}

/// Steps of each part.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Split {
    parts: Vec<(&'static str, Range<usize>)>,
}

pub(super) fn schema() -> Json {
    let part = |of: &str| {
        let description = format!("{of}: a share of all steps below 1, or so many steps.");
        json!({ "type": "number", "exclusiveMinimum": 0, "description": description })
    };
    json!({
        "type": "object",
        "description": "Parts of the time axis, recorded in the sidecar as ranges of steps: {train: 0.8, gap: 10}; what is left is test.",
        "properties": {
            "train": part("The first part"),
            "validation": part("The part behind it"),
            "test": part("The last part; all that is left where not given"),
            "gap": { "type": "integer", "format": "uint", "minimum": 0, "description": "Steps between two parts that belong to none." },
        },
        "required": ["train"],
        "additionalProperties": false,
    })
}

impl Shares {
    /// What a node says that its schema has passed.
    pub(super) fn of(node: &Node) -> Self {
        let gap = node.get("gap").and_then(unsigned).and_then(|gap| gap.to_u64()).unwrap_or(0);
        Shares {
            parts: PARTS.map(|part| node.get(part).and_then(number)),
            gap: usize::try_from(gap).unwrap_or(usize::MAX),
        }
    }
}

impl Split {
    /// Parts `steps` steps; says what is wrong where that cannot be.
    pub(super) fn new(shares: &Shares, steps: usize) -> Result<Self, String> {
        let mut parts = Vec::new();
        let mut begin = 0_usize;
        for (part, share) in PARTS.into_iter().zip(shares.parts) {
            let left = steps.saturating_sub(begin);
            let count = match share {
                None if part == "test" => left,
                None => continue,
                Some(share) if share < 1.0 => (share * steps as f64).floor() as usize,
                Some(count) if count.fract() == 0.0 => count as usize,
                Some(share) => {
                    return Err(format!("{part}: must be below 1, or a number of steps; found {share}"));
                }
            };
            if count == 0 || count > left {
                let sizes = PARTS.into_iter().zip(shares.parts);
                let sizes = sizes.filter_map(|(part, share)| Some(format!("{part} {}", share?)));
                return Err(format!(
                    "{part} would have {} of {steps} steps, of which {left} are left behind the parts before it ({}, gap {})",
                    if count == 0 { "none".to_owned() } else { count.to_string() },
                    sizes.collect::<Vec<_>>().join(", "),
                    shares.gap
                ));
            }
            parts.push((part, begin..begin + count));
            begin = begin.saturating_add(count).saturating_add(shares.gap);
        }
        Ok(Split { parts })
    }

    /// First step and end of each part.
    pub(super) fn to_map(&self) -> Map {
        let range = |range: &Range<usize>| Value::List(vec![range.start.into(), range.end.into()]);
        self.parts.iter().map(|(part, steps)| (*part, range(steps))).collect()
    }

    /// Reads back what [`to_map`](Self::to_map) wrote, of data of so many steps.
    pub(super) fn read(value: &Value, steps: usize) -> Option<Self> {
        let part = |(name, value): (&str, &Value)| {
            let part = PARTS.into_iter().find(|part| *part == name)?;
            let [start, end] = value.as_list()? else { return None };
            let step = |value: &Value| usize::try_from(value.as_int()?.to_u64()?).ok();
            let range = step(start)?..step(end)?;
            (!range.is_empty() && range.end <= steps).then_some((part, range))
        };
        let mut parts = value.as_map()?.iter().map(part).collect::<Option<Vec<_>>>()?;
        parts.sort_by_key(|(_, range)| range.start);
        let apart = parts.windows(2).all(|pair| pair[0].1.end <= pair[1].1.start);
        apart.then_some(Split { parts })
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

    use super::*;

    fn split(text: &str, steps: usize) -> Result<String, String> {
        let document = mts_config::parse(text, "x.yaml").unwrap();
        let split = Split::new(&Shares::of(document.root()), steps)?;
        let map = split.to_map();
        assert_eq!(Split::read(&map.clone().into(), steps), Some(split));
        Ok(mts_hash::canonical_json(&map.into()))
    }

    #[test]
    fn parts_follow_each_other_with_gaps() {
        assert_eq!(split("{train: 0.8, gap: 10}", 1000).unwrap(), r#"{"test":[810,1000],"train":[0,800]}"#);
        assert_eq!(
            split("{train: 0.5, validation: 100, gap: 5}", 1000).unwrap(),
            r#"{"test":[610,1000],"train":[0,500],"validation":[505,605]}"#
        );
        assert_eq!(split("{train: 3, test: 2}", 10).unwrap(), r#"{"test":[3,5],"train":[0,3]}"#);
    }

    #[test]
    fn empty_parts_are_refused() {
        for (text, part) in
            [("{train: 0.001}", "train"), ("{train: 0.9, gap: 1000}", "test"), ("{train: 1001}", "train")]
        {
            let error = split(text, 100).unwrap_err();
            assert!(error.starts_with(part), "{error}");
        }
        assert!(split("{train: 1.5}", 10).unwrap_err().contains("1.5"));
    }
}
