//! Documents of tables: written in every format, verified, continued, interrupted, refused.

use std::collections::BTreeMap;
use std::fs;
use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use arrow_array::cast::AsArray;
use arrow_array::types::Int64Type;
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;

use mts_tests::golden::Golden;

use super::Place;

const FORMATS: [&str; 6] = ["parquet", "csv", "json", "ndjson", "arrow", "sqlite"];

/// Every document of tables that comes with the program.
fn documents() -> Vec<PathBuf> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../configs/tables");
    let mut paths: Vec<PathBuf> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.is_file())
        .collect();
    paths.sort();
    assert!(paths.len() >= 3);
    paths
}

fn retail() -> String {
    documents().into_iter().find(|path| path.ends_with("retail.yaml")).unwrap().to_str().unwrap().to_owned()
}

/// Names and bytes of files, manifests aside.
fn contents(place: &Place, folder: &str) -> Vec<(String, Vec<u8>)> {
    let read = |file: String| {
        let bytes = fs::read(place.path(folder).join(&file)).unwrap();
        (file, bytes)
    };
    place.files(folder).into_iter().map(read).collect()
}

/// Two tables, the second large enough to be stopped while it is written.
fn large(rows: u64) -> String {
    format!(
        "dataset: big\nseed: 3\ntables:\n  a:\n    rows: {}\n    columns:\n      - {{name: id, type: id, constraints: {{primary_key: true}}}}\n  b:\n    rows: {rows}\n    columns:\n      - {{name: id, type: id, constraints: {{primary_key: true}}}}\n      - {{name: a_id, type: integer}}\n      - {{name: x, type: float, distribution: normal}}\n      - {{name: who, type: email}}\nrelationships:\n  - {{parent_table: a, parent_key: id, child_table: b, child_key: a_id}}\n",
        rows / 10
    )
}

fn start(place: &Place, args: &[&str]) -> Child {
    place.command(args).stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap()
}

fn temporaries(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    let names = entries.map(|entry| entry.file_name().to_string_lossy().into_owned());
    names.filter(|name| name.ends_with(".tmp")).collect()
}

/// Waits until a run has written some of its data.
fn wait_until_begun(folder: &Path) {
    let begun = Instant::now();
    while !temporaries(folder).iter().any(|name| name.starts_with(".b.")) {
        assert!(begun.elapsed() < Duration::from_secs(60), "nothing was written");
        std::thread::sleep(Duration::from_millis(2));
    }
}

#[test]
fn every_document_is_written_and_verified_in_every_format() {
    let place = Place::new();
    for document in documents() {
        let document = document.to_str().unwrap();
        // Of some of its values there are no more.
        let rows = if document.ends_with("constraints.yaml") { "60" } else { "200" };
        for format in FORMATS {
            let out = format!("{format}-{}", Path::new(document).file_stem().unwrap().to_str().unwrap());
            let run = ["generate", document, "--rows", rows, "--out", &out, "--format", format];
            place.run(&run).expect(0).says("1 written");
            place.run(&["verify", &out]).expect(0).says("every value as its recipe gives it");
            place.run(&run).expect(0).says("there already");
            place.run(&["validate", document, "--rows", rows, "--out", &out, "--format", format]).expect(0);
        }
    }
}

#[test]
fn threads_change_no_byte() {
    let place = Place::new();
    // More rows than are made at a time.
    place.write("big.yaml", &large(150_000));
    let formats = FORMATS.join(",");
    for (document, more) in [("big.yaml".to_owned(), vec![]), (retail(), vec!["--rows", "900"])] {
        let folders = ["1", "2", "5"].map(|jobs| {
            let out = format!("{}-{jobs}", more.len());
            // A database and JSON of many rows take their time.
            let format = if more.is_empty() { "parquet,csv,arrow" } else { &formats };
            let run = ["generate", &document, "--out", &out, "--jobs", jobs, "--format", format];
            place.run(&[&run[..], &more].concat()).expect(0);
            contents(&place, &out)
        });
        assert!(folders[0].len() > 3);
        assert!(folders[0] == folders[1] && folders[1] == folders[2]);
    }
}

