//! Any document of tables is planned, written, verified and valid, or refused for reasons.

use std::fs;
use std::path::{Path, PathBuf};

use mts_engine::{Engine, Options, Request, Settings, Status, generate, targets, validate};
use mts_hash::{canonical_json, parse};

use crate::dice::Dice;
use crate::mutate;
use crate::run::{Suite, Tally, say};

/// Cells of a plan that is run.
const SMALL: u64 = 20_000;

/// Formats that a case may be written in.
const FORMATS: [&str; 6] = ["parquet", "csv", "json", "ndjson", "arrow", "sqlite"];

/// A document with what those that come with the program leave out.
const MORE: &str = "
dataset: more
seed: 5
tables:
  students:
    rows: 12
    columns:
      - {name: id, type: id, constraints: {primary_key: true}}
      - {name: mentor, type: integer}
      - {name: code, type: string, constraints: {unique: true, pattern: '[A-D]{2}[0-9]'}}
      - {name: points, type: decimal, precision: 6, round: 2, min: -50, max: 50}
      - {name: at, type: datetime, timezone: Asia/Tokyo, null_rate: 0.2}
      - {name: marks, type: array, max_length: 4, item: {type: float, distribution: beta, alpha: 2, beta: 3}}
      - {name: home, type: object, fields: [{name: city, type: city, locale: ja}, {name: zip, type: postal_code, probability: 0.5}]}
      - {name: since, type: date, constraints: {monotonic_increasing: true}}
  courses:
    rows: 5
    columns:
      - {name: id, type: id, id_mode: uuid, constraints: {primary_key: true}}
      - {name: level, type: categorical, categories: [a, b], given: {column: open, weights: {'true': [1, 3]}}}
      - {name: open, type: boolean}
  visits:
    rows: 30
    corruption: {missing_rate: 0.1, outlier_rate: 0.1, duplicate_rate: 0.1, type_noise: {grade: {rate: 0.1}}}
    partition_by: [grade]
    indexes: [[student, course]]
    columns:
      - {name: student, type: integer, constraints: {primary_key: true}}
      - {name: course, type: string, constraints: {primary_key: true}}
      - {name: grade, computed: 'randint(1, 6) if student % 2 == 0 else 3'}
relationships:
  - {parent_table: students, parent_key: id, child_table: visits, child_key: student, children: {law: zipf, exponent: 2}, order: grouped}
  - {parent_table: courses, parent_key: id, child_table: visits, child_key: course}
  - {parent_table: students, parent_key: id, child_table: students, child_key: mentor, null_rate: 0.2, max_children: 4}
";

/// Numbers in the place of others.
const NUMBERS: [&str; 16] = [
    "0",
    "1",
    "2",
    "3",
    "7",
    "12",
    "50",
    "0.5",
    "0.05",
    "0.999",
    "-1",
    "-0.0",
    "1000000",
    "1e300",
    "5e-324",
    "9223372036854775807",
];

/// Words in the place of others: most change what a document means, and few break it.
const WORDS: [&str; 40] = [
    "id",
    "integer",
    "float",
    "decimal",
    "categorical",
    "boolean",
    "date",
    "datetime",
    "string",
    "string_pattern",
    "constant",
    "email",
    "name",
    "city",
    "country",
    "uuid",
    "iban",
    "uniform",
    "normal",
    "lognormal",
    "poisson",
    "gamma",
    "beta",
    "zipf",
    "unique",
    "not_null",
    "primary_key",
    "monotonic_increasing",
    "pattern",
    "allowed",
    "min",
    "max",
    "round",
    "min_children",
    "max_children",
    "null_rate",
    "probability",
    "true",
    "false",
    "grouped",
];

/// A document with one to three numbers or words exchanged for others of their kind.
fn exchanged(dice: &mut Dice, text: &str) -> String {
    let is_word = |letter: char| letter.is_alphanumeric() || matches!(letter, '_' | '.' | '-');
    let mut text = text.to_owned();
    for _ in 0..*dice.any(&[1, 1, 2, 3]) {
        let mut places = Vec::new();
        let mut start = 0;
        for part in text.split_inclusive(|letter| !is_word(letter)) {
            let word = part.trim_end_matches(|letter| !is_word(letter));
            let with: &[&str] = if word.parse::<f64>().is_ok() {
                &NUMBERS
            } else if WORDS.contains(&word) {
                &WORDS
            } else {
                &[]
            };
            if !with.is_empty() {
                places.push((start..start + word.len(), with));
            }
            start += part.len();
        }
        if let Some(at) = (!places.is_empty()).then(|| dice.below(places.len())) {
            let (place, with) = places.swap_remove(at);
            text.replace_range(place, dice.pick(with));
        }
    }
    text
}

