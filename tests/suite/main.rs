//! The suites that span the workspace, in one binary.

mod reference;
