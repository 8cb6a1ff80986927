//! What SQLite makes of values in a column of some declared type.

use mts_core::{Column, ColumnType};

/// Digits that double precision holds exactly.
const EXACT_DIGITS: u8 = 15;

/// What a column prefers, which follows from its declared type.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Affinity {
    Integer,
    Text,
    /// Values stay as they come.
    Any,
    Real,
    Numeric,
}

impl Affinity {
    /// SQLite's rules, in its order.
    pub(super) fn of(declared: &str) -> Self {
        let declared = declared.to_ascii_uppercase();
        let has = |words: &[&str]| words.iter().any(|word| declared.contains(word));
        if has(&["INT"]) {
            Affinity::Integer
        } else if has(&["CHAR", "CLOB", "TEXT"]) {
            Affinity::Text
        } else if has(&["BLOB"]) || declared.is_empty() {
            Affinity::Any
        } else if has(&["REAL", "FLOA", "DOUB"]) {
            Affinity::Real
        } else {
            Affinity::Numeric
        }
    }

    /// Whether a text that looks like a number becomes one.
    pub(super) fn is_numeric(self) -> bool {
        !matches!(self, Affinity::Text | Affinity::Any)
    }
}

/// The declared type of a column.
///
/// Decimals of up to 15 digits are numbers, which compare and add up as users expect, and of which double
/// precision loses none; longer ones are text, for no number of SQLite holds them.
pub(super) fn declared(column: &Column) -> Result<String, String> {
    let Some(wanted) = &column.sqlite_type else {
        return Ok(match &column.kind {
            ColumnType::Boolean | ColumnType::Integer => "INTEGER".to_owned(),
            ColumnType::Float => "REAL".to_owned(),
            ColumnType::Decimal { precision, scale } if *precision <= EXACT_DIGITS => {
                format!("NUMERIC({precision},{scale})")
            }
            _ => "TEXT".to_owned(),
        });
    };
    if !is_type(wanted) {
        return Err(format!(
            "sqlite_type must be words and, in brackets, one or two numbers, such as VARCHAR(20), found {wanted:?}"
        ));
    }
    match column.kind {
        ColumnType::Decimal { precision, .. }
            if precision > EXACT_DIGITS && Affinity::of(wanted).is_numeric() =>
        {
            Err(format!(
                "SQLite keeps {EXACT_DIGITS} digits of a number, and this one has {precision}: sqlite_type {wanted:?} \
                 would lose some, use TEXT"
            ))
        }
        _ => Ok(wanted.clone()),
    }
}

/// Words of SQL that end a type, and begin what a column must keep to.
const NOT_TYPES: [&str; 13] = [
    "ALWAYS",
    "AS",
    "CHECK",
    "COLLATE",
    "CONSTRAINT",
    "DEFAULT",
    "GENERATED",
    "KEY",
    "NOT",
    "NULL",
    "PRIMARY",
    "REFERENCES",
    "UNIQUE",
];

fn is_type(text: &str) -> bool {
    let (words, size) = match text.split_once('(') {
        None => (text, None),
        Some((words, rest)) => (words, Some(rest)),
    };
    let is_number = |part: &str| {
        let part = part.trim_matches(' ');
        !part.is_empty() && part.len() < 10 && part.bytes().all(|b| b.is_ascii_digit())
    };
    let is_size = |rest: &str| {
        rest.strip_suffix(')')
            .is_some_and(|size| size.split(',').count() <= 2 && size.split(',').all(is_number))
    };
    let is_word = |word: &str| {
        let letters = word.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_');
        letters
            && word.starts_with(|c: char| c.is_ascii_alphabetic())
            && !NOT_TYPES.contains(&word.to_ascii_uppercase().as_str())
    };
    let mut words = words.split(' ').filter(|word| !word.is_empty()).peekable();
    words.peek().is_some() && words.all(is_word) && size.is_none_or(is_size)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn affinities_are_those_of_sqlite() {
        let connection = rusqlite::Connection::open_in_memory().unwrap();
        for declared in [
            "INT",
            "BIGINT",
            "VARCHAR(20)",
            "CLOB",
            "BLOB",
            "DOUBLE PRECISION",
            "FLOAT",
            "REAL",
            "BOOLEAN",
            "DECIMAL(10,5)",
            "STRING",
            "FLOATING POINT",
            "CHARINT",
            "UUID",
            "JSON",
            "DATE",
            "native character(3)",
        ] {
            connection.execute_batch(&format!("DROP TABLE IF EXISTS t; CREATE TABLE t (c {declared}); INSERT INTO t VALUES ('1.0'), ('x'), (1), (1.5)")).unwrap();
            let mut statement = connection.prepare("SELECT typeof(c) FROM t").unwrap();
            let types = statement.query_map([], |row| row.get::<_, String>(0)).unwrap();
            let types: Vec<String> = types.map(Result::unwrap).collect();
            let expected = match Affinity::of(declared) {
                Affinity::Integer | Affinity::Numeric => ["integer", "text", "integer", "real"],
                Affinity::Text => ["text", "text", "text", "text"],
                Affinity::Any => ["text", "text", "integer", "real"],
                Affinity::Real => ["real", "text", "real", "real"],
            };
            assert_eq!(types, expected, "{declared}");
            assert!(is_type(declared), "{declared}");
        }
        for wrong in [
            "",
            " ",
            "(3)",
            "INT PRIMARY KEY",
            "TEXT COLLATE NOCASE",
            "INT)",
            "INT(",
            "INT(a)",
            "INT(1,2,3)",
            "INT);--",
            "\"INT\"",
            "INT NOT NULL",
            "3D",
            "TEXT(1) x",
        ] {
            assert!(!is_type(wrong), "{wrong}");
        }
    }
}
