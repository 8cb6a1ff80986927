//! Documents of grids, from the schemas of the models: right ones, and ones that are wrong in places.

use mts_core::{Dtype, Registry, Streams, ZscoreAxis};
use mts_io::{Compression, Form, Format};
use serde_json::{Map, Value as Json};

use crate::dice::Dice;
use crate::write::{self, Tree};

/// What breaks readers, or looks as if it did.
pub const HOSTILE: &[&str] = &[
    "0",
    "-0",
    "-0.0",
    "1",
    "-1",
    "2",
    "3",
    "0.5",
    "1e308",
    "-1e308",
    "1e309",
    "5e-324",
    "1e-400",
    "10000000000000000000000000000000000000000",
    "1e40",
    "9007199254740993",
    "18446744073709551615",
    "18446744073709551616",
    "9223372036854775808",
    "4294967296",
    "65536",
    "1000000",
    "3.0",
    "3.5",
    "1_000",
    "0x10",
    "0o17",
    "0b1",
    "+1",
    "1.",
    ".5",
    "1e5",
    "12:30:45",
    "2024-01-01",
    "2024-02-30",
    ".nan",
    ".inf",
    "-.inf",
    "NaN",
    "Infinity",
    "nan",
    "null",
    "~",
    "true",
    "false",
    "yes",
    "''",
    "\"\"",
    "\"\\0\"",
    "\"\\u0000\"",
    "\"\\ud800\"",
    "\"\\e[31m\"",
    "'é'",
    "🎲",
    "\u{feff}",
    "\u{85}",
    "\u{2028}",
    "\u{0}",
    "\t",
    "\n",
    "\r",
    "\n\n",
    "  ",
    " #",
    "[",
    "]",
    "{",
    "}",
    "[[]]",
    "[]",
    "{}",
    ":",
    ": ",
    ",",
    "- ",
    "? ",
    "&a ",
    "*a",
    "<<: ",
    "!!int ",
    "!x ",
    "| ",
    "> ",
    "@",
    "`",
    "%YAML 1.2",
    "---",
    "...",
    "'",
    "\"",
    "\\",
    "model",
    "M",
    "T",
    "seed",
    "configs",
    "axis",
    "value",
    "{axis: [1, 2]}",
    "{value: [1, 2]}",
    "{axis: []}",
    "{axis: 3}",
    "include",
    "../x.yaml",
    "[1, [2, 3]]",
    "[[1, 2], [3]]",
    "kuramoto",
    "zscore",
    "n_realizations",
    "streams",
];

const SEEDS: [&str; 8] = [
    "0",
    "1",
    "42",
    "4294967296",
    "18446744073709551616",
    "340282366920938463463374607431768211456",
    "1e3",
    "7.0",
];

const STARTS: [&str; 10] = [
    "2024-01-01",
    "2024-01-31T06:30:00",
    "1900-02-28 00:00:00.5",
    "9999-12-31",
    "0001-01-01",
    "2024-02-30",
    "2024",
    "-0001-01-01",
    "2024-01-01T00:00:00Z",
    "",
];

const FREQS: [&str; 20] = [
    "us",
    "ms",
    "s",
    "min",
    "h",
    "D",
    "B",
    "W",
    "W-WED",
    "MS",
    "ME",
    "QS",
    "QE",
    "YS",
    "YE",
    "5min",
    "0D",
    "-1D",
    "99999999999999999999D",
    "M",
];

/// A word of a choice, and of other choices.
const WORDS: [&str; 9] =
    ["ring", "complete", "sbm", "erdos_renyi", "euler", "per_realization", "time", "uniform", "x"];

const OUTDIRS: [&str; 8] = ["out", "a/b", "../up", "/nowhere", "é", ".", "a//b/../c", "con\ntrol"];

/// Makes documents.
pub struct Grammar {
    models: Vec<(&'static str, Json)>,
}

/// What the record being made is like.
struct Record {
    channels: usize,
    realizations: usize,
    /// Of 1000 values, how many are wrong.
    wrong: u64,
    /// How many more datasets its axes may make of it.
    room: usize,
}

impl Grammar {
    pub fn new(registry: &Registry) -> Self {
        Grammar { models: registry.iter().map(|entry| (entry.name(), entry.schema().clone())).collect() }
    }

