//! What files say, in messages: they may say anything, and at any length.

/// Bytes of a message; most have a tenth of that.
const MAX_MESSAGE: usize = 1000;

/// The longest name that a file system has.
const MAX_NAME: usize = 255;

/// Whether `file` names something beside the sidecar that says so.
pub(crate) fn is_name(file: &str) -> bool {
    !matches!(file, "" | "." | "..") && !file.contains(['/', '\\', '\0'])
}

/// A name in a message.
pub(crate) fn shown(name: &str) -> String {
    match name.char_indices().nth(MAX_NAME) {
        Some((end, _)) => visible(&name[..end]) + "…",
        None => visible(name),
    }
}

/// A message that may quote a file.
pub(crate) fn told(message: &str) -> String {
    if message.len() <= MAX_MESSAGE {
        return visible(message);
    }
    visible(&message[..message.floor_char_boundary(MAX_MESSAGE)]) + "…"
}

/// Control characters would move the cursor of who reads.
fn visible(text: &str) -> String {
    let mut visible = String::with_capacity(text.len());
    for letter in text.chars() {
        if letter.is_control() { visible.extend(letter.escape_default()) } else { visible.push(letter) }
    }
    visible
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_beside_what_names_them() {
        for name in ["", ".", "..", "../x", "a/b", "/x", "a\\b", "..\\x", "x\0"] {
            assert!(!is_name(name), "{name:?}");
        }
        assert!(["x", "..x", "...", "é.zarr"].into_iter().all(is_name));
    }

    #[test]
    fn anything_can_be_shown() {
        assert_eq!(shown("a\u{1b}[31m\u{85}\n"), r"a\u{1b}[31m\u{85}\n");
        assert_eq!(shown(&"é".repeat(300)), "é".repeat(255) + "…");
        assert_eq!(told("differs: “é”"), "differs: “é”");
        assert_eq!(told(&"é".repeat(5000)), "é".repeat(500) + "…");
    }
}
