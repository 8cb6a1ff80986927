//! Terms of which the type is known, as loops that wait for rows.

use std::marker::PhantomData;

use arrow_array::ArrayRef;
use bumpalo::Bump;

use super::bounds::{Between, Bounds};
use super::vector::{self, Each, Vector};
use crate::Rows;

/// A kind of values.
pub(super) trait Kind: Sized + 'static {
    /// A value while rows are at work.
    type Item<'a>: Copy + Default + PartialOrd;
    /// A value that stands in the expression.
    type Owned: Send + Sync;
    /// What may be known about values before there are any.
    type Bounds: Bounds;

    fn own(item: Self::Item<'_>) -> Self::Owned;
    fn item(owned: &Self::Owned) -> Self::Item<'_>;
    fn bounds(owned: &Self::Owned) -> Self::Bounds;
}

/// Values that refer to nothing.
pub(super) trait Plain: Copy + Default + PartialOrd + Send + Sync + 'static {
    type Bounds: Bounds;

    fn bounds(self) -> Self::Bounds;
}

impl<T: Plain> Kind for T {
    type Item<'a> = T;
    type Owned = T;
    type Bounds = T::Bounds;

    fn own(item: T) -> T {
        item
    }

    fn item(owned: &T) -> T {
        *owned
    }

    fn bounds(owned: &T) -> T::Bounds {
        Plain::bounds(*owned)
    }
}

macro_rules! plain {
    ($($kind:ty),+ $(,)? => bounded) => {$(
        impl Plain for $kind {
            type Bounds = Between<$kind>;

            fn bounds(self) -> Between<$kind> {
                Between { low: self, high: self }
            }
        }
    )+};
    ($($kind:ty),+ $(,)? => unbounded) => {$(
        impl Plain for $kind {
            type Bounds = ();

            fn bounds(self) {}
        }
    )+};
}

plain!(i64, f64, Day => bounded);
plain!(bool, Moment, () => unbounded);

/// A day, counted from 1970-01-01.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Day(pub(super) i32);

/// A microsecond, counted from 1970-01-01.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Moment(pub(super) i64);

/// Texts.
pub(super) struct Text;

impl Kind for Text {
    type Item<'a> = &'a str;
    type Owned = Box<str>;
    type Bounds = ();

    fn own(item: &str) -> Box<str> {
        item.into()
    }

    fn item(owned: &Box<str>) -> &str {
        owned
    }

    fn bounds(_: &Box<str>) {}
}

/// The rows at work.
pub(super) struct Batch<'a> {
    pub(super) arrays: &'a [ArrayRef],
    pub(super) rows: &'a Rows<'a>,
    /// Where texts lie that functions make.
    pub(super) texts: &'a Bump,
}

/// What has a value in each row.
pub(super) trait Run<K: Kind>: Send + Sync {
    fn run<'a>(&'a self, batch: &Batch<'a>) -> Each<'a, K::Item<'a>>;
}

/// A term of values of one kind.
pub(super) enum Node<K: Kind> {
    /// The same in all rows.
    Constant(K::Owned),
    /// One in each row, if `nullable` not in all.
    Computed { run: Box<dyn Run<K>>, nullable: bool, bounds: K::Bounds },
}

/// A term of constants that has no value.
#[derive(Debug)]
pub(super) struct NoValue;

impl<K: Kind> Node<K> {
    /// What has no terms below it, or draws.
    pub(super) fn computed(run: impl Run<K> + 'static, nullable: bool) -> Self {
        Node::Computed { run: Box::new(run), nullable, bounds: K::Bounds::ANY }
    }

    /// What depends on the terms below it alone; computed here and now where they are constant.
    pub(super) fn new(run: impl Run<K> + 'static, constant: bool, nullable: bool) -> Result<Self, NoValue> {
        if !constant {
            return Ok(Node::computed(run, nullable));
        }
        let texts = Bump::new();
        let value = run.run(&Batch { arrays: &[], rows: &Rows::Range(0..1), texts: &texts }).get(0);
        value.map(|value| Node::Constant(K::own(value))).ok_or(NoValue)
    }

    /// With what is known about its values, if anything is.
    pub(super) fn within(self, known: Option<K::Bounds>) -> Self {
        match (self, known) {
            (Node::Computed { run, nullable, .. }, Some(bounds)) => Node::Computed { run, nullable, bounds },
            (node, _) => node,
        }
    }

    pub(super) fn bounds(&self) -> K::Bounds {
        match self {
            Node::Constant(value) => K::bounds(value),
            Node::Computed { bounds, .. } => *bounds,
        }
    }

    pub(super) fn is_constant(&self) -> bool {
        matches!(self, Node::Constant(_))
    }

    pub(super) fn nullable(&self) -> bool {
        matches!(self, Node::Computed { nullable: true, .. })
    }

