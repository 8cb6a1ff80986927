//! A plan as one table in a stream.

use std::collections::BTreeMap;

use mts_config::{Problem, Problems};
use mts_core::SourceError;
use mts_io::{Form, Format, IoError, IoErrorKind, Part};
use thiserror::Error;

use crate::{Observer, Plan, SeriesTask, Task, Writer, machine};

/// Why a plan did not become a stream.
#[derive(Debug, Error)]
pub enum StreamError {
    /// Nothing was written.
    #[error("{0}")]
    Refused(Problems),
    /// A dataset broke off; what was written before it is whole.
    #[error("{name}: {error}")]
    Failed {
        /// The dataset.
        name: String,
        /// Why.
        error: SourceError,
    },
    /// Whoever read the stream has left.
    #[error("the reader left")]
    Closed,
}

/// Writes all datasets of `plan` into `writer`, one after the other in the order of the document, as one
/// table.
///
/// # Errors
///
/// Where datasets have different columns or the machine cannot hold one, before anything is written; and
/// where a dataset or the writer fails.
pub fn stream(
    plan: &Plan,
    format: Format,
    mut writer: Writer,
    observer: &dyn Observer,
) -> Result<(), StreamError> {
    let tasks: Vec<&dyn SeriesTask> = plan.tasks().filter_map(Task::series).collect();
    let problems = objections(&tasks, format);
    problems.into_result(()).map_err(StreamError::Refused)?;
    observer.begin(plan.len(), plan.values());
    for (index, task) in tasks.iter().enumerate() {
        let part = Part { first: index == 0, last: index + 1 == tasks.len() };
        writer = task.stream(format, part, writer, observer).map_err(|error| failure(*task, error))?;
        observer.task_done(task.name());
    }
    observer.end();
    Ok(())
}

fn objections(tasks: &[&dyn SeriesTask], format: Format) -> Problems {
    let mut problems = Problems::new();
    if let [first, rest @ ..] = tasks {
        let differs = |task: &&&dyn SeriesTask| task.columns() != first.columns();
        for other in rest.iter().filter(differs) {
            let message = format!(
                "{}: a stream is one table, and this has other columns than the first: {}; {} has {}",
                other.name(),
                other.columns(),
                first.name(),
                first.columns()
            );
            let hint = "a document of its own, or files with --outdir";
            problems.push(Problem::at(other.position(), "", message).with_hint(hint));
        }
    }
    let mut names: BTreeMap<&str, &dyn SeriesTask> = BTreeMap::new();
    for task in tasks {
        let wide = task.form() == Form::Wide && tasks.len() > 1;
        if wide || names.insert(task.name(), *task).is_some() {
            let message =
                format!("{}: nothing in the rows tells it from another dataset of the stream", task.name());
            let hint = "a document of its own, or files with --outdir";
            problems.push(Problem::at(task.position(), "", message).with_hint(hint));
        }
    }
    if !format.streams() {
        problems.push(Problem::general(format!("{format} cannot be written as a stream")));
    }
    let tasks: Vec<&dyn Task> = tasks.iter().map(|task| *task as &dyn Task).collect();
    problems.append(machine::memory(&tasks));
    problems
}

fn failure(task: &dyn SeriesTask, error: SourceError) -> StreamError {
    let closed = |error: &SourceError| match error.downcast_ref::<IoError>().map(IoError::kind) {
        Some(IoErrorKind::System(error)) => error.kind() == std::io::ErrorKind::BrokenPipe,
        _ => false,
    };
    if closed(&error) {
        StreamError::Closed
    } else {
        StreamError::Failed { name: task.name().to_owned(), error }
    }
}
