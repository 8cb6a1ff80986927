//! Data that are hard to draw, and requests that cannot be met.

use mts_core::{Dtype, Head, Instants, Shape, SlabSource, SourceError, Time, TimeAxis};
use mts_hash::Map;
use mts_plot::{Kind, Options, PlotError, Series, Span, compose};

use super::dataset;

/// A dataset of values that a function gives for step, channel and realization.
struct Made {
    head: Head,
    value: fn(usize, usize, usize) -> f64,
    done: usize,
}

fn made(shape: (usize, usize, usize), time: TimeAxis, value: fn(usize, usize, usize) -> f64) -> Made {
    let shape = Shape::new(shape.0, shape.1, shape.2).unwrap();
    let head = Head { shape, time, dtype: Dtype::F64, attributes: Map::new(), truth: None };
    Made { head, value, done: 0 }
}

impl SlabSource for Made {
    fn head(&self) -> &Head {
        &self.head
    }

    fn next(&mut self, slabs: &mut [f64]) -> Result<usize, SourceError> {
        let shape = self.head.shape;
        let steps = (slabs.len() / shape.slab()).min(shape.steps() - self.done);
        for (at, value) in slabs[..steps * shape.slab()].iter_mut().enumerate() {
            let (step, rest) = (self.done + at / shape.slab(), at % shape.slab());
            *value = (self.value)(step, rest / shape.realizations(), rest % shape.realizations());
        }
        self.done += steps;
        Ok(steps)
    }

    fn rewind(&mut self) -> Result<(), SourceError> {
        self.done = 0;
        Ok(())
    }
}

/// Draws every kind that can be drawn, as SVG and PNG, and expects no broken number in it.
fn draw_all(source: &mut Made, options: &Options) -> String {
    let mut all = String::new();
    for kind in Kind::ALL {
        match compose(source, &[*kind], 1, options) {
            Ok(picture) => {
                let svg = picture.svg();
                assert!(!svg.contains("NaN") && !svg.contains("inf"), "{kind}: {svg}");
                roxmltree::Document::parse(&svg).unwrap();
                let pixmap = tiny_skia::Pixmap::decode_png(&picture.png()).unwrap();
                let ground = pixmap.pixel(0, 0).unwrap();
                assert!(pixmap.pixels().iter().any(|pixel| *pixel != ground), "{kind}: a blank picture");
                all += &svg;
            }
            Err(PlotError::Needs { .. }) => {}
            Err(error) => panic!("{kind}: {error}"),
        }
    }
    all
}

#[test]
fn every_shape_and_every_value_is_drawn() {
    let steps = TimeAxis::Steps;
    let values: [fn(usize, usize, usize) -> f64; 8] = [
        |_, _, _| 1.0,
        |_, _, _| 0.0,
        |_, _, _| f64::NAN,
        |step, _, _| if step % 3 == 0 { f64::INFINITY } else { step as f64 },
        |step, channel, _| if step % 2 == 0 { f64::MAX } else { -f64::MAX } * (1.0 - channel as f64 / 10.0),
        |step, _, _| step as f64 * f64::MIN_POSITIVE,
        |step, _, _| 1e9 + step as f64 * 1e-3,
        |step, channel, realization| (step * 7 + channel * 3 + realization) as f64 % 11.0 - 5.0,
    ];
    for value in values {
        for shape in [(1, 1, 1), (1, 2, 1), (3, 40, 2), (2, 1, 5), (1, 5000, 1)] {
            draw_all(&mut made(shape, steps, value), &Options::default());
        }
    }
    let wave: fn(usize, usize, usize) -> f64 = |step, channel, _| ((step + 3 * channel) % 50) as f64;
    draw_all(&mut made((10_000, 20, 1), steps, wave), &Options::default());
    draw_all(&mut made((2, 300, 2), TimeAxis::Seconds { dt: 1e-12 }, wave), &Options::default());
    draw_all(&mut made((2, 300, 2), TimeAxis::Seconds { dt: 1e200 }, wave), &Options::default());
    for (start, freq) in [
        ("2024-01-31", "ME"),
        ("2024-02-28T23:59:59.5", "250ms"),
        ("0001-01-01", "us"),
        ("1969-12-31", "D"),
        ("1900-01-01", "YS"),
    ] {
        let dates = TimeAxis::Instants(Instants::new(start, freq, 300).unwrap());
        draw_all(&mut made((2, 300, 2), dates, wave), &Options::default());
        draw_all(&mut made((2, 1, 1), dates, wave), &Options::default());
    }
    for size in [320, 16_384] {
        let options = Options { width: Some(size), height: Some(200), ..Options::default() };
        draw_all(&mut made((3, 400, 2), steps, wave), &options);
    }
}

