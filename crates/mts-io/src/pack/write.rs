//! Members one after the other into a pack.

use std::collections::BTreeSet;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use mts_core::{Shape, Truth};

use super::member::{Place, address, artefacts, begin_line, truth_line};
use super::{metadata_path, series_of, truth_path};
use crate::formats::pack;
use crate::sink::Finished;
use crate::{
    Artefact, Contents, Digest, Digesting, Form, Format, IoError, Pending, Sidecar, Store, TruthFiles,
};

/// The name of truth files among artefacts.
const TRUTH: &str = "truth";

/// Writes many datasets of one model into one Parquet file, one after the other.
///
/// The file has the columns of the long form, and behind them one of text for each level that the members'
/// folders have below that of their configuration. Beside `<name>.parquet` stand `<name>.metadata.jsonl` and
/// `<name>.truth.jsonl`, with a line per member in the order of the members. All three are there when what
/// [`finish`](Self::finish) returns is committed.
///
/// Of each member, memory holds its line of about 3 kB and its entry in the footer; a pack has at most
/// [`MAX_ROW_GROUPS`](Self::MAX_ROW_GROUPS) of [`row_groups`](Self::row_groups) each.
///
/// ```
/// use mts_core::{Dataset, Dtype, Head, Shape, TimeAxis, Truth};
/// use mts_hash::Map;
/// use mts_io::{About, AboutSeries, Compression, Contents, Form, Pack, PackWriter, Sidecar, Store, open};
///
/// let folder = tempfile::tempdir()?;
/// let path = folder.path().join("walk/pack-00000.parquet");
/// let store = Store::new();
/// let mut pack = PackWriter::create(&store, &path)?;
/// for seed in ["1", "2"] {
///     let shape = Shape::new(2, 3, 1)?;
///     let params: Map = [("M", 2), ("T", 3), ("n_realizations", 1)].into_iter().collect();
///     let attributes: Map = [("params", params.clone())].into_iter().collect();
///     let head = Head { shape, time: TimeAxis::Steps, dtype: Dtype::F64, attributes, truth: None };
///     let extra = Map::new();
///     let contents = Contents {
///         head: &head,
///         config_id: "walk__00c0ffee",
///         form: Form::Long,
///         compression: Compression::default(),
///         extra: &extra,
///     };
///     let mut member = pack.begin(&contents, &[("seed", seed)], &Truth::default())?;
///     member.write(&[0.0, 0.0, 0.25, -1.0, 0.5, -0.75])?;
///     member.finish(&Sidecar {
///         about: About::Series(Box::new(AboutSeries {
///             config_id: "walk__00c0ffee".to_owned(),
///             slug: "walk".to_owned(),
///             hash8: "00c0ffee".to_owned(),
///             model: "walk".to_owned(),
///             n_realizations: 1,
///             params,
///             storage_dir: format!("data/walk/walk__00c0ffee/seed={seed}"),
///             zscore: false,
///             zscore_axis: "time".to_owned(),
///             split: None,
///             attributes: head.attributes.clone(),
///         })),
///         seed_entropy: seed.parse()?,
///         data_id: format!("0000000{seed}"),
///         recipe: Map::new().into(),
///         artefacts: Vec::new(),
///     })?;
/// }
/// let finished = pack.finish()?;
/// store.commit((), finished.into_pending());
/// store.flush();
///
/// let address = folder.path().join("walk/pack-00000.parquet#walk__00c0ffee/seed=2");
/// let member = Dataset::collect(&mut open(&address)?)?;
/// assert_eq!(member.values()[3], -1.0);
/// assert_eq!(Sidecar::read(&address)?.data_id, "00000002");
/// assert_eq!(Pack::open(&path)?.len(), 2);
/// # Ok::<(), Box<dyn std::error::Error + Send + Sync>>(())
/// ```
pub struct PackWriter {
    path: PathBuf,
    metadata: Digesting<Pending>,
    truth: Digesting<Pending>,
    /// Waits for the columns of the first member.
    data: Data,
    /// Names of the levels of all members.
    keys: Vec<String>,
    model: Option<String>,
    addresses: BTreeSet<String>,
    /// What each line of the sidecars has behind the artefacts.
    lines: Vec<String>,
    /// Whether a member has begun and not come to its end.
    unfinished: bool,
}

