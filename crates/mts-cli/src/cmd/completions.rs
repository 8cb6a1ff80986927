//! `mts completions`: scripts for shells.

use clap::CommandFactory;

use crate::args::{self, Cli};
use crate::exit::Failure;
use crate::output::Output;

pub(crate) fn run(args: &args::Completions, output: &mut Output) -> Result<(), Failure> {
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut Cli::command(), "mts", &mut script);
    output.print(String::from_utf8_lossy(&script).trim_end())?;
    Ok(())
}
