//! From arguments to a document and a request.

use std::io::{self, Read};
use std::path::Path;

use mts_config::Document;
use mts_engine::{Plan, Request, Settings};

use crate::args;
use crate::exit::Failure;
use crate::output::Output;

impl args::Document {
    fn path(&self) -> &Path {
        self.document.as_deref().or(self.config.as_deref()).unwrap_or(Path::new("-"))
    }

    /// The document's name in messages and reports.
    pub(crate) fn name(&self) -> String {
        self.path().display().to_string()
    }

    pub(crate) fn load(&self) -> Result<Document, Failure> {
        let path = self.path();
        if path != Path::new("-") {
            return mts_config::load(path).map_err(Failure::from);
        }
        let mut bytes = Vec::new();
        // One byte more than the parser takes, so that it can say so.
        let limit = mts_config::limits::MAX_TEXT + 1;
        io::stdin()
            .lock()
            .take(limit)
            .read_to_end(&mut bytes)
            .map_err(|error| Failure::refused(format!("stdin: {error}")))?;
        let text = String::from_utf8(bytes).map_err(|error| {
            let offset = error.utf8_error().valid_up_to();
            Failure::refused(format!("<stdin>: not a text: no UTF-8 at byte {offset}"))
        })?;
        let document = mts_config::parse(&text, "<stdin>")?;
        if let Some(include) = document.root().entry("include") {
            let message = "`include` needs a file to be relative to, and this is stdin";
            return Err(Failure::refused(format!("{}: {message}", include.key_position)));
        }
        Ok(document)
    }
}

impl args::Requested {
    pub(crate) fn request(&self) -> Request {
        let flag = |on: bool, off: bool| if on || off { Some(on) } else { None };
        Request {
            settings: Settings {
                seed: self.seed.clone(),
                n_realizations: self.n_realizations,
                zscore: flag(self.zscore, self.no_zscore),
                zscore_axis: self.zscore_axis.as_deref().and_then(|name| name.parse().ok()),
                transforms: None,
                clean: None,
                split: None,
                streams: self.streams.as_deref().and_then(|name| name.parse().ok()),
                dtype: self.dtype.as_deref().and_then(|name| name.parse().ok()),
                time: None,
                csv: flag(self.csv, self.no_csv),
                save: flag(self.save, self.no_save),
                outdir: self.outdir.clone(),
            },
            formats: (!self.format.is_empty()).then(|| self.format.clone()),
            form: self.form.as_deref().and_then(|name| name.parse().ok()),
            compression: self.compression.as_deref().and_then(|name| name.parse().ok()),
            profile: self.profile.as_deref().and_then(|name| name.parse().ok()),
            rows: self.rows,
            url: self.url.clone(),
            scale: self.scale,
            limit: self.limit,
            pack: self.pack,
            shard: self.shard,
            memory: self.memory,
            allow_nonfinite: self.allow_nonfinite,
        }
    }
}

/// Runs `work` with the threads that were asked for, or one per core.
pub(crate) fn with_jobs<T: Send>(asked: Option<usize>, work: impl FnOnce() -> T + Send) -> T {
    let cores = || std::thread::available_parallelism().map_or(1, usize::from);
    mts_engine::with_jobs(asked.unwrap_or_else(cores), work)
}

/// Says which seed was drawn, so that the run can be repeated.
pub(crate) fn tell_seed(plan: &Plan, output: &Output) {
    if plan.entropy_was_drawn() {
        let seed = plan.entropy();
        output.say(format_args!("seed {seed} was drawn; --seed {seed} repeats this"));
    }
}
