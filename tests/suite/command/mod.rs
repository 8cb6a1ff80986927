//! The command line: exit codes, stdout, stderr, files.

mod documents;
mod formats;
mod generate;
mod inform;
mod plot;
mod refusals;
mod report;
mod runs;
mod same_bytes;
mod spoilt;
mod tables;
mod tables_mutations;
mod tables_safe;
mod tables_stay;
mod validate;
mod verify;

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use mts_hash::Value;
use tempfile::TempDir;

/// A folder of its own, and the command running in it.
pub struct Place {
    folder: TempDir,
}

/// What a run left behind.
pub struct Ran {
    pub code: Option<i32>,
    pub stdout: String,
    pub stderr: String,
}

impl Place {
    pub fn new() -> Self {
        Place { folder: tempfile::tempdir().unwrap() }
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub fn write(&self, name: &str, text: &str) -> &Self {
        let path = self.path(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
        self
    }

    pub fn run(&self, args: &[&str]) -> Ran {
        self.run_with_input(args, "")
    }

    pub fn run_with_input(&self, args: &[&str], input: &str) -> Ran {
        let mut child = self
            .command(args)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let _ = child.stdin.take().unwrap().write_all(input.as_bytes());
        let output = child.wait_with_output().unwrap();
        let text = |bytes| String::from_utf8(bytes).unwrap();
        Ran { code: output.status.code(), stdout: text(output.stdout), stderr: text(output.stderr) }
    }

    pub fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_mts-suite"));
        command.args(args).current_dir(self.folder.path());
        command
    }

    /// All files below `name`, with `/`, in order; without the records of runs: manifests and catalogues.
    pub fn files(&self, name: &str) -> Vec<String> {
        let mut files = Vec::new();
        collect(&self.path(name), &self.path(name), &mut files);
        files.retain(|file| file != "catalog.parquet" && !file.starts_with("manifest."));
        files.sort();
        files
    }
}

fn collect(root: &Path, folder: &Path, files: &mut Vec<String>) {
    for entry in std::fs::read_dir(folder).into_iter().flatten() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            collect(root, &path, files);
        } else {
            files.push(path.strip_prefix(root).unwrap().to_str().unwrap().to_owned());
        }
    }
}

impl Ran {
    /// Fails with everything that was printed unless the exit code is `code`.
    #[track_caller]
    pub fn expect(self, code: i32) -> Self {
        assert_eq!(self.code, Some(code), "stdout:\n{}\nstderr:\n{}", self.stdout, self.stderr);
        self
    }

    #[track_caller]
    pub fn says(self, words: &str) -> Self {
        assert!(self.stderr.contains(words), "{words:?} is not in stderr:\n{}", self.stderr);
        self
    }

    pub fn json(&self) -> Value {
        mts_hash::parse(self.stdout.trim()).unwrap()
    }
}

pub const SMALL: &str = "seed: 42\nconfigs:\n  - {model: gbm, M: 2, T: 30, mu: [0.0, 0.05], sigma: 0.2, n_realizations: 2}\n  - {model: kuramoto, M: 3, T: 20}\n";
