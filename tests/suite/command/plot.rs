//! `mts plot`.

use super::Place;

const GRID: &str = "
seed: 3
configs:
  - {model: ou, M: 5, T: 300, n_realizations: 4, dt: 0.1}
  - {model: kuramoto, M: 6, T: 200}
  - {model: noise_gaussian, M: 2, T: 40, time: {start: 2024-01-31, freq: ME}}
";

fn place() -> Place {
    let place = Place::new();
    place.write("grid.yaml", GRID);
    place.run(&["generate", "grid.yaml", "--format", "parquet,csv,ndjson,arrow,npz,netcdf,zarr"]).expect(0);
    place
}

fn file(place: &Place, model: &str, ending: &str) -> String {
    let files = place.files("data");
    let found = files.iter().find(|file| file.starts_with(model) && file.ends_with(ending));
    format!("data/{}", found.unwrap_or_else(|| panic!("{model} {ending}: {files:?}")))
}

#[test]
fn the_same_picture_comes_from_every_format() {
    let place = place();
    let parquet = file(&place, "ou", ".parquet");
    place.run(&["plot", &parquet, "-o", "parquet.svg"]).expect(0).says("parquet.svg: 1920 × 1300");
    let picture = std::fs::read(place.path("parquet.svg")).unwrap();
    let stem = parquet.strip_suffix(".parquet").unwrap();
    for extension in ["csv", "ndjson", "arrow", "npz", "nc", "zarr", "metadata.json"] {
        place.run(&["plot", &format!("{stem}.{extension}"), "-o", "other.svg"]).expect(0);
        assert!(std::fs::read(place.path("other.svg")).unwrap() == picture, "{extension}");
    }
    // A member of a pack too, and what is there is replaced.
    place.run(&["generate", "grid.yaml", "--pack", "4", "--out", "packed", "--limit", "1"]).expect(0);
    let name = std::path::Path::new(stem).file_name().unwrap().to_string_lossy().into_owned();
    place.run(&["plot", &format!("packed/ou/ou.00000.parquet#{name}"), "-o", "other.svg"]).expect(0);
    assert!(std::fs::read(place.path("other.svg")).unwrap() == picture);
    // An extension is one in any case.
    place.run(&["plot", &parquet, "-o", "OTHER.SVG"]).expect(0);
    assert!(std::fs::read(place.path("OTHER.SVG")).unwrap() == picture);
}

#[test]
fn the_readme_shows_what_its_commands_draw() {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    let readme = std::fs::read_to_string(root.join("README.md")).unwrap();
    let place = Place::new();
    let configs = root.join("configs/pictures.yaml");
    place.run(&["generate", configs.to_str().unwrap(), "--out", "pictures"]).expect(0);
    let files = place.files("pictures");
    let mut drawn = 0;
    for command in readme.lines().filter_map(|line| line.strip_prefix("mts plot ")) {
        let (pattern, rest) = command.split_once(' ').unwrap();
        let model = pattern.split('/').nth(1).unwrap();
        let file = files.iter().find(|file| file.starts_with(model) && file.ends_with(".parquet")).unwrap();
        let file = format!("pictures/{file}");
        let args: Vec<&str> = ["plot", file.as_str()].into_iter().chain(rest.split(' ')).collect();
        place.run(&args).expect(0);
        let name = args.last().unwrap();
        assert!(readme.contains(&format!("](docs/pictures/{name})")));
        let shown = std::fs::read(root.join("docs/pictures").join(name)).unwrap();
        assert!(std::fs::read(place.path(name)).unwrap() == shown, "{name}: draw it again");
        drawn += 1;
    }
    assert_eq!(drawn, 2);
}

#[test]
fn an_overview_shows_what_suits_the_model() {
    let place = place();
    let labels = |model: &str| {
        place.run(&["plot", &file(&place, model, ".parquet"), "-o", "x.svg"]).expect(0);
        std::fs::read_to_string(place.path("x.svg")).unwrap()
    };
    let ou = labels("ou");
    assert!(ou.contains("\"stationary law\"") && !ou.contains("\"phase (rad)\""));
    let kuramoto = labels("kuramoto");
    assert!(kuramoto.contains("\"phase (rad)\"") && kuramoto.contains("\"influences\""));
    assert!(labels("noise").contains("\"2025-01\""));
}

#[test]
fn a_picture_is_as_it_was_asked_for() {
    let place = place();
    let ou = file(&place, "ou", ".parquet");
    let run = |args: &[&str]| place.run(&[&["plot", ou.as_str(), "-o", "x.png"], args].concat());
    run(&["--kind", "acf,psd", "--columns", "2", "--width", "1000", "--height", "300"])
        .expect(0)
        .says("1000 × 300");
    let png = std::fs::read(place.path("x.png")).unwrap();
    assert_eq!((&png[1..4], &png[16..24]), (&b"PNG"[..], &[0, 0, 3, 232, 0, 0, 1, 44][..]));
    for series in ["--stems", "--overlay", "--fan"] {
        run(&["--kind", "timeseries", series, "--channels", "0,2-3", "--theme", "dark"]).expect(0);
    }
    run(&[
        "--kind",
        "heatmap",
        "--from",
        "2.5",
        "--to",
        "7.5",
        "--realization",
        "3",
        "--title",
        "a < b & \u{1F600}",
    ])
    .expect(0);
    place
        .run(&["plot", &ou, &file(&place, "kuramoto", ".csv"), "--kind", "heatmap", "-o", "x.svg"])
        .expect(0)
        .says("960 × 840");
    assert!(!place.files(".").iter().any(|file| file.ends_with(".tmp")));
}

#[test]
fn what_cannot_be_drawn_is_said() {
    let place = place();
    let ou = file(&place, "ou", ".parquet");
    let noise = file(&place, "noise", ".parquet");
    let refused = |args: &[&str]| place.run(&[&["plot"], args].concat()).expect(2);
    refused(&[&ou, "-o", "x.pdf"]).says("a picture is a .png or a .svg");
    refused(&[&ou]).says("--output");
    refused(&["nothing.parquet", "-o", "x.png"]).says("nothing.parquet");
    refused(&["grid.yaml", "-o", "x.png"]).says("grid.yaml");
    refused(&[&ou, "-o", "x.png", "--kind", "histogramm"]).says("histogram");
    refused(&[&ou, "-o", "x.png", "--realization", "4"]).says("4 realizations (0 to 3)");
    refused(&[&ou, "-o", "x.png", "--channels", "3-1"]).says("ends before it begins");
    refused(&[&ou, "-o", "x.png", "--channels", "5"]).says("5 channels (0 to 4)");
    refused(&[&ou, "-o", "x.png", "--from", "2024-01-01"]).says("seconds, such as 2.5");
    refused(&[&noise, "-o", "x.png", "--from", "soon"]).says("a date, such as");
    refused(&[&noise, "-o", "x.png", "--from", "2050-01-01"]).says("no step is from 2050-01-01");
    refused(&[&ou, "-o", "x.png", "--width", "20"]).says("100 to 16384 pixels");
    refused(&[&ou, "-o", "x.png", "--kind", "network"]).says("a graph in the truth");
    refused(&[&ou, "-o", "x.png", "--stems", "--fan"]).says("cannot be used with");
    assert!(!place.path("x.png").exists());
}
