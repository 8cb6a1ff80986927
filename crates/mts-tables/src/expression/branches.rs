//! Terms over any number of terms: cases, comparisons, lists, what is missing.

use super::alike::{Join, Judge};
use super::bounds::Bounds;
use super::columns::{Missing, Place};
use super::node::{Batch, Kind, NoValue, Node, Run};
use super::syntax::Comparison;
use super::tree::Scalar;
use super::vector::{self, Each, Vector, is_valid};

/// What is known about a value that is one of these.
pub(super) fn hull<'n, K: Kind>(nodes: impl Iterator<Item = &'n Node<K>>) -> Option<K::Bounds> {
    nodes.map(Node::bounds).reduce(K::Bounds::hull)
}

/// The value of the first condition that holds, of more values than conditions by one.
pub(super) struct Cases(pub(super) Vec<Node<bool>>);

struct CasesOf<K: Kind> {
    cases: Vec<(Node<bool>, Option<Node<K>>)>,
    otherwise: Option<Node<K>>,
}

impl Join for Cases {
    fn join<K: Scalar>(self, mut terms: Vec<Option<Node<K>>>) -> Result<Node<K>, NoValue> {
        let constant = |term: &Option<Node<K>>| term.as_ref().is_some_and(Node::is_constant);
        let nullable = |term: &Option<Node<K>>| term.as_ref().is_none_or(Node::nullable);
        let all = self.0.iter().all(Node::is_constant) && terms.iter().all(constant);
        let any = self.0.iter().any(Node::nullable) || terms.iter().any(nullable);
        let bounds = hull(terms.iter().flatten());
        let otherwise = terms.pop().flatten();
        let cases = self.0.into_iter().zip(terms).collect();
        Ok(Node::new(CasesOf { cases, otherwise }, all, any)?.within(bounds))
    }
}

impl<K: Kind> Run<K> for CasesOf<K> {
    fn run<'a>(&'a self, batch: &Batch<'a>) -> Each<'a, K::Item<'a>> {
        let rows = batch.rows.len();
        let branch = |term: &'a Option<Node<K>>| match term {
            Some(node) => node.run(batch),
            None => Vector::Each(Each::none(rows)),
        };
        let choose = |otherwise, (condition, value): &'a (Node<bool>, Option<Node<K>>)| {
            Vector::Each(vector::select(rows, condition.run(batch), branch(value), otherwise))
        };
        match self.cases.iter().rev().fold(branch(&self.otherwise), choose) {
            Vector::Each(each) => each,
            Vector::Same(value) => Each::new(vec![value; rows], None),
        }
    }
}

/// The first value that is there.
pub(super) struct Coalesce;

struct CoalesceOf<K: Kind>(Vec<Node<K>>);

impl Join for Coalesce {
    fn join<K: Scalar>(self, terms: Vec<Option<Node<K>>>) -> Result<Node<K>, NoValue> {
        let mut nodes: Vec<Node<K>> = terms.into_iter().flatten().collect();
        let last = nodes.iter().position(|node| !node.nullable());
        nodes.truncate(last.map_or(nodes.len(), |last| last + 1));
        match nodes.pop() {
            Some(only) if nodes.is_empty() => Ok(only),
            Some(end) => {
                nodes.push(end);
                let bounds = hull(nodes.iter());
                Ok(Node::new(CoalesceOf(nodes), false, last.is_none())?.within(bounds))
            }
            None => Err(NoValue),
        }
    }
}

impl<K: Kind> Run<K> for CoalesceOf<K> {
    fn run<'a>(&'a self, batch: &Batch<'a>) -> Each<'a, K::Item<'a>> {
        let vectors: Vec<_> = self.0.iter().map(|node| node.run(batch)).collect();
        let first = |at| vectors.iter().find_map(|vector| vector.get(at));
        vector::collect(
            None,
            (0..batch.rows.len())
                .map(|at| first(at).map_or((Default::default(), false), |value| (value, true))),
        )
    }
}

/// The least value, or the greatest.
pub(super) struct Extreme {
    pub(super) greatest: bool,
}

struct ExtremeOf<K: Kind> {
    terms: Vec<Node<K>>,
    greatest: bool,
}

impl Join for Extreme {
    fn join<K: Scalar>(self, terms: Vec<Option<Node<K>>>) -> Result<Node<K>, NoValue> {
        let terms: Vec<Node<K>> = terms.into_iter().flatten().collect();
        let (all, any) = (terms.iter().all(Node::is_constant), terms.iter().any(Node::nullable));
        let join = if self.greatest { K::Bounds::greatest } else { K::Bounds::least };
        let bounds = terms.iter().map(Node::bounds).reduce(join);
        Ok(Node::new(ExtremeOf { terms, greatest: self.greatest }, all, any)?.within(bounds))
    }
}

