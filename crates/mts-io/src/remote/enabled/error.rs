//! What an object store answers, in words.

use std::io;

use object_store::Error;

use crate::{IoError, IoErrorKind};

/// Where credentials come from where none are given: asking there takes long, and fails.
const METADATA: &str = "169.254.169.254";

/// The library has kinds of errors for some requests, and for others only the text of the answer.
pub(super) fn told(error: Error, bucket: &str, endpoint: Option<&str>) -> IoError {
    let text = error.to_string();
    let said = said(&text);
    let is_denied = || ["status code: 401", "status code: 403"].iter().any(|status| text.contains(status));
    match error {
        _ if text.contains(METADATA) => {
            IoError::refused("there are no credentials: set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY")
        }
        _ if text.contains(NO_BUCKET) => {
            IoError::refused(format!("there is no bucket {bucket:?}: create it, or name another"))
        }
        _ if is_denied() => {
            let said = said.unwrap_or_else(|| "the credentials do not allow it".to_owned());
            IoErrorKind::Denied(io::Error::new(io::ErrorKind::PermissionDenied, said)).into()
        }
        Error::NotFound { .. } => IoErrorKind::NotFound.into(),
        Error::AlreadyExists { .. } | Error::Precondition { .. } => IoErrorKind::Taken.into(),
        other => {
            let at = endpoint.map(|endpoint| format!(" at {endpoint}")).unwrap_or_default();
            let why = said.unwrap_or_else(|| deepest(&other));
            IoErrorKind::System(io::Error::other(format!("the object store{at} failed: {why}"))).into()
        }
    }
}

const NO_BUCKET: &str = "NoSuchBucket";

/// The code and the sentence in the answer of a server, which are all that a user can use of it.
fn said(text: &str) -> Option<String> {
    let element = |name: &str| {
        let (_, rest) = text.split_once(&format!("<{name}>"))?;
        Some(rest.split_once(&format!("</{name}>"))?.0.trim())
    };
    let code = element("Code")?;
    let message = element("Message").filter(|message| !message.is_empty());
    let said = message.map_or_else(|| code.to_owned(), |message| format!("{code}, {message}"));
    Some(said.trim_end_matches('.').to_owned())
}

/// The innermost reason, without the layers of libraries around it.
fn deepest(error: &Error) -> String {
    let mut inner: &dyn std::error::Error = error;
    while let Some(source) = inner.source() {
        inner = source;
    }
    inner.to_string()
}
