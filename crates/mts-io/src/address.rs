//! Where a dataset is: in a file of its own, or in a pack.

use std::fmt;
use std::path::{Path, PathBuf};

use crate::places;

/// What stands between file and member.
const MARK: char = '#';

/// The place of a dataset: a file, or one member of a pack, as `data/ou.parquet#ou__5600ad7a/seed=2`.
///
/// ```
/// use std::path::Path;
///
/// use mts_io::Address;
///
/// let address = Address::of(Path::new("data/ou.parquet#ou__5600ad7a/seed=2"));
/// assert_eq!(address.file, Path::new("data/ou.parquet"));
/// assert_eq!(address.member.as_deref(), Some("ou__5600ad7a/seed=2"));
/// assert_eq!(address.to_string(), "data/ou.parquet#ou__5600ad7a/seed=2");
/// assert_eq!(Address::of(Path::new("data/ou.csv")).member, None);
/// ```
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Address {
    /// The file.
    pub file: PathBuf,
    /// The folder of the member below that of its model: its `config_id`, and a level such as `seed=2` for
    /// each further key that tells it from others.
    pub member: Option<String>,
}

impl Address {
    /// What `path` stands for. A path that exists is itself, whatever its name; else what stands behind a
    /// `#` is a member of the file before it, where that exists or is called as packs are.
    pub fn of(path: &Path) -> Self {
        // What cannot be looked at is told when it is opened.
        let is_there = |path: &Path| places::exists(path).unwrap_or(false);
        let whole = || Address { file: path.to_owned(), member: None };
        let Some(text) = path.to_str().filter(|text| text.contains(MARK) && !is_there(path)) else {
            return whole();
        };
        let parts =
            || text.match_indices(MARK).map(|(at, mark)| (Path::new(&text[..at]), &text[at + mark.len()..]));
        let found = parts().find(|(file, _)| places::is_file(file).unwrap_or(false));
        let found =
            found.or_else(|| parts().find(|(file, _)| file.extension().is_some_and(|ext| ext == "parquet")));
        found.map_or_else(whole, |(file, member)| Address {
            file: file.to_owned(),
            member: Some(member.to_owned()),
        })
    }
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.file.display())?;
        self.member.iter().try_for_each(|member| write!(f, "{MARK}{member}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_that_exist_are_themselves() {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        let of = |name: &str| {
            let Address { file, member } = Address::of(&at(name));
            (file.strip_prefix(folder.path()).unwrap().display().to_string(), member)
        };
        let member = |file: &str, member: &str| (file.to_owned(), Some(member.to_owned()));
        std::fs::create_dir(at("a#b")).unwrap();
        for name in ["x#1.parquet", "x.parquet", "a#b/y.parquet", "y.data"] {
            std::fs::write(at(name), "").unwrap();
        }
        for name in ["x#1.parquet", "x.parquet", "a#b", "none.csv", "none#1.csv"] {
            assert_eq!(of(name), (name.to_owned(), None));
        }
        assert_eq!(of("x#1.parquet#ou"), member("x#1.parquet", "ou"));
        assert_eq!(of("x.parquet#a#b/c=#"), member("x.parquet", "a#b/c=#"));
        assert_eq!(of("a#b/y.parquet#"), member("a#b/y.parquet", ""));
        assert_eq!(of("y.data#ou"), member("y.data", "ou"));
        assert_eq!(of("none.parquet#ou.parquet#z"), member("none.parquet", "ou.parquet#z"));
    }
}
