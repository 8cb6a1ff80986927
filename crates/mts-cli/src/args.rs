//! What can be typed.

use std::path::PathBuf;

use clap::{
    ArgAction, Args, Parser, Subcommand, ValueEnum,
    builder::{PathBufValueParser, PossibleValuesParser, TypedValueParser},
};
use clap_complete::Shell;
use mts_core::{Dtype, Streams, ZscoreAxis};
use mts_engine::{Shard, parse_size};
use mts_hash::Int;
use mts_io::{Compression, Form, Format};
use mts_plot::Kind;
use mts_tables::Profile;

use crate::cmd::describe::MERMAID;

const EXAMPLES: &str = "\
Examples:
  mts generate configs/example_grid.yaml          write the datasets of a document below data/
  mts generate grid.yaml --seed 7 --csv --dry-run show what would be written
  mts generate grid.yaml --resume                 finish what a killed run began
  mts generate grid.yaml --limit 1 --format csv -o - | head
                                                  one dataset on stdout
  mts verify data                                 regenerate everything from sidecars and compare
  mts show kuramoto                               what a model is, and its parameters
  mts schema grid > grid.schema.json              for completion and checks in an editor

Exit codes: 0 done; 1 a difference was found; 2 refused, nothing written; 3 a task failed;
130 interrupted.";

/// Synthetic data whose truth you know, from a small document and a seed, the same bits everywhere.
#[derive(Debug, Parser)]
#[command(name = "mts", version = VERSION, after_help = EXAMPLES, max_term_width = 100, disable_help_subcommand = true)]
pub(crate) struct Cli {
    #[command(flatten)]
    pub(crate) global: Global,
    #[command(subcommand)]
    pub(crate) command: Command,
}

const VERSION: &str = concat!(env!("CARGO_PKG_VERSION"), " (engine 1)");
const _: () = assert!(mts_rng::ENGINE == 1, "the version text names the engine");

