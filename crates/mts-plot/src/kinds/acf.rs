//! Autocorrelation by lag.

use crate::PlotError;
use crate::axes::{Axes, Axis, Entry, Scale};
use crate::data::Selection;
use crate::scene::{Frame, Mark, Pen, Point};

use super::{Aggregate, Before, Canvas, Given, Parts, missing, step_length};

pub(super) const BEFORE: Before = Before::All;

const LINES: usize = 4;
/// Realizations whose products are summed.
const REALIZATIONS: usize = 256;
const LAGS: usize = 200;

struct Series {
    channel: usize,
    realization: usize,
    mean: f64,
    /// The greatest distance from it, in which values are told: no square is too large or too small.
    scale: f64,
    /// The values of the last lags, then new ones, less the mean, by the scale; 0 where one is missing.
    recent: Vec<f64>,
    /// Sums of products by lag.
    sums: Vec<f64>,
}

struct Acf {
    selection: Selection,
    channels: Vec<usize>,
    lags: usize,
    series: Vec<Series>,
    notes: Vec<String>,
}

pub(super) fn start(given: &Given<'_>) -> Result<Box<dyn Aggregate>, PlotError> {
    let selection = given.selection.clone();
    if selection.length() < 2 {
        let needed = format!("at least 2 steps, found {}", selection.length());
        return Err(PlotError::Needs { kind: "acf", needed });
    }
    let (channels, note) = selection.first(LINES);
    let lags = (selection.length() - 1).min(LAGS);
    let mut notes: Vec<String> = note.into_iter().collect();
    let all = selection.realizations.len();
    if all > REALIZATIONS {
        notes.push(format!("over the first {REALIZATIONS} of {all} realizations"));
    } else if all > 1 {
        notes.push(format!("over {all} realizations, around the mean of all"));
    }
    let mut series = Vec::new();
    for channel in &channels {
        let place = selection.channels.iter().position(|other| other == channel).unwrap_or(0);
        let surveyed = &given.survey.channels[place];
        let (mean, scale) = (surveyed.mean, surveyed.reach());
        for realization in selection.realizations.clone().take(REALIZATIONS) {
            let sums = vec![0.0; lags + 1];
            series.push(Series {
                channel: *channel,
                realization,
                mean,
                scale,
                recent: vec![0.0; lags],
                sums,
            });
        }
    }
    notes.extend(missing(given.survey.missing()));
    Ok(Box::new(Acf { selection, channels, lags, series, notes }))
}

impl Aggregate for Acf {
    fn take(&mut self, _step: usize, slabs: &[f64]) {
        let (stride, slab) = (self.selection.stride, self.selection.slab);
        for series in &mut self.series {
            let values = slabs[series.channel * stride + series.realization..].iter().step_by(slab);
            let (mean, scale) = (series.mean, series.scale);
            let centred = |value: &f64| if value.is_finite() { (value - mean) / scale } else { 0.0 };
            series.recent.extend(values.map(centred));
            let all = &series.recent;
            for (lag, sum) in series.sums.iter_mut().enumerate() {
                *sum += dot(&all[self.lags..], &all[self.lags - lag..all.len() - lag]);
            }
            let done = all.len() - self.lags;
            series.recent.drain(..done);
        }
    }

    fn draw(self: Box<Self>, canvas: &Canvas) -> Parts {
        let (unit, step) = step_length(&self.selection);
        let curves: Vec<Vec<f64>> = self.channels.iter().map(|channel| self.curve(*channel)).collect();
        let least = curves.iter().flatten().copied().fold(0.0, f64::min);
        let x = Axis::new(
            format!("lag, {}", if unit == "step" { "steps" } else { unit }),
            Scale::Linear,
            0.0,
            self.lags as f64 * step,
        );
        let y = Axis::new("autocorrelation", Scale::Linear, least, 1.0).with_room(0.04);
        let mut axes = Axes::new(&canvas.title, x, y);
        let colours = |place| canvas.theme.series(place);
        axes.legend = (self.channels.iter().enumerate())
            .map(|(place, channel)| Entry { text: self.selection.channel(*channel), colour: colours(place) })
            .collect();
        let each = self.selection.realizations.len().min(REALIZATIONS);
        let bound = 1.96 / libm::sqrt((self.selection.length() * each) as f64);
        axes.caption = self.notes.clone();
        let constant = self.channels.iter().zip(&curves).filter(|(_, curve)| curve.is_empty());
        let constant: Vec<String> = constant.map(|(channel, _)| channel.to_string()).collect();
        if !constant.is_empty() {
            axes.caption.push(format!(
                "constant, and so without an autocorrelation: channel {}",
                constant.join(", ")
            ));
        }
        axes.caption.push("shaded: where 95 % of white noise would be".to_owned());
        let mut plot = axes.lay_out(canvas.width, canvas.height, canvas.theme);
        let Frame { x: left, width, .. } = plot.frame;
        let (top, bottom) = (plot.y(bound), plot.y(-bound));
        let band = Frame { x: left, y: top, width, height: bottom - top };
        plot.draw("white noise", vec![Mark::Cell(band, canvas.theme.pale().faint(50))]);
        let zero = plot.y(0.0);
        let line = vec![(left, zero), (left + width, zero)];
        plot.draw("zero", vec![Mark::Line(line, Pen::new(canvas.theme.pale(), 1.0))]);
        for (place, (channel, curve)) in self.channels.iter().zip(&curves).enumerate() {
            let at = |(lag, value): (usize, &f64)| plot.at(lag as f64 * step, *value);
            let points: Vec<Point> = curve.iter().enumerate().map(at).collect();
            let mut marks = vec![Mark::Line(points.clone(), Pen::new(colours(place), 1.2))];
            if self.lags <= 60 {
                marks.push(Mark::Dots(points, 2.0, colours(place)));
            }
            plot.draw(self.selection.channel(*channel), marks);
        }
        vec![((0.0, 0.0), plot.finish())]
    }
}

impl Acf {
    /// Sums of products over that of squares; none where the series is constant.
    fn curve(&self, channel: usize) -> Vec<f64> {
        let mut sums = vec![0.0; self.lags + 1];
        for series in self.series.iter().filter(|series| series.channel == channel) {
            sums.iter_mut().zip(&series.sums).for_each(|(sum, more)| *sum += more);
        }
        let variance = sums[0];
        sums.into_iter().map(|sum| sum / variance).filter(|value| value.is_finite()).collect()
    }
}

/// In eight sums, so that they need not wait for each other.
fn dot(left: &[f64], right: &[f64]) -> f64 {
    let mut sums = [0.0; 8];
    let (left, right) = (left.chunks_exact(8), right.chunks_exact(8));
    let rest: f64 = left.remainder().iter().zip(right.remainder()).map(|(x, y)| x * y).sum();
    for (left, right) in left.zip(right) {
        for ((sum, x), y) in sums.iter_mut().zip(left).zip(right) {
            *sum += x * y;
        }
    }
    sums.iter().sum::<f64>() + rest
}
