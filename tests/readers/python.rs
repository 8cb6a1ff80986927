//! Python with the readers, installed once.

use std::path::{Path, PathBuf};
use std::process::{ChildStdout, Command, Stdio};
use std::sync::OnceLock;

use mts_hash::Value;

const SCRIPTS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/readers");

/// A virtual environment in the build's folder.
#[derive(Clone)]
pub struct Python(PathBuf);

impl Python {
    pub fn installed() -> Self {
        static FOLDER: OnceLock<Python> = OnceLock::new();
        let install = || {
            let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("readers");
            let status = Command::new(format!("{SCRIPTS}/install")).arg(&folder).status().unwrap();
            assert!(status.success(), "the readers could not be installed: {status}");
            Python(folder.join("bin/python"))
        };
        FOLDER.get_or_init(install).clone()
    }

    /// Runs a script and returns the JSON that it prints.
    pub fn json(&self, script: &str, args: &[&str], folder: &Path, input: Option<ChildStdout>) -> Value {
        let mut command = Command::new(&self.0);
        command.arg(format!("{SCRIPTS}/{script}")).args(args).current_dir(folder);
        command.env("PYTHONDONTWRITEBYTECODE", "1");
        command.stdin(input.map_or_else(Stdio::null, Stdio::from));
        let ran = command.output().unwrap();
        assert!(ran.status.success(), "{script}: {}", String::from_utf8_lossy(&ran.stderr));
        mts_hash::parse(std::str::from_utf8(&ran.stdout).unwrap().trim()).unwrap()
    }
}
