//! Models of `composites`.

mod cylinder_bell_funnel;
mod ets;
mod intermittent_demand;
mod trend_seasonal;

/// What has a file of checks here.
pub const CHECKED: &[&str] =
    &[cylinder_bell_funnel::MODEL, ets::MODEL, intermittent_demand::MODEL, trend_seasonal::MODEL];
