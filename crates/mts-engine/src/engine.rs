//! Kinds of documents together.

use mts_config::kind::DocumentKind;
use mts_config::{Document, Problem, Problems, kind};
use mts_core::Registry;

use crate::grid::Grid;
use crate::tables::Tables;
use crate::{Kind, Plan, Request};

/// Every kind of document that this program runs.
pub struct Engine {
    registry: Registry,
    kinds: Vec<Box<dyn Kind>>,
    server: Option<String>,
}

impl Engine {
    /// An engine whose grids know the models of `registry`.
    pub fn new(registry: Registry) -> Self {
        Engine {
            kinds: vec![Box::new(Grid::new(registry.clone())), Box::new(Tables)],
            registry,
            server: None,
        }
    }

    /// It, which also looks at the server at `url` where it verifies tables.
    #[must_use]
    pub fn with_server(mut self, url: &str) -> Self {
        self.server = Some(url.to_owned());
        self
    }

    /// The server that tables are verified on too.
    pub(crate) fn server(&self) -> Option<&str> {
        self.server.as_deref()
    }

    /// The models.
    pub fn registry(&self) -> &Registry {
        &self.registry
    }

    /// The kinds of documents.
    pub fn kinds(&self) -> impl Iterator<Item = &dyn Kind> {
        self.kinds.iter().map(AsRef::as_ref)
    }

    /// The plan of `document`: everything that does not depend on the machine is checked.
    ///
    /// # Errors
    ///
    /// Everything that is wrong, with positions.
    pub fn plan(&self, document: &Document, request: &Request) -> Result<Plan, Problems> {
        let root = document.root();
        if root.is_null() {
            let problem = Problem::at(&root.position, "", "the document is empty");
            return Err(problem.with_hint("a list of records, or a mapping with `configs`").into());
        }
        let wanted: DocumentKind = kind::kind(root).map_err(Problems::from)?;
        let Some(kind) = self.kinds().find(|known| known.kind() == wanted) else {
            let known: Vec<&str> = self.kinds().map(|kind| kind.kind().name()).collect();
            let message = format!("this program does not run documents of kind {}", wanted.name());
            let problem = Problem::at(&root.position, "", message);
            return Err(problem.with_hint(format!("it runs {}", known.join(", "))).into());
        };
        kind.plan(document, request)
    }
}
