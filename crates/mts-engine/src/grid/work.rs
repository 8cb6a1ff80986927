//! What is known of a dataset while it is being made.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use mts_config::Position;
use mts_core::{Facts, Head, Instants, Shape, SlabSource, SourceError, Streams, TimeAxis, Truth, ZscoreAxis};
use mts_hash::{Map, Value};
use mts_io::{
    About, AboutSeries, Artefact, CatalogueRow, Compression, Contents, Form, Format, PackWriter, Part,
    Sidecar, stream,
};

use super::labels;
use super::recipe::Recipe;
use super::split::Split;
use crate::checkpoints::{self, CHECKPOINTS, EXTENSION};
use crate::compare::Allowed;
use crate::message::{is_name, shown};
use crate::pipe::{self, pipe};
use crate::task::Writer;
use crate::{Compared, Observer, Sample, Site, Statistics, compare, statistics};

/// A task in full. Many tasks wait and few are at work, so that it is made when it is needed.
#[derive(Clone)]
pub(super) struct Work {
    pub(super) recipe: Recipe,
    pub(super) config_id: String,
    pub(super) data_id: String,
    /// The dataset's folder below that of the document.
    pub(super) folder: String,
    pub(super) place: Arc<Place>,
    /// The name of the pack that it is in, within the folder of the model.
    pub(super) pack: Option<String>,
    /// As asked for: the axis is recorded even where nothing is standardised.
    pub(super) zscore: (bool, ZscoreAxis),
}

/// Where the files of tasks go, and which they are.
#[derive(PartialEq)]
pub(super) struct Place {
    pub(super) model: &'static str,
    /// Where the record stands in the document.
    pub(super) position: Position,
    pub(super) outdir: PathBuf,
    /// The record's own, where the request goes before it.
    pub(super) overridden: Option<PathBuf>,
    pub(super) formats: Vec<Format>,
    pub(super) form: Form,
    /// Whether NaN and infinities are kept.
    pub(super) nonfinite: bool,
    pub(super) compression: Compression,
}

impl Work {
    /// The attributes that say what the dataset is, after the model's own.
    pub(super) fn attributes(&self) -> Map {
        let (slug, hash8) = self.slug_and_hash();
        let mut map = Map::new();
        map.insert("model", self.recipe.model.name());
        map.insert("config_id", self.config_id.as_str());
        map.insert("slug", slug);
        map.insert("hash8", hash8);
        map.insert("n_realizations", self.recipe.model.shape().realizations());
        map.insert("seed_entropy", self.recipe.entropy.clone());
        map.insert("params", self.recipe.model.params().clone());
        map
    }

    /// What files hold beside the attributes.
    pub(super) fn extra(&self) -> Map {
        let mut map = Map::new();
        map.insert("zscore", self.zscore.0);
        map.insert("zscore_axis", self.zscore.1.name());
        map.insert("storage_dir", self.folder.as_str());
        map.insert("data_id", self.data_id.as_str());
        map.insert("recipe", self.recipe.to_map());
        map
    }

    /// What files of the twin hold beside the attributes.
    pub(super) fn clean_extra(&self) -> Map {
        let mut map = self.extra();
        map.insert("clean", true);
        map
    }

    /// Keys and texts of the levels below the folder of the configuration.
    pub(super) fn levels(&self) -> Vec<(&str, &str)> {
        self.member().split('/').skip(1).filter_map(|level| level.split_once('=')).collect()
    }

    /// Its address in a pack.
    pub(super) fn member(&self) -> &str {
        self.folder.split_once('/').map_or("", |(_, member)| member)
    }

    pub(super) fn path(&self) -> PathBuf {
        self.place.outdir.join(&self.folder)
    }

    pub(super) fn shape(&self) -> Shape {
        self.recipe.model.shape()
    }

    /// The halves of its name.
    fn slug_and_hash(&self) -> (&str, &str) {
        self.config_id.rsplit_once("__").unwrap_or_default()
    }

