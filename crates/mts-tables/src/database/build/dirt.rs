//! What is to be spoilt in a table.

use mts_core::ColumnType;
use mts_rng::Key;

use super::super::TableColumn;
use super::super::dirt::{Dirt, Outliers};
use super::Builder;
use crate::Finding;
use crate::finding::nearest;
use crate::path::child;
use crate::purpose::Purpose;
use crate::spec::TableSpec;

impl Builder<'_> {
    pub(super) fn dirt(&mut self, table: usize, spec: &TableSpec, columns: &[TableColumn]) -> Dirt {
        let path = child(&self.table_path(table), "corruption");
        let seed = self.seed.named(&spec.name);
        let constraints = |at: usize| &spec.columns[at].common.constraints;
        let refers = |at: usize| {
            let link = self.repeated.get(&[table, at]);
            link.is_some_and(|[link, _]| {
                self.ends[*link].as_ref().is_some_and(|ends| ends.child_key.contains(&at))
            })
        };
        let is_referred = |at: usize| {
            let mut ends = self.ends.iter().flatten();
            ends.any(|ends| ends.parent == table && ends.parent_key.contains(&at))
        };
        let is_key = |at: usize| constraints(at).primary_key || refers(at) || is_referred(at);
        let spared: Vec<bool> = (0..columns.len()).map(|at| is_key(at) || constraints(at).not_null).collect();
        let own = &spec.corruption;
        let mut wrong = Vec::new();
        let mut place = |key: &str, name: &str| {
            let found = columns.iter().position(|column| column.name == name);
            if found.is_none() {
                let path = child(&child(&path, key), name);
                let finding = Finding::new(path, format!("{} has no column {name:?}", spec.name));
                let near = nearest(name, columns.iter().map(|column| column.name.as_str()));
                wrong.push(Finding { hint: near.map(|near| format!("did you mean `{near}`?")), ..finding });
            }
            found
        };
        let by_column: Vec<(usize, f64)> = own
            .missing_by_column
            .iter()
            .filter_map(|(name, rate)| Some((place("missing_by_column", name)?, *rate)))
            .collect();
        let noise: Vec<(usize, f64, String)> = own
            .type_noise
            .iter()
            .filter_map(|(name, noise)| Some((place("type_noise", name)?, noise.rate, noise.value.clone())))
            .collect();
        for (at, ..) in &noise {
            if matches!(columns[*at].kind, ColumnType::Struct(_) | ColumnType::List(_)) {
                let path = child(&child(&path, "type_noise"), &columns[*at].name);
                wrong.push(Finding::new(path, "has values of several parts"));
            }
        }
        wrong.into_iter().for_each(|finding| self.wrong(finding));
        let replaced = self.profile.rates();
        let [missing, outliers] = replaced.unwrap_or([own.missing_rate, own.outlier_rate]);
        let key = |at: usize, purpose: Purpose| purpose.key(&seed.named(&columns[at].name));
        let mut dirt = Dirt::default();
        if missing > 0.0 {
            let open = (0..columns.len()).filter(|at| !spared[*at]);
            dirt.missing.extend(open.map(|at| (at, key(at, Purpose::Missing), missing)));
        }
        // A number that grows may meet another.
        let may_grow = |at: &usize| !spared[*at] && !constraints(*at).unique && is_number(&columns[*at].kind);
        let numbers: Vec<(usize, Key)> =
            (0..columns.len()).filter(may_grow).map(|at| (at, key(at, Purpose::Outlier))).collect();
        if outliers > 0.0 && !numbers.is_empty() {
            dirt.outliers =
                Some(Outliers { key: Purpose::Outlier.key(&seed), rate: outliers, columns: numbers });
        }
        if replaced.is_none() {
            let asked = by_column.into_iter().filter(|(_, rate)| *rate > 0.0);
            dirt.missing.extend(asked.map(|(at, rate)| (at, key(at, Purpose::MissingByColumn), rate)));
            let noisy = noise.into_iter().filter(|(_, rate, _)| *rate > 0.0);
            dirt.noise.extend(noisy.map(|(at, rate, value)| (at, key(at, Purpose::TypeNoise), rate, value)));
            let copies = (spec.rows as f64 * own.duplicate_rate) as u64;
            dirt.copies = (copies > 0).then(|| (Purpose::Duplicate.key(&seed), copies));
        }
        dirt
    }
}

fn is_number(kind: &ColumnType) -> bool {
    matches!(kind, ColumnType::Integer | ColumnType::Float | ColumnType::Decimal { .. })
}
