//! Companies of invented names, and the hosts that bear them.

use super::choice::Choice;
use super::data::{COMMON, Data};

pub(super) fn company(data: &Data, choice: &mut impl Choice, out: &mut String) {
    let head = choice.of(&data.heads);
    let name = choice.of(&data.companies).name;
    let form = choice.of(&data.legal_forms);
    for part in [form.before, name.before, head.text, name.after, form.after] {
        out.push_str(part);
    }
}

/// A host under a domain that is reserved for examples.
pub(super) fn domain(data: &Data, choice: &mut impl Choice, out: &mut String) {
    out.push_str(&choice.of(&data.heads).ascii);
    out.push_str(&choice.of(&data.companies).host);
    out.push('.');
    out.push_str(choice.text(&COMMON.top_domains));
}
