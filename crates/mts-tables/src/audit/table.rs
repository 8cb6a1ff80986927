//! The rows of one table against its rules.

use std::collections::BTreeMap;

use arrow_array::Array as _;

use super::ALPHA;
use super::batch::Batch;
use super::cells::{has_numbers, integers, is_nested, number_of, numbers};
use super::checks::Checks;
use super::keys::{Hash, Keys};
use super::ledger::Ledger;
use super::rule::Rule;
use super::shape::{Shape, Weighted};
use super::special::binomial;
use crate::database::{Source, Table, TableColumn};

/// Values that are kept for the law of a column; of more, every second, third, … is.
const SAMPLE: u64 = 1 << 20;

/// What is known of a table so far.
pub(super) struct TableAudit<'a> {
    table: &'a Table,
    ledger: &'a Ledger,
    columns: Vec<Column>,
    pub(super) keys: Vec<Keys>,
    /// Rows, copies aside.
    rows: u64,
    /// Copies: the row, the one that it is of, and its hash.
    copies: Vec<(u64, u64, u128)>,
    sources: BTreeMap<u64, u128>,
    /// Rows with a number that an outlier may grow from.
    growing: u64,
    /// Whether all of it could be read.
    pub(super) is_whole: bool,
    pub(super) checks: Checks,
}

/// What is known of a column so far.
#[derive(Default)]
struct Column {
    /// Values that are not there, and that the ledger does not list.
    missing: u64,
    last: Option<(u64, Last)>,
    /// Values of a law.
    sample: Vec<f64>,
    /// How often each of some values occurs, by what stands in the other column.
    counts: BTreeMap<Option<String>, Vec<u64>>,
}

enum Last {
    Number(f64),
    Text(String),
}

impl<'a> TableAudit<'a> {
    pub(super) fn new(table: &'a Table, ledger: &'a Ledger) -> Self {
        let names = table.columns.iter().map(|column| column.name.clone()).collect();
        let mut audit = TableAudit {
            table,
            ledger,
            columns: table.columns.iter().map(|_| Column::default()).collect(),
            keys: Vec::new(),
            rows: 0,
            copies: Vec::new(),
            sources: BTreeMap::new(),
            growing: 0,
            is_whole: false,
            checks: Checks::new(&table.relation.name, names),
        };
        let places = || 0..table.columns.len();
        let key: Vec<usize> = places().filter(|at| table.columns[*at].rule.primary_key).collect();
        for at in places().filter(|at| table.columns[*at].rule.unique && key != [*at]) {
            audit.keys(&[at], "unique");
        }
        if !key.is_empty() {
            audit.keys(&key, "primary_key");
        }
        audit
    }

    /// The place of the keys of some columns.
    pub(super) fn keys(&mut self, columns: &[usize], rule: &'static str) -> usize {
        let found = self.keys.iter().position(|keys| keys.columns == columns);
        found.unwrap_or_else(|| {
            self.keys.push(Keys::new(columns.to_vec(), rule, self.table.rows));
            self.keys.len() - 1
        })
    }

    /// The key of each row before it was spoilt; none where a part is missing, and of copies.
    pub(super) fn hashes(batch: &Batch, columns: &[usize]) -> Vec<Option<u128>> {
        let cells: Vec<Vec<Option<&str>>> = columns.iter().map(|column| batch.before(*column)).collect();
        let one = |at: usize| {
            let parts = cells.iter().try_fold(Hash::new(), |hash, cells| Some(hash.with(cells[at]?)));
            parts.filter(|_| batch.originals[at].is_none()).map(Hash::end)
        };
        (0..batch.rows.len()).map(one).collect()
    }

