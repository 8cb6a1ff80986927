//! Our own bits: draws that nobody else pins.

use mts_hash::SeedSequence;
use mts_rng::{Key, Rng, keyed};
use sha2::{Digest, Sha256};

fn checksum(values: &[f64]) -> String {
    let bytes: Vec<u8> = values.iter().flat_map(|x| x.to_le_bytes()).collect();
    Sha256::digest(&bytes).iter().take(8).map(|byte| format!("{byte:02x}")).collect()
}

#[test]
fn consecutive_draws_stay() {
    let mut rng = Rng::from_seed(2026_u64);
    let mut draws = vec![0.0; 1000];
    let fills = [
        Rng::fill_random,
        Rng::fill_standard_normal,
        Rng::fill_standard_exponential,
        Rng::fill_standard_cauchy,
    ];
    let sums = fills.map(|fill| {
        fill(&mut rng, &mut draws);
        checksum(&draws)
    });
    assert_eq!(sums, ["fb7a48537481e6c1", "af1a072933a31355", "2e36c2c467d3b5e9", "e88ec5b5cc767e1c"]);
}

#[test]
fn keyed_draws_stay() {
    let key = Key::from(&SeedSequence::new(2026_u64).named("column"));
    let draws: Vec<f64> = (0..1000).map(|row| keyed(key, row).random()).collect();
    assert_eq!(checksum(&draws), "7691716518c4712d");
}