pub struct Tables {
    engine: Engine,
    known: Vec<String>,
    folder: PathBuf,
    shown: bool,
}

impl Suite for Tables {
    const NAME: &'static str = "tables";

    fn prepare(_: &Path) {}

    fn new(_: &Path, own: &Path, shown: bool) -> Self {
        let configs = fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/../configs/tables")).unwrap();
        let mut paths: Vec<PathBuf> = configs.map(|entry| entry.unwrap().path()).collect();
        paths.sort();
        let known = paths.iter().map(|path| fs::read_to_string(path).unwrap());
        Tables {
            engine: Engine::new(mts_models::registry()),
            // The last one is short, and has something of everything: it comes as often as the others.
            known: known.chain([MORE.to_owned(), MORE.to_owned(), MORE.to_owned()]).collect(),
            folder: own.to_owned(),
            shown,
        }
    }

    fn case(&mut self, mut dice: Dice, tally: &mut Tally) -> Result<(), String> {
        let dice = &mut dice;
        let (text, other) = (dice.any(&self.known), dice.any(&self.known));
        let text = if dice.percent(60) {
            exchanged(dice, text)
        } else if dice.percent(80) {
            mutate::text(dice, text, other)
        } else {
            let mut bytes = text.clone().into_bytes();
            mutate::bytes(dice, &mut bytes, other.as_bytes());
            String::from_utf8_lossy(&bytes).into_owned()
        };
        let outdir = self.folder.join("out");
        let request = Request {
            settings: Settings {
                outdir: Some(outdir.clone()),
                seed: Some(dice.word().into()),
                ..Settings::default()
            },
            formats: Some(vec![dice.pick(&FORMATS).to_owned(), dice.pick(&FORMATS).to_owned()]),
            rows: Some(*dice.any(&[1, 8, 20, 40, 60, 100, 100])),
            ..Request::default()
        };
        if self.shown {
            say(&format!("{text}\n{request:?}"));
        }
        let name = if text.starts_with('{') { "document.json" } else { "document.yaml" };
        let planned =
            mts_config::parse(&text, name).and_then(|document| self.engine.plan(&document, &request));
        let plan = match planned {
            Ok(plan) => plan,
            Err(problems)
                if problems.is_empty() || problems.iter().any(|problem| problem.message.is_empty()) =>
            {
                return Err("refused without a reason".to_owned());
            }
            Err(_) => {
                tally.count("refused");
                return Ok(());
            }
        };
        tally.count("planned");
        for task in plan.tasks() {
            let described = canonical_json(&task.describe().into());
            parse(&described).map_err(|error| format!("a description is no JSON: {error}: {described}"))?;
        }
        if plan.values() > SMALL || plan.tasks().any(|task| task.memory() > 1 << 26) || !dice.percent(30) {
            return Ok(());
        }
        let _ = fs::remove_dir_all(&outdir);
        let run = generate(&plan, &Options::default(), &())
            .map_err(|problems| format!("not generated: {problems}"))?;
        for outcome in &run.outcomes {
            if let Status::Failed(what) = &outcome.status {
                return Err(format!("failed: {what}"));
            }
        }
        tally.count("written");
        let found = targets(&outdir).map_err(|error| error.to_string())?;
        let mut wrong =
            self.engine.verify(&found, None, &()).into_iter().flat_map(|verified| verified.differences);
        if let Some(wrong) = wrong.next() {
            return Err(format!("just written, and {wrong}"));
        }
        // The recipe alone says what the generator makes; the document says what it should.
        let mut judged = validate(&plan, &()).into_iter().flat_map(|validated| validated.findings);
        judged.next().map_or(Ok(()), |wrong| Err(format!("not valid, just written: {wrong}")))
    }
}
