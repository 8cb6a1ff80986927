//! One dataset of a grid.

use std::io::Write;
use std::path::{Path, PathBuf};

use mts_config::Position;
use mts_core::{Head, SlabSource, SourceError, Truth, ZscoreAxis};
use mts_hash::{Identity, Int, Map};
use mts_io::{Artefact, Digesting, Format, Pending, Sidecar, SlabSink, Store, TruthFiles, create};

use super::recipe::Recipe;
use crate::{Observer, Statistics, Task, Written, compare, statistics};

/// One dataset of a grid.
pub(super) struct GridTask {
    recipe: Recipe,
    identity: Identity,
    config_id: String,
    data_id: String,
    position: Position,
    outdir: PathBuf,
    folder: String,
    formats: Vec<Format>,
    /// As asked for: the axis is recorded even where nothing is standardised.
    zscore: (bool, ZscoreAxis),
}

/// A file being written, with its size and checksum.
type Sink = Box<dyn SlabSink<Digesting<Pending>>>;

impl GridTask {
    pub(super) fn new(
        recipe: Recipe,
        position: Position,
        outdir: PathBuf,
        folder: String,
        formats: Vec<Format>,
        zscore: (bool, ZscoreAxis),
    ) -> Self {
        let identity = recipe.model.identity();
        let (config_id, data_id) = (identity.config_id(), recipe.data_id());
        GridTask { recipe, identity, config_id, data_id, position, outdir, folder, formats, zscore }
    }

    pub(super) fn restore(recipe: Recipe, sidecar: &Sidecar) -> Self {
        let axis = sidecar.zscore_axis.parse().unwrap_or_default();
        let position = Position::new("".into(), 0, 0);
        let zscore = (recipe.zscore.is_some(), axis);
        GridTask::new(recipe, position, PathBuf::new(), sidecar.storage_dir.clone(), Vec::new(), zscore)
    }

    /// The attributes that say what the dataset is, after the model's own.
    fn attributes(&self) -> Map {
        let mut map = Map::new();
        map.insert("model", self.recipe.model.name());
        map.insert("config_id", self.config_id.as_str());
        map.insert("slug", self.identity.slug.as_str());
        map.insert("hash8", self.identity.hash8.as_str());
        map.insert("n_realizations", self.recipe.model.shape().realizations());
        map.insert("seed_entropy", self.recipe.entropy.clone());
        map.insert("params", self.recipe.model.params().clone());
        map
    }

    /// What files hold beside the attributes.
    fn extra(&self) -> Map {
        let mut map = Map::new();
        map.insert("zscore", self.zscore.0);
        map.insert("zscore_axis", self.zscore.1.name());
        map.insert("storage_dir", self.folder.as_str());
        map.insert("data_id", self.data_id.as_str());
        map.insert("recipe", self.recipe.to_map());
        map
    }

    fn source(&self) -> Result<Box<dyn SlabSource>, SourceError> {
        self.recipe.source(&self.attributes())
    }

    /// Passes all values through `take`, piece by piece.
    fn stream(
        &self,
        source: &mut dyn SlabSource,
        observer: &dyn Observer,
        mut take: impl FnMut(&[f64]) -> Result<(), SourceError>,
    ) -> Result<(), SourceError> {
        let slab = self.recipe.model.shape().slab();
        let mut buffer = vec![0.0; compare::chunk(self.recipe.model.shape())];
        loop {
            let steps = source.next(&mut buffer)?;
            if steps == 0 {
                return Ok(());
            }
            take(&buffer[..steps * slab])?;
            observer.advance((steps * slab) as u64);
        }
    }

    /// Writes one file of the truth.
    fn write_truth(
        &self,
        extension: &str,
        content: &[u8],
        store: &Store<usize>,
    ) -> Result<(Pending, Artefact), SourceError> {
        let mut writer = Digesting::new(store.create(&self.file(extension))?);
        writer.write_all(content)?;
        let (pending, digest) = writer.finish();
        Ok((pending, Artefact { file: self.file_name(extension), format: TRUTH.to_owned(), digest }))
    }

    fn sidecar_of(&self, attributes: Map, artefacts: Vec<Artefact>) -> Sidecar {
        Sidecar {
            config_id: self.config_id.clone(),
            slug: self.identity.slug.clone(),
            hash8: self.identity.hash8.clone(),
            model: self.recipe.model.name().to_owned(),
            n_realizations: self.recipe.model.shape().realizations() as u64,
            params: self.recipe.model.params().clone(),
            seed_entropy: self.recipe.entropy.clone(),
            storage_dir: self.folder.clone(),
            zscore: self.zscore.0,
            zscore_axis: self.zscore.1.name().to_owned(),
            attributes,
            data_id: self.data_id.clone(),
            recipe: self.recipe.to_map().into(),
            artefacts,
        }
    }

