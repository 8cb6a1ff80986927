//! What can be called.

use mts_rng::{Key, math};

use super::arguments::{Arguments, Takes};
use super::branches::Coalesce;
use super::calls;
use super::draws;
use super::fault::Fault;
use super::node::{Day, Total, map};
use super::texts;
use super::tree::Tree;

/// A function: what it takes and how it is made.
pub(super) struct Function {
    /// Its name, and in parentheses what it is called with.
    pub(super) signature: &'static str,
    /// What it does, in a line.
    doc: &'static str,
    /// One for each argument; the last for all that follow.
    takes: &'static [Takes],
    pub(super) least: usize,
    pub(super) most: usize,
    pub(super) make: Make,
}

pub(super) enum Make {
    Pure(fn(Arguments) -> Made),
    Drawn(fn(Arguments, Key) -> Made),
}

/// What a call becomes.
pub(super) type Made = Result<Tree, Fault>;

impl Function {
    pub(super) fn name(&self) -> &'static str {
        self.signature.split('(').next().unwrap_or_default()
    }

    pub(super) fn draws(&self) -> bool {
        matches!(self.make, Make::Drawn(_))
    }

    /// What it takes at this place.
    pub(super) fn takes(&self, at: usize) -> Takes {
        self.takes.get(at).or(self.takes.last()).copied().unwrap_or(Takes::Any)
    }
}

/// The function of this name.
pub(super) fn find(name: &str) -> Option<&'static Function> {
    FUNCTIONS.iter().find(|function| function.name() == name)
}

/// All functions: what each is called with, and a line about it.
///
/// ```
/// let round = mts_tables::functions().find(|(signature, _)| signature.starts_with("round(")).unwrap();
/// assert_eq!(round.0, "round(x, digits=0)");
/// ```
pub fn functions() -> impl Iterator<Item = (&'static str, &'static str)> {
    FUNCTIONS.iter().map(|function| (function.signature, function.doc))
}

const fn pure(
    signature: &'static str,
    takes: &'static [Takes],
    make: fn(Arguments) -> Made,
    doc: &'static str,
) -> Function {
    Function { signature, doc, takes, least: takes.len(), most: takes.len(), make: Make::Pure(make) }
}

const fn drawn(
    signature: &'static str,
    takes: &'static [Takes],
    make: fn(Arguments, Key) -> Made,
    doc: &'static str,
) -> Function {
    Function { signature, doc, takes, least: takes.len(), most: takes.len(), make: Make::Drawn(make) }
}

impl Function {
    /// The last argument may be left out.
    const fn optional(self) -> Function {
        Function { least: self.least - 1, ..self }
    }

    /// At least so many arguments, the last any number of times.
    const fn many(self, least: usize) -> Function {
        Function { least, most: usize::MAX, ..self }
    }
}

use Takes as T;

