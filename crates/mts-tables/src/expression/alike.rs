//! Terms that must have a type in common.

use std::ops::Range;

use super::error::ExpressionError;
use super::node::{Day, Moment, NoValue, Node, Text};
use super::tree::{self, Number, Scalar, Tree, Zone};

/// A term with its place in the text.
pub(super) type Placed = (Tree, Range<usize>);

/// Terms of one type; `None` for those that never have a value.
pub(super) enum Alike {
    Boolean(Vec<Option<Node<bool>>>),
    Integer(Vec<Option<Node<i64>>>),
    Float(Vec<Option<Node<f64>>>),
    Text(Vec<Option<Node<Text>>>),
    Date(Vec<Option<Node<Day>>>),
    DateTime(Vec<Option<Node<Moment>>>, Zone),
}

/// Makes one of them, of the same type.
pub(super) trait Join {
    fn join<K: Scalar>(self, terms: Vec<Option<Node<K>>>) -> Result<Node<K>, NoValue>;
}

/// Finds a truth about them.
pub(super) trait Judge {
    fn judge<K: Scalar>(self, terms: Vec<Node<K>>) -> Result<Node<bool>, NoValue>;
}

impl Alike {
    pub(super) fn join(self, join: impl Join) -> Result<Tree, NoValue> {
        fn done<K: Scalar>(
            join: impl Join,
            terms: Vec<Option<Node<K>>>,
            zone: &Zone,
        ) -> Result<Tree, NoValue> {
            join.join(terms).map(|node| K::tree(node, zone))
        }
        match self {
            Alike::Boolean(terms) => done(join, terms, &None),
            Alike::Integer(terms) => done(join, terms, &None),
            Alike::Float(terms) => done(join, terms, &None),
            Alike::Text(terms) => done(join, terms, &None),
            Alike::Date(terms) => done(join, terms, &None),
            Alike::DateTime(terms, zone) => done(join, terms, &zone),
        }
    }

    /// Only where none of them is missing for ever.
    pub(super) fn judge(self, judge: impl Judge) -> Result<Node<bool>, NoValue> {
        fn there<K: Scalar>(terms: Vec<Option<Node<K>>>) -> Vec<Node<K>> {
            terms.into_iter().flatten().collect()
        }
        match self {
            Alike::Boolean(terms) => judge.judge(there(terms)),
            Alike::Integer(terms) => judge.judge(there(terms)),
            Alike::Float(terms) => judge.judge(there(terms)),
            Alike::Text(terms) => judge.judge(there(terms)),
            Alike::Date(terms) => judge.judge(there(terms)),
            Alike::DateTime(terms, _) => judge.judge(there(terms)),
        }
    }
}

/// What a type in common can be.
#[derive(Clone, Debug, PartialEq)]
enum Common {
    Boolean,
    Integer,
    Float,
    Text,
    Date,
    DateTime(Zone),
}

/// Finds the type that these have in common: integers become floats beside floats, and a text that stands in the
/// expression a date beside dates. `what` begins the message: "the branches", say.
pub(super) fn alike(terms: Vec<Placed>, span: &Range<usize>, what: &str) -> Result<Alike, ExpressionError> {
    let mut names: Vec<String> = Vec::new();
    let mut common: Option<Common> = None;
    let mut different = false;
    let mut literal = false;
    for (term, _) in &terms {
        let name = match term {
            Tree::DateTime(_, Some(zone)) => format!("datetime of {zone}"),
            other => other.name().to_owned(),
        };
        if !matches!(term, Tree::None) && !names.contains(&name) {
            names.push(name);
        }
        let kind = match term {
            Tree::None => continue,
            Tree::Text(node) if node.is_constant() => {
                literal = true;
                continue;
            }
            Tree::Boolean(_) => Common::Boolean,
            Tree::Integer(_) => Common::Integer,
            Tree::Float(_) => Common::Float,
            Tree::Text(_) => Common::Text,
            Tree::Date(_) => Common::Date,
            Tree::DateTime(_, zone) => Common::DateTime(zone.clone()),
            Tree::Whole(_) => {
                different = true;
                continue;
            }
        };
        common = match common {
            Some(Common::Float) if kind == Common::Integer => Some(Common::Float),
            Some(Common::Integer) if kind == Common::Float => Some(Common::Float),
            Some(before) => {
                different |= before != kind;
                Some(before)
            }
            None => Some(kind),
        };
    }
    let dates = matches!(common, None | Some(Common::Text | Common::Date | Common::DateTime(_)));
    if different || literal && !dates {
        let message = format!("{what} have no type in common, found {}", listed(&names));
        return Err(ExpressionError::new(span.clone(), message));
    }
    let Some(common) = common.or(literal.then_some(Common::Text)) else {
        return Err(ExpressionError::new(span.clone(), format!("{what} are all None, which has no type")));
    };
    convert(terms, common)
}

fn convert(terms: Vec<Placed>, common: Common) -> Result<Alike, ExpressionError> {
    /// Each term through a function that gives nothing where the term is of another type.
    fn each<T>(
        terms: Vec<Placed>,
        mut node: impl FnMut(Tree, &Range<usize>) -> Result<Option<T>, ExpressionError>,
    ) -> Result<Vec<Option<T>>, ExpressionError> {
        terms.into_iter().map(|(term, span)| node(term, &span)).collect()
    }
    Ok(match common {
        Common::Boolean => Alike::Boolean(each(terms, |term, _| match term {
            Tree::Boolean(node) => Ok(Some(node)),
            _ => Ok(None),
        })?),
        Common::Integer => Alike::Integer(each(terms, |term, _| match term {
            Tree::Integer(node) => Ok(Some(node)),
            _ => Ok(None),
        })?),
        Common::Float => Alike::Float(each(terms, |term, _| match term {
            Tree::Float(node) => Ok(Some(node)),
            Tree::Integer(node) => Ok(Number::Integer(node).float().ok()),
            _ => Ok(None),
        })?),
        Common::Text => Alike::Text(each(terms, |term, _| match term {
            Tree::Text(node) => Ok(Some(node)),
            _ => Ok(None),
        })?),
        Common::Date => Alike::Date(each(terms, |term, span| match term {
            Tree::Date(node) => Ok(Some(node)),
            Tree::Text(node) => node.constant().map(|text| tree::day(text, span)).transpose(),
            _ => Ok(None),
        })?),
        Common::DateTime(zone) => {
            let nodes = each(terms, |term, span| match term {
                Tree::DateTime(node, _) => Ok(Some(node)),
                Tree::Text(node) => node.constant().map(|text| tree::moment(text, &zone, span)).transpose(),
                _ => Ok(None),
            })?;
            Alike::DateTime(nodes, zone)
        }
    })
}

/// "a, b and c".
pub(super) fn listed(names: &[String]) -> String {
    match names {
        [] => String::new(),
        [one] => one.clone(),
        [before @ .., last] => format!("{} and {last}", before.join(", ")),
    }
}
