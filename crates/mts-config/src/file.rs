//! Reading a file as text, with a clear word where that fails.

use std::fs::{self, File};
use std::io::{ErrorKind, Read};
use std::path::Path;

use crate::describe::names;
use crate::limits::too_much_text;
use crate::{Position, Problem, nearest};

/// The text of the file at `path`, which messages call `name`; at most `limit` bytes.
pub(crate) fn read_text(path: &Path, name: &str, limit: u64) -> Result<String, Problem> {
    let failed = |error: std::io::Error| match error.kind() {
        ErrorKind::NotFound => missing(path, name),
        _ => Problem::general(format!("{name}: cannot be read: {error}")),
    };
    let file = File::open(path).map_err(failed)?;
    if file.metadata().map_err(failed)?.is_dir() {
        return Err(Problem::general(format!("{name}: is a folder, not a document")));
    }
    let mut bytes = Vec::new();
    let read = file.take(limit.saturating_add(1)).read_to_end(&mut bytes);
    if read.map_err(failed)? as u64 > limit {
        return Err(Problem::general(format!("{name}: {}", too_much_text())));
    }
    let not_text = |what: &str, before: &[u8]| {
        let message = format!("not a text file: {what} at byte {}", before.len());
        let problem =
            Problem::at(&Position::behind(&String::from_utf8_lossy(before), name.into()), "", message);
        problem.with_hint("a document is YAML or JSON in UTF-8")
    };
    if let Some(offset) = bytes.iter().position(|&byte| byte == 0) {
        return Err(not_text("a NUL", &bytes[..offset]));
    }
    String::from_utf8(bytes).map_err(|error| {
        let offset = error.utf8_error().valid_up_to();
        not_text("a byte that is not UTF-8", &error.as_bytes()[..offset])
    })
}

/// The problem of a file that is not there, with the names there that are most like it.
pub(crate) fn missing(path: &Path, name: &str) -> Problem {
    let problem = Problem::general(format!("{name}: no such file"));
    let folder = match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    };
    let Ok(listing) = fs::read_dir(folder) else {
        return problem.with_hint(format!("there is no folder {} either", folder.display()));
    };
    let mut there: Vec<String> = listing
        .flatten()
        .filter(|entry| entry.path().is_file())
        .map(|entry| entry.file_name().to_string_lossy().into_owned())
        .filter(|file| !file.starts_with('.'))
        .collect();
    let wanted = path.file_name().unwrap_or_default().to_string_lossy();
    there.sort_by_cached_key(|file| {
        let meant = nearest(&wanted, [file.as_str()]).is_none();
        (meant, strsim::osa_distance(&wanted, file), file.clone())
    });
    there.truncate(3);
    match there.is_empty() {
        true => problem.with_hint("there is no file in that folder"),
        false => {
            problem.with_hint(format!("nearest names there: {}", names(there.iter().map(String::as_str))))
        }
    }
}
