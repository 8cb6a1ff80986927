//! Stochastic differential equations.

pub mod abm;
pub mod brownian;
pub mod cir;
pub mod double_well;
pub mod gbm;
pub mod heston;
pub mod merton;
mod moments;
pub mod multivariate_ou;
pub mod ou;
mod square_root;
mod walk;
mod wells;

pub use abm::ArithmeticBrownian;
pub use brownian::Brownian;
pub use cir::CoxIngersollRoss;
pub use double_well::DoubleWell;
pub use gbm::GeometricBrownian;
pub use heston::Heston;
pub use merton::MertonJump;
pub use multivariate_ou::MultivariateOu;
pub use ou::OrnsteinUhlenbeck;

use mts_core::Registry;

/// Adds the models of this family.
pub(crate) fn register(registry: Registry) -> Registry {
    registry
        .with::<ArithmeticBrownian>()
        .with::<Brownian>()
        .with::<CoxIngersollRoss>()
        .with::<DoubleWell>()
        .with::<GeometricBrownian>()
        .with::<Heston>()
        .with::<MertonJump>()
        .with::<MultivariateOu>()
        .with::<OrnsteinUhlenbeck>()
}
