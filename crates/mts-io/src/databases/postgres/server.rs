//! A connection.

use std::error::Error as _;
use std::future::Future;
use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

use tokio::runtime::{Builder, Runtime};
use tokio::task::JoinHandle;
use tokio_postgres::config::{Host, SslMode};
use tokio_postgres::{Client, Config, Error, NoTls};

use super::PostgresPlace;
use crate::{IoError, IoErrorKind};

/// How long to wait for a server where the address does not say.
const PATIENCE: Duration = Duration::from_secs(30);

/// A server that answers.
pub(super) struct Server {
    // Before the runtime, in which it lives.
    pub(super) client: Client,
    /// Ends with the connection, and knows why.
    driver: Option<JoinHandle<Result<(), Error>>>,
    runtime: Runtime,
    /// What errors call it: no password.
    place: PathBuf,
    /// Where the tables are.
    pub(super) schema: String,
}

impl Server {
    /// Connects; `make` makes a missing schema in the transaction that stays open, and without it only
    /// questions are asked.
    pub(super) fn connect(at: &PostgresPlace, make: bool) -> Result<Self, IoError> {
        let mut config = configured(at.url)?;
        let place = shown(&config);
        if config.get_password().is_none()
            && let Ok(password) = std::env::var("PGPASSWORD")
        {
            config.password(password);
        }
        if config.get_connect_timeout().is_none() {
            config.connect_timeout(PATIENCE);
        }
        if config.get_tcp_user_timeout().is_none() {
            config.tcp_user_timeout(PATIENCE);
        }
        let runtime = Builder::new_multi_thread().worker_threads(1).enable_all().build();
        let runtime = runtime.map_err(|error| IoError::from(error).at(&place))?;
        let connected = runtime.block_on(config.connect(NoTls));
        let (client, connection) = connected.map_err(|error| failed(&error).at(&place))?;
        let driver = Some(runtime.spawn(connection));
        let mut server = Server { client, driver, runtime, place, schema: String::new() };
        // Else a table may be read from its middle on.
        server.run("SET synchronize_seqscans = off; SET standard_conforming_strings = on; BEGIN")?;
        server.schema = match at.schema {
            Some(schema) => schema.to_owned(),
            None => server.current_schema()?,
        };
        if make && at.schema.is_some() {
            let sql = format!("CREATE SCHEMA IF NOT EXISTS {}", super::ddl::name(&server.schema)?);
            server.run(&sql)?;
        }
        Ok(server)
    }

    fn current_schema(&mut self) -> Result<String, IoError> {
        let row = self.wait(|client| client.query_one("SELECT current_schema()::text", &[]))?;
        let schema: Option<String> = row.try_get(0).map_err(|error| failed(&error).at(&self.place))?;
        schema.ok_or_else(|| IoError::refused("the user has no schema there: name one").at(&self.place))
    }

    /// Waits for an answer.
    pub(super) fn wait<'a, T, F>(&'a mut self, ask: impl FnOnce(&'a Client) -> F) -> Result<T, IoError>
    where
        F: Future<Output = Result<T, Error>> + 'a,
    {
        let Server { client, driver, runtime, place, .. } = self;
        let answer = runtime.block_on(ask(client));
        answer.map_err(|error| reason(error, runtime, driver).at(place))
    }

    /// Runs statements.
    pub(super) fn run(&mut self, sql: &str) -> Result<(), IoError> {
        self.wait(|client| client.batch_execute(sql))
    }

    pub(super) fn place(&self) -> &Path {
        &self.place
    }
}

/// Why, which the end of the connection may know better.
fn reason(error: Error, runtime: &Runtime, driver: &mut Option<JoinHandle<Result<(), Error>>>) -> IoError {
    if error.is_closed()
        && let Some(driver) = driver.take()
        && let Ok(Ok(Err(cause))) =
            runtime.block_on(async { tokio::time::timeout(Duration::from_secs(1), driver).await })
    {
        return failed(&cause);
    }
    failed(&error)
}

fn configured(url: &str) -> Result<Config, IoError> {
    let expected = "expected postgres://user:password@host:port/database";
    // Nothing of it is shown: it may have a password.
    let config: Config = url.parse().map_err(|error: Error| {
        IoError::refused(format!("the address of the database cannot be read, {expected}: {}", chain(&error)))
    })?;
    if config.get_ssl_mode() == SslMode::Require {
        return Err(IoError::refused(
            "sslmode=require asks for an encrypted connection, which this program does not have: use a tunnel, or \
             sslmode=disable where the network is trusted",
        )
        .at(&shown(&config)));
    }
    if config.get_hosts().is_empty() && config.get_hostaddrs().is_empty() {
        return Err(IoError::refused(format!("the address of the database names no host, {expected}")));
    }
    Ok(config)
}

fn shown(config: &Config) -> PathBuf {
    let host = match config.get_hosts().first() {
        Some(Host::Tcp(host)) => host.clone(),
        #[cfg(unix)]
        Some(Host::Unix(path)) => path.display().to_string(),
        None => config.get_hostaddrs().first().map(ToString::to_string).unwrap_or_default(),
    };
    let port = config.get_ports().first().copied().unwrap_or(5432);
    let database = config.get_dbname().or(config.get_user()).unwrap_or_default();
    PathBuf::from(format!("postgres://{host}:{port}/{database}"))
}

/// What the server says, or what became of the connection.
fn failed(error: &Error) -> IoError {
    let Some(said) = error.as_db_error() else {
        let what =
            format!("the server does not answer, and keeps nothing of an unfinished load: {}", chain(error));
        return IoErrorKind::System(io::Error::other(what)).into();
    };
    let mut what = said.table().map(|table| format!("table {table:?}: ")).unwrap_or_default();
    what.push_str(said.message());
    let more = [said.detail(), said.where_()].into_iter().flatten();
    more.for_each(|more| what.extend(["; ", more]));
    IoError::refused(what)
}

fn chain(error: &Error) -> String {
    let mut what = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        what.push_str(&format!(": {cause}"));
        source = cause.source();
    }
    what
}
