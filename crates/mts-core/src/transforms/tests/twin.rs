//! What was spoilt, and nothing else, is labelled.

use super::*;

const SHAPE: Shape = Shape::of(3, 400, 2);

/// Kinds whose labels cover all steps.
const THROUGHOUT: [&str; 2] = ["observation_noise", "quantise"];

fn spoils(label: &Label) -> bool {
    label.kind != "regime"
}

#[test]
fn outside_of_labels_nothing_changes() {
    for list in lists() {
        let (values, labels) = collect(spoilt(&list, SHAPE, 5));
        let (twin, _) = collect(clean(&list, SHAPE, 5));
        let mut labelled = vec![false; values.len()];
        for label in labels.iter().filter(|label| spoils(label)) {
            cells(label, SHAPE).for_each(|cell| labelled[cell] = true);
        }
        for (cell, labelled) in labelled.iter().enumerate() {
            assert!(*labelled || values[cell].to_bits() == twin[cell].to_bits(), "{list} at {cell}");
        }
        assert_eq!(labels.iter().any(spoils), transforms(&list, SHAPE).is_labelled(), "{list}");
    }
}

/// Where one label covers a value, what was added can be taken off.
#[test]
fn what_was_added_can_be_taken_off() {
    let mut restored = 0;
    for list in lists().iter().filter(|list| list.as_array().unwrap().len() == 1) {
        let (values, labels) = collect(spoilt(list, SHAPE, 6));
        let (twin, _) = collect(clean(list, SHAPE, 6));
        for label in labels.iter().filter(|label| spoils(label)) {
            for cell in cells(label, SHAPE) {
                let step = cell / SHAPE.slab();
                let Some(added) = added(label, step) else { continue };
                let (x, largest) = (twin[cell], values[cell].abs().max(twin[cell].abs()).max(added.abs()));
                assert!((values[cell] - added - x).abs() <= 4.0 * f64::EPSILON * largest, "{list} at {cell}");
                assert_eq!(values[cell].to_bits(), (x + added).to_bits(), "{list} at {cell}");
                restored += 1;
            }
            assert!(added(label, SHAPE.steps()).is_none_or(|added| added == 0.0));
        }
    }
    assert!(restored > 10_000, "{restored}");
}

#[test]
fn kinds_that_add_are_known_by_their_labels() {
    for list in lists() {
        for label in collect(spoilt(&list, SHAPE, 6)).1.iter().filter(|label| spoils(label)) {
            let adds = ["spike", "level_shift", "trend"].contains(&label.kind)
                || label.kind.starts_with("drift_")
                || (label.kind == "pattern" && label.details.get("replaces").is_none());
            assert_eq!(added(label, label.steps.start).is_some(), adds, "{label:?}");
        }
    }
}

fn one(list: Value, shape: Shape) -> (Vec<f64>, Vec<f64>, Vec<Label>) {
    let (values, labels) = collect(spoilt(&list, shape, 7));
    let labels = labels.into_iter().filter(spoils).collect();
    (values, collect(clean(&list, shape, 7)).0, labels)
}

const ONE: Shape = Shape::of(1, 12, 1);

#[test]
fn missing_values_are_exactly_the_labelled_ones() {
    let list =
        json!([{"missing": {"rate": 0.3, "burst": 2}}, {"missing": {"rate": 0.1, "channels": [0, 2]}}]);
    let (values, _, labels) = one(list, SHAPE);
    let mut labelled = vec![false; values.len()];
    labels.iter().for_each(|label| cells(label, SHAPE).for_each(|cell| labelled[cell] = true));
    assert!(labels.iter().all(|label| label.kind == "missing" && label.details.is_empty()));
    assert!(values.iter().zip(&labelled).all(|(x, labelled)| x.is_nan() == *labelled));
    assert!(values.iter().filter(|x| x.is_nan()).all(|x| x.to_bits() == f64::NAN.to_bits()));
}