enum Data {
    Waiting(Digesting<Pending>),
    Open(Box<pack::PackWriter<Digesting<Pending>>>),
    /// The first member was refused.
    Lost,
}

/// The files of a pack, complete, and seen by nobody yet.
#[derive(Debug)]
pub struct FinishedPack {
    /// The values.
    pub data: Finished,
    /// The truth of each member.
    pub truth: Finished,
    /// The sidecar of each member, which names the other two.
    pub metadata: Finished,
}

impl FinishedPack {
    /// The files in the order in which they are to appear.
    pub fn into_pending(self) -> Vec<Pending> {
        vec![self.data.pending, self.truth.pending, self.metadata.pending]
    }
}

impl PackWriter {
    /// The most row groups of a pack: more than a Parquet file can count are refused.
    pub const MAX_ROW_GROUPS: usize = pack::MAX_ROW_GROUPS;

    /// How many row groups a member of this shape takes: one for each 2²⁰ values, as in a file of its own.
    pub fn row_groups(shape: Shape) -> usize {
        pack::row_groups(shape)
    }

    /// Begins the pack `path`, whose extension is that of Parquet.
    ///
    /// # Errors
    ///
    /// Where `path` has another extension, or the files cannot be written.
    pub fn create<T>(store: &Store<T>, path: &Path) -> Result<Self, IoError> {
        if Format::of(path) != Some(Format::Parquet) {
            let extension = Format::Parquet.extension();
            return Err(IoError::refused(format!("a pack has the extension .{extension}")).at(path));
        }
        // Begun first: where nothing can be locked, what tells of all says whether anything changed since.
        let metadata = Digesting::new(store.create(&metadata_path(path))?);
        Ok(PackWriter {
            path: path.to_owned(),
            data: Data::Waiting(Digesting::new(store.create(path)?)),
            truth: Digesting::new(store.create(&truth_path(path))?),
            metadata,
            keys: Vec::new(),
            model: None,
            addresses: BTreeSet::new(),
            lines: Vec::new(),
            unfinished: false,
        })
    }

