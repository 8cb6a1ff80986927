//! Names and types: from what a text says to what it means.

use std::ops::Range;

use mts_core::{Column, ColumnType};
use mts_hash::SeedSequence;
use mts_rng::Key;

use super::alike::{Alike, Placed, alike};
use super::arguments::Arguments;
use super::bounds::Between;
use super::branches::{self, Among, Cases, Chain, Logic};
use super::columns::{self, Place};
use super::error::{ExpressionError, meant, quoted};
use super::fault::Fault;
use super::functions::{self, Make};
use super::node::{Node, Total, map};
use super::operators;
use super::syntax::{Call, Comparison, Form, Term};
use super::tree::{Number, Tree};

/// Gives the terms of an expression their types; collects all that is wrong.
pub(super) struct Checker<'a> {
    pub(super) columns: &'a [Column],
    /// The least and the greatest number of each, where they are known.
    pub(super) ranges: &'a [[f64; 2]],
    pub(super) seed: &'a SeedSequence,
    /// Places of columns that were read so far.
    pub(super) inputs: Vec<usize>,
    pub(super) errors: Vec<ExpressionError>,
}

impl Checker<'_> {
    /// The term with its type; nothing where something in it is wrong.
    pub(super) fn term(&mut self, term: &Term) -> Option<Tree> {
        let made = match &term.form {
            Form::None => Ok(Tree::None),
            Form::Boolean(value) => Ok(Tree::Boolean(Node::Constant(*value))),
            Form::Integer(value) => integer(*value, false),
            Form::Float(value) => Ok(Tree::Float(Node::Constant(*value))),
            Form::Text(text) => Ok(Tree::Text(Node::Constant(text.as_str().into()))),
            Form::Name(name, fields) => return self.name(name, fields, &term.span),
            Form::Plus(of) => operators::plus(self.term(of)?),
            Form::Minus(of) => match of.form {
                Form::Integer(value) => integer(value, true),
                _ => operators::minus(self.term(of)?),
            },
            Form::Not(of) => {
                let condition = self.condition(of, "`not`")?;
                map(condition, Total::Yes, |_, x: bool| (!x, true)).map(Tree::Boolean).map_err(Fault::from)
            }
            Form::Arithmetic(sign, left, right) => {
                let (a, b) = (self.placed(left), self.placed(right));
                operators::arithmetic(*sign, a?, b?)
            }
            Form::All(terms) => self.logic(terms, false)?,
            Form::Any(terms) => self.logic(terms, true)?,
            Form::Compare(terms, signs) => self.comparison(terms, signs, &term.span)?,
            Form::IsNone(of) => Ok(Tree::Boolean(is_none(self.term(of)?))),
            Form::In(of, items) => self.among(of, items, &term.span)?,
            Form::Cases(cases, otherwise) => self.cases(cases, otherwise, &term.span)?,
            Form::Call(call) => self.call(call, &term.span)?,
        };
        let (message, hint) = match made {
            Ok(tree) => return Some(tree),
            Err(Fault::At(error)) => {
                self.errors.push(error);
                return None;
            }
            Err(Fault::Here { message, hint }) => (message, hint),
            Err(Fault::NoValue) => (no_value(&term.form), None),
        };
        self.errors.push(ExpressionError { span: term.span.clone(), message, hint });
        None
    }

    fn placed(&mut self, term: &Term) -> Option<Placed> {
        Some((self.term(term)?, term.span.clone()))
    }

    /// All of them, after all have been looked at.
    fn all<T>(
        &mut self,
        terms: &[Term],
        mut each: impl FnMut(&mut Self, &Term) -> Option<T>,
    ) -> Option<Vec<T>> {
        let terms: Vec<Option<T>> = terms.iter().map(|term| each(self, term)).collect();
        terms.into_iter().collect()
    }

    fn condition(&mut self, term: &Term, whose: &str) -> Option<Node<bool>> {
        let (message, hint) = match self.term(term)? {
            Tree::Boolean(node) => return Some(node),
            Tree::Integer(_) | Tree::Float(_) => {
                (format!("{whose} takes true or false, found a number"), Some("write `… != 0`".to_owned()))
            }
            Tree::Text(_) => {
                (format!("{whose} takes true or false, found a text"), Some("write `… != ''`".to_owned()))
            }
            other => (format!("{whose} takes true or false, found {}", other.name()), None),
        };
        self.errors.push(ExpressionError { span: term.span.clone(), message, hint });
        None
    }

    fn logic(&mut self, terms: &[Term], decides: bool) -> Option<Result<Tree, Fault>> {
        let whose = if decides { "`or`" } else { "`and`" };
        let terms = self.all(terms, |checker, term| checker.condition(term, whose))?;
        let (all, any) = (terms.iter().all(Node::is_constant), terms.iter().any(Node::nullable));
        let node = Node::new(Logic { terms, decides }, all, any);
        Some(node.map(Tree::Boolean).map_err(Fault::from))
    }

    fn comparison(
        &mut self,
        terms: &[Term],
        signs: &[Comparison],
        span: &Range<usize>,
    ) -> Option<Result<Tree, Fault>> {
        let what = signs.first().map_or("", |sign| sign.sign());
        let found = self.all(terms, Self::placed)?;
        let none = |(term, _): &Placed| matches!(term, Tree::None);
        if found.iter().any(none) {
            let mut other: Vec<Tree> =
                found.into_iter().filter(|term| !none(term)).map(|(term, _)| term).collect();
            return Some(match (signs, other.pop()) {
                ([Comparison::Equal], Some(term)) => Ok(Tree::Boolean(is_none(term))),
                ([Comparison::Unequal], Some(term)) => {
                    let node = map(is_none(term), Total::Yes, |_, x: bool| (!x, true));
                    node.map(Tree::Boolean).map_err(Fault::from)
                }
                _ => Err(Fault::here("with None only one value is compared, by `is None` or `is not None`")),
            });
        }
        let judged = alike(numbers(found), span, &format!("the sides of `{what}`"));
        Some(
            judged
                .map_err(Fault::from)
                .and_then(|alike: Alike| Ok(Tree::Boolean(alike.judge(Chain(signs.to_vec()))?))),
        )
    }

    fn among(&mut self, of: &Term, items: &[Term], span: &Range<usize>) -> Option<Result<Tree, Fault>> {
        let first = self.placed(of);
        let mut terms = self.all(items, Self::placed)?;
        terms.insert(0, first?);
        if terms.iter().any(|(term, _)| matches!(term, Tree::None)) {
            return Some(Err(Fault::here("None is in no list; see `is None`")));
        }
        let judged = alike(numbers(terms), span, "the value before `in` and the list behind it");
        Some(judged.map_err(Fault::from).and_then(|alike| Ok(Tree::Boolean(alike.judge(Among)?))))
    }

    fn cases(
        &mut self,
        cases: &[(Term, Term)],
        otherwise: &Term,
        span: &Range<usize>,
    ) -> Option<Result<Tree, Fault>> {
        let mut values = Vec::new();
        let mut conditions = Vec::new();
        for (value, condition) in cases {
            values.push(self.placed(value));
            conditions.push(self.condition(condition, "`if`"));
        }
        values.push(self.placed(otherwise));
        let values = values.into_iter().collect::<Option<_>>()?;
        let conditions = conditions.into_iter().collect::<Option<_>>()?;
        let joined = alike(values, span, "the branches");
        Some(joined.map_err(Fault::from).and_then(|alike| Ok(alike.join(Cases(conditions))?)))
    }

    fn call(&mut self, call: &Call, span: &Range<usize>) -> Option<Result<Tree, Fault>> {
        let arguments = self.all(&call.arguments, Self::placed);
        let Some(function) = functions::find(&call.name) else {
            let names = functions::functions().filter_map(|(signature, _)| signature.split('(').next());
            let hint = match self.columns.iter().any(|column| column.name == call.name) {
                true => Some(format!("`{}` is a column, which is not called", call.name)),
                false => meant(&call.name, names),
            };
            let message = format!("there is no function {}", quoted(&call.name));
            self.errors.push(ExpressionError { span: call.name_span.clone(), message, hint });
            return None;
        };
        let given = call.arguments.len();
        if !(function.least..=function.most).contains(&given) {
            let message =
                format!("`{}` takes {}, found {given}", call.name, count(function.least, function.most));
            self.errors.push(ExpressionError::new(span.clone(), message).hint(function.signature));
            return None;
        }
        let arguments = match Arguments::new(function, arguments?, span.clone()) {
            Ok(arguments) => arguments,
            Err(errors) => {
                self.errors.extend(errors);
                return None;
            }
        };
        Some(match function.make {
            Make::Pure(make) => make(arguments),
            Make::Drawn(make) => make(arguments, Key::from(&self.seed.child(call.site))),
        })
    }

    fn name(&mut self, name: &str, fields: &[(String, Range<usize>)], span: &Range<usize>) -> Option<Tree> {
        let Some(at) = self.columns.iter().position(|column| column.name == name) else {
            let known = self.columns.iter().map(|column| column.name.as_str());
            let hint = match functions::find(name) {
                Some(function) => Some(format!("a function is called: `{}`", function.signature)),
                None => meant(name, known),
            };
            let message = format!("there is no column {}", quoted(name));
            let end = fields.first().map_or(span.end, |(_, field)| field.start.saturating_sub(1));
            self.errors.push(ExpressionError { span: span.start..end, message, hint });
            return None;
        };
        let input = self.inputs.iter().position(|input| *input == at).unwrap_or_else(|| {
            self.inputs.push(at);
            self.inputs.len() - 1
        });
        let mut place = Place::new(input, &self.columns[at]);
        let mut path = name.to_owned();
        for (field, span) in fields {
            let ColumnType::Struct(known) = place.kind.clone() else {
                let message =
                    format!("{} is no structure, so that it has no field {}", quoted(&path), quoted(field));
                self.errors.push(ExpressionError::new(span.clone(), message));
                return None;
            };
            let Some((at, found)) = known.iter().enumerate().find(|(_, known)| known.name == *field) else {
                let message = format!("{} has no field {}", quoted(&path), quoted(field));
                let hint = meant(field, known.iter().map(|known| known.name.as_str()));
                self.errors.push(ExpressionError { span: span.clone(), message, hint });
                return None;
            };
            place = place.field(at, found);
            path = format!("{path}.{field}");
        }
        let range = if fields.is_empty() { self.ranges[at] } else { [f64::NEG_INFINITY, f64::INFINITY] };
        Some(column(place, range))
    }
}