#[test]
fn anomalies_are_as_they_are_described() {
    let up = |kind: Value| {
        let mut kind = kind;
        kind["at"] = json!([4]);
        one(json!([{"anomalies": kind}]), ONE)
    };
    let (x, twin, labels) = up(json!({"kind": "spike", "size": 5, "sign": "up"}));
    assert_eq!(x[4], twin[4] + 5.0);
    assert_eq!((labels[0].steps.clone(), labels[0].channel, labels[0].realization), (4..5, Some(0), Some(0)));
    let (x, twin, _) = up(json!({"kind": "level_shift", "size": 5, "length": 3, "sign": "down"}));
    assert_eq!(x[4..7], [4, 5, 6].map(|i| twin[i] - 5.0));
    let (x, twin, _) = up(json!({"kind": "trend", "size": 8, "length": 4, "sign": "up"}));
    assert_eq!(x[4..8], [4, 5, 6, 7].map(|i| twin[i] + 2.0 * (i as f64 - 3.0)));
    let (x, twin, labels) = up(json!({"kind": "variance", "factor": 3, "length": 4}));
    assert_eq!(x[4..8], [4, 5, 6, 7].map(|i| twin[3] + 3.0 * (twin[i] - twin[3])));
    assert_eq!(labels[0].details.get("level"), Some(&twin[3].into()));
    let (x, twin, labels) = up(json!({"kind": "flatline", "length": 4}));
    assert_eq!(x[4..9], [twin[3], twin[3], twin[3], twin[3], twin[8]]);
    assert_eq!(labels[0].details.get("level"), Some(&twin[3].into()));
    let pattern = |shape: Value, mode: &str| {
        let pattern = json!({"kind": "pattern", "length": 5, "shape": shape, "amplitude": 2, "sign": "up", "mode": mode});
        up(pattern)
    };
    let (x, twin, _) = pattern(json!([1, -3]), "add");
    assert_eq!(x[4..9], [(4, 2.0), (5, -6.0), (6, 2.0), (7, -6.0), (8, 2.0)].map(|(i, s)| twin[i] + s));
    assert_eq!(
        pattern(json!("sawtooth"), "replace").0[4..9],
        [-2.0, -1.2, -0.3999999999999999, 0.3999999999999999, 1.2000000000000002]
    );
    assert_eq!(pattern(json!("square"), "replace").0[4..9], [2.0, 2.0, 2.0, -2.0, -2.0]);
    let (x, _, labels) = pattern(json!("sine"), "replace");
    assert_eq!(x[4], 0.0);
    assert!((x[5] - 2.0 * 0.951_056_516_295_153_5).abs() < 1e-15);
    assert_eq!(labels[0].details.get("replaces"), Some(&true.into()));
}

#[test]
fn the_first_step_has_nothing_before_it() {
    let (x, twin, _) = one(json!([{"anomalies": {"kind": "flatline", "at": [0], "length": 3}}]), ONE);
    assert_eq!(x[..4], [twin[0], twin[0], twin[0], twin[3]]);
    let list = json!([{"anomalies": {"kind": "variance", "at": [0], "length": 2, "factor": 2}}]);
    let (x, twin, _) = one(list, ONE);
    assert_eq!(x[..3], [twin[0], twin[0] + 2.0 * (twin[1] - twin[0]), twin[2]]);
}

#[test]
fn swapped_channels_have_each_others_values() {
    let list = json!([{"anomalies": {"kind": "swap", "at": [1], "length": 2, "channels": [2, 0]}}]);
    let (x, twin, labels) = one(list, Shape::of(3, 4, 1));
    assert_eq!(x[3..6], [twin[5], twin[4], twin[3]]);
    assert_eq!(x[6..9], [twin[8], twin[7], twin[6]]);
    let told: Vec<_> =
        labels.iter().map(|label| (label.channel, label.details.get("with").cloned())).collect();
    assert_eq!(told, [(Some(0), Some(2_u64.into())), (Some(2), Some(0_u64.into()))]);
}

