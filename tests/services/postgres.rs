//! Tables on a PostgreSQL server.

use std::net::TcpListener;
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};

use arrow_array::cast::AsArray as _;
use arrow_array::{Float64Array, RecordBatch};
use mts_core::{ColumnType, Relation};
use mts_tests::golden::Golden as _;

use mts_io::{IoError, PostgresPlace, PostgresSink, Written, check_postgres, holds_postgres, read_postgres};

use crate::relational::{
    batch, cells, column, every_value, everything, family, family_rows, integers, relation, texts,
};

/// A cluster of a test's own.
struct Postgres {
    child: Child,
    folder: tempfile::TempDir,
    programs: PathBuf,
    port: u16,
}

fn printed(command: &mut Command) -> String {
    let output = command.stderr(Stdio::inherit()).output().unwrap();
    assert!(output.status.success(), "{command:?}: {}", output.status);
    String::from_utf8(output.stdout).unwrap().trim().to_owned()
}

impl Postgres {
    fn start() -> Self {
        let install = format!("{}/services/install", env!("CARGO_MANIFEST_DIR"));
        let programs = PathBuf::from(printed(&mut Command::new(install)));
        // It refuses to be root.
        let number = |of: &[&str]| printed(Command::new("id").args(of)).parse::<u32>().unwrap();
        let user = (number(&["-u"]) == 0).then(|| number(&["-u", "postgres"]));
        let folder = tempfile::tempdir().unwrap();
        if user.is_some() {
            printed(Command::new("chown").arg("postgres").arg(folder.path()));
        }
        let data = folder.path().join("data");
        let run = |name: &str| {
            let mut command = Command::new(programs.join(name));
            command
                .current_dir(folder.path())
                .stdin(Stdio::null())
                .stdout(Stdio::null())
                .stderr(Stdio::null());
            if let Some(user) = user {
                command.uid(user);
            }
            command
        };
        let mut init = run("initdb");
        init.args([
            "--auth=trust",
            "--username=postgres",
            "--encoding=UTF8",
            "--locale=C",
            "--no-sync",
            "-D",
        ]);
        assert!(init.arg(&data).status().unwrap().success(), "{init:?}");
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let mut server = run("postgres");
        server.arg("-D").arg(&data).args(["-p", &port.to_string(), "-c", "listen_addresses=127.0.0.1", "-k"]);
        let child = server.arg(folder.path()).args(["-c", "fsync=off"]).spawn().unwrap();
        let server = Postgres { child, folder, programs, port };
        let begun = Instant::now();
        while !server.psql("SELECT 1").status().unwrap().success() {
            assert!(begun.elapsed() < Duration::from_secs(60), "the server does not answer");
            std::thread::sleep(Duration::from_millis(50));
        }
        server
    }

    fn psql(&self, sql: &str) -> Command {
        let mut command = Command::new(self.programs.join("psql"));
        command.args([
            "-h",
            "127.0.0.1",
            "-p",
            &self.port.to_string(),
            "-U",
            "postgres",
            "-X",
            "-A",
            "-t",
            "-c",
            sql,
        ]);
        command.current_dir(self.folder.path()).stdout(Stdio::null()).stderr(Stdio::null());
        command
    }

    /// What another client is told.
    fn ask(&self, sql: &str) -> String {
        printed(self.psql(sql).stdout(Stdio::piped()))
    }

    fn url(&self) -> String {
        format!("postgres://postgres@127.0.0.1:{}/postgres", self.port)
    }

    fn signal(&self, signal: &str, process: u32) {
        printed(Command::new("kill").args([signal, &process.to_string()]));
    }

    /// The tables that anybody sees.
    fn tables(&self) -> String {
        self.ask("SELECT coalesce(string_agg(relname, ',' ORDER BY relname), '') FROM pg_stat_user_tables")
    }
}

impl Drop for Postgres {
    fn drop(&mut self) {
        // Fast shutdown: it ends its own processes.
        let _ = Command::new("kill").args(["-INT", &self.child.id().to_string()]).status();
        let _ = self.child.wait();
    }
}

