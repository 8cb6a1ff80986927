//! Identities of configurations and of data.

use sha2::{Digest, Sha256};

use crate::{Map, Value, canonical_json, slug};

/// The name of a configuration: what people read, and what makes it unique.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Identity {
    /// The readable half, see [`slug()`].
    pub slug: String,
    /// The first eight hexadecimal digits of the SHA-256 of the canonical payload.
    pub hash8: String,
    /// SHA-256 of the canonical payload.
    pub digest: [u8; 32],
}

impl Identity {
    /// The identity of `model` with `params`: validated, defaults filled in.
    ///
    /// ```
    /// use mts_hash::{Identity, Map, Value};
    ///
    /// let params: Map = [("M", Value::from(5)), ("T", 100.into()), ("K", 1.0.into())].into_iter().collect();
    /// let identity = Identity::new("kuramoto", &params);
    /// assert_eq!(identity.config_id(), "kuramoto_M5_T100_K1.0__d5e25974");
    /// ```
    pub fn new(model: &str, params: &Map) -> Self {
        let payload: Map =
            [("model", Value::from(model)), ("params", params.clone().into())].into_iter().collect();
        let digest = digest(&payload.into());
        Identity { slug: slug(model, params), hash8: hex(&digest[..4]), digest }
    }

    /// `<slug>__<hash8>`: file and folder names.
    pub fn config_id(&self) -> String {
        format!("{}__{}", self.slug, self.hash8)
    }

    /// The first four little-endian words of the digest, which seed by identity appends.
    pub fn words(&self) -> [u32; 4] {
        digest_words(&self.digest)
    }
}

/// SHA-256 of the canonical text of `value`.
pub fn digest(value: &Value) -> [u8; 32] {
    Sha256::digest(canonical_json(value).as_bytes()).into()
}

/// The first eight hexadecimal digits of [`digest`].
///
/// ```
/// use mts_hash::{Map, hash8};
///
/// assert_eq!(hash8(&Map::new().into()), "44136fa3");
/// ```
pub fn hash8(value: &Value) -> String {
    hex(&digest(value)[..4])
}

pub(crate) fn digest_words(digest: &[u8; 32]) -> [u32; 4] {
    std::array::from_fn(|i| {
        u32::from_le_bytes([digest[4 * i], digest[4 * i + 1], digest[4 * i + 2], digest[4 * i + 3]])
    })
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
