#![doc = include_str!("../README.md")]

mod anchor;
mod cursor;
mod describe;
mod document;
mod file;
pub mod grid;
mod include;
mod json;
pub mod kind;
pub mod limits;
mod mapping;
mod names;
mod node;
mod number;
pub mod path;
mod position;
mod problem;
pub mod schema;
mod yaml;

pub use document::{Document, parse};
pub use include::load;
pub use names::nearest;
pub use node::{Content, Entry, Node};
pub use position::Position;
pub use problem::{MAX_PROBLEMS, Problem, Problems};
