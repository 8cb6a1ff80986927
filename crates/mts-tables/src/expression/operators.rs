//! `+ - * / // % **` and signs.

use mts_rng::math::pow;

use super::alike::Placed;
use super::bounds::{self, Between, Bounds, Ends};
use super::dates;
use super::fault::Fault;
use super::node::{Day, NoValue, Node, Plain, Total, map, map2};
use super::numbers::{self, finite, there};
use super::syntax::Arithmetic;
use super::texts;
use super::tree::{self, Number, Tree};

/// Two terms with a sign between them.
pub(super) fn arithmetic(
    sign: Arithmetic,
    (left, at): Placed,
    (right, right_at): Placed,
) -> Result<Tree, Fault> {
    use Arithmetic::{Add, Subtract};
    let (left, right) = match (sign, left, right) {
        (Add, Tree::Text(a), Tree::Text(b)) => {
            return Ok(Tree::Text(texts::concat(vec![a, b])?));
        }
        (Add, Tree::Date(day), Tree::Integer(days)) | (Add, Tree::Integer(days), Tree::Date(day)) => {
            return Ok(Tree::Date(dates::later(day, days)?));
        }
        (Subtract, Tree::Date(day), Tree::Integer(days)) => {
            let node = map2(day, days, Total::No, |_, day: Day, days: i64| match days.checked_neg() {
                Some(days) => day.add(days),
                None => (day, false),
            });
            return Ok(Tree::Date(node?));
        }
        (Subtract, Tree::Date(a), Tree::Date(b)) => return Ok(Tree::Integer(dates::days_between(b, a)?)),
        (Subtract, Tree::Date(a), Tree::Text(b)) if b.is_constant() => {
            let b = tree::day(b.constant().unwrap_or_default(), &right_at)?;
            return Ok(Tree::Integer(dates::days_between(b, a)?));
        }
        (Subtract, Tree::Text(a), Tree::Date(b)) if a.is_constant() => {
            let a = tree::day(a.constant().unwrap_or_default(), &at)?;
            return Ok(Tree::Integer(dates::days_between(b, a)?));
        }
        (_, left, right) => (left, right),
    };
    let names = (left.name(), right.name());
    match (left.number(), right.number()) {
        (Ok(left), Ok(right)) => numeric(sign, left, right),
        _ => Err(mismatch(sign, names.0, names.1)),
    }
}

fn mismatch(sign: Arithmetic, left: &str, right: &str) -> Fault {
    let takes = match sign {
        Arithmetic::Add => "numbers, texts, or a date and days",
        Arithmetic::Subtract => "numbers, dates, or a date and days",
        _ => "numbers",
    };
    let message = format!("`{}` takes {takes}, found {left} and {right}", sign.sign());
    let hint = match (left, right) {
        ("text", _) | (_, "text") if sign == Arithmetic::Add => "`str(…)` makes a text of a value",
        ("text", _) | (_, "text") => "`int(…)` or `float(…)` makes a number of a text",
        ("datetime", _) | (_, "datetime") => "see `add_seconds` and `days_between`",
        ("date", "float") | ("float", "date") => "`int(…)` makes whole days of a number",
        ("None", _) | (_, "None") => "a term with None never has a value",
        _ => return Fault::here(message),
    };
    Fault::Here { message, hint: Some(hint.to_owned()) }
}

fn numeric(sign: Arithmetic, left: Number, right: Number) -> Result<Tree, Fault> {
    use Arithmetic::{Add, Divide, FloorDivide, Modulo, Multiply, Power, Subtract};
    let zero = match &right {
        Number::Integer(node) => node.constant() == Some(0),
        Number::Float(node) => node.constant() == Some(0.0),
    };
    if zero && matches!(sign, Divide | FloorDivide | Modulo) {
        return Err(Fault::here(format!("`{}` by zero has no value", sign.sign())));
    }
    let (a, b) = match (left, right) {
        (Number::Integer(a), Number::Integer(b)) => match integers(sign, a, b)? {
            Ok(tree) => return Ok(tree),
            Err((a, b)) => (Number::Integer(a).float()?, Number::Integer(b).float()?),
        },
        (a, b) => (a.float()?, b.float()?),
    };
    let (of_a, of_b) = (a.bounds(), b.bounds());
    let nonzero = !of_b.has_zero();
    Ok(Tree::Float(match sign {
        Add => straight(a, b, true, |a, b| finite(a + b)),
        Subtract => straight(a, b, true, |a, b| finite(a - b)),
        Multiply => straight(a, b, true, |a, b| finite(a * b)),
        Divide => straight(a, b, nonzero, |a, b| finite(a / b)),
        FloorDivide => {
            let quotient = of_a.corners(of_b, |a, b| finite(a / b)).filter(|_| nonzero);
            let bounds = quotient.and_then(|quotient| Between::around(quotient.far() + 1.0));
            two(a, b, bounds, |a, b| finite(numbers::floor_divide(a, b)))
        }
        Modulo => {
            let bounds = Between::around(of_b.far()).filter(|_| nonzero);
            two(a, b, bounds, |a, b| finite(numbers::modulo(a, b)))
        }
        Power => two(a, b, power(of_a, of_b), |a, b| finite(pow(a, b))),
    }?))
}

