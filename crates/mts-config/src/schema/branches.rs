//! Which branch of `anyOf` or `oneOf` a value means, so that a problem is about that one.

use std::collections::BTreeSet;

use serde_json::Value;

use super::{Checker, allowed, is_a, list, not_among, problem};
use crate::describe::names;
use crate::path::Trail;
use crate::{Content, Entry, Node, Problem, Problems, nearest};

/// Choices inside choices; deeper ones are taken as they stand.
const MAX_NESTING: usize = 8;

impl<'s> Checker<'s> {
    pub(super) fn choose(
        self,
        node: &Node,
        schema: &'s Value,
        branches: &'s [Value],
        path: &Trail,
        problems: &mut Problems,
        hops: usize,
    ) {
        let mut flat = Vec::new();
        self.flatten(branches, &mut flat, 0);
        if let Some(variants) = self.variants(&flat)
            && self.choose_named(node, &variants, path, problems)
        {
            return;
        }
        let fitting: Vec<&Value> = flat.into_iter().filter(|branch| self.may_be(node, branch)).collect();
        match fitting.as_slice() {
            [] => problems.push(self.mistyped(node, schema, path)),
            [only] => self.check(node, only, path, problems, hops + 1),
            several => self.choose_fitting(node, several, path, problems, hops),
        }
    }

    /// Branches that all take values of this type: the first that has nothing to say, or the one
    /// that was meant.
    fn choose_fitting(
        self,
        node: &Node,
        branches: &[&'s Value],
        path: &Trail,
        problems: &mut Problems,
        hops: usize,
    ) {
        let mut least: Option<Problems> = None;
        for branch in branches {
            let mut found = Problems::new();
            if hops < super::MAX_REFERENCES {
                self.check(node, branch, path, &mut found, hops + 1);
            }
            if found.is_empty() {
                return;
            }
            if least.as_ref().is_none_or(|least| found.len() < least.len()) {
                least = Some(found);
            }
        }
        if let Some(values) = constants(branches) {
            problems.push(not_among(node, &values, path));
        } else if let Some(tag) = self.common_tag(branches) {
            self.choose_tagged(node, branches, tag, path, problems, hops);
        } else if let Some(branch) = self.named_variant(node, branches) {
            self.check(node, branch, path, problems, hops + 1);
        } else if let Some(least) = least {
            problems.append(least);
        }
    }

    /// Mappings that say in one key, such as `kind`, which of the branches they are.
    fn choose_tagged(
        self,
        node: &Node,
        branches: &[&'s Value],
        tag: &str,
        path: &Trail,
        problems: &mut Problems,
        hops: usize,
    ) {
        let values = |branch: &&'s Value| self.tag_values(branch, tag).unwrap_or_default();
        let all: Vec<&Value> = branches.iter().flat_map(values).collect();
        let Some(found) = node.get(tag) else {
            let known: Vec<String> = all.iter().map(|value| super::words::value(value)).collect();
            let listed = names(known.iter().map(String::as_str));
            let slip = |entry: &&Entry| nearest(&entry.key, [tag]).is_some();
            let missing = match node.as_map().and_then(|entries| entries.iter().find(slip)) {
                Some(entry) => {
                    let message = format!("unknown key, did you mean `{tag}`?");
                    Problem::at(&entry.key_position, path.child(&entry.key).to_string(), message)
                }
                None => problem(node, path, format!("missing key `{tag}`")),
            };
            problems.push(missing.with_hint(format!("one of {listed}")));
            return;
        };
        let means = |branch: &&&'s Value| values(branch).iter().any(|value| super::equals(found, value));
        match branches.iter().find(means) {
            Some(branch) => self.check(node, branch, path, problems, hops + 1),
            None => problems.push(not_among(found, &all, &path.child(tag))),
        }
    }

    /// The key that is a constant in every branch.
    fn common_tag(self, branches: &[&'s Value]) -> Option<&'s str> {
        let properties = branches.first()?.get("properties")?.as_object()?;
        properties.keys().map(String::as_str).find(|key| {
            let constant = |branch: &&'s Value| self.tag_values(branch, key).is_some();
            branches.iter().all(constant)
        })
    }

    fn tag_values(self, branch: &'s Value, tag: &str) -> Option<Vec<&'s Value>> {
        allowed(self.resolve(branch.get("properties")?.get(tag)?))
    }

    /// The branch whose required keys are among those of `node`, as in `{ring: {k: 2}}`.
    fn named_variant(self, node: &Node, branches: &[&'s Value]) -> Option<&'s Value> {
        let entries = node.as_map()?;
        let keys: BTreeSet<&str> = entries.iter().map(|entry| entry.key.as_str()).collect();
        let named = |branch: &&&'s Value| {
            let mut required = list(branch, "required").filter_map(Value::as_str).peekable();
            required.peek().is_some() && required.all(|key| keys.contains(key))
        };
        let mut named = branches.iter().filter(named);
        match (named.next(), named.next()) {
            (Some(only), None) => Some(only),
            _ => None,
        }
    }

    pub(super) fn flatten(self, branches: &'s [Value], flat: &mut Vec<&'s Value>, depth: usize) {
        for branch in branches {
            let resolved = self.resolve(branch);
            let inner = ["anyOf", "oneOf"].iter().find_map(|key| resolved.get(key)?.as_array());
            match inner {
                // A choice that says more than its branches must be checked as a whole.
                Some(inner) if depth < MAX_NESTING && is_bare(resolved) => {
                    self.flatten(inner, flat, depth + 1);
                }
                _ => flat.push(resolved),
            }
        }
    }

    fn may_be(self, node: &Node, branch: &'s Value) -> bool {
        let types = self.types(branch);
        let near = |name: &&str| {
            // A fraction where integers are wanted is a wrong number, not a wrong type.
            is_a(node, name) || (*name == "integer" && matches!(node.content, Content::Float(_)))
        };
        types.is_empty() || types.iter().any(near)
    }
}

fn is_bare(schema: &Value) -> bool {
    const TEXTS: [&str; 6] = ["anyOf", "oneOf", "description", "title", "default", "examples"];
    let keys = schema.as_object().into_iter().flatten().map(|(key, _)| key.as_str());
    keys.filter(|key| !TEXTS.contains(key)).count() == 0
}

/// The constants of all branches, if they are nothing else.
fn constants<'s>(branches: &[&'s Value]) -> Option<Vec<&'s Value>> {
    let values: Option<Vec<Vec<&Value>>> = branches.iter().map(|branch| allowed(branch)).collect();
    Some(values?.into_iter().flatten().collect())
}
