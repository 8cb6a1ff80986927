#![doc = include_str!("../README.md")]

mod audit;
mod children;
mod choice;
mod column;
mod computed;
mod database;
mod expression;
mod fields;
mod finding;
mod forest;
mod links;
mod masked;
mod path;
mod permutation;
mod purpose;
mod regex;
mod rows;
mod shuffle;
pub mod spec;
mod text;
pub mod words;

pub use audit::{Audit, Check, Ledger};
pub use children::{Children, CountLaw, Infeasible};
pub use database::{Change, Database, Made, Profile, Table};
pub use expression::{Expression, ExpressionError, Syntax, functions};
pub use fields::{data_type, field};
pub use finding::Finding;
pub use forest::Forest;
pub use links::Links;
pub use permutation::{Permutation, WidePermutation};
pub use rows::Rows;
pub use text::texts;
