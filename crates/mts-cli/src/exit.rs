//! How a command ends.

use std::io;

use mts_config::Problems;

/// A difference was found.
pub(crate) const DIFFERENT: u8 = 1;
/// The request was refused; nothing was written.
pub(crate) const REFUSED: u8 = 2;
/// A task failed; the others are finished.
pub(crate) const FAILED: u8 = 3;

/// Why a command did not end well.
pub(crate) enum Failure {
    /// The request was refused, for these reasons.
    Refused(Vec<String>),
    /// A difference was found, and told already.
    Different,
    /// Tasks failed, and were told already.
    Failed,
    /// A signal asked to stop; the code tells which.
    Interrupted(u8),
    /// stdout failed.
    Output(io::Error),
}

impl From<Problems> for Failure {
    fn from(problems: Problems) -> Self {
        let mut messages: Vec<String> = problems.iter().map(|problem| problem.to_string()).collect();
        if problems.more() > 0 {
            messages.push(format!("and {} more", problems.more()));
        }
        Failure::Refused(messages)
    }
}

impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Self {
        Failure::Output(error)
    }
}

impl Failure {
    pub(crate) fn refused(reason: impl ToString) -> Self {
        Failure::Refused(vec![reason.to_string()])
    }
}
