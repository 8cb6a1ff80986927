//! Kinds of documents behind one face.

use mts_config::kind::DocumentKind;
use mts_config::{Document, Problems};
use mts_io::Sidecar;
use serde_json::Value as Json;

use crate::{Plan, Request, Task};

/// A kind of document: how it becomes a plan, and how one of its tasks comes back from a sidecar.
pub trait Kind: Send + Sync {
    /// Which kind.
    fn kind(&self) -> DocumentKind;

    /// What it is, in one line.
    fn summary(&self) -> &'static str;

    /// The JSON Schema of its documents.
    fn schema(&self) -> Json;

    /// Checks everything that does not depend on the machine, and names every task.
    ///
    /// # Errors
    ///
    /// Everything that is wrong.
    fn plan(&self, document: &Document, request: &Request) -> Result<Plan, Problems>;

    /// The task that wrote `sidecar`, from its recipe alone.
    ///
    /// # Errors
    ///
    /// Where the recipe is not one, or not of this program.
    fn restore(&self, sidecar: &Sidecar) -> Result<Box<dyn Task>, String>;
}
