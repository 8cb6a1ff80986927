//! The values of some rows, and loops over them.

use std::borrow::Cow;

/// Which values are there; `None`: all.
pub(super) type Valid = Option<Vec<bool>>;

/// What a term has in some rows.
pub(super) enum Vector<'a, T: Copy> {
    /// One value in all of them.
    Same(T),
    /// A value, or none, in each.
    Each(Each<'a, T>),
}

/// Values by row; those that are not there are of no meaning.
pub(super) struct Each<'a, T: Copy> {
    pub(super) values: Cow<'a, [T]>,
    pub(super) valid: Valid,
}

impl<'a, T: Copy + Default> Each<'a, T> {
    pub(super) fn new(values: Vec<T>, valid: Valid) -> Self {
        Each { values: Cow::Owned(values), valid }
    }

    /// No values at all.
    pub(super) fn none(rows: usize) -> Self {
        Each::new(vec![T::default(); rows], Some(vec![false; rows]))
    }

    pub(super) fn get(&self, at: usize) -> Option<T> {
        is_valid(&self.valid, at).then(|| self.values[at])
    }
}

impl<T: Copy + Default> Vector<'_, T> {
    pub(super) fn get(&self, at: usize) -> Option<T> {
        match self {
            Vector::Same(value) => Some(*value),
            Vector::Each(each) => each.get(at),
        }
    }

    pub(super) fn value(&self, at: usize) -> T {
        match self {
            Vector::Same(value) => *value,
            Vector::Each(each) => each.values[at],
        }
    }

    pub(super) fn valid(&self) -> &Valid {
        match self {
            Vector::Same(_) => &None,
            Vector::Each(each) => &each.valid,
        }
    }
}

pub(super) fn is_valid(valid: &Valid, at: usize) -> bool {
    valid.as_ref().is_none_or(|valid| valid[at])
}

/// Where both are.
pub(super) fn both(a: Valid, b: &Valid) -> Valid {
    match (a, b) {
        (Some(mut a), Some(b)) => {
            a.iter_mut().zip(b).for_each(|(a, b)| *a &= b);
            Some(a)
        }
        (Some(a), None) => Some(a),
        (None, b) => b.clone(),
    }
}

/// Collects values that come with whether they are there. Nearly always all are, so that it is only
/// found out which are not after it is known that some are not; the loop before needs no mask.
pub(super) fn collect<'a, T: Copy>(
    valid: Valid,
    items: impl Iterator<Item = (T, bool)> + Clone,
) -> Each<'a, T> {
    let mut all = true;
    let each = |(value, there)| {
        all &= there;
        value
    };
    let values: Vec<T> = items.clone().map(each).collect();
    let valid = if all { valid } else { both(Some(items.map(|(_, there)| there).collect()), &valid) };
    Each { values: Cow::Owned(values), valid }
}

/// One to one.
pub(super) fn map<'a, A: Copy, T: Copy>(
    rows: usize,
    a: Vector<A>,
    f: impl Fn(A) -> (T, bool),
) -> Each<'a, T> {
    match a {
        Vector::Each(a) => collect(a.valid, a.values.iter().map(|&a| f(a))),
        Vector::Same(a) => collect(None, std::iter::repeat_n((), rows).map(|()| f(a))),
    }
}

/// Two to one.
pub(super) fn zip<'a, A: Copy + Default, B: Copy + Default, T: Copy>(
    rows: usize,
    a: &Vector<A>,
    b: &Vector<B>,
    f: impl Fn(A, B) -> (T, bool),
) -> Each<'a, T> {
    let valid = both(a.valid().clone(), b.valid());
    match (a, b) {
        (Vector::Each(a), Vector::Each(b)) => {
            collect(valid, a.values.iter().zip(&*b.values).map(|(&a, &b)| f(a, b)))
        }
        (Vector::Each(a), &Vector::Same(b)) => collect(valid, a.values.iter().map(|&a| f(a, b))),
        (&Vector::Same(a), Vector::Each(b)) => collect(valid, b.values.iter().map(|&b| f(a, b))),
        (&Vector::Same(a), &Vector::Same(b)) => {
            collect(valid, std::iter::repeat_n((), rows).map(|()| f(a, b)))
        }
    }
}

/// Three to one.
pub(super) fn zip3<'a, A: Copy + Default, B: Copy + Default, C: Copy + Default, T: Copy>(
    rows: usize,
    a: &Vector<A>,
    b: &Vector<B>,
    c: &Vector<C>,
    f: impl Fn(A, B, C) -> (T, bool),
) -> Each<'a, T> {
    let valid = both(both(a.valid().clone(), b.valid()), c.valid());
    collect(valid, (0..rows).map(|at| f(a.value(at), b.value(at), c.value(at))))
}

/// `then` where the condition holds, `otherwise` where not; nothing where that is unknown.
pub(super) fn select<'a, T: Copy + Default>(
    rows: usize,
    condition: Vector<bool>,
    then: Vector<'a, T>,
    otherwise: Vector<'a, T>,
) -> Each<'a, T> {
    let condition = match condition {
        Vector::Each(condition) => condition,
        Vector::Same(condition) => Each::new(vec![condition; rows], None),
    };
    let valid = if then.valid().is_none() && otherwise.valid().is_none() {
        condition.valid
    } else {
        let pick = |(at, &condition)| is_valid(if condition { then.valid() } else { otherwise.valid() }, at);
        both(Some(condition.values.iter().enumerate().map(pick).collect()), &condition.valid)
    };
    let conditions = condition.values.iter();
    let values = match (&then, &otherwise) {
        (Vector::Same(a), Vector::Same(b)) => conditions.map(|&c| if c { *a } else { *b }).collect(),
        (Vector::Same(a), Vector::Each(b)) => {
            conditions.zip(&*b.values).map(|(&c, b)| if c { *a } else { *b }).collect()
        }
        (Vector::Each(a), Vector::Same(b)) => {
            conditions.zip(&*a.values).map(|(&c, a)| if c { *a } else { *b }).collect()
        }
        (Vector::Each(a), Vector::Each(b)) => {
            let values = a.values.iter().zip(&*b.values);
            conditions.zip(values).map(|(&c, (a, b))| if c { *a } else { *b }).collect()
        }
    };
    Each::new(values, valid)
}

/// `and` of three-valued logic, or where `decides` is true `or`: a value that decides does so also beside one that
/// is not there.
pub(super) fn logic<'a>(rows: usize, a: &Vector<bool>, b: &Vector<bool>, decides: bool) -> Each<'a, bool> {
    if a.valid().is_none() && b.valid().is_none() {
        return match decides {
            true => zip(rows, a, b, |a, b| (a | b, true)),
            false => zip(rows, a, b, |a, b| (a & b, true)),
        };
    }
    let decided = |at| match (a.get(at), b.get(at)) {
        (Some(a), _) if a == decides => (decides, true),
        (_, Some(b)) if b == decides => (decides, true),
        (Some(_), Some(_)) => (!decides, true),
        _ => (false, false),
    };
    collect(None, (0..rows).map(decided))
}
