//! What no counts can satisfy.

use thiserror::Error;

/// Why there is no such relationship, with the arithmetic.
///
/// ```
/// use mts_tables::Infeasible;
///
/// let error = Infeasible::TooMany { parents: 12, max: 3, children: 40 };
/// assert_eq!(error.to_string(), "12 parents × at most 3 children = 36 < 40 rows");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Error)]
pub enum Infeasible {
    /// The least that a parent may have is more than the most.
    #[error("at least {min} > at most {max} children")]
    Bounds {
        /// The least.
        min: u64,
        /// The most.
        max: u64,
    },
    /// Children, and nobody they could belong to.
    #[error("0 parents for {children} rows")]
    NoParents {
        /// Rows of the child table.
        children: u64,
    },
    /// More children than the parents may have.
    #[error("{parents} parents × at most {max} children = {} < {children} rows", product(*parents, *max))]
    TooMany {
        /// Rows of the parent table.
        parents: u64,
        /// The most children of each.
        max: u64,
        /// Rows of the child table.
        children: u64,
    },
    /// Fewer children than the parents must have.
    #[error("{parents} parents × at least {min} children = {} > {children} rows", product(*parents, *min))]
    TooFew {
        /// Rows of the parent table.
        parents: u64,
        /// The least children of each.
        min: u64,
        /// Rows of the child table.
        children: u64,
    },
    /// More distinct partners than there are rows.
    #[error("{wanted} distinct partners of each row > {partners} rows to link to")]
    Partners {
        /// Distinct partners of one row.
        wanted: u64,
        /// Rows of the table they come from.
        partners: u64,
    },
    /// A parameter of the law of counts that makes another number of rows than there are, by more than chance.
    #[error("{}", disagreement(name, *value, *mean, *parents, *children))]
    Disagrees {
        /// Its name.
        name: &'static str,
        /// Its value.
        value: f64,
        /// Children of a parent that it makes on average, within the bounds.
        mean: f64,
        /// Rows of the parent table.
        parents: u64,
        /// Rows of the child table.
        children: u64,
    },
    /// A parameter of the law of counts.
    #[error("{name} = {value} must be {rule}")]
    Parameter {
        /// Its name.
        name: &'static str,
        /// Its value.
        value: f64,
        /// What it must be.
        rule: &'static str,
    },
}

fn product(count: u64, each: u64) -> u128 {
    u128::from(count) * u128::from(each)
}

fn disagreement(name: &str, value: f64, mean: f64, parents: u64, children: u64) -> String {
    let each = if mean == value {
        String::new()
    } else {
        format!(", {} children on average,", (mean * 1e4).round() / 1e4)
    };
    let total = (mean * parents as f64).round();
    format!(
        "{name} = {value}{each} × {parents} parents = {total} ≠ {children} rows: leave {name} out, rows decide the mean"
    )
}