#[derive(Clone, Debug, Args)]
pub(crate) struct Global {
    /// Print one JSON object instead of a table.
    #[arg(long, global = true)]
    pub(crate) json: bool,
    /// Say nothing but errors; only what was asked for is printed, such as a description.
    #[arg(short, long, global = true, conflicts_with = "verbose")]
    pub(crate) quiet: bool,
    /// Say more; twice for more still.
    #[arg(short, long, global = true, action = ArgAction::Count)]
    pub(crate) verbose: u8,
    /// Form of the log on stderr.
    #[arg(long, global = true, value_enum, default_value = "text", value_name = "FORM")]
    pub(crate) log_format: LogFormat,
    /// Show how long each stage took.
    #[arg(long, global = true)]
    pub(crate) timings: bool,
    /// Colours on stderr.
    #[arg(long, global = true, value_enum, default_value = "auto", value_name = "WHEN")]
    pub(crate) color: When,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum LogFormat {
    Text,
    Json,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum When {
    Auto,
    Always,
    Never,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Write the datasets of a document.
    Generate(Generate),
    /// Show what a document describes: tasks, shapes, bytes, seeds.
    Describe(Describe),
    /// Check a document, and with --outdir what was written for it.
    Validate(Validate),
    /// Regenerate data from their sidecars alone and compare every value.
    Verify(Verify),
    /// Draw datasets as PNG or SVG.
    Plot(Plot),
    /// Write one page of HTML about a run: the document, all datasets, pictures, how to make them again.
    Report(Report),
    /// List what there is.
    List(List),
    /// Show what a model is, and its parameters.
    Show(Show),
    /// Print the JSON Schema of a model's record or of a kind of document.
    Schema(Schema),
    /// Print a completion script for a shell.
    Completions(Completions),
}

#[derive(Debug, Args)]
pub(crate) struct Document {
    /// The document, YAML or JSON; `-` reads stdin.
    #[arg(value_name = "DOCUMENT", required_unless_present = "config")]
    pub(crate) document: Option<PathBuf>,
    /// The document, for those used to an option.
    #[arg(short, long, visible_alias = "schema", value_name = "FILE", conflicts_with = "document")]
    pub(crate) config: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub(crate) struct Requested {
    /// The folder to write below [default: the document's, else data].
    #[arg(long, visible_alias = "out", value_name = "DIR", value_parser = PathBufValueParser::new().try_map(folder))]
    pub(crate) outdir: Option<PathBuf>,
    /// File formats, separated by commas [default: the document's, else parquet].
    #[arg(long, value_delimiter = ',', value_name = "FORMATS", value_parser = PossibleValuesParser::new(format_names()))]
    pub(crate) format: Vec<String>,
    /// Of tables: how much is spoilt, whatever the document says: clean (or fast), realistic, dirty [default: what
    /// the document says].
    #[arg(long, value_name = "PROFILE", value_parser = PossibleValuesParser::new(Profile::NAMES))]
    pub(crate) profile: Option<String>,
    /// Of tables: the PostgreSQL server of --format postgres, as postgres://user@host:5432/database; the password may
    /// stand in the variable PGPASSWORD.
    #[arg(long, value_name = "URL")]
    pub(crate) url: Option<String>,
    /// Of tables: rows of the largest one; the others keep their proportion to it.
    #[arg(long, value_name = "N")]
    pub(crate) rows: Option<u64>,
    /// Of tables: so many times the rows of the document.
    #[arg(long, value_name = "FACTOR", value_parser = factor, conflicts_with = "rows")]
    pub(crate) scale: Option<f64>,
    /// How tables hold a dataset: a row per value, a column per channel, or a series per channel and
    /// realization (`unique_id, ds, y`) [default: the document's, else long].
    #[arg(long, value_name = "FORM", value_parser = PossibleValuesParser::new(Form::NAMES))]
    pub(crate) form: Option<String>,
    /// How Parquet files are compressed; files that are there already stay as they are [default: the
    /// document's, else snappy].
    #[arg(long, value_name = "CODEC", value_parser = PossibleValuesParser::new(Compression::NAMES))]
    pub(crate) compression: Option<String>,
    /// The precision of values in files [default: the record's or document's, else f64].
    #[arg(long, value_name = "DTYPE", value_parser = PossibleValuesParser::new(Dtype::NAMES))]
    pub(crate) dtype: Option<String>,
    /// Write a CSV file too.
    #[arg(long, overrides_with = "no_csv")]
    pub(crate) csv: bool,
    /// Write no CSV file beside the formats.
    #[arg(long, hide = true)]
    pub(crate) no_csv: bool,
    /// Root of all randomness: a non-negative integer of any size; a record's own seed goes first.
    #[arg(long, value_name = "N", value_parser = seed, allow_negative_numbers = true)]
    pub(crate) seed: Option<Int>,
    /// Number of realizations, for all records.
    #[arg(long, value_name = "R", value_parser = positive)]
    pub(crate) n_realizations: Option<usize>,
    /// Standardise values; a record's own setting goes first.
    #[arg(long, overrides_with = "no_zscore")]
    pub(crate) zscore: bool,
    /// Do not standardise values.
    #[arg(long, hide = true)]
    pub(crate) no_zscore: bool,
    /// Along which axis to standardise.
    #[arg(long, value_name = "AXIS", value_parser = PossibleValuesParser::new(ZscoreAxis::NAMES))]
    pub(crate) zscore_axis: Option<String>,
    /// One random stream for all realizations, or one each.
    #[arg(long, value_name = "STREAMS", value_parser = PossibleValuesParser::new(Streams::NAMES))]
    pub(crate) streams: Option<String>,
    /// Write files (the default).
    #[arg(long, overrides_with = "no_save")]
    pub(crate) save: bool,
    /// Generate and print statistics without writing.
    #[arg(long)]
    pub(crate) no_save: bool,
    /// Only the first N datasets of the expanded document.
    #[arg(long, value_name = "N", value_parser = positive)]
    pub(crate) limit: Option<usize>,
    /// Put every N datasets of a model into one Parquet file of the long form [default: the document's, else a file each].
    #[arg(long, value_name = "N", value_parser = positive)]
    pub(crate) pack: Option<usize>,
    /// Only the I-th of N parts of about equal cost; all parts together are the whole.
    #[arg(long, value_name = "I/N", value_parser = str::parse::<Shard>, allow_hyphen_values = true)]
    pub(crate) shard: Option<Shard>,
    /// Memory that a run may take, such as 500MB or 2GiB [default: the document's, else what is free].
    #[arg(long, value_name = "SIZE", value_parser = parse_size)]
    pub(crate) memory: Option<u64>,
    /// Keep NaN and infinities where a process diverges; without this, such a dataset fails.
    #[arg(long)]
    pub(crate) allow_nonfinite: bool,
}

#[derive(Debug, Args)]
pub(crate) struct Generate {
    #[command(flatten)]
    pub(crate) document: Document,
    #[command(flatten)]
    pub(crate) requested: Requested,
    /// Threads in all, 1024 at most [default: one per core].
    #[arg(short, long, value_name = "N", value_parser = threads)]
    pub(crate) jobs: Option<usize>,
    /// Show what would be written, with the very names, and stop; where it would be refused, as for want of
    /// disk space, say so and exit with 2.
    #[arg(long)]
    pub(crate) dry_run: bool,
    /// `-` writes all datasets to stdout, as one table: arrow, csv or ndjson.
    #[arg(short, long, value_name = "FILE", value_parser = ["-"], conflicts_with_all = ["json", "overwrite", "no_save"])]
    pub(crate) output: Option<String>,
    /// Replace other data under the same name.
    #[arg(long)]
    pub(crate) overwrite: bool,
    /// Continue a run: check what is there against its checksums, make again what is damaged or missing,
    /// clear away what a killed run left.
    #[arg(long, conflicts_with = "output")]
    pub(crate) resume: bool,
}

#[derive(Debug, Args)]
pub(crate) struct Describe {
    #[command(flatten)]
    pub(crate) document: Document,
    #[command(flatten)]
    pub(crate) requested: Requested,
}

#[derive(Debug, Args)]
pub(crate) struct Validate {
    #[command(flatten)]
    pub(crate) document: Document,
    #[command(flatten)]
    pub(crate) requested: Requested,
    /// Threads in all, 1024 at most [default: one per core].
    #[arg(short, long, value_name = "N", value_parser = threads)]
    pub(crate) jobs: Option<usize>,
}

#[derive(Debug, Args)]
pub(crate) struct Verify {
    /// Data files, sidecars, packs, their members (FILE#MEMBER), catalogues, or folders with all that below.
    #[arg(required = true, value_name = "PATH")]
    pub(crate) paths: Vec<PathBuf>,
    /// Compare only this share of the parts of all data: a part is what lies between two checkpoints of a long
    /// dataset, of which one is always compared, or a short dataset.
    #[arg(long, value_name = "P", value_parser = share)]
    pub(crate) sample: Option<f64>,
    /// The PostgreSQL server that has tables of these datasets: their rows there are compared too.
    #[arg(long, value_name = "URL")]
    pub(crate) url: Option<String>,
    /// Another number is another sample.
    #[arg(long, value_name = "N", default_value_t = 0, requires = "sample")]
    pub(crate) sample_seed: u64,
    /// Threads in all, 1024 at most [default: one per core].
    #[arg(short, long, value_name = "N", value_parser = threads)]
    pub(crate) jobs: Option<usize>,
}

#[derive(Debug, Args)]
pub(crate) struct Plot {
    /// Data files, sidecars or members of packs (FILE#MEMBER).
    #[arg(required = true, value_name = "FILE")]
    pub(crate) files: Vec<PathBuf>,
    /// The picture, as its extension says: .png or .svg; what is there is replaced.
    #[arg(short, long, value_name = "FILE", value_parser = picture)]
    pub(crate) output: PathBuf,
    /// Kinds of pictures, separated by commas [default: those that suit the model].
    #[arg(long, value_delimiter = ',', value_name = "KINDS", value_parser = PossibleValuesParser::new(Kind::ALL.iter().map(|kind| kind.name())))]
    pub(crate) kind: Vec<String>,
    /// Pictures beside each other [default: 2, or 1 for one].
    #[arg(long, value_name = "N", value_parser = positive)]
    pub(crate) columns: Option<usize>,
    /// The realization [default: the first; all, where a kind puts them together].
    #[arg(long, value_name = "R")]
    pub(crate) realization: Option<usize>,
    /// Channels, separated by commas, such as 0,3,7 or 0-4 [default: as many as can be told apart].
    #[arg(long, value_delimiter = ',', value_name = "CHANNELS", value_parser = channels)]
    pub(crate) channels: Vec<std::ops::RangeInclusive<usize>>,
    /// The first time: a step, seconds, or a date, as the time axis has it.
    #[arg(long, value_name = "TIME", allow_negative_numbers = true)]
    pub(crate) from: Option<String>,
    /// The last time.
    #[arg(long, value_name = "TIME", allow_negative_numbers = true)]
    pub(crate) to: Option<String>,
    /// Draw series of values as stems.
    #[arg(long, conflicts_with_all = ["overlay", "fan"])]
    pub(crate) stems: bool,
    /// Draw all realizations over each other.
    #[arg(long, conflicts_with = "fan")]
    pub(crate) overlay: bool,
    /// Draw the median of all realizations, and bands of 50 % and 90 % of them.
    #[arg(long)]
    pub(crate) fan: bool,
    /// Pixels from left to right [default: 960 for each column].
    #[arg(long, value_name = "PIXELS")]
    pub(crate) width: Option<u32>,
    /// Pixels from top to bottom [default: 420 for each row].
    #[arg(long, value_name = "PIXELS")]
    pub(crate) height: Option<u32>,
    /// The title.
    #[arg(long, value_name = "TEXT")]
    pub(crate) title: Option<String>,
    /// Dark on light, or light on dark.
    #[arg(long, value_enum, default_value = "light", value_name = "THEME")]
    pub(crate) theme: Ground,
}

#[derive(Debug, Args)]
pub(crate) struct Report {
    /// The folder of a run, or a part of it.
    #[arg(value_name = "DIR")]
    pub(crate) folder: PathBuf,
    /// The page; what is there is replaced.
    #[arg(short, long, value_name = "FILE")]
    pub(crate) output: PathBuf,
    /// The document of the run, to be shown.
    #[arg(long, value_name = "DOCUMENT")]
    pub(crate) document: Option<PathBuf>,
    /// The first N datasets have large pictures; all have a small one.
    #[arg(long, value_name = "N", default_value_t = 24)]
    pub(crate) pictures: usize,
    /// The title [default: the folder].
    #[arg(long, value_name = "TEXT")]
    pub(crate) title: Option<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Ground {
    Light,
    Dark,
}

/// Of series, of tables, and of diagrams.
fn format_names() -> Vec<&'static str> {
    let tables = mts_engine::tables::FORMATS.into_iter().map(|(name, _)| name);
    let others = tables.filter(|name| !Format::NAMES.contains(name));
    Format::NAMES.iter().copied().chain(others).chain([MERMAID]).collect()
}

fn factor(text: &str) -> Result<f64, String> {
    match text.parse::<f64>() {
        Ok(factor) if factor.is_finite() && factor > 0.0 => Ok(factor),
        _ => Err("must be a number > 0".to_owned()),
    }
}

/// Elsewhere `-` is stdout, and who writes it here means that.
fn folder(path: PathBuf) -> Result<PathBuf, &'static str> {
    match path.as_os_str() == "-" {
        true => Err("series are written to stdout by `mts generate -o -`; `./-` is a folder of that name"),
        false => Ok(path),
    }
}

fn picture(text: &str) -> Result<PathBuf, String> {
    let path = PathBuf::from(text);
    let extension = path.extension().and_then(|extension| extension.to_str()).unwrap_or_default();
    match extension.to_ascii_lowercase().as_str() {
        "png" | "svg" => Ok(path),
        _ => Err("a picture is a .png or a .svg".to_owned()),
    }
}

fn channels(text: &str) -> Result<std::ops::RangeInclusive<usize>, String> {
    let number =
        |text: &str| text.parse::<usize>().map_err(|_| "expected channels such as 0,3,7 or 0-4".to_owned());
    let (first, last) = text.split_once('-').unwrap_or((text, text));
    let (first, last) = (number(first)?, number(last)?);
    match last.checked_sub(first) {
        Some(more) if more < 1 << 20 => Ok(first..=last),
        Some(_) => Err("these are more channels than can be drawn".to_owned()),
        None => Err(format!("{first}-{last} ends before it begins")),
    }
}

#[derive(Debug, Args)]
pub(crate) struct List {
    /// What to list.
    #[arg(value_enum, default_value = "models")]
    pub(crate) what: Listed,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Listed {
    /// Models that documents may name.
    Models,
    /// File formats.
    Formats,
    /// Kinds of documents.
    Kinds,
    /// Types of columns of tables.
    Columns,
    /// Functions of computed columns.
    Functions,
}

#[derive(Debug, Args)]
pub(crate) struct Show {
    /// The model.
    pub(crate) name: String,
    /// Print the example alone: a document that runs.
    #[arg(long, conflicts_with = "json")]
    pub(crate) example: bool,
}

#[derive(Debug, Args)]
pub(crate) struct Schema {
    /// A model, or a kind of document.
    pub(crate) name: String,
}

#[derive(Debug, Args)]
pub(crate) struct Completions {
    /// The shell.
    #[arg(value_enum)]
    pub(crate) shell: Shell,
}

fn seed(text: &str) -> Result<Int, String> {
    let seed = text.parse::<Int>().map_err(|error| error.to_string())?;
    if seed.is_negative() { Err("a seed is not negative".to_owned()) } else { Ok(seed) }
}

fn share(text: &str) -> Result<f64, String> {
    match text.parse() {
        Ok(share) if share > 0.0 && share <= 1.0 => Ok(share),
        _ => Err("expected a number above 0, at most 1".to_owned()),
    }
}

/// More than any machine has; a system that is asked for far more is busy with nothing else for minutes.
const MAX_THREADS: usize = 1024;

fn threads(text: &str) -> Result<usize, String> {
    match positive(text)? {
        number if number > MAX_THREADS => Err(format!("must be at most {MAX_THREADS}")),
        number => Ok(number),
    }
}

fn positive(text: &str) -> Result<usize, String> {
    match text.parse() {
        Ok(0) => Err("must be at least 1".to_owned()),
        Ok(number) => Ok(number),
        Err(_) => Err("expected a number of at least 1".to_owned()),
    }
}
