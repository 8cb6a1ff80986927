//! Why an expression is refused.

use std::ops::Range;

/// A mistake in the text of an expression.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct ExpressionError {
    /// Where it stands, in bytes of the text.
    pub span: Range<usize>,
    /// What is wrong: what was found, and what is allowed.
    pub message: String,
    /// What may have been meant.
    pub hint: Option<String>,
}

impl ExpressionError {
    pub(super) fn new(span: Range<usize>, message: impl Into<String>) -> Self {
        ExpressionError { span, message: message.into(), hint: None }
    }

    pub(super) fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }
}

/// Of the names known the one that somebody who wrote `name` most likely meant, as a hint.
pub(super) fn meant<'a>(name: &str, known: impl Iterator<Item = &'a str>) -> Option<String> {
    let lower = name.to_lowercase();
    let nearest = known
        .filter(|known| known.len() <= 64 && name.len() <= 64)
        .map(|known| (strsim::osa_distance(&lower, &known.to_lowercase()), known))
        .filter(|(distance, known)| {
            let (shorter, longer) = (known.len().min(name.len()), known.len().max(name.len()));
            *distance <= (longer / 3).max(1) && *distance < shorter
        })
        .min_by_key(|(distance, _)| *distance);
    nearest.map(|(_, known)| format!("did you mean {}?", quoted(known)))
}

/// Part of a text as messages quote it: in one line and not too long.
pub(super) fn quoted(text: &str) -> String {
    let shown = |c: char| if c.is_control() { '\u{fffd}' } else { c };
    let mut quoted: String = text.chars().take(60).map(shown).collect();
    if text.chars().nth(60).is_some() {
        quoted.push('…');
    }
    format!("`{quoted}`")
}