    pub(super) fn sidecar_of(&self, attributes: Map, artefacts: Vec<Artefact>) -> Sidecar {
        let (slug, hash8) = self.slug_and_hash();
        Sidecar {
            about: About::Series(Box::new(AboutSeries {
                config_id: self.config_id.clone(),
                slug: slug.to_owned(),
                hash8: hash8.to_owned(),
                model: self.recipe.model.name().to_owned(),
                n_realizations: self.recipe.model.shape().realizations() as u64,
                params: self.recipe.model.params().clone(),
                storage_dir: self.folder.clone(),
                zscore: self.zscore.0,
                zscore_axis: self.zscore.1.name().to_owned(),
                split: self.recipe.split.as_ref().map(Split::to_map),
                attributes,
            })),
            seed_entropy: self.recipe.entropy.clone(),
            data_id: self.data_id.clone(),
            recipe: self.recipe.to_map().into(),
            artefacts,
        }
    }

    pub(super) fn contents<'a>(&'a self, head: &'a Head, extra: &'a Map) -> Contents<'a> {
        let Place { form, compression, .. } = *self.place;
        Contents { head, config_id: &self.config_id, form, compression, extra }
    }

    pub(super) fn file_name(&self, extension: &str) -> String {
        format!("{}.{extension}", self.config_id)
    }

    pub(super) fn file(&self, extension: &str) -> PathBuf {
        self.path().join(self.file_name(extension))
    }

    /// What is known before anything is drawn.
    fn head(&self) -> Head {
        self.recipe.head(&self.attributes())
    }

    fn compare_attributes(&self, sidecar: &Sidecar, expected: &Map) -> Option<String> {
        let text = |map: &Map| mts_hash::canonical_json(&map.clone().into());
        let same = sidecar.series().is_some_and(|series| text(expected) == text(&series.attributes));
        (!same).then(|| "the sidecar's \"attributes\" are not what the recipe gives".to_owned())
    }

    /// Whether this task writes such a file.
    fn is_own(&self, artefact: &Artefact, site: &Site) -> bool {
        if let Site::Member(..) = site {
            return is_name(&artefact.file);
        }
        match artefact.format.parse::<Format>() {
            Ok(format) => artefact.file == self.file_name(format.extension()),
            Err(()) if artefact.format.starts_with(CLEAN) => {
                let format = artefact.format[CLEAN.len()..].parse::<Format>();
                format.is_ok_and(|format| {
                    artefact.file == self.file_name(&format!("{CLEAN}{}", format.extension()))
                })
            }
            Err(()) if artefact.format == labels::LABELS => {
                artefact.file == self.file_name(labels::EXTENSION)
            }
            Err(()) => {
                let names = ["truth.json", "truth.npz"].map(|extension| self.file_name(extension));
                let checkpoints = artefact.file == self.file_name(EXTENSION);
                artefact.format == TRUTH && names.contains(&artefact.file)
                    || artefact.format == CHECKPOINTS && checkpoints
            }
        }
    }

    /// What the sidecar says against what this task knows.
    fn compare_sidecar(&self, sidecar: &Sidecar, site: &Site) -> Vec<String> {
        let Some(series) = sidecar.series() else {
            return vec!["the sidecar is not that of series".to_owned()];
        };
        let mut expected = self.sidecar_of(series.attributes.clone(), sidecar.artefacts.clone());
        if let About::Series(expected) = &mut expected.about {
            expected.storage_dir.clone_from(&series.storage_dir);
        }
        let parsed = |sidecar: &Sidecar| mts_hash::parse(sidecar.to_text().trim_end()).ok();
        let (Some(ours), Some(theirs)) = (parsed(&expected), parsed(sidecar)) else { return Vec::new() };
        let keys = ours.as_map().into_iter().flat_map(Map::iter);
        let differing = keys.filter(|(key, value)| theirs.get(key) != Some(*value)).map(|(key, _)| key);
        let foreign =
            sidecar.artefacts.iter().any(|artefact| !self.is_own(artefact, site)).then_some("artefacts");
        let wrong = differing.chain(foreign);
        wrong.map(|key| format!("the sidecar's {key:?} is not what the recipe gives")).collect()
    }
}

/// What a series takes at most to make its realizations at the same time.
const WEAVER: u64 = 4 << 20;

/// Nanoseconds that a dataset takes, however small, and encoding a value in a format.
const DATASET_COST: f64 = 200_000.0;
const VALUE_COST: f64 = 10.0;

/// What the formats and extensions of a twin begin with.
pub(super) const CLEAN: &str = "clean.";

/// The name of truth files among artefacts.
pub(super) const TRUTH: &str = "truth";

impl Work {
    pub(super) fn values(&self) -> u64 {
        self.recipe.model.shape().values() as u64
    }

