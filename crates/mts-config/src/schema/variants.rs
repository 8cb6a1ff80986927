//! Choices that are named by the only key of a mapping, as in `{ring: {k: 2}}`, or by a bare word.

use std::collections::BTreeSet;

use serde_json::Value;

use super::objects::unknown;
use super::{Checker, allowed, list, problem};
use crate::describe::names;
use crate::path::Trail;
use crate::{Content, Entry, Node, Problem, Problems, nearest};

/// All that can be chosen by name.
pub(super) struct Variants<'s> {
    /// Keys, and what is allowed below them.
    keys: Vec<(&'s str, &'s Value)>,
    words: Vec<&'s str>,
}

impl<'s> Variants<'s> {
    fn get(&self, key: &str) -> Option<&'s Value> {
        self.keys.iter().find(|(name, _)| *name == key).map(|(_, schema)| *schema)
    }

    /// All names in order, whatever the order of the branches.
    fn names(&self) -> impl Iterator<Item = &'s str> {
        let all = self.keys.iter().map(|(name, _)| *name).chain(self.words.iter().copied());
        all.collect::<BTreeSet<&str>>().into_iter()
    }
}

impl<'s> Checker<'s> {
    /// The names of `branches`, where all of them that take mappings or text have one.
    pub(super) fn variants(self, branches: &[&'s Value]) -> Option<Variants<'s>> {
        let (mut keys, mut words) = (Vec::new(), Vec::new());
        for branch in branches {
            let types = self.types(branch);
            if types.contains(&"object") {
                keys.push(only_key(branch)?);
            } else if types.is_empty() || types.contains(&"string") {
                words.extend(allowed(branch)?.into_iter().filter_map(Value::as_str));
            }
        }
        // A single mapping is no choice, and its own messages say more.
        (keys.len() > 1).then_some(Variants { keys, words })
    }

    /// Whether `node` was checked: what is neither a mapping nor text has no name to be judged by.
    pub(super) fn choose_named(
        self,
        node: &Node,
        variants: &Variants<'s>,
        path: &Trail,
        problems: &mut Problems,
    ) -> bool {
        match &node.content {
            Content::Map(entries) => match entries.as_slice() {
                [] => {
                    let listed = names(variants.names());
                    problems.push(problem(
                        node,
                        path,
                        format!("must have one of the keys {listed}, found {{}}"),
                    ));
                }
                [only] => self.check_named(only, variants, path, problems),
                several => self.refuse_several(several, variants, path, problems),
            },
            Content::Str(text) if !variants.words.contains(&text.as_str()) => {
                problems.push(self.bare(node, text, variants, path));
            }
            Content::Str(_) => {}
            _ => return false,
        }
        true
    }

    fn check_named(self, entry: &Entry, variants: &Variants<'s>, path: &Trail, problems: &mut Problems) {
        let Entry { key, key_position, value } = entry;
        let below = path.child(key);
        match variants.get(key) {
            Some(schema) if value.is_null() && !self.has_null(schema) => {
                let message = format!("`{key}` has nothing below it");
                let empty = Problem::at(key_position, path.to_string(), message);
                problems.push(empty.with_hint(self.shape(key, schema)));
            }
            Some(schema) => self.check(value, schema, &below, problems, 0),
            None if variants.words.contains(&key.as_str()) => {
                let message = format!("`{key}` takes no parameters");
                let taken = Problem::at(key_position, path.to_string(), message);
                problems.push(taken.with_hint(format!("write {key} alone")));
            }
            None => problems.push(unknown(entry, variants.names(), &below)),
        }
    }

    fn refuse_several(
        self,
        entries: &[Entry],
        variants: &Variants<'s>,
        path: &Trail,
        problems: &mut Problems,
    ) {
        let owner_of = |key: &str| {
            let mut owners = entries.iter().filter(|entry| variants.get(&entry.key).is_some());
            owners.find(|owner| {
                variants.get(&owner.key).is_some_and(|schema| self.parameters(schema).contains(key))
            })
        };
        let known = |entry: &&Entry| variants.names().any(|name| name == entry.key);
        let keys = names(entries.iter().map(|entry| entry.key.as_str()));
        let message = format!("must have one key, found {}: {keys}", entries.len());
        let strays = entries.iter().filter(|entry| !known(entry));
        let misplaced = strays.clone().find_map(|stray| Some((stray, owner_of(&stray.key)?)));
        let (at, hint) = match misplaced {
            Some((stray, owner)) => {
                let (inner, outer) = (&stray.key, &owner.key);
                (stray, format!("`{inner}` belongs below `{outer}`: {{{outer}: {{{inner}: …}}}}"))
            }
            None if path.is_item() => {
                let apart: Vec<String> =
                    entries.iter().take(2).map(|entry| format!("{{{}: …}}", entry.key)).collect();
                (&entries[1], format!("each is an entry of its own: {}", apart.join(", ")))
            }
            None => (&entries[1], "only one of them can be chosen".to_owned()),
        };
        problems.push(Problem::at(&at.key_position, path.to_string(), message).with_hint(hint));
        for stray in strays.filter(|stray| owner_of(&stray.key).is_none()) {
            problems.push(unknown(stray, variants.names(), &path.child(&stray.key)));
        }
    }

    /// A word where a key with something below it is wanted, or no name at all.
    fn bare(self, node: &Node, text: &str, variants: &Variants<'s>, path: &Trail) -> Problem {
        if let Some(schema) = variants.get(text) {
            let message = format!("`{text}` is a key with something below it, not a value by itself");
            return problem(node, path, message).with_hint(self.shape(text, schema));
        }
        let listed = names(variants.names());
        let problem = problem(node, path, format!("must be one of {listed}, found {}", node.describe()));
        let Some(meant) = nearest(text, variants.names()) else { return problem };
        match variants.get(meant) {
            Some(schema) => {
                problem.with_hint(format!("did you mean `{meant}`? {}", self.shape(meant, schema)))
            }
            None => problem.with_hint(format!("did you mean `{meant}`?")),
        }
    }

    /// How a variant is written: its keys that cannot be left out, or what it is.
    fn shape(self, name: &str, schema: &'s Value) -> String {
        if self.types(schema).iter().any(|name| *name != "object") {
            return format!("write {{{name}: …}} with {}", self.words(schema));
        }
        let needed = |branch: &'s Value| -> BTreeSet<&str> {
            list(branch, "required").filter_map(Value::as_str).collect()
        };
        let branches = self.alternatives(schema);
        let all = branches.into_iter().map(needed).reduce(|common, own| &common & &own).unwrap_or_default();
        let keys: Vec<String> = all.into_iter().map(|key| format!("{key}: …")).collect();
        format!("write {{{name}: {{{}}}}}", keys.join(", "))
    }

    /// The keys of a mapping, those of its branches included.
    fn parameters(self, schema: &'s Value) -> BTreeSet<&'s str> {
        let properties = |branch: &'s Value| branch.get("properties").and_then(Value::as_object);
        let branches = self.alternatives(schema);
        branches.into_iter().filter_map(properties).flat_map(|all| all.keys().map(String::as_str)).collect()
    }

    /// The branches of a schema, or itself if it has none.
    fn alternatives(self, schema: &'s Value) -> Vec<&'s Value> {
        let mut flat = Vec::new();
        self.flatten(std::slice::from_ref(schema), &mut flat, 0);
        flat
    }

    fn has_null(self, schema: &'s Value) -> bool {
        let types = self.types(schema);
        types.is_empty() || types.contains(&"null")
    }
}

/// The key of a mapping that must have it and can have no other, and what is allowed below it.
fn only_key(branch: &Value) -> Option<(&str, &Value)> {
    let mut properties = branch.get("properties")?.as_object()?.iter();
    let (Some((key, schema)), None) = (properties.next(), properties.next()) else { return None };
    let required = list(branch, "required").any(|name| name == key.as_str());
    let closed = branch.get("additionalProperties") == Some(&Value::Bool(false));
    (required && closed && branch.get("anyOf").is_none()).then_some((key.as_str(), schema))
}
