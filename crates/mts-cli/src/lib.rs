#![doc = include_str!("../README.md")]

mod args;
mod cmd;
mod document;
mod exit;
mod interrupt;
mod listing;
mod log;
mod output;
mod progress;
mod spans;
mod table;

use std::ffi::OsString;
use std::process::ExitCode;

use clap::{CommandFactory, Parser};
use mts_core::Registry;
use mts_engine::Engine;

use args::{Cli, Command};
use exit::Failure;
use output::Output;

/// Runs the command line `args` (the program's name first) with the models of `registry`: all verbs
/// of `mts`, with its exit codes.
pub fn run<A: Into<OsString> + Clone>(registry: Registry, args: impl IntoIterator<Item = A>) -> ExitCode {
    let args: Vec<OsString> = args.into_iter().map(Into::into).collect();
    if args.len() < 2 {
        let help = Cli::command().print_help();
        return if help.is_ok() { ExitCode::SUCCESS } else { ExitCode::from(exit::REFUSED) };
    }
    let cli = match Cli::try_parse_from(args) {
        Ok(cli) => cli,
        Err(error) => {
            // A reader that went away has seen what it wanted.
            let _ = error.print();
            return ExitCode::from(u8::try_from(error.exit_code()).unwrap_or(exit::REFUSED));
        }
    };
    let mut output = Output::new(&cli.global);
    log::start(&cli.global);
    match dispatch(&Engine::new(registry), &cli.command, &mut output) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => output.fail(failure),
    }
}

fn dispatch(engine: &Engine, command: &Command, output: &mut Output) -> Result<(), Failure> {
    match command {
        Command::Generate(args) => cmd::generate::run(engine, args, output),
        Command::Describe(args) => cmd::describe::run(engine, args, output),
        Command::Validate(args) => cmd::validate::run(engine, args, output),
        Command::Verify(args) => cmd::verify::run(engine, args, output),
        Command::Plot(args) => cmd::plot::run(engine, args, output),
        Command::Report(args) => cmd::report::run(engine, args, output),
        Command::List(args) => cmd::list::run(engine, args, output),
        Command::Show(args) => cmd::show::run(engine, args, output),
        Command::Schema(args) => cmd::schema::run(engine, args, output),
        Command::Completions(args) => cmd::completions::run(args, output),
    }
}
