//! Why a term cannot be made, before it is known where it stands.

use super::error::ExpressionError;
use super::node::NoValue;

#[derive(Debug)]
pub(super) enum Fault {
    /// It would have no value in any row.
    NoValue,
    /// Something about the whole of it.
    Here { message: String, hint: Option<String> },
    /// Something about a part of it.
    At(ExpressionError),
}

impl From<NoValue> for Fault {
    fn from(_: NoValue) -> Self {
        Fault::NoValue
    }
}

impl From<ExpressionError> for Fault {
    fn from(error: ExpressionError) -> Self {
        Fault::At(error)
    }
}

impl Fault {
    pub(super) fn here(message: impl Into<String>) -> Fault {
        Fault::Here { message: message.into(), hint: None }
    }
}
