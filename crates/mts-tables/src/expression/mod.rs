//! Computed columns: expressions in the syntax of Python, with types.

mod alike;
mod arguments;
mod bounds;
mod branches;
mod calls;
mod check;
mod columns;
mod dates;
mod draws;
mod error;
mod fault;
mod functions;
mod lexer;
mod node;
mod numbers;
mod operators;
mod parser;
pub(crate) mod rounding;
mod syntax;
mod texts;
mod tree;
mod vector;

use std::fmt;

use arrow_array::{Array, ArrayRef};
use bumpalo::Bump;
use mts_core::{Column, ColumnType};
use mts_hash::SeedSequence;

pub use error::ExpressionError;
pub use functions::functions;
pub use syntax::Syntax;

use crate::Rows;
use crate::column::ANYWHERE;
use check::Checker;
use node::Batch;
use tree::Tree;

/// A computed column: an expression whose names and types are known, and that cannot fail any more.
pub struct Expression {
    values: Values,
    kind: ColumnType,
    nullable: bool,
    inputs: Vec<usize>,
    range: [f64; 2],
}

impl fmt::Debug for Expression {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Expression { values: _, kind, nullable, inputs, range } = self;
        f.debug_struct("Expression")
            .field("kind", kind)
            .field("nullable", nullable)
            .field("inputs", inputs)
            .field("range", range)
            .finish_non_exhaustive()
    }
}

impl Expression {
    /// Gives the names of `syntax` their columns, and all its terms their types.
    ///
    /// Each call of a random function draws from a path of its own below `seed`, by its place in the text.
    ///
    /// # Errors
    ///
    /// All that is wrong.
    pub fn new(
        syntax: &Syntax,
        columns: &[Column],
        seed: &SeedSequence,
    ) -> Result<Expression, Vec<ExpressionError>> {
        Expression::within(syntax, columns, &vec![ANYWHERE; columns.len()], seed)
    }

    /// The same, where the least and the greatest number of each column is known; infinite where not.
    ///
    /// # Errors
    ///
    /// All that is wrong.
    pub fn within(
        syntax: &Syntax,
        columns: &[Column],
        ranges: &[[f64; 2]],
        seed: &SeedSequence,
    ) -> Result<Expression, Vec<ExpressionError>> {
        let mut checker = Checker { columns, ranges, seed, inputs: Vec::new(), errors: Vec::new() };
        let tree = checker.term(&syntax.root);
        let Checker { inputs, mut errors, .. } = checker;
        let range = tree.as_ref().map_or(ANYWHERE, Tree::range);
        match tree.map(column) {
            Some(Ok((kind, nullable, values))) if errors.is_empty() => {
                Ok(Expression { values, kind, nullable, inputs, range })
            }
            Some(Err(message)) => {
                errors.push(ExpressionError::new(syntax.root.span.clone(), message));
                Err(errors)
            }
            _ => Err(errors),
        }
    }

    /// What it makes.
    pub fn kind(&self) -> &ColumnType {
        &self.kind
    }

    /// Whether it may be without a value.
    pub fn nullable(&self) -> bool {
        self.nullable
    }

    /// Numbers that no value is below, and above; infinite where nothing is known, or values are no numbers.
    pub fn range(&self) -> [f64; 2] {
        self.range
    }

    /// The places of the columns that it reads, each once.
    pub fn inputs(&self) -> &[usize] {
        &self.inputs
    }

    /// Its values in these rows. `inputs` are what the columns of [`inputs`](Self::inputs), in that order, hold in
    /// these rows.
    ///
    /// # Panics
    ///
    /// Where an input is not there, or not of its column's type and the number of rows, and where texts of all rows
    /// together take 2 GiB or more, which no array of texts holds. Builds with debug assertions check, too, that
    /// floats are finite and that only nullable columns miss values.
    pub fn evaluate(&self, inputs: &[ArrayRef], rows: &Rows) -> ArrayRef {
        let count = rows.len();
        assert_eq!(inputs.len(), self.inputs.len(), "an input for each column that is read");
        assert!(inputs.iter().all(|input| input.len() == count), "inputs of {count} rows");
        let texts = Bump::new();
        (self.values)(&Batch { arrays: inputs, rows, texts: &texts })
    }
}

/// The values of some rows as an array.
type Values = Box<dyn Fn(&Batch) -> ArrayRef + Send + Sync>;

/// What the column is: its type, whether values may be missing, and the values.
fn column(tree: Tree) -> Result<(ColumnType, bool, Values), String> {
    Ok(match tree {
        Tree::Boolean(node) => (
            ColumnType::Boolean,
            node.nullable(),
            Box::new(move |batch| columns::booleans(batch.rows.len(), node.run(batch))),
        ),
        Tree::Integer(node) => (
            ColumnType::Integer,
            node.nullable(),
            Box::new(move |batch| columns::integers(batch.rows.len(), node.run(batch))),
        ),
        Tree::Float(node) => (
            ColumnType::Float,
            node.nullable(),
            Box::new(move |batch| columns::floats(batch.rows.len(), node.run(batch))),
        ),
        Tree::Text(node) => (
            ColumnType::Text,
            node.nullable(),
            Box::new(move |batch| columns::texts(batch.rows.len(), node.run(batch))),
        ),
        Tree::Date(node) => (
            ColumnType::Date,
            node.nullable(),
            Box::new(move |batch| columns::days(batch.rows.len(), node.run(batch))),
        ),
        Tree::DateTime(node, zone) => (
            ColumnType::DateTime(zone.clone()),
            node.nullable(),
            Box::new(move |batch| columns::moments(batch.rows.len(), node.run(batch), zone.as_deref())),
        ),
        Tree::None => return Err("a column that is always None has no type".to_owned()),
        Tree::Whole(place) => {
            let name = Tree::Whole(place).name();
            return Err(format!("a computed column cannot be a {name}"));
        }
    })
}
