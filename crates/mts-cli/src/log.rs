//! The log on stderr.

use tracing_subscriber::filter::LevelFilter;

use crate::args::{Global, LogFormat};

/// Starts logging where it was asked for. A second call, as in tests, changes nothing.
pub(crate) fn start(global: &Global) {
    let json = global.log_format == LogFormat::Json;
    let level = match (global.quiet, global.verbose) {
        (true, _) => LevelFilter::ERROR,
        (_, 0) if json => LevelFilter::INFO,
        (_, 0) => return,
        (_, 1) => LevelFilter::INFO,
        (_, 2) => LevelFilter::DEBUG,
        _ => LevelFilter::TRACE,
    };
    let log = tracing_subscriber::fmt().with_writer(std::io::stderr).with_max_level(level).with_target(false);
    let _ = if json {
        log.json().flatten_event(true).try_init()
    } else {
        log.compact().without_time().try_init()
    };
}
