//! Power spectral density (Welch 1967, doi:10.1109/TAU.1967.1161901).

use std::f64::consts::TAU;

use crate::PlotError;
use crate::axes::{Axes, Axis, Entry, Scale};
use crate::data::{Selection, power};
use crate::scene::{Mark, Pen};

use super::{Aggregate, Before, Canvas, Given, Parts, missing, step_length};

pub(super) const BEFORE: Before = Before::All;

/// Steps of the shortest segment.
pub(super) const LEAST: usize = 16;
const LONGEST: usize = 2048;
const LINES: usize = 4;
const REALIZATIONS: usize = 64;

struct Series {
    channel: usize,
    realization: usize,
    /// Values that no segment is complete of; the mean where one is missing.
    waiting: Vec<f64>,
}

struct Psd {
    selection: Selection,
    channels: Vec<usize>,
    /// Of each channel its mean, and the greatest distance from it, in which values are told.
    scales: Vec<(f64, f64)>,
    /// Steps of a segment, a power of two; each begins in the middle of the one before.
    segment: usize,
    window: Vec<f64>,
    series: Vec<Series>,
    /// Of each channel, the sum of the segments' powers, and their number.
    sums: Vec<(Vec<f64>, u64)>,
    notes: Vec<String>,
}

pub(super) fn start(given: &Given<'_>) -> Result<Box<dyn Aggregate>, PlotError> {
    let selection = given.selection.clone();
    let length = selection.length();
    if length < LEAST {
        let needed = format!("at least {LEAST} steps, found {length}");
        return Err(PlotError::Needs { kind: "psd", needed });
    }
    // Where there are enough steps, eight segments and more make the estimate smooth.
    let segment = 1 << (length / 4).clamp(LEAST, LONGEST).ilog2();
    let (channels, note) = selection.first(LINES);
    let mut notes: Vec<String> = note.into_iter().collect();
    let all = selection.realizations.len();
    if all > REALIZATIONS {
        notes.push(format!("over the first {REALIZATIONS} of {all} realizations"));
    } else if all > 1 {
        notes.push(format!("over {all} realizations"));
    }
    notes.push(format!("Welch, Hann windows of {segment} steps, half overlapping"));
    notes.extend(missing(given.survey.missing()));
    let mut scales = Vec::new();
    let mut series = Vec::new();
    for channel in &channels {
        let place = selection.channels.iter().position(|other| other == channel).unwrap_or(0);
        let surveyed = &given.survey.channels[place];
        scales.push((surveyed.mean, surveyed.reach()));
        for realization in selection.realizations.clone().take(REALIZATIONS) {
            series.push(Series { channel: *channel, realization, waiting: Vec::new() });
        }
    }
    let window =
        (0..segment).map(|i| 0.5 - 0.5 * libm::cos(TAU * i as f64 / segment as f64)).collect::<Vec<f64>>();
    let sums = vec![(vec![0.0; segment / 2 + 1], 0); channels.len()];
    Ok(Box::new(Psd { selection, channels, scales, segment, window, series, sums, notes }))
}

impl Aggregate for Psd {
    fn take(&mut self, _step: usize, slabs: &[f64]) {
        let (stride, slab) = (self.selection.stride, self.selection.slab);
        let mut windowed = vec![0.0; self.segment];
        let mut powers = vec![0.0; self.segment / 2 + 1];
        for series in &mut self.series {
            let place = self.channels.iter().position(|channel| *channel == series.channel).unwrap_or(0);
            let (mean, scale) = self.scales[place];
            let values = slabs[series.channel * stride + series.realization..].iter().step_by(slab);
            series
                .waiting
                .extend(values.map(|value| if value.is_finite() { (*value - mean) / scale } else { 0.0 }));
            let (sums, segments) = &mut self.sums[place];
            let mut from = 0;
            while series.waiting.len() - from >= self.segment {
                let values = &series.waiting[from..from + self.segment];
                let mean = values.iter().sum::<f64>() / self.segment as f64;
                for ((to, value), weight) in windowed.iter_mut().zip(values).zip(&self.window) {
                    *to = (value - mean) * weight;
                }
                power(&windowed, &mut powers);
                sums.iter_mut().zip(&powers).for_each(|(sum, power)| *sum += power);
                *segments += 1;
                from += self.segment / 2;
            }
            series.waiting.drain(..from);
        }
    }

    fn draw(self: Box<Self>, canvas: &Canvas) -> Parts {
        let (unit, step) = step_length(&self.selection);
        let weight: f64 = self.window.iter().map(|weight| weight * weight).sum();
        let density = |((sums, segments), (_, unit)): (&(Vec<f64>, u64), &(f64, f64))| -> Vec<(f64, f64)> {
            let scale = 2.0 * step / (weight * *segments as f64);
            let frequency = |k: usize| k as f64 / (self.segment as f64 * step);
            let all = 1..self.segment / 2;
            all.map(|k| (frequency(k), sums[k] * scale * unit * unit))
                .filter(|(_, power)| *power > 0.0 && power.is_finite())
                .collect()
        };
        let curves: Vec<Vec<(f64, f64)>> = self.sums.iter().zip(&self.scales).map(density).collect();
        let powers = || curves.iter().flatten().map(|(_, power)| *power);
        let (least, greatest) = (powers().fold(f64::INFINITY, f64::min), powers().fold(0.0, f64::max));
        let (least, greatest) = if greatest > 0.0 { (least, greatest) } else { (0.1, 10.0) };
        let (label, per) = match unit {
            "s" => ("frequency, Hz".to_owned(), "value²/Hz".to_owned()),
            other => (format!("frequency, 1/{other}"), format!("value²·{other}")),
        };
        let first = 1.0 / (self.segment as f64 * step);
        let x = Axis::new(label, Scale::Log, first, 0.5 / step);
        let y = Axis::new(format!("power density, {per}"), Scale::Log, least, greatest).with_room(0.05);
        let mut axes = Axes::new(&canvas.title, x, y);
        axes.legend = (self.channels.iter().enumerate())
            .map(|(place, channel)| Entry {
                text: self.selection.channel(*channel),
                colour: canvas.theme.series(place),
            })
            .collect();
        axes.caption = self.notes.clone();
        if curves.iter().all(Vec::is_empty) {
            axes.caption.push(
                "no power that a number can hold: the values are constant, or very large or small".to_owned(),
            );
        }
        let mut plot = axes.lay_out(canvas.width, canvas.height, canvas.theme);
        for (place, (channel, curve)) in self.channels.iter().zip(&curves).enumerate() {
            let points = curve.iter().map(|(frequency, power)| plot.at(*frequency, *power)).collect();
            let pen = Pen::new(canvas.theme.series(place), 1.2);
            plot.draw(self.selection.channel(*channel), vec![Mark::Line(points, pen)]);
        }
        vec![((0.0, 0.0), plot.finish())]
    }
}
