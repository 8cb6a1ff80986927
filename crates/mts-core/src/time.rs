//! The time coordinate.

/// What the steps of a dataset stand for.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum TimeAxis {
    /// Counted steps 0, 1, 2, …, as integers: models in discrete time.
    Steps,
    /// Seconds 0, dt, 2·dt, …: models in continuous time.
    Seconds {
        /// Seconds from one step to the next.
        dt: f64,
    },
}

impl TimeAxis {
    /// The coordinate of `step`: `step` itself, or `step · dt`.
    pub fn at(self, step: usize) -> f64 {
        match self {
            TimeAxis::Steps => step as f64,
            TimeAxis::Seconds { dt } => step as f64 * dt,
        }
    }
}