    /// Begins the member that has the folder `config_id` of `contents`, and below it the levels `levels`, such
    /// as `("seed", "2")`. Of the attributes of `contents`, the pack has those of the member's sidecar.
    ///
    /// # Errors
    ///
    /// Where the pack has this member already, its columns are others than those of the first, it has too many
    /// row groups: the pack is as it was before. Where a writer fails, or a member is not finished, it is lost.
    pub fn begin(
        &mut self,
        contents: &Contents,
        levels: &[(&str, &str)],
        truth: &Truth,
    ) -> Result<MemberSink<'_>, IoError> {
        self.begin_member(contents, levels, truth).map_err(|error| error.at(&self.path))?;
        let address = address(contents.config_id, levels);
        Ok(MemberSink { config_id: contents.config_id.to_owned(), address, pack: self })
    }

    fn begin_member(
        &mut self,
        contents: &Contents,
        levels: &[(&str, &str)],
        truth: &Truth,
    ) -> Result<(), IoError> {
        self.is_whole()?;
        let keys: Vec<&str> = levels.iter().map(|(key, _)| *key).collect();
        let keys_are_sound = keys.iter().all(|key| !key.is_empty() && !key.contains(['=', '/']))
            && keys.iter().collect::<BTreeSet<_>>().len() == keys.len();
        let texts: Vec<&str> =
            [contents.config_id].into_iter().chain(levels.iter().map(|(_, text)| *text)).collect();
        if !keys_are_sound || texts.iter().any(|text| text.contains('/')) {
            return Err(IoError::refused(
                "the levels of a member are as in ou__5600ad7a/seed=2, each key once",
            ));
        }
        let address = address(contents.config_id, levels);
        if self.addresses.contains(&address) {
            return Err(IoError::refused(format!("the pack has the member {address:?} already")));
        }
        if let Data::Waiting(_) = self.data
            && let Data::Waiting(writer) = std::mem::replace(&mut self.data, Data::Lost)
        {
            self.data = Data::Open(Box::new(pack::PackWriter::new(writer, contents, &keys)?));
            self.keys = keys.iter().map(|key| (*key).to_owned()).collect();
        }
        if !self.keys.iter().eq(&keys) {
            let (keys, found) = (self.keys.join(", "), keys.join(", "));
            return Err(IoError::refused(format!(
                "the members of a pack have the same levels: {keys:?}, found {found:?}"
            )));
        }
        self.data()?.begin(contents, texts.into_iter().map(str::to_owned).collect())?;
        self.unfinished = true;
        self.truth.write_all(truth_line(&address, TruthFiles::inline(truth)?).as_bytes())?;
        self.addresses.insert(address);
        Ok(())
    }

    fn data(&mut self) -> Result<&mut pack::PackWriter<Digesting<Pending>>, IoError> {
        match &mut self.data {
            Data::Open(data) => Ok(data),
            Data::Waiting(_) | Data::Lost => Err(IoError::refused("a pack has one member or more")),
        }
    }

    fn is_whole(&self) -> Result<(), IoError> {
        if self.unfinished {
            return Err(IoError::refused("a member of the pack has begun and not come to its end"));
        }
        Ok(())
    }

    fn finish_member(&mut self, address: &str, config_id: &str, sidecar: &Sidecar) -> Result<(), IoError> {
        let series = series_of(sidecar)?;
        let model = self.model.get_or_insert_with(|| series.model.clone());
        if series.model != *model || series.config_id != config_id {
            let (model, found, name) = (model.clone(), &series.model, &series.config_id);
            return Err(IoError::refused(format!(
                "expected the sidecar of {config_id:?} of the model {model:?}, found that of {name:?} of {found:?}"
            )));
        }
        let row_groups = self.data()?.end()?;
        self.lines.push(begin_line(sidecar, &Place { address: address.to_owned(), row_groups }));
        self.unfinished = false;
        Ok(())
    }

    /// Completes the three files.
    ///
    /// # Errors
    ///
    /// Where a writer fails, the pack has no member, or one that is not finished.
    pub fn finish(self) -> Result<FinishedPack, IoError> {
        let path = self.path.clone();
        self.finish_files().map_err(|error| error.at(&path))
    }

    fn finish_files(mut self) -> Result<FinishedPack, IoError> {
        self.is_whole()?;
        let (Data::Open(data), Some(model)) = (self.data, &self.model) else {
            return Err(IoError::refused("a pack has one member or more"));
        };
        let data = finished(data.finish(model, self.lines.len())?);
        let truth = finished(self.truth);
        let named = [(&data, Format::Parquet.name()), (&truth, TRUTH)];
        let named: Vec<Artefact> = named.into_iter().map(|(file, format)| artefact(file, format)).collect();
        let head = artefacts(&named);
        for line in self.lines {
            for part in [head.as_str(), line.as_str(), "\n"] {
                self.metadata.write_all(part.as_bytes())?;
            }
        }
        Ok(FinishedPack { data, truth, metadata: finished(self.metadata) })
    }
}

fn finished(writer: Digesting<Pending>) -> Finished {
    let (pending, digest): (Pending, Digest) = writer.finish();
    Finished { pending, digest }
}

fn artefact(file: &Finished, format: &str) -> Artefact {
    let name = file.pending.path().file_name().unwrap_or_default().to_string_lossy().into_owned();
    Artefact { file: name, format: format.to_owned(), form: Form::Long, digest: file.digest.clone() }
}

/// A member of a pack that takes its values.
pub struct MemberSink<'a> {
    pack: &'a mut PackWriter,
    address: String,
    config_id: String,
}

impl MemberSink<'_> {
    /// Takes the next whole steps, in (time, channel, realization) order. How many come at once does not show
    /// in the file.
    ///
    /// # Errors
    ///
    /// Where the writer fails, `slabs` are not whole steps, or there are more than announced.
    pub fn write(&mut self, slabs: &[f64]) -> Result<(), IoError> {
        let written = self.pack.data().and_then(|data| data.write(slabs));
        written.map_err(|error| error.at(&self.pack.path))
    }

    /// Completes the member. The files that its sidecar names are those of the pack, whatever its `artefacts`
    /// are here: their digests are not known yet.
    ///
    /// # Errors
    ///
    /// Where steps are missing, or the sidecar is of another configuration or of another model than the
    /// members before.
    pub fn finish(self, sidecar: &Sidecar) -> Result<(), IoError> {
        let finished = self.pack.finish_member(&self.address, &self.config_id, sidecar);
        finished.map_err(|error| error.at(&self.pack.path))
    }
}