#[rustfmt::skip]
const FUNCTIONS: &[Function] = &[
    pure("abs(x)", &[T::Number], calls::abs, "x without its sign"),
    pure("round(x, digits=0)", &[T::Number, T::Integer], calls::round, "x to so many decimals, halves to the even one; without digits an integer").optional(),
    pure("floor(x)", &[T::Number], |mut a| calls::to_integer(a.number()?, f64::floor), "the greatest integer that is not above x"),
    pure("ceil(x)", &[T::Number], |mut a| calls::to_integer(a.number()?, f64::ceil), "the least integer that is not below x"),
    pure("sqrt(x)", &[T::Number], |a| calls::float(a, 0.0, f64::sqrt), "the square root"),
    pure("exp(x)", &[T::Number], |a| calls::float(a, f64::MIN, math::exp), "e to the power of x"),
    pure("log(x, base=e)", &[T::Number, T::Number], calls::log, "the logarithm, natural without base").optional(),
    pure("log10(x)", &[T::Number], |a| calls::float(a, f64::MIN_POSITIVE, math::log10), "the logarithm to base 10"),
    pure("min(a, b, …)", &[T::Scalar], |a| calls::extreme(a, false), "the least of two or more values of one type").many(2),
    pure("max(a, b, …)", &[T::Scalar], |a| calls::extreme(a, true), "the greatest of two or more values of one type").many(2),
    pure("clip(x, low, high)", &[T::Number, T::Number, T::Number], calls::clip, "x, or the bound that it is beyond; high wins"),
    pure("int(x)", &[T::Scalar], calls::int, "the integer part of a number, or the integer that a text is"),
    pure("float(x)", &[T::Scalar], calls::to_float, "a number as a float, or the number that a text is"),
    pure("str(x)", &[T::Scalar], calls::str, "the value as a text"),
    pure("bool(x)", &[T::Scalar], calls::bool, "whether a number is not 0, or a text not empty"),
    pure("date(x)", &[T::Dated], calls::date, "the date of a datetime, or that an ISO text is"),
    pure("year(x)", &[T::Dated], |a| calls::calendar(a, |day| day.date().0), "the year of a date or datetime"),
    pure("month(x)", &[T::Dated], |a| calls::calendar(a, |day| day.date().1), "the month, from 1 to 12"),
    pure("day(x)", &[T::Dated], |a| calls::calendar(a, |day| day.date().2), "the day of the month, from 1 to 31"),
    pure("weekday(x)", &[T::Dated], |a| calls::calendar(a, Day::weekday), "the day of the week, from 0 (Monday) to 6"),
    pure("hour(x)", &[T::Moment], |a| calls::clock(a, |second| second / 3600), "the hour of a datetime, from 0 to 23"),
    pure("minute(x)", &[T::Moment], |a| calls::clock(a, |second| second / 60 % 60), "the minute, from 0 to 59"),
    pure("second(x)", &[T::Moment], |a| calls::clock(a, |second| second % 60), "the second, from 0 to 59"),
    pure("days_between(a, b)", &[T::Dated, T::Dated], calls::days_between, "whole days from a to b, negative where b is earlier"),
    pure("add_seconds(t, n)", &[T::Moment, T::Number], calls::add_seconds, "the datetime so many seconds later"),
    pure("concat(a, b, …)", &[T::Scalar], calls::concat, "the values as texts, one behind the other").many(1),
    pure("lower(text)", &[T::Text], |mut a| Ok(Tree::Text(map(a.text()?, Total::Yes, |texts, x| (texts::lower(texts, x), true))?)), "in small letters"),
    pure("upper(text)", &[T::Text], |mut a| Ok(Tree::Text(map(a.text()?, Total::Yes, |texts, x| (texts::upper(texts, x), true))?)), "in capital letters"),
    pure("len(x)", &[T::TextOrList], calls::len, "the number of characters of a text, or of items of a list"),
    pure("substr(text, start, length=rest)", &[T::Text, T::Integer, T::Integer], calls::substr, "characters from start on, counted from 0 or backwards from the end").optional(),
    pure("replace(text, old, new)", &[T::Text, T::Text, T::Text], calls::replace, "the text with each old part replaced"),
    pure("strip(text)", &[T::Text], calls::strip, "without white space at both ends"),
    pure("starts_with(text, part)", &[T::Text, T::Text], |a| calls::finds(a, |text, part| text.starts_with(part)), "whether the text begins so"),
    pure("ends_with(text, part)", &[T::Text, T::Text], |a| calls::finds(a, |text, part| text.ends_with(part)), "whether the text ends so"),
    pure("contains(text, part)", &[T::Text, T::Text], |a| calls::finds(a, |text, part| text.contains(part)), "whether the part is somewhere in the text"),
    pure("coalesce(a, b, …)", &[T::Any], |mut a| Ok(a.alike()?.join(Coalesce)?), "the first value that is there").many(1),
    drawn("normal(mean, std)", &[T::Number, T::Number], draws::normal, "drawn from a normal law"),
    drawn("lognormal(mean, sigma)", &[T::Number, T::Number], draws::lognormal, "e to the power of what is drawn from a normal law"),
    drawn("uniform(a, b)", &[T::Number, T::Number], draws::uniform, "drawn evenly from a up to b"),
    drawn("exponential(mean)", &[T::Number], draws::exponential, "drawn from an exponential law"),
    drawn("poisson(mean)", &[T::Number], draws::poisson, "an integer drawn from Poisson's law"),
    drawn("bernoulli(p)", &[T::Number], draws::bernoulli, "true with probability p"),
    drawn("randint(a, b)", &[T::Integer, T::Integer], draws::randint, "an integer drawn evenly, a and b included"),
    drawn("choice(a, b, …)", &[T::Any], draws::choice, "one of the values, each as likely").many(1),
    drawn("rand_days_after(date, min, max)", &[T::Day, T::Integer, T::Integer], draws::rand_days_after, "the date and min to max days, drawn evenly"),
];
