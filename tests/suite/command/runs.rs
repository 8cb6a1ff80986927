//! Runs that are continued, divided, interrupted and killed.

use std::fs;
use std::io::{Read as _, Write as _};
use std::path::Path;
use std::process::{Child, Stdio};
use std::time::{Duration, Instant};

use super::Place;

/// A document of some datasets, some of which take a while.
const GRID: &str = "
seed: 7
configs:
  - {model: ou, M: 4, T: [50, 40000], theta: [0.1, 0.2], csv: true}
  - {model: kuramoto, M: 3, T: [40, 8000], K: [0.5, 1.0, 1.5]}
";

/// The same in packs.
const PACKED: &str = "
seed: 7
pack: 2
configs:
  - {model: ou, M: 4, T: [50, 60000], theta: [0.1, 0.2, 0.3]}
";

/// Names and bytes of files.
type Contents = Vec<(String, Vec<u8>)>;

fn contents(place: &Place, folder: &str) -> Contents {
    let files = place.files(folder).into_iter().chain(["catalog.parquet".to_owned()]);
    files.map(|file| (file.clone(), fs::read(place.path(folder).join(file)).unwrap_or_default())).collect()
}

/// A place with both documents and what whole runs of them write.
fn place() -> (Place, [Contents; 2]) {
    let place = Place::new();
    place.write("grid.yaml", GRID).write("packed.yaml", PACKED);
    let whole = ["grid", "packed"].map(|name| {
        let folder = format!("whole-{name}");
        place.run(&["generate", &format!("{name}.yaml"), "--out", &folder]).expect(0);
        contents(&place, &folder)
    });
    (place, whole)
}

fn start(place: &Place, args: &[&str]) -> Child {
    place.command(args).stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap()
}

/// Whether a folder holds what a run has begun.
fn has_begun(folder: &Path) -> bool {
    fs::read_dir(folder).into_iter().flatten().flatten().any(|entry| {
        entry.file_name().to_string_lossy().ends_with(".tmp")
            || entry.path().is_dir() && has_begun(&entry.path())
    })
}

fn temporaries(place: &Place, folder: &str) -> Vec<String> {
    place.files(folder).into_iter().filter(|file| file.ends_with(".tmp")).collect()
}

#[test]
fn a_run_that_is_killed_at_any_moment_is_finished_to_the_same_bytes() {
    let (place, whole) = place();
    let mut left_behind = 0;
    for (name, whole) in ["grid", "packed"].into_iter().zip(&whole) {
        let document = format!("{name}.yaml");
        for round in 0..12_u64 {
            let out = format!("killed-{name}-{round}");
            let mut child = start(&place, &["generate", &document, "--out", &out, "--jobs", "2"]);
            // Moments are spread over the run, and fall where they fall.
            std::thread::sleep(Duration::from_millis(3 + round * round * 4));
            child.kill().unwrap();
            child.wait().unwrap();
            left_behind += temporaries(&place, &out).len();
            // Whatever has a sidecar is whole; what has none is told of.
            if place.files(&out).iter().any(|file| file.contains(".metadata.json") && !file.ends_with(".tmp"))
            {
                let told = place.run(&["verify", &out]);
                let wrong = told.stderr.lines().filter(|line| line.starts_with("error"));
                let wrong: Vec<&str> = wrong.filter(|line| !line.contains("unfinished")).collect();
                assert!(wrong.is_empty(), "round {round}: {}", told.stderr);
            }
            place.run(&["generate", &document, "--out", &out, "--resume"]).expect(0);
            assert!(contents(&place, &out) == *whole, "round {round}: {:?}", place.files(&out));
            place.run(&["verify", &out]).expect(0);
        }
    }
    assert!(left_behind > 0, "no run was killed while it wrote");
}