fn column(place: Place, range: [f64; 2]) -> Tree {
    let floats = Some(Between { low: range[0].max(f64::MIN), high: range[1].min(f64::MAX) });
    match place.kind.clone() {
        ColumnType::Boolean => Tree::Boolean(columns::read(place)),
        ColumnType::Integer => Tree::Integer(columns::read(place).within(Some(integers(range)))),
        ColumnType::Float => Tree::Float(columns::read(place).within(floats)),
        ColumnType::Decimal { precision, scale } => Tree::Float(
            columns::read_decimal(place, precision, scale)
                .within(floats.filter(|_| range[0].is_finite() && range[1].is_finite())),
        ),
        ColumnType::Text => Tree::Text(columns::read(place)),
        ColumnType::Date => Tree::Date(columns::read(place)),
        ColumnType::DateTime(zone) => Tree::DateTime(columns::read(place), zone),
        ColumnType::Struct(_) | ColumnType::List(_) => Tree::Whole(place),
    }
}

/// The integers of a range. Beyond 2⁵³ its ends are not known exactly.
fn integers([low, high]: [f64; 2]) -> Between<i64> {
    const EXACT: f64 = 9_007_199_254_740_992.0;
    Between {
        low: if low >= -EXACT { low.min(EXACT).ceil() as i64 } else { i64::MIN },
        high: if high <= EXACT { high.max(-EXACT).floor() as i64 } else { i64::MAX },
    }
}

