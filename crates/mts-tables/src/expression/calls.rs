//! How functions that draw nothing are made.

use bumpalo::Bump;
use mts_rng::math;

use super::arguments::{Arguments, Clock};
use super::bounds::{self, Between, Bounds};
use super::branches::Extreme;
use super::columns::Lengths;
use super::dates;
use super::fault::Fault;
use super::functions::Made;
use super::node::{Day, Kind, Moment, Node, Text, Total, map, map2, map3};
use super::numbers::{finite, there, whole};
use super::rounding;
use super::texts;
use super::tree::{Number, Tree, offset_of};

/// A function that rises, from `first` on.
pub(super) fn float(mut arguments: Arguments, first: f64, f: fn(f64) -> f64) -> Made {
    let x = arguments.float()?;
    // Somewhat more than the ends give, for functions may be off by the last bit.
    let wider = |ends: Between<f64>| Between::around(ends.far() * 1.001);
    let bounds = x.bounds().rising(|x| finite(f(x))).and_then(wider).filter(|_| x.bounds().low >= first);
    Ok(Tree::Float(map(x, Total::known(&bounds), move |_, x| finite(f(x)))?.within(bounds)))
}

pub(super) fn abs(mut arguments: Arguments) -> Made {
    Ok(match arguments.number()? {
        Number::Integer(node) => {
            let Between { low, high } = node.bounds();
            let bounds = low.checked_abs().map(|low| Between { low: 0, high: bounds::max(low, high) });
            Tree::Integer(
                map(node, Total::known(&bounds), |_, x: i64| there(x.checked_abs()))?.within(bounds),
            )
        }
        Number::Float(node) => {
            let bounds = Between { low: 0.0, high: node.bounds().far() };
            Tree::Float(map(node, Total::Yes, |_, x: f64| (x.abs(), true))?.within(Some(bounds)))
        }
    })
}

pub(super) fn round(mut arguments: Arguments) -> Made {
    let x = arguments.number()?;
    if arguments.is_empty() {
        return to_integer(x, rounding::round_whole);
    }
    let digits = arguments.integer()?;
    let constant = digits.constant();
    Ok(match x {
        Number::Integer(x) => {
            let round = |x, n| there(rounding::round_integer(x, n));
            let bounds = constant.and_then(|n| x.bounds().rising(|x| round(x, n)));
            Tree::Integer(map2(x, digits, Total::known(&bounds), move |_, x, n| round(x, n))?.within(bounds))
        }
        Number::Float(x) => {
            let round = |x: f64, n| finite(rounding::round(x, n));
            let bounds = constant.and_then(|n| x.bounds().rising(|x| round(x, n)));
            Tree::Float(map2(x, digits, Total::known(&bounds), move |_, x, n| round(x, n))?.within(bounds))
        }
    })
}

/// By a function that rises and makes whole numbers.
pub(super) fn to_integer(x: Number, f: fn(f64) -> f64) -> Made {
    Ok(Tree::Integer(match x {
        Number::Integer(node) => node,
        Number::Float(node) => {
            let bounds = node.bounds().rising(|x| whole(f(x)));
            map(node, Total::known(&bounds), move |_, x| whole(f(x)))?.within(bounds)
        }
    }))
}

pub(super) fn log(mut arguments: Arguments) -> Made {
    if arguments.len() == 1 {
        return float(arguments, f64::MIN_POSITIVE, math::ln);
    }
    let (x, base) = (arguments.float()?, arguments.float()?);
    Ok(Tree::Float(map2(x, base, Total::No, |_, x, base| finite(math::ln(x) / math::ln(base)))?))
}

pub(super) fn extreme(mut arguments: Arguments, greatest: bool) -> Made {
    Ok(arguments.alike()?.join(Extreme { greatest })?)
}

