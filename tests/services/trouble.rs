//! Object stores that do not do what they should.

use std::io::{BufRead as _, BufReader, Write as _};
use std::net::TcpListener;
use std::path::Path;
use std::time::{Duration, Instant};

use mts_io::{IoErrorKind, Store, exists, is_file, list, open, read_bytes, stored_bytes};

use crate::server::{Moto, Server, apart};

#[test]
fn impossible_places_are_named() {
    apart(
        "trouble::impossible_places_are_named",
        || Moto::shared().server(),
        |server| {
            server.make_bucket("there");
            let store = Store::<()>::new();
            let create = |path: &str| store.create(Path::new(path)).unwrap_err().to_string();
            let none = "s3://nowhere/x: there is no bucket \"nowhere\": create it, or name another";
            assert_eq!(create("s3://nowhere/x"), none);
            assert_eq!(is_file(Path::new("s3://nowhere/x")).unwrap_err().to_string(), none);
            assert_eq!(
                open(Path::new("s3://nowhere/x.csv")).map(drop).unwrap_err().to_string(),
                "s3://nowhere/x.csv: there is no bucket \"nowhere\": create it, or name another"
            );
            assert!(
                exists(Path::new("s3://nowhere")).unwrap_err().to_string().contains("there is no bucket")
            );
            assert!(
                list(Path::new("s3://nowhere/x")).unwrap_err().to_string().contains("there is no bucket")
            );
            assert_eq!(create("s3://"), "s3://: expected s3://bucket/name");
            assert!(create("s3://there").contains("this is a bucket, and a file needs a name in it"));
            assert!(create("s3://there/a/../b").contains("write the place out"));
            assert!(
                create(&format!("s3://there/{}", "x".repeat(1025)))
                    .contains("has 1025 bytes, and object stores allow 1024")
            );
            let missing = stored_bytes(Path::new("s3://there/none")).unwrap_err();
            assert!(matches!(missing.kind(), IoErrorKind::NotFound), "{missing}");
            assert!(server.keys("there").is_empty());
        },
    );
}

#[test]
fn wrong_credentials_are_denied() {
    // The bucket is made before anybody has to say who he is.
    let moto = std::cell::OnceCell::new();
    let start = || {
        let server = moto.get_or_init(|| Moto::start(&[("INITIAL_NO_AUTH_ACTION_COUNT", "1")])).server();
        server.make_bucket("closed");
        server
    };
    apart("trouble::wrong_credentials_are_denied", start, |_| {
        let path = Path::new("s3://closed/x");
        for error in [
            Store::<()>::new().create(path).map(drop).unwrap_err(),
            list(Path::new("s3://closed")).map(drop).unwrap_err(),
            read_bytes(path, 1).map(drop).unwrap_err(),
        ] {
            assert!(matches!(error.kind(), IoErrorKind::Denied(_)), "{error}");
            assert!(error.to_string().starts_with("s3://closed"), "{error}");
        }
        let said = list(Path::new("s3://closed")).unwrap_err().to_string();
        assert!(said.contains("InvalidAccessKeyId"), "{said}");
    });
}

/// What a program may wait for a server that is gone.
const PATIENCE: Duration = Duration::from_secs(60);

#[test]
fn a_server_that_dies_is_an_error() {
    let moto = std::cell::OnceCell::new();
    let start = || moto.get_or_init(|| Moto::start(&[])).server();
    apart("trouble::a_server_that_dies_is_an_error", start, |server| {
        server.make_bucket("dies");
        let store = Store::<()>::new();
        let mut file = store.create(Path::new("s3://dies/x")).unwrap();
        let mut small = store.create(Path::new("s3://dies/y")).unwrap();
        small.write_all(b"small").unwrap();
        let chunk = vec![7; 1 << 20];
        (0..20).for_each(|_| file.write_all(&chunk).unwrap());
        server.kill();
        let begun = Instant::now();
        let error = (0..100).find_map(|_| file.write_all(&chunk).err()).unwrap();
        let error = mts_io::IoError::from(error).to_string();
        assert!(error.starts_with("s3://dies/x: the object store at http://127.0.0.1:"), "{error}");
        assert!(!error.contains('\n') && error.len() < 300, "{error}");
        drop(file);
        assert!(begun.elapsed() < PATIENCE, "{:?}", begun.elapsed());
        let begun = Instant::now();
        assert!(store.commit((), vec![small]).pop().unwrap().outcome.is_err());
        assert!(begun.elapsed() < PATIENCE, "{:?}", begun.elapsed());
        assert!(store.create(Path::new("s3://dies/z")).is_err());
    });
}

/// A server that announces more than it sends.
fn liar() -> Server {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            let mut lines = BufReader::new(stream.try_clone().unwrap()).lines().map_while(Result::ok);
            let first = lines.next().unwrap_or_default();
            lines.take_while(|line| !line.is_empty()).for_each(drop);
            let head =
                "Content-Length: 1000\r\nETag: \"a\"\r\nLast-Modified: Wed, 21 Oct 2015 07:28:00 GMT\r\n";
            let answer = if first.starts_with("HEAD") {
                format!("HTTP/1.1 200 OK\r\n{head}Connection: close\r\n\r\n")
            } else {
                let sent = "x".repeat(500);
                format!(
                    "HTTP/1.1 206 Partial Content\r\n{head}Content-Range: bytes 0-999/1000\r\nConnection: close\r\n\r\n{sent}"
                )
            };
            // A client that has seen enough may be gone.
            let _ = stream.write_all(answer.as_bytes());
        }
    });
    Server { port, process: 0 }
}

#[test]
fn truncated_answers_are_errors() {
    apart("trouble::truncated_answers_are_errors", liar, |_| {
        let begun = Instant::now();
        let error = read_bytes(Path::new("s3://liar/x"), u64::MAX).unwrap_err().to_string();
        assert!(error.starts_with("s3://liar/x: the object store"), "{error}");
        assert!(open(Path::new("s3://liar/x.csv")).is_err());
        assert!(begun.elapsed() < PATIENCE, "{:?}", begun.elapsed());
    });
}

#[test]
fn an_unreachable_endpoint_is_named() {
    apart(
        "trouble::an_unreachable_endpoint_is_named",
        || Server { port: 1, process: 0 },
        |server| {
            let error = is_file(Path::new("s3://x/y")).unwrap_err().to_string();
            assert!(error.contains(&format!("127.0.0.1:{}", server.port)), "{error}");
        },
    );
}