#[test]
fn an_interrupt_removes_what_was_being_written_and_keeps_what_is_complete() {
    let place = Place::new();
    place.write("grid.yaml", GRID);
    // The last record takes long enough to be interrupted on any machine.
    place.write("long.yaml", &format!("{GRID}  - {{model: ou, M: 10, T: 100000000, theta: 0.3}}\n"));
    for (signal, code) in [("INT", 130), ("TERM", 143)] {
        let mut child = start(&place, &["generate", "long.yaml", "--out", "out", "--jobs", "2"]);
        let sidecar = || place.files("out").iter().any(|file| file.ends_with(".metadata.json"));
        let begun = Instant::now();
        while !(sidecar() && has_begun(&place.path("out"))) {
            assert!(begun.elapsed() < Duration::from_secs(120), "nothing was written");
            std::thread::sleep(Duration::from_millis(5));
        }
        let kill = std::process::Command::new("kill")
            .args([&format!("-{signal}"), &child.id().to_string()])
            .status();
        assert!(kill.unwrap().success());
        let status = child.wait().unwrap();
        let mut said = String::new();
        child.stderr.take().unwrap().read_to_string(&mut said).unwrap();
        assert_eq!(status.code(), Some(code), "{said}");
        assert!(said.contains("--resume goes on from here"), "{said}");
        // What can be continued stays where it was no person that asked.
        assert!(code == 143 || temporaries(&place, "out").is_empty());
        place.run(&["verify", "out"]).expect(0);
    }
    place.run(&["generate", "grid.yaml", "--out", "out", "--resume"]).expect(0);
    place.run(&["generate", "grid.yaml", "--out", "whole"]).expect(0);
    assert!(contents(&place, "out") == contents(&place, "whole"));
}

#[test]
fn an_interrupt_is_heard_while_steps_are_thrown_away() {
    let place = Place::new();
    // Centuries of work before the first value; time to begin with it is all that is given.
    for (name, record) in [
        ("burn_in", "M: 1, T: 10, transforms: [{burn_in: 100000000000000}]"),
        ("every", "M: 1, T: 10, transforms: [{every: 10000000000000}]"),
        ("zscore", "M: 1, T: 10, transforms: [{burn_in: 100000000000000}, {zscore: time}]"),
        ("packed", "M: 1, T: 10, transforms: [{burn_in: 100000000000000}]"),
    ] {
        place.write("long.yaml", &format!("- {{model: ou, {record}}}\n"));
        let mut args = vec!["generate", "long.yaml", "--out", name];
        if name == "packed" {
            args.extend(["--pack", "10"]);
        }
        let mut child = start(&place, &args);
        let begun = Instant::now();
        while !place.path(name).exists() {
            assert!(begun.elapsed() < Duration::from_secs(20), "nothing was begun");
            std::thread::sleep(Duration::from_millis(5));
        }
        std::thread::sleep(Duration::from_millis(200));
        let kill = std::process::Command::new("kill").args(["-INT", &child.id().to_string()]).status();
        assert!(kill.unwrap().success());
        let mut said = String::new();
        let status = child.wait().unwrap();
        child.stderr.take().unwrap().read_to_string(&mut said).unwrap();
        assert_eq!(status.code(), Some(130), "{name}: {said}");
        assert!(said.contains(" of one core\n"), "{name}: {said}");
        assert!(temporaries(&place, name).is_empty(), "{name}");
    }
}

#[test]
fn what_is_damaged_is_made_again() {
    let (place, whole) = place();
    for (name, whole) in ["grid", "packed"].into_iter().zip(&whole) {
        let (document, out) = (format!("{name}.yaml"), format!("whole-{name}"));
        let folder = place.path(&out);
        let files: Vec<String> = place.files(&out);
        for (at, file) in files.iter().enumerate() {
            let path = folder.join(file);
            let bytes = fs::read(&path).unwrap();
            match at % 3 {
                0 => fs::write(&path, &bytes[..bytes.len() / 2]).unwrap(),
                1 => {
                    let mut bytes = bytes.clone();
                    let middle = bytes.len() / 2;
                    bytes[middle] ^= 1;
                    fs::write(&path, bytes).unwrap();
                }
                _ => fs::remove_file(&path).unwrap(),
            }
            place.run(&["verify", &out]).expect(1);
            place.run(&["generate", &document, "--out", &out, "--resume"]).expect(0);
            assert!(fs::read(&path).unwrap() == bytes, "{file}");
        }
        assert!(contents(&place, &out) == *whole);
        place.run(&["verify", &out]).expect(0);
    }
}

#[test]
fn to_resume_what_was_never_begun_is_a_plain_run() {
    let (place, whole) = place();
    fs::create_dir(place.path("empty")).unwrap();
    for out in ["empty", "missing"] {
        place.run(&["generate", "packed.yaml", "--out", out, "--resume"]).expect(0).says("6 written");
        assert!(contents(&place, out) == whole[1]);
        place.run(&["generate", "packed.yaml", "--out", out, "--resume"]).expect(0).says("there already");
    }
}

