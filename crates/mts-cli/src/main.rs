//! The command `mts`.

use std::process::ExitCode;

fn main() -> ExitCode {
    mts_cli::run(mts_models::registry(), std::env::args_os())
}