#[test]
fn rows_keep_their_proportions() {
    let place = Place::new();
    let rows = |more: &[&str]| -> BTreeMap<String, i64> {
        let document = retail();
        let described = place
            .run(&[&["describe", &document, "--json", "--profile", "clean"], more].concat())
            .expect(0)
            .json();
        let text = described.at("datasets").items()[0].clone();
        text.at("tables")
            .items()
            .iter()
            .map(|table| (table.at("name").text().to_owned(), table.at("rows").unsigned() as i64))
            .collect()
    };
    let all = rows(&[]);
    assert_eq!(all["lines"], 30000);
    for (more, factor) in [(["--rows", "3000"], 0.1), (["--scale", "0.1"], 0.1), (["--scale", "2"], 2.0)] {
        for (name, count) in rows(&more) {
            assert_eq!(count as f64, (all[&name] as f64 * factor).round_ties_even(), "{name} {more:?}");
        }
    }
    place.run(&["describe", &retail(), "--rows", "5", "--scale", "2"]).expect(2);
    place.run(&["describe", &retail(), "--scale", "0"]).expect(2).says("must be a number > 0");
    place.run(&["describe", &retail(), "--scale", "nan"]).expect(2).says("must be a number > 0");
}

#[test]
fn huge_tables_are_described_at_once() {
    let place = Place::new();
    place.write("big.yaml", &large(30_000));
    let begun = Instant::now();
    let described = place.run(&["describe", "big.yaml", "--scale", "1e5"]).expect(0);
    assert!(described.stdout.contains("3000000000"), "{}", described.stdout);
    assert!(begun.elapsed() < Duration::from_secs(10));
    place
        .run(&["describe", "big.yaml", "--scale", "1e30"])
        .expect(2)
        .says("b: 18446744073709551615 rows, at most");
    place.run(&["generate", "big.yaml", "--scale", "1e7"]).expect(2);
    assert!(!place.path("data").exists());
}

/// All rows of a Parquet file, cells as text.
fn cells(path: &Path) -> (Vec<String>, Vec<Vec<Option<String>>>) {
    let reader = ParquetRecordBatchReaderBuilder::try_new(fs::File::open(path).unwrap()).unwrap();
    let names = reader.schema().fields().iter().map(|field| field.name().clone()).collect();
    let mut rows = Vec::new();
    for batch in reader.build().unwrap() {
        let batch = batch.unwrap();
        let columns: Vec<_> = batch.columns().iter().map(mts_tables::texts).collect();
        for row in 0..batch.num_rows() {
            let cell = |column: &arrow_array::StringArray| column.iter().nth(row).unwrap().map(str::to_owned);
            rows.push(columns.iter().map(cell).collect());
        }
    }
    (names, rows)
}

#[test]
fn what_is_spoilt_is_in_the_ledger() {
    let place = Place::new();
    let document = retail();
    for (out, more) in
        [("dirty", &["--profile", "dirty"][..]), ("clean", &["--profile", "clean"]), ("own", &[])]
    {
        place.run(&[&["generate", &document, "--rows", "300", "--out", out], more].concat()).expect(0);
        place.run(&["verify", out]).expect(0);
    }
    assert!(!place.files("clean").iter().any(|file| file.contains(".truth.")));
    for out in ["dirty", "own"] {
        let mut told = 0;
        for table in ["shoppers", "articles", "baskets", "lines", "returns"] {
            let path = |out: &str, ending: &str| place.path(out).join(format!("{table}{ending}"));
            let (names, before) = cells(&path("clean", ".parquet"));
            let (same, after) = cells(&path(out, ".parquet"));
            assert_eq!(names, same);
            let ledger = path(out, ".truth.parquet");
            let mut changed = BTreeMap::new();
            if ledger.exists() {
                for change in cells(&ledger).1 {
                    let row: usize = change[0].as_ref().unwrap().parse().unwrap();
                    let column =
                        change[1].as_ref().map(|name| names.iter().position(|one| one == name).unwrap());
                    changed.insert((row, column), change[4].clone());
                }
            }
            told += changed.len();
            for (row, (before, after)) in before.iter().zip(&after).enumerate() {
                for column in 0..names.len() {
                    match changed.get(&(row, Some(column))) {
                        Some(now) => assert_eq!(&after[column], now, "{table} {row} {column}"),
                        None => assert_eq!(before[column], after[column], "{table} {row} {column}"),
                    }
                }
            }
            for row in before.len()..after.len() {
                let source: usize = changed[&(row, None)].as_ref().unwrap().parse().unwrap();
                assert_eq!(after[row], after[source]);
            }
        }
        assert!(told > 0, "{out}");
    }
}

