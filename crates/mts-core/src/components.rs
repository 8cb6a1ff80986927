//! Which rows of a matrix depend on each other.

/// The strongly connected components of the entries that are not 0, each in rising order: the matrix is block
/// triangular in some order of them. By Tarjan's search (1972, doi:10.1137/0201010), without recursion.
pub(crate) fn components(matrix: &[f64], n: usize) -> Vec<Vec<usize>> {
    const NONE: usize = usize::MAX;
    let (mut number, mut lowest, mut waits) = (vec![NONE; n], vec![0; n], vec![false; n]);
    let (mut waiting, mut found) = (Vec::new(), Vec::new());
    let mut seen = 0;
    for root in 0..n {
        if number[root] != NONE {
            continue;
        }
        // Rows on the way, and the column that each looks at next.
        let mut path = vec![(root, 0)];
        while let Some((row, column)) = path.last_mut() {
            let row = *row;
            if *column == 0 {
                (number[row], lowest[row], waits[row]) = (seen, seen, true);
                seen += 1;
                waiting.push(row);
            }
            let next =
                (*column..n).find(|to| matrix[row * n + to] != 0.0 && (number[*to] == NONE || waits[*to]));
            match next {
                Some(to) if number[to] == NONE => {
                    // Looked at again after it is done, when it has a lowest number.
                    *column = to.max(1);
                    path.push((to, 0));
                }
                Some(to) => {
                    lowest[row] = lowest[row].min(lowest[to].min(number[to]));
                    *column = to + 1;
                }
                None => {
                    path.pop();
                    if lowest[row] == number[row] {
                        let first = waiting.iter().rposition(|waiting| *waiting == row).unwrap_or(0);
                        let mut component = waiting.split_off(first);
                        component.iter().for_each(|row| waits[*row] = false);
                        component.sort_unstable();
                        found.push(component);
                    }
                }
            }
        }
    }
    found
}
