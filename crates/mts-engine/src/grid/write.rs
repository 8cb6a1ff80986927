//! A dataset on its way to its files.

use std::io::Write;
use std::time::Instant;

use mts_core::{Head, SlabSource, SourceError, Truth};
use mts_hash::Map;
use mts_io::{
    Artefact, Digesting, Finished, Form, Format, Pending, Sidecar, SlabSink, Store, TruthFiles, begin, resume,
};
use rayon::prelude::*;

use super::labels;
use super::work::{CLEAN, TRUTH, Work};
use crate::checkpoints::{CHECKPOINTS, Checkpoint, EXTENSION, Recording};
use crate::pipe::{Interrupted, pipe};
use crate::progress::{Point, Progress};
use crate::{Observer, Written};

impl Work {
    pub(super) fn write(
        &self,
        formats: &[Format],
        earlier: Option<&Sidecar>,
        mut claim: Pending,
        resume: bool,
        store: &Store<usize>,
        observer: &dyn Observer,
    ) -> Result<Written, SourceError> {
        let mut labels = None;
        let mut values = self.source(observer);
        if self.recipe.is_labelled() {
            let (watched, written) = labels::written(values, store, &self.file(labels::EXTENSION))?;
            (values, labels) = (watched, Some(written));
        }
        let mut source = Recording::new(values);
        let extra = self.extra();
        let mut progress = Progress::new(&self.path(), &self.config_id, &self.data_id);
        // What happened before a point is in no file yet: what has labels begins again.
        let begun = if resume && labels.is_none() { progress.load() } else { None };
        let continued = begun.and_then(|point| self.go_on(&point, formats, store, &extra, observer));
        let mut sinks = match continued {
            Some((again, sinks)) => {
                source = again;
                observer.continues(&self.config_id, source.done());
                sinks
            }
            None => self.begin(formats, store, source.head(), &extra, "")?,
        };
        let written = fill(&mut source, &mut sinks, &mut progress, observer)
            .and_then(|()| self.ended(sinks, labels.as_ref(), formats, store, observer))
            .and_then(|ended| self.complete(&source, ended, formats, earlier, &mut claim, store));
        match written {
            Ok((mut files, artefacts)) => {
                files.push(claim);
                Ok(Written { files, artefacts })
            }
            // What was begun is continued as that of a killed run is.
            Err(error) if error.is::<Interrupted>() && observer.keeps_begun() => Err(error),
            Err(error) => {
                // Nobody continues a run that ended by itself: what it could have been continued from goes.
                progress.remove();
                let _ = store.remove_stale(&self.path());
                Err(error)
            }
        }
    }

    /// Ends the data files, and makes what is as long as they are: the twin, and the labels.
    fn ended(
        &self,
        sinks: Vec<Sink>,
        labels: Option<&labels::Written>,
        formats: &[Format],
        store: &Store<usize>,
        observer: &dyn Observer,
    ) -> Result<Vec<(Pending, Artefact)>, SourceError> {
        let mut ended = self.finish(sinks, "")?;
        if self.recipe.clean {
            let mut source = self.recipe.clean_source(&self.attributes(), self.place.nonfinite, observer);
            let mut sinks = self.begin(formats, store, source.head(), &self.clean_extra(), CLEAN)?;
            pipe(&mut source, &Quiet(observer), |slabs| {
                Ok(sinks.par_iter_mut().try_for_each(|(_, sink)| sink.write(slabs))?)
            })?;
            ended.extend(self.finish(sinks, CLEAN)?);
        }
        if let Some(Finished { pending, digest }) = labels.map(labels::Written::finish).transpose()?.flatten()
        {
            let file = self.file_name(labels::EXTENSION);
            ended.push((
                pending,
                Artefact { file, format: labels::LABELS.to_owned(), form: Form::default(), digest },
            ));
        }
        Ok(ended)
    }

    fn finish(&self, sinks: Vec<Sink>, role: &str) -> Result<Vec<(Pending, Artefact)>, SourceError> {
        let finish = |(format, sink): Sink| {
            let Finished { pending, digest } = sink.finish()?;
            let file = self.file_name(&format!("{role}{}", format.extension()));
            let form = if format.is_table() { self.place.form } else { Form::default() };
            Ok((pending, Artefact { file, format: format!("{role}{format}"), form, digest }))
        };
        sinks.into_iter().map(finish).collect()
    }