    pub(super) fn memory(&self) -> u64 {
        let shape = self.recipe.model.shape();
        let facts = self.recipe.longer.facts();
        let path = if facts.whole_path { 8 * self.recipe.longer.shape().values() as u64 } else { 0 };
        let labels = if self.recipe.is_labelled() { labels::MEMORY } else { 0 };
        let transforms = self.recipe.transforms.memory();
        let chunk = pipe::memory(shape);
        // Means, extremes and squares of every series while it is standardised along time.
        let zscore = if self.recipe.zscore.is_some() { 96 * shape.slab() as u64 } else { 0 };
        let initial = 16 * shape.slab() as u64;
        // Parts of realizations before they are woven together.
        let parts = match self.recipe.streams {
            Streams::Shared => 0,
            Streams::PerRealization => WEAVER + 8 * shape.slab() as u64,
        };
        let sinks =
            self.place.formats.iter().map(|format| format.memory(shape, self.place.form)).sum::<u64>();
        let checkpoints = checkpoints::memory(shape, facts.state_bytes + initial);
        [facts.state_bytes, path, labels, transforms, chunk, zscore, initial, parts, sinks, checkpoints]
            .into_iter()
            .fold(0, u64::saturating_add)
    }

    pub(super) fn disk(&self) -> u64 {
        let shape = self.recipe.model.shape();
        let size = |format: &Format| format.size(shape, self.recipe.dtype, self.place.form, &self.config_id);
        let once = self.place.formats.iter().map(size).fold(0, u64::saturating_add);
        if self.recipe.clean { once.saturating_mul(2) } else { once }
    }

    pub(super) fn cost(&self) -> f64 {
        let (values, formats) = (self.values() as f64, self.place.formats.len() as f64);
        let (shape, facts) = (self.recipe.longer.shape(), self.recipe.longer.facts());
        let unseen = facts.unseen as f64 * shape.slab() as f64;
        // Means and deviations along time take two more passes.
        let along_time =
            self.recipe.transforms.along_time() + usize::from(self.recipe.zscore == Some(ZscoreAxis::Time));
        let passes = (1 + 2 * along_time) as f64;
        let made = (passes * shape.values() as f64 + unseen) * facts.cost + facts.draw_cost;
        let once = made + values * VALUE_COST * formats;
        DATASET_COST + if self.recipe.clean { 2.0 * once } else { once }
    }

    /// `location` is where people find it.
    pub(super) fn describe(&self, location: &Path) -> Map {
        let shape = self.recipe.model.shape();
        let mut map = Map::new();
        map.insert("config_id", self.config_id.as_str());
        map.insert("data_id", self.data_id.as_str());
        map.insert("model", self.recipe.model.name());
        map.insert("channels", shape.channels());
        map.insert("steps", shape.steps());
        map.insert("realizations", shape.realizations());
        map.insert("values", self.values());
        map.insert("bytes", self.disk());
        map.insert("memory", self.memory());
        map.insert("entropy", self.recipe.entropy.clone());
        map.insert("spawn_key", self.recipe.spawn_key.clone());
        map.insert("streams", self.recipe.streams.name());
        map.insert("zscore", self.recipe.zscore.map(ZscoreAxis::name));
        map.insert("transforms", self.recipe.to_map().get("transforms").cloned().unwrap_or(Value::Null));
        map.insert("interventions", self.recipe.interventions.len());
        map.insert("clean", self.recipe.clean);
        map.insert("labelled", self.recipe.is_labelled());
        map.insert("split", self.recipe.split.as_ref().map(Split::to_map));
        map.insert("dtype", self.recipe.dtype.name());
        map.insert("start", self.recipe.dates.map(Instants::start));
        map.insert("freq", self.recipe.dates.map(Instants::frequency));
        map.insert("form", self.place.form.name());
        map.insert("compression", self.place.compression.name());
        map.insert("path", location.display().to_string());
        let files = match &self.pack {
            Some(pack) => vec![pack.clone()],
            None => self.place.formats.iter().map(|format| self.file_name(format.extension())).collect(),
        };
        map.insert("files", files);
        map.insert("params", self.recipe.model.params().clone());
        map
    }

