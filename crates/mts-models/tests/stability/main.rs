//! Our own bits. A line of the files beside this never changes: where one has to, that is a *Values*
//! entry in the changelog. New lines are printed by the failing test and appended by hand.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

#[cfg(feature = "autoregressive")]
mod autoregressive;
#[cfg(feature = "composites")]
mod composites;
#[cfg(feature = "flows")]
mod flows;
#[cfg(feature = "kernels")]
mod kernels;
#[cfg(feature = "long_memory")]
mod long_memory;
#[cfg(feature = "maps")]
mod maps;
#[cfg(feature = "neural")]
mod neural;
#[cfg(feature = "noise")]
mod noise;
#[cfg(feature = "oscillators")]
mod oscillators;
#[cfg(feature = "points")]
mod points;
#[cfg(feature = "regimes")]
mod regimes;
#[cfg(feature = "sde")]
mod sde;
#[cfg(feature = "volatility")]
mod volatility;

use mts_core::{Dataset, Series, Shape, SlabSource, Streams, ZscoreAxis, Zscored};
use mts_hash::SeedSequence;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

const STREAMS: [Streams; 2] = [Streams::Shared, Streams::PerRealization];

fn line(name: &str, params: &Value, streams: Streams, zscore: Option<ZscoreAxis>) -> String {
    let registry = mts_models::registry();
    let entry = registry.get(name).unwrap();
    let shape = Shape::of(entry.channels().of(3), 50, 2);
    let model = entry.build(params.clone(), shape).unwrap();
    let id = model.identity().config_id();
    let series = Series::new(model, SeedSequence::new(2026_u64).child(1), streams);
    let mut source: Box<dyn SlabSource> = match zscore {
        None => Box::new(series),
        Some(axis) => Box::new(Zscored::new(series, axis)),
    };
    let dataset = Dataset::collect(&mut source).unwrap();
    let values = dataset.values();
    let transform = zscore.map_or("-", ZscoreAxis::name);
    format!(
        "{id} {} {transform} {} {:016x}",
        streams.name(),
        checksum(values),
        values[values.len() - 1].to_bits()
    )
}

fn checksum(values: &[f64]) -> String {
    let bytes: Vec<u8> = values.iter().flat_map(|x| x.to_le_bytes()).collect();
    Sha256::digest(&bytes).iter().take(8).map(|byte| format!("{byte:02x}")).collect()
}

/// What is kept of one family, beside the file that keeps it.
type Family = (&'static str, Vec<(&'static str, Value)>);

fn families() -> Vec<Family> {
    vec![
        #[cfg(feature = "noise")]
        ("noise", noise::cases()),
        #[cfg(feature = "autoregressive")]
        ("autoregressive", autoregressive::cases()),
        #[cfg(feature = "volatility")]
        ("volatility", volatility::cases()),
        #[cfg(feature = "regimes")]
        ("regimes", regimes::cases()),
        #[cfg(feature = "sde")]
        ("sde", sde::cases()),
        #[cfg(feature = "oscillators")]
        ("oscillators", oscillators::cases()),
        #[cfg(feature = "maps")]
        ("maps", maps::cases()),
        #[cfg(feature = "flows")]
        ("flows", flows::cases()),
        #[cfg(feature = "points")]
        ("points", points::cases()),
        #[cfg(feature = "neural")]
        ("neural", neural::cases()),
        #[cfg(feature = "long_memory")]
        ("long_memory", long_memory::cases()),
        #[cfg(feature = "kernels")]
        ("kernels", kernels::cases()),
        #[cfg(feature = "composites")]
        ("composites", composites::cases()),
    ]
}

fn compare(file: &str, lines: &[String]) {
    let path = format!("{}/tests/stability/{file}.txt", env!("CARGO_MANIFEST_DIR"));
    let kept = std::fs::read_to_string(&path).unwrap_or_default();
    let known: Vec<&str> = kept.lines().collect();
    let new: Vec<&String> = lines.iter().filter(|line| !known.contains(&line.as_str())).collect();
    assert!(new.is_empty(), "not in {path}, changed or new:\n{new:#?}");
    assert_eq!(known.len(), lines.len(), "{path}: a line without a case");
}

/// With any selection of families: no feature changes a number.
#[test]
fn values_stay() {
    let registry = mts_models::registry();
    for (family, own) in families() {
        let of_family = registry.iter().filter(|entry| entry.family() == family);
        let defaults = of_family.map(|entry| (entry.name(), json!({})));
        let cases: Vec<_> = defaults.chain(own).collect();
        let both = |(name, params): &(&str, Value)| STREAMS.map(|streams| line(name, params, streams, None));
        compare(family, &cases.iter().flat_map(both).collect::<Vec<_>>());
    }
}

#[test]
fn standardised_values_stay() {
    if mts_models::registry().get("ou").is_some() {
        let axes = [ZscoreAxis::Time, ZscoreAxis::Channel, ZscoreAxis::Realization];
        let line = |axis| line("ou", &json!({}), Streams::Shared, Some(axis));
        compare("zscore", &axes.map(line));
    }
}
