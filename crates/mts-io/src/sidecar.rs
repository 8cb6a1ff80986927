//! The sidecar: what lies beside a data file and suffices to make it again.

use std::path::Path;

use mts_hash::{Int, Map, Value, canonical_json, parse};

use crate::{Address, Digest, Form, IoError, pack, places};

/// What `<name>.metadata.json` says.
#[derive(Clone, Debug, PartialEq)]
pub struct Sidecar {
    /// What the data are.
    pub about: About,
    /// The root of all seeds.
    pub seed_entropy: Int,
    /// Names the data.
    pub data_id: String,
    /// What alone makes the data again.
    pub recipe: Value,
    /// The files that belong together.
    pub artefacts: Vec<Artefact>,
}

/// What data are.
#[derive(Clone, Debug, PartialEq)]
pub enum About {
    /// A dataset of series.
    Series(Box<AboutSeries>),
    /// Tables: all that is said of them.
    Tables(Map),
}

/// What is said of a dataset of series.
#[derive(Clone, Debug, PartialEq)]
pub struct AboutSeries {
    /// Names the configuration: `<slug>__<hash8>`.
    pub config_id: String,
    /// The readable part of it.
    pub slug: String,
    /// The other part.
    pub hash8: String,
    /// The model.
    pub model: String,
    /// R
    pub n_realizations: u64,
    /// Everything that the identity is computed from.
    pub params: Map,
    /// The folder of the artefacts, with `/`.
    pub storage_dir: String,
    /// True where the values are standardised.
    pub zscore: bool,
    /// Along which axis, if so.
    pub zscore_axis: String,
    /// First step and end of each part of the time axis, by its name, where it is parted.
    pub split: Option<Map>,
    /// All attributes of the dataset.
    pub attributes: Map,
}

/// One file of a dataset.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Artefact {
    /// Its name.
    pub file: String,
    /// The name of its format.
    pub format: String,
    /// How it holds the dataset, where it is a table.
    pub form: Form,
    /// Size and checksum.
    pub digest: Digest,
}

impl Sidecar {
    /// Canonical JSON and a line end.
    pub fn to_text(&self) -> String {
        canonical_json(&self.to_map().into()) + "\n"
    }

    pub(crate) fn to_map(&self) -> Map {
        let artefacts: Vec<Map> = self.artefacts.iter().map(Artefact::to_map).collect();
        let mut map = match &self.about {
            About::Series(series) => series.to_map(),
            About::Tables(map) => map.clone(),
        };
        map.insert("seed_entropy", self.seed_entropy.clone());
        map.insert("data_id", self.data_id.as_str());
        map.insert("recipe", self.recipe.clone());
        map.insert("artefacts", artefacts);
        map
    }

    /// What is said of a dataset of series, where it is one.
    pub fn series(&self) -> Option<&AboutSeries> {
        match &self.about {
            About::Series(series) => Some(series),
            About::Tables(_) => None,
        }
    }

    /// Reads the text back: mappings come in the order of their keys, arrays as lists. Unknown keys
    /// are passed over, so that a later version may add some.
    ///
    /// # Errors
    ///
    /// Where the text is not JSON, or a key is missing or of another type, by name.
    pub fn from_text(text: &str) -> Result<Self, IoError> {
        let root = parse(text).map_err(|error| IoError::damaged(format!("this is no JSON: {error}")))?;
        Sidecar::from_value(&root)
    }

    pub(crate) fn from_value(root: &Value) -> Result<Self, IoError> {
        let fields = Fields { value: root, path: "" };
        let artefacts = fields.list("artefacts")?;
        let artefacts = artefacts.iter().enumerate().map(|(i, value)| {
            let path = format!("artefacts[{i}].");
            Artefact::from_fields(&Fields { value, path: &path })
        });
        let recipe = fields.get("recipe", "a value", |value| Some(value.clone()))?;
        let about = match recipe.get("kind").and_then(Value::as_str) {
            Some("tables") => {
                let own =
                    root.as_map().into_iter().flat_map(Map::iter).filter(|(key, _)| !SHARED.contains(key));
                About::Tables(own.map(|(key, value)| (key, value.clone())).collect())
            }
            _ => About::Series(Box::new(AboutSeries::from_fields(&fields)?)),
        };
        Ok(Sidecar {
            about,
            seed_entropy: fields.get("seed_entropy", "an integer", |value| value.as_int().cloned())?,
            data_id: fields.text("data_id")?,
            recipe,
            artefacts: artefacts.collect::<Result<_, _>>()?,
        })
    }