/// An operation on two values of one type, of which each has a result where `bounds` are known.
fn two<A: Plain, T: Plain>(
    a: Node<A>,
    b: Node<A>,
    bounds: Option<<T as Plain>::Bounds>,
    f: impl Fn(A, A) -> (T, bool) + Send + Sync + 'static,
) -> Result<Node<T>, NoValue> {
    Ok(map2(a, b, Total::known(&bounds), move |_, a, b| f(a, b))?.within(bounds))
}

/// One that rises or falls in each of the two, but does not turn; rounding does not change that. If `whole`, then
/// everywhere.
fn straight<A: Plain<Bounds = Between<A>> + Ends>(
    a: Node<A>,
    b: Node<A>,
    whole: bool,
    f: impl Fn(A, A) -> (A, bool) + Send + Sync + 'static,
) -> Result<Node<A>, NoValue> {
    let bounds = a.bounds().corners(b.bounds(), &f).filter(|_| whole);
    two(a, b, bounds, f)
}

/// Of powers with one exponent of numbers that are not negative, or with any whole one.
fn power(base: Between<f64>, exponent: Between<f64>) -> Option<Between<f64>> {
    let Between { low, high } = exponent;
    let fits = low == high && low >= 0.0 && (base.low >= 0.0 || low == low.floor());
    // A pow that is off by the last bit is within this, too.
    if fits { Between::around(pow(base.far(), low) * 1.001) } else { None }
}

/// What of two integers is no integer comes back.
#[expect(clippy::type_complexity, reason = "the terms are needed again")]
fn integers(
    sign: Arithmetic,
    a: Node<i64>,
    b: Node<i64>,
) -> Result<Result<Tree, (Node<i64>, Node<i64>)>, NoValue> {
    fn fits((value, over): (i64, bool)) -> (i64, bool) {
        (value, !over)
    }
    let (of_a, of_b) = (a.bounds(), b.bounds());
    let nonzero = of_b.low > 0 || of_b.high < 0;
    let node = match sign {
        Arithmetic::Add => straight(a, b, true, |a: i64, b| fits(a.overflowing_add(b))),
        Arithmetic::Subtract => straight(a, b, true, |a: i64, b| fits(a.overflowing_sub(b))),
        Arithmetic::Multiply => straight(a, b, true, |a: i64, b| fits(a.overflowing_mul(b))),
        Arithmetic::FloorDivide => {
            straight(a, b, nonzero, |a, b| there(numbers::floor_divide_integers(a, b)))
        }
        Arithmetic::Modulo => {
            let bounds = match of_b {
                Between { low: 1.., high } => Some(Between { low: 0, high: high - 1 }),
                Between { low, high: ..=-1 } => Some(Between { low: low + 1, high: 0 }),
                _ => None,
            };
            two(a, b, bounds, |a, b| there(numbers::modulo_integers(a, b)))
        }
        Arithmetic::Divide => {
            // Without 0 a divisor is at least 1.
            let far = of_a.rising(|a| (a as f64, true)).map(Between::far);
            let bounds = far.and_then(Between::around).filter(|_| nonzero);
            return Ok(Ok(Tree::Float(two(a, b, bounds, |a, b| finite(numbers::divide_integers(a, b)))?)));
        }
        Arithmetic::Power => {
            // Only then is it known that the power is whole.
            let Some(exponent) = b.constant().and_then(|b| u32::try_from(b).ok()) else {
                return Ok(Err((a, b)));
            };
            let power = move |a: i64| there(a.checked_pow(exponent));
            let zero = Between { low: 0, high: 0 };
            let bounds = of_a.rising(power).map(|ends| {
                let ends =
                    Between { low: bounds::min(ends.low, ends.high), high: bounds::max(ends.low, ends.high) };
                ends.hull(zero)
            });
            Ok(map(a, Total::known(&bounds), move |_, a| power(a))?.within(bounds))
        }
    }?;
    Ok(Ok(Tree::Integer(node)))
}

/// `-x`.
pub(super) fn minus(term: Tree) -> Result<Tree, Fault> {
    let name = term.name();
    match term.number() {
        Ok(Number::Integer(node)) => {
            let Between { low, high } = node.bounds();
            let bounds = high.checked_neg().zip(low.checked_neg()).map(|(low, high)| Between { low, high });
            let node = map(node, Total::known(&bounds), |_, x: i64| there(x.checked_neg()))?;
            Ok(Tree::Integer(node.within(bounds)))
        }
        Ok(Number::Float(node)) => {
            let Between { low, high } = node.bounds();
            let node = map(node, Total::Yes, |_, x: f64| (-x, true))?;
            Ok(Tree::Float(node.within(Some(Between { low: -high, high: -low }))))
        }
        Err(_) => Err(Fault::here(format!("`-` takes a number, found {name}"))),
    }
}

/// `+x`.
pub(super) fn plus(term: Tree) -> Result<Tree, Fault> {
    let name = term.name();
    match term.number() {
        Ok(Number::Integer(node)) => Ok(Tree::Integer(node)),
        Ok(Number::Float(node)) => Ok(Tree::Float(node)),
        Err(_) => Err(Fault::here(format!("`+` takes a number, found {name}"))),
    }
}
