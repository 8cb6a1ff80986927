//! Chaotic flows, delays and fields.

mod etdrk4;
pub mod kuramoto_sivashinsky;
pub mod lorenz63;
pub mod lorenz96;
pub mod mackey_glass;
pub mod rossler;

pub use kuramoto_sivashinsky::KuramotoSivashinsky;
pub use lorenz63::Lorenz63;
pub use lorenz96::Lorenz96;
pub use mackey_glass::MackeyGlass;
pub use rossler::Rossler;

use mts_core::Registry;

/// Adds the models of this family.
pub(crate) fn register(registry: Registry) -> Registry {
    registry
        .with::<KuramotoSivashinsky>()
        .with::<Lorenz63>()
        .with::<Lorenz96>()
        .with::<MackeyGlass>()
        .with::<Rossler>()
}