    pub(super) fn constant(&self) -> Option<K::Item<'_>> {
        if let Node::Constant(value) = self { Some(K::item(value)) } else { None }
    }

    pub(super) fn run<'a>(&'a self, batch: &Batch<'a>) -> Vector<'a, K::Item<'a>> {
        match self {
            Node::Constant(value) => Vector::Same(K::item(value)),
            Node::Computed { run, nullable: true, .. } => Vector::Each(run.run(batch)),
            Node::Computed { run, nullable: false, .. } => {
                let Each { values, valid } = run.run(batch);
                // Only infinite floats in a column can make bounds wrong; they stay what they are.
                debug_assert!(valid.is_none_or(|valid| valid.iter().all(|there| *there)), "bounds hold");
                Vector::Each(Each { values, valid: None })
            }
        }
    }
}

impl Total {
    /// If this is known about its values.
    pub(super) fn known<T>(bounds: &Option<T>) -> Total {
        if bounds.is_some() { Total::Yes } else { Total::No }
    }
}

/// Whether a function can be without a value where all its arguments have one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Total {
    /// It always has one.
    Yes,
    /// It says with each value whether there is one.
    No,
}

struct Map<A: Kind, T, F> {
    a: Node<A>,
    f: F,
    makes: PhantomData<fn() -> T>,
}

impl<A: Kind, T: Kind, F> Run<T> for Map<A, T, F>
where
    F: for<'x> Fn(&'x Bump, A::Item<'x>) -> (T::Item<'x>, bool) + Send + Sync,
{
    fn run<'a>(&'a self, batch: &Batch<'a>) -> Each<'a, T::Item<'a>> {
        vector::map(batch.rows.len(), self.a.run(batch), |a| (self.f)(batch.texts, a))
    }
}

/// A function of one value. With each value it says whether there is one.
pub(super) fn map<A: Kind, T: Kind, F>(a: Node<A>, total: Total, f: F) -> Result<Node<T>, NoValue>
where
    F: for<'x> Fn(&'x Bump, A::Item<'x>) -> (T::Item<'x>, bool) + Send + Sync + 'static,
{
    let (constant, nullable) = (a.is_constant(), a.nullable() || total == Total::No);
    Node::new(Map { a, f, makes: PhantomData }, constant, nullable)
}

struct Map2<A: Kind, B: Kind, T, F> {
    a: Node<A>,
    b: Node<B>,
    f: F,
    makes: PhantomData<fn() -> T>,
}

impl<A: Kind, B: Kind, T: Kind, F> Run<T> for Map2<A, B, T, F>
where
    F: for<'x> Fn(&'x Bump, A::Item<'x>, B::Item<'x>) -> (T::Item<'x>, bool) + Send + Sync,
{
    fn run<'a>(&'a self, batch: &Batch<'a>) -> Each<'a, T::Item<'a>> {
        let (a, b) = (self.a.run(batch), self.b.run(batch));
        vector::zip(batch.rows.len(), &a, &b, |a, b| (self.f)(batch.texts, a, b))
    }
}

/// A function of two values.
pub(super) fn map2<A: Kind, B: Kind, T: Kind, F>(
    a: Node<A>,
    b: Node<B>,
    total: Total,
    f: F,
) -> Result<Node<T>, NoValue>
where
    F: for<'x> Fn(&'x Bump, A::Item<'x>, B::Item<'x>) -> (T::Item<'x>, bool) + Send + Sync + 'static,
{
    let constant = a.is_constant() && b.is_constant();
    let nullable = a.nullable() || b.nullable() || total == Total::No;
    Node::new(Map2 { a, b, f, makes: PhantomData }, constant, nullable)
}

struct Map3<A: Kind, B: Kind, C: Kind, T, F> {
    a: Node<A>,
    b: Node<B>,
    c: Node<C>,
    f: F,
    makes: PhantomData<fn() -> T>,
}

impl<A: Kind, B: Kind, C: Kind, T: Kind, F> Run<T> for Map3<A, B, C, T, F>
where
    F: for<'x> Fn(&'x Bump, A::Item<'x>, B::Item<'x>, C::Item<'x>) -> (T::Item<'x>, bool) + Send + Sync,
{
    fn run<'a>(&'a self, batch: &Batch<'a>) -> Each<'a, T::Item<'a>> {
        let (a, b, c) = (self.a.run(batch), self.b.run(batch), self.c.run(batch));
        vector::zip3(batch.rows.len(), &a, &b, &c, |a, b, c| (self.f)(batch.texts, a, b, c))
    }
}

/// A function of three values.
pub(super) fn map3<A: Kind, B: Kind, C: Kind, T: Kind, F>(
    a: Node<A>,
    b: Node<B>,
    c: Node<C>,
    total: Total,
    f: F,
) -> Result<Node<T>, NoValue>
where
    F: for<'x> Fn(&'x Bump, A::Item<'x>, B::Item<'x>, C::Item<'x>) -> (T::Item<'x>, bool)
        + Send
        + Sync
        + 'static,
{
    let constant = a.is_constant() && b.is_constant() && c.is_constant();
    let nullable = a.nullable() || b.nullable() || c.nullable() || total == Total::No;
    Node::new(Map3 { a, b, c, f, makes: PhantomData }, constant, nullable)
}
