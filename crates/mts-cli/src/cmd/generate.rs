//! `mts generate`: write the datasets of a document.

use std::fmt::Display;
use std::io;

use mts_config::kind::DocumentKind;
use mts_engine::{
    Engine, Options, Outcome, Plan, Run, Status, StreamError, generate, objections, size, stream,
};
use mts_hash::Map;
use mts_io::Format;

use crate::args;
use crate::cmd::describe;
use crate::document::{tell_seed, with_jobs};
use crate::exit::Failure;
use crate::interrupt::Interrupt;
use crate::listing::Listing;
use crate::output::{Output, count};
use crate::progress::Progress;
use crate::table::Table;

pub(crate) fn run(engine: &Engine, args: &args::Generate, output: &mut Output) -> Result<(), Failure> {
    let document = output.stage("read", |_| args.document.load())?;
    let plan = output.stage("plan", |_| engine.plan(&document, &args.requested.request()))?;
    drop(document);
    let options = Options { overwrite: args.overwrite, resume: args.resume };
    if args.dry_run {
        describe::show(&plan, output)?;
        output.say("dry run: nothing was written");
        output.finish();
        let objections = with_jobs(args.jobs, || objections(&plan, &options));
        return objections.into_result(()).map_err(Failure::from);
    }
    tell_seed(&plan, output);
    describe::tell_cost(&plan, output);
    if args.output.is_some() {
        return with_jobs(args.jobs, || to_stdout(&plan, output));
    }
    let interrupt = Interrupt::listen().map_err(Failure::refused)?;
    let Run { outcomes, failures } = output.stage("generate", |output| {
        let progress = Progress::new(output).until(&interrupt);
        with_jobs(args.jobs, || generate(&plan, &options, &progress))
    })?;
    output.account(|| table(&plan, &outcomes), || object(&plan, &outcomes))?;
    failures.iter().for_each(|failure| output.error(failure));
    summary(&plan, &outcomes, output);
    output.finish();
    if outcomes.iter().any(|outcome| outcome.status == Status::Interrupted) {
        output.say("interrupted; --resume goes on from here");
        return Err(Failure::Interrupted(interrupt.code()));
    }
    let failed = outcomes.iter().any(|outcome| matches!(outcome.status, Status::Failed(_)));
    if failed || !failures.is_empty() { Err(Failure::Failed) } else { Ok(()) }
}

fn to_stdout(plan: &Plan, output: &mut Output) -> Result<(), Failure> {
    if plan.kind() == DocumentKind::Tables {
        let why =
            "-o - writes series, and the document describes tables, which are files of their own: --outdir";
        return Err(Failure::refused(why));
    }
    let format = stream_format(plan).map_err(Failure::refused)?;
    if plan.is_empty() {
        output.say("nothing to do: the document has no records");
        return Ok(());
    }
    let has = |what: &str| plan.tasks().take(100).any(|task| task.describe().get(what) == Some(&true.into()));
    if has("labelled") || has("clean") {
        output.say("labels and clean twins are files of their own: a stream has none");
    }
    let progress = Progress::new(output);
    let written = stream(plan, format, Box::new(io::stdout()), &progress);
    drop(progress);
    match written {
        Ok(()) | Err(StreamError::Closed) => {
            output.finish();
            Ok(())
        }
        Err(StreamError::Refused(problems)) => Err(problems.into()),
        Err(error @ StreamError::Failed { .. }) => {
            output.error(error);
            Err(Failure::Failed)
        }
    }
}

/// The one format that was asked for and can be a stream; CSV where none was asked for.
fn stream_format(plan: &Plan) -> Result<Format, String> {
    let asked = plan.formats().unwrap_or(&["csv"]);
    let streams = |format: &&Format| format.streams();
    let one = match asked {
        [name] => Format::ALL.iter().filter(streams).find(|format| format.name() == *name),
        _ => None,
    };
    one.copied().ok_or_else(|| {
        let known: Vec<&str> = Format::ALL.iter().filter(streams).map(|format| format.name()).collect();
        format!("-o - takes one --format of {}", known.join(", "))
    })
}

fn table(plan: &Plan, outcomes: &[Outcome]) -> Table {
    let mut table = Table::new(["", "bytes", "dataset"]);
    for (task, outcome) in plan.tasks().zip(outcomes) {
        let told = match &outcome.status {
            Status::Summarised(s) => {
                format!(
                    "{}: mean {:.6}, std {:.6}, min {:.6}, max {:.6}",
                    task.name(),
                    s.mean,
                    s.std,
                    s.min,
                    s.max
                )
            }
            Status::Failed(_) | Status::Interrupted => task.name().to_owned(),
            _ => task.location().display().to_string(),
        };
        let bytes = if outcome.bytes == 0 { String::new() } else { size(outcome.bytes) };
        table.row([outcome.status.word().to_owned(), bytes, told]);
    }
    table
}

fn summary(plan: &Plan, outcomes: &[Outcome], output: &Output) {
    for (task, outcome) in plan.tasks().zip(outcomes) {
        if let Status::Failed(reason) = &outcome.status {
            output.error(format_args!("{}: {}: {reason}", task.position(), task.name()));
        }
    }
    let number = |word: &str| outcomes.iter().filter(|outcome| outcome.status.word() == word).count();
    let below: Vec<String> = plan.outdirs().iter().map(|path| path.display().to_string()).collect();
    let below = below.join(", ");
    if let (true, Some(shard)) = (outcomes.is_empty(), plan.shard()) {
        output.say(format_args!("nothing to do: no dataset is left for shard {shard}"));
    } else if outcomes.is_empty() {
        output.say("nothing to do: the document has no records");
    } else if number("present") == outcomes.len() {
        match outcomes.len() {
            1 => output.say(format_args!("the dataset is there already, below {below}")),
            many => {
                output.say(format_args!("all {} are there already, below {below}", count(many, "dataset")))
            }
        }
    } else {
        let words = ["written", "present", "summarised", "failed", "interrupted"];
        let told =
            words.into_iter().filter(|word| number(word) > 0).map(|word| format!("{} {word}", number(word)));
        let told: Vec<String> = told.collect();
        let bytes: u64 = outcomes.iter().map(|outcome| outcome.bytes).sum();
        let place =
            if number("written") > 0 { format!(", {} below {below}", size(bytes)) } else { String::new() };
        output.say(format_args!("{}{place}", told.join(", ")));
    }
}

fn object(plan: &Plan, outcomes: &[Outcome]) -> impl Display {
    let dataset = |(task, outcome): (&dyn mts_engine::Task, &Outcome)| {
        let mut map = task.describe();
        map.remove("memory");
        map.insert("bytes", outcome.bytes);
        map.insert("status", outcome.status.word());
        match &outcome.status {
            Status::Failed(reason) => drop(map.insert("error", reason.as_str())),
            Status::Summarised(statistics) => drop(map.insert("statistics", statistics.to_map())),
            Status::Written | Status::Present | Status::Interrupted => {}
        }
        map
    };
    let mut map = Map::new();
    map.insert("kind", plan.kind().name());
    map.insert("entropy", plan.entropy().clone());
    Listing::new(map, "datasets", move || plan.tasks().zip(outcomes).map(dataset))
}