    fn file_name(&self, extension: &str) -> String {
        format!("{}.{extension}", self.config_id)
    }

    fn file(&self, extension: &str) -> PathBuf {
        self.path().join(self.file_name(extension))
    }

    /// What is known before anything is drawn.
    fn head(&self) -> Head {
        let facts = self.recipe.model.facts();
        let mut attributes = facts.attributes;
        for (name, value) in self.attributes().iter() {
            attributes.insert(name, value.clone());
        }
        Head { shape: self.recipe.model.shape(), time: facts.time, attributes, truth: None }
    }

    fn compare_attributes(&self, sidecar: &Sidecar, expected: &Map) -> Option<String> {
        let text = |map: &Map| mts_hash::canonical_json(&map.clone().into());
        let same = text(expected) == text(&sidecar.attributes);
        (!same).then(|| "the sidecar's \"attributes\" are not what the recipe gives".to_owned())
    }

    /// Whether this task writes such a file.
    fn is_own(&self, artefact: &Artefact) -> bool {
        match artefact.format.parse::<Format>() {
            Ok(format) => artefact.file == self.file_name(format.extension()),
            Err(()) => {
                let names = ["truth.json", "truth.npz"].map(|extension| self.file_name(extension));
                artefact.format == TRUTH && names.contains(&artefact.file)
            }
        }
    }

    /// What the sidecar says against what this task knows.
    fn compare_sidecar(&self, sidecar: &Sidecar) -> Vec<String> {
        let expected = self.sidecar_of(sidecar.attributes.clone(), sidecar.artefacts.clone());
        let expected = Sidecar { storage_dir: sidecar.storage_dir.clone(), ..expected };
        let parsed = |sidecar: &Sidecar| mts_hash::parse(sidecar.to_text().trim_end()).ok();
        let (Some(ours), Some(theirs)) = (parsed(&expected), parsed(sidecar)) else { return Vec::new() };
        let keys = ours.as_map().into_iter().flat_map(Map::iter);
        let differing = keys.filter(|(key, value)| theirs.get(key) != Some(*value)).map(|(key, _)| key);
        let foreign = sidecar.artefacts.iter().any(|artefact| !self.is_own(artefact)).then_some("artefacts");
        let wrong = differing.chain(foreign);
        wrong.map(|key| format!("the sidecar's {key:?} is not what the recipe gives")).collect()
    }
}

/// The name of truth files among artefacts.
pub(super) const TRUTH: &str = "truth";

impl Task for GridTask {
    fn name(&self) -> &str {
        &self.config_id
    }

    fn data_id(&self) -> &str {
        &self.data_id
    }

    fn entropy(&self) -> &Int {
        &self.recipe.entropy
    }

    fn position(&self) -> &Position {
        &self.position
    }

    fn outdir(&self) -> &Path {
        &self.outdir
    }

    fn folder(&self) -> &str {
        &self.folder
    }

    fn formats(&self) -> &[Format] {
        &self.formats
    }

    fn values(&self) -> u64 {
        self.recipe.model.shape().values() as u64
    }

    fn memory(&self) -> u64 {
        let shape = self.recipe.model.shape();
        let facts = self.recipe.model.facts();
        let path = if facts.whole_path { 8 * shape.values() as u64 } else { 0 };
        let chunk = 8 * compare::chunk(shape) as u64;
        // Means, extremes and squares of every series while it is standardised along time.
        let zscore = if self.recipe.zscore.is_some() { 96 * shape.slab() as u64 } else { 0 };
        let initial = 16 * shape.slab() as u64;
        let sinks = self.formats.iter().map(|format| format.memory(shape)).sum::<u64>();
        [facts.state_bytes, path, chunk, zscore, initial, sinks].into_iter().fold(0, u64::saturating_add)
    }

    fn disk(&self) -> u64 {
        let shape = self.recipe.model.shape();
        self.formats.iter().map(|format| format.size(shape, &self.config_id)).fold(0, u64::saturating_add)
    }

    fn describe(&self) -> Map {
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
        map.insert("path", self.path().display().to_string());
        let files = self.formats.iter().map(|format| self.file_name(format.extension()));
        map.insert("files", files.collect::<Vec<String>>());
        map.insert("params", self.recipe.model.params().clone());
        map
    }

