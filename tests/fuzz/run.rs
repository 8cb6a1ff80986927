//! Running many cases in processes of their own, so that nothing that happens to one is lost: a panic,
//! a stack that overflows, memory that runs out, a loop without end.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{self, Seek, Write};
use std::panic::{self, AssertUnwindSafe};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::Mutex;
use std::time::{Duration, Instant};

use crate::dice::Dice;

/// Processes at once.
const WORKERS: u64 = 2;

/// Bytes that a case may have at once.
const CASE_MEMORY: u64 = 64 << 20;

/// Mebibytes that a worker may ever have had.
const WORKER_MEMORY: u64 = 1024;

/// Findings after which there is no point in going on.
const ENOUGH: usize = 20;

/// The choice of cases where nothing else is asked for.
const SEED: u64 = 1;

/// Cases of one kind.
pub trait Suite {
    /// The name of its test.
    const NAME: &'static str;

    /// What a case may take, on a machine that has much else to do.
    const PATIENCE: Duration = Duration::from_secs(20);

    /// Makes in `folder` what all workers read.
    fn prepare(folder: &Path);

    /// A worker, which reads `shared` and writes below `own`; it says what a case is about where that is
    /// to be `shown`.
    fn new(shared: &Path, own: &Path, shown: bool) -> Self;

    /// Runs a case.
    fn case(&mut self, dice: Dice, tally: &mut Tally) -> Result<(), String>;
}

/// How often things happened.
#[derive(Default)]
pub struct Tally(BTreeMap<String, u64>);

impl Tally {
    pub fn count(&mut self, what: &str) {
        match self.0.get_mut(what) {
            Some(count) => *count += 1,
            None => drop(self.0.insert(what.to_owned(), 1)),
        }
    }
}

/// Runs a suite, which must find nothing.
pub fn check<S: Suite>(cases: u64) {
    let Some((seed, findings)) = run::<S>(cases) else { return };
    let name = S::NAME;
    let replay = |(case, what): &(u64, String)| {
        let case = format!("case {case}: {what}\n  MTS_FUZZ_SEED={seed} MTS_FUZZ_CASE={case}");
        format!("{case} cargo test -p mts-tests --features fuzz --test fuzz {name}")
    };
    let shown: Vec<String> = findings.iter().take(2 * ENOUGH).map(replay).collect();
    assert!(findings.is_empty(), "{} findings\n{}", findings.len(), shown.join("\n"));
}

/// Runs a suite, and gives the seed and what was found; nothing where this process was started for a part
/// of it, or for one case.
pub fn run<S: Suite>(cases: u64) -> Option<(u64, Vec<(u64, String)>)> {
    let number = |name: &str| std::env::var(name).ok().map(|value| value.parse::<u64>().unwrap());
    let seed = number("MTS_FUZZ_SEED").unwrap_or(SEED);
    if let Some(start) = number("MTS_FUZZ_START") {
        work::<S>(seed, start, number("MTS_FUZZ_END").unwrap());
    } else if let Some(case) = number("MTS_FUZZ_CASE") {
        replay::<S>(seed, case);
    } else {
        return Some((seed, watch::<S>(seed, cases)));
    }
    None
}

/// So many times as many cases as usual.
pub fn scaled(cases: u64) -> u64 {
    let scale = std::env::var("MTS_FUZZ_SCALE").map_or(1.0, |value| value.parse::<f64>().unwrap());
    (cases as f64 * scale) as u64
}

/// The last panic, wherever it was caught.
static PANIC: Mutex<String> = Mutex::new(String::new());

/// One case: what it leaves behind, and the most memory that it had.
fn attempt<S: Suite>(suite: &mut S, seed: u64, case: u64, tally: &mut Tally) -> Result<(), String> {
    let mut result = Ok(());
    let used = allocation_counter::measure(|| {
        let dice = Dice::new(S::NAME, seed, case);
        let caught = panic::catch_unwind(AssertUnwindSafe(|| suite.case(dice, tally)));
        result = caught.unwrap_or_else(|_| Err(PANIC.lock().unwrap().clone()));
    });
    result?;
    match used.bytes_max {
        bytes if bytes > CASE_MEMORY => Err(format!("takes {} MiB of memory", bytes >> 20)),
        _ => Ok(()),
    }
}