pub(super) fn clip(mut arguments: Arguments) -> Made {
    fn between<T: PartialOrd>(x: T, low: T, high: T) -> (T, bool) {
        let x = if x < low { low } else { x };
        (if x > high { high } else { x }, true)
    }
    let numbers = (arguments.number()?, arguments.number()?, arguments.number()?);
    Ok(match numbers {
        (Number::Integer(x), Number::Integer(low), Number::Integer(high)) => {
            let bounds = x.bounds().greatest(low.bounds()).least(high.bounds());
            let node = map3(x, low, high, Total::Yes, |_, x, low, high| between(x, low, high))?;
            Tree::Integer(node.within(Some(bounds)))
        }
        (x, low, high) => {
            let (x, low, high) = (x.float()?, low.float()?, high.float()?);
            let bounds = x.bounds().greatest(low.bounds()).least(high.bounds());
            let node = map3(x, low, high, Total::Yes, |_, x, low, high| between(x, low, high))?;
            Tree::Float(node.within(Some(bounds)))
        }
    })
}

pub(super) fn int(mut arguments: Arguments) -> Made {
    match arguments.term()?.0 {
        Tree::Text(node) => {
            Ok(Tree::Integer(map(node, Total::No, |_, x: &str| there(x.trim().parse().ok()))?))
        }
        term => to_integer(term.number().map_err(|other| no_cast("int", &other))?, f64::trunc),
    }
}

pub(super) fn to_float(mut arguments: Arguments) -> Made {
    Ok(Tree::Float(match arguments.term()? {
        (Tree::Text(node), _) => map(node, Total::No, |_, x: &str| match x.trim().parse() {
            Ok(x) => finite(x),
            Err(_) => (0.0, false),
        })?,
        (term, _) => term.number().map_err(|other| no_cast("float", &other))?.float()?,
    }))
}

fn no_cast(name: &str, term: &Tree) -> Fault {
    Fault::here(format!("`{name}` takes a number or text, found {}", term.name()))
}

pub(super) fn bool(mut arguments: Arguments) -> Made {
    Ok(Tree::Boolean(match arguments.term()?.0 {
        Tree::Boolean(node) => node,
        Tree::Integer(node) => map(node, Total::Yes, |_, x: i64| (x != 0, true))?,
        Tree::Float(node) => map(node, Total::Yes, |_, x: f64| (x != 0.0, true))?,
        Tree::Text(node) => map(node, Total::Yes, |_, x: &str| (!x.is_empty(), true))?,
        other => return Err(no_cast("bool", &other)),
    }))
}

pub(super) fn str(mut arguments: Arguments) -> Made {
    Ok(Tree::Text(text_of(arguments.term()?.0)?))
}

/// The text of any value, as Python writes it; of a moment as ISO 8601 does.
fn text_of(term: Tree) -> Result<Node<Text>, Fault> {
    fn written<K: Kind>(
        node: Node<K>,
        write: impl for<'x> Fn(K::Item<'x>) -> String + Send + Sync + 'static,
    ) -> Result<Node<Text>, Fault> {
        Ok(map(node, Total::Yes, move |texts: &Bump, x| (&*texts.alloc_str(&write(x)), true))?)
    }
    match term {
        Tree::Text(node) => Ok(node),
        Tree::Boolean(node) => Ok(map(node, Total::Yes, |_, x| (if x { "True" } else { "False" }, true))?),
        Tree::Integer(node) => Ok(map(node, Total::Yes, |texts: &Bump, x: i64| {
            (&*texts.alloc_str(itoa::Buffer::new().format(x)), true)
        })?),
        Tree::Float(node) => written(node, mts_hash::float_repr),
        Tree::Date(node) => written(node, Day::write),
        Tree::DateTime(node, None) => written(node, Moment::write),
        Tree::DateTime(node, Some(zone)) => {
            let minutes = offset_of(&zone).unwrap_or(0);
            let (sign, ahead) = (if minutes < 0 { '-' } else { '+' }, minutes.abs());
            let offset = match minutes {
                0 => "Z".to_owned(),
                _ => format!("{sign}{:02}:{:02}", ahead / 60, ahead % 60),
            };
            written(node, move |at| dates::shift(at, minutes).write() + &offset)
        }
        other @ (Tree::None | Tree::Whole(_)) => Err(Fault::here(format!("a {} has no text", other.name()))),
    }
}

