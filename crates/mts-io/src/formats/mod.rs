//! The file formats. A further one is a module like those below and a line in `formats!`.

mod arrays;
mod arrow;
mod csv;
pub(crate) mod guarded;
mod ndjson;
mod netcdf;
mod npz;
mod parquet;
mod table;
mod text;
mod zarr;

pub(crate) use parquet::{pack, records, tables};
pub(crate) use text::write_float;
pub(crate) use zarr::{create_folder, resume_folder};

use std::fmt;
use std::fs;
use std::io::Write;
use std::path::Path;
use std::str::FromStr;

use mts_core::{Dtype, Shape, SlabSource};

use crate::remote::{self, is_remote};
use crate::sink::{Resumable, Stop};
use crate::{Address, Contents, Form, IoError, SlabSink};

/// How much of a file is read beside its values.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Check {
    /// What the head needs.
    Head,
    /// Every index column in full.
    Rows,
}

/// What a format is.
struct About {
    /// In documents.
    name: &'static str,
    /// Of its files, without the dot.
    extension: &'static str,
    /// In one line.
    summary: &'static str,
    /// Whether it holds tables, and so has a [`Form`].
    table: bool,
    /// Whether its files are folders.
    folder: bool,
    /// Whether it can be written where nobody can go back, several datasets after each other.
    streams: bool,
}

/// Which of several datasets that go into one stream.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Part {
    /// What stands once before all of them is written.
    pub first: bool,
    /// What stands once after all of them is written.
    pub last: bool,
}

impl Part {
    /// The only one.
    pub const WHOLE: Part = Part { first: true, last: true };
}

/// A module has `ABOUT`, `objection`, `size`, `memory`, `boundary` and `open`, and `create` and `resume`
/// where its files are no folders; streams have `stream`.
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
            pub const NAMES: &'static [&'static str] = &[$($module::ABOUT.name),*];

            fn about(self) -> &'static About {
                match self {
                    $(Format::$format => &$module::ABOUT,)*
                }
            }

            /// Why the format cannot hold a dataset of this shape, where it cannot.
            pub fn objection(self, shape: Shape, form: Form) -> Option<String> {
                match self {
                    $(Format::$format => $module::objection(shape, form),)*
                }
            }

            /// Bytes that a file takes, roughly; `name` is its `config_id`.
            pub fn size(self, shape: Shape, dtype: Dtype, form: Form, name: &str) -> u64 {
                match self {
                    $(Format::$format => $module::size(shape, dtype, form, name),)*
                }
            }

            /// Bytes of memory that its sink takes, roughly.
            pub fn memory(self, shape: Shape, form: Form) -> u64 {
                match self {
                    $(Format::$format => $module::memory(shape, form),)*
                }
            }

            /// Where a file can be continued: after any multiple of so many steps, and after the last one. See
            /// [`SlabSink::checkpoint`].
            pub fn boundary(self, shape: Shape, form: Form) -> usize {
                match self {
                    $(Format::$format => $module::boundary(shape, form),)*
                }
            }
        }

        /// A sink that writes a dataset into `writer`.
        ///
        /// # Errors
        ///
        /// Where the writer fails, the format cannot hold a dataset of this shape, or its files are
        /// folders: see [`begin`](crate::begin).
        pub fn create<W: Write + Send + 'static>(
            format: Format,
            writer: W,
            contents: &Contents,
        ) -> Result<Box<dyn SlabSink<W>>, IoError> {
            Ok(create_resumable(format, writer, contents)?)
        }

        /// As [`create`].
        pub(crate) fn create_resumable<W: Write + Send + 'static>(
            format: Format,
            writer: W,
            contents: &Contents,
        ) -> Result<Box<dyn Resumable<W>>, IoError> {
            match format {
                $(Format::$format => $module::create(writer, contents),)*
            }
        }

        /// A sink that goes on in `writer`, which is where another one of the same contents stopped.
        pub(crate) fn resume<W: Write + Send + 'static>(
            format: Format,
            writer: W,
            contents: &Contents,
            stop: Stop,
        ) -> Result<Box<dyn Resumable<W>>, IoError> {
            match format {
                $(Format::$format => $module::resume(writer, contents, stop),)*
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
    /// Apache Parquet, attributes as key-value metadata.
    Parquet = parquet,
    /// Comma-separated values.
    Csv = csv,
    /// Newline-delimited JSON.
    Ndjson = ndjson,
    /// Arrow IPC: record batches as they are in memory.
    Arrow = arrow,
    /// NumPy's archive of arrays.
    Npz = npz,
    /// NetCDF-3 with 64-bit offsets.
    Netcdf = netcdf,
    /// Zarr version 3: a folder.
    Zarr = zarr,
}

impl Format {
    /// The name in documents.
    pub fn name(self) -> &'static str {
        self.about().name
    }

    /// The extension of its files, without the dot.
    pub fn extension(self) -> &'static str {
        self.about().extension
    }

    /// What it is, in one line.
    pub fn summary(self) -> &'static str {
        self.about().summary
    }

    /// True where it holds tables, and so has a [`Form`].
    pub fn is_table(self) -> bool {
        self.about().table
    }

    /// True where its files are folders, which [`begin`](crate::begin) makes and [`create`] does not.
    pub fn is_folder(self) -> bool {
        self.about().folder
    }

    /// True where it can be written where nobody can go back, several datasets after each other: see
    /// [`stream`].
    pub fn streams(self) -> bool {
        self.about().streams
    }

    /// Why no file of this format can be at `path`, where none can: folders cannot be on object stores, and
    /// nothing can in a program that was built without them.
    ///
    /// ```
    /// use std::path::Path;
    ///
    /// use mts_io::Format;
    ///
    /// assert_eq!(Format::Zarr.objection_to(Path::new("data")), None);
    /// assert!(Format::Zarr.objection_to(Path::new("s3://bucket/data")).is_some());
    /// ```
    pub fn objection_to(self, path: &Path) -> Option<&'static str> {
        if !is_remote(path) {
            return None;
        }
        remote::objection().or(self.is_folder().then_some(remote::NO_FOLDER))
    }

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

