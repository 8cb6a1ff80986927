#![doc = include_str!("../README.md")]

pub mod contract;
pub mod linalg;

mod canonical;
mod dataset;
mod dtype;
mod erased;
mod finite;
mod instants;
mod law;
mod model;
mod numbers;
mod problems;
mod registry;
mod relation;
mod series;
mod shape;
mod source;
mod state;
mod time;
mod truth;
mod weave;
mod zscore;

pub use canonical::Canonical;
pub use dataset::{Dataset, Row};
pub use dtype::{Dtype, Rounded};
pub use erased::{AnyDrawn, AnyModel};
pub use finite::{Finite, NonFinite};
pub use instants::{Instants, TimeError};
pub use law::Law;
pub use model::{Facts, Model, Process};
pub use mts_hash::{Array, Map, Value};
pub use numbers::{Numbers, Tensor};
pub use problems::{Problem, Problems};
pub use registry::{Entry, RESERVED, Registry};
pub use relation::{Column, ColumnType, ForeignKey, Relation};
pub use series::{Series, Streams};
pub use shape::{Shape, ShapeError};
pub use source::{Head, SlabSource, SourceError};
pub use state::{Saved, State, StateError};
pub use time::{Time, TimeAxis};
pub use truth::{Edge, Graph, Truth};
pub use zscore::{ZscoreAxis, Zscored};