#[test]
fn a_data_file_is_verified_by_the_sidecar_that_names_it() {
    let place = Place::new();
    let document = documents().into_iter().find(|path| path.ends_with("web_events.json")).unwrap();
    place
        .run(&[
            "generate",
            document.to_str().unwrap(),
            "--rows",
            "200",
            "--out",
            "out",
            "--format",
            "parquet,csv,sqlite",
        ])
        .expect(0);
    for file in [
        "events.csv",
        "events",
        "learners.parquet",
        "events.truth.parquet",
        "learning_site_events.sqlite",
        "learning_site_events.metadata.json",
    ] {
        place.run(&["verify", &format!("out/{file}")]).expect(0).says("1 dataset");
    }
    place
        .write("out/other.csv", "a,b\n")
        .run(&["verify", "out/other.csv"])
        .expect(2)
        .says("that one beside it names");
    // A value that was changed is found with its place.
    let path = place.path("out/learners.csv");
    let text = fs::read_to_string(&path).unwrap();
    let changed = text.replacen("NL", "PT", 1);
    assert_ne!(text, changed);
    fs::write(&path, changed).unwrap();
    place
        .run(&["verify", "out/learners.csv"])
        .expect(1)
        .says("learners.csv")
        .says("column country: PT, expected NL");
    place
        .run(&[
            "generate",
            document.to_str().unwrap(),
            "--rows",
            "200",
            "--out",
            "out",
            "--format",
            "parquet,csv,sqlite",
            "--resume",
        ])
        .expect(0);
    assert_eq!(fs::read_to_string(&path).unwrap(), text);
    place.run(&["verify", "out"]).expect(0);
}

#[test]
fn other_data_are_not_replaced_unasked() {
    let place = Place::new();
    let document = retail();
    let run = |more: &[&str]| {
        place.run(&[&["generate", &document, "--rows", "200", "--out", "out"], more].concat())
    };
    run(&[]).expect(0);
    let before = contents(&place, "out");
    run(&["--seed", "5"]).expect(2).says("holds other data: seed 2718, here seed 5").says("--overwrite");
    run(&["--seed", "5", "--resume"]).expect(2);
    assert!(contents(&place, "out") == before);
    // A further format leaves the first where it is.
    run(&["--format", "csv"]).expect(0).says("1 written");
    run(&["--format", "csv,parquet"]).expect(0).says("there already");
    place.run(&["verify", "out"]).expect(0);
    run(&["--seed", "5", "--overwrite"]).expect(0);
    place.run(&["verify", "out"]).expect(0);
}

#[test]
fn a_run_that_is_killed_is_finished_to_the_same_bytes() {
    let place = Place::new();
    place.write("big.yaml", &large(1_200_000));
    let run = ["generate", "big.yaml", "--format", "csv", "--out"];
    place.run(&[&run[..], &["whole"]].concat()).expect(0);
    let whole = contents(&place, "whole");
    for round in 0..2 {
        let out = format!("killed-{round}");
        let mut child = start(&place, &[&run[..], &[&out, "--jobs", "2"]].concat());
        wait_until_begun(&place.path(&out));
        std::thread::sleep(Duration::from_millis(30 * round));
        child.kill().unwrap();
        assert!(!child.wait().unwrap().success(), "the run was over before it was killed");
        place.run(&["verify", &out]).expect(2).says("none yet");
        place.run(&[&run[..], &[&out, "--resume"]].concat()).expect(0);
        assert!(contents(&place, &out) == whole, "{:?}", place.files(&out));
    }
}

#[test]
fn an_interrupt_leaves_nothing_that_looks_complete() {
    let place = Place::new();
    place.write("big.yaml", &large(4_000_000));
    let mut child = start(&place, &["generate", "big.yaml", "--out", "out", "--format", "csv,parquet"]);
    wait_until_begun(&place.path("out"));
    let kill = Command::new("kill").args(["-INT", &child.id().to_string()]).status();
    assert!(kill.unwrap().success());
    let status = child.wait().unwrap();
    let mut said = String::new();
    child.stderr.take().unwrap().read_to_string(&mut said).unwrap();
    assert_eq!(status.code(), Some(130), "{said}");
    assert_eq!(place.files("out"), Vec::<String>::new(), "{said}");
    place.run(&["verify", "out"]).expect(2);
}