#[test]
fn shards_are_the_whole_run() {
    let (place, whole) = place();
    for (name, whole) in ["grid", "packed"].into_iter().zip(&whole) {
        let document = format!("{name}.yaml");
        let shards: Vec<Child> = (1..=3)
            .map(|i| start(&place, &["generate", &document, "--out", name, "--shard", &format!("{i}/3")]))
            .collect();
        shards.into_iter().for_each(|mut shard| assert!(shard.wait().unwrap().success()));
        assert!(contents(&place, name) == *whole);
        place.run(&["verify", name]).expect(0);
        let manifests = fs::read_dir(place.path(name)).unwrap().flatten();
        let mut manifests: Vec<String> = manifests
            .map(|entry| entry.file_name().into_string().unwrap())
            .filter(|name| name.starts_with("manifest"))
            .collect();
        manifests.sort();
        assert_eq!(manifests, ["1", "2", "3"].map(|i| format!("manifest.{i}-of-3.jsonl")));
        place.run(&["generate", &document, "--out", name]).expect(0).says("there already");
    }
    place.run(&["generate", "grid.yaml", "--shard", "4/3"]).expect(2).says("i from 1 to n");
}

#[test]
fn two_runs_at_once_share_the_work() {
    let (place, whole) = place();
    for (name, whole) in ["grid", "packed"].into_iter().zip(&whole) {
        let document = format!("{name}.yaml");
        let both: Vec<Child> =
            (0..2).map(|_| start(&place, &["generate", &document, "--out", name, "--jobs", "2"])).collect();
        for mut run in both {
            let status = run.wait().unwrap();
            let mut said = String::new();
            run.stderr.take().unwrap().read_to_string(&mut said).unwrap();
            assert!(status.success(), "{said}");
        }
        assert!(contents(&place, name) == *whole, "{:?}", place.files(name));
        place.run(&["verify", name]).expect(0);
    }
    // Two formats of the same data: none is lost.
    let formats = ["csv", "ndjson", "npz"];
    let runs: Vec<Child> = formats
        .iter()
        .map(|format| start(&place, &["generate", "grid.yaml", "--out", "f", "--format", format]))
        .collect();
    runs.into_iter().for_each(|mut run| assert!(run.wait().unwrap().success()));
    place.run(&["verify", "f"]).expect(0);
    for format in formats {
        assert_eq!(
            place
                .files("f")
                .iter()
                .filter(|file| file.ends_with(format) && !file.contains(".truth."))
                .count(),
            10,
            "{format}"
        );
    }
}

#[test]
fn a_dataset_that_is_gone_is_missed() {
    let (place, _) = place();
    let gone = place.path("whole-grid/kuramoto");
    fs::remove_dir_all(gone).unwrap();
    place.run(&["verify", "whole-grid"]).expect(1).says("missing: the manifest says that it was finished");
    fs::remove_file(place.path("whole-packed/ou/ou.00002.metadata.jsonl")).unwrap();
    place.run(&["verify", "whole-packed"]).expect(1).says("unfinished: a data file without its sidecar");
}

#[test]
fn a_catalogue_has_a_row_for_each_dataset() {
    let place = Place::new();
    place.write(
        "grid.yaml",
        "seed: 1\nconfigs:\n  - {model: ou, M: 2, T: 9, theta: {axis: [0.1, 0.2, 0.3, 0.4, 0.5]}}\n",
    );
    let run =
        |args: &[&str]| place.run(&[&["generate", "grid.yaml", "--out", "data"], args].concat()).expect(0);
    let rows = || -> Vec<String> {
        let catalogue = mts_io::Catalogue::read(&place.path("data/catalog.parquet")).unwrap();
        let rows: Vec<mts_io::CatalogueRow> = catalogue.rows().collect();
        for row in &rows {
            let file = mts_io::Address::of(&place.path("data").join(&row.path)).file;
            assert_eq!(mts_io::Digest::read(&file).unwrap(), row.digest, "{}", row.path);
            if row.path.contains('#') {
                let sidecar = mts_io::Sidecar::read(&place.path("data").join(&row.path)).unwrap();
                assert_eq!(sidecar.data_id, row.data_id);
            }
        }
        rows.into_iter().map(|row| row.path).collect()
    };
    run(&["--format", "csv"]);
    assert!(rows().iter().all(|path| path.ends_with(".csv")) && rows().len() == 5);
    // A further format, then another place: never a second row.
    run(&[]);
    assert!(rows().iter().all(|path| path.ends_with(".parquet")) && rows().len() == 5);
    run(&["--pack", "2"]);
    run(&["--pack", "3", "--overwrite"]);
    assert_eq!(rows().len(), 5);
    assert_eq!(place.files("data").iter().filter(|file| file.contains("/ou.0000")).count(), 6);
    // What a limit leaves out is there, and stays.
    run(&["--pack", "3", "--limit", "2"]).says("there already");
    assert_eq!(rows().len(), 5);
    place.run(&["verify", "data"]).expect(0);
    // The folder of another document has both.
    place.write("grid.yaml", "seed: 1\nconfigs:\n  - {model: gbm, M: 2, T: 9}\n");
    run(&[]);
    assert_eq!(rows().len(), 6);
}

