//! Every model of the catalogue, through the registry, as a user runs it.

mod autoregressive;
mod composites;
mod flows;
mod kernels;
mod labelled;
mod long_memory;
mod lyapunov;
mod maps;
mod neural;
mod noise;
mod order;
mod oscillators;
mod points;
mod regimes;
mod run;
mod sde;
mod volatility;

#[test]
fn every_model_is_checked() {
    let families = [
        noise::CHECKED,
        autoregressive::CHECKED,
        volatility::CHECKED,
        regimes::CHECKED,
        sde::CHECKED,
        oscillators::CHECKED,
        maps::CHECKED,
        flows::CHECKED,
        points::CHECKED,
        neural::CHECKED,
        long_memory::CHECKED,
        kernels::CHECKED,
        composites::CHECKED,
    ];
    let mut checked = families.concat();
    checked.sort_unstable();
    let names: Vec<&str> = mts_models::registry().names().collect();
    assert_eq!(names, checked, "a new model needs a file of checks here");
}
