//! `mts verify`: regenerate data from their sidecars and compare.

use std::path::Path;

use mts_engine::{Engine, Sample, Target, Verified, targets};
use mts_hash::{Map, Value, canonical_json};

use crate::args;
use crate::document::with_jobs;
use crate::exit::Failure;
use crate::interrupt::Interrupt;
use crate::output::{Output, count};
use crate::progress::Progress;
use crate::table::Table;

pub(crate) fn run(engine: &Engine, args: &args::Verify, output: &mut Output) -> Result<(), Failure> {
    let mut found = Vec::new();
    let mut refused = Vec::new();
    for path in &args.paths {
        match targets(path) {
            Ok(targets) => found.extend(targets),
            Err(error) => refused.push(error.to_string()),
        }
    }
    if !refused.is_empty() {
        return Err(Failure::Refused(refused));
    }
    // Each once, however it was named; a member is no second time where its pack is.
    let canonical = |path: &Path| path.canonicalize().unwrap_or_else(|_| path.to_owned());
    let key = |target: &Target| match target {
        Target::Member(pack, member) => (canonical(pack), Some(member.clone())),
        other => (canonical(other.path()), None),
    };
    found.sort_by_cached_key(key);
    found.dedup_by(|target, before| match (&*before, &*target) {
        (Target::Pack(pack), Target::Member(of, _)) => canonical(pack) == canonical(of),
        _ => key(target) == key(before),
    });
    let sample = args.sample.map(|share| Sample { share, seed: args.sample_seed });
    let served = args.url.as_ref().map(|url| Engine::new(engine.registry().clone()).with_server(url));
    let engine = served.as_ref().unwrap_or(engine);
    let interrupt = Interrupt::listen().map_err(Failure::refused)?;
    let verified = output.stage("verify", |output| {
        let progress = Progress::new(output).until(&interrupt);
        with_jobs(args.jobs, || engine.verify(&found, sample, &progress))
    });
    if interrupt.is_set() {
        output.say("interrupted");
        return Err(Failure::Interrupted(interrupt.code()));
    }
    output.account(|| table(&verified, sample), || canonical_json(&object(&verified, sample)))?;
    for dataset in &verified {
        let sidecar = dataset.sidecar.display();
        dataset
            .differences
            .iter()
            .for_each(|difference| output.error(format_args!("{sidecar}: {difference}")));
    }
    output.finish();
    let wrong = || verified.iter().filter(|dataset| !dataset.differences.is_empty());
    let different = wrong().count();
    let all = count(verified.len(), "dataset");
    if sample.is_some() {
        let sum = |which: usize| verified.iter().map(|dataset| dataset.parts[which]).sum::<usize>();
        output.say(format_args!("{} of {} were compared", sum(0), count(sum(1), "part")));
    }
    if different == 0 {
        let compared = verified.iter().filter(|dataset| dataset.parts[0] > 0).count();
        match sample {
            None => output.say(format_args!("{all}: every value as its recipe gives it")),
            Some(_) => {
                output.say(format_args!("{compared} of {all}: every value compared as its recipe gives it"))
            }
        }
        return Ok(());
    }
    // Nobody knows of data that are not here.
    let unknown = wrong().filter(|dataset| is_elsewhere(dataset, sample)).count();
    if unknown == different {
        return Err(Failure::refused(format!("{unknown} of {all}: not compared")));
    }
    output.say(format_args!("{different} of {all}: different"));
    Err(Failure::Different)
}

/// Whether a dataset has nothing that could be compared: of a sample, another one may have.
fn is_elsewhere(verified: &Verified, sample: Option<Sample>) -> bool {
    sample.is_none() && verified.parts[0] == 0
}

fn word(verified: &Verified, sample: Option<Sample>) -> &'static str {
    if is_elsewhere(verified, sample) {
        return "not compared";
    }
    match (verified.differences.is_empty(), verified.parts) {
        (false, _) => "different",
        (true, [0, _]) => "not sampled",
        (true, _) => "equal",
    }
}

fn table(verified: &[Verified], sample: Option<Sample>) -> Table {
    let mut table = Table::new(["", "sidecar"]);
    for dataset in verified {
        table.row([word(dataset, sample).to_owned(), dataset.sidecar.display().to_string()]);
    }
    table
}

fn object(verified: &[Verified], sample: Option<Sample>) -> Value {
    let dataset = |verified: &Verified| {
        let mut map = Map::new();
        map.insert("sidecar", verified.sidecar.display().to_string());
        map.insert("status", word(verified, sample));
        map.insert("differences", verified.differences.clone());
        map.insert("parts_compared", verified.parts[0]);
        map.insert("parts", verified.parts[1]);
        map
    };
    let mut map = Map::new();
    map.insert("equal", verified.iter().all(|dataset| dataset.differences.is_empty()));
    map.insert("datasets", verified.iter().map(dataset).collect::<Vec<Map>>());
    map.into()
}
