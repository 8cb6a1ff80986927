//! Columns that follow from others of their row.

use arrow_array::ArrayRef;
use mts_core::Column;

use crate::audit::Shape;
use crate::column::{Made, Surroundings, Values};
use crate::expression::{Expression, ExpressionError, Syntax};
use crate::spec::Constraints;
use crate::{Finding, Rows};

pub(crate) fn make(
    text: &str,
    constraints: &Constraints,
    around: &Surroundings,
) -> Result<Made, Vec<Finding>> {
    let told = |error: ExpressionError| finding(text, &error, around);
    let syntax = Syntax::parse(text).map_err(|error| vec![told(error)])?;
    let columns: Vec<Column> = around.known.iter().map(|known| known.column.clone()).collect();
    let ranges: Vec<[f64; 2]> = around.known.iter().map(|known| known.range).collect();
    let expression = Expression::within(&syntax, &columns, &ranges, around.seed)
        .map_err(|errors| errors.into_iter().map(told).collect::<Vec<_>>())?;
    let inputs = expression.inputs().iter().map(|at| around.known[*at].place).collect();
    let range = expression.range();
    promised(text, range, constraints, around)?;
    let (kind, nullable) = (expression.kind().clone(), expression.nullable());
    Ok(Made { kind, nullable, inputs, values: Box::new(Computed { expression }), shape: Shape::Free, range })
}

/// Bounds that no value can be beyond are kept; no others can be.
fn promised(
    text: &str,
    [low, high]: [f64; 2],
    constraints: &Constraints,
    around: &Surroundings,
) -> Result<(), Vec<Finding>> {
    let (min, max) = (constraints.min, constraints.max);
    let broken = [("min", min.filter(|min| low < *min)), ("max", max.filter(|max| high > *max))];
    let hint = match (min, max) {
        (Some(min), Some(max)) => format!("hold them there: `clip({text}, {min}, {max})`"),
        (Some(min), None) => format!("hold them there: `max({min}, {text})`"),
        (None, max) => format!("hold them there: `min({}, {text})`", max.unwrap_or_default()),
    };
    let findings: Vec<Finding> = broken
        .into_iter()
        .filter(|(_, broken)| broken.is_some())
        .map(|(key, _)| {
            let known = match (low.is_finite(), high.is_finite()) {
                (false, false) => "all that is known of the values is that they are numbers".to_owned(),
                _ => format!("values may lie anywhere in [{low}, {high}]"),
            };
            let path = format!("{}.constraints.{key}", around.path);
            Finding::new(path, format!("cannot be promised: {known}")).with_hint(hint.clone())
        })
        .collect();
    if findings.is_empty() { Ok(()) } else { Err(findings) }
}

/// Says where in the expression, with what stands there.
fn finding(text: &str, error: &ExpressionError, around: &Surroundings) -> Finding {
    let column = text.get(..error.span.start).unwrap_or_default().chars().count() + 1;
    let found = text.get(error.span.clone()).unwrap_or_default();
    let near = if found.is_empty() { String::new() } else { format!(", at `{found:.40}`") };
    let path = format!("{}.computed", around.path);
    let finding = Finding::new(path, format!("{} (letter {column}{near})", error.message));
    Finding { hint: error.hint.clone(), ..finding }
}

struct Computed {
    expression: Expression,
}

impl Values for Computed {
    fn values(&self, rows: &Rows, inputs: &[ArrayRef]) -> ArrayRef {
        self.expression.evaluate(inputs, rows)
    }
}
