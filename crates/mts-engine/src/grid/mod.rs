//! Grids of model records.

mod asked;
mod common;
mod files;
mod interventions;
mod labels;
mod nested;
mod packs;
mod plan;
mod recipe;
mod schema;
mod split;
mod task;
mod work;
mod write;

pub(crate) use labels::EXTENSION as LABELS_EXTENSION;
pub use split::Shares;

use mts_config::kind::DocumentKind;
use mts_config::{Document, Problems};
use mts_core::Registry;
use mts_io::Sidecar;
use serde_json::Value as Json;

use crate::{Kind, Plan, Request, Task};

/// Grid documents: records of models and their parameters, lists of values being axes.
pub struct Grid {
    registry: Registry,
}

impl Grid {
    /// Grids of the models in `registry`.
    pub fn new(registry: Registry) -> Self {
        Grid { registry }
    }
}

impl Kind for Grid {
    fn kind(&self) -> DocumentKind {
        DocumentKind::Grid
    }

    fn summary(&self) -> &'static str {
        "Multivariate time series from models; lists of parameters are the axes of a grid."
    }

    fn schema(&self) -> Json {
        schema::document(&self.registry)
    }

    fn plan(&self, document: &Document, request: &Request) -> Result<Plan, Problems> {
        plan::plan(&self.registry, document.root(), request)
    }

    fn restore(&self, sidecar: &Sidecar) -> Result<Box<dyn Task>, String> {
        let recipe = recipe::Recipe::read(&sidecar.recipe, &self.registry)?;
        Ok(Box::new(task::GridTask::restored(recipe, sidecar)))
    }
}
