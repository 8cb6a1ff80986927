//! What changes no draw.

use super::*;
use crate::Streams;

const SHAPE: Shape = Shape::of(3, 80, 2);

fn told(list: &Value, kinds: &[&str]) -> Vec<Label> {
    let labels = collect(spoilt(list, SHAPE, 1)).1;
    labels.into_iter().filter(|label| kinds.contains(&label.kind)).collect()
}

#[test]
fn others_change_no_draw() {
    let missing = json!({"missing": {"rate": 0.2}});
    let spikes = json!({"anomalies": {"kind": "spike", "rate": 0.1, "size": 5}});
    let shifts = json!({"anomalies": {"kind": "level_shift", "rate": 0.05, "length": 4, "size": 5}});
    let noise = json!({"observation_noise": {"sigma": 1}});
    let alone = told(&json!([missing]), &["missing"]);
    let with = told(&json!([{"burn_in": 3}, {"zscore": "time"}, spikes, noise, missing]), &["missing"]);
    assert_eq!(alone, with);
    // Another of the same name behind it.
    assert_eq!(told(&json!([spikes]), &["spike"]), told(&json!([spikes, noise, shifts]), &["spike"]));
    // In its place, it has other draws.
    assert_ne!(told(&json!([spikes]), &["spike"]), told(&json!([shifts, spikes]), &["spike"]));
    let two = told(&json!([missing, missing]), &["missing"]);
    assert!(two.len() > alone.len() && alone.iter().all(|label| two.contains(label)));
}

#[test]
fn sizes_and_signs_move_nothing() {
    let starts = |anomalies: Value| {
        let labels = collect(spoilt(&json!([{ "anomalies": anomalies }]), SHAPE, 1)).1;
        let own = labels.into_iter().filter(|label| label.kind != "regime");
        own.map(|label| (label.channel, label.realization, label.steps)).collect::<Vec<_>>()
    };
    let shift = starts(json!({"kind": "level_shift", "rate": 0.05, "length": 4, "size": 5}));
    assert_eq!(
        shift,
        starts(json!({"kind": "level_shift", "rate": 0.05, "length": 4, "size": 1, "sign": "up"}))
    );
    assert_eq!(shift, starts(json!({"kind": "flatline", "rate": 0.05, "length": 4})));
}

/// Data of more channels or realizations hold those of fewer.
#[test]
fn more_channels_and_realizations_change_nothing() {
    let list = json!([
        {"anomalies": {"kind": "spike", "rate": 0.1, "size": 5}},
        {"anomalies": {"kind": "flatline", "rate": 0.05, "length": 4}},
        {"observation_noise": {"sigma": 1}},
        {"missing": {"rate": 0.2}},
    ]);
    let of = |realizations: usize| {
        let shape = Shape::of(2, 80, realizations);
        let source = model::streams(shape, 1, Streams::PerRealization);
        collect(transforms(&list, shape).apply(source, &SeedSequence::new(1_u64)))
    };
    let ((few, few_labels), (many, many_labels)) = (of(2), of(5));
    let kept: Vec<f64> = many.chunks_exact(5).flat_map(|row| row[..2].to_vec()).collect();
    assert_eq!(bits(&few), bits(&kept));
    let kept = many_labels.into_iter().filter(|label| label.realization < Some(2));
    assert!(kept.eq(few_labels));

    let noise = |channels: usize, listed: Option<Vec<usize>>| {
        let shape = Shape::of(channels, 80, 2);
        let list = json!([{"observation_noise": {"sigma": 1, "channels": listed}}]);
        let source = transforms(&list, shape).apply(zeros(shape), &SeedSequence::new(1_u64));
        collect(source).0.chunks_exact(2 * channels).flat_map(|slab| slab[2..4].to_vec()).collect::<Vec<_>>()
    };
    assert_eq!(noise(2, None), noise(4, Some(vec![3, 1])));
}

