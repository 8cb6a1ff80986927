//! A server that no one here wrote, and tests in processes of their own, as it is named by the environment.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;

const SCRIPTS: &str = env!("CARGO_MANIFEST_DIR");

/// Set for a process that is to do what a test says.
const ENDPOINT: &str = "AWS_ENDPOINT_URL";
const PROCESS: &str = "MTS_TEST_SERVER";

/// moto, which ends with the process that started it.
pub struct Moto {
    child: Child,
    port: u16,
}

impl Moto {
    /// One for all tests that do not harm it.
    pub fn shared() -> &'static Moto {
        static SERVER: OnceLock<Moto> = OnceLock::new();
        SERVER.get_or_init(|| Moto::start(&[]))
    }

    pub fn start(environment: &[(&str, &str)]) -> Self {
        let mut command = Command::new(python());
        command.arg(format!("{SCRIPTS}/services/server.py")).envs(environment.iter().copied());
        command.env("PYTHONDONTWRITEBYTECODE", "1");
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
        let mut child = command.spawn().unwrap();
        let mut port = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut port).unwrap();
        Moto { child, port: port.trim().parse().unwrap() }
    }

    pub fn server(&self) -> Server {
        Server { port: self.port, process: self.child.id() }
    }
}

impl Drop for Moto {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn python() -> PathBuf {
    static PYTHON: OnceLock<PathBuf> = OnceLock::new();
    let install = || {
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("services");
        let mut command = Command::new(format!("{SCRIPTS}/readers/install"));
        let status =
            command.arg(&folder).arg(format!("{SCRIPTS}/services/requirements.txt")).status().unwrap();
        assert!(status.success(), "the server could not be installed: {status}");
        folder.join("bin/python")
    };
    PYTHON.get_or_init(install).clone()
}

/// Where a server listens.
#[derive(Clone, Copy)]
pub struct Server {
    pub port: u16,
    pub process: u32,
}

impl Server {
    /// Asks as somebody, whom nobody checks; returns the status and what was sent.
    fn http(self, method: &str, target: &str, content: &[u8]) -> (u16, Vec<u8>) {
        self.http_with(method, target, content, "")
    }

    /// With further lines of the head.
    fn http_with(self, method: &str, target: &str, content: &[u8], lines: &str) -> (u16, Vec<u8>) {
        let mut stream = TcpStream::connect(("127.0.0.1", self.port)).unwrap();
        let (port, bytes) = (self.port, content.len());
        let request = format!(
            "{method} {target} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nContent-Length: {bytes}\r\nConnection: close\r\n{lines}Authorization: AWS4-HMAC-SHA256 Credential=test/20250101/us-east-1/s3/aws4_request, SignedHeaders=host, Signature=0\r\n\r\n"
        );
        stream.write_all(request.as_bytes()).unwrap();
        stream.write_all(content).unwrap();
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).unwrap();
        let end = answer.windows(4).position(|window| window == b"\r\n\r\n").unwrap();
        let head = String::from_utf8_lossy(&answer[..end]).into_owned();
        (head.split(' ').nth(1).unwrap().parse().unwrap(), answer[end + 4..].to_vec())
    }

    fn ask(self, target: &str) -> String {
        String::from_utf8(self.http("GET", target, &[]).1).unwrap()
    }

    pub fn put(self, bucket: &str, key: &str, content: &[u8]) {
        assert_eq!(self.http("PUT", &format!("/{bucket}/{key}"), content).0, 200);
    }

    /// An object that is listed, and that nobody may read before it is restored.
    pub fn put_archived(self, bucket: &str, key: &str) {
        let class = "x-amz-storage-class: GLACIER\r\n";
        assert_eq!(self.http_with("PUT", &format!("/{bucket}/{key}"), b"{}\n", class).0, 200);
    }

    pub fn make_bucket(self, name: &str) {
        assert_eq!(self.http("PUT", &format!("/{name}"), &[]).0, 200);
    }

    /// What is seen in a bucket.
    pub fn keys(self, bucket: &str) -> Vec<String> {
        elements(&self.ask(&format!("/{bucket}?list-type=2")), "Key")
    }

    /// Uploads that are neither complete nor given up.
    pub fn uploads(self, bucket: &str) -> Vec<String> {
        elements(&self.ask(&format!("/{bucket}?uploads")), "UploadId")
    }

    /// Ends the server, which this test alone uses.
    pub fn kill(self) {
        assert!(Command::new("kill").arg("-9").arg(self.process.to_string()).status().unwrap().success());
        while TcpStream::connect(("127.0.0.1", self.port)).is_ok() {
            std::thread::sleep(std::time::Duration::from_millis(10));
        }
    }
}

fn elements(text: &str, name: &str) -> Vec<String> {
    let (open, close) = (format!("<{name}>"), format!("</{name}>"));
    text.split(&open).skip(1).map(|rest| rest.split(&close).next().unwrap().to_owned()).collect()
}

/// What a program is told of a server.
pub fn environment(server: Server) -> [(&'static str, String); 5] {
    [
        (ENDPOINT, format!("http://127.0.0.1:{}", server.port)),
        ("AWS_ALLOW_HTTP", "true".to_owned()),
        ("AWS_ACCESS_KEY_ID", "test".to_owned()),
        ("AWS_SECRET_ACCESS_KEY", "test".to_owned()),
        ("AWS_REGION", "us-east-1".to_owned()),
    ]
}

/// Does `work` in a process of its own that is told of a server: the test `name` again, in which this calls
/// `work`. `server` is asked for here only.
pub fn apart(name: &str, server: impl FnOnce() -> Server, work: impl FnOnce(Server)) {
    if let Ok(process) = std::env::var(PROCESS) {
        let (_, port) = std::env::var(ENDPOINT)
            .unwrap()
            .rsplit_once(':')
            .map(|(a, b)| (a.to_owned(), b.to_owned()))
            .unwrap();
        return work(Server { port: port.parse().unwrap(), process: process.parse().unwrap() });
    }
    let server = server();
    let mut command = Command::new(std::env::current_exe().unwrap());
    command.args([name, "--exact", "--nocapture"]);
    command.envs(environment(server)).env(PROCESS, server.process.to_string());
    let ran = command.output().unwrap();
    let told = String::from_utf8_lossy(&ran.stdout);
    assert!(ran.status.success(), "{told}{}", String::from_utf8_lossy(&ran.stderr));
    assert!(told.contains("1 passed"), "no test is called {name}");
}