    pub(super) fn read(&mut self, batch: &Batch) {
        self.rows += batch.originals.iter().filter(|original| original.is_none()).count() as u64;
        for at in 0..self.table.columns.len() {
            self.spoilt(batch, at);
            self.cells(batch, at);
        }
        for keys in &mut self.keys {
            for (row, hash) in batch.rows.iter().zip(TableAudit::hashes(batch, &keys.columns)) {
                if let Some(hash) = hash.filter(|hash| keys.keeps(*hash)) {
                    keys.add(hash, *row);
                }
            }
        }
        self.growing += self.growing(batch);
        for (at, row) in batch.rows.iter().enumerate() {
            let original = batch.originals[at];
            if original.is_some() || self.ledger.is_source(*row) {
                let parts = (0..batch.columns.len()).map(|column| batch.text(column, at).unwrap_or("\u{0}"));
                let hash = parts.fold(Hash::new(), Hash::with).end();
                match original {
                    Some(original) => self.copies.push((*row, original, hash)),
                    None => drop(self.sources.insert(*row, hash)),
                }
            }
        }
    }

    /// Rows with a number that an outlier may grow from: it is there, and not 0.
    fn growing(&self, batch: &Batch) -> u64 {
        let mut growing = vec![false; batch.rows.len()];
        for (column, _) in self.table.dirt.outliers.iter().flat_map(|outliers| &outliers.columns) {
            let array = &batch.columns[*column];
            for (at, before) in batch.before(*column).into_iter().enumerate() {
                growing[at] |= array.is_valid(at) && before.is_some_and(|text| text.parse() != Ok(0.0));
            }
        }
        growing.iter().zip(&batch.originals).filter(|(grows, of)| **grows && of.is_none()).count() as u64
    }

    /// Cells that the ledger lists hold what it says.
    fn spoilt(&mut self, batch: &Batch, column: usize) {
        for cell in &batch.spoilt[column] {
            let found = batch.text(column, cell.at);
            let same = match (found, cell.after) {
                (Some(found), Some(after)) => {
                    found == after || found.parse() == Ok(0.0) && after.parse() == Ok(0.0)
                }
                (found, after) => found == after,
            };
            if !same {
                self.checks.wrong(column, "ledger", Some(batch.rows[cell.at]), || {
                    let (found, after) = (found.unwrap_or("nothing"), cell.after.unwrap_or("nothing"));
                    format!("{found}, and the ledger says {after}, {}", cell.kind)
                });
            }
        }
    }

    fn cells(&mut self, batch: &Batch, at: usize) {
        let TableColumn { rule, kind, nullable, .. } = &self.table.columns[at];
        let (array, sound) = (&batch.columns[at], batch.sound(at));
        let each = || (0..batch.rows.len()).filter(|row| sound[*row]);
        for row in each().filter(|row| array.is_null(*row)) {
            self.columns[at].missing += 1;
            if !nullable {
                let row = Some(batch.rows[row]);
                self.checks.wrong(at, "not_null", row, || "nothing, and no value may be missing".to_owned());
            }
        }
        if is_nested(kind) {
            return;
        }
        let became_text = self.table.dirt.is_noisy(at) && has_numbers(kind);
        let of_kind = if rule.reads_numbers() && has_numbers(kind) || became_text {
            numbers(array, kind)
        } else {
            Vec::new()
        };
        let number = |row: usize| of_kind.get(row).copied().flatten();
        for row in each().filter(|row| array.is_valid(*row)) {
            let place = Some(batch.rows[row]);
            let shown = || batch.shown(at, row);
            if let Some(number) = number(row) {
                if number.is_nan() {
                    self.checks.wrong(at, "type", place, || format!("{:?} is no value of its type", shown()));
                    continue;
                }
                if let Some(least) = rule.least.filter(|least| number < *least) {
                    self.checks.wrong(at, "min", place, || format!("{} is less than {least}", shown()));
                }
                if let Some(greatest) = rule.greatest.filter(|greatest| number > *greatest) {
                    self.checks.wrong(at, "max", place, || format!("{} is more than {greatest}", shown()));
                }
            }
            if !rule.reads_texts() {
                continue;
            }
            let text = batch.shown(at, row);
            if rule.pattern.as_ref().is_some_and(|pattern| !pattern.is_match(text)) {
                self.checks.wrong(at, "pattern", place, || format!("{text:?} does not match"));
            }
            if !rule.allowed.iter().all(|allowed| allowed.has(number(row), text)) {
                self.checks.wrong(at, "allowed_values", place, || format!("{text} is not among them"));
            }
        }
        if rule.rising {
            self.rising(batch, at, &sound, &of_kind);
        }
        match &rule.shape {
            Shape::Free => {}
            Shape::Numbers(spread) => {
                let exact = if spread.is_exact() { integers(array) } else { Vec::new() };
                let every = self.table.rows.div_ceil(SAMPLE).max(1);
                let chosen = each().filter(|row| batch.rows[*row].is_multiple_of(every));
                // What was spoilt counts as it was: which cells that is may depend on what they hold.
                let spoilt = batch.spoilt[at].iter().filter(|cell| {
                    batch.originals[cell.at].is_none() && batch.rows[cell.at].is_multiple_of(every)
                });
                let before = spoilt.filter_map(|cell| {
                    let exact = if spread.is_exact() { cell.before?.parse().ok() } else { None };
                    Some((number_of(cell.before?, kind)?, exact))
                });
                let sound = chosen.filter_map(|row| Some((number(row)?, exact.get(row).copied().flatten())));
                let all = sound.chain(before).filter(|(number, _)| !number.is_nan());
                self.columns[at].sample.extend(all.map(|(number, exact)| spread.place(number, exact)));
            }
            Shape::Weighted(weighted) => self.count(batch, at, weighted),
        }
    }