fn remember_panics() {
    panic::set_hook(Box::new(|panic| {
        let text = panic.to_string().replace('\n', " ");
        *PANIC.lock().unwrap_or_else(|poisoned| poisoned.into_inner()) = text;
    }));
}

fn replay<S: Suite>(seed: u64, case: u64) {
    let folder = scratch();
    let (shared, own) = (folder.path().join("shared"), folder.path().join("own"));
    [&shared, &own].into_iter().for_each(|folder| fs::create_dir(folder).unwrap());
    S::prepare(&shared);
    // For good: what is told of a case is told of this thread.
    mts_engine::with_jobs(1, || ());
    let mut suite = S::new(&shared, &own, true);
    remember_panics();
    let result = attempt(&mut suite, seed, case, &mut Tally::default());
    let _ = panic::take_hook();
    say(&format!("{} case {case}: {result:?}", S::NAME));
    result.unwrap();
}

/// Says something past the harness, which shows only what failing tests print.
pub fn say(text: &str) {
    io::stderr().write_all(format!("{text}\n").as_bytes()).unwrap();
}

/// Memory that looks like files, where there is some.
fn scratch() -> tempfile::TempDir {
    let builder = || tempfile::Builder::new().prefix("mts-fuzz-").to_owned();
    builder().tempdir_in("/dev/shm").or_else(|_| builder().tempdir()).unwrap()
}

/// A worker: every so many cases from `start` on. It says in files what it is at and what it finds.
fn work<S: Suite>(seed: u64, start: u64, end: u64) {
    let folder = PathBuf::from(std::env::var_os("MTS_FUZZ_FOLDER").unwrap());
    let own = Worker::folder(&folder, start);
    mts_engine::with_jobs(1, || ());
    let mut suite = S::new(&folder, &own.join("work"), false);
    let mut at = File::create(own.join("at")).unwrap();
    let mut findings = File::options().append(true).create(true).open(own.join("findings")).unwrap();
    let mut tally = Tally::default();
    let mut slowest = (Duration::ZERO, start);
    remember_panics();
    for case in (start..end).step_by(WORKERS as usize) {
        at.rewind().unwrap();
        at.write_all(&case.to_le_bytes()).unwrap();
        let begun = Instant::now();
        if let Err(what) = attempt(&mut suite, seed, case, &mut tally) {
            // The same words in every run.
            let what = what.replace('\n', " ").replace(own.to_str().unwrap(), "…");
            writeln!(findings, "{case} {what}").unwrap();
        }
        slowest = slowest.max((begun.elapsed(), case));
    }
    if let Some(peak) = peak_mebibytes() {
        tally.0.insert("mebibytes at most".to_owned(), peak);
        if peak > WORKER_MEMORY {
            writeln!(findings, "{end} the worker had {peak} MiB of memory").unwrap();
        }
    }
    let (time, case) = slowest;
    tally.0.insert(format!("ms at most (case {case})"), time.as_millis() as u64);
    let lines: String = tally.0.iter().map(|(what, count)| format!("{count} {what}\n")).collect();
    fs::write(own.join("tally"), lines).unwrap();
}

/// The most memory that this process has had, where the system says.
fn peak_mebibytes() -> Option<u64> {
    let status = fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    Some(line.trim().trim_end_matches(" kB").parse::<u64>().ok()? / 1024)
}

/// A process that works, as the one that started it sees it.
struct Worker {
    process: Child,
    own: PathBuf,
    at: Option<u64>,
    since: Instant,
    done: bool,
}

impl Worker {
    /// Workers of one remainder have one folder, one after the other.
    fn folder(shared: &Path, start: u64) -> PathBuf {
        shared.join(format!("worker{}", start % WORKERS))
    }

