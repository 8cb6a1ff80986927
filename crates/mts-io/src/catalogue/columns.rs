//! The names of the columns, and text by the million.

/// Before the parameters.
pub(super) const CONFIG_ID: &str = "config_id";
pub(super) const DATA_ID: &str = "data_id";
pub(super) const MODEL: &str = "model";
pub(super) const CHANNELS: &str = "channels";
pub(super) const STEPS: &str = "steps";
pub(super) const REALIZATIONS: &str = "realizations";
pub(super) const DTYPE: &str = "dtype";
pub(super) const SEED_ENTROPY: &str = "seed_entropy";
pub(super) const SPAWN_KEY: &str = "spawn_key";
pub(super) const PATH: &str = "path";
pub(super) const FORMAT: &str = "format";
pub(super) const FORMATS: &str = "formats";
pub(super) const BYTES: &str = "bytes";
pub(super) const SHA256: &str = "sha256";

/// What the name of a parameter's column begins with: no quotes are needed around it in SQL.
pub(super) const PARAM: &str = "param_";

/// The key of the metadata that says which format of catalogues it is, and that which names columns whose
/// text is JSON.
pub(super) const VERSION_KEY: &str = "mts_catalogue";
pub(super) const JSON_KEY: &str = "mts_json";

/// The only format so far.
pub(super) const VERSION: &str = "1";

/// Texts behind each other.
#[derive(Clone, Debug, Default)]
pub(super) struct Texts {
    all: String,
    ends: Vec<usize>,
}

impl Texts {
    pub(super) fn push(&mut self, text: &str) {
        self.all += text;
        self.ends.push(self.all.len());
    }

    pub(super) fn get(&self, row: usize) -> &str {
        let start = row.checked_sub(1).map_or(0, |before| self.ends[before]);
        &self.all[start..self.ends[row]]
    }
}