#[test]
fn gaps_are_gaps_and_are_counted() {
    let mut source = made((1, 100, 1), TimeAxis::Steps, |step, _, _| match step {
        40..50 => f64::NAN,
        60 => f64::NEG_INFINITY,
        step => step as f64,
    });
    let svg = mts_plot::timeseries(&mut source, &Options::default()).unwrap().svg();
    assert!(svg.contains("11 values are not finite"), "{svg}");
    let document = roxmltree::Document::parse(&svg).unwrap();
    let series = document.descendants().find(|node| {
        node.attribute("aria-label") == Some("channel 0") && node.attribute("clip-path").is_some()
    });
    assert_eq!(series.unwrap().children().filter(|node| node.has_tag_name("path")).count(), 3);
    let svg = mts_plot::heatmap(&mut source, &Options::default()).unwrap().svg();
    assert_eq!(svg.matches("fill=\"#d0d0d0\"").count(), 11);
}

#[test]
fn known_cells_have_known_colours() {
    let mut source = made((2, 3, 1), TimeAxis::Steps, |step, channel, _| (step + 2 * channel) as f64);
    let svg = mts_plot::heatmap(&mut source, &Options::default()).unwrap().svg();
    let document = roxmltree::Document::parse(&svg).unwrap();
    let heatmap =
        document.descendants().find(|node| node.attribute("aria-label") == Some("heatmap")).unwrap();
    let cells: Vec<(&str, &str)> =
        heatmap.children().filter_map(|node| Some((node.attribute("fill")?, node.attribute("y")?))).collect();
    // Columns from left to right, channel 0 at the bottom: 0, 2, 1, 3, 2, 4.
    assert_eq!([cells[0].0, cells[5].0], ["#bde7db", "#ffd4ac"]);
    assert_eq!([cells[1].0, cells[4].0], ["#201e1f"; 2]);
    assert!(cells[0].1.parse::<f64>().unwrap() > cells[1].1.parse::<f64>().unwrap());
}

#[test]
fn no_extreme_is_dropped_from_a_long_series() {
    let spike: fn(usize, usize, usize) -> f64 = |step, _, _| if step == 654_321 { 1000.0 } else { 0.0 };
    let mut source = made((1, 1_000_000, 1), TimeAxis::Steps, spike);
    let svg = mts_plot::timeseries(&mut source, &Options::default()).unwrap().svg();
    let document = roxmltree::Document::parse(&svg).unwrap();
    let line = document.descendants().find(|node| {
        node.has_tag_name("path")
            && node.attribute("stroke") == Some("#0072b2")
            && node.attribute("stroke-width") == Some("1.2")
    });
    let path = line.unwrap().attribute("d").unwrap();
    let heights: Vec<f64> =
        path.split(['M', 'L']).filter_map(|point| point.split(' ').nth(1)?.parse().ok()).collect();
    let (top, bottom) =
        (heights.iter().copied().fold(f64::MAX, f64::min), heights.iter().copied().fold(0.0, f64::max));
    assert!(heights.iter().filter(|y| **y < (top + bottom) / 2.0).count() == 1, "one point is up");
}

