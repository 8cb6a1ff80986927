//! What is refused: exit code 2, where, what, what else, and nothing written.

use super::{Place, SMALL};

/// Runs `document` and expects every one of `words` in what is said.
#[track_caller]
fn refused(document: &str, words: &[&str]) {
    let place = Place::new();
    place.write("grid.yaml", document);
    let mut ran = place.run(&["generate", "grid.yaml"]).expect(2);
    for word in words {
        ran = ran.says(word);
    }
    assert!(ran.stdout.is_empty());
    assert!(!place.path("data").exists());
}

#[test]
fn wrong_parameters() {
    refused(
        "configs:\n  - model: kuramoto\n    dt: -0.1\n",
        &["grid.yaml:3:9: model \"kuramoto\": parameter \"dt\" must be > 0, found -0.1"],
    );
    refused("configs: [{model: ou, sgima: 1}]", &["grid.yaml:1:23", "sgima", "did you mean `sigma`"]);
    refused("configs: [{model: kuramotto}]", &["no such model", "did you mean `kuramoto`"]);
    refused("configs: [{M: 3}]", &["missing key `model`", "`mts list models` shows all"]);
    refused("configs: [{model: [ar, ou]}]", &["no such model"]);
    refused("configs: [{model: ou, M: \"2\"}]", &["\"M\"", "integer"]);
    refused("configs: [{model: ou, M: 2.5}]", &["\"M\"", "integer"]);
    refused("configs: [{model: ou, M: true}]", &["\"M\"", "integer"]);
    refused("configs: [{model: ou, M: 0}]", &["\"M\" must be >= 1, found 0"]);
    refused("configs: [{model: ou, theta: .nan}]", &["\"theta\"", "finite"]);
    refused("configs: [{model: gbm, S0: -1}]", &["parameter \"S0\" must be > 0, found -1"]);
    refused("configs: [{model: ou, x0: [1, 2]}]", &["\"x0\" must be 5 numbers"]);
    refused("configs: [{model: ou, mu: []}]", &["empty"]);
    refused("configs: [{model: ou, zscore_axis: bogus}]", &["zscore_axis", "bogus"]);
    refused("configs: [{model: ou, seed: -1}]", &["seed", ">= 0"]);
    refused("configs: [{model: kuramoto, topology: sbm}]", &["block_sizes", "p_intra", "p_inter"]);
    refused("configs: [{model: kuramoto, M: 3, topology: sbm, block_sizes: [4, -1]}]", &["block_sizes"]);
    refused("configs: [{model: var, Sigma: [[1, 2], [2, 1]], M: 2}]", &["positive semidefinite"]);
    refused("configs: [1, {model: ou}]", &["must be a mapping, found"]);
}

#[test]
fn transforms_and_kernels_by_wrong_names() {
    let model = |of: &str| format!("configs:\n  - model: ou\n    transforms: {of}\n");
    let all = "`anomalies`, `burn_in`, `clip`, `drift`, `every`, `missing`, `mixing`, `observation_noise`";
    refused(&model("[{mising: {rate: 0.1}}]"), &["grid.yaml:3:19", "did you mean `missing`?", all]);
    refused(
        &model("[{missing: {rate: 0.1}, clip: {high: 1}}]"),
        &["grid.yaml:3:41", "must have one key, found 2", "each is an entry of its own"],
    );
    refused(&model("[missing]"), &["grid.yaml:3:18", "write {missing: {rate: …}}"]);
    refused(&model("[{anomalies: {kind: spik}}]"), &["grid.yaml:3:37", "did you mean `spike`?"]);
    refused(&model("[{drift: {knd: linear}}]"), &["grid.yaml:3:27", "did you mean `kind`?", "`seasonal`"]);
    refused(
        "configs: [{model: gp, kernel: {sum: [{rfb: {length: 20}}]}}]",
        &["grid.yaml:1:39", "did you mean `rbf`?", "`constant`, `linear`, `matern`"],
    );
    let place = Place::new();
    place.write("grid.yaml", "transforms: [mising]\nconfigs: [{model: ou}]");
    let ran = place.run(&["generate", "grid.yaml"]).expect(2).says("did you mean `missing`?");
    assert_eq!(ran.stderr.matches("error").count(), 1, "{}", ran.stderr);
}

#[test]
fn empty_lists() {
    refused(
        "configs: [{model: ou, tranforms: []}]",
        &["grid.yaml:1:23", "\"tranforms\": unknown key, did you mean `transforms`?"],
    );
    let place = Place::new();
    place.write("grid.yaml", "configs: [{model: ou, T: 3, seed: 1, transforms: []}]");
    place.run(&["generate", "grid.yaml", "--dry-run"]).expect(0);
}

#[test]
fn huge_numbers_are_told_shortly() {
    refused("configs: [{model: ou, sigma: -1e308}]", &["\"sigma\" must be >= 0, found -1e308"]);
    refused("configs: [{model: ou, T: 1e300}]", &["\"T\" must be", "found 1e300"]);
    refused("configs: [{model: ou, split: {train: 1e300}}]", &["(train 1e300, gap 0)"]);
}