    /// A document.
    pub fn document(&self, dice: &mut Dice) -> String {
        let wrong = *dice.any(&[0, 0, 0, 20, 60, 200]);
        let deep = dice.permille(5);
        let tree = if deep { nested(dice) } else { self.root(dice, wrong) };
        if dice.percent(25) {
            return write::json(&tree);
        }
        let tricks = dice.percent(40);
        write::yaml(dice, &tree, tricks)
    }

    fn root(&self, dice: &mut Dice, wrong: u64) -> Tree {
        let count = *dice.any(&[1, 1, 1, 1, 2, 2, 4]);
        let mut records: Vec<Tree> = (0..count).map(|_| self.record(dice, wrong)).collect();
        let mut root = self.settings(dice, wrong);
        match (dice.below(4), count) {
            (0, _) => return Tree::List(records),
            (1, 1) => {
                if let Some(Tree::Map(own)) = records.pop() {
                    root.extend(own);
                }
            }
            (2, 1) => root.extend(records.pop().map(|record| ("configs".to_owned(), record))),
            _ => root.push(("configs".to_owned(), Tree::List(records))),
        }
        if dice.permille(wrong / 2) {
            let foreign = dice.pick(&["tables", "arrivals", "backend", "source", "run_id", "include"]);
            root.push((foreign.to_owned(), Tree::plain(dice.pick(HOSTILE))));
        }
        if dice.percent(30) {
            let first = dice.below(root.len());
            root.swap(0, first);
        }
        Tree::Map(root)
    }

    /// Keys of the root.
    fn settings(&self, dice: &mut Dice, wrong: u64) -> Vec<(String, Tree)> {
        let mut keys = Vec::new();
        let plain = |text: &str| Tree::plain(text);
        let mut put = |dice: &mut Dice, chance: u64, key: &str, value: Tree| {
            if dice.percent(chance) {
                let wrong = dice.permille(wrong);
                keys.push((key.to_owned(), if wrong { Tree::plain(dice.pick(HOSTILE)) } else { value }));
            }
        };
        let seed = plain(dice.pick(&SEEDS));
        put(dice, 60, "seed", seed);
        put(dice, 10, "kind", plain("grid"));
        put(dice, 10, "version", plain("1"));
        let seeding = plain(dice.pick(&["by_index", "by_id"]));
        put(dice, 20, "seeding", seeding);
        let count = dice.between(1, Format::NAMES.len());
        let some: Vec<Tree> = (0..count).map(|_| plain(dice.pick(Format::NAMES))).collect();
        put(dice, 30, "format", Tree::List(some));
        let form = plain(dice.pick(&Form::NAMES));
        put(dice, 20, "form", form);
        let compression = plain(dice.pick(&Compression::NAMES));
        put(dice, 20, "compression", compression);
        for key in
            ["n_realizations", "zscore", "zscore_axis", "streams", "dtype", "time", "csv", "save", "outdir"]
        {
            let value = runtime(dice, key);
            put(dice, 8, key, value);
        }
        keys
    }

    fn record(&self, dice: &mut Dice, wrong: u64) -> Tree {
        let (model, schema) = dice.any(&self.models);
        let mut record =
            Record { channels: dice.between(1, 4), realizations: dice.between(1, 3), wrong, room: 64 };
        let mut entries = vec![("model".to_owned(), Tree::Text((*model).to_owned()))];
        let sizes = [
            ("M", record.channels, 80),
            ("T", dice.between(1, 12), 85),
            ("n_realizations", record.realizations, 50),
        ];
        for (key, size, chance) in sizes {
            if dice.percent(chance) {
                entries.push((key.to_owned(), Tree::plain(size.to_string())));
            }
        }
        let none = Map::new();
        let properties = schema["properties"].as_object().unwrap_or(&none);
        let chance = *dice.any(&[0, 5, 10, 30]);
        for (name, property) in properties {
            if dice.percent(chance) {
                let value = record.parameter(dice, property, schema);
                entries.push((name.clone(), value));
            }
        }
        for key in ["seed", "zscore", "zscore_axis", "streams", "dtype", "time", "csv", "save", "outdir"] {
            if dice.percent(6) {
                let value = runtime(dice, key);
                let value = record.axis(dice, value, |dice| runtime(dice, key));
                entries.push((key.to_owned(), value));
            }
        }
        for (key, value) in &mut entries {
            if dice.permille(wrong) {
                match dice.below(4) {
                    0 => *key = slip(dice, key),
                    1 => *value = Tree::Text(dice.pick(HOSTILE).to_owned()),
                    _ => *value = Tree::plain(dice.pick(HOSTILE)),
                }
            }
        }
        if dice.permille(wrong / 4) {
            let twice = dice.any(&entries).clone();
            entries.push(twice);
        }
        if dice.percent(20) {
            let (a, b) = (dice.below(entries.len()), dice.below(entries.len()));
            entries.swap(a, b);
        }
        Tree::Map(entries)
    }
}

impl Record {
    /// A value of a parameter, or an axis of them.
    fn parameter(&mut self, dice: &mut Dice, property: &Json, root: &Json) -> Tree {
        let value = self.value(dice, property, root);
        match dice.below(20) {
            0 => Tree::Map(vec![("value".to_owned(), value)]),
            1 => Tree::List(vec![value]),
            2..5 => {
                let (channels, realizations) = (self.channels, self.realizations);
                self.axis(dice, value, |dice| {
                    Record { channels, realizations, wrong: 0, room: 0 }.value(dice, property, root)
                })
            }
            _ => value,
        }
    }