#[test]
fn drifts_are_as_they_are_described() {
    let drift = |drift: Value| {
        let (x, twin, labels) = one(json!([{ "drift": drift }]), ONE);
        let steps = labels[0].steps.clone();
        (x.iter().zip(&twin).map(|(x, twin)| x - twin).collect::<Vec<_>>(), steps, labels[0].channel)
    };
    let close = |found: &[f64], wanted: &[f64]| {
        assert!(found.iter().zip(wanted).all(|(a, b)| (a - b).abs() < 1e-14), "{found:?} {wanted:?}");
    };
    let (d, steps, channel) = drift(json!({"kind": "linear", "slope": 0.5}));
    close(&d, &[0.0, 0.5, 1.0, 1.5, 2.0, 2.5, 3.0, 3.5, 4.0, 4.5, 5.0, 5.5]);
    assert_eq!((steps, channel), (0..12, None));
    let (d, ..) = drift(json!({"kind": "seasonal", "amplitude": 2, "period": 4}));
    close(&d, &[0.0, 2.0, 0.0, -2.0, 0.0, 2.0, 0.0, -2.0, 0.0, 2.0, 0.0, -2.0]);
    let (d, steps, _) = drift(json!({"kind": "sudden", "at": 10, "size": 3}));
    close(&d, &[0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 3.0, 3.0]);
    assert_eq!(steps, 10..12);
    let (d, steps, channel) =
        drift(json!({"kind": "gradual", "from": 2, "until": 6, "size": 4, "channels": [0]}));
    close(&d, &[0.0, 0.0, 1.0, 2.0, 3.0, 4.0, 4.0, 4.0, 4.0, 4.0, 4.0, 4.0]);
    assert_eq!((steps, channel), (2..12, Some(0)));
    let (d, ..) = drift(json!({"kind": "gradual", "from": 2, "until": 6, "size": 4, "ramp": "smooth"}));
    close(&d[2..6], &[0.625, 2.0, 3.375, 4.0]);
}

#[test]
fn limits_and_levels_hold() {
    let (x, twin, labels) = one(json!([{"clip": {"low": -0.5, "high": 1}}]), SHAPE);
    assert!(x.iter().zip(&twin).all(|(x, twin)| *x == twin.clamp(-0.5, 1.0)));
    let labelled: usize = labels.iter().map(|label| label.steps.len()).sum();
    assert_eq!(labelled, twin.iter().filter(|x| !(-0.5..=1.0).contains(*x)).count());
    assert!(labels.len() < labelled, "runs");

    let (x, twin, labels) = one(json!([{"quantise": {"step": 0.25}}]), SHAPE);
    assert!(x.iter().zip(&twin).all(|(x, twin)| (x * 4.0).fract() == 0.0 && (x - twin).abs() <= 0.125));
    assert_eq!((labels.len(), labels[0].steps.clone(), labels[0].channel), (1, 0..400, None));

    let (x, twin, _) = one(json!([{"quantise": {"bits": 3, "low": -1, "high": 2.5}}]), SHAPE);
    let levels: std::collections::BTreeSet<String> = x.iter().map(|x| x.to_string()).collect();
    assert_eq!(
        levels.iter().map(String::as_str).collect::<Vec<_>>(),
        ["-0.5", "-1", "0", "0.5", "1", "1.5", "2", "2.5"]
    );
    let near = |(x, twin): (&f64, &f64)| (x - twin.clamp(-1.0, 2.5)).abs() <= 0.25 + 1e-15;
    assert!(x.iter().zip(&twin).all(near));
}

#[test]
fn labels_of_the_model_are_shifted_cut_and_thinned() {
    let shape = Shape::of(2, 30, 2);
    let model = collect(model::series(Shape::of(2, 5 + 3 * 30, 2), 5)).1;
    let wanted = model.iter().filter_map(|label| {
        let map = |step: usize| step.saturating_sub(5).div_ceil(3);
        let steps = map(label.steps.start)..map(label.steps.end);
        (!steps.is_empty()).then(|| Label { steps, ..label.clone() })
    });
    let mut wanted: Vec<_> = wanted.collect();
    wanted.sort_by(Label::order);
    let (values, labels) = collect(spoilt(&json!([{"burn_in": 5}, {"every": 3}]), shape, 5));
    assert!(model.len() > labels.len());
    assert_eq!(labels, wanted);
    let (source, _) = collect(model::series(Shape::of(2, 5 + 3 * 30, 2), 5));
    let kept = source.chunks_exact(4).skip(5).step_by(3).flatten().copied();
    assert!(values.into_iter().eq(kept));
}

#[test]
fn whole_spans_are_labelled_once_for_each_listed_channel() {
    let list = json!([
        {"observation_noise": {"sigma": 0.5, "channels": [2, 0]}},
        {"quantise": {"step": 0.5}},
    ]);
    let labels = one(list, SHAPE).2;
    assert!(labels.iter().all(|label| THROUGHOUT.contains(&label.kind) && label.steps == (0..400)));
    let channels: Vec<_> = labels.iter().map(|label| (label.kind, label.channel)).collect();
    let wanted = [("quantise", None), ("observation_noise", Some(0)), ("observation_noise", Some(2))];
    assert_eq!(channels, wanted);
    assert_eq!(labels[1].details.get("law"), Some(&"normal".into()));
    assert_eq!(labels[1].details.get("sigma"), Some(&0.5.into()));
}
