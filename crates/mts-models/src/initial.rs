//! Initial states in the shapes that people write them, expanded when a process starts.
#![cfg_attr(
    not(all(feature = "maps", feature = "oscillators", feature = "sde")),
    allow(dead_code, reason = "each family uses a part of this")
)]

use std::ops::Range;

use mts_core::{Problems, Shape, Tensor, Truth};

/// A (channel, realization) matrix, as compact as it was written.
#[derive(Clone, Debug)]
pub(crate) struct Initial {
    data: Vec<f64>,
    reading: Reading,
    shape: Shape,
}

/// How numbers fill (channel, realization).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Reading {
    /// One number for all.
    One,
    /// One per channel.
    Channels,
    /// One per realization.
    Realizations,
    /// (channel, realization)
    Matrix,
    /// (realization, channel)
    Transposed,
}

impl Reading {
    fn shape(self, channels: usize, realizations: usize) -> Vec<usize> {
        match self {
            Reading::One => vec![],
            Reading::Channels => vec![channels],
            Reading::Realizations => vec![realizations],
            Reading::Matrix => vec![channels, realizations],
            Reading::Transposed => vec![realizations, channels],
        }
    }

    fn words(self, channels: usize, realizations: usize) -> String {
        match self {
            Reading::One => "one number".to_owned(),
            Reading::Channels => format!("{channels} numbers (one per channel)"),
            Reading::Realizations => format!("{realizations} numbers (one per realization)"),
            Reading::Matrix => format!("a {channels} × {realizations} matrix"),
            Reading::Transposed => format!("a {realizations} × {channels} matrix"),
        }
    }
}

impl Initial {
    /// The same number everywhere.
    pub(crate) fn constant(value: f64, shape: Shape) -> Self {
        Initial { data: vec![value], reading: Reading::One, shape }
    }

    /// Reads a parameter by the first of `readings` that its shape fits.
    pub(crate) fn new(
        name: &str,
        (given, data): (&[usize], &[f64]),
        readings: &[Reading],
        shape: Shape,
        problems: &mut Problems,
    ) -> Option<Self> {
        if let Some(bad) = data.iter().find(|x| !x.is_finite()) {
            problems.finite(name, *bad);
            return None;
        }
        let (channels, realizations) = (shape.channels(), shape.realizations());
        let reading = readings.iter().find(|reading| reading.shape(channels, realizations) == given);
        let Some(reading) = reading else {
            let known: Vec<String> =
                readings.iter().map(|reading| reading.words(channels, realizations)).collect();
            problems.add(name, format_args!("must be {}, found shape {given:?}", known.join(" or ")));
            return None;
        };
        Some(Initial { data: data.to_vec(), reading: *reading, shape })
    }

    /// The (channel, realization) matrix of some realizations.
    pub(crate) fn columns(&self, realizations: Range<usize>) -> Vec<f64> {
        let (channels, total) = (self.shape.channels(), self.shape.realizations());
        let mut columns = Vec::with_capacity(channels * realizations.len());
        for m in 0..channels {
            columns.extend(realizations.clone().map(|r| match self.reading {
                Reading::One => self.data[0],
                Reading::Channels => self.data[m],
                Reading::Realizations => self.data[r],
                Reading::Matrix => self.data[m * total + r],
                Reading::Transposed => self.data[r * channels + m],
            }));
        }
        columns
    }
}

/// Where a flow or map starts: given as `x0`, one number per channel or a matrix, or drawn by the model.
#[derive(Clone, Debug)]
pub(crate) struct Origin {
    given: Option<Initial>,
    total: usize,
}

impl Origin {
    /// Reads the parameter `x0`.
    pub(crate) fn new(x0: Option<&Tensor>, shape: Shape, problems: &mut Problems) -> Option<Self> {
        let readings = [Reading::Channels, Reading::Matrix];
        let given = match x0 {
            None => None,
            Some(x0) => Some(Initial::new("x0", (x0.shape(), x0.data()), &readings, shape, problems)?),
        };
        Some(Origin { given, total: shape.realizations() })
    }

    /// The (channel, realization) matrix of some realizations, and who they are.
    pub(crate) fn start(
        &self,
        realizations: Range<usize>,
        draw: impl FnOnce() -> Vec<f64>,
    ) -> (Vec<f64>, Columns) {
        let x = self.given.as_ref().map_or_else(draw, |given| given.columns(realizations.clone()));
        (x, Columns { realizations, total: self.total })
    }
}

/// The realizations of a process among all those of the shape.
#[derive(Clone, Debug)]
pub(crate) struct Columns {
    pub(crate) realizations: Range<usize>,
    pub(crate) total: usize,
}

impl Columns {
    /// Adds `initial_state`: a row per value of the state, a column per realization.
    pub(crate) fn tell(&self, x: &[f64], truth: &mut Truth) {
        let rows = x.len() / self.realizations.len();
        truth.columns("initial_state", &[rows], self.total, self.realizations.clone(), x);
    }
}
