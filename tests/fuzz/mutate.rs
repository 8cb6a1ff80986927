//! Damage.

use serde_json::{Value as Json, json};

use crate::dice::Dice;
use crate::grammar::HOSTILE;

/// Bytes that mean something to many formats.
const BYTES: [u8; 12] = [0, 1, 0x7f, 0x80, 0xff, b'"', b'{', b'[', b'\n', b'\r', b',', 0xc3];

/// Numbers at the edges of types.
const WORDS: [u64; 14] = [
    0,
    1,
    0x7f,
    0xff,
    0x7fff,
    0xffff,
    0x7fff_ffff,
    0x8000_0000,
    0xffff_ffff,
    1 << 32,
    1 << 40,
    i64::MAX as u64,
    1 << 63,
    u64::MAX,
];

/// Damages bytes in one or a few places; `other` is something of the same kind.
pub fn bytes(dice: &mut Dice, bytes: &mut Vec<u8>, other: &[u8]) {
    for _ in 0..*dice.any(&[1, 1, 1, 2, 4]) {
        let at = place(dice, bytes.len());
        let range = at..(at + dice.between(1, 40)).min(bytes.len());
        match dice.below(12) {
            0..=2 if at < bytes.len() => bytes[at] ^= 1 << dice.below(8),
            3 if at < bytes.len() => bytes[at] = *dice.any(&BYTES),
            4 if at < bytes.len() => bytes[at] = dice.word() as u8,
            5 | 6 => integer(dice, &mut bytes[at..]),
            7 => bytes.truncate(at),
            8 => drop(bytes.drain(range)),
            9 => {
                let repeated: Vec<u8> = bytes[range].to_vec();
                let target = place(dice, bytes.len());
                bytes.splice(target..target, repeated);
            }
            10 => {
                let from = place(dice, other.len());
                let part = &other[from..(from + dice.between(1, 200)).min(other.len())];
                // In the place of what is there, or between.
                let end = if dice.percent(50) { (at + part.len()).min(bytes.len()) } else { at };
                bytes.splice(at..end, part.iter().copied());
            }
            _ => {
                let count = dice.between(1, 8);
                let new: Vec<u8> = (0..count).map(|_| *dice.any(&BYTES)).collect();
                bytes.splice(at..at, new);
            }
        }
    }
}

/// Anywhere, but more often near the ends, where headers and footers are.
fn place(dice: &mut Dice, length: usize) -> usize {
    match dice.below(4) {
        0 => dice.below(length.min(64) + 1),
        1 => length - dice.below(length.min(400) + 1),
        _ => dice.below(length + 1),
    }
}

/// Changes the number of two, four or eight bytes at the beginning.
fn integer(dice: &mut Dice, bytes: &mut [u8]) {
    let width = *dice.any(&[2, 4, 8]);
    let Some(field) = bytes.get_mut(..width) else { return };
    let big = dice.percent(30);
    if big {
        field.reverse();
    }
    let mut word = [0; 8];
    word[..width].copy_from_slice(field);
    let old = u64::from_le_bytes(word);
    let new = match dice.below(4) {
        0 => old.wrapping_add(1),
        1 => old.wrapping_sub(1),
        2 => old << dice.below(8),
        _ => *dice.any(&WORDS),
    };
    field.copy_from_slice(&new.to_le_bytes()[..width]);
    if big {
        field.reverse();
    }
}

/// Changes words, signs and lines of a text.
pub fn text(dice: &mut Dice, text: &str, other: &str) -> String {
    let mut tokens = tokens(text);
    let foreign = self::tokens(other);
    for _ in 0..*dice.any(&[1, 1, 1, 2, 4]) {
        if tokens.is_empty() {
            tokens.push(dice.pick(HOSTILE));
        }
        let at = dice.below(tokens.len());
        match dice.below(9) {
            0 => drop(tokens.remove(at)),
            1 => tokens.insert(at, tokens[at]),
            2 => {
                let with = dice.below(tokens.len());
                tokens.swap(at, with);
            }
            3 | 4 => tokens[at] = dice.pick(HOSTILE),
            5 => tokens.insert(at, dice.pick(HOSTILE)),
            6 if !foreign.is_empty() => {
                let from = dice.below(foreign.len());
                let part = &foreign[from..(from + dice.between(1, 12)).min(foreign.len())];
                tokens.splice(at..at, part.iter().copied());
            }
            7 => {
                // From one line to another, as an editor would.
                let end = tokens[at..]
                    .iter()
                    .position(|token| *token == "\n")
                    .map_or(tokens.len(), |end| at + end + 1);
                let line: Vec<&str> = tokens[at..end].to_vec();
                if dice.percent(50) {
                    tokens.drain(at..end);
                }
                let target = dice.below(tokens.len() + 1);
                tokens.splice(target..target, line);
            }
            _ => tokens.truncate(at),
        }
    }
    tokens.concat()
}

