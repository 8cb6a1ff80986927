use crate::{Content, Node, number};

/// What to do about a value of the wrong type, where that is plain to see; `text` says that any text is allowed.
pub(super) fn hint(node: &Node, wanted: &[&str], text: bool) -> Option<String> {
    let numeric = wanted.iter().any(|name| ["number", "integer"].contains(name));
    match &node.content {
        Content::Str(found) => string(found, numeric, wanted.contains(&"boolean")),
        Content::Bool(_) | Content::Int(_) | Content::Float(_) if text => {
            Some("quote it if it shall be text".to_owned())
        }
        Content::List(items) if numeric && items.len() == 1 => Some("remove the brackets".to_owned()),
        _ => None,
    }
}

fn string(text: &str, numeric: bool, boolean: bool) -> Option<String> {
    if numeric && is_number(text.trim()) {
        return Some("remove the quotes".to_owned());
    }
    let joined = text.replace('_', "");
    if numeric && joined != text && is_number(&joined) {
        return Some(format!("numbers have no underscores: {joined}"));
    }
    let lower = text.to_lowercase();
    if boolean && ["true", "false"].contains(&lower.as_str()) {
        return Some("remove the quotes".to_owned());
    }
    if boolean && ["yes", "no", "on", "off", "y", "n"].contains(&lower.as_str()) {
        return Some("write true or false".to_owned());
    }
    None
}

fn is_number(text: &str) -> bool {
    text.len() < 64 && matches!(number::plain(text), Ok(Some(_)))
}