    /// Rows of partitions come in order within each.
    fn rising(&mut self, batch: &Batch, at: usize, sound: &[bool], numbers: &[Option<f64>]) {
        for row in (0..batch.rows.len()).filter(|row| sound[*row]) {
            let Some(text) = batch.text(at, row) else { continue };
            let number = numbers.get(row).copied().flatten();
            let falls = match &self.columns[at].last {
                Some((last, _)) if *last > batch.rows[row] => false,
                Some((_, Last::Number(last))) => number.is_some_and(|number| number < *last),
                Some((_, Last::Text(last))) => text < last.as_str(),
                None => false,
            };
            if falls {
                let place = Some(batch.rows[row]);
                self.checks
                    .wrong(at, "monotonic_increasing", place, || format!("{text} after a greater one"));
            }
            let last = number.map_or_else(|| Last::Text(text.to_owned()), Last::Number);
            self.columns[at].last = Some((batch.rows[row], last));
        }
    }

    fn count(&mut self, batch: &Batch, at: usize, weighted: &Weighted) {
        let cells = batch.before(at);
        let given = weighted.given.as_ref().map(|(column, by)| (batch.before(*column), by));
        let places: BTreeMap<&str, usize> =
            (0..).zip(&weighted.values).map(|(at, text)| (text.as_str(), at)).collect();
        for row in (0..batch.rows.len()).filter(|row| batch.originals[*row].is_none()) {
            let Some(text) = cells[row] else { continue };
            let group =
                given.as_ref().and_then(|(cells, by)| cells[row].filter(|cell| by.contains_key(*cell)));
            let counts = &mut self.columns[at].counts;
            let zero = || vec![0; weighted.values.len()];
            match places.get(if text == "-0.0" { "0.0" } else { text }) {
                Some(place) => match counts.get_mut(&group.map(str::to_owned)) {
                    Some(counts) => counts[*place] += 1,
                    None => counts.entry(group.map(str::to_owned)).or_insert_with(zero)[*place] += 1,
                },
                None => {
                    let place = Some(batch.rows[row]);
                    self.checks.wrong(at, "categories", place, || format!("{text} is none of them"));
                }
            }
        }
    }

    /// After the last row; `is_whole` where it was reached.
    pub(super) fn close(&mut self, is_whole: bool) {
        self.is_whole = is_whole;
        for keys in &mut self.keys {
            let place = if let [one] = *keys.columns { one } else { self.checks.whole() };
            let pairs = keys.close();
            let every =
                if keys.every > 1 { format!(", one in {} by hash", keys.every) } else { String::new() };
            self.checks.note(place, keys.rule, format!("{} keys{every}", keys.entries().len()));
            for [first, second] in pairs {
                let why = || format!("the same as in row {first}, and no two may be");
                self.checks.wrong(place, keys.rule, Some(second), why);
            }
        }
        for (row, original, hash) in std::mem::take(&mut self.copies) {
            if is_whole && self.sources.get(&original) != Some(&hash) {
                let why = || format!("is no copy of row {original}, as the ledger says");
                self.checks.wrong(self.checks.whole(), "duplicate", Some(row), why);
            }
        }
        if is_whole {
            (0..self.columns.len()).for_each(|at| self.shares(at));
            (0..self.columns.len()).for_each(|at| self.law(at));
            if let Some(outliers) = &self.table.dirt.outliers {
                let hits =
                    self.ledger.changes().iter().filter(|change| change.kind == "outlier").count() as u64;
                self.rate(self.checks.whole(), "outlier_rate", hits, self.growing, outliers.rate);
            }
        }
    }