/// Words, runs of spaces, and single characters.
fn tokens(text: &str) -> Vec<&str> {
    let class = |letter: char| match letter {
        ' ' => 1,
        letter if letter.is_alphanumeric() || matches!(letter, '_' | '.' | '-') => 2,
        _ => 0,
    };
    let mut tokens = Vec::new();
    let (mut start, mut last) = (0, 0);
    for (at, letter) in text.char_indices() {
        let now = class(letter);
        if at > start && (now == 0 || now != last) {
            tokens.push(&text[start..at]);
            start = at;
        }
        last = now;
    }
    if start < text.len() {
        tokens.push(&text[start..]);
    }
    tokens
}

/// Changes values and keys of a JSON text; `None` where it is none.
pub fn json(dice: &mut Dice, text: &str) -> Option<String> {
    let mut root: Json = serde_json::from_str(text).ok()?;
    for _ in 0..dice.between(1, 3) {
        let mut node = &mut root;
        while dice.percent(85) && width(node) > 0 {
            let at = dice.below(width(node));
            node = match node {
                Json::Array(items) => &mut items[at],
                Json::Object(map) => map.values_mut().nth(at)?,
                _ => return None,
            };
        }
        change(dice, node);
    }
    let text = root.to_string();
    // What serde_json has no words for.
    Some(match dice.below(12) {
        0 => text.replace("987654321987", "NaN"),
        1 => text.replace("987654321987", "1e999"),
        2 => text.replace("987654321987", &"9".repeat(5000)),
        3 => text.replace("987654321987", &("[".repeat(20_000) + &"]".repeat(20_000))),
        4 => text.replace("987654321987", "-Infinity"),
        5 => text.replace("987654321987", "1e-400"),
        _ => text,
    })
}

/// How many values it holds.
fn width(node: &Json) -> usize {
    match node {
        Json::Array(items) => items.len(),
        Json::Object(map) => map.len(),
        _ => 0,
    }
}

fn change(dice: &mut Dice, node: &mut Json) {
    match (dice.below(6), &mut *node) {
        (0, Json::Object(map)) if !map.is_empty() => {
            let key = map.keys().nth(dice.below(map.len())).cloned().unwrap_or_default();
            map.remove(&key);
        }
        (1, Json::Object(map)) if !map.is_empty() => {
            let key = map.keys().nth(dice.below(map.len())).cloned().unwrap_or_default();
            let value = map.remove(&key).unwrap_or_default();
            map.insert(format!("{key}{}", dice.pick(&["_", "x", " ", "\u{0}", "é"])), value);
        }
        (0, Json::Array(items)) if !items.is_empty() => drop(items.remove(dice.below(items.len()))),
        (1 | 2, Json::Array(items)) if !items.is_empty() => {
            let copy = dice.any(items).clone();
            items.push(copy);
        }
        (2 | 3, Json::Number(number)) => {
            let old = number.as_f64().unwrap_or_default();
            let step = *dice.any(&[1.0, -1.0, 0.5, old, -2.0 * old, 1e6, 1e12]);
            *node = match number.as_i64() {
                Some(whole) => json!(whole.wrapping_add(step as i64)),
                None => json!(old + step),
            };
        }
        _ => *node = hostile(dice),
    }
}

fn hostile(dice: &mut Dice) -> Json {
    match dice.below(24) {
        0 => Json::Null,
        1 => json!(true),
        2 => json!(-1),
        3 => json!(0),
        4 => json!(u64::MAX),
        5 => json!(i64::MIN),
        6 => json!(1e308),
        7 => json!(-0.0),
        8 => json!(0.5),
        9 => json!(1_u64 << 40),
        10 => json!(""),
        11 => json!([]),
        12 => json!({}),
        13 => json!("../../x.parquet"),
        14 => json!("/etc/passwd"),
        15 => json!(dice.pick(&[
            "csv", "parquet", "zarr", "netcdf", "npz", "ndjson", "wide", "long", "truth", "f32", "zlib"
        ])),
        16 => json!([[1, 2], [3]]),
        17 => json!("x".repeat(5000)),
        18 => json!("\u{1b}[31mé\n\u{0}"),
        19 => json!(dice.pick(&[
            "time",
            "channel",
            "realization",
            "none",
            "float64",
            "int64",
            "/",
            ".",
            "little",
            "big"
        ])),
        20 => json!({ "name": "gzip", "configuration": { "level": 5 } }),
        // Stands for what this has no words for.
        _ => json!(987_654_321_987_u64),
    }
}
