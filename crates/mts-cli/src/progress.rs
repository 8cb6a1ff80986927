//! Progress of long work.

use indicatif::{ProgressBar, ProgressStyle};
use mts_engine::Observer;

use crate::output::Output;

/// A bar on terminals, and lines in the log.
pub(crate) struct Progress {
    bar: ProgressBar,
}

impl Progress {
    pub(crate) fn new(output: &Output) -> Self {
        let bar = if output.bar { ProgressBar::new(0) } else { ProgressBar::hidden() };
        let template = "{bar:40} {percent:>3} % {human_pos}/{human_len} values, {eta} left {msg}";
        if let Ok(style) = ProgressStyle::with_template(template) {
            bar.set_style(style);
        }
        Progress { bar }
    }
}

impl Observer for Progress {
    fn begin(&self, tasks: usize, values: u64) {
        self.bar.set_length(values);
        tracing::info!(tasks, values, "begin");
    }

    fn advance(&self, values: u64) {
        self.bar.inc(values);
    }

    fn task_done(&self, name: &str) {
        self.bar.set_message(name.to_owned());
        tracing::info!(name, "done");
    }

    fn end(&self) {
        self.bar.finish_and_clear();
    }
}
