//! stdout is data, stderr is talk.

use std::fmt::Display;
use std::io::{self, BufWriter, IsTerminal, Write};
use std::process::ExitCode;
use std::time::{Duration, Instant};

use anstyle::{AnsiColor, Style};

use crate::args::{Global, LogFormat, When};
use crate::exit::{self, Failure};
use crate::table::Table;

/// Where everything is printed.
pub(crate) struct Output {
    pub(crate) json: bool,
    pub(crate) quiet: bool,
    /// Whether a progress bar may be drawn.
    pub(crate) bar: bool,
    colour: bool,
    log_json: bool,
    timings: Option<Vec<(&'static str, Duration)>>,
}

impl Output {
    pub(crate) fn new(global: &Global) -> Self {
        let terminal = io::stderr().is_terminal();
        let wanted = std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty());
        Output {
            json: global.json,
            quiet: global.quiet,
            bar: terminal && !global.quiet && global.verbose == 0 && global.log_format == LogFormat::Text,
            colour: match global.color {
                When::Always => true,
                When::Never => false,
                When::Auto => terminal && wanted,
            },
            log_json: global.log_format == LogFormat::Json,
            timings: global.timings.then(Vec::new),
        }
    }

    /// Data. A reader that left has what it wanted; the verdict is still to come.
    pub(crate) fn print(&self, text: impl Display) -> io::Result<()> {
        let mut stdout = BufWriter::new(io::stdout().lock());
        match writeln!(stdout, "{text}").and_then(|()| stdout.flush()) {
            Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
            result => result,
        }
    }

    /// A table that was asked for, or the object that stands for it.
    pub(crate) fn table_or_json<Object: Display>(
        &self,
        table: impl FnOnce() -> Table,
        object: impl FnOnce() -> Object,
    ) -> io::Result<()> {
        if self.json { self.print(object()) } else { self.print(table()) }
    }

    /// A table that tells what was done, which quiet runs leave out, or the object that stands for it.
    pub(crate) fn account<Object: Display>(
        &self,
        table: impl FnOnce() -> Table,
        object: impl FnOnce() -> Object,
    ) -> io::Result<()> {
        if self.quiet && !self.json { Ok(()) } else { self.table_or_json(table, object) }
    }

    /// Talk. Nobody listening is no error.
    pub(crate) fn say(&self, text: impl Display) {
        if self.quiet {
            return;
        }
        if self.log_json {
            tracing::info!(target: "mts", "{text}");
        } else {
            let _ = writeln!(io::stderr(), "{text}");
        }
    }

    /// Something went wrong.
    pub(crate) fn error(&self, text: impl Display) {
        if self.log_json {
            tracing::error!(target: "mts", "{text}");
            return;
        }
        let style = if self.colour {
            Style::new().bold().fg_color(Some(AnsiColor::Red.into()))
        } else {
            Style::new()
        };
        let _ = writeln!(io::stderr(), "{style}error:{style:#} {text}");
    }

    /// Runs a stage, and remembers how long it took.
    pub(crate) fn stage<T>(&mut self, name: &'static str, work: impl FnOnce(&Self) -> T) -> T {
        let start = Instant::now();
        let result = work(self);
        if let Some(timings) = &mut self.timings {
            timings.push((name, start.elapsed()));
        }
        result
    }

    /// Tells the stages' times.
    pub(crate) fn finish(&self) {
        for (name, time) in self.timings.iter().flatten() {
            self.say(format_args!("{name:>10} {:>9.3} ms", time.as_secs_f64() * 1e3));
        }
    }

    pub(crate) fn fail(&self, failure: Failure) -> ExitCode {
        match failure {
            Failure::Refused(reasons) => {
                reasons.iter().for_each(|reason| self.error(reason));
                ExitCode::from(exit::REFUSED)
            }
            Failure::Different => ExitCode::from(exit::DIFFERENT),
            Failure::Failed => ExitCode::from(exit::FAILED),
            Failure::Interrupted(code) => ExitCode::from(code),
            Failure::Output(error) => {
                self.error(format_args!("stdout: {error}"));
                ExitCode::from(exit::FAILED)
            }
        }
    }
}

/// `1 dataset`, `2 datasets`.
pub(crate) fn count(number: usize, noun: &str) -> String {
    format!("{number} {noun}{}", if number == 1 { "" } else { "s" })
}
