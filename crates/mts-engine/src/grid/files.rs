//! Parameters whose numbers stand in a file of their own, such as the weights of a connectome.

use std::fs;
use std::path::{Path, PathBuf};

use mts_config::grid::Takes;
use mts_config::{Content, Entry, Node, Problem, path};
use serde_json::Value as Json;

use super::schema::takes;

/// Bytes of a file of numbers: a matrix of 2000 × 2000 of all their digits.
const MAX_BYTES: u64 = 1 << 27;

/// `record`, each `{file: weights.csv}` of a parameter that takes numbers replaced by what the file holds, as
/// if it stood in the document.
pub(super) fn resolved(record: &Node, at: &str, schema: &Json) -> Result<Node, Problem> {
    let Some(entries) = record.as_map() else { return Ok(record.clone()) };
    let resolve = |entry: &Entry| {
        let named = entry.value.as_map().and_then(|inner| match inner {
            [only] if only.key == "file" => only.value.as_str().map(|name| (name, &only.value)),
            _ => None,
        });
        let property = &schema["properties"][&entry.key];
        match named {
            Some((name, node)) if takes(property) != Takes::Scalar => {
                let here = path::child(&path::child(at, &entry.key), "file");
                let wrong = |message: String| Problem::at(&node.position, &here, message);
                let value = read(name, node).map_err(wrong)?;
                Ok(Entry { value, ..entry.clone() })
            }
            _ => Ok(entry.clone()),
        }
    };
    let entries = entries.iter().map(resolve).collect::<Result<Vec<_>, _>>()?;
    Ok(Node::new(Content::Map(entries), record.position.clone()))
}

/// The file that a node names, relative to the document that it stands in.
fn locate(name: &str, node: &Node) -> Result<PathBuf, String> {
    let document = Path::new(&*node.position.file);
    if !document.is_file() {
        return Err(format!("{name} is relative to the document, and this one is no file"));
    }
    let folder = document.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let resolve =
        |path: &Path| fs::canonicalize(path).map_err(|error| format!("{}: {error}", path.display()));
    let (tree, file) = (resolve(folder)?, resolve(&folder.join(name))?);
    if file.starts_with(&tree) {
        Ok(file)
    } else {
        Err(format!("{name} lies outside of the folder of the document"))
    }
}

/// The rows of a file of numbers, or the vector of one with a number per line, protected from being an axis.
fn read(name: &str, node: &Node) -> Result<Node, String> {
    let path = locate(name, node)?;
    let text = mts_io::read_text(&path, MAX_BYTES).map_err(|error| error.to_string())?;
    let at = |content: Content| Node::new(content, node.position.clone());
    let mut rows = Vec::new();
    // Spreadsheets begin files with a mark of their encoding.
    for (index, line) in text.trim_start_matches('\u{feff}').lines().enumerate() {
        let line = line.trim();
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        // Between commas nothing is a cell, too; between blanks it is none.
        let cells: Vec<&str> = match [',', ';'].into_iter().find(|mark| line.contains(*mark)) {
            Some(mark) => line.split(mark).map(str::trim).collect(),
            None => line.split_whitespace().collect(),
        };
        let number = |cell: &&str| cell.parse::<f64>().map_err(|_| (*cell).to_owned());
        let numbers: Result<Vec<f64>, String> = cells.iter().map(number).collect();
        match numbers {
            Ok(numbers) => {
                rows.push(at(Content::List(numbers.into_iter().map(|x| at(Content::Float(x))).collect())));
            }
            // Names of columns.
            Err(_) if rows.is_empty() && index == 0 && cells.iter().all(|cell| number(cell).is_err()) => {}
            Err(cell) => return Err(format!("{name}, line {}: {cell:?} is no number", index + 1)),
        }
    }
    if rows.is_empty() {
        return Err(format!("{name} holds no numbers"));
    }
    let single = |row: &Node| row.as_list().is_some_and(|numbers| numbers.len() == 1);
    if rows.len() > 1 && rows.iter().all(single) {
        rows = rows.into_iter().filter_map(|row| row.as_list()?.first().cloned()).collect();
    }
    let value = at(Content::List(rows));
    let key = Entry { key: "value".to_owned(), key_position: node.position.clone(), value };
    Ok(at(Content::Map(vec![key])))
}