fn begin(
    at: &PostgresPlace,
    relations: &[Relation],
    overwrite: bool,
) -> Result<Option<Box<PostgresSink>>, IoError> {
    Ok(match PostgresSink::create(at, relations, "00c0ffee", overwrite)? {
        Written::Present => None,
        Written::Begun(sink) => Some(sink),
    })
}

fn write(at: &PostgresPlace, relations: &[Relation], rows: &[Vec<RecordBatch>]) -> Result<(), IoError> {
    let mut sink = begin(at, relations, false)?.expect("they are not there");
    for (table, batches) in rows.iter().enumerate() {
        batches.iter().try_for_each(|batch| sink.append(table, batch))?;
    }
    sink.finish()
}

fn read(at: &PostgresPlace, relation: &Relation) -> Result<Vec<RecordBatch>, IoError> {
    read_postgres(at, relation, &[])?.collect()
}

#[track_caller]
fn says(outcome: Result<impl Sized, IoError>, expected: &str) {
    let error = outcome.map(drop).unwrap_err().to_string();
    assert!(error.starts_with("postgres://127.0.0.1:") && error.contains(expected), "{error}");
}

fn many(rows: std::ops::Range<i64>) -> RecordBatch {
    let codes: Vec<String> = rows.clone().map(|row| format!("code {row}")).collect();
    batch(vec![
        integers(rows.clone()),
        texts(codes.iter().map(String::as_str)),
        texts(rows.map(|_| None::<&str>)),
    ])
}