fn integer(value: u64, negative: bool) -> Result<Tree, Fault> {
    let value = if negative { 0_i64.checked_sub_unsigned(value) } else { i64::try_from(value).ok() };
    match value {
        Some(value) => Ok(Tree::Integer(Node::Constant(value))),
        None => Err(Fault::here("the number does not fit 64 bits")),
    }
}

fn is_none(term: Tree) -> Node<bool> {
    match term {
        Tree::None => Node::Constant(true),
        Tree::Boolean(node) => branches::is_none(node),
        Tree::Integer(node) => branches::is_none(node),
        Tree::Float(node) => branches::is_none(node),
        Tree::Text(node) => branches::is_none(node),
        Tree::Date(node) => branches::is_none(node),
        Tree::DateTime(node, _) => branches::is_none(node),
        Tree::Whole(place) => branches::is_missing(place),
    }
}

/// Beside numbers booleans are 0 and 1.
fn numbers(terms: Vec<Placed>) -> Vec<Placed> {
    let numbers = terms.iter().any(|(term, _)| matches!(term, Tree::Integer(_) | Tree::Float(_)));
    if !numbers {
        return terms;
    }
    let number = |(term, span)| match term {
        Tree::Boolean(_) => match Tree::number(term) {
            Ok(Number::Integer(node)) => (Tree::Integer(node), span),
            Ok(Number::Float(node)) => (Tree::Float(node), span),
            Err(term) => (term, span),
        },
        other => (other, span),
    };
    terms.into_iter().map(number).collect()
}

fn no_value(form: &Form) -> String {
    match form {
        Form::Call(call) => format!("`{}` has no value for these arguments", call.name),
        Form::Arithmetic(sign, ..) => format!("`{}` has no value for these numbers", sign.sign()),
        _ => "this has no value in any row".to_owned(),
    }
}

/// "1 argument", "2 to 3 arguments", "2 arguments or more".
fn count(least: usize, most: usize) -> String {
    let plural = if most == 1 || least == 1 && most == usize::MAX { "" } else { "s" };
    match most {
        usize::MAX => format!("{least} argument{plural} or more"),
        _ if least == most => format!("{least} argument{plural}"),
        _ => format!("{least} to {most} argument{plural}"),
    }
}
