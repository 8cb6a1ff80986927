//! What comes before what.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

/// Numbers below `count` so that the first of every edge comes before its second, ties in their own order;
/// and those that no order has, because they wait for each other. Edges from a number to itself count for
/// nothing.
pub(super) fn parents_first(count: usize, edges: &[[usize; 2]]) -> (Vec<usize>, Vec<usize>) {
    let mut waits = vec![0; count];
    let mut children = vec![Vec::new(); count];
    for [parent, child] in edges.iter().filter(|[parent, child]| parent != child) {
        waits[*child] += 1;
        children[*parent].push(*child);
    }
    let mut ready: BinaryHeap<Reverse<usize>> =
        (0..count).filter(|at| waits[*at] == 0).map(Reverse).collect();
    let mut ordered = Vec::with_capacity(count);
    while let Some(Reverse(at)) = ready.pop() {
        ordered.push(at);
        for child in &children[at] {
            waits[*child] -= 1;
            if waits[*child] == 0 {
                ready.push(Reverse(*child));
            }
        }
    }
    let left = (0..count).filter(|at| waits[*at] > 0).collect();
    (ordered, left)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parents_come_first_and_circles_are_told() {
        assert_eq!(parents_first(3, &[[0, 1], [1, 2]]), (vec![0, 1, 2], vec![]));
        assert_eq!(parents_first(3, &[[2, 1], [1, 0], [0, 0]]), (vec![2, 1, 0], vec![]));
        assert_eq!(parents_first(4, &[[1, 2], [2, 1]]), (vec![0, 3], vec![1, 2]));
    }
}
