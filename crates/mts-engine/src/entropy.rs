//! Seeds that nobody gave.

use mts_config::{Problem, Problems};
use mts_hash::Int;

/// 128 bits from the operating system.
pub(crate) fn draw() -> Result<Int, Problems> {
    let mut bytes = [0; 16];
    getrandom::fill(&mut bytes).map_err(|error| {
        let problem = Problem::general(format!("the system gives no random seed: {error}"));
        problem.with_hint("give one: --seed 42")
    })?;
    Ok(u128::from_le_bytes(bytes).into())
}
