#![doc = include_str!("../README.md")]

mod autocorrelation;
mod chisquare;
mod kolmogorov;
mod level;
mod mean;
mod normal;
mod periodogram;
mod quantile;
mod tabulated;
mod uniformity;
mod variance;

pub use autocorrelation::{autocorrelation, ljung_box};
pub use chisquare::{chi_square, chi_square_both, goodness_of_fit, goodness_of_fit_counts};
pub use kolmogorov::{kolmogorov, kolmogorov_smirnov};
pub use level::{ALPHA, Z};
pub use mean::{mean_of_estimated_error, mean_of_known_error};
pub use normal::two_sided;
pub use periodogram::{band, periodogram};
pub use quantile::quantile;
pub use tabulated::Tabulated;
pub use uniformity::Uniformity;
pub use variance::variance;
