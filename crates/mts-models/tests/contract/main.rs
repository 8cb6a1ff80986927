//! Every model keeps the promises of `mts_core::Model`; one line per configuration.

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

use mts_core::{Shape, contract};
use serde_json::{Value, json};

/// A shape of as many nodes, or channels, as it says.
fn check(model: &str, params: Value, shape: (usize, usize, usize)) {
    let registry = mts_models::registry();
    let entry = registry.get(model).expect("compiled in");
    let channels = entry.channels().of(shape.0);
    contract::check(entry, &params, Shape::of(channels, shape.1, shape.2));
}

/// A configuration of some nodes, or channels, is refused with words that hold `words`.
#[allow(dead_code, reason = "each family uses a part of this")]
fn refused(model: &str, params: Value, nodes: usize, words: &str) {
    let registry = mts_models::registry();
    let entry = registry.get(model).expect("compiled in");
    let shape = Shape::of(entry.channels().of(nodes), 50, 2);
    match entry.build(params.clone(), shape) {
        Ok(_) => panic!("{model} takes {params}"),
        Err(problems) => assert!(problems.to_string().contains(words), "{problems}"),
    }
}

#[test]
fn every_model_keeps_the_contract_with_its_defaults() {
    for name in mts_models::registry().names() {
        for shape in [(1, 1, 1), (1, 50, 1), (3, 130, 2), (7, 20, 5)] {
            check(name, json!({}), shape);
        }
    }
}
