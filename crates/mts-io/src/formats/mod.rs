//! The file formats. A further one is a module like those below and a line in `formats!`.

mod csv;
mod parquet;

use std::fmt;
use std::io::Write;
use std::path::Path;
use std::str::FromStr;

use mts_core::{Head, Shape, SlabSource};
use mts_hash::Map;

use crate::{IoError, SlabSink};

/// How much of a file is read beside its values.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Check {
    /// What the head needs.
    Head,
    /// Every index column in full.
    Rows,
}

/// A module has `NAME`, `EXTENSION`, `SUMMARY`, `objection`, `size`, `memory`, `create` and `open`.
macro_rules! formats {
    ($($(#[$doc:meta])* $format:ident = $module:ident),* $(,)?) => {
        /// A file format of datasets.
        ///
        /// ```
        /// use std::path::Path;
        ///
        /// use mts_io::Format;
        ///
        /// assert_eq!("csv".parse(), Ok(Format::Csv));
        /// assert_eq!(Format::of(Path::new("out/x__00c0ffee.parquet")), Some(Format::Parquet));
        /// ```
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
        pub enum Format {
            $($(#[$doc])* $format,)*
        }

        impl Format {
            /// All formats.
            pub const ALL: &'static [Format] = &[$(Format::$format),*];

            /// The names of all formats, as documents have them.
            pub const NAMES: &'static [&'static str] = &[$($module::NAME),*];

            /// The name in documents.
            pub fn name(self) -> &'static str {
                match self {
                    $(Format::$format => $module::NAME,)*
                }
            }

            /// What it is, in one line.
            pub fn summary(self) -> &'static str {
                match self {
                    $(Format::$format => $module::SUMMARY,)*
                }
            }

            /// Why the format cannot hold a dataset of this shape, where it cannot.
            pub fn objection(self, shape: Shape) -> Option<String> {
                match self {
                    $(Format::$format => $module::objection(shape),)*
                }
            }

            /// Bytes that a file takes, roughly; `name` is its `config_id`.
            pub fn size(self, shape: Shape, name: &str) -> u64 {
                match self {
                    $(Format::$format => $module::size(shape, name),)*
                }
            }

            /// Bytes of memory that its sink takes, roughly.
            pub fn memory(self, shape: Shape) -> u64 {
                match self {
                    $(Format::$format => $module::memory(shape),)*
                }
            }

            /// The extension of its files, without the dot.
            pub fn extension(self) -> &'static str {
                match self {
                    $(Format::$format => $module::EXTENSION,)*
                }
            }
        }

        /// A sink that writes a dataset with this `head` into `writer`.
        ///
        /// `config_id` fills the column of that name; `extra` are entries that the file holds after
        /// the attributes of `head`, where the format has a place for them.
        ///
        /// # Errors
        ///
        /// Where the writer fails, or the format cannot hold a dataset of this shape.
        pub fn create<W: Write + Send + 'static>(
            format: Format,
            writer: W,
            head: &Head,
            config_id: &str,
            extra: &Map,
        ) -> Result<Box<dyn SlabSink<W>>, IoError> {
            match format {
                $(Format::$format => $module::create(writer, head, config_id, extra),)*
            }
        }

        fn open_as(format: Format, path: &Path, check: Check) -> Result<Box<dyn SlabSource>, IoError> {
            match format {
                $(Format::$format => $module::open(path, check),)*
            }
        }
    };
}

formats! {
    /// Apache Parquet, the long form, attributes as key-value metadata.
    Parquet = parquet,
    /// Comma-separated values, the long form.
    Csv = csv,
}

impl Format {
    /// The format that the extension of `path` stands for.
    pub fn of(path: &Path) -> Option<Self> {
        let extension = path.extension()?;
        Self::ALL.iter().copied().find(|format| extension == format.extension())
    }
}

impl fmt::Display for Format {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for Format {
    type Err = ();

    fn from_str(name: &str) -> Result<Self, ()> {
        Self::ALL.iter().copied().find(|format| format.name() == name).ok_or(())
    }
}

/// Opens the dataset in `path`, whose extension says the format. Values are read in pieces, in
/// constant memory.
///
/// # Errors
///
/// Where the file is missing, unreadable, damaged, or not the long form of a dataset. Damage
/// further on shows when the values are read.
pub fn open(path: &Path) -> Result<Box<dyn SlabSource>, IoError> {
    open_with(path, Check::Head)
}

/// As [`open`], after reading all index columns: their rows must be in the order of the long form
/// without a gap, and `config_id` the same in all.
///
/// # Errors
///
/// Those of [`open`], and the first row that is not as it should be.
pub fn open_checked(path: &Path) -> Result<Box<dyn SlabSource>, IoError> {
    open_with(path, Check::Rows)
}

fn open_with(path: &Path, check: Check) -> Result<Box<dyn SlabSource>, IoError> {
    let format = Format::of(path).ok_or_else(|| {
        let extensions: Vec<_> = Format::ALL.iter().map(|f| format!(".{}", f.extension())).collect();
        let known = extensions.join(", ");
        IoError::refused(format!("the extension does not say the format; known are {known}")).at(path)
    })?;
    open_as(format, path, check).map_err(|error| error.at(path))
}
