//! The JSON Schema of documents of tables.

use mts_io::Compression;
use mts_tables::Profile;
use mts_tables::spec::document_schema;
use mts_tables::words::Provider;
use serde_json::{Value as Json, json};

use super::FORMATS;

/// The versions of the document format that are read.
const VERSION: u32 = 1;

/// The schema of the root, what is below tables and relationships aside.
pub(super) fn root() -> Json {
    let formats = FORMATS.map(|(name, _)| name);
    let profiles: Vec<&str> = Profile::NAMES.into_iter().chain(["document"]).collect();
    json!({
        "type": "object",
        "properties": {
            "kind": { "enum": ["tables"] },
            "version": { "enum": [VERSION], "description": "The version of the document format." },
            "dataset": { "type": "string", "minLength": 1, "description": "The name of the dataset." },
            "seed": { "type": "integer", "minimum": 0, "description": "Root of all randomness: a non-negative integer of any size. Drawn, printed and recorded where not given." },
            "tables": { "type": "object", "description": "Tables by name." },
            "relationships": { "type": "array", "description": "Which keys refer to which." },
            "output_mode": { "enum": ["json", "ndjson"], "description": "The file format, where no other is asked for." },
            "format": {
                "description": "File formats.",
                "anyOf": [{ "enum": formats }, { "type": "array", "minItems": 1, "items": { "enum": formats } }],
            },
            "compression": { "enum": Compression::NAMES, "description": "How Parquet files are compressed; the data are the same." },
            "profile": { "enum": profiles, "description": "How much is spoilt, in place of what tables say." },
            "outdir": { "type": "string", "minLength": 1, "description": "The folder to write below." },
            "memory": { "type": ["string", "integer"], "minimum": 1, "description": "Memory that a run may take: 500MB, 2GiB, or bytes." },
            "description": { "type": "string", "description": "What it is, in words." },
        },
        "required": ["dataset", "tables"],
        "additionalProperties": false,
    })
}

/// The schema of whole documents, for editors.
pub(super) fn document() -> Json {
    let words: Vec<&str> = Provider::ALL.iter().map(|provider| provider.name()).collect();
    let mut root = root();
    root["properties"]["include"] = json!({ "type": ["string", "array"], "items": { "type": "string" } });
    document_schema(root, &words)
}
