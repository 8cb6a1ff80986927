//! Names, places, words.

use std::sync::Arc;

use arrow_array::ArrayRef;
use arrow_array::builder::StringBuilder;
use mts_core::ColumnType;
use mts_rng::{Key, keyed};

use super::{Made, Surroundings, Values, done, refuse, refuse_bounds};
use crate::finding::nearest;
use crate::purpose::Purpose;
use crate::spec::{Constraints, Kind, WordsSpec};
use crate::words::{Group, Locale, Provider};
use crate::{Finding, Rows, WidePermutation};

pub(super) fn make(
    name: &str,
    spec: &WordsSpec,
    constraints: &Constraints,
    around: &Surroundings,
) -> Result<Made, Vec<Finding>> {
    let Some(provider) = Provider::named(name) else {
        let known = Kind::NAMES.iter().copied().chain(Provider::ALL.iter().map(|known| known.name()));
        let finding = Finding::new(around.at("type"), format!("no such type of column: {name:?}"));
        let hint = match nearest(name, known.clone()) {
            Some(near) => format!("did you mean `{near}`?"),
            None => format!("one of {}", known.collect::<Vec<_>>().join(", ")),
        };
        return Err(vec![finding.with_hint(hint)]);
    };
    let locale = match spec.locale.as_deref().unwrap_or("en").parse::<Locale>() {
        Ok(locale) => locale,
        Err(error) => return Err(vec![Finding::new(around.at("locale"), error.to_string())]),
    };
    let mut findings = Vec::new();
    refuse_bounds(&mut findings, around, constraints);
    let why = "cannot be promised for words";
    refuse(&mut findings, around, "pattern", constraints.pattern.is_some(), why);
    refuse(&mut findings, around, "monotonic_increasing", constraints.monotonic_increasing, why);
    if constraints.unique || constraints.primary_key {
        let rows = u128::from(around.rows);
        let at = around.at("constraints.unique");
        let Some(domain) = provider.domain(locale) else {
            let addressed = Provider::ALL.iter().filter(|known| known.domain(locale).is_some());
            let names: Vec<&str> = addressed.map(|known| known.name()).collect();
            let finding = Finding::new(at, format!("cannot be promised for {name}"));
            findings.push(finding.with_hint(format!("it can for {}", names.join(", "))));
            return Err(findings);
        };
        if domain < rows {
            findings
                .push(Finding::new(at, format!("{rows} rows need as many values, and there are {domain}")));
            return Err(findings);
        }
        let order = WidePermutation::new(Key::from(around.seed), domain);
        return done(findings, || Made::new(ColumnType::Text, Distinct { provider, locale, order }));
    }
    let seed = match provider.group() {
        None => around.seed.clone(),
        // What is said of one person or place is made from the same draws.
        Some(group) => {
            let all = match group {
                Group::Person => Purpose::Person,
                Group::Place => Purpose::Place,
            };
            let all = all.below(around.whole);
            spec.of.as_ref().map_or_else(|| all.child(around.nth), |of| all.named(of))
        }
    };
    done(findings, || Made::new(ColumnType::Text, Drawn { provider, locale, key: Key::from(&seed) }))
}

struct Drawn {
    provider: Provider,
    locale: Locale,
    key: Key,
}

impl Values for Drawn {
    fn values(&self, rows: &Rows, _: &[ArrayRef]) -> ArrayRef {
        let mut texts = StringBuilder::with_capacity(rows.len(), 16 * rows.len());
        let mut text = String::new();
        for row in rows.iter() {
            text.clear();
            self.provider.write(self.locale, &mut keyed(self.key, row), &mut text);
            texts.append_value(&text);
        }
        Arc::new(texts.finish())
    }
}

/// Values that are all different.
struct Distinct {
    provider: Provider,
    locale: Locale,
    order: WidePermutation,
}

impl Values for Distinct {
    fn values(&self, rows: &Rows, _: &[ArrayRef]) -> ArrayRef {
        let mut texts = StringBuilder::with_capacity(rows.len(), 24 * rows.len());
        let mut text = String::new();
        for row in rows.iter() {
            text.clear();
            self.provider.write_nth(self.locale, self.order.at(u128::from(row)), &mut text);
            texts.append_value(&text);
        }
        Arc::new(texts.finish())
    }
}