    fn write(
        &self,
        formats: &[Format],
        earlier: Option<&Sidecar>,
        store: &Store<usize>,
        observer: &dyn Observer,
    ) -> Result<Written, SourceError> {
        let mut source = self.source()?;
        let extra = self.extra();
        let mut sinks: Vec<(Format, Sink)> = Vec::new();
        for format in formats {
            let writer = Digesting::new(store.create(&self.file(format.extension()))?);
            sinks.push((*format, create(*format, writer, source.head(), &self.config_id, &extra)?));
        }
        self.stream(&mut source, observer, |slabs| {
            sinks.iter_mut().try_for_each(|(_, sink)| sink.write(slabs)).map_err(Into::into)
        })?;
        let mut files = Vec::new();
        let mut artefacts = earlier.map(|sidecar| sidecar.artefacts.clone()).unwrap_or_default();
        artefacts.retain(|artefact| {
            artefact.format != TRUTH && formats.iter().all(|format| format.name() != artefact.format)
        });
        for (format, sink) in sinks {
            let (pending, digest) = sink.finish()?.finish();
            let file = self.file_name(format.extension());
            artefacts.push(Artefact { file, format: format.name().to_owned(), digest });
            files.push(pending);
        }
        let truth = TruthFiles::new(source.head().truth.as_ref().unwrap_or(&Truth::default()))?;
        let archive = truth.npz.iter().map(|npz| ("truth.npz", npz.as_slice()));
        for (extension, content) in archive.chain([("truth.json", truth.json.as_bytes())]) {
            let (pending, artefact) = self.write_truth(extension, content, store)?;
            files.push(pending);
            artefacts.push(artefact);
        }
        artefacts.sort_by(|a, b| a.file.cmp(&b.file));
        let bytes = artefacts.iter().map(|artefact| artefact.digest.bytes).sum();
        let sidecar = self.sidecar_of(source.head().attributes.clone(), artefacts);
        let mut writer = store.create(&self.sidecar())?;
        writer.write_all(sidecar.to_text().as_bytes())?;
        files.push(writer);
        Ok(Written { files, bytes })
    }

    fn summarise(&self, observer: &dyn Observer) -> Result<Statistics, SourceError> {
        let mut summary = statistics::Summary::default();
        let mut source = self.source()?;
        self.stream(&mut source, observer, |slabs| {
            summary.add(slabs);
            Ok(())
        })?;
        Ok(summary.statistics())
    }

    fn inspect(&self, path: &Path) -> Vec<String> {
        let sidecar = match Sidecar::read(path) {
            Ok(sidecar) => sidecar,
            Err(error) => return vec![error.to_string()],
        };
        if sidecar.data_id != self.data_id {
            let (seed, own) = (&sidecar.seed_entropy, &self.recipe.entropy);
            let (found, wanted) = (&sidecar.data_id, &self.data_id);
            return vec![format!(
                "holds other data: seed {seed}, the document gives {own} (data {found}, here {wanted})"
            )];
        }
        let mut findings = self.compare_sidecar(&sidecar);
        if sidecar.storage_dir != self.folder {
            findings
                .push(format!("the sidecar says folder {:?}, here {:?}", sidecar.storage_dir, self.folder));
        }
        for format in &self.formats {
            if !sidecar.artefacts.iter().any(|artefact| artefact.format == format.name()) {
                findings.push(format!("the {} file is missing", format.name()));
            }
        }
        let head = self.head();
        findings.extend(self.compare_attributes(&sidecar, &head.attributes));
        findings.extend(compare::inspect_artefacts(path, &sidecar, &head, &self.extra()));
        findings
    }

    fn compare(&self, path: &Path, observer: &dyn Observer) -> Vec<String> {
        let sidecar = match Sidecar::read(path) {
            Ok(sidecar) => sidecar,
            Err(error) => return vec![error.to_string()],
        };
        let mut findings = self.compare_sidecar(&sidecar);
        let own = format!("{}/{}", self.recipe.model.name(), self.config_id);
        if !sidecar
            .storage_dir
            .strip_prefix(&own)
            .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
        {
            findings.push("the sidecar's \"storage_dir\" is not what the recipe gives".to_owned());
        }
        if !sidecar.artefacts.iter().any(|artefact| artefact.format.parse::<Format>().is_ok()) {
            findings.push("the sidecar names no data file".to_owned());
        }
        match self.source() {
            Ok(source) => {
                findings.extend(self.compare_attributes(&sidecar, &source.head().attributes));
                findings.extend(compare::compare_artefacts(path, &sidecar, source, &self.extra(), observer));
            }
            Err(error) => findings.push(error.to_string()),
        }
        findings
    }
}
