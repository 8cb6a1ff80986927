//! Watching a run.

/// Is told what happens, and asked whether to go on, from any thread.
pub trait Observer: Sync {
    /// A run of `tasks` tasks and `values` values in all begins.
    fn begin(&self, _tasks: usize, _values: u64) {}

    /// So many more values are done.
    fn advance(&self, _values: u64) {}

    /// A task has ended, well or not.
    fn task_done(&self, _name: &str) {}

    /// A task waits for another run that is at work on the same files.
    fn waits(&self, _name: &str) {}

    /// A task goes on at `step`, where a killed run left it.
    fn continues(&self, _name: &str, _step: usize) {}

    /// The run has ended.
    fn end(&self) {}

    /// Whether to stop: what is complete stays, what is not is removed.
    fn is_interrupted(&self) -> bool {
        false
    }

    /// Whether a long dataset that is [interrupted](Self::is_interrupted) stays as far as it can be
    /// continued, as a killed run leaves it.
    fn keeps_begun(&self) -> bool {
        false
    }
}

/// Watches nothing.
impl Observer for () {}
