//! Columns that follow from others of their row.

use arrow_array::ArrayRef;
use mts_core::Column;

use crate::audit::Shape;
use crate::column::{Made, Surroundings, Values};
use crate::expression::{Expression, ExpressionError, Syntax};
use crate::{Finding, Rows};

pub(crate) fn make(text: &str, around: &Surroundings) -> Result<Made, Vec<Finding>> {
    let told = |error: ExpressionError| finding(text, &error, around);
    let syntax = Syntax::parse(text).map_err(|error| vec![told(error)])?;
    let columns: Vec<Column> = around.known.iter().map(|(_, column)| column.clone()).collect();
    let expression = Expression::new(&syntax, &columns, around.seed)
        .map_err(|errors| errors.into_iter().map(told).collect::<Vec<_>>())?;
    let inputs = expression.inputs().iter().map(|at| around.known[*at].0).collect();
    let (kind, nullable) = (expression.kind().clone(), expression.nullable());
    Ok(Made { kind, nullable, inputs, values: Box::new(Computed { expression }), shape: Shape::Free })
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
