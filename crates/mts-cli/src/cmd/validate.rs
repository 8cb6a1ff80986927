//! `mts validate`: check a document, and what was written for it.

use std::path::Path;

use mts_config::Problems;
use mts_engine::{Engine, Plan, Validated, report, validate, write_report};
use mts_hash::canonical_json;

use crate::args;
use crate::document::jobs;
use crate::exit::Failure;
use crate::output::{Output, count};
use crate::progress::Progress;

pub(crate) fn run(engine: &Engine, args: &args::Validate, output: &mut Output) -> Result<(), Failure> {
    let name = args.document.name();
    let planned = output.stage("plan", |_| {
        let document = args.document.load()?;
        engine.plan(&document, &args.requested.request()).map_err(Failure::from)
    });
    let Some(outdir) = &args.requested.outdir else {
        let plan = planned?;
        if output.json {
            output.print(canonical_json(&report(&name, Ok(&[]))))?;
        }
        output.say(format_args!("{name}: valid, {}", count(plan.len(), "dataset")));
        return Ok(());
    };
    match planned {
        Ok(plan) => files(&plan, &name, outdir, args, output),
        Err(failure) => {
            if let Failure::Refused(reasons) = &failure {
                let mut problems = Problems::new();
                reasons
                    .iter()
                    .for_each(|reason| problems.push(mts_config::Problem::general(reason.as_str())));
                save(&name, outdir, Err(&problems), output)?;
            }
            Err(failure)
        }
    }
}

fn files(
    plan: &Plan,
    name: &str,
    outdir: &Path,
    args: &args::Validate,
    output: &mut Output,
) -> Result<(), Failure> {
    let validated =
        output.stage("validate", |output| validate(plan, jobs(args.jobs), &Progress::new(output)));
    save(name, outdir, Ok(&validated), output)?;
    let wrong: Vec<&Validated> = validated.iter().filter(|dataset| !dataset.findings.is_empty()).collect();
    for dataset in &wrong {
        dataset.findings.iter().for_each(|finding| output.error(format_args!("{}: {finding}", dataset.path)));
    }
    let all = count(validated.len(), "dataset");
    output.finish();
    if wrong.is_empty() {
        output.say(format_args!("{all}: valid"));
        return Ok(());
    }
    output.say(format_args!("{} of {all}: not valid", wrong.len()));
    Err(Failure::Different)
}

fn save(
    name: &str,
    outdir: &Path,
    checked: Result<&[Validated], &Problems>,
    output: &Output,
) -> Result<(), Failure> {
    let report = report(name, checked);
    write_report(outdir, &report).map_err(Failure::refused)?;
    if output.json {
        output.print(canonical_json(&report))?;
    }
    Ok(())
}
