//! Paths of values in a document, as messages have them.

/// The path of the value under `key` in the mapping at `path`.
pub(crate) fn child(path: &str, key: &str) -> String {
    let plain = |letter: char| letter.is_alphanumeric() || letter == '_' || letter == '-';
    match !key.is_empty() && key.len() <= 64 && key.chars().all(plain) {
        true if path.is_empty() => key.to_owned(),
        true => format!("{path}.{key}"),
        false => format!("{path}[{key:?}]"),
    }
}

/// The path of element `index` of the list at `path`.
pub(crate) fn item(path: &str, index: usize) -> String {
    format!("{path}[{index}]")
}