#[test]
fn every_type_comes_back_and_others_read_it() {
    let server = Postgres::start();
    let url = server.url();
    // A schema whose name needs quotes is made.
    for schema in [None, Some("a \"schema\"")] {
        let at = PostgresPlace { url: &url, schema };
        let (relation, rows) = (everything(), every_value("a 'quoted' \\ \u{10ffff}"));
        let relations = std::slice::from_ref(&relation);
        write(&at, relations, &[vec![rows.clone()]]).unwrap();
        assert_eq!(check_postgres(&at, relations, "00c0ffee").unwrap(), [""; 0]);
        assert_eq!(cells(&read(&at, &relation).unwrap()), cells(&[rows]));
    }
    let line = server.ask(r#"SELECT "a""b", short, long, text, day, instant AT TIME ZONE 'UTC', nested->'tags'->>0, nested->>'price' FROM "order" LIMIT 1"#);
    assert_eq!(
        line,
        "-9223372036854775808|9999999999999.99|9999999999999999999999999999.9999999999|007|0001-01-01|\
         1969-12-31 23:59:59.999999|a|9999999999999999999999999999999999.9999"
    );
    assert_eq!(server.ask(r#"SELECT count(*) FROM "order" WHERE "naïve 🦀" = 'infinity'"#), "1");
    // NaN and zeros of both signs are numbers here; many rows are more than one batch, in their order.
    let at = PostgresPlace { url: &url, schema: None };
    let floats = relation("floats", vec![column("x", ColumnType::Float)]);
    let rows = batch(vec![Arc::new(Float64Array::from(vec![f64::NAN, -0.0, 0.0, f64::NEG_INFINITY]))]);
    write(&at, std::slice::from_ref(&floats), &[vec![rows.clone()]]).unwrap();
    assert_eq!(cells(&read(&at, &floats).unwrap()), cells(&[rows]));
    let large = Relation { foreign_keys: Vec::new(), name: "large".into(), ..family().remove(0) };
    write(&at, std::slice::from_ref(&large), &[vec![many(0..70_000), many(70_000..100_000)]]).unwrap();
    let back = read(&at, &large).unwrap();
    assert!(back.len() > 1 && cells(&back) == cells(&[many(0..100_000)]));
    // Where the server keeps a row is up to it: a row that is written again comes last. Text sorts by its bytes.
    server.ask("UPDATE large SET code = code WHERE id = 7; UPDATE large SET code = 'Z' WHERE id = 8");
    let read = |order: &[usize]| -> Vec<RecordBatch> {
        read_postgres(&at, &large, order).unwrap().collect::<Result<_, _>>().unwrap()
    };
    assert!(cells(&read(&[])) != cells(&back));
    server.ask("UPDATE large SET code = 'code 8' WHERE id = 8");
    assert_eq!(cells(&read(&[0])), cells(&back));
    server.ask("UPDATE large SET code = 'Z' WHERE id = 8");
    assert_eq!(read(&[1, 0])[0].slice(0, 1).column(1).as_string::<i32>().value(0), "Z");
}

#[test]
fn keys_hold_and_present_data_are_recognised() {
    let server = Postgres::start();
    let url = server.url();
    let at = PostgresPlace { url: &url, schema: None };
    let (relations, rows) = (family(), family_rows());
    write(&at, &relations, &rows).unwrap();
    assert_eq!(check_postgres(&at, &relations, "00c0ffee").unwrap(), [""; 0]);
    for (relation, rows) in relations.iter().zip(&rows) {
        assert_eq!(cells(&read(&at, relation).unwrap()), cells(rows));
    }
    let foreign = server.ask("SELECT count(*) FROM pg_constraint WHERE contype = 'f'");
    let indexes = server
        .ask("SELECT string_agg(relname, ',' ORDER BY relname) FROM pg_class WHERE relname LIKE 'idx%'");
    assert_eq!(
        (foreign.as_str(), indexes.as_str()),
        ("4", "idx_customer_code_favourite,idx_customer_favourite,idx_customer_favourite_2")
    );

    // The same data are there; others are refused by name, and replace them where that is wanted.
    assert!(begin(&at, &relations, false).unwrap().is_none());
    let held = |data_id| holds_postgres(&at, &relations, data_id).unwrap();
    assert!(held("00c0ffee") && !held("0ther"));
    // What they say they hold may have been changed.
    assert!(begin(&at, &relations, true).unwrap().is_some());
    let other = |overwrite| PostgresSink::create(&at, &relations, "0ther", overwrite);
    says(
        other(false),
        r#"these tables are there, and would hold data 0ther: "customer" (data 00c0ffee), "order" (data"#,
    );
    server.ask("CREATE TABLE theirs (x int); CREATE VIEW v AS SELECT * FROM theirs");
    let theirs = [relation("theirs", vec![column("x", ColumnType::Integer)])];
    says(begin(&at, &theirs, false), r#""theirs" (not ours)"#);
    says(begin(&at, &theirs, true), "cannot drop table theirs because other objects depend on it");
    says(begin(&at, &[relation("v", theirs[0].columns.clone())], true), "\"v\" is not a table");
    let Written::Begun(sink) = other(true).unwrap() else { panic!("these are other data") };
    // What is not finished replaces nothing.
    drop(sink);
    assert_eq!(check_postgres(&at, &relations, "00c0ffee").unwrap(), [""; 0]);
    let Written::Begun(sink) = other(true).unwrap() else { panic!("these are other data") };
    sink.finish().unwrap();
    assert!(read(&at, &relations[0]).unwrap().is_empty());
    let said = check_postgres(&at, &relations, "00c0ffee").unwrap();
    assert_eq!(said[0], r#"table "customer" holds the data 0ther, expected 00c0ffee"#);

    // What was changed is found.
    server.ask(r#"ALTER TABLE customer DROP CONSTRAINT customer_code_key; DROP INDEX idx_customer_favourite; ALTER TABLE "order" ALTER code TYPE varchar(3)"#);
    server
        .ask("COMMENT ON TABLE customer IS 'mine'; ALTER TABLE \"order\" DROP CONSTRAINT order_pkey")
        .clone_into(&mut String::new());
    let said = check_postgres(&at, &relations, "0ther").unwrap().join("\n");
    for expected in [
        r#"table "customer" has no comment that says"#,
        r#"table "customer": there is no index "idx_customer_favourite" on ["favourite"]"#,
        r#"table "customer": there is no rule that ["code"] is unique"#,
        r#"table "order": expected the column "code" text not null, found "code" character varying(3) not null"#,
    ] {
        assert!(said.contains(expected), "{said}");
    }
    says(read(&at, &relations[2]), "expected the column");
    says(read(&at, &relation("none", relations[0].columns.clone())), "there is no table \"none\"");
}

#[test]
fn what_breaks_a_rule_is_rolled_back() {
    let server = Postgres::start();
    let url = server.url();
    let at = PostgresPlace { url: &url, schema: None };
    let (relations, good) = (family(), family_rows());
    let with = |table: usize, rows: RecordBatch, expected: &str| {
        let mut all = good.clone();
        all[table].push(rows);
        says(write(&at, &relations, &all), expected);
        assert_eq!(server.tables(), "");
    };
    let customer = |id: i64, code: &'static str, favourite: Option<&'static str>| {
        batch(vec![integers([id]), texts([code]), texts([favourite])])
    };
    with(
        0,
        customer(1, "new", None),
        "table \"customer\": could not create unique index \"customer_pkey\"; Key (id)=(1) is duplicated.",
    );
    with(0, customer(9, "x", None), "Key (code)=(x) is duplicated.");
    with(
        0,
        customer(9, "new", Some("r")),
        r#"table "customer": insert or update on table "customer" violates foreign key"#,
    );
    with(
        0,
        customer(9, "a\0b", None),
        r#"table "customer", column "code", row 3: PostgreSQL takes no NUL in text"#,
    );
    with(2, batch(vec![integers([None]), texts(["x"]), integers([5])]), "row 3: a value is missing");
    let nested = relation("n", vec![column("list", ColumnType::List(Box::new(ColumnType::Text)))]);
    let mut list = arrow_array::builder::ListBuilder::new(arrow_array::builder::StringBuilder::new());
    list.append_value([Some("\\u0000")]);
    list.append_value([Some("\0")]);
    let rows = batch(vec![Arc::new(list.finish())]);
    says(write(&at, &[nested], &[vec![rows]]), r#"table "n", column "list", row 1: PostgreSQL takes no NUL"#);

    let long = relation(&"x".repeat(64), vec![column("x", ColumnType::Integer)]);
    let error = begin(&at, &[long], false).map(drop).unwrap_err().to_string();
    assert!(error.contains("has 64 bytes, and PostgreSQL takes 1 to 63"), "{error}");
}

#[test]
fn a_server_that_goes_away_is_an_error_and_keeps_nothing() {
    let server = Postgres::start();
    let url = server.url();
    let at = PostgresPlace { url: &url, schema: None };
    let relations = [Relation { foreign_keys: Vec::new(), ..family().remove(0) }];
    // The process of the connection is ended while rows come.
    let mut sink = begin(&at, &relations, false).unwrap().unwrap();
    sink.append(0, &many(0..50_000)).unwrap();
    server.ask("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()");
    let begun = Instant::now();
    let mut parts = (1..200).map(|part| sink.append(0, &many(part * 50_000..(part + 1) * 50_000)));
    let error = parts.find_map(Result::err).unwrap();
    says(Err::<(), _>(error), "");
    assert!(begun.elapsed() < Duration::from_secs(60));
    says(sink.append(0, &many(0..1)), "rows before these were refused");
    says(sink.finish(), "some rows were refused");
    assert_eq!(server.tables(), "");

    // The whole server is killed.
    let mut sink = begin(&at, &relations, false).unwrap().unwrap();
    sink.append(0, &many(0..50_000)).unwrap();
    server.signal("-QUIT", server.child.id());
    let mut parts = (1..200).map(|part| sink.append(0, &many(part * 50_000..(part + 1) * 50_000)));
    let error = parts.find_map(Result::err).unwrap();
    says(Err::<(), _>(error), "");
    drop(server);
    says(begin(&at, &relations, false), "the server does not answer");
}

#[test]
fn addresses_that_cannot_be_are_refused() {
    let refused = |url: &str| {
        let at = PostgresPlace { url, schema: None };
        begin(&at, &family(), false).map(drop).unwrap_err().to_string()
    };
    let required = refused("postgres://me:secret@host:1/db?sslmode=require");
    assert!(
        required.starts_with("postgres://host:1/db: sslmode=require asks for an encrypted connection"),
        "{required}"
    );
    for (url, expected) in [
        ("postgres://me:secret@host:port/db", "invalid"),
        ("me:secret", "cannot be read"),
        ("user=me password=secret", "names no host"),
        ("postgres://me:secret@127.0.0.1:1/db", "the server does not answer"),
        ("postgres://me:secret@host/db?sslmode=verify-full", "sslmode"),
    ] {
        let said = refused(url);
        assert!(said.contains(expected) && !said.contains("secret"), "{said}");
    }
    assert!(!Path::new("postgres:").exists());
}

/// A server, and the command in a folder of its own.
struct Shell {
    server: Postgres,
    folder: tempfile::TempDir,
}

const CONFIGS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../configs/tables");

impl Shell {
    fn new() -> Self {
        Shell { server: Postgres::start(), folder: tempfile::tempdir().unwrap() }
    }

    #[track_caller]
    fn run(&self, args: &[&str], code: i32) -> String {
        let mut command = Command::new(env!("CARGO_BIN_EXE_mts-suite"));
        let output = command.args(args).current_dir(self.folder.path()).output().unwrap();
        let said =
            String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(code), "{args:?}\n{said}");
        said
    }

    /// Runs a verb on a document whose tables go to the server and nowhere else.
    #[track_caller]
    fn on(&self, verb: &str, document: &str, more: &[&str], code: i32) -> String {
        let url = self.server.url();
        let args = [verb, document, "--out", "out", "--format", "postgres", "--url", &url];
        self.run(&[&args[..], more].concat(), code)
    }
}

#[test]
fn a_document_goes_to_a_server_and_is_validated_there() {
    let shell = Shell::new();
    let (server, url) = (&shell.server, shell.server.url());
    for name in ["retail.yaml", "hr.yaml", "web_events.json"] {
        let document = format!("{CONFIGS}/{name}");
        let out = name.split('.').next().unwrap();
        let to = ["--out", out, "--format", "postgres,csv", "--url", &url];
        let args = |verb: &'static str| [&[verb, document.as_str()][..], &to].concat();
        assert!(shell.run(&args("generate"), 0).contains("1 written"));
        // What is there is found there, and left alone.
        assert!(shell.run(&args("generate"), 0).contains("there already"));
        shell.run(&args("validate"), 0);
        shell.run(&[&args("generate")[..], &["--seed", "1"]].concat(), 2);
    }
    assert_eq!(server.ask("SELECT count(*) FROM lines JOIN baskets USING (basket_id)"), "30000");
    let document = format!("{CONFIGS}/retail.yaml");
    let nobody = [
        "generate",
        &document,
        "--out",
        "other",
        "--format",
        "postgres",
        "--url",
        "postgres://me@127.0.0.1:1/db",
    ];
    assert!(shell.run(&nobody, 3).contains("the server does not answer"));
    assert!(!shell.folder.path().join("other/harbour_shop.metadata.json").exists());
}

#[test]
fn rows_on_a_server_are_compared_wherever_it_keeps_them() {
    let shell = Shell::new();
    let document = format!("{CONFIGS}/retail.yaml");
    shell.on("generate", &document, &[], 0);
    // A row that is written again moves. Keys count the rows of the first table, not of the second; the last one has
    // none, for some of its rows are there twice.
    shell.server.ask(
        "UPDATE shoppers SET birth_year = birth_year WHERE shopper_id % 7 = 3;
         UPDATE articles SET sku = sku WHERE list_price > 20;
         UPDATE returns SET reason = reason WHERE return_id % 2 = 0",
    );
    shell.on("validate", &document, &[], 0);
    let finds = |sql: &str, expected: &[&str]| {
        let keeps = ["shoppers", "articles", "baskets", "lines", "returns"];
        let (mut copy, mut back) = (String::new(), String::new());
        for table in keeps {
            copy += &format!("CREATE TABLE kept_{table} AS TABLE {table};");
            back += &format!(
                "DELETE FROM {table}; INSERT INTO {table} SELECT * FROM kept_{table}; DROP TABLE kept_{table};"
            );
        }
        let off = "SET session_replication_role = replica;";
        shell.server.ask(&format!("{copy}{off}{sql}"));
        let said = shell.on("validate", &document, &[], 1);
        for expected in expected {
            assert!(said.contains(expected), "{sql}: {expected}\n{said}");
        }
        shell.server.ask(&format!("{off}{back}"));
        shell.on("validate", &document, &[], 0);
    };
    // The cell is named, and so is the rule of the schema that it breaks.
    finds(
        "UPDATE shoppers SET birth_year = 1900 WHERE shopper_id = 1004",
        &[
            "postgres: shoppers, row 3, column birth_year: 1900, expected",
            "row 3, column birth_year: 1900 is less than 1938 (min)",
        ],
    );
    finds(
        "UPDATE articles SET sku = 'x' WHERE sku = 'HB-000002'",
        &["articles, row 1, column sku: x, expected HB-000002", "does not match (pattern)"],
    );
    finds(
        "UPDATE shoppers SET shopper_id = -5 WHERE shopper_id = 1001",
        &[
            "shoppers: no row is expected whose key is shopper_id -5",
            "shoppers: 1 of 3200 expected keys are not there",
            "baskets, row",
            "(foreign_key)",
        ],
    );
    finds(
        "DELETE FROM baskets WHERE basket_id = 8",
        &["baskets: 11499 rows, expected 11500", "(foreign_key)"],
    );
    finds(
        "INSERT INTO baskets SELECT 20000, shopper_id, joined_on, bought_on, channel, voucher FROM baskets, \
         generate_series(1, 1) WHERE basket_id = 8",
        &["no row is expected whose key is basket_id 20000", "(min_children)"],
    );
    finds(
        "UPDATE returns SET reason = 'bored' WHERE return_id = 500007",
        &["returns: 1 of 1407 rows are not as expected", "(allowed_values)"],
    );
    finds(
        "UPDATE shoppers SET newsletter = true",
        &["column newsletter: values have another law", "more differences"],
    );
    // The report has the rules, as it has those of files.
    shell.on("validate", &document, &[], 0);
    let report = std::fs::read_to_string(shell.folder.path().join("out/validation_report.json")).unwrap();
    let report = mts_hash::parse(report.trim()).unwrap();
    let checks = report.at("datasets").items()[0].at("checks").items().to_vec();
    let served = checks.iter().filter(|check| check.at("file") == &"postgres".into());
    assert!(served.count() > 50 && checks.iter().all(|check| check.at("ok") == &true.into()));
}

#[test]
fn tables_that_were_changed_are_loaded_again_where_that_is_wanted() {
    let shell = Shell::new();
    let document = format!("{CONFIGS}/hr.yaml");
    shell.on("generate", &document, &[], 0);
    let table = shell.server.ask("SELECT relname FROM pg_stat_user_tables ORDER BY n_live_tup DESC LIMIT 1");
    let rows = || shell.server.ask(&format!("SELECT count(*) FROM {table}"));
    let before = rows();
    shell.server.ask(&format!("SET session_replication_role = replica; DELETE FROM {table}"));
    assert!(shell.on("generate", &document, &[], 0).contains("the dataset is there already"));
    shell.on("validate", &document, &[], 1);
    assert!(shell.on("generate", &document, &["--overwrite"], 0).contains("1 written"));
    assert_eq!(rows(), before);
    shell.on("validate", &document, &[], 0);
    // The sidecar knows nothing of what is on the server, and says so.
    assert!(shell.run(&["verify", "out"], 2).contains("nothing was compared: no file here holds its tables"));
    let verify = ["verify", "out", "--url", &shell.server.url()];
    assert!(shell.run(&verify, 0).contains("1 dataset: every value as its recipe gives it"));
    shell.server.ask(&format!("SET session_replication_role = replica; DELETE FROM {table}"));
    assert!(shell.run(&verify, 1).contains(&format!("{table}: 0 rows, expected {before}")));
}