#[test]
fn a_pack_stays_until_all_that_it_holds_is_in_another() {
    let place = Place::new();
    place.write("grid.yaml", "seed: 1\nconfigs:\n  - {model: gbm, M: 2, T: 5000, mu: [0.1, 0.2, 0.3, 10]}\n");
    let run = |args: &[&str]| place.run(&[&["generate", "grid.yaml"], args].concat());
    let packs = || {
        let files = place.files("data").into_iter();
        files.filter(|file| file.ends_with(".parquet")).map(|file| file[8..].to_owned()).collect::<Vec<_>>()
    };
    run(&["--pack", "1", "--allow-nonfinite"]).expect(0);
    assert_eq!(packs().len(), 4);
    // The second of two packs is another shard's: what it will hold is where it was.
    run(&["--pack", "2", "--overwrite", "--shard", "1/2"]).expect(0);
    assert_eq!(packs(), ["00000.parquet", "00001.parquet", "00002.parquet", "00003.parquet"]);
    // It fails, for its last dataset diverges.
    run(&["--pack", "2", "--overwrite"]).expect(3);
    assert_eq!(packs(), ["00000.parquet", "00001.parquet", "00002.parquet", "00003.parquet"]);
    place.run(&["verify", "data/gbm/gbm.00002.parquet", "data/gbm/gbm.00003.parquet"]).expect(0);
    run(&["--pack", "2", "--overwrite", "--shard", "2/2", "--allow-nonfinite"]).expect(0);
    assert_eq!(packs(), ["00000.parquet", "00001.parquet"]);
    place.run(&["verify", "data"]).expect(0);
}

#[test]
fn a_disk_that_fills_leaves_nothing_that_looks_complete() {
    let place = Place::new();
    place.write("grid.yaml", "seed: 1\nconfigs:\n  - {model: ou, M: 10, T: [1000, 400000]}\n");
    let small = place.path("small");
    fs::create_dir(&small).unwrap();
    let shell =
        |command: &str| std::process::Command::new("sh").args(["-c", command]).current_dir(&small).status();
    let mounted = shell("mount -t tmpfs -o size=48m tmpfs .");
    assert!(mounted.unwrap().success(), "a small disk needs the rights to mount one");
    let full = place.run(&["generate", "grid.yaml", "--out", "small", "--n-realizations", "20"]);
    // The plan found room; what fills the disk comes while it is written.
    let mut run = start(&place, &["generate", "grid.yaml", "--out", "small"]);
    let begun = Instant::now();
    while !has_begun(&small) && begun.elapsed() < Duration::from_secs(60) {}
    let _ = shell("head -c 48m /dev/zero > ballast");
    let status = run.wait().unwrap();
    let mut said = String::new();
    run.stderr.take().unwrap().read_to_string(&mut said).unwrap();
    let verified = place.run(&["verify", "small"]);
    let left = place.files("small");
    let resumed =
        shell("rm ballast").map(|_| place.run(&["generate", "grid.yaml", "--out", "small", "--resume"]));
    let again = place.run(&["verify", "small"]);
    // It is still the folder of this process.
    assert!(std::process::Command::new("umount").arg(&small).status().unwrap().success());
    full.expect(2).says("are free");
    assert_eq!(status.code(), Some(3), "{said}");
    assert!(said.contains("no space is left"), "{said}");
    assert!(!left.iter().any(|file| file.ends_with(".tmp")), "{left:?}");
    assert!(!verified.stderr.contains("differ"), "{}", verified.stderr);
    resumed.unwrap().expect(0);
    again.expect(0);
}

