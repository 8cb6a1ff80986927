//! Tables in PostgreSQL.

mod check;
mod ddl;
mod decode;
mod encode;
mod read;
mod server;
mod sink;

pub use check::check_postgres;
pub use read::{PostgresRows, read_postgres};
pub use sink::{PostgresSink, Written, holds_postgres};

/// Where tables are on a server.
#[derive(Clone, Copy)]
pub struct PostgresPlace<'a> {
    /// `postgres://user:password@host:port/database`, or `key=value` as libpq takes them. Where it has no
    /// password, that is the variable `PGPASSWORD`.
    pub url: &'a str,
    /// The schema; the one that the server takes first where none is given. It is made where it is missing.
    pub schema: Option<&'a str>,
}

/// Microseconds and days from 1970 to 2000, from which PostgreSQL counts.
const DAYS: i32 = 10_957;
const MICROSECONDS: i64 = DAYS as i64 * 86_400_000_000;

/// What a stream of COPY begins with: a signature, no flags, no extension.
const HEADER: &[u8; 19] = b"PGCOPY\n\xff\r\n\0\0\0\0\0\0\0\0\0";
