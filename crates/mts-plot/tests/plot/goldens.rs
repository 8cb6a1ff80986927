//! Each kind over three models: what is in the picture exactly, and what it looks like nearly.
//!
//! `MTS_BLESS=1 cargo test -p mts-plot --test plot` writes the goldens anew; look at the pictures then.

use std::fmt::Write as _;
use std::fs;
use std::path::PathBuf;

use mts_core::{Series, SlabSource};
use mts_plot::{Kind, Options, Picture, Series as Lines, Theme, compose};

use super::dataset;

type Case = (&'static str, Kind, fn() -> (Series, Options));

fn ou() -> (Series, Options) {
    dataset("ou", r#"{"theta": 0.3, "dt": 0.5}"#, (4, 300, 6))
}

fn kuramoto() -> (Series, Options) {
    dataset("kuramoto", r#"{"K": 2.0}"#, (6, 2500, 1))
}

fn var() -> (Series, Options) {
    dataset("var", "{}", (5, 120, 2))
}

fn cml() -> (Series, Options) {
    dataset("cml", "{}", (70, 100, 1))
}

fn with(options: impl Fn(&mut Options), (series, mut given): (Series, Options)) -> (Series, Options) {
    options(&mut given);
    (series, given)
}

fn cases() -> Vec<Case> {
    let mut cases: Vec<Case> = Vec::new();
    for kind in Kind::ALL.iter().filter(|kind| **kind != Kind::Network) {
        cases.extend([("ou", *kind, ou as fn() -> _), ("kuramoto", *kind, kuramoto), ("var", *kind, var)]);
    }
    cases.extend([("kuramoto", Kind::Network, kuramoto as fn() -> _), ("var", Kind::Network, var)]);
    cases.push(("cml", Kind::Network, cml));
    cases.push(("stems", Kind::Timeseries, || with(|options| options.series = Lines::Stems, var())));
    cases.push(("overlay", Kind::Timeseries, || with(|options| options.series = Lines::Overlay, ou())));
    cases.push(("fan", Kind::Timeseries, || with(|options| options.series = Lines::Fan, ou())));
    cases.push(("dark", Kind::Heatmap, || with(|options| options.theme = Theme::Dark, ou())));
    cases
}

#[test]
fn each_kind_is_as_it_was() {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/goldens");
    let bless = std::env::var_os("MTS_BLESS").is_some();
    let mut wrong = Vec::new();
    for (name, kind, make) in cases() {
        let (mut series, options) = make();
        let picture = compose(&mut series, &[kind], 1, &options).unwrap();
        let (text, small) = (structure(&picture.svg()), reduced(&picture));
        let (golden, raster) =
            (folder.join(format!("{name}_{kind}.txt")), folder.join(format!("{name}_{kind}.rgb")));
        if bless {
            fs::write(&golden, &text).unwrap();
            fs::write(&raster, &small).unwrap();
            continue;
        }
        if fs::read_to_string(&golden).unwrap() != text {
            wrong.push(format!("{name} {kind}: the structure is another"));
        }
        let before = fs::read(&raster).unwrap();
        let apart: Vec<u8> = before.iter().zip(&small).map(|(a, b)| a.abs_diff(*b)).collect();
        let mean = apart.iter().map(|apart| f64::from(*apart)).sum::<f64>() / apart.len() as f64;
        let most = apart.iter().copied().max().unwrap();
        if before.len() != small.len() || mean > 0.5 || most > 24 {
            wrong.push(format!("{name} {kind}: the pixels differ by {mean:.2}, at most {most}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Blocks of 12 × 12 pixels, each its mean.
fn reduced(picture: &Picture) -> Vec<u8> {
    const BLOCK: usize = 12;
    let pixmap = tiny_skia::Pixmap::decode_png(&picture.png()).unwrap();
    let (width, height) = (pixmap.width() as usize / BLOCK, pixmap.height() as usize / BLOCK);
    let mut small = Vec::with_capacity(3 * width * height);
    for row in 0..height {
        for column in 0..width {
            for channel in 0..3 {
                let mut sum = 0;
                for y in 0..BLOCK {
                    for x in 0..BLOCK {
                        let pixel =
                            pixmap.pixel((column * BLOCK + x) as u32, (row * BLOCK + y) as u32).unwrap();
                        sum += u32::from([pixel.red(), pixel.green(), pixel.blue()][channel]);
                    }
                }
                small.push((sum / (BLOCK * BLOCK) as u32) as u8);
            }
        }
    }
    small
}

/// The groups of a picture: names, texts with their places, and for other marks how many there are, the
/// first and the last, and a checksum of all.
fn structure(svg: &str) -> String {
    let document = roxmltree::Document::parse(svg).unwrap();
    let mut text = String::new();
    let root = document.root_element();
    let _ = writeln!(text, "{} × {}", root.attribute("width").unwrap(), root.attribute("height").unwrap());
    for group in root.descendants().filter(|node| node.has_tag_name("g") && node.attribute("role").is_none())
    {
        if let Some(name) = group.attribute("aria-label") {
            let _ = writeln!(text, "{name}");
        }
        let marks: Vec<_> = group
            .children()
            .filter(|node| node.is_element() && !node.has_tag_name("clipPath"))
            .filter(|node| !node.has_tag_name("g") || node.attribute("role").is_some())
            .collect();
        let (texts, others): (Vec<_>, Vec<_>) =
            marks.into_iter().partition(|node| node.attribute("role") == Some("img"));
        for label in texts {
            let (content, place) =
                (label.attribute("aria-label").unwrap(), label.attribute("transform").unwrap());
            let _ = writeln!(text, "  {content:?} {} {place}", label.attribute("fill").unwrap());
        }
        let shown: Vec<String> = others
            .iter()
            .map(|node| {
                let attributes = node.attributes().map(|a| format!("{}={}", a.name(), a.value()));
                format!("{} {}", node.tag_name().name(), attributes.collect::<Vec<_>>().join(" "))
            })
            .collect();
        let short = |mark: &String| {
            let kept: String = mark.chars().take(150).collect();
            if kept.len() < mark.len() { format!("{kept}…") } else { kept }
        };
        match shown.as_slice() {
            [] => {}
            [one] => drop(writeln!(text, "  {} #{}", short(one), checksum(&shown))),
            [first, .., last] => {
                let _ = writeln!(text, "  {} marks #{}", shown.len(), checksum(&shown));
                let _ = writeln!(text, "  {}\n  {}", short(first), short(last));
            }
        }
    }
    text
}

fn checksum(marks: &[String]) -> String {
    mts_hash::hash8(&mts_hash::Value::from(marks.to_vec()))
}

#[test]
fn a_picture_is_the_same_bytes_however_often_it_is_drawn() {
    let (mut series, options) = ou();
    let kinds = Kind::suiting(series.head(), &options);
    let draw = |series: &mut Series| compose(series, &kinds, 2, &options).unwrap();
    let (first, second) = (draw(&mut series), draw(&mut series));
    assert_eq!(first.svg(), second.svg());
    assert_eq!(first.png(), second.png());
}

#[test]
fn known_cells_have_known_colours() {
    let (mut series, options) = dataset("noise_gaussian", r#"{"sigma": 0.0}"#, (1, 1, 1));
    let svg = mts_plot::heatmap(&mut series, &options).unwrap().svg();
    let document = roxmltree::Document::parse(&svg).unwrap();
    let heatmap =
        document.descendants().find(|node| node.attribute("aria-label") == Some("heatmap")).unwrap();
    let cells: Vec<&str> = heatmap.children().filter_map(|node| node.attribute("fill")).collect();
    assert_eq!(cells, ["#201e1f"], "a constant is the middle of the palette");
}
