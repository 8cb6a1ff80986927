//! Random values: of each call and row their own.

use std::marker::PhantomData;

use mts_rng::laws::{Exponential, Law, Lognormal, Poisson};
use mts_rng::math::exp;
use mts_rng::{Key, Rng, keyed};

use super::alike::Join;
use super::arguments::Arguments;
use super::bounds::Between;
use super::branches;
use super::dates;
use super::fault::Fault;
use super::node::{Batch, Kind, NoValue, Node, Plain, Run};
use super::numbers;
use super::tree::{Scalar, Tree};
use super::vector::{self, Each, Vector};

struct Draw<A: Kind, B: Kind, T, F> {
    key: Key,
    a: Node<A>,
    b: Node<B>,
    draw: F,
    makes: PhantomData<fn() -> T>,
}

impl<A: Plain, B: Plain, T: Plain, F> Run<T> for Draw<A, B, T, F>
where
    F: Fn(&mut Rng, A, B) -> (T, bool) + Send + Sync,
{
    fn run<'a>(&'a self, batch: &Batch<'a>) -> Each<'a, T> {
        let rows = batch.rows;
        let (a, b) = (self.a.run(batch), self.b.run(batch));
        let valid = vector::both(a.valid().clone(), b.valid());
        let draw = |(at, row)| (self.draw)(&mut keyed(self.key, row), a.value(at), b.value(at));
        let (values, there): (Vec<T>, Vec<bool>) = rows.iter().enumerate().map(draw).unzip();
        let valid = if there.iter().all(|there| *there) { valid } else { vector::both(Some(there), &valid) };
        Each::new(values, valid)
    }
}

/// A value drawn in each row, from a generator of its own and two arguments; in each where `bounds` are known.
fn drawn<A: Plain, B: Plain, T: Plain>(
    key: Key,
    a: Node<A>,
    b: Node<B>,
    bounds: Option<<T as Plain>::Bounds>,
    draw: impl Fn(&mut Rng, A, B) -> (T, bool) + Send + Sync + 'static,
) -> Result<Node<T>, NoValue> {
    let constant = a.constant().zip(b.constant());
    // The first rows tell of constant arguments that never give a value; whether the others always do, they do not.
    if let Some((a, b)) = constant
        && (0..64).all(|row| !draw(&mut keyed(key, row), a, b).1)
    {
        return Err(NoValue);
    }
    let nullable = a.nullable() || b.nullable() || bounds.is_none();
    Ok(Node::computed(Draw { key, a, b, draw, makes: PhantomData }, nullable).within(bounds))
}

/// Beyond this many standard deviations no normal value is, and beyond so many means no exponential one: both come
/// from uniforms of 53 bits.
const FAR: f64 = 64.0;

/// What takes no second argument.
const NOTHING: Node<()> = Node::Constant(());

pub(super) fn normal(mut arguments: Arguments, key: Key) -> Result<Tree, Fault> {
    let (mean, std) = (arguments.float()?, arguments.float()?);
    let draw = |rng: &mut Rng, mean, std| {
        let value = rng.normal(mean, std);
        (value, std >= 0.0 && value.is_finite())
    };
    let (of_mean, of_std) = (mean.bounds(), std.bounds());
    let bounds = Between::around(of_mean.far() + FAR * of_std.far()).filter(|_| of_std.low >= 0.0);
    Ok(Tree::Float(drawn(key, mean, std, bounds, draw)?))
}

pub(super) fn lognormal(mut arguments: Arguments, key: Key) -> Result<Tree, Fault> {
    let (mean, sigma) = (arguments.float()?, arguments.float()?);
    let draw = |rng: &mut Rng, mean, sigma| match Lognormal::new(mean, sigma) {
        Ok(law) => numbers::finite(law.sample(rng)),
        Err(_) => (0.0, false),
    };
    let (of_mean, of_sigma) = (mean.bounds(), sigma.bounds());
    let far = exp(of_mean.high + FAR * of_sigma.far()) * 1.001;
    let bounds = (far.is_finite() && of_sigma.low >= 0.0).then_some(Between { low: 0.0, high: far });
    Ok(Tree::Float(drawn(key, mean, sigma, bounds, draw)?))
}

pub(super) fn uniform(mut arguments: Arguments, key: Key) -> Result<Tree, Fault> {
    let (low, high) = (arguments.float()?, arguments.float()?);
    let draw = |rng: &mut Rng, low, high| numbers::finite(rng.uniform(low, high));
    let (of_low, of_high) = (low.bounds(), high.bounds());
    // Rounding can reach a little beyond.
    let bounds = Between::around((of_low.far() + of_high.far()) * 2.0);
    Ok(Tree::Float(drawn(key, low, high, bounds, draw)?))
}