#[test]
fn models_inside_of_models_have_places() {
    let segments = |of: &str| format!("configs:\n- model: piecewise\n  segments:\n  - {of}\n");
    refused(
        &segments("{model: arr, steps: 5}"),
        &["grid.yaml:4:13", "[0].model\" must", "did you mean `ar`?"],
    );
    refused(
        &segments("{model: ar, params: {phii: [0.5]}}"),
        &["grid.yaml:4:26", "\"segments[0].params.phii\": unknown key, did you mean `phi`?"],
    );
    refused(
        &segments("{model: ar, params: {noise_std: -1}}"),
        &["grid.yaml:4:37", "\"segments[0].params.noise_std\" must be >= 0, found -1"],
    );
    refused(
        &segments("{model: kuramoto, params: {A: [[1], [1, 2]]}}"),
        &["grid.yaml:4:35", "\"segments[0].params.A\": cannot be read: nested lists must be of equal"],
    );
    refused(
        &segments("{model: kuramoto, params: {topology: sbm}}"),
        &["grid.yaml:4:31", "\"segments[0].params.p_intra\" is required by topology"],
    );
    refused(&segments("{model: ar}\n  - {model: ar}"), &["grid.yaml:4:5", "\"segments[0].steps\" must be"]);
    let place = Place::new();
    place.write("grid.yaml", &segments("{model: ar, params: {noise_std: -1, phii: 1}}"));
    let ran = place.run(&["generate", "grid.yaml"]).expect(2);
    assert_eq!(ran.stderr.matches("error").count(), 2, "each is told once:\n{}", ran.stderr);
}

#[test]
fn a_form_without_a_table_has_a_place() {
    refused(
        "form: wide\nformat: npz\nmodel: ou",
        &["grid.yaml:1:7: form: the wide form is one of tables, and npz"],
    );
}

#[test]
fn all_problems_at_once() {
    refused(
        "configs:\n  - {model: ou, dt: 0, M: 0}\n  - {model: nope}\n  - {model: gbm, sigma: -1}\n",
        &["\"dt\"", "\"M\"", "nope", "\"sigma\""],
    );
    let many: String = (0..150).map(|i| format!("  - {{model: ou, dt: -{i}.5}}\n")).collect();
    refused(&format!("configs:\n{many}"), &["and 50 more"]);
}

#[test]
fn wrong_documents() {
    refused("", &["empty"]);
    refused("just text", &["grid.yaml:1:1"]);
    refused("confgis: []", &["confgis"]);
    refused("configs: []\nseeed: 1", &["grid.yaml:2:1", "did you mean `seed`"]);
    refused("seed: 1\nseed: 2\nconfigs: []", &["grid.yaml:2:1", "seed"]);
    refused("configs: [{model: ou}", &["grid.yaml:"]);
    refused("a: &a [*a]", &["grid.yaml:1"]);
    refused("kind: tables\ntables: []", &["tables"]);
    refused("configs: []\nversion: 9", &["version"]);
    refused("configs: [{model: ou}]\nformat: parqet", &["parqet"]);
    let deep = "[".repeat(20_000);
    refused(&format!("configs: {deep}"), &["grid.yaml:1"]);
    let bomb = (1..9).fold("a0: &a0 [x, x]\n".to_owned(), |text, i| {
        let prior = format!("*a{}, ", i - 1).repeat(9);
        format!("{text}a{i}: &a{i} [{}]\n", prior.trim_end_matches(", "))
    });
    refused(&bomb, &["alias"]);
}

#[test]
fn sizes_that_cannot_be() {
    refused("format: csv\nconfigs: [{model: ou, T: 99999999999999}]", &["free", "values"]);
    refused("configs: [{model: ou, M: 10000000000, T: 10000000000}]", &["exceed the address space"]);
    refused(
        "configs: [{model: ou, M: 1000000, n_realizations: 1000000}]",
        &["1000000 channels × 1000000 realizations × 8 bytes = 8000.0 GB"],
    );
    refused("configs: [{model: noise_gaussian, M: 2000000, T: 40000}]", &["row groups", "at most 32767"]);
    refused("configs: [{model: ou, T: 3, dt: 1.0e+308}]", &["\"dt\" times T"]);
    refused("configs: [{model: ar, p: 2000, M: 1000}]", &["M·p³"]);
    refused("configs: [{model: ou, M: 99999999999999999999999}]", &["\"M\""]);
    let axis = |name: &str| {
        format!("{name}: [{}]", (1..1001).map(|i| format!("0.{i}")).collect::<Vec<_>>().join(", "))
    };
    refused(
        &format!("configs: [{{model: abm, {}, {}, {}}}]", axis("mu"), axis("sigma"), axis("dt")),
        &["1000"],
    );
}

