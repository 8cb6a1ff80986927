//! Terms with their types.

use std::ops::Range;

use mts_core::ColumnType;

use super::bounds::Between;
use super::columns::Place;
use super::dates;
use super::error::{ExpressionError, quoted};
use super::node::{Day, Kind, Moment, NoValue, Node, Text, Total, map};

/// A term of which the type is known.
pub(super) enum Tree {
    /// A value that is never there, of any type.
    None,
    Boolean(Node<bool>),
    Integer(Node<i64>),
    Float(Node<f64>),
    Text(Node<Text>),
    Date(Node<Day>),
    DateTime(Node<Moment>, Zone),
    /// A structure or a list.
    Whole(Place),
}

/// The time zone of instants; none for the clock on the wall.
pub(super) type Zone = Option<String>;

/// A number of either kind.
pub(super) enum Number {
    Integer(Node<i64>),
    Float(Node<f64>),
}

impl Tree {
    /// What messages call its type.
    pub(super) fn name(&self) -> &'static str {
        match self {
            Tree::None => "None",
            Tree::Boolean(_) => "boolean",
            Tree::Integer(_) => "integer",
            Tree::Float(_) => "float",
            Tree::Text(_) => "text",
            Tree::Date(_) => "date",
            Tree::DateTime(..) => "datetime",
            Tree::Whole(place) if matches!(place.kind, ColumnType::List(_)) => "list",
            Tree::Whole(_) => "structure",
        }
    }

    /// Numbers that no value is below, and above.
    pub(super) fn range(&self) -> [f64; 2] {
        let ends = |low: f64, high: f64, first: f64, last: f64| {
            [
                if low <= first { f64::NEG_INFINITY } else { low },
                if high >= last { f64::INFINITY } else { high },
            ]
        };
        match self {
            Tree::Integer(node) => {
                let Between { low, high } = node.bounds();
                ends(low as f64, high as f64, i64::MIN as f64, i64::MAX as f64)
            }
            Tree::Float(node) => {
                let Between { low, high } = node.bounds();
                ends(low, high, f64::MIN, f64::MAX)
            }
            _ => [f64::NEG_INFINITY, f64::INFINITY],
        }
    }

    /// A number; a boolean is 0 or 1, as in Python. Anything else comes back.
    pub(super) fn number(self) -> Result<Number, Tree> {
        match self {
            Tree::Integer(node) => Ok(Number::Integer(node)),
            Tree::Float(node) => Ok(Number::Float(node)),
            Tree::Boolean(node) => match map(node, Total::Yes, |_, x| (i64::from(x), true)) {
                Ok(node) => Ok(Number::Integer(node.within(Some(Between { low: 0, high: 1 })))),
                Err(NoValue) => Err(Tree::None),
            },
            other => Err(other),
        }
    }
}

impl Number {
    pub(super) fn float(self) -> Result<Node<f64>, NoValue> {
        match self {
            Number::Integer(node) => {
                let float = |x| (x as f64, true);
                let bounds = node.bounds().rising(float);
                Ok(map(node, Total::Yes, move |_, x| float(x))?.within(bounds))
            }
            Number::Float(node) => Ok(node),
        }
    }
}

/// Kinds that terms can have.
pub(super) trait Scalar: Kind {
    fn tree(node: Node<Self>, zone: &Zone) -> Tree;
}

macro_rules! scalars {
    ($($kind:ty => $variant:ident),+) => {$(
        impl Scalar for $kind {
            fn tree(node: Node<Self>, _: &Zone) -> Tree {
                Tree::$variant(node)
            }
        }
    )+};
}

scalars!(bool => Boolean, i64 => Integer, f64 => Float, Text => Text, Day => Date);

impl Scalar for Moment {
    fn tree(node: Node<Self>, zone: &Zone) -> Tree {
        Tree::DateTime(node, zone.clone())
    }
}

/// A day as it stands in the text of an expression.
pub(super) fn day(text: &str, span: &Range<usize>) -> Result<Node<Day>, ExpressionError> {
    let refuse = || ExpressionError::new(span.clone(), format!("{} is no date", quoted(text)));
    Day::parse(text).map(Node::Constant).ok_or_else(|| refuse().hint("dates are written like 2024-12-31"))
}

/// A moment as it stands in the text of an expression.
pub(super) fn moment(text: &str, zone: &Zone, span: &Range<usize>) -> Result<Node<Moment>, ExpressionError> {
    let refuse = |why: &str| {
        let message = format!("{} {why}", quoted(text));
        ExpressionError::new(span.clone(), message).hint(match zone {
            Some(_) => "instants are written like 2024-12-31T23:59:00+01:00",
            None => "moments are written like 2024-12-31T23:59:00",
        })
    };
    let (moment, offset) = Moment::parse(text).ok_or_else(|| refuse("is no moment"))?;
    match (offset, zone) {
        (None, None) | (Some(_), Some(_)) => Ok(Node::Constant(moment)),
        (Some(_), None) => Err(refuse("has an offset, the other a clock without time zone")),
        (None, Some(zone)) => match offset_of(zone) {
            Some(minutes) => Ok(Node::Constant(dates::shift(moment, -minutes))),
            None => Err(refuse("has no offset from UTC")),
        },
    }
}

/// Minutes that the clocks of this zone are always ahead of UTC; none where they change, or it is not known.
pub(super) fn offset_of(zone: &str) -> Option<i64> {
    if ["UTC", "Z", "GMT", "Etc/UTC", "Etc/GMT"].contains(&zone) {
        return Some(0);
    }
    Moment::parse(&format!("2000-01-01T00:00{zone}")).and_then(|(_, offset)| offset)
}
