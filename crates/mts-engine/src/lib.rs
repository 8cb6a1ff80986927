#![doc = include_str!("../README.md")]

pub mod grid;

mod compare;
mod engine;
mod generate;
mod jobs;
mod json;
mod kind;
mod machine;
mod message;
mod observer;
mod overlap;
mod plan;
mod resources;
mod settings;
mod statistics;
mod stream;
mod task;
mod validate;
mod verify;

pub use engine::Engine;
pub use generate::{Options, Outcome, Status, generate, objections};
pub use kind::Kind;
pub use observer::Observer;
pub use plan::Plan;
pub use resources::size;
pub use settings::{Dates, Request, Settings};
pub use stream::{StreamError, stream};
pub use task::{Statistics, Task, Writer, Written};
pub use validate::{REPORT, Validated, report, validate, write_report};
pub use verify::{Verified, VerifyError, sidecars};