    /// Reads a file, or for a member of a pack, whose path is an [`Address`], its line beside the pack.
    ///
    /// # Errors
    ///
    /// Those of [`from_text`](Self::from_text), and where the file cannot be read or has no such member.
    pub fn read(path: &Path) -> Result<Self, IoError> {
        let Address { file, member } = Address::of(path);
        if let Some(member) = member {
            return pack::read_sidecar(&file, &member);
        }
        let text = places::read_text(path, MAX_TEXT)?;
        Sidecar::from_text(&text).map_err(|error| error.at(path))
    }
}

/// Keys that every sidecar has.
const SHARED: [&str; 4] = ["seed_entropy", "data_id", "recipe", "artefacts"];

impl AboutSeries {
    fn to_map(&self) -> Map {
        let mut map: Map = [
            ("config_id", Value::from(self.config_id.as_str())),
            ("slug", self.slug.as_str().into()),
            ("hash8", self.hash8.as_str().into()),
            ("model", self.model.as_str().into()),
            ("n_realizations", self.n_realizations.into()),
            ("params", self.params.clone().into()),
            ("storage_dir", self.storage_dir.as_str().into()),
            ("zscore", self.zscore.into()),
            ("zscore_axis", self.zscore_axis.as_str().into()),
            ("attributes", self.attributes.clone().into()),
        ]
        .into_iter()
        .collect();
        if let Some(split) = &self.split {
            map.insert("split", split.clone());
        }
        map
    }

    fn from_fields(root: &Fields) -> Result<Self, IoError> {
        Ok(AboutSeries {
            config_id: root.text("config_id")?,
            slug: root.text("slug")?,
            hash8: root.text("hash8")?,
            model: root.text("model")?,
            n_realizations: root.unsigned("n_realizations")?,
            params: root.map("params")?,
            storage_dir: root.text("storage_dir")?,
            zscore: root.get("zscore", "true or false", |value| {
                if let Value::Bool(value) = value { Some(*value) } else { None }
            })?,
            zscore_axis: root.text("zscore_axis")?,
            split: root.value.get("split").map(|_| root.map("split")).transpose()?,
            attributes: root.map("attributes")?,
        })
    }
}

/// More than any sidecar: ten million parameters of channels.
pub(crate) const MAX_TEXT: u64 = 1 << 28;

impl Artefact {
    pub(crate) fn to_map(&self) -> Map {
        let mut map: Map = [
            ("file", Value::from(self.file.as_str())),
            ("format", self.format.as_str().into()),
            ("bytes", self.digest.bytes.into()),
            ("sha256", self.digest.sha256.as_str().into()),
        ]
        .into_iter()
        .collect();
        if self.form != Form::default() {
            map.insert("form", self.form.name());
        }
        map
    }

    fn from_fields(fields: &Fields) -> Result<Self, IoError> {
        let digest = Digest { bytes: fields.unsigned("bytes")?, sha256: fields.text("sha256")? };
        let form = match fields.value.get("form") {
            None => Form::default(),
            Some(_) => fields.get("form", "long, wide or panel", |value| value.as_str()?.parse().ok())?,
        };
        Ok(Artefact { file: fields.text("file")?, format: fields.text("format")?, form, digest })
    }
}

/// A mapping and where it stands.
pub(crate) struct Fields<'a> {
    pub(crate) value: &'a Value,
    pub(crate) path: &'a str,
}

impl<'a> Fields<'a> {
    pub(crate) fn get<T>(
        &self,
        key: &str,
        kind: &str,
        read: impl FnOnce(&'a Value) -> Option<T>,
    ) -> Result<T, IoError> {
        let path = self.path;
        let value = self.value.get(key);
        let value = value.ok_or_else(|| IoError::damaged(format!("the key {path}{key} is missing")))?;
        read(value).ok_or_else(|| {
            let mut found = canonical_json(value);
            if let Some((end, _)) = found.char_indices().nth(60) {
                found.truncate(end);
                found += "…";
            }
            IoError::damaged(format!("{path}{key} must be {kind}, found {found}"))
        })
    }

    pub(crate) fn text(&self, key: &str) -> Result<String, IoError> {
        self.get(key, "text", |value| value.as_str().map(str::to_owned))
    }

    pub(crate) fn unsigned(&self, key: &str) -> Result<u64, IoError> {
        self.get(key, "an integer from 0 to 2⁶⁴-1", |value| value.as_int()?.to_u64())
    }

    fn map(&self, key: &str) -> Result<Map, IoError> {
        self.get(key, "a mapping", |value| value.as_map().cloned())
    }

    fn list(&self, key: &str) -> Result<&'a [Value], IoError> {
        self.get(key, "a list", Value::as_list)
    }
}
