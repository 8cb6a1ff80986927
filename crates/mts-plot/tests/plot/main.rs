//! Pictures of the library's models, and of data that are hard to draw.
#![allow(clippy::unwrap_used, reason = "tests")]

mod goldens;
mod trouble;

use mts_core::{AnyModel, Series, Shape, Streams};
use mts_hash::SeedSequence;
use mts_plot::Options;
use std::sync::Arc;

/// A dataset of a model, and what an overview knows of it.
fn dataset(model: &str, params: &str, shape: (usize, usize, usize)) -> (Series, Options) {
    let registry = mts_models::registry();
    let params = serde_json::from_str(params).unwrap();
    let shape = Shape::new(shape.0, shape.1, shape.2).unwrap();
    let model: Arc<dyn AnyModel> = registry.get(model).unwrap().build(params, shape).unwrap();
    let facts = model.facts();
    let options = Options { laws: facts.laws, angles: facts.angles, ..Options::default() };
    (Series::new(model, SeedSequence::new(7_u64), Streams::Shared), options)
}
