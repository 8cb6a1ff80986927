//! One dataset of a grid.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use mts_config::Position;
use mts_core::{Facts, SlabSource, SourceError};
use mts_hash::{Int, Map};
use mts_io::{Artefact, CatalogueRow, Compression, Form, Format, PackWriter, Part, Pending, Sidecar, Store};

use super::common::Common;
use super::packs;
use super::recipe::Recipe;
use super::work::{Place, Work};
use crate::message::is_name;
use crate::progress::{self, Progress};
use crate::task::Writer;
use crate::{Compared, Inspected, Observer, Options, Sample, SeriesTask, Site, Statistics, Task, Written};

/// One dataset of a grid: what plans ask for again and again, and where the rest is found when it is at work.
/// There are millions.
pub(super) struct GridTask {
    origin: Origin,
    /// The digits of its `data_id`, and behind them its member.
    names: Box<str>,
    place: Arc<Place>,
    /// The number of its pack.
    pack: Option<u32>,
    values: u64,
    memory: u64,
    disk: u64,
    cost: f64,
}

/// What a task is made from.
enum Origin {
    /// A record of the document, and which of its grid.
    Record(Arc<Common>, u32),
    /// A sidecar.
    Sidecar(Box<Work>),
}

/// Hexadecimal digits of a `data_id`.
const DIGITS: usize = 8;

impl GridTask {
    /// The task `at` of the grid of a record, in the pack of this number.
    pub(super) fn planned(work: &Work, pack: Option<u32>, record: Arc<Common>, at: u32) -> Self {
        GridTask { pack, ..GridTask::new(work, work.member(), Origin::Record(record, at)) }
    }

    /// The task that wrote `sidecar`.
    pub(super) fn restored(recipe: Recipe, sidecar: &Sidecar) -> Self {
        let series = sidecar.series();
        let axis = series.and_then(|series| series.zscore_axis.parse().ok()).unwrap_or_default();
        let work = Work {
            config_id: recipe.model.identity().config_id(),
            data_id: recipe.data_id(),
            folder: series.map(|series| series.storage_dir.clone()).unwrap_or_default(),
            place: Arc::new(Place {
                model: recipe.model.name(),
                position: Position::new("".into(), 0, 0),
                outdir: PathBuf::new(),
                overridden: None,
                formats: Vec::new(),
                form: Form::default(),
                // They are there if they were wanted.
                nonfinite: true,
                compression: Compression::default(),
            }),
            pack: None,
            zscore: (recipe.zscore.is_some(), axis),
            recipe,
        };
        // A sidecar may say any folder: the name is that of the recipe.
        GridTask::new(&work.clone(), &work.config_id.clone(), Origin::Sidecar(Box::new(work)))
    }

    fn new(work: &Work, member: &str, origin: Origin) -> Self {
        GridTask {
            origin,
            names: format!("{}{member}", work.data_id).into(),
            place: work.place.clone(),
            pack: None,
            values: work.values(),
            memory: work.memory(),
            disk: work.disk(),
            cost: work.cost(),
        }
    }

    /// The task in full.
    fn work(&self) -> Work {
        let (recipe, zscore) = match &self.origin {
            Origin::Record(record, at) => record.again(*at),
            Origin::Sidecar(work) => return (**work).clone(),
        };
        Work {
            recipe,
            config_id: self.name().to_owned(),
            data_id: self.data_id().to_owned(),
            folder: self.folder(),
            place: self.place.clone(),
            pack: self.pack.map(|number| packs::name(self.place.model, number)),
            zscore,
        }
    }
}

impl Task for GridTask {
    fn name(&self) -> &str {
        self.member().split('/').next().unwrap_or_default()
    }

    fn data_id(&self) -> &str {
        &self.names[..DIGITS]
    }

    fn entropy(&self) -> Int {
        self.work().recipe.entropy
    }

    fn position(&self) -> &Position {
        &self.place.position
    }

    fn outdir(&self) -> &Path {
        &self.place.outdir
    }

    fn overridden_outdir(&self) -> Option<&Path> {
        self.place.overridden.as_deref()
    }

    fn folder(&self) -> String {
        format!("{}/{}", self.place.model, self.member())
    }

    fn formats(&self) -> Vec<&'static str> {
        self.place.formats.iter().map(|format| format.name()).collect()
    }

    fn is_saved(&self) -> bool {
        !self.place.formats.is_empty()
    }

    fn holds(&self, artefact: &Artefact, format: &str) -> bool {
        let is_table = format.parse().is_ok_and(Format::is_table);
        artefact.format == format && (!is_table || artefact.form == self.place.form)
    }

    fn is_own(&self, file: &str) -> bool {
        let rest = file.strip_prefix(self.name());
        is_name(file) && rest.is_some_and(|rest| rest.starts_with('.'))
    }

    fn pack(&self) -> Option<PathBuf> {
        let name = packs::name(self.place.model, self.pack?);
        Some(self.place.outdir.join(self.place.model).join(name))
    }

    fn member(&self) -> &str {
        &self.names[DIGITS..]
    }

    fn values(&self) -> u64 {
        self.values
    }

    fn memory(&self) -> u64 {
        self.memory
    }

    fn disk(&self) -> u64 {
        self.disk
    }

    fn cost(&self) -> f64 {
        self.cost
    }

    fn describe(&self) -> Map {
        self.work().describe(&self.location())
    }

    fn write(
        &self,
        formats: &[&str],
        earlier: Option<&Sidecar>,
        claim: Pending,
        options: &Options,
        store: &Store<usize>,
        observer: &dyn Observer,
    ) -> Result<Written, SourceError> {
        let formats: Vec<Format> = formats.iter().filter_map(|name| name.parse().ok()).collect();
        self.work().write(&formats, earlier, claim, options.resume, store, observer)
    }

    fn is_begun(&self) -> bool {
        progress::is_in(&self.path(), self.name())
    }

    fn forget(&self) {
        Progress::new(&self.path(), self.name(), self.data_id()).remove();
    }

    fn is_intact(&self, site: &Site) -> bool {
        self.work().is_intact(site)
    }

    fn inspect(&self, site: &Site) -> Inspected {
        self.work().inspect(site).into()
    }

    fn compare(&self, site: &Site, sample: Option<Sample>, observer: &dyn Observer) -> Compared {
        self.work().compare(site, sample, observer)
    }

    fn series(&self) -> Option<&dyn SeriesTask> {
        Some(self)
    }
}

impl SeriesTask for GridTask {
    fn summarise(&self, observer: &dyn Observer) -> Result<Statistics, SourceError> {
        self.work().summarise(observer)
    }

    fn form(&self) -> Form {
        self.place.form
    }

    fn source<'a>(&self, observer: &'a dyn Observer) -> Box<dyn SlabSource + 'a> {
        self.work().source(observer)
    }

    fn write_member(
        &self,
        source: &mut dyn SlabSource,
        pack: &mut PackWriter,
        observer: &dyn Observer,
    ) -> Result<(), SourceError> {
        self.work().write_member(source, pack, observer)
    }

    fn facts(&self) -> Facts {
        self.work().facts()
    }

    fn row(&self, artefacts: &[Artefact]) -> Option<CatalogueRow> {
        self.work().row(artefacts)
    }

    fn stream(
        &self,
        format: Format,
        part: Part,
        writer: Writer,
        observer: &dyn Observer,
    ) -> Result<Writer, SourceError> {
        self.work().stream(format, part, writer, observer)
    }

    fn columns(&self) -> String {
        self.work().columns()
    }
}
