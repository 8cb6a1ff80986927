//! The line of a member: its sidecar, and where in the pack it is.

use std::ops::Range;

use mts_hash::{Map, Value, canonical_json, parse};

use super::series_of;
use crate::sidecar::Fields;
use crate::{Artefact, IoError, Sidecar};

/// In the lines of sidecars the key of the [`Place`], in those of truths of the address.
const MEMBER: &str = "member";

/// The key of a truth in its line.
const TRUTH: &str = "truth";

/// Keys and texts of the levels below the folder of a configuration.
type Levels<'a> = Vec<(&'a str, &'a str)>;

/// Where a member is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Place {
    /// Its folder below that of the model.
    pub(super) address: String,
    pub(super) row_groups: Range<usize>,
}

impl Place {
    fn to_map(&self) -> Map {
        let mut map = Map::new();
        map.insert("address", self.address.as_str());
        map.insert("row_group", self.row_groups.start);
        map.insert("row_groups", self.row_groups.len());
        map
    }

    /// The configuration, and the levels below its folder.
    pub(super) fn parts(&self) -> Result<(&str, Levels<'_>), IoError> {
        let mut parts = self.address.split('/');
        let config_id = parts.next().unwrap_or_default();
        let levels = parts.map(|level| level.split_once('=')).collect::<Option<_>>();
        let levels = levels.ok_or_else(|| {
            IoError::damaged(format!(
                "member.address must be as in ou__5600ad7a/seed=2, found {:?}",
                self.address
            ))
        })?;
        Ok((config_id, levels))
    }
}

/// The address of the member of a configuration with these levels.
pub(super) fn address(config_id: &str, levels: &[(&str, &str)]) -> String {
    let levels: String = levels.iter().map(|(key, text)| format!("/{key}={text}")).collect();
    format!("{config_id}{levels}")
}

/// A line as far as it is known before the pack is complete: all behind the artefacts, whose key is the
/// first in canonical JSON.
pub(super) fn begin_line(sidecar: &Sidecar, place: &Place) -> String {
    let mut root = sidecar.to_map();
    root.remove(ARTEFACTS);
    root.insert(MEMBER, place.to_map());
    canonical_json(&root.into()).split_off(1)
}

const ARTEFACTS: &str = "artefacts";

/// What the lines of a pack begin with.
pub(super) fn artefacts(artefacts: &[Artefact]) -> String {
    let artefacts: Vec<Map> = artefacts.iter().map(Artefact::to_map).collect();
    format!("{{\"{ARTEFACTS}\":{},", canonical_json(&artefacts.into()))
}

/// What the line of this member holds in any case, and those of few others.
pub(super) fn hint(address: &str) -> String {
    let text = canonical_json(&address.into());
    format!("\"{MEMBER}\":{{\"address\":{text},")
}

/// Where the member of a line is, and its sidecar.
pub(super) fn read_line(text: &str) -> Result<(Place, Sidecar), IoError> {
    let root = parse_line(text)?;
    let value = root.get(MEMBER).ok_or_else(|| IoError::damaged("the key member is missing"))?;
    let fields = Fields { value, path: "member." };
    let index = |key: &str| {
        let index = fields.unsigned(key)?;
        usize::try_from(index).map_err(|_| IoError::damaged(format!("member.{key} is too large")))
    };
    let (first, count) = (index("row_group")?, index("row_groups")?);
    let end = first.checked_add(count).filter(|_| count > 0);
    let end = end.ok_or_else(|| IoError::damaged("member.row_groups must be one or more"))?;
    let place = Place { address: fields.text("address")?, row_groups: first..end };
    let sidecar = Sidecar::from_value(&root)?;
    let config_id = &series_of(&sidecar)?.config_id;
    if place.parts()?.0 != config_id {
        let address = &place.address;
        return Err(IoError::damaged(format!(
            "member.address must begin with {config_id:?}, found {address:?}"
        )));
    }
    Ok((place, sidecar))
}

/// The line of a truth.
pub(super) fn truth_line(address: &str, truth: Value) -> String {
    let root: Map = [(MEMBER, Value::from(address)), (TRUTH, truth)].into_iter().collect();
    canonical_json(&root.into()) + "\n"
}

/// The truth in the line of the member `address`.
pub(super) fn read_truth_line(text: &str, address: &str) -> Result<Value, IoError> {
    let root = parse_line(text)?;
    let found = Fields { value: &root, path: "" }.text(MEMBER)?;
    if found != address {
        return Err(IoError::damaged(format!("found the truth of {found:?}, expected that of {address:?}")));
    }
    let Value::Map(mut root) = root else { return Err(IoError::damaged("the line is no mapping")) };
    root.remove(TRUTH).ok_or_else(|| IoError::damaged("the key truth is missing"))
}

fn parse_line(text: &str) -> Result<Value, IoError> {
    parse(text).map_err(|error| IoError::damaged(format!("this is no JSON: {error}")))
}
