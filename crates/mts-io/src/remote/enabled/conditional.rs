//! Requests that hold only while a name is as it was.
//!
//! The library sends a condition with an object that is put at once. The last request of one that is put
//! in parts can carry the same condition, but the library has no way to say so: it is added to the request
//! on its way out, unsigned, as the library itself adds it where it copies an object.

use std::future::Future;
use std::pin::Pin;

use object_store::client::{
    HttpClient, HttpConnector, HttpError, HttpRequest, HttpResponse, HttpService, ReqwestConnector,
};
use object_store::{ClientOptions, HeaderValue, PutMode, UpdateVersion};

/// What a name must stand for, so that it may be given to something else.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Condition {
    /// Nothing.
    Absent,
    /// The object of this tag.
    Is(String),
    /// The store gives no tags.
    Unknown,
}

impl Condition {
    /// For an object that is put at once.
    pub(super) fn mode(&self) -> PutMode {
        match self {
            Condition::Absent => PutMode::Create,
            Condition::Is(tag) => PutMode::Update(UpdateVersion { e_tag: Some(tag.clone()), version: None }),
            Condition::Unknown => PutMode::Overwrite,
        }
    }

    fn header(&self) -> Option<(&'static str, HeaderValue)> {
        match self {
            Condition::Absent => Some(("if-none-match", HeaderValue::from_static("*"))),
            Condition::Is(tag) => Some(("if-match", HeaderValue::from_str(tag).ok()?)),
            Condition::Unknown => None,
        }
    }

    /// Does `work`, all of whose requests carry the condition.
    pub(super) async fn around<F: Future>(self, work: F) -> F::Output {
        CONDITION.scope(self, work).await
    }
}

tokio::task_local! {
    static CONDITION: Condition;
}

/// Makes clients that add the condition of the task that they work for.
#[derive(Debug, Default)]
pub(super) struct Connector(ReqwestConnector);

impl HttpConnector for Connector {
    fn connect(&self, options: &ClientOptions) -> object_store::Result<HttpClient> {
        Ok(HttpClient::new(Client(self.0.connect(options)?)))
    }
}

#[derive(Debug)]
struct Client(HttpClient);

impl HttpService for Client {
    fn call<'a, 'b>(
        &'a self,
        mut request: HttpRequest,
    ) -> Pin<Box<dyn Future<Output = Result<HttpResponse, HttpError>> + Send + 'b>>
    where
        'a: 'b,
        Self: 'b,
    {
        if let Ok(Some((name, value))) = CONDITION.try_with(Condition::header) {
            request.headers_mut().insert(name, value);
        }
        Box::pin(self.0.execute(request))
    }
}
