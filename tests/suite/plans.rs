//! Plans and runs of many datasets take little memory for each.

use mts_engine::{Engine, Options, Plan, Request, Status, generate, with_jobs};

/// Bytes that each dataset adds to the most that `work` takes: what all share is subtracted.
fn bytes_each(axis: u64, work: impl Fn(u64)) -> u64 {
    let most = |axis| allocation_counter::measure(|| work(axis)).bytes_max;
    let (few, many) = (most(axis), most(2 * axis));
    (many - few) / (SECOND * axis)
}

/// Values of the second axis.
const SECOND: u64 = 20;

/// A plan of `SECOND * axis` datasets, in packs of as many as `pack` says.
fn plan(engine: &Engine, axis: u64, pack: Option<usize>, request: &Request) -> Plan {
    let values = |count: u64| (1..=count).map(|value| value.to_string()).collect::<Vec<_>>().join(", ");
    let text = format!(
        "{{seed: 1, configs: [{{model: ou, M: 2, T: 4, mu: [{}], theta: {{axis: [{}]}}, sigma: 0.5}}]}}",
        values(axis),
        values(SECOND)
    );
    let document = mts_config::parse(&text, "many.yaml").unwrap();
    engine.plan(&document, &Request { pack, ..request.clone() }).unwrap()
}

#[test]
fn a_planned_dataset_takes_little_memory() {
    let engine = Engine::new(mts_models::registry());
    for pack in [None, Some(500)] {
        let each = bytes_each(100, |axis| {
            let plan = plan(&engine, axis, pack, &Request::default());
            assert_eq!(plan.len() as u64, SECOND * axis);
        });
        assert!((50..350).contains(&each), "{each} bytes each, packs of {pack:?}");
    }
}

#[test]
fn a_dataset_of_a_run_takes_little_memory() {
    let engine = Engine::new(mts_models::registry());
    for (pack, axis, allowed) in [(None, 20, 2400), (Some(200), 50, 1350)] {
        let each = bytes_each(axis, |axis| {
            let folder = tempfile::tempdir().unwrap();
            let mut request = Request::default();
            request.settings.outdir = Some(folder.path().into());
            let plan = plan(&engine, axis, pack, &request);
            let run = with_jobs(1, || generate(&plan, &Options::default(), &())).unwrap();
            assert!(run.outcomes.iter().all(|outcome| outcome.status == Status::Written));
        });
        assert!((50..allowed).contains(&each), "{each} bytes each, packs of {pack:?}");
    }
}