pub(super) fn concat(mut arguments: Arguments) -> Made {
    let mut parts = Vec::new();
    while !arguments.is_empty() {
        parts.push(text_of(arguments.term()?.0)?);
    }
    Ok(Tree::Text(texts::concat(parts)?))
}

pub(super) fn date(mut arguments: Arguments) -> Made {
    Ok(Tree::Date(day_of(arguments.clock()?)?))
}

fn day_of(clock: Clock) -> Result<Node<Day>, Fault> {
    Ok(match clock {
        Clock::Day(node) => node,
        Clock::Moment(node) => map(node, Total::Yes, |_, at: Moment| (at.day(), true))?,
    })
}

pub(super) fn calendar(mut arguments: Arguments, part: fn(Day) -> i64) -> Made {
    let day = day_of(arguments.clock()?)?;
    // Of a day that is not on the calendar, too.
    let bounds = Between { low: -10_000_000, high: 10_000_000 };
    Ok(Tree::Integer(map(day, Total::Yes, move |_, day| (part(day), true))?.within(Some(bounds))))
}

pub(super) fn clock(mut arguments: Arguments, part: fn(i64) -> i64) -> Made {
    let node = match arguments.clock()? {
        Clock::Moment(node) => map(node, Total::Yes, move |_, at: Moment| (part(at.second()), true))?,
        Clock::Day(node) => map(node, Total::Yes, |_, _| (0, true))?,
    };
    Ok(Tree::Integer(node.within(Some(Between { low: 0, high: 59 }))))
}

pub(super) fn days_between(mut arguments: Arguments) -> Made {
    Ok(Tree::Integer(match (arguments.clock()?, arguments.clock()?) {
        (Clock::Moment(a), Clock::Moment(b)) => {
            map2(a, b, Total::Yes, |_, a: Moment, b: Moment| (b.days_since(a), true))?
        }
        (a, b) => dates::days_between(day_of(a)?, day_of(b)?)?,
    }))
}

pub(super) fn add_seconds(mut arguments: Arguments) -> Made {
    let (moment, zone) = arguments.moment()?;
    let node = map2(moment, arguments.float()?, Total::No, |_, at: Moment, n| at.add_seconds(n))?;
    Ok(Tree::DateTime(node, zone))
}

pub(super) fn len(mut arguments: Arguments) -> Made {
    let node = match arguments.term()?.0 {
        Tree::Text(node) => map(node, Total::Yes, |_, x: &str| (x.chars().count() as i64, true))?,
        Tree::Whole(place) => {
            let nullable = place.nullable;
            Node::computed(Lengths(place), nullable)
        }
        other => return Err(no_cast("len", &other)),
    };
    Ok(Tree::Integer(node.within(Some(Between { low: 0, high: i64::from(i32::MAX) }))))
}

pub(super) fn substr(mut arguments: Arguments) -> Made {
    let (text, start) = (arguments.text()?, arguments.integer()?);
    let length = if arguments.is_empty() { Node::Constant(i64::MAX) } else { arguments.integer()? };
    let node = map3(text, start, length, Total::Yes, |_, text, start, length| {
        (texts::substr(text, start, length), true)
    })?;
    Ok(Tree::Text(node))
}

pub(super) fn replace(mut arguments: Arguments) -> Made {
    let (text, old, new) = (arguments.text()?, arguments.text()?, arguments.text()?);
    let node = map3(text, old, new, Total::Yes, |texts, text, old, new| {
        (texts::replace(texts, text, old, new), true)
    })?;
    Ok(Tree::Text(node))
}

pub(super) fn strip(mut arguments: Arguments) -> Made {
    Ok(Tree::Text(map(arguments.text()?, Total::Yes, |_, text| (text.trim(), true))?))
}

pub(super) fn finds(mut arguments: Arguments, found: fn(&str, &str) -> bool) -> Made {
    let (text, part) = (arguments.text()?, arguments.text()?);
    Ok(Tree::Boolean(map2(text, part, Total::Yes, move |_, text, part| (found(text, part), true))?))
}
