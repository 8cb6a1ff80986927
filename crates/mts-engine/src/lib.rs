#![doc = include_str!("../README.md")]

pub mod grid;

mod budget;
mod catalogue;
mod checkpoints;
mod compare;
mod engine;
mod generate;
mod jobs;
mod json;
mod kind;
mod machine;
mod manifest;
mod message;
mod observer;
mod overlap;
mod pack;
mod pipe;
mod plan;
mod progress;
mod resources;
mod settings;
mod shard;
mod statistics;
mod stream;
mod survey;
mod task;
mod unit;
mod validate;
mod verify;

pub use catalogue::CATALOGUE;
pub use checkpoints::Sample;
pub use compare::Site;
pub use engine::Engine;
pub use generate::{Options, Outcome, Run, Status, generate, objections};
pub use jobs::with_jobs;
pub use kind::Kind;
pub use observer::Observer;
pub use plan::Plan;
pub use resources::{parse_size, size};
pub use settings::{Dates, Request, Settings};
pub use shard::Shard;
pub use stream::{StreamError, stream};
pub use task::{Compared, Statistics, Task, Writer, Written};
pub use validate::{REPORT, Validated, report, validate, write_report};
pub use verify::{Target, Verified, VerifyError, targets};