    /// Writes all that lies beside the data, the sidecar into `claim`.
    fn complete(
        &self,
        source: &Recording,
        ended: Vec<(Pending, Artefact)>,
        formats: &[Format],
        earlier: Option<&Sidecar>,
        claim: &mut Pending,
        store: &Store<usize>,
    ) -> Result<(Vec<Pending>, Vec<Artefact>), SourceError> {
        let mut files = Vec::new();
        let mut artefacts = earlier.map(|sidecar| sidecar.artefacts.clone()).unwrap_or_default();
        artefacts.retain(|artefact| {
            let of = artefact.format.strip_prefix(CLEAN).unwrap_or(&artefact.format);
            ![TRUTH, CHECKPOINTS, labels::LABELS].contains(&of)
                && formats.iter().all(|format| format.name() != of)
        });
        for (pending, artefact) in ended {
            files.push(pending);
            artefacts.push(artefact);
        }
        let truth = TruthFiles::new(source.head().truth.as_ref().unwrap_or(&Truth::default()))?;
        let checkpoints = source.text();
        let checkpoints = checkpoints.iter().map(|text| (CHECKPOINTS, EXTENSION, text.as_bytes()));
        let archive = truth.npz.iter().map(|npz| (TRUTH, "truth.npz", npz.as_slice()));
        let truth = [(TRUTH, "truth.json", truth.json.as_bytes())];
        for (format, extension, content) in checkpoints.chain(archive).chain(truth) {
            let (pending, artefact) = self.write_whole(format, extension, content, store)?;
            files.push(pending);
            artefacts.push(artefact);
        }
        artefacts.sort_by(|a, b| a.file.cmp(&b.file));
        let sidecar = self.sidecar_of(source.head().attributes.clone(), artefacts);
        claim.write_all(sidecar.to_text().as_bytes())?;
        Ok((files, sidecar.artefacts))
    }

    /// Writes a file that is no data file.
    fn write_whole(
        &self,
        format: &str,
        extension: &str,
        content: &[u8],
        store: &Store<usize>,
    ) -> Result<(Pending, Artefact), SourceError> {
        let mut writer = Digesting::new(store.create(&self.file(extension))?);
        writer.write_all(content)?;
        let (pending, digest) = writer.finish();
        Ok((
            pending,
            Artefact {
                file: self.file_name(extension),
                format: format.to_owned(),
                form: Form::default(),
                digest,
            },
        ))
    }

    /// Begins all data files, or those of a twin.
    fn begin(
        &self,
        formats: &[Format],
        store: &Store<usize>,
        head: &Head,
        extra: &Map,
        role: &str,
    ) -> Result<Vec<Sink>, SourceError> {
        let begin = |format: &Format| {
            let path = self.file(&format!("{role}{}", format.extension()));
            Ok((*format, begin(store, &path, *format, &self.contents(head, extra))?))
        };
        formats.iter().map(begin).collect()
    }

    /// Goes on where a killed run was, if all of its files can; what is left of them is stale otherwise.
    fn go_on<'a>(
        &self,
        point: &Point,
        formats: &[Format],
        store: &Store<usize>,
        extra: &Map,
        observer: &'a dyn Observer,
    ) -> Option<(Recording<'a>, Vec<Sink>)> {
        let mut source = Recording::new(self.source(observer));
        source.resume(&point.checkpoints).ok()?;
        let step = point.checkpoints.last().map_or(0, |last| last.step);
        let go_on = |format: &Format| {
            let (_, state) = point.files.iter().find(|(known, _)| known == format)?;
            let path = self.file(format.extension());
            let sink = resume(store, &path, *format, &self.contents(source.head(), extra), state).ok()?;
            (sink.steps() == step).then_some((*format, sink))
        };
        let sinks = formats.iter().map(go_on).collect::<Option<Vec<_>>>()?;
        Some((source, sinks))
    }
}

/// Who is not told how far it is.
struct Quiet<'a>(&'a dyn Observer);

impl Observer for Quiet<'_> {
    fn is_interrupted(&self) -> bool {
        self.0.is_interrupted()
    }
}

/// A data file that is being written.
type Sink = (Format, Box<dyn SlabSink<Finished>>);

/// Passes what is left of `source` on to `sinks`, which are as far as it is, and remembers at checkpoints how
/// far that is.
fn fill(
    source: &mut Recording,
    sinks: &mut [Sink],
    progress: &mut Progress,
    observer: &dyn Observer,
) -> Result<(), SourceError> {
    let slab = source.head().shape.slab();
    let recorded = source.checkpoints();
    let mut done = source.done();
    observer.advance((done * slab) as u64);
    pipe(source, observer, |mut slabs| {
        while !slabs.is_empty() {
            let ahead = recorded.as_ref().map_or(usize::MAX, |(distance, _)| distance - done % distance);
            let steps = ahead.min(slabs.len() / slab);
            let (now, later) = slabs.split_at(steps * slab);
            sinks.par_iter_mut().try_for_each(|(_, sink)| sink.write(now))?;
            (done, slabs) = (done + steps, later);
            if let Some((distance, checkpoints)) = &recorded
                && done.is_multiple_of(*distance)
                && progress.is_due()
            {
                let reached = Checkpoint::up_to(checkpoints, done);
                remember(sinks, reached, progress)?;
            }
        }
        Ok(())
    })
}

/// Remembers a point, where all files can be continued from there.
fn remember(
    sinks: &mut [Sink],
    checkpoints: Vec<Checkpoint>,
    progress: &mut Progress,
) -> Result<(), SourceError> {
    let begun = Instant::now();
    let mut files = Vec::new();
    for (format, sink) in sinks {
        let Some(state) = sink.checkpoint()? else { return Ok(()) };
        files.push((*format, state));
    }
    Ok(progress.store(&Point { checkpoints, files }, begun)?)
}
