//! The catalogue of many datasets: one table, a row for each.

mod columns;
mod groups;
mod names;
mod params;
mod read;
mod same;
mod write;

use mts_core::{Dtype, Shape};
use mts_hash::{Int, Map};

use crate::{Digest, Format};
use columns::{Lists, Runs, Texts};
use params::Params;

/// What a catalogue says of one dataset.
#[derive(Clone, Debug, PartialEq)]
pub struct CatalogueRow {
    /// Names the configuration.
    pub config_id: String,
    /// Names the data.
    pub data_id: String,
    /// The model.
    pub model: String,
    /// The numbers of channels, steps and realizations.
    pub shape: Shape,
    /// The precision of the values.
    pub dtype: Dtype,
    /// The root of all seeds.
    pub seed_entropy: Int,
    /// Which descendant of the root it is.
    pub spawn_key: Vec<u32>,
    /// Its first data file, relative to the folder of the catalogue, with `/`; for a member of a pack its
    /// [`Address`](crate::Address).
    pub path: String,
    /// The format of that file.
    pub format: Format,
    /// Further formats that it has beside it.
    pub formats: Vec<Format>,
    /// Size and checksum of that file; for a member of a pack those of the pack.
    pub digest: Digest,
    /// The parameters of the configuration.
    pub params: Map,
}

/// A table of many datasets, `catalog.parquet` on disk.
///
/// Its columns are `config_id, data_id, model, channels, steps, realizations, dtype, seed_entropy` (text, for
/// integers of any size), `spawn_key` (a list of integers), `path, format, formats` (text with commas),
/// `bytes, sha256`, and in the order of their names `param_<name>` for each parameter that any dataset has,
/// null where one has none, and not there where all have none. Where names differ only in the case of letters,
/// one of them gets a number (`param_Phi_2` beside `param_phi`), because most SQL does not tell them apart.
///
/// A parameter's type follows from all rows: 64-bit integers; else double precision, where all are numbers that
/// it holds exactly; truth values; text; lists of double precision; else canonical JSON.
///
/// ```
/// use mts_core::{Dtype, Shape};
/// use mts_hash::{Map, Value};
/// use mts_io::{Catalogue, CatalogueRow, Digest, Format, Store};
///
/// let folder = tempfile::tempdir()?;
/// let path = folder.path().join("catalog.parquet");
/// let row = CatalogueRow {
///     config_id: "ou_M2__5600ad7a".to_owned(),
///     data_id: "00c0ffee".to_owned(),
///     model: "ou".to_owned(),
///     shape: Shape::new(2, 100, 1)?,
///     dtype: Dtype::F64,
///     seed_entropy: 42.into(),
///     spawn_key: vec![0],
///     path: "ou/ou_M2__5600ad7a/ou_M2__5600ad7a.parquet".to_owned(),
///     format: Format::Parquet,
///     formats: vec![Format::Csv],
///     digest: Digest { bytes: 4096, sha256: "ab".repeat(32) },
///     params: Map::from_iter([("M", Value::from(2)), ("theta", 0.5.into())]),
/// };
/// let mut catalogue = Catalogue::new();
/// catalogue.add(row.clone());
///
/// let store = Store::new();
/// let file = catalogue.write(&store, &path)?;
/// store.commit((), vec![file.pending]);
/// store.flush();
/// assert_eq!(Catalogue::read(&path)?.rows().collect::<Vec<_>>(), [row]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, Default)]
pub struct Catalogue {
    config_id: Texts,
    data_id: Texts,
    spawn_key: Lists<u32>,
    path: Texts,
    files: Runs<Digest>,
    common: Runs<Common>,
    params: Params,
}

/// What many rows have in common.
#[derive(Clone, Debug, PartialEq)]
struct Common {
    model: String,
    shape: Shape,
    dtype: Dtype,
    seed_entropy: Int,
    format: Format,
    formats: Vec<Format>,
}

impl Catalogue {
    /// A catalogue without rows.
    pub fn new() -> Self {
        Catalogue::default()
    }

    /// Puts a row behind the others.
    pub fn add(&mut self, row: CatalogueRow) {
        self.config_id.push(&row.config_id);
        self.data_id.push(&row.data_id);
        self.spawn_key.push(&row.spawn_key);
        self.path.push(&row.path);
        self.params.push(self.len(), &row.params);
        self.files.push(row.digest);
        self.common.push(Common {
            model: row.model,
            shape: row.shape,
            dtype: row.dtype,
            seed_entropy: row.seed_entropy,
            format: row.format,
            formats: row.formats,
        });
    }

    /// The number of rows.
    pub fn len(&self) -> usize {
        self.common.len()
    }

    /// True without rows.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// All rows in order. Parameters come in the order of their names, and without those that are null.
    pub fn rows(&self) -> impl ExactSizeIterator<Item = CatalogueRow> {
        (0..self.len()).map(|row| self.row(row))
    }

    fn row(&self, row: usize) -> CatalogueRow {
        let Common { model, shape, dtype, seed_entropy, format, formats } = self.common(row).clone();
        CatalogueRow {
            config_id: self.config_id.get(row).to_owned(),
            data_id: self.data_id.get(row).to_owned(),
            model,
            shape,
            dtype,
            seed_entropy,
            spawn_key: self.spawn_key.get(row).to_vec(),
            path: self.path.get(row).to_owned(),
            format,
            formats,
            digest: self.file(row).clone(),
            params: self.params.row(row),
        }
    }

    fn common(&self, row: usize) -> &Common {
        self.common.get(row).expect("one for each row")
    }

    fn file(&self, row: usize) -> &Digest {
        self.files.get(row).expect("one for each row")
    }
}