    /// `value`, or an axis that begins with it, as far as there is room for its datasets.
    fn axis(&mut self, dice: &mut Dice, value: Tree, mut more: impl FnMut(&mut Dice) -> Tree) -> Tree {
        let length = dice.between(1, 3);
        if length > self.room || !dice.percent(60) {
            return value;
        }
        self.room /= length;
        // Mappings in a list are no axis by themselves.
        let mapping = matches!(value, Tree::Map(_)) && dice.percent(95);
        let mut values = vec![value];
        values.extend((1..length).map(|_| more(dice)));
        match dice.below(3) {
            _ if mapping => Tree::Map(vec![("axis".to_owned(), Tree::List(values))]),
            0 => Tree::Map(vec![("axis".to_owned(), Tree::List(values))]),
            _ => Tree::List(values),
        }
    }

    fn value(&self, dice: &mut Dice, schema: &Json, root: &Json) -> Tree {
        if dice.permille(self.wrong) {
            return Tree::plain(dice.pick(HOSTILE));
        }
        let target = schema["$ref"].as_str().and_then(|target| root.pointer(target.strip_prefix('#')?));
        let schema = target.unwrap_or(schema);
        for choice in ["oneOf", "anyOf", "enum"] {
            if let Some(options) = schema[choice].as_array().filter(|options| !options.is_empty()) {
                let option = dice.any(options);
                return match option {
                    Json::String(word) => Tree::Text(word.clone()),
                    other => self.value(dice, other, root),
                };
            }
        }
        if let Some(word) = schema["const"].as_str() {
            return Tree::Text(word.to_owned());
        }
        let types: Vec<&str> = match &schema["type"] {
            Json::String(one) => vec![one],
            Json::Array(several) => several.iter().filter_map(Json::as_str).collect(),
            _ => vec!["string"],
        };
        // An array is written where one is meant.
        let kind = if types.contains(&"array") && (schema.get("x-mts-array").is_some() || dice.percent(30)) {
            "array"
        } else {
            types[0]
        };
        match kind {
            "array" if schema["items"]["type"] == "integer" => {
                let (count, size) = (dice.between(1, 3), self.channels);
                Tree::List((0..count).map(|_| Tree::plain(dice.below(size + 1).to_string())).collect())
            }
            "array" => self.array(dice),
            "integer" => {
                let least = schema["minimum"].as_u64().unwrap_or(0);
                Tree::plain((least + dice.below(4) as u64).to_string())
            }
            "boolean" => Tree::plain(dice.pick(&["true", "false"])),
            "null" => Tree::plain("null"),
            "number" => Tree::plain(number(dice, schema)),
            _ => Tree::Text(dice.pick(&WORDS).to_owned()),
        }
    }

