//! What was found, by rule and column.

use std::collections::BTreeMap;

/// Findings of one rule and column that are told.
const TOLD: usize = 3;

/// One rule, and whether a table keeps to it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Check {
    /// The table.
    pub table: String,
    /// The rule, behind the column that it is one of.
    pub name: String,
    /// Whether it holds.
    pub ok: bool,
    /// What was looked at, or why nothing was.
    pub details: String,
    /// Where it does not hold: the first places, and how many more there are.
    pub findings: Vec<String>,
}

/// The rules of a table.
pub(super) struct Checks {
    table: String,
    /// Of columns, by place.
    names: Vec<String>,
    /// By place of the column, the table last, and rule.
    tallies: BTreeMap<(usize, &'static str), Tally>,
}

#[derive(Default)]
struct Tally {
    told: Vec<String>,
    wrong: u64,
    details: String,
}

impl Checks {
    pub(super) fn new(table: &str, names: Vec<String>) -> Self {
        Checks { table: table.to_owned(), names, tallies: BTreeMap::new() }
    }

    /// The place of the table among its columns.
    pub(super) fn whole(&self) -> usize {
        self.names.len()
    }

    /// A rule is looked at.
    pub(super) fn note(&mut self, column: usize, rule: &'static str, details: String) {
        self.tallies.entry((column, rule)).or_default().details = details;
    }

    /// A rule does not hold; `row` where it is one row's fault.
    pub(super) fn wrong(
        &mut self,
        column: usize,
        rule: &'static str,
        row: Option<u64>,
        why: impl FnOnce() -> String,
    ) {
        let tally = self.tallies.entry((column, rule)).or_default();
        tally.wrong += 1;
        if tally.told.len() < TOLD {
            let place = row.map(|row| format!(", row {row}")).unwrap_or_default();
            let name = self.names.get(column).map(|name| format!(", column {name}")).unwrap_or_default();
            tally.told.push(format!("{}{place}{name}: {} ({rule})", self.table, why()));
        }
    }

    pub(super) fn end(self) -> Vec<Check> {
        let Checks { table, names, tallies } = self;
        let check = |((column, rule), mut tally): ((usize, &'static str), Tally)| {
            let column = names.get(column);
            let more = tally.wrong - tally.told.len() as u64;
            if more > 0 {
                let name = column.map(|name| format!(", column {name}")).unwrap_or_default();
                tally.told.push(format!("{table}{name}: and {more} more ({rule})"));
            }
            Check {
                table: table.clone(),
                name: column.map_or_else(|| rule.to_owned(), |column| format!("{column}.{rule}")),
                ok: tally.wrong == 0,
                details: tally.details,
                findings: tally.told,
            }
        };
        tallies.into_iter().map(check).collect()
    }
}
