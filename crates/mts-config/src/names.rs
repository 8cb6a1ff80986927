/// Names longer than this are not compared letter by letter.
const LONGEST: usize = 64;

/// The one of `candidates` that somebody who wrote `name` most likely meant.
///
/// The same name in other case is found first; then the smallest number of typing slips, at most
/// one in three letters; then a candidate that begins with `name`.
///
/// ```
/// use mts_config::nearest;
///
/// assert_eq!(nearest("sgima", ["mu", "sigma", "theta"]), Some("sigma"));
/// assert_eq!(nearest("m", ["T", "M"]), Some("M"));
/// assert_eq!(nearest("volatility", ["mu", "sigma"]), None);
/// ```
#[must_use]
pub fn nearest<'a>(name: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let candidates: Vec<&str> = candidates.into_iter().collect();
    let lower = name.to_lowercase();
    let mut best: Option<(usize, &str)> = None;
    for candidate in &candidates {
        let other = candidate.to_lowercase();
        if other == lower {
            return Some(candidate);
        }
        let (length, other_length) = (lower.chars().count(), other.chars().count());
        if length.max(other_length) > LONGEST {
            continue;
        }
        let distance = strsim::osa_distance(&lower, &other);
        let allowed = (length.max(other_length) / 3).max(1);
        // A single letter that is replaced or doubled has nothing left of the name.
        let kept = distance < length.min(other_length);
        if distance <= allowed && kept && best.is_none_or(|(least, _)| distance < least) {
            best = Some((distance, candidate));
        }
    }
    let begins = |candidate: &&str| {
        lower.len() >= 3 && lower.len() <= LONGEST && candidate.to_lowercase().starts_with(&lower)
    };
    best.map(|(_, candidate)| candidate).or_else(|| candidates.into_iter().find(begins))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_what_was_meant() {
        let keys = ["model", "M", "T", "dt", "sigma", "noise_std", "n_realizations"];
        let cases = [
            ("Sigma", Some("sigma")),
            ("sigm", Some("sigma")),
            ("t", Some("T")),
            ("DT", Some("dt")),
            ("noise", Some("noise_std")),
            ("n-realisations", Some("n_realizations")),
            ("modle", Some("model")),
            ("k", None),
            ("", None),
            ("xyz", None),
        ];
        for (name, expected) in cases {
            assert_eq!(nearest(name, keys), expected, "{name}");
        }
        assert_eq!(nearest(&"x".repeat(1_000_000), keys), None);
        assert_eq!(nearest("a", []), None);
    }
}
