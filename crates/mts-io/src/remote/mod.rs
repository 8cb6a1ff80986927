//! Places on object stores: paths that begin with `s3://`.
//!
//! Such a path is joined, cut and compared as any other; only what stands there is asked for
//! elsewhere. Without the feature `s3` every request is refused, so that no folder is ever called `s3:`.

use std::path::{Component, Path};

use crate::IoError;

#[cfg(not(feature = "s3"))]
mod disabled;
#[cfg(feature = "s3")]
mod enabled;

#[cfg(not(feature = "s3"))]
pub(crate) use disabled::{Upload, append, is_file, kind, list, open, read_into, remove, stored_bytes};
#[cfg(feature = "s3")]
pub(crate) use enabled::{Upload, append, is_file, kind, list, open, read_into, remove, stored_bytes};

const SCHEME: &str = "s3:";

/// Whether a path is a place on an object store. A second `/` may have been lost on the way; `./s3:` is a
/// folder of that name.
///
/// ```
/// use std::path::Path;
///
/// use mts_io::is_remote;
///
/// assert!(is_remote(Path::new("s3://bucket/data")));
/// assert!(!is_remote(Path::new("data/s3:/bucket")));
/// ```
pub fn is_remote(path: &Path) -> bool {
    matches!(path.components().next(), Some(Component::Normal(first)) if first.eq_ignore_ascii_case(SCHEME))
}

/// Why nothing can be asked of a place on an object store by this program, where nothing can.
pub(crate) fn objection() -> Option<&'static str> {
    (!cfg!(feature = "s3")).then_some("this program was built without object stores: feature s3")
}

/// Refuses a folder as one dataset: its files would appear one by one.
pub(crate) fn no_folder(path: &Path) -> IoError {
    IoError::refused(NO_FOLDER).at(path)
}

pub(crate) const NO_FOLDER: &str = "a folder of files cannot appear at once on an object store: use another \
     format, or write to a disk and copy it";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_keep_their_text() {
        let place = Path::new("s3://bucket/a b/ü");
        assert_eq!(place.join("x/y.parquet").to_str(), Some("s3://bucket/a b/ü/x/y.parquet"));
        assert_eq!(place.parent().and_then(Path::to_str), Some("s3://bucket/a b"));
        assert_eq!(place.with_file_name("z").to_str(), Some("s3://bucket/a b/z"));
        assert_eq!(place.join("y.csv").with_extension("nc").to_str(), Some("s3://bucket/a b/ü/y.nc"));
        assert_eq!(place.display().to_string(), "s3://bucket/a b/ü");
        let above: Vec<&str> = place.ancestors().filter_map(Path::to_str).collect();
        assert_eq!(above, ["s3://bucket/a b/ü", "s3://bucket/a b", "s3://bucket", "s3:", ""]);
    }

    #[test]
    fn what_begins_with_the_scheme_is_remote() {
        for path in ["s3://bucket", "s3://", "s3:", "S3://bucket/x", "s3:/bucket/x"] {
            assert!(is_remote(Path::new(path)), "{path}");
        }
        for path in ["", "/s3:/x", "./s3:/x", "s3", "s3:x", "s3a://x", "data/s3://x", ".."] {
            assert!(!is_remote(Path::new(path)), "{path}");
        }
    }
}