#[test]
fn tasks_with_one_path() {
    refused(
        "configs:\n  - {model: ou, M: 2}\n  - {model: ar, M: 2}\n  - {model: ou, M: 2, seed: 3}\n",
        &["grid.yaml:4:5", "grid.yaml:2:5", "axis"],
    );
}

#[test]
fn one_folder_for_all_records_is_told_as_the_reason() {
    let place = Place::new();
    let hint = "--outdir goes before the `outdir` of a record";
    place.write("grid.yaml", "seed: 1\nconfigs:\n  - {model: ou, outdir: a}\n  - {model: ou, outdir: b}\n");
    place.run(&["generate", "grid.yaml", "--dry-run"]).expect(0);
    place.run(&["generate", "grid.yaml", "--out", "c"]).expect(2).says("grid.yaml:4:5").says(hint);
    place.write("grid.yaml", "seed: 1\nconfigs:\n  - {model: ou, outdir: a}\n  - {model: ou, outdir: a}\n");
    let ran = place.run(&["generate", "grid.yaml", "--out", "c"]).expect(2).says("change a parameter");
    assert!(!ran.stderr.contains(hint), "{}", ran.stderr);
}

#[test]
fn what_serde_refuses_has_a_place() {
    refused(
        "configs: [{model: kuramoto, M: 2, A: [[0, 1], [1]]}]",
        &["grid.yaml:1:38", "\"A\" cannot be read", "equal lengths"],
    );
    refused("configs:\n  - model: ou\n    mu: [1, [2, 3]]\n", &["grid.yaml:3:9", "\"mu\""]);
    refused(
        "confgs: 1\nconfigs: [{model: ou, dt: 0, mu: .nan}]",
        &["confgs", "\"dt\"", "\"mu\" must be finite"],
    );
}

#[test]
fn one_folder_in_two_spellings_is_one() {
    refused(
        "seed: 1\nconfigs:\n  - {model: ou, outdir: data}\n  - {model: ou, outdir: ./b/../data/}\n",
        &["grid.yaml:4:5", "grid.yaml:3:5"],
    );
}

#[test]
fn paths_that_cannot_be() {
    let place = Place::new();
    place.write("grid.yaml", "configs: [{model: ou, T: 3}]").write("file", "");
    place.run(&["generate", "nowhere.yaml"]).expect(2).says("nowhere.yaml");
    place.run(&["generate", "gird.yaml"]).expect(2).says("grid.yaml");
    place.run(&["generate", "."]).expect(2).says("folder");
    place.run(&["generate", "grid.yaml", "--out", "file/below", "--seed", "1"]).expect(2).says("file");
    place.run(&["generate", "grid.yaml", "--out", &"x".repeat(300), "--seed", "1"]).expect(2).says("255");
    std::fs::write(place.path("binary.yaml"), [0x7f, b'E', b'L', b'F', 0, 1, 2, 0xff]).unwrap();
    place.run(&["generate", "binary.yaml"]).expect(2).says("not a text");
    place.run(&["generate", "grid.yaml", "--out", "-", "--seed", "1"]).expect(2).says("generate -o -");
    assert!(!place.path("-").exists());
    place.run(&["verify", "nothing"]).expect(2).says("no such file");
    place.run(&["verify", "file"]).expect(2).says("sidecar");
    std::fs::create_dir(place.path("hollow")).unwrap();
    place.run(&["verify", "hollow"]).expect(2).says("no sidecar");
    place.run(&["generate", "grid.yaml", "--seed", "-1"]).expect(2);
    place.run(&["generate", "grid.yaml", "--format", "xls"]).expect(2).says("parquet");
    place.run(&["generate", "grid.yaml", "--jobs", "0"]).expect(2).says("at least 1");
    place.run(&["verify", "data", "--outdir", "x"]).expect(2);
}

/// With the suite `services` the program has them.
#[cfg(not(feature = "services"))]
#[test]
fn object_stores_are_no_folders() {
    let place = Place::new();
    place.write("one.yaml", "{model: ou, M: 2, T: 10, seed: 1}");
    let built = "this program was built without object stores: feature s3";
    for verb in ["generate", "validate"] {
        place.run(&[verb, "one.yaml", "--outdir", "s3://bucket/data"]).expect(2).says(built);
    }
    place.run(&["verify", "s3://bucket/data"]).expect(2).says(built);
    assert_eq!(std::fs::read_dir(place.path("")).unwrap().count(), 1);
}

#[test]
fn more_threads_than_a_machine_has_are_refused() {
    let place = Place::new();
    place.write("grid.yaml", SMALL);
    place.run(&["generate", "grid.yaml", "--jobs", "20000"]).expect(2).says("at most 1024");
    place.run(&["generate", "grid.yaml", "--jobs", "0"]).expect(2).says("at least 1");
    place.run(&["generate", "grid.yaml", "--shard", "-1/3"]).expect(2).says("shard");
}
