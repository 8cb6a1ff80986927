//! Cylinders, bells and funnels: as published for 128 steps, each as likely, `a` uniform in 16..=32 and `b - a` in
//! 32..=96, heights normal around 6; the labels and the truth tell the same, and the values are that and normal noise.

use mts_statistics::{Uniformity, goodness_of_fit};
use serde_json::json;
use statrs::distribution::{ContinuousCDF, Normal};

use crate::models::labelled::{detail, labelled};
use crate::models::run::{STREAMS, accept, run};

pub const MODEL: &str = "cylinder_bell_funnel";

const CLASSES: [&str; 3] = ["cylinder", "bell", "funnel"];

#[test]
fn examples_are_as_published() {
    for streams in STREAMS {
        let shape = (10, 128, 2000);
        let paths = run(MODEL, json!({}), shape, 71, streams);
        let integers = |name: &str| paths.array(name).iter().map(|x| *x as usize).collect::<Vec<usize>>();
        let (classes, begins, ends) = (integers("class"), integers("begin"), integers("end"));
        let lengths: Vec<usize> = ends.iter().zip(&begins).map(|(end, begin)| end - begin).collect();
        for (name, numbers, range) in
            [("class", &classes, 0..=2), ("begin", &begins, 16..=32), ("length", &lengths, 32..=96)]
        {
            let mut counts = vec![0; range.clone().count()];
            numbers.iter().for_each(|x| counts[x - range.start()] += 1);
            let expected = vec![20_000.0 / counts.len() as f64; counts.len()];
            accept(name, goodness_of_fit(&counts, &expected));
        }
        let heights = paths.array("height");
        let law = Normal::new(6.0, 1.0).unwrap();
        accept("heights", Uniformity::of(heights.iter().map(|height| law.cdf(*height))).p());
        let law = Normal::new(0.0, 1.0).unwrap();
        let mut noise = Vec::new();
        for step in 0..128 {
            for (at, value) in paths.slab(step).iter().enumerate() {
                let (a, b, t) = (begins[at] as f64, ends[at] as f64, step as f64);
                let shape = match classes[at] {
                    0 => 1.0,
                    1 => (t - a) / (b - a),
                    _ => (b - t) / (b - a),
                };
                let inside = (begins[at]..=ends[at]).contains(&step);
                noise.push(law.cdf(value - if inside { heights[at] * shape } else { 0.0 }));
            }
        }
        accept("noise", Uniformity::of(noise).p());
    }
}

#[test]
fn labels_tell_what_the_truth_tells() {
    for (streams, steps) in STREAMS.into_iter().flat_map(|streams| [(streams, 128), (streams, 7)]) {
        let shape = (3, steps, 20);
        let truth = run(MODEL, json!({}), shape, 72, streams);
        let (_, labels) = labelled(MODEL, json!({}), shape, 72, streams);
        assert_eq!(labels.len(), 60);
        for label in labels {
            let at = label.channel.unwrap() * 20 + label.realization.unwrap();
            let number = |name: &str| truth.array(name)[at] as usize;
            assert_eq!(label.kind, CLASSES[number("class")]);
            assert_eq!(label.steps, number("begin")..(number("end") + 1).min(steps));
            assert_eq!(detail(&label, "height"), Some(truth.array("height")[at]));
        }
    }
}
