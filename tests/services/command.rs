//! The command line with an object store.

use std::path::Path;
use std::process::{Command, Output, Stdio};

use crate::server::{Moto, Server, environment};

const MTS: &str = env!("CARGO_BIN_EXE_mts-suite");

const GRID: &str = "
seed: 42
configs:
  - {model: gbm, M: 2, T: 30, mu: [0.0, 0.05], sigma: 0.2, n_realizations: 2}
  - {model: kuramoto, M: 3, T: 2000}
";

struct Place {
    folder: tempfile::TempDir,
    server: Server,
}

impl Place {
    fn new(bucket: &str) -> Self {
        let (folder, server) = (tempfile::tempdir().unwrap(), Moto::shared().server());
        server.make_bucket(bucket);
        std::fs::write(folder.path().join("grid.yaml"), GRID).unwrap();
        Place { folder, server }
    }

    fn command(&self, args: &str) -> Command {
        let mut command = Command::new(MTS);
        command.args(args.split(' ')).current_dir(self.folder.path()).envs(environment(self.server));
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        command
    }

    /// What is said, where the exit code is `code`. Nothing is ever written to this machine.
    #[track_caller]
    fn run(&self, args: &str, code: i32) -> String {
        let Output { status, stdout, stderr } = self.command(args).output().unwrap();
        let said = String::from_utf8_lossy(&stdout).into_owned() + &String::from_utf8_lossy(&stderr);
        assert_eq!(status.code(), Some(code), "{args}\n{said}");
        assert_eq!(std::fs::read_dir(self.folder.path()).unwrap().count(), 1, "{args}");
        said
    }
}

#[test]
fn a_run_is_written_found_and_verified() {
    let place = Place::new("command");
    let generate = "generate grid.yaml --format parquet,csv --outdir s3://command/data";
    assert!(place.run(generate, 0).contains("3 written"));
    let keys = place.server.keys("command");
    for ending in [".parquet", ".csv", ".metadata.json", ".truth.json"] {
        let catalogues = usize::from(ending == ".parquet");
        assert_eq!(keys.iter().filter(|key| key.ends_with(ending)).count(), 3 + catalogues, "{keys:?}");
    }
    assert!(
        keys.contains(&"data/catalog.parquet".to_owned()) && keys.contains(&"data/manifest.jsonl".to_owned())
    );
    assert!(place.run(generate, 0).contains("all 3 datasets are there already, below s3://command/data"));
    assert!(place.run(&format!("{generate} --resume"), 0).contains("there already"));
    assert!(place.run("verify s3://command/data", 0).contains("3 datasets: every value"));
    let data = keys.iter().find(|key| key.ends_with(".csv")).unwrap();
    assert!(place.run(&format!("verify s3://command/{data}"), 0).contains("1 dataset: every value"));
    assert!(place.run("validate grid.yaml --outdir s3://command/data", 0).contains("valid"));

    // Other data are refused, then replaced.
    let other = generate.replace("generate", "generate --seed 7");
    assert!(place.run(&other, 2).contains("holds other data: seed 42, here seed 7"));
    assert!(place.run(&format!("{other} --overwrite"), 0).contains("3 written"));
    let mut now = place.server.keys("command");
    now.retain(|key| !key.ends_with("validation_report.json"));
    assert_eq!(now, keys);
    place.run("verify s3://command/data", 0);
}

#[test]
fn a_flipped_object_is_found() {
    let place = Place::new("flipped");
    place.run("generate grid.yaml --outdir s3://flipped/data", 0);
    let keys = place.server.keys("flipped");
    let data = keys.iter().find(|key| key.ends_with(".parquet") && key.contains("kuramoto")).unwrap();
    // The same data have the same bytes everywhere.
    let local = tempfile::tempdir().unwrap();
    place.run(&format!("generate grid.yaml --outdir {}", local.path().join("data").display()), 0);
    let mut bytes = std::fs::read(local.path().join(data)).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    place.server.put("flipped", data, &bytes);
    assert!(place.run("verify s3://flipped/data", 1).contains("checksum"));
    assert!(
        place
            .run("generate grid.yaml --outdir s3://flipped/data --resume", 0)
            .contains("1 written, 2 present")
    );
    place.run("verify s3://flipped/data", 0);
}

#[test]
fn packs_are_written_and_verified() {
    let place = Place::new("packed");
    place.run("generate grid.yaml --pack 2 --outdir s3://packed/data", 0);
    assert!(place.server.keys("packed").iter().any(|key| key.ends_with(".metadata.jsonl")));
    assert!(place.run("generate grid.yaml --pack 2 --outdir s3://packed/data", 0).contains("there already"));
    place.run("verify s3://packed/data", 0);
}

#[test]
fn a_manifest_that_takes_no_lines_costs_others_none() {
    let place = Place::new("manifests");
    let record = |name: &str| format!("  - {{model: kuramoto, M: 2, T: 5, outdir: s3://manifests/{name}}}\n");
    let grid = format!("seed: 1\nconfigs:\n{}{}", record("a"), record("b"));
    std::fs::write(place.folder.path().join("grid.yaml"), grid).unwrap();
    place.server.put_archived("manifests", "a/manifest.jsonl");
    let said = place.run("generate grid.yaml", 3);
    assert!(said.contains("the manifest of the run: s3://manifests/a/manifest.jsonl"), "{said}");
    assert!(place.server.keys("manifests").contains(&"b/manifest.jsonl".to_owned()));
}

#[test]
fn refusals_name_the_place() {
    let place = Place::new("refusals");
    let none = place.run("generate grid.yaml --outdir s3://nowhere/data", 2);
    assert!(none.contains("there is no bucket \"nowhere\""), "{none}");
    let folder = place.run("generate grid.yaml --format zarr --outdir s3://refusals/data", 2);
    assert!(folder.contains("a folder of files cannot appear at once"), "{folder}");
    assert!(place.run("verify s3://refusals/data", 2).contains("s3://refusals/data"));
    assert!(place.server.keys("refusals").is_empty());
}

#[test]
fn a_killed_client_leaves_nothing_that_looks_complete() {
    let place = Place::new("killed");
    let large = "{model: noise_gaussian, M: 20, T: 1000000, seed: 1}";
    std::fs::write(place.folder.path().join("grid.yaml"), large).unwrap();
    let mut child = place.command("generate grid.yaml --outdir s3://killed/data").spawn().unwrap();
    while place.server.uploads("killed").is_empty() {
        assert!(child.try_wait().unwrap().is_none(), "it ended too soon");
        std::thread::sleep(std::time::Duration::from_millis(5));
    }
    child.kill().unwrap();
    child.wait().unwrap();
    assert!(place.server.keys("killed").is_empty());
    assert!(place.run("verify s3://killed/data", 2).contains("s3://killed/data"));
    let small = large.replace("1000000", "1000");
    std::fs::write(Path::new(place.folder.path()).join("grid.yaml"), small).unwrap();
    place.run("generate grid.yaml --outdir s3://killed/data", 0);
    place.run("verify s3://killed/data", 0);
}