/// The path is that of the design: the same draws whoever makes them.
#[test]
fn draws_are_on_their_path() {
    let seed = SeedSequence::new(1_u64).named("transform").named("observation_noise").child(1);
    let mut rng = mts_rng::keyed(mts_rng::Key::from(&seed), 1 << 32 | 1);
    let shape = Shape::of(2, 3, 2);
    let two =
        json!([{"observation_noise": {"sigma": 1}}, {"observation_noise": {"sigma": 1, "channels": [1]}}]);
    let one = json!([{"observation_noise": {"sigma": 1}}]);
    let (two, one) = (collect(spoilt(&two, shape, 1)).0, collect(spoilt(&one, shape, 1)).0);
    for step in 0..3 {
        assert_eq!(two[4 * step + 3], one[4 * step + 3] + rng.standard_normal());
    }
}

/// What was made once is made for ever: a change here is a change of values.
#[test]
fn values_are_stable() {
    let list = json!([
        {"mixing": {"matrix": [[1, 0.5], [0, 1]]}},
        {"drift": {"kind": "seasonal", "amplitude": 2, "period": 7.5, "phase": 1}},
        {"observation_noise": {"law": "student_t", "nu": 3, "sigma": 0.1}},
        {"anomalies": {"kind": "trend", "rate": 0.2, "length": 3, "size": 5}},
        {"clip": {"low": -3, "high": 3}},
        {"missing": {"rate": 0.2, "burst": 2}},
    ]);
    let (values, labels) = collect(spoilt(&list, Shape::of(2, 8, 1), 1));
    let told: Vec<String> = labels
        .iter()
        .filter(|label| label.channel.is_some() && label.kind != "regime")
        .map(|label| format!("{} {} {:?}", label.kind, label.channel.unwrap(), label.steps))
        .collect();
    let wanted = "[NaN, 2.139939358030274, 0.07706019015689292, 1.2540525001130018, NaN, 1.6554856396219475, \
                  1.1156554117367055, 2.4137397624354753, NaN, 2.888080154835683, 3.0, 3.0, NaN, \
                  0.3551992456839683, NaN, 2.2865606424054667] missing 0 0..1, missing 0 2..3, missing 0 4..5, \
                  trend 0 3..6, trend 1 3..6, clip 0 5..6, clip 1 5..6, missing 0 6..8";
    assert_eq!(format!("{values:?} {}", told.join(", ")), wanted);
}

#[test]
fn checked_sources_stop_at_what_is_not_finite() {
    let shape = Shape::of(1, 4, 1);
    let run = |list: Value, values: [f64; 4]| {
        let source = constant(values.to_vec(), shape);
        let mut out = [0.0; 4];
        let mut source = transforms(&list, shape).apply_checked(source, &SeedSequence::new(1_u64));
        source.next(&mut out).map(|_| out).map_err(|error| error.to_string())
    };
    let words = |found: &str, step| {
        format!(
            "{found} at step {step}, channel 0, realization 0: the parameters let the values diverge, or beyond what the dtype holds"
        )
    };
    let missing = json!({"missing": {"rate": 0.5}});
    let clip = json!({"clip": {"low": -1, "high": 1}});
    assert!(run(json!([missing]), [1.0; 4]).unwrap().iter().any(|x| x.is_nan()));
    assert_eq!(run(json!([missing]), [0.0, 0.0, f64::NAN, 0.0]), Err(words("NaN", 2)));
    assert_eq!(run(json!([clip]), [0.0, 0.0, 0.0, f64::INFINITY]), Err(words("inf", 3)));
    let mixing = json!({"mixing": {"matrix": [[1e200]]}});
    assert_eq!(run(json!([mixing, clip]), [0.0, 1e200, 0.0, 0.0]), Err(words("inf", 1)));
    let drift = json!({"drift": {"kind": "sudden", "at": 1, "size": 1e308}});
    assert_eq!(run(json!([drift, missing]), [1e308; 4]), Err(words("inf", 1)));
}