#[test]
fn values_that_diverge_are_kept_where_that_is_wanted() {
    let place = Place::new();
    let document = "{seed: 1, format: [parquet, csv, ndjson, arrow, npz, netcdf, zarr], configs: [{model: gbm, M: 2, T: 5000, mu: 10}]}";
    place.write("grid.yaml", document);
    place.run(&["generate", "grid.yaml"]).expect(3).says("inf at step");
    place.run(&["generate", "grid.yaml", "--allow-nonfinite"]).expect(0);
    place.run(&["verify", "data"]).expect(0);
    place.run(&["validate", "grid.yaml", "--out", "data"]).expect(1).says("inf at step");
    place.run(&["validate", "grid.yaml", "--out", "data", "--allow-nonfinite"]).expect(0);
}

#[test]
fn a_budget_of_memory_is_kept() {
    let place = Place::new();
    place.write("grid.yaml", "memory: 1MB\nseed: 1\nconfigs:\n  - {model: ou, T: 5000000}\n");
    place.run(&["generate", "grid.yaml"]).expect(2).says("grid.yaml:4:5").says("1.0 MB are allowed");
    place.run(&["generate", "grid.yaml", "--memory", "1XB"]).expect(2).says("such as 500MB");
    place.run(&["describe", "grid.yaml", "--memory", "1GB"]).expect(0);
    place.write("bad.yaml", "memory: much\nconfigs: []\n");
    place.run(&["describe", "bad.yaml"]).expect(2).says("bad.yaml:1:9").says("such as 500MB");
}

#[test]
fn a_read_only_folder_is_refused_before_anything_is_made() {
    let (place, whole) = place();
    // Nobody's rights stop root; a file system does.
    let out = place.path("whole-grid");
    let mount =
        |args: &[&str]| std::process::Command::new(args[0]).args(&args[1..]).status().unwrap().success();
    let folder = out.to_str().unwrap();
    assert!(mount(&["mount", "--bind", folder, folder]));
    assert!(mount(&["mount", "-o", "remount,ro,bind", folder]));
    let again = place.run(&["generate", "grid.yaml", "--out", "whole-grid"]);
    let other = place.run(&["generate", "grid.yaml", "--out", "whole-grid", "--seed", "8", "--overwrite"]);
    let verified = place.run(&["verify", "whole-grid"]);
    assert!(mount(&["umount", folder]));
    again.expect(0).says("there already");
    other.expect(2).says("Read-only");
    verified.expect(0);
    assert!(contents(&place, "whole-grid") == whole[0]);
}

#[test]
fn long_data_are_sampled_from_their_checkpoints() {
    let place = Place::new();
    place.write(
        "grid.yaml",
        "seed: 1\nconfigs:\n  - {model: ou, M: 16, T: 2200000}\n  - {model: ou, M: 2, T: 9}\n",
    );
    place.run(&["generate", "grid.yaml"]).expect(0);
    let files = place.files("data");
    let long =
        |ending: &str| files.iter().find(|file| file.contains("T2200000") && file.ends_with(ending)).unwrap();
    let path = |ending: &str| place.path("data").join(long(ending));
    assert_eq!(files.iter().filter(|file| file.ends_with(".checkpoints.jsonl")).count(), 1);
    place.run(&["verify", "data", "--sample", "1"]).expect(0).says("4 of 4 parts were compared");
    place.run(&["verify", "data", "--sample", "1e-9"]).expect(0).says("1 of 4 parts").says("1 of 2 datasets");
    place.run(&["verify", "data", "--sample", "0"]).expect(2).says("above 0");
    // Each seed looks at other parts.
    let changed = |number: u64| {
        let run = place.run(&["verify", "data", "--sample", "0.5", "--sample-seed", &number.to_string()]);
        run.code == Some(1)
    };
    assert!(!(0..4).any(changed));
    let whole = std::fs::read(path(".parquet")).unwrap();
    let mut damaged = whole.clone();
    let middle = damaged.len() / 2;
    damaged[middle..middle + 8].copy_from_slice(&1.25_f64.to_le_bytes());
    fs::write(path(".parquet"), damaged).unwrap();
    let found = (0..8).filter(|number| changed(*number)).count();
    assert!((1..8).contains(&found), "found by {found} of 8 samples");
    fs::write(path(".parquet"), whole).unwrap();
    // A checkpoint that was forged is found by the part before it, one that was cut off by any.
    let checkpoints = fs::read_to_string(path(".checkpoints.jsonl")).unwrap();
    fs::write(path(".checkpoints.jsonl"), checkpoints.replacen("\"state\":\"", "\"state\":\"00", 1)).unwrap();
    place.run(&["verify", "data", "--sample", "1"]).expect(1).says("checkpoint");
    fs::write(path(".checkpoints.jsonl"), &checkpoints[..checkpoints.len() / 3]).unwrap();
    place.run(&["verify", "data", "--sample", "1"]).expect(1).says("checkpoints");
    fs::write(path(".checkpoints.jsonl"), checkpoints.lines().next().unwrap()).unwrap();
    place.run(&["verify", "data", "--sample", "1e-9"]).expect(1).says("checkpoints.jsonl: has");
    place.run(&["verify", "data"]).expect(1).says("checkpoints");
    place.run(&["generate", "grid.yaml", "--resume"]).expect(0);
    assert_eq!(fs::read_to_string(path(".checkpoints.jsonl")).unwrap(), checkpoints);
    place.run(&["verify", "data"]).expect(0);
}