impl<K: Kind> Run<K> for ExtremeOf<K> {
    fn run<'a>(&'a self, batch: &Batch<'a>) -> Each<'a, K::Item<'a>> {
        let rows = batch.rows.len();
        // Of equal ones the first, as in Python.
        let join = |a: Vector<'a, K::Item<'a>>, b: Vector<'a, K::Item<'a>>| {
            Vector::Each(match self.greatest {
                true => vector::zip(rows, &a, &b, |a, b| (if b > a { b } else { a }, true)),
                false => vector::zip(rows, &a, &b, |a, b| (if b < a { b } else { a }, true)),
            })
        };
        match self.terms.iter().map(|term| term.run(batch)).reduce(join) {
            Some(Vector::Each(each)) => each,
            Some(Vector::Same(value)) => Each::new(vec![value; rows], None),
            None => Each::none(rows),
        }
    }
}

/// Whether each comparison holds between its neighbours.
pub(super) struct Chain(pub(super) Vec<Comparison>);

struct ChainOf<K: Kind> {
    terms: Vec<Node<K>>,
    signs: Vec<Comparison>,
}

impl Judge for Chain {
    fn judge<K: Scalar>(self, terms: Vec<Node<K>>) -> Result<Node<bool>, NoValue> {
        let (all, any) = (terms.iter().all(Node::is_constant), terms.iter().any(Node::nullable));
        Node::new(ChainOf { terms, signs: self.0 }, all, any)
    }
}

impl<K: Kind> Run<bool> for ChainOf<K> {
    fn run<'a>(&'a self, batch: &Batch<'a>) -> Each<'a, bool> {
        let rows = batch.rows.len();
        let terms: Vec<_> = self.terms.iter().map(|term| term.run(batch)).collect();
        let pairs =
            terms.windows(2).zip(&self.signs).map(|(pair, sign)| compare(rows, *sign, &pair[0], &pair[1]));
        let both = |a, b| vector::logic(rows, &Vector::Each(a), &Vector::Each(b), false);
        pairs.reduce(both).unwrap_or_else(|| Each::none(rows))
    }
}

fn compare<'a, T: Copy + Default + PartialOrd>(
    rows: usize,
    sign: Comparison,
    a: &Vector<T>,
    b: &Vector<T>,
) -> Each<'a, bool> {
    match sign {
        Comparison::Less => vector::zip(rows, a, b, |a, b| (a < b, true)),
        Comparison::LessEqual => vector::zip(rows, a, b, |a, b| (a <= b, true)),
        Comparison::Greater => vector::zip(rows, a, b, |a, b| (a > b, true)),
        Comparison::GreaterEqual => vector::zip(rows, a, b, |a, b| (a >= b, true)),
        Comparison::Equal => vector::zip(rows, a, b, |a, b| (a == b, true)),
        Comparison::Unequal => vector::zip(rows, a, b, |a, b| (a != b, true)),
    }
}

/// Whether the first is among the others.
pub(super) struct Among;

struct AmongOf<K: Kind>(Vec<Node<K>>);

impl Judge for Among {
    fn judge<K: Scalar>(self, terms: Vec<Node<K>>) -> Result<Node<bool>, NoValue> {
        let (all, any) = (terms.iter().all(Node::is_constant), terms.iter().any(Node::nullable));
        Node::new(AmongOf(terms), all, any)
    }
}

impl<K: Kind> Run<bool> for AmongOf<K> {
    fn run<'a>(&'a self, batch: &Batch<'a>) -> Each<'a, bool> {
        let rows = batch.rows.len();
        let mut terms = self.0.iter().map(|term| term.run(batch));
        let Some(first) = terms.next() else { return Each::none(rows) };
        let equal = terms.map(|item| compare(rows, Comparison::Equal, &first, &item));
        let either = |a, b| vector::logic(rows, &Vector::Each(a), &Vector::Each(b), true);
        equal.reduce(either).unwrap_or_else(|| Each::none(rows))
    }
}

/// `and` of all, or where `decides` is true `or`.
pub(super) struct Logic {
    pub(super) terms: Vec<Node<bool>>,
    pub(super) decides: bool,
}

impl Run<bool> for Logic {
    fn run<'a>(&'a self, batch: &Batch<'a>) -> Each<'a, bool> {
        let rows = batch.rows.len();
        let join = |a, b| Vector::Each(vector::logic(rows, &a, &b, self.decides));
        match self.terms.iter().map(|term| term.run(batch)).reduce(join) {
            Some(Vector::Each(each)) => each,
            Some(Vector::Same(value)) => Each::new(vec![value; rows], None),
            None => Each::none(rows),
        }
    }
}

struct IsNone<K: Kind>(Node<K>);

impl<K: Kind> Run<bool> for IsNone<K> {
    fn run<'a>(&'a self, batch: &Batch<'a>) -> Each<'a, bool> {
        let rows = batch.rows.len();
        let vector = self.0.run(batch);
        Each::new((0..rows).map(|at| !is_valid(vector.valid(), at)).collect(), None)
    }
}

/// Whether there is no value.
pub(super) fn is_none<K: Kind>(node: Node<K>) -> Node<bool> {
    if node.nullable() { Node::computed(IsNone(node), false) } else { Node::Constant(false) }
}

pub(super) fn is_missing(place: Place) -> Node<bool> {
    if place.nullable { Node::computed(Missing(place), false) } else { Node::Constant(false) }
}
