//! Documents of relational tables.

mod compare;
mod format;
mod judge;
mod parse;
#[cfg(any(test, feature = "postgres"))]
mod places;
mod plan;
mod preview;
mod recipe;
mod schema;
#[cfg(feature = "postgres")]
mod served;
mod server;
mod task;
mod write;

use mts_config::kind::DocumentKind;
use mts_config::{Document, Problems};
use mts_io::Sidecar;
use serde_json::Value as Json;

use crate::{Kind, Plan, Request, Task};

pub use format::FORMATS;

/// Tables documents: a schema of tables, their columns and how they refer to each other.
pub struct Tables;

impl Kind for Tables {
    fn kind(&self) -> DocumentKind {
        DocumentKind::Tables
    }

    fn summary(&self) -> &'static str {
        "Relational tables from a schema: keys that hold, laws that are known, dirt that is recorded."
    }

    fn schema(&self) -> Json {
        schema::document()
    }

    fn plan(&self, document: &Document, request: &Request) -> Result<Plan, Problems> {
        plan::plan(document.root(), request)
    }

    fn restore(&self, sidecar: &Sidecar) -> Result<Box<dyn Task>, String> {
        Ok(Box::new(task::TablesTask::restored(sidecar)?))
    }
}