#[test]
fn a_disk_that_fills_leaves_nothing_that_looks_complete() {
    let place = Place::new();
    place.write("big.yaml", &large(1_000_000));
    let small = place.path("small");
    fs::create_dir(&small).unwrap();
    let shell = |command: &str| {
        Command::new("sh").args(["-c", command]).current_dir(&small).status().unwrap().success()
    };
    assert!(shell("mount -t tmpfs -o size=80m tmpfs ."), "a small disk needs the rights to mount one");
    let full = place.run(&["generate", "big.yaml", "--out", "small", "--format", "json,csv,ndjson"]);
    let mut run = start(&place, &["generate", "big.yaml", "--out", "small", "--format", "csv"]);
    wait_until_begun(&small);
    let _ = shell("head -c 80m /dev/zero > ballast 2> ../errors");
    let status = run.wait().unwrap();
    let mut said = String::new();
    run.stderr.take().unwrap().read_to_string(&mut said).unwrap();
    let left = place.files("small");
    assert!(Command::new("umount").arg(&small).status().unwrap().success());
    full.expect(2).says("are free");
    assert_eq!(status.code(), Some(3), "{said}");
    assert!(said.contains("no space is left"), "{said}");
    assert_eq!(left, ["ballast"]);
}

#[test]
fn a_read_only_folder_is_refused() {
    let place = Place::new();
    let document = retail();
    let run = ["generate", &document, "--rows", "200", "--out", "out"];
    place.run(&run).expect(0);
    let folder = place.path("out");
    let folder = folder.to_str().unwrap();
    let mount = |args: &[&str]| Command::new(args[0]).args(&args[1..]).status().unwrap().success();
    assert!(
        mount(&["mount", "--bind", folder, folder]) && mount(&["mount", "-o", "remount,ro,bind", folder])
    );
    let again = place.run(&run);
    let other = place.run(&[&run[..], &["--seed", "8", "--overwrite"]].concat());
    let verified = place.run(&["verify", "out"]);
    assert!(mount(&["umount", folder]));
    again.expect(0).says("there already");
    other.expect(2).says("Read-only");
    verified.expect(0);
}

#[test]
fn a_dry_run_names_every_file_and_writes_none() {
    let place = Place::new();
    let document = retail();
    let run = ["generate", &document, "--rows", "200", "--out", "out", "--format", "csv,parquet,sqlite"];
    let dry = place.run(&[&run[..], &["--dry-run"]].concat()).expect(0).says("dry run").says("below out");
    assert!(!place.path("out").exists());
    let json = place.run(&[&run[..], &["--dry-run", "--json"]].concat()).expect(0).json();
    let dataset = json.at("datasets").items()[0].clone();
    let names = |value: &mts_hash::Value| {
        value.at("files").items().iter().map(|name| name.text().to_owned()).collect::<Vec<_>>()
    };
    let mut all: Vec<String> = dataset.at("tables").items().iter().flat_map(names).collect();
    all.extend(names(&dataset));
    all.sort();
    place.run(&run).expect(0);
    assert_eq!(place.files("out"), all);
    for file in &all {
        assert!(dry.stdout.contains(file.as_str()) || dry.stderr.contains(file.as_str()), "{file}");
    }
}

#[test]
fn what_is_for_series_is_refused_in_words() {
    let place = Place::new();
    let document = retail();
    let out = place.run(&["generate", &document, "--rows", "50", "-o", "-", "--format", "csv"]).expect(2);
    assert!(out.stdout.is_empty());
    out.says("-o - writes series, and the document describes tables");
    for more in [
        &["--n-realizations", "3"][..],
        &["--pack", "2"],
        &["--form", "wide"],
        &["--shard", "1/2"],
        &["--no-save"],
    ] {
        place
            .run(&[&["generate", &document], more].concat())
            .expect(2)
            .says("is for series, and the document describes tables");
    }
    place.run(&["generate", &document, "--format", "npz"]).expect(2).says("tables are not written so");
    place.run(&["generate", &document, "--rows", "50", "--out", "out", "--format", "csv"]).expect(0);
    for file in ["out/lines.csv", "out", "out/harbour_shop.metadata.json"] {
        let plot = place.run(&["plot", file, "-o", "picture.png"]).expect(2);
        assert!(plot.stderr.starts_with("error: ") && !plot.stderr.contains("panicked"), "{}", plot.stderr);
    }
    let report = place.run(&["report", "out", "-o", "report.html"]);
    assert!(
        report.code.is_some_and(|code| code < 4) && !report.stderr.contains("panicked"),
        "{}",
        report.stderr
    );
    assert!(!place.path("data").exists());
}