    /// Its values, until `observer` is asked to stop.
    pub(super) fn source<'a>(&self, observer: &'a dyn Observer) -> Box<dyn SlabSource + 'a> {
        self.recipe.source(&self.attributes(), self.place.nonfinite, observer)
    }

    pub(super) fn write_member(
        &self,
        source: &mut dyn SlabSource,
        pack: &mut PackWriter,
        observer: &dyn Observer,
    ) -> Result<(), SourceError> {
        let extra = self.extra();
        let none = Truth::default();
        let truth = source.head().truth.as_ref().unwrap_or(&none);
        let mut sink = pack.begin(&self.contents(source.head(), &extra), &self.levels(), truth)?;
        let attributes = source.head().attributes.clone();
        pipe(source, observer, |slabs| Ok(sink.write(slabs)?))?;
        Ok(sink.finish(&self.sidecar_of(attributes, Vec::new()))?)
    }

    pub(super) fn facts(&self) -> Facts {
        self.recipe.facts()
    }

    pub(super) fn row(&self, artefacts: &[Artefact]) -> Option<CatalogueRow> {
        let data = artefacts.iter().filter_map(|file| Some((file.format.parse::<Format>().ok()?, file)));
        let mut data: Vec<(Format, &Artefact)> = data.collect();
        data.sort_by_key(|(format, _)| *format);
        let ((format, file), others) = data.split_first()?;
        let path = match &self.pack {
            Some(pack) => format!("{}/{pack}#{}", self.recipe.model.name(), self.member()),
            None => format!("{}/{}", self.folder, file.file),
        };
        Some(CatalogueRow {
            config_id: self.config_id.clone(),
            data_id: self.data_id.clone(),
            model: self.recipe.model.name().to_owned(),
            shape: self.shape(),
            dtype: self.recipe.dtype,
            seed_entropy: self.recipe.entropy.clone(),
            spawn_key: self.recipe.spawn_key.clone(),
            path,
            format: *format,
            formats: others.iter().map(|(format, _)| *format).collect(),
            digest: file.digest.clone(),
            params: self.recipe.model.params().clone(),
        })
    }

    pub(super) fn stream(
        &self,
        format: Format,
        part: Part,
        writer: Writer,
        observer: &dyn Observer,
    ) -> Result<Writer, SourceError> {
        let mut source = self.source(observer);
        let extra = self.extra();
        let mut sink = stream(format, writer, &self.contents(source.head(), &extra), part)?;
        pipe(&mut source, observer, |slabs| Ok(sink.write(slabs)?))?;
        Ok(sink.finish()?)
    }

    pub(super) fn columns(&self) -> String {
        let shape = self.recipe.model.shape();
        let time = match self.recipe.time() {
            TimeAxis::Steps => "steps",
            TimeAxis::Seconds { .. } => "seconds",
            TimeAxis::Instants(dates) if !dates.is_whole() => "dates with microseconds",
            TimeAxis::Instants(_) => "dates",
        };
        let channels = match self.place.form {
            Form::Wide => format!("{} channels, ", shape.channels()),
            Form::Long | Form::Panel => String::new(),
        };
        format!("{channels}time in {time}, values of {}", self.recipe.dtype.name())
    }

    pub(super) fn summarise(&self, observer: &dyn Observer) -> Result<Statistics, SourceError> {
        let mut summary = statistics::Summary::default();
        let mut source = self.source(observer);
        pipe(&mut source, observer, |slabs| {
            summary.add(slabs);
            Ok(())
        })?;
        Ok(summary.statistics())
    }

    pub(super) fn is_intact(&self, site: &Site) -> bool {
        let Ok(found) = site.sidecar() else { return false };
        let sound = |artefact: &Artefact| self.is_own(artefact, site) && site.check_bytes(artefact).is_none();
        let whole = found.artefacts.iter().all(sound);
        let text = match site {
            Site::Beside(path) => mts_io::read_text(path, compare::MAX_TEXT).unwrap_or_default(),
            Site::Member(..) => found.to_text(),
        };
        whole && text == self.sidecar_of(self.head().attributes, found.artefacts).to_text()
    }

    /// What should lie beside the data and is not named.
    fn lacking_beside(&self, sidecar: &Sidecar, site: &Site) -> Vec<String> {
        let Site::Beside(_) = site else { return Vec::new() };
        let has = |format: &str| sidecar.artefacts.iter().any(|artefact| artefact.format == format);
        let mut lacking = Vec::new();
        if self.recipe.is_labelled() && !has(labels::LABELS) {
            lacking.push("the labels are missing".to_owned());
        }
        for format in Format::NAMES.iter().filter(|format| self.recipe.clean && has(format)) {
            if !has(&format!("{CLEAN}{format}")) {
                lacking.push(format!("the {format} file of the clean twin is missing"));
            }
        }
        lacking
    }

    pub(super) fn inspect(&self, site: &Site) -> Vec<String> {
        let sidecar = match site.sidecar() {
            Ok(sidecar) => sidecar,
            Err(error) => return vec![error.to_string()],
        };
        if sidecar.data_id != self.data_id {
            let (seed, own) = (&sidecar.seed_entropy, &self.recipe.entropy);
            let (seed, own) = (shown(&seed.to_string()), shown(&own.to_string()));
            let (found, wanted) = (shown(&sidecar.data_id), &self.data_id);
            return vec![format!(
                "holds other data: seed {seed}, the document gives {own} (data {found}, here {wanted})"
            )];
        }
        let mut findings = self.compare_sidecar(&sidecar, site);
        let folder = sidecar.series().map_or("", |series| series.storage_dir.as_str());
        if folder != self.folder {
            let (found, wanted) = (shown(folder), &self.folder);
            findings.push(format!("the sidecar says folder \"{found}\", here {wanted:?}"));
        }
        for format in &self.place.formats {
            match sidecar.artefacts.iter().find(|artefact| artefact.format == format.name()) {
                None => findings.push(format!("the {format} file is missing")),
                Some(found) if format.is_table() && found.form != self.place.form => {
                    let (found, wanted) = (found.form, self.place.form);
                    findings.push(format!(
                        "the {format} file has the {found} form, the document asks for {wanted}"
                    ));
                }
                Some(_) => {}
            }
        }
        findings.extend(self.lacking_beside(&sidecar, site));
        let head = self.head();
        findings.extend(self.compare_attributes(&sidecar, &head.attributes));
        findings.extend(compare::inspect_artefacts(
            site,
            &sidecar,
            &head,
            &self.extra(),
            match (self.place.nonfinite, self.recipe.transforms.may_be_missing()) {
                (true, _) => Allowed::Any,
                (false, true) => Allowed::Missing,
                (false, false) => Allowed::Finite,
            },
        ));
        findings
    }

    pub(super) fn compare(&self, site: &Site, sample: Option<Sample>, observer: &dyn Observer) -> Compared {
        let sidecar = match site.sidecar() {
            Ok(sidecar) => sidecar,
            Err(error) => return Compared { differences: vec![error.to_string()], parts: [1, 1] },
        };
        let mut findings = self.compare_sidecar(&sidecar, site);
        let own = format!("{}/{}", self.recipe.model.name(), self.config_id);
        let folder = sidecar.series().map_or("", |series| series.storage_dir.as_str());
        if !folder.strip_prefix(&own).is_some_and(|rest| rest.is_empty() || rest.starts_with('/')) {
            findings.push("the sidecar's \"storage_dir\" is not what the recipe gives".to_owned());
        }
        if !sidecar.artefacts.iter().any(|artefact| artefact.format.parse::<Format>().is_ok()) {
            findings.push("the sidecar names no data file".to_owned());
        }
        findings.extend(self.lacking_beside(&sidecar, site));
        let mut source = self.source(observer);
        findings.extend(self.compare_attributes(&sidecar, &source.head().attributes));
        let extra = self.extra();
        if let Some(sample) = sample {
            let (differing, parts) =
                compare::compare_sample(site, &sidecar, source, &extra, sample, observer);
            findings.extend(differing);
            return Compared { differences: findings, parts };
        }
        let mut labels = None;
        if let (Site::Beside(path), true) = (site, self.recipe.is_labelled()) {
            match labels::compared(source, &path.with_file_name(self.file_name(labels::EXTENSION))) {
                Ok((watched, expected)) => (source, labels) = (watched, Some(expected)),
                Err(error) => {
                    findings.push(error.to_string());
                    source = self.source(observer);
                }
            }
        }
        findings.extend(compare::compare_artefacts(site, &sidecar, source, &extra, observer));
        findings.extend(labels.and_then(|labels| labels.finding()));
        if self.recipe.clean {
            let twin = self.recipe.clean_source(&self.attributes(), self.place.nonfinite, observer);
            findings.extend(compare::compare_twin(
                site,
                &sidecar,
                twin,
                &self.clean_extra(),
                CLEAN,
                observer,
            ));
        }
        Compared { differences: findings, parts: [1, 1] }
    }
}
