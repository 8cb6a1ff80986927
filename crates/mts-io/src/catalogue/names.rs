//! Names of columns that differ in more than the case of letters.

use std::collections::BTreeSet;

use super::columns::PARAM;

/// The column of each of the parameters `names`, in their order: `param_<name>`. SQL engines take
/// `param_Phi` and `param_phi` for one column, so of names that differ only in case the last, which has the
/// most small letters, keeps its own, and the others get a number: `param_Phi_2`.
pub(super) fn columns(names: &[&str]) -> Vec<String> {
    let mut taken: BTreeSet<String> = names.iter().map(|name| name.to_lowercase()).collect();
    let keeps = |at: usize, name: &str| {
        let same = |other: &&str| other.to_lowercase() == name.to_lowercase();
        !names[at + 1..].iter().any(same)
    };
    let column = |(at, name): (usize, &&str)| {
        if keeps(at, name) {
            return format!("{PARAM}{name}");
        }
        let mut number = 2;
        while !taken.insert(format!("{}_{number}", name.to_lowercase())) {
            number += 1;
        }
        format!("{PARAM}{name}_{number}")
    };
    names.iter().enumerate().map(column).collect()
}

#[cfg(test)]
mod tests {
    use super::columns;

    #[test]
    fn columns_differ_in_more_than_case() {
        assert_eq!(columns(&["M", "X0", "theta"]), ["param_M", "param_X0", "param_theta"]);
        assert_eq!(
            columns(&["Phi", "X0", "phi", "x0"]),
            ["param_Phi_2", "param_X0_2", "param_phi", "param_x0"]
        );
        assert_eq!(
            columns(&["AB", "Ab", "Ab_2", "ab"]),
            ["param_AB_3", "param_Ab_4", "param_Ab_2", "param_ab"]
        );
    }
}
