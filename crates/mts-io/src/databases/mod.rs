//! Tables in databases: SQLite files, PostgreSQL servers.

mod build;
mod cells;
mod dates;
mod json;
mod numbers;
#[cfg(feature = "postgres")]
mod postgres;
mod relations;
mod sqlite;

#[cfg(feature = "postgres")]
pub use postgres::{
    PostgresPlace, PostgresRows, PostgresSink, Written, check_postgres, holds_postgres, read_postgres,
};
pub use sqlite::{SqliteRows, SqliteSink, check_sqlite, read_sqlite};