    /// Numbers in one to three dimensions, often of the sizes that models ask for.
    fn array(&self, dice: &mut Dice) -> Tree {
        let sizes = [self.channels, self.channels, self.realizations, 1, 2];
        let depth = *dice.any(&[1, 1, 2, 2, 2, 3]);
        let shape: Vec<usize> = (0..depth).map(|_| *dice.any(&sizes)).collect();
        let small = dice.percent(60);
        nest(
            dice,
            &shape,
            if small { &["0.1", "0.3", "0.5"] } else { &["0", "-0.3", "1", "2", "-0.0", "1e-3"] },
        )
    }
}

fn nest(dice: &mut Dice, shape: &[usize], numbers: &[&str]) -> Tree {
    match shape.split_first() {
        None => Tree::plain(dice.pick(numbers)),
        Some((count, inner)) => Tree::List((0..*count).map(|_| nest(dice, inner, numbers)).collect()),
    }
}

/// A number that the schema allows, where one of a few does.
fn number(dice: &mut Dice, schema: &Json) -> &'static str {
    const NUMBERS: [(&str, f64); 12] = [
        ("0", 0.0),
        ("1", 1.0),
        ("0.5", 0.5),
        ("0.1", 0.1),
        ("2.5", 2.5),
        ("-1", -1.0),
        ("1e-3", 1e-3),
        ("3", 3.0),
        ("-0.0", -0.0),
        ("1e6", 1e6),
        ("1e300", 1e300),
        ("5e-324", 5e-324),
    ];
    let bound = |key: &str| schema[key].as_f64();
    let fits = |x: f64| {
        bound("minimum").is_none_or(|least| x >= least)
            && bound("maximum").is_none_or(|most| x <= most)
            && bound("exclusiveMinimum").is_none_or(|below| x > below)
            && bound("exclusiveMaximum").is_none_or(|above| x < above)
    };
    // The rare ones, rarely.
    let common = if dice.percent(90) { 8 } else { NUMBERS.len() };
    let fitting: Vec<&'static str> =
        NUMBERS[..common].iter().filter(|(_, x)| fits(*x)).map(|(text, _)| *text).collect();
    if fitting.is_empty() { "1" } else { dice.pick(&fitting) }
}

/// A value of a key that says how to run a model.
fn runtime(dice: &mut Dice, key: &str) -> Tree {
    let plain = |text: &str| Tree::plain(text);
    match key {
        "seed" => plain(dice.pick(&SEEDS)),
        "n_realizations" => Tree::plain(dice.between(1, 3).to_string()),
        "zscore_axis" if dice.percent(80) => plain(dice.pick(&ZscoreAxis::NAMES)),
        "zscore_axis" => plain(dice.pick(&["null", "channels"])),
        "streams" => plain(dice.pick(&Streams::NAMES)),
        "dtype" => plain(dice.pick(&Dtype::NAMES)),
        "time" => {
            // The first ones are right.
            let common = dice.percent(80);
            let (starts, freqs) =
                if common { (&STARTS[..3], &FREQS[..16]) } else { (&STARTS[..], &FREQS[..]) };
            let (start, freq) = (dice.pick(starts).to_owned(), dice.pick(freqs).to_owned());
            Tree::Map(vec![("start".to_owned(), Tree::Text(start)), ("freq".to_owned(), Tree::Text(freq))])
        }
        "outdir" => Tree::Text(dice.pick(&OUTDIRS).to_owned()),
        _ => plain(dice.pick(&["true", "false"])),
    }
}

/// A key that is nearly right.
fn slip(dice: &mut Dice, key: &str) -> String {
    let mut letters: Vec<char> = key.chars().collect();
    let at = dice.below(letters.len());
    match dice.below(4) {
        0 => drop(letters.remove(at)),
        1 => letters.insert(at, letters[at]),
        2 => letters.swap(0, at),
        _ => letters[at] = if letters[at].is_uppercase() { 'é' } else { letters[at].to_ascii_uppercase() },
    }
    letters.into_iter().collect()
}

/// More datasets than a document may have, in little text.
pub fn oversized(dice: &mut Dice) -> String {
    let axis = |count: usize| Tree::List((1..=count).map(|value| Tree::plain(value.to_string())).collect());
    let count = dice.between(216, 400);
    let mut entries = vec![("model".to_owned(), Tree::plain("abm"))];
    entries.extend(["M", "T", "n_realizations"].map(|key| (key.to_owned(), axis(count))));
    write::json(&Tree::Map(entries))
}

/// Deep, or very deep.
fn nested(dice: &mut Dice) -> Tree {
    let depth = *dice.any(&[55, 60, 62, 63, 64, 65, 70, 3000]);
    let (open, close) = *dice.any(&[("[", "]"), ("{a: ", "}"), ("{axis: [", "]}"), ("{value: ", "}")]);
    let text = open.repeat(depth) + "1" + &close.repeat(depth);
    Tree::Map(vec![("model".to_owned(), Tree::plain("ou")), ("mu".to_owned(), Tree::Plain(text))])
}
