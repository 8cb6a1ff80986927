//! Every model of the catalogue, through the registry, as a user runs it.

mod abm;
mod ar;
mod autocovariance;
mod brownian;
mod cauchy_noise;
mod cml;
mod gbm;
mod graphs;
mod kuramoto;
mod noise_gaussian;
mod order_parameter;
mod ou;
mod run;
mod synchronisation;
mod var;
mod walk;

/// What has a file of checks here.
const CHECKED: [&str; 10] = [
    abm::MODEL,
    ar::MODEL,
    brownian::MODEL,
    cauchy_noise::MODEL,
    cml::MODEL,
    gbm::MODEL,
    kuramoto::MODEL,
    noise_gaussian::MODEL,
    ou::MODEL,
    var::MODEL,
];

#[test]
fn every_model_is_checked() {
    let names: Vec<&str> = mts_models::registry().names().collect();
    assert_eq!(names, CHECKED, "a new model needs a file of checks here");
}
