//! Stochastic differential equations whose steps are exact.

pub mod abm;
pub mod brownian;
pub mod gbm;
pub mod ou;
mod walk;

pub use abm::ArithmeticBrownian;
pub use brownian::Brownian;
pub use gbm::GeometricBrownian;
pub use ou::OrnsteinUhlenbeck;
