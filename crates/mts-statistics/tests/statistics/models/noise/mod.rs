//! Models of `noise`.

mod alpha_stable;
mod cauchy_noise;
mod colored_noise;
mod correlated_gaussian;
mod laplace_noise;
mod noise_gaussian;
mod student_t_noise;
mod uniform_noise;
mod white;

/// What has a file of checks here.
pub const CHECKED: &[&str] = &[
    alpha_stable::MODEL,
    cauchy_noise::MODEL,
    colored_noise::MODEL,
    correlated_gaussian::MODEL,
    laplace_noise::MODEL,
    noise_gaussian::MODEL,
    student_t_noise::MODEL,
    uniform_noise::MODEL,
];
