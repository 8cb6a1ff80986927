//! What comes before what.

/// Numbers below `count` so that the first of every edge comes before its second, ties in their own order;
/// and those that no order has, because they wait for each other. Edges from a number to itself count for
/// nothing.
pub(super) fn parents_first(count: usize, edges: &[[usize; 2]]) -> (Vec<usize>, Vec<usize>) {
    let mut ordered: Vec<usize> = Vec::with_capacity(count);
    let mut left: Vec<usize> = (0..count).collect();
    loop {
        let waits = |at: usize| {
            edges.iter().any(|[parent, child]| *child == at && parent != child && left.contains(parent))
        };
        let Some(place) = left.iter().position(|at| !waits(*at)) else { return (ordered, left) };
        ordered.push(left.remove(place));
    }
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
