//! The command `mts` as its package builds it, with the allocator of the tests, which counts.

use std::process::ExitCode;

fn main() -> ExitCode {
    mts_cli::run(mts_models::registry(), std::env::args_os())
}
