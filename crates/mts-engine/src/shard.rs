//! A part of a plan for one of several machines.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::fmt;
use std::str::FromStr;

/// The i-th of n parts.
///
/// ```
/// use mts_engine::Shard;
///
/// let shard: Shard = "2/3".parse()?;
/// assert_eq!(shard.to_string(), "2/3");
/// assert!("0/3".parse::<Shard>().is_err() && "4/3".parse::<Shard>().is_err());
/// # Ok::<(), String>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shard {
    /// From 0.
    index: usize,
    count: usize,
}

impl Shard {
    /// What tells its files from those of the others: `2-of-3`.
    pub(crate) fn suffix(self) -> String {
        format!("{}-of-{}", self.index + 1, self.count)
    }

    /// The indices of the tasks that belong to this part, given what each task costs: each goes, the
    /// dearest first, to the part that has least (Graham 1969, doi:10.1137/0117039).
    pub(crate) fn of(self, costs: &[f64]) -> Vec<usize> {
        // Whole numbers have one sum in any order.
        let costs: Vec<u64> = costs.iter().map(|cost| *cost as u64).collect();
        let mut order: Vec<usize> = (0..costs.len()).collect();
        order.sort_by_key(|at| (Reverse(costs[*at]), *at));
        let mut parts: BinaryHeap<Reverse<(u128, usize)>> =
            (0..self.count.min(costs.len())).map(|part| Reverse((0, part))).collect();
        let mut own = Vec::new();
        for at in order {
            if let Some(mut least) = parts.peek_mut() {
                let Reverse((load, part)) = &mut *least;
                *load += u128::from(costs[at]);
                if *part == self.index {
                    own.push(at);
                }
            }
        }
        own.sort_unstable();
        own
    }
}

impl fmt::Display for Shard {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.index + 1, self.count)
    }
}

impl FromStr for Shard {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let parts = text.split_once('/').and_then(|(i, n)| Some((i.parse().ok()?, n.parse().ok()?)));
        match parts {
            Some((index, count)) if (1..=count).contains(&index) => Ok(Shard { index: index - 1, count }),
            _ => Err("expected i/n with i from 1 to n, such as 1/4".to_owned()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_are_a_partition_and_balanced() {
        let costs: Vec<f64> = (0..1000).map(|i| f64::from((i * 7919) % 1009 + 1)).collect();
        let total: f64 = costs.iter().sum();
        for count in [1, 2, 7, 999, 2000] {
            let parts: Vec<Vec<usize>> = (0..count).map(|index| Shard { index, count }.of(&costs)).collect();
            let mut all = parts.concat();
            all.sort_unstable();
            assert!(all.into_iter().eq(0..1000));
            let load = |part: &Vec<usize>| part.iter().map(|at| costs[*at]).sum::<f64>();
            let most = parts.iter().map(load).fold(0.0, f64::max);
            assert!(most <= (total / count as f64) + 1009.0, "{count} parts: {most}");
        }
    }
}