#[test]
fn a_report_is_of_series() {
    let place = Place::new();
    place.run(&["generate", &retail(), "--rows", "200", "--out", "out"]).expect(0);
    place.run(&["report", "out", "-o", "r.html"]).expect(2).says("out: tables alone").says("`mts validate`");
    place.write("grid.yaml", "{seed: 1, configs: [{model: ou, T: 20}]}");
    place.run(&["generate", "grid.yaml", "--out", "out"]).expect(0);
    place.run(&["report", "out", "-o", "r.html"]).expect(0).says("1 dataset of tables left out");
}

#[test]
fn formats_and_schemas_are_listed() {
    let place = Place::new();
    let listed = place.run(&["list", "formats"]).expect(0).stdout;
    for format in FORMATS {
        assert!(listed.lines().any(|line| line.starts_with(format)), "{format}");
    }
    let schema: serde_json::Value =
        serde_json::from_str(&place.run(&["schema", "tables"]).expect(0).stdout).unwrap();
    assert_eq!(schema["$schema"], "https://json-schema.org/draft/2020-12/schema");
    refer(&schema, &schema);
    let known = |schema: &serde_json::Value| -> Vec<String> {
        schema["properties"].as_object().unwrap().keys().cloned().collect()
    };
    let columns = schema["$defs"]["column"]["anyOf"].as_array().unwrap();
    for document in documents() {
        let text = fs::read_to_string(&document).unwrap();
        let json = mts_config::parse(&text, document.to_str().unwrap()).unwrap();
        let root = json.root();
        let fits = |node: &mts_config::Node, schema: &serde_json::Value| {
            let known = known(schema);
            node.as_map().unwrap().iter().all(|entry| known.contains(&entry.key))
        };
        assert!(fits(root, &schema));
        for table in root.get("tables").unwrap().as_map().unwrap() {
            assert!(fits(&table.value, &schema["$defs"]["table"]));
            for column in table.value.get("columns").unwrap().as_list().unwrap() {
                let kind = column.get("type").and_then(mts_config::Node::as_str).map(str::to_owned);
                let one = columns.iter().filter(|schema| match &kind {
                    Some(kind) => schema["properties"]["type"]["const"] == *kind,
                    None => schema["properties"].get("computed").is_some(),
                });
                assert!(one.into_iter().any(|schema| fits(column, schema)), "{kind:?}");
            }
        }
        for relationship in root.get("relationships").unwrap().as_list().unwrap() {
            assert!(fits(relationship, &schema["$defs"]["relationship"]));
        }
    }
}

/// Every reference of a schema leads somewhere.
fn refer(schema: &serde_json::Value, root: &serde_json::Value) {
    if let Some(target) = schema.get("$ref").and_then(serde_json::Value::as_str) {
        assert!(root.pointer(target.strip_prefix('#').unwrap()).is_some(), "{target}");
    }
    match schema {
        serde_json::Value::Object(entries) => entries.values().for_each(|value| refer(value, root)),
        serde_json::Value::Array(items) => items.iter().for_each(|item| refer(item, root)),
        _ => {}
    }
}

#[test]
fn a_table_may_have_the_name_of_the_catalogue() {
    let place = Place::new();
    let columns = "{columns: [{name: id, type: id, constraints: {primary_key: true}}]}";
    place.write(
        "t.yaml",
        &format!(
            "{{dataset: d, seed: 1, tables: {{catalog: {columns}, order: {columns}, manifest: {columns}}}}}"
        ),
    );
    place.run(&["generate", "t.yaml", "--format", &FORMATS.join(",")]).expect(0);
    place.run(&["verify", "data"]).expect(0);
    place.run(&["verify", "data/catalog.parquet"]).expect(0);
    let rows =
        ParquetRecordBatchReaderBuilder::try_new(fs::File::open(place.path("data/catalog.parquet")).unwrap());
    let batch = rows.unwrap().build().unwrap().next().unwrap().unwrap();
    assert_eq!(batch.column(0).as_primitive::<Int64Type>().value(99), 100);
}

