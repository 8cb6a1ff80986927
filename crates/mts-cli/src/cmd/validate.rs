//! `mts validate`: check a document, and what was written for it.

use mts_config::{Problem, Problems};
use mts_engine::{Engine, Plan, Validated, report, validate, write_report};
use mts_hash::canonical_json;

use crate::args;
use crate::document::with_jobs;
use crate::exit::Failure;
use crate::output::{Output, count};
use crate::progress::Progress;

pub(crate) fn run(engine: &Engine, args: &args::Validate, output: &mut Output) -> Result<(), Failure> {
    let name = args.document.name();
    let planned = output.stage("plan", |_| {
        let document = args.document.load()?;
        let plan = engine.plan(&document, &args.requested.request())?;
        if args.requested.outdir.is_some() && plan.entropy_was_drawn() {
            let message = "the document gives no seed, so nothing says which data it stands for";
            return Err(Failure::refused(format!(
                "{name}: {message}\n  hint: --seed with the seed of the run"
            )));
        }
        Ok(plan)
    });
    let checked = planned.map(|plan| match &args.requested.outdir {
        Some(_) => files(&plan, args, output),
        None => {
            plan.tasks().map(|task| unchecked(task.name(), task.location().display().to_string())).collect()
        }
    });
    let told = tell(&name, args, &checked, output);
    output.finish();
    let validated = checked?;
    told?;
    conclude(&name, &validated, output)
}

/// A dataset of a document that is valid by itself.
fn unchecked(name: &str, path: String) -> Validated {
    Validated { name: name.to_owned(), path, findings: Vec::new(), checks: Vec::new() }
}

fn files(plan: &Plan, args: &args::Validate, output: &mut Output) -> Vec<Validated> {
    output.stage("validate", |output| {
        let progress = Progress::new(output);
        with_jobs(args.jobs, || validate(plan, &progress))
    })
}

/// Writes the report where there is a folder to write it to, and prints it where that was asked for.
fn tell(
    name: &str,
    args: &args::Validate,
    checked: &Result<Vec<Validated>, Failure>,
    output: &Output,
) -> Result<(), Failure> {
    let report = match checked {
        Ok(validated) => report(name, Ok(validated)),
        Err(Failure::Refused(reasons)) => {
            let mut problems = Problems::new();
            reasons.iter().for_each(|reason| problems.push(Problem::general(reason.as_str())));
            report(name, Err(&problems))
        }
        Err(_) => return Ok(()),
    };
    if output.json {
        output.print(canonical_json(&report))?;
    }
    match &args.requested.outdir {
        Some(outdir) => write_report(outdir, &report).map_err(Failure::refused),
        None => Ok(()),
    }
}

fn conclude(name: &str, validated: &[Validated], output: &Output) -> Result<(), Failure> {
    let wrong: Vec<&Validated> = validated.iter().filter(|dataset| !dataset.findings.is_empty()).collect();
    for dataset in &wrong {
        dataset.findings.iter().for_each(|finding| output.error(format_args!("{}: {finding}", dataset.path)));
    }
    let all = count(validated.len(), "dataset");
    if wrong.is_empty() {
        output.say(format_args!("{name}: valid, {all}"));
        return Ok(());
    }
    output.say(format_args!("{name}: {} of {all} not valid", wrong.len()));
    Err(Failure::Different)
}
