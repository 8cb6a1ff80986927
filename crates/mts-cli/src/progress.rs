//! Progress of long work.

use indicatif::{ProgressBar, ProgressStyle};
use mts_engine::Observer;

use crate::interrupt::Interrupt;
use crate::output::Output;

/// A bar on terminals, and lines in the log.
pub(crate) struct Progress {
    bar: ProgressBar,
    interrupt: Option<Interrupt>,
}

impl Progress {
    /// Shows what is done.
    pub(crate) fn new(output: &Output) -> Self {
        let bar = if output.bar { ProgressBar::new(0) } else { ProgressBar::hidden() };
        let template = "{bar:40} {percent:>3} % {human_pos}/{human_len} values, {eta} left {msg}";
        if let Ok(style) = ProgressStyle::with_template(template) {
            bar.set_style(style);
        }
        Progress { bar, interrupt: None }
    }

    /// Stops when asked to.
    pub(crate) fn until(self, interrupt: &Interrupt) -> Self {
        Progress { interrupt: Some(interrupt.clone()), ..self }
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

    fn waits(&self, name: &str) {
        self.bar.set_message(format!("{name}: another run is at work on it"));
        tracing::info!(name, "waits for another run");
    }

    fn continues(&self, name: &str, step: usize) {
        tracing::info!(name, step, "continues");
    }

    fn end(&self) {
        self.bar.finish_and_clear();
    }

    fn is_interrupted(&self) -> bool {
        self.interrupt.as_ref().is_some_and(Interrupt::is_set)
    }

    fn keeps_begun(&self) -> bool {
        self.interrupt.as_ref().is_some_and(Interrupt::is_of_a_machine)
    }
}