/// A sidecar is anybody's: its recipe is held to what a document is before anything is made of it.
#[test]
fn a_recipe_that_no_document_may_have_is_refused() {
    let place = Place::new();
    place.write(
        "d.yaml",
        "dataset: d
seed: 1
tables:
  t:
    rows: 60
    partition_by: [part]
    corruption: {outlier_rate: 0.5}
    columns:
      - {name: code, type: integer, min: 1, max: 10000000000000, constraints: {primary_key: true}}
      - {name: price, type: decimal, precision: 12, round: 2}
      - {name: sku, type: string_pattern, width: 6}
      - {name: part, type: categorical, categories: [a, b]}
",
    );
    place.run(&["generate", "d.yaml", "--out", "out", "--format", "parquet,sqlite"]).expect(0);
    place.run(&["verify", "out"]).expect(0);
    let path = place.path("out/d.metadata.json");
    let whole = fs::read_to_string(&path).unwrap();
    let verify = || {
        // So little memory that what is absurd is not had.
        let limited = "ulimit -v 6000000; exec \"$@\"";
        let program = env!("CARGO_BIN_EXE_mts-suite");
        let mut command = Command::new("sh");
        let command =
            command.args(["-c", limited, "sh", program, "verify", "out"]).current_dir(place.path(""));
        let begun = Instant::now();
        let output = command.output().unwrap();
        assert!(begun.elapsed() < Duration::from_secs(30));
        let said = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(1), "{said}");
        assert!(!said.contains("panicked"), "{said}");
        said
    };
    let claims = |from: &str, to: &str, expected: &str| {
        let text = whole.replace(from, to);
        assert_ne!(text, whole, "{from}");
        fs::write(&path, &text).unwrap();
        let said = verify();
        assert!(said.contains("the sidecar's data_id is"), "{said}");
        // With the name that belongs to it.
        let mut sidecar = mts_hash::parse(text.trim()).unwrap().as_map().unwrap().clone();
        let data_id = mts_hash::hash8(sidecar.get("recipe").unwrap());
        sidecar.insert("data_id", data_id);
        fs::write(&path, mts_hash::canonical_json(&sidecar.into()) + "\n").unwrap();
        let said = verify();
        assert!(said.contains(expected) || said.contains(" of memory, "), "{to}: {said}");
    };
    for precision in ["39", "200"] {
        let to = format!("\"precision\":{precision}");
        claims("\"precision\":12", &to, "tables.t.columns[1].precision: must be >= 1 and <= 38");
    }
    for width in ["70000", "1000000000000"] {
        claims("\"width\":6", &format!("\"width\":{width}"), "tables.t.columns[2].width: must be");
    }
    claims("\"rows\":60", "\"rows\":1000000000000", "most rows are missing");
    claims("\"rows\":60", "\"rows\":100000000000000000", "at most");
    claims("\"max\":10000000000000", "\"max\":20", "60 rows need as many values");
    claims("\"columns\":[{", "\"columns\":[[]],\"x\":[{", "tables.t");
    fs::write(&path, whole).unwrap();
    place.run(&["verify", "out"]).expect(0);
}

#[test]
fn tables_without_rows_are_tables() {
    let place = Place::new();
    place.write(
        "d.yaml",
        "{dataset: d, seed: 1, tables: {t: {rows: 0, partition_by: [part, on], columns: [{name: x, type: float}, \
         {name: part, type: integer}, {name: on, type: date}]}}}",
    );
    let formats = FORMATS.join(",");
    place.run(&["generate", "d.yaml", "--out", "out", "--format", &formats]).expect(0);
    let missing = "__HIVE_DEFAULT_PARTITION__";
    let name = format!("t/part={missing}/on={missing}/part-00000.parquet");
    assert!(place.files("out").contains(&name), "{:?}", place.files("out"));
    let (names, rows) = cells(&place.path("out").join(name));
    assert_eq!((names, rows.len()), (vec!["x".to_owned()], 0));
    place.run(&["verify", "out"]).expect(0);
    place.run(&["validate", "d.yaml", "--out", "out", "--format", &formats]).expect(0);
}