pub(super) fn exponential(mut arguments: Arguments, key: Key) -> Result<Tree, Fault> {
    let draw = |rng: &mut Rng, mean, ()| match Exponential::new(mean) {
        Ok(law) => numbers::finite(law.sample(rng)),
        Err(_) => (0.0, false),
    };
    let mean = arguments.float()?;
    let Between { low, high } = mean.bounds();
    let far = high * FAR;
    let bounds = (low >= 0.0 && far.is_finite()).then_some(Between { low: 0.0, high: far });
    Ok(Tree::Float(drawn(key, mean, NOTHING, bounds, draw)?))
}

pub(super) fn poisson(mut arguments: Arguments, key: Key) -> Result<Tree, Fault> {
    let mean = arguments.float()?;
    let count = |law: &Poisson, rng: &mut Rng| numbers::there(i64::try_from(law.sample(rng)).ok());
    let Between { low, high } = mean.bounds();
    // Draws of a law with so large a mean are not told from those of a normal one.
    let far = high + FAR * high.max(1.0).sqrt() + 1000.0;
    let bounds = (low >= 0.0 && far < 9e18).then_some(Between { low: 0, high: far as i64 });
    // Setting the law up costs as much as drawing from it.
    let node = match mean.constant().map(Poisson::new) {
        Some(Ok(law)) => drawn(key, NOTHING, NOTHING, bounds, move |rng, (), ()| count(&law, rng)),
        Some(Err(_)) => Err(NoValue),
        None => drawn(key, mean, NOTHING, bounds, move |rng, mean, ()| match Poisson::new(mean) {
            Ok(law) => count(&law, rng),
            Err(_) => (0, false),
        }),
    };
    Ok(Tree::Integer(node?))
}

pub(super) fn bernoulli(mut arguments: Arguments, key: Key) -> Result<Tree, Fault> {
    let draw = |rng: &mut Rng, p, ()| (rng.random() < p, (0.0..=1.0).contains(&p));
    let p = arguments.float()?;
    let Between { low, high } = p.bounds();
    Ok(Tree::Boolean(drawn(key, p, NOTHING, (low >= 0.0 && high <= 1.0).then_some(()), draw)?))
}

/// Of `low..=high`.
fn between(rng: &mut Rng, low: i64, high: i64) -> (i64, bool) {
    if low > high {
        return (0, false);
    }
    (low.wrapping_add(rng.bounded(high.wrapping_sub(low) as u64) as i64), true)
}

fn integer_between(key: Key, low: Node<i64>, high: Node<i64>) -> Result<Node<i64>, NoValue> {
    let (first, last) = (low.bounds(), high.bounds());
    let bounds = (first.high <= last.low).then_some(Between { low: first.low, high: last.high });
    drawn(key, low, high, bounds, between)
}

pub(super) fn randint(mut arguments: Arguments, key: Key) -> Result<Tree, Fault> {
    Ok(Tree::Integer(integer_between(key, arguments.integer()?, arguments.integer()?)?))
}

pub(super) fn rand_days_after(mut arguments: Arguments, key: Key) -> Result<Tree, Fault> {
    let day = arguments.day()?;
    let days = integer_between(key, arguments.integer()?, arguments.integer()?)?;
    Ok(Tree::Date(dates::later(day, days)?))
}

pub(super) fn choice(mut arguments: Arguments, key: Key) -> Result<Tree, Fault> {
    Ok(arguments.alike()?.join(Choice(key))?)
}

struct Choice(Key);

struct ChoiceOf<K: Kind> {
    key: Key,
    items: Vec<Option<Node<K>>>,
}

impl Join for Choice {
    fn join<K: Scalar>(self, items: Vec<Option<Node<K>>>) -> Result<Node<K>, NoValue> {
        let nullable = items.iter().any(|item| item.as_ref().is_none_or(Node::nullable));
        let bounds = branches::hull(items.iter().flatten());
        Ok(Node::computed(ChoiceOf { key: self.0, items }, nullable).within(bounds))
    }
}

impl<K: Kind> Run<K> for ChoiceOf<K> {
    fn run<'a>(&'a self, batch: &Batch<'a>) -> Each<'a, K::Item<'a>> {
        let items: Vec<Option<Vector<_>>> =
            self.items.iter().map(|item| item.as_ref().map(|item| item.run(batch))).collect();
        let last = items.len() as u64 - 1;
        let pick = |(at, row)| {
            let chosen = keyed(self.key, row).bounded(last) as usize;
            items[chosen].as_ref().and_then(|item| item.get(at))
        };
        let picked = batch.rows.iter().enumerate().map(pick);
        let (values, there): (Vec<_>, Vec<bool>) = picked.map(numbers::there).unzip();
        let all = there.iter().all(|there| *there);
        Each::new(values, (!all).then_some(there))
    }
}
