#![doc = include_str!("../README.md")]

mod axes;
mod data;
mod error;
mod kinds;
mod options;
mod picture;
mod report;
mod scene;

pub use error::PlotError;
pub use kinds::{
    Kind, acf, compose, correlation, heatmap, histogram, network, phase, portrait, psd, timeseries,
};
pub use options::{LEAST, MAX_PIXELS, Options, SIZES, Series, Span};
pub use picture::{Figure, Picture};
pub use report::{Cover, Item, Report, Thumbnail, thumbnail};
pub use scene::Theme;
