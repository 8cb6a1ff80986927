//! What takes long: a long dataset and large tables, in little memory; a large table's values.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod keyed;

use std::process::{Child, Command, Stdio};
use std::time::Duration;

const MTS: &str = env!("CARGO_BIN_EXE_mts-suite");

/// 10⁸ values.
const GRID: &str = "{seed: 1, configs: [{model: ou, M: 10, n_realizations: 10, T: 1000000}]}";

/// Mebibytes that a run may ever have had: as many for any length.
const MOST: u64 = 256;

/// 2·10⁷ rows in two tables, with parents enough for rows to be shuffled in parts.
const TABLES: &str = "
dataset: big
seed: 1
tables:
  customers:
    rows: 5000000
    columns:
      - {name: id, type: id, constraints: {primary_key: true}}
      - {name: contact, type: email, constraints: {unique: true}}
  orders:
    rows: 15000000
    corruption: {missing_rate: 0.001, outlier_rate: 0.001}
    columns:
      - {name: id, type: id, constraints: {primary_key: true}}
      - {name: customer, type: integer}
      - {name: price, type: float, distribution: lognormal}
      - {name: day, type: date}
relationships:
  - {parent_table: customers, parent_key: id, child_table: orders, child_key: customer, max_children: 40}
";

/// Mebibytes that a run of tables may ever have had.
const MOST_OF_TABLES: u64 = 300;

fn start(folder: &std::path::Path, args: &[&str]) -> Child {
    Command::new(MTS).args(args).current_dir(folder).stdout(Stdio::null()).spawn().unwrap()
}

/// Waits for the end, and returns the most mebibytes that were seen to have been in use.
fn most(mut run: Child) -> u64 {
    let mut most = 0;
    loop {
        let status = std::fs::read_to_string(format!("/proc/{}/status", run.id())).unwrap_or_default();
        let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
        let kibibytes = line.and_then(|line| line.trim().strip_suffix("kB")?.trim().parse::<u64>().ok());
        most = most.max(kibibytes.unwrap_or(0) / 1024);
        if let Some(status) = run.try_wait().unwrap() {
            assert!(status.success());
            return most;
        }
        std::thread::sleep(Duration::from_millis(5));
    }
}

#[test]
fn memory_does_not_grow_with_length() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("grid.yaml"), GRID).unwrap();
    let generated = most(start(folder.path(), &["generate", "grid.yaml"]));
    assert!((1..=MOST).contains(&generated), "generate took {generated} MiB");
    let verified = most(start(folder.path(), &["verify", "data", "--sample", "0.3", "--sample-seed", "1"]));
    assert!((1..=MOST).contains(&verified), "verify took {verified} MiB");
}

#[test]
fn memory_does_not_grow_with_rows() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("tables.yaml"), TABLES).unwrap();
    let generated = most(start(folder.path(), &["generate", "tables.yaml", "--format", "csv,parquet"]));
    assert!((1..=MOST_OF_TABLES).contains(&generated), "generate took {generated} MiB");
    let verified = most(start(folder.path(), &["verify", "data"]));
    assert!((1..=MOST_OF_TABLES).contains(&verified), "verify took {verified} MiB");
}