    /// Whether as many values are missing and spoilt as rates say.
    fn shares(&mut self, at: usize) {
        let column = &self.table.columns[at];
        let (all, missing) = (self.rows, self.columns[at].missing);
        if matches!(column.source, Source::Own { .. }) && column.nullable {
            match (column.rule.has_gaps, column.nulls) {
                (false, Some((_, rate))) => self.rate(at, "null_rate", missing, all, rate),
                _ => self.checks.note(
                    at,
                    "null_rate",
                    "not tested: values may be missing by themselves".to_owned(),
                ),
            }
        }
        let listed = |kind: &str| {
            let changes = self.ledger.changes().iter();
            changes.filter(|change| change.column == Some(at) && change.kind == kind).count() as u64
        };
        let dirt = &self.table.dirt;
        let there = all.saturating_sub(missing);
        let lost = listed("missing");
        let kept: f64 =
            dirt.missing.iter().filter(|(of, ..)| *of == at).map(|(.., rate)| 1.0 - rate).product();
        let left = there.saturating_sub(lost);
        let noise = dirt.noise.iter().find(|(of, ..)| *of == at).map_or(0.0, |(_, _, rate, _)| *rate);
        let noisy = listed("type_noise");
        let rates = [("missing_rate", lost, there, 1.0 - kept), ("type_noise", noisy, left, noise)];
        for (rule, hits, of, rate) in rates {
            if rate > 0.0 || hits > 0 {
                self.rate(at, rule, hits, of, rate);
            }
        }
    }

    fn rate(&mut self, at: usize, rule: &'static str, hits: u64, of: u64, rate: f64) {
        let p = binomial(hits.min(of), of, rate);
        let found = format!("{hits} of {of} values, expected a share of {rate}");
        if p < ALPHA {
            self.checks.wrong(at, rule, None, || format!("{found}: p = {p:.1e}"));
        }
        self.checks.note(at, rule, format!("{found}: p = {p:.2e}"));
    }

    /// Whether values have their law.
    fn law(&mut self, at: usize) {
        let rule: &Rule = &self.table.columns[at].rule;
        let column = &mut self.columns[at];
        let mut p_values: Vec<(String, Option<f64>)> = Vec::new();
        match &rule.shape {
            Shape::Free => {
                self.checks.note(at, "distribution", "not tested: no law of its own".to_owned());
                return;
            }
            Shape::Numbers(spread) => p_values.push((String::new(), spread.test(&mut column.sample))),
            // Values that are all different have no weights.
            Shape::Weighted(_) if rule.unique || rule.primary_key => {}
            Shape::Weighted(weighted) => {
                for (group, counts) in &column.counts {
                    let given = weighted.given.as_ref().zip(group.as_ref());
                    let own = given.and_then(|((_, by), group)| by.get(group));
                    let named = group.as_ref().map(|group| format!(" where {group}")).unwrap_or_default();
                    p_values.push((named, Weighted::test(counts, own.unwrap_or(&weighted.weights))));
                }
            }
        }
        column.sample = Vec::new();
        let tested: Vec<String> =
            p_values.iter().filter_map(|(group, p)| p.map(|p| format!("p = {p:.2e}{group}"))).collect();
        let details =
            if tested.is_empty() { "not tested: too few values".to_owned() } else { tested.join(", ") };
        self.checks.note(at, "distribution", details);
        for (group, p) in p_values {
            if let Some(p) = p.filter(|p| *p < ALPHA) {
                self.checks.wrong(at, "distribution", None, || {
                    format!("values have another law{group}: p = {p:.1e}")
                });
            }
        }
    }
}
