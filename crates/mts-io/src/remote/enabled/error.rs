//! What an object store answers, in words.

use std::io;

use object_store::Error;

use crate::{IoError, IoErrorKind};

/// Where credentials come from where none are given: asking there takes long, and fails. No key has two
/// slashes, whatever its words are.
const METADATA: &str = "://169.254.169.254";

/// The library has kinds of errors for some requests, and for others only the text of the answer.
pub(super) fn told(error: Error, bucket: &str, endpoint: Option<&str>) -> IoError {
    // The layers around the answer name the key, which may be any text.
    let answer = deepest(&error);
    let said = Said::of(&answer);
    let is_denied = || ["status code: 401", "status code: 403"].iter().any(|status| answer.contains(status));
    match error {
        _ if error.to_string().contains(METADATA) => {
            IoError::refused("there are no credentials: set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY")
        }
        _ if said.as_ref().is_some_and(|said| said.code == NO_BUCKET) => {
            IoError::refused(format!("there is no bucket {bucket:?}: create it, or name another"))
        }
        _ if is_denied() => {
            let said =
                said.map_or_else(|| "the credentials do not allow it".to_owned(), |said| said.sentence());
            IoErrorKind::Denied(io::Error::new(io::ErrorKind::PermissionDenied, said)).into()
        }
        Error::NotFound { .. } => IoErrorKind::NotFound.into(),
        Error::AlreadyExists { .. } | Error::Precondition { .. } => IoErrorKind::Taken.into(),
        _ => {
            let at = endpoint.map(|endpoint| format!(" at {endpoint}")).unwrap_or_default();
            let why = said.map_or_else(|| answer.clone(), |said| said.sentence());
            IoErrorKind::System(io::Error::other(format!("the object store{at} failed: {why}"))).into()
        }
    }
}

const NO_BUCKET: &str = "NoSuchBucket";

/// The code and the sentence in the answer of a server, which are all that a user can use of it.
struct Said<'a> {
    code: &'a str,
    message: Option<&'a str>,
}

impl<'a> Said<'a> {
    fn of(answer: &'a str) -> Option<Self> {
        let element = |name: &str| {
            let (_, rest) = answer.split_once(&format!("<{name}>"))?;
            Some(rest.split_once(&format!("</{name}>"))?.0.trim())
        };
        let message = element("Message").filter(|message| !message.is_empty());
        Some(Said { code: element("Code")?, message })
    }

    fn sentence(&self) -> String {
        let code = self.code;
        let said = self.message.map_or_else(|| code.to_owned(), |message| format!("{code}, {message}"));
        said.trim_end_matches('.').to_owned()
    }
}

/// The innermost reason, without the layers of libraries around it.
fn deepest(error: &Error) -> String {
    let mut inner: &dyn std::error::Error = error;
    while let Some(source) = inner.source() {
        inner = source;
    }
    inner.to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// As the library says it: a kind, the key, the request, the answer.
    fn answered(key: &str, status: &str, code: &str) -> String {
        #[derive(Debug, thiserror::Error)]
        #[error("Error performing GET http://127.0.0.1/there/{key} in 3ms - {answer}")]
        struct Request {
            key: String,
            #[source]
            answer: io::Error,
        }
        let answer =
            format!("Server returned non-2xx status code: {status}: <Error><Code>{code}</Code></Error>");
        let source = Box::new(Request { key: key.to_owned(), answer: io::Error::other(answer) });
        told(Error::NotFound { path: key.to_owned(), source }, "there", None).to_string()
    }

    #[test]
    fn a_key_is_no_answer() {
        let missing = IoError::from(IoErrorKind::NotFound).to_string();
        for key in
            ["NoSuchBucket", "<Code>NoSuchBucket</Code>", "http:/169.254.169.254/x", "status code: 403"]
        {
            assert_eq!(answered(key, "404 Not Found", "NoSuchKey"), missing, "{key}");
        }
        assert!(answered("x", "404 Not Found", "NoSuchBucket").contains("there is no bucket \"there\""));
        assert!(answered("x", "403 Forbidden", "AccessDenied").contains("AccessDenied"));
        let credentials = Error::Generic {
            store: "S3",
            source: "Error performing PUT http://169.254.169.254/latest/api/token in 1s".into(),
        };
        assert!(told(credentials, "there", None).to_string().contains("there are no credentials"));
    }
}