/// A sink that writes one of several datasets into a stream.
///
/// All have the same columns: form, precision and kind of time axis, and in the wide form channels.
///
/// # Errors
///
/// Those of [`create`], and where the format is none of streams.
pub fn stream<W: Write + Send + 'static>(
    format: Format,
    writer: W,
    contents: &Contents,
    part: Part,
) -> Result<Box<dyn SlabSink<W>>, IoError> {
    Ok(match format {
        Format::Csv => csv::stream(writer, contents, part)?,
        Format::Arrow => arrow::stream(writer, contents, part)?,
        Format::Ndjson => ndjson::stream(writer, contents, part)?,
        other => return Err(IoError::refused(format!("{other} cannot be written as a stream"))),
    })
}

/// Opens the dataset in `path`, a file whose extension says the format, or the [`Address`] of a member of a
/// pack. Values are read in pieces, in constant memory.
///
/// # Errors
///
/// Where the file is missing, unreadable, damaged, or no dataset, or has no such member. Damage
/// further on shows when the values are read.
pub fn open(path: &Path) -> Result<Box<dyn SlabSource>, IoError> {
    open_with(path, Check::Head)
}

/// As [`open`], after reading all index columns: their rows must be in order
/// without a gap, and `config_id` the same in all.
///
/// # Errors
///
/// Those of [`open`], and the first row that is not as it should be.
pub fn open_checked(path: &Path) -> Result<Box<dyn SlabSource>, IoError> {
    open_with(path, Check::Rows)
}

fn open_with(path: &Path, check: Check) -> Result<Box<dyn SlabSource>, IoError> {
    if let Address { file, member: Some(member) } = Address::of(path) {
        return crate::pack::open(&file, &member, check);
    }
    let format = Format::of(path).ok_or_else(|| {
        let extensions: Vec<_> = Format::ALL.iter().map(|f| format!(".{}", f.extension())).collect();
        let known = extensions.join(", ");
        IoError::refused(format!("the extension does not say the format; known are {known}")).at(path)
    })?;
    if is_remote(path) && format.is_folder() {
        return Err(remote::no_folder(path));
    }
    // A pipe would wait for a writer, a device never end.
    if !is_remote(path) && fs::metadata(path).is_ok_and(|found| !found.is_file() && !found.is_dir()) {
        return Err(IoError::damaged("is no regular file").at(path));
    }
    open_as(format, path, check).map_err(|error| error.at(path))
}