#[test]
fn what_cannot_be_met_is_said() {
    let (mut series, _) = dataset("ou", r#"{"dt": 0.5}"#, (3, 100, 2));
    let mut said =
        |options: Options, kind: Kind| compose(&mut series, &[kind], 1, &options).unwrap_err().to_string();
    let none = Options::default;
    assert_eq!(
        said(Options { realization: Some(2), ..none() }, Kind::Heatmap),
        "no realization 2: the dataset has 2 realizations (0 to 1)"
    );
    assert_eq!(
        said(Options { channels: Some(vec![0, 3]), ..none() }, Kind::Acf),
        "no channel 3: the dataset has 3 channels (0 to 2)"
    );
    assert!(said(Options { channels: Some(vec![]), ..none() }, Kind::Acf).contains("nothing is selected"));
    let from = Options { from: Some(Time::Second(49.6)), ..none() };
    assert_eq!(
        said(from, Kind::Heatmap),
        "nothing is selected: no step is from 49.6; the dataset goes from 0.0 to 49.5"
    );
    assert!(said(Options { width: Some(99), ..none() }, Kind::Heatmap).contains("100 to 16384 pixels"));
    let many = Options { width: Some(16_384), height: Some(16_384), ..none() };
    assert!(said(many, Kind::Heatmap).contains("more than 16777216"));
    let crowded = Options { height: Some(150), ..none() };
    assert!(said(crowded, Kind::Heatmap).contains("320 × 200 pixels at least"));
    assert!(said(Options { channels: Some(vec![1]), ..none() }, Kind::Portrait).contains("two channels"));
    assert!(said(none(), Kind::Network).contains("a graph in the truth"));
    let one = Options { series: Series::Fan, realization: Some(0), ..none() };
    assert!(said(one, Kind::Timeseries).contains("at least 2 realizations"));
    let short = Options { to: Some(Time::Second(3.0)), ..none() };
    assert!(said(short, Kind::Psd).contains("at least 16 steps, found 7"));
}

#[test]
fn phases_that_are_not_folded_are_drawn_as_they_are() {
    let last = |svg: &str| {
        let document = roxmltree::Document::parse(svg).unwrap();
        let mut lines = document.descendants().filter(|node| node.attribute("stroke") == Some("#0072b2"));
        let path = lines
            .rfind(|node| node.attribute("stroke-width") == Some("1.2"))
            .unwrap()
            .attribute("d")
            .unwrap();
        let heights: Vec<f64> =
            path.split(['M', 'L']).filter_map(|point| point.split(' ').nth(1)?.parse().ok()).collect();
        heights.is_sorted_by(|a, b| a >= b)
    };
    // Five radians a step: rising, although each step is more than half a turn.
    let mut open = made((2, 50, 1), TimeAxis::Steps, |step, _, _| 5.0 * step as f64);
    let svg = mts_plot::phase(&mut open, &Options::default()).unwrap().svg();
    assert!(last(&svg) && !svg.contains("unwrapped"));
    let mut folded = made((2, 50, 1), TimeAxis::Steps, |step, _, _| step as f64 % std::f64::consts::TAU);
    let svg = mts_plot::phase(&mut folded, &Options::default()).unwrap().svg();
    assert!(last(&svg) && svg.contains("unwrapped"));
}

#[test]
fn very_large_and_very_small_values_have_correlations() {
    for size in [1e200, 1e-200] {
        let value: fn(usize, usize, usize) -> f64 = if size > 1.0 {
            |step, channel, _| 1e200 * ((step * 7 + channel) % 11) as f64
        } else {
            |step, channel, _| 1e-200 * ((step * 7 + channel) % 11) as f64
        };
        let ordinary: fn(usize, usize, usize) -> f64 = |step, channel, _| ((step * 7 + channel) % 11) as f64;
        let drawn = |value, kind| {
            let svg = compose(&mut made((2, 64, 1), TimeAxis::Steps, value), &[kind], 1, &Options::default())
                .unwrap()
                .svg();
            svg.split("aria-label=\"channel 0\" clip-path").nth(1).unwrap().to_owned()
        };
        assert_eq!(drawn(value, Kind::Acf), drawn(ordinary, Kind::Acf), "{size}");
        draw_all(&mut made((2, 64, 1), TimeAxis::Steps, value), &Options::default());
    }
}

#[test]
fn a_few_extremes_do_not_take_all_colours() {
    let value: fn(usize, usize, usize) -> f64 = |step, channel, _| match (step, channel) {
        (50, 0) => 1e6,
        _ => ((step * 7 + channel) % 11) as f64,
    };
    let svg =
        mts_plot::heatmap(&mut made((4, 100, 1), TimeAxis::Steps, value), &Options::default()).unwrap().svg();
    assert!(svg.contains("1 cell beyond the ends of the colours"));
    let colours: std::collections::BTreeSet<&str> =
        svg.split("fill=\"").skip(1).filter_map(|rest| rest.split('"').next()).collect();
    assert!(colours.len() > 10, "{colours:?}");
}

#[test]
fn what_is_known_of_steps_is_shaded() {
    let (mut series, _) = dataset("ou", "{}", (3, 100, 2));
    let span = |channel, steps| Span { channel, realization: Some(0), steps, kind: "spike".to_owned() };
    let spans = vec![span(Some(1), 10..20), span(None, 50..51), span(Some(7), 3..4)];
    let svg = mts_plot::timeseries(&mut series, &Options { spans, ..Options::default() }).unwrap().svg();
    assert_eq!(svg.matches("aria-label=\"span spike\"").count(), 2);
    assert!(svg.contains("aria-label=\"spike\"") && !svg.contains("throughout"));

    // What holds everywhere would hide the rest, and so would very many.
    let spans = vec![span(None, 0..100), Span { kind: "drift".to_owned(), ..span(Some(0), 3..90) }];
    let svg = mts_plot::timeseries(&mut series, &Options { spans, ..Options::default() }).unwrap().svg();
    assert!(svg.contains("throughout: spike") && svg.contains("span drift") && !svg.contains("span spike"));
    let spans = (0..600).map(|at| span(None, at % 99..at % 99 + 1)).collect();
    let svg = mts_plot::timeseries(&mut series, &Options { spans, ..Options::default() }).unwrap().svg();
    assert!(svg.contains("600 stretches are too many to shade: spike") && !svg.contains("span spike"));
}
