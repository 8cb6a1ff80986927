//! Models of `regimes`.

mod markov_switching_var;
mod piecewise;
mod setar;
mod told;

/// What has a file of checks here.
pub const CHECKED: &[&str] = &[markov_switching_var::MODEL, piecewise::MODEL, setar::MODEL];
