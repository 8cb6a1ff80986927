//! The command `mts`.

use std::process::ExitCode;

use mimalloc::MiMalloc;

/// Small datasets are made of small allocations.
#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

fn main() -> ExitCode {
    mts_cli::run(mts_models::registry(), std::env::args_os())
}
