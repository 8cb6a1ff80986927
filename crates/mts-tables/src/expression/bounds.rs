//! What values can be, as far as it is known: by it whether an operation can overflow.

use super::node::Day;

/// What is known about values of a kind.
pub(super) trait Bounds: Copy + Send + Sync + 'static {
    /// Nothing.
    const ANY: Self;

    /// Of values that are of either.
    fn hull(self, other: Self) -> Self;
    /// Of the greater of two.
    fn greatest(self, other: Self) -> Self;
    /// Of the lesser of two.
    fn least(self, other: Self) -> Self;
}

impl Bounds for () {
    const ANY: () = ();

    fn hull(self, (): ()) {}
    fn greatest(self, (): ()) {}
    fn least(self, (): ()) {}
}

/// Values from one to another, both included.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Between<T> {
    pub(super) low: T,
    pub(super) high: T,
}

/// What is ordered and has ends.
pub(super) trait Ends: Copy + PartialOrd + Send + Sync + 'static {
    const FIRST: Self;
    const LAST: Self;
}

impl Ends for i64 {
    const FIRST: i64 = i64::MIN;
    const LAST: i64 = i64::MAX;
}

impl Ends for f64 {
    const FIRST: f64 = f64::MIN;
    const LAST: f64 = f64::MAX;
}

impl Ends for Day {
    const FIRST: Day = Day(i32::MIN);
    const LAST: Day = Day(i32::MAX);
}

impl<T: Ends> Bounds for Between<T> {
    const ANY: Self = Between { low: T::FIRST, high: T::LAST };

    fn hull(self, other: Self) -> Self {
        Between { low: min(self.low, other.low), high: max(self.high, other.high) }
    }

    fn greatest(self, other: Self) -> Self {
        Between { low: max(self.low, other.low), high: max(self.high, other.high) }
    }

    fn least(self, other: Self) -> Self {
        Between { low: min(self.low, other.low), high: min(self.high, other.high) }
    }
}

pub(super) fn min<T: PartialOrd>(a: T, b: T) -> T {
    if b < a { b } else { a }
}

pub(super) fn max<T: PartialOrd>(a: T, b: T) -> T {
    if b > a { b } else { a }
}

impl<T: Ends> Between<T> {
    /// Of a function that never falls where its argument rises; nothing where an end has no value.
    pub(super) fn rising<U>(self, f: impl Fn(T) -> (U, bool)) -> Option<Between<U>> {
        let ((low, first), (high, last)) = (f(self.low), f(self.high));
        (first && last).then_some(Between { low, high })
    }

    /// Of a function of two that rises or falls, but does not turn, in each; nothing where a corner has no value.
    pub(super) fn corners(self, other: Self, f: impl Fn(T, T) -> (T, bool)) -> Option<Self> {
        let corners =
            [(self.low, other.low), (self.low, other.high), (self.high, other.low), (self.high, other.high)];
        let mut hull: Option<Self> = None;
        for (a, b) in corners {
            let (value, there) = f(a, b);
            let value = there.then_some(Between { low: value, high: value })?;
            hull = Some(hull.map_or(value, |hull| hull.hull(value)));
        }
        hull
    }
}

impl Between<f64> {
    /// As far on both sides of 0.
    pub(super) fn around(far: f64) -> Option<Self> {
        far.is_finite().then_some(Between { low: -far, high: far })
    }

    /// The greatest distance from 0.
    pub(super) fn far(self) -> f64 {
        max(-self.low, self.high)
    }

    pub(super) fn has_zero(self) -> bool {
        self.low <= 0.0 && self.high >= 0.0
    }
}
