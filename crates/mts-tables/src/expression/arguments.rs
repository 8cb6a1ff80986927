//! What a function is called with.

use std::ops::Range;
use std::vec;

use super::alike::{Alike, Placed, alike};
use super::dates;
use super::error::ExpressionError;
use super::fault::Fault;
use super::functions::Function;
use super::node::{Day, Moment, Node, Text, Total, map};
use super::numbers;
use super::tree::{self, Number, Tree, Zone, offset_of};
use mts_core::ColumnType;

/// What a function takes as one of its arguments.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Takes {
    Number,
    Integer,
    Text,
    /// A date, or a text that is one.
    Day,
    /// A date or a moment.
    Dated,
    Moment,
    TextOrList,
    /// What is no structure or list.
    Scalar,
    /// That or None.
    Any,
}

impl Takes {
    /// What messages call it.
    fn name(self) -> &'static str {
        match self {
            Takes::Number => "a number",
            Takes::Integer => "an integer",
            Takes::Text => "a text",
            Takes::Day => "a date",
            Takes::Dated => "a date or datetime",
            Takes::Moment => "a datetime",
            Takes::TextOrList => "a text or list",
            Takes::Scalar | Takes::Any => "a value",
        }
    }

    fn fits(self, term: &Tree) -> bool {
        match (self, term) {
            (Takes::Number, Tree::Integer(_) | Tree::Float(_) | Tree::Boolean(_)) => true,
            (Takes::Integer, Tree::Integer(_) | Tree::Boolean(_)) => true,
            (Takes::Text | Takes::Day | Takes::Dated | Takes::TextOrList, Tree::Text(_)) => true,
            (Takes::Day | Takes::Dated, Tree::Date(_)) => true,
            (Takes::Dated | Takes::Moment, Tree::DateTime(..)) => true,
            (Takes::TextOrList, Tree::Whole(place)) => matches!(place.kind, ColumnType::List(_)),
            (Takes::Scalar, term) => !matches!(term, Tree::None | Tree::Whole(_)),
            (Takes::Any, term) => !matches!(term, Tree::Whole(_)),
            _ => false,
        }
    }
}

/// Arguments of a function, as many as it takes and each of a type that it takes.
pub(super) struct Arguments {
    function: &'static Function,
    left: vec::IntoIter<Placed>,
    given: usize,
    span: Range<usize>,
}

impl Arguments {
    /// Checks them all.
    pub(super) fn new(
        function: &'static Function,
        terms: Vec<Placed>,
        span: Range<usize>,
    ) -> Result<Arguments, Vec<ExpressionError>> {
        let mut errors = Vec::new();
        for (at, (term, place)) in terms.iter().enumerate() {
            let takes = function.takes(at);
            if !takes.fits(term) {
                let message = format!(
                    "`{}` takes {} as argument {}, found {}",
                    function.name(),
                    takes.name(),
                    at + 1,
                    term.name()
                );
                errors.push(ExpressionError::new(place.clone(), message).hint(function.signature));
            }
        }
        if !errors.is_empty() {
            return Err(errors);
        }
        Ok(Arguments { function, given: terms.len(), left: terms.into_iter(), span })
    }

    /// How many are left.
    pub(super) fn len(&self) -> usize {
        self.left.len()
    }

    pub(super) fn is_empty(&self) -> bool {
        self.len() == 0
    }

    pub(super) fn term(&mut self) -> Result<Placed, Fault> {
        self.left.next().ok_or_else(|| self.other("nothing"))
    }

    /// An argument of another type than was checked.
    fn other(&self, found: &str) -> Fault {
        let at = self.given - self.left.len();
        Fault::here(format!("`{}` does not take {found} as argument {at}", self.function.name()))
    }

    pub(super) fn number(&mut self) -> Result<Number, Fault> {
        let (term, _) = self.term()?;
        term.number().map_err(|other| self.other(other.name()))
    }

    pub(super) fn float(&mut self) -> Result<Node<f64>, Fault> {
        Ok(self.number()?.float()?)
    }

    pub(super) fn integer(&mut self) -> Result<Node<i64>, Fault> {
        match self.number()? {
            Number::Integer(node) => Ok(node),
            Number::Float(_) => Err(self.other("float")),
        }
    }

    pub(super) fn text(&mut self) -> Result<Node<Text>, Fault> {
        match self.term()?.0 {
            Tree::Text(node) => Ok(node),
            other => Err(self.other(other.name())),
        }
    }

    pub(super) fn day(&mut self) -> Result<Node<Day>, Fault> {
        let (term, span) = self.term()?;
        match term {
            Tree::Date(node) => Ok(node),
            Tree::Text(node) => match node.constant() {
                Some(text) => Ok(tree::day(text, &span)?),
                None => Ok(map(node, Total::No, |_, text: &str| numbers::there(Day::parse(text)))?),
            },
            other => Err(self.other(other.name())),
        }
    }

    /// The day and the second of it, on the clock of its time zone.
    pub(super) fn clock(&mut self) -> Result<Clock, Fault> {
        let (term, span) = self.term()?;
        match term {
            Tree::DateTime(node, None) => Ok(Clock::Moment(node)),
            Tree::DateTime(node, Some(zone)) => match offset_of(&zone) {
                Some(0) => Ok(Clock::Moment(node)),
                Some(minutes) => Ok(Clock::Moment(map(node, Total::Yes, move |_, at: Moment| {
                    (dates::shift(at, minutes), true)
                })?)),
                None => {
                    let message =
                        format!("the clock of {zone} changes, so that an instant has no fixed hour or date");
                    Err(ExpressionError::new(span, message).into())
                }
            },
            Tree::Date(node) => Ok(Clock::Day(node)),
            Tree::Text(node) => match node.constant() {
                Some(text) => Ok(Clock::Day(tree::day(text, &span)?)),
                None => {
                    Ok(Clock::Day(map(node, Total::No, |_, text: &str| numbers::there(Day::parse(text)))?))
                }
            },
            other => Err(self.other(other.name())),
        }
    }

    pub(super) fn moment(&mut self) -> Result<(Node<Moment>, Zone), Fault> {
        match self.term()?.0 {
            Tree::DateTime(node, zone) => Ok((node, zone)),
            other => Err(self.other(other.name())),
        }
    }

    /// All that are left, as values of one type.
    pub(super) fn alike(&mut self) -> Result<Alike, Fault> {
        let terms = self.left.by_ref().collect();
        Ok(alike(terms, &self.span, &format!("the arguments of `{}`", self.function.name()))?)
    }
}

/// A day, or a moment on a clock.
pub(super) enum Clock {
    Day(Node<Day>),
    Moment(Node<Moment>),
}