    fn start(name: &str, shared: &Path, seed: u64, start: u64, end: u64) -> Self {
        let own = Worker::folder(shared, start);
        let _ = fs::remove_dir_all(own.join("work"));
        fs::create_dir_all(own.join("work")).unwrap();
        let errors = File::create(own.join("errors")).unwrap();
        let process = Command::new(std::env::current_exe().unwrap())
            .args([name, "--exact", "--nocapture"])
            .envs([("MTS_FUZZ_SEED", seed), ("MTS_FUZZ_START", start), ("MTS_FUZZ_END", end)].map(text))
            .env("MTS_FUZZ_FOLDER", shared)
            .stdout(Stdio::null())
            .stderr(errors)
            .spawn()
            .unwrap();
        Worker { process, own, at: None, since: Instant::now(), done: false }
    }

    /// The case that it is at, and how that ended where it did not end well.
    fn look(&mut self, patience: Duration) -> Option<(u64, String)> {
        let at = fs::read(self.own.join("at"))
            .ok()
            .and_then(|bytes| Some(u64::from_le_bytes(bytes.try_into().ok()?)));
        if at != self.at {
            (self.at, self.since) = (at, Instant::now());
        }
        let at = at.unwrap_or(u64::MAX);
        if let Some(status) = self.process.try_wait().unwrap() {
            self.done = true;
            let errors = fs::read_to_string(self.own.join("errors")).unwrap_or_default();
            return (!status.success()).then(|| (at, format!("ended with {status}: {}", errors.trim())));
        }
        if self.since.elapsed() > patience {
            self.done = true;
            self.process.kill().unwrap();
            self.process.wait().unwrap();
            return Some((at, format!("does not end within {} s", patience.as_secs())));
        }
        None
    }
}

fn text((name, value): (&str, u64)) -> (&str, String) {
    (name, value.to_string())
}

/// Starts workers, and others in the place of those that end early; gives what they find.
fn watch<S: Suite>(seed: u64, cases: u64) -> Vec<(u64, String)> {
    let begun = Instant::now();
    let folder = scratch();
    S::prepare(folder.path());
    let start = |start: u64| Worker::start(S::NAME, folder.path(), seed, start, cases);
    let mut workers: Vec<Worker> = (0..WORKERS).map(start).collect();
    let mut findings: Vec<(u64, String)> = Vec::new();
    while workers.iter().any(|worker| !worker.done) {
        std::thread::sleep(Duration::from_millis(50));
        for worker in workers.iter_mut().filter(|worker| !worker.done) {
            let Some((case, what)) = worker.look(S::PATIENCE) else { continue };
            assert!(case != u64::MAX, "a worker does not begin: {what}");
            say(&format!("{} case {case}: {what}", S::NAME));
            findings.push((case, what));
            if case + WORKERS < cases && findings.len() < ENOUGH {
                *worker = start(case + WORKERS);
            }
        }
    }
    let mut tally: BTreeMap<String, u64> = BTreeMap::new();
    for worker in &workers {
        for line in fs::read_to_string(worker.own.join("findings")).unwrap_or_default().lines() {
            let (case, what) = line.split_once(' ').unwrap();
            findings.push((case.parse().unwrap(), what.to_owned()));
        }
        for line in fs::read_to_string(worker.own.join("tally")).unwrap_or_default().lines() {
            let (count, what) = line.split_once(' ').unwrap();
            let (count, so_far) = (count.parse::<u64>().unwrap(), tally.entry(what.to_owned()).or_default());
            *so_far = if what.contains("at most") { count.max(*so_far) } else { count + *so_far };
        }
    }
    let counts: Vec<String> = tally.iter().map(|(what, count)| format!("{count} {what}")).collect();
    let (name, seconds) = (S::NAME, begun.elapsed().as_secs());
    say(&format!("{name}: {cases} cases in {seconds} s: {}", counts.join(", ")));
    findings.sort();
    findings
}
