//! Helpers of the suites in `suite/`: the goldens, numbers that other programs printed.

pub mod golden;