/// Names and checksums of files.
fn digests(place: &Place, folder: &str) -> Vec<(String, String)> {
    let digest = |file: String| {
        let digest = mts_io::Digest::read(&place.path(folder).join(&file)).unwrap();
        (file, digest.sha256)
    };
    place.files(folder).into_iter().map(digest).collect()
}

#[test]
fn a_long_dataset_goes_on_where_it_was_killed() {
    let place = Place::new();
    place.write(
        "grid.yaml",
        "seed: 1\nformat: [parquet, npz]\nconfigs:\n  - {model: ou, M: 16, T: 2200000}\n",
    );
    let folder = place.path("data");
    let is_remembered = || {
        let folders = fs::read_dir(folder.join("ou")).into_iter().flatten().flatten();
        let files = folders.flat_map(|folder| fs::read_dir(folder.path()).into_iter().flatten().flatten());
        files.into_iter().any(|file| file.file_name().to_string_lossy().ends_with(".progress"))
    };
    let stop = |mut run: Child, signal: &str, wait: Duration| {
        let begun = Instant::now();
        while !is_remembered() {
            assert!(begun.elapsed() < Duration::from_secs(120), "nothing was remembered");
            std::thread::sleep(Duration::from_millis(5));
        }
        std::thread::sleep(wait);
        let kill = std::process::Command::new("kill").args([signal, &run.id().to_string()]).status();
        assert!(kill.unwrap().success());
        assert!(!run.wait().unwrap().success(), "the run was over before it was stopped");
    };
    place.run(&["generate", "grid.yaml", "--out", "whole"]).expect(0);
    for signal in ["-KILL", "-TERM"] {
        stop(start(&place, &["generate", "grid.yaml"]), signal, Duration::from_millis(200));
        assert!(is_remembered(), "{signal}");
        let said = place.run(&["generate", "grid.yaml", "--resume", "-v"]).expect(0).stderr;
        assert!(said.contains("continues"), "{signal}: {said}");
        assert!(!is_remembered() && temporaries(&place, "data").is_empty(), "{:?}", place.files("data"));
        assert!(digests(&place, "data") == digests(&place, "whole"));
        fs::remove_dir_all(place.path("data")).unwrap();
    }
    // Somebody at the keyboard finds nothing half done.
    stop(start(&place, &["generate", "grid.yaml"]), "-INT", Duration::ZERO);
    assert!(!is_remembered() && temporaries(&place, "data").is_empty(), "{:?}", place.files("data"));
    // Without being asked to go on, and where what was left has changed, it begins again.
    stop(start(&place, &["generate", "grid.yaml"]), "-KILL", Duration::ZERO);
    let file = temporaries(&place, "data").into_iter().find(|file| file.contains(".npz.")).unwrap();
    fs::OpenOptions::new()
        .write(true)
        .open(place.path("data").join(file))
        .unwrap()
        .write_all(b"damage")
        .unwrap();
    let said = place.run(&["generate", "grid.yaml", "--resume", "-v"]).expect(0).stderr;
    assert!(!said.contains("continues"), "{said}");
    assert!(digests(&place, "data") == digests(&place, "whole"));
}
