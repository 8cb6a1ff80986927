//! How often values occur.

use crate::PlotError;
use crate::axes::{Axes, Axis, Entry, Scale, counted, grouped, short};
use crate::data::Selection;
use crate::scene::{Frame, Mark, Pen};

use mts_core::Law;

use super::{Aggregate, Before, Canvas, Given, Parts, missing};

pub(super) const BEFORE: Before = Before::All;

/// Where the range is so many times wider than what holds 95 % of the values, the rest is only counted.
pub(super) const FAR: f64 = 12.0;

struct Histogram {
    selection: Selection,
    from: f64,
    to: f64,
    counts: Vec<u64>,
    outside: u64,
    least: f64,
    greatest: f64,
    finite: u64,
    missing: u64,
    laws: Vec<Law>,
}

pub(super) fn start(given: &Given<'_>) -> Result<Box<dyn Aggregate>, PlotError> {
    let (selection, survey) = (given.selection.clone(), given.survey);
    let (least, greatest) = survey.range().unwrap_or((0.0, 0.0));
    let (low, high) = survey.bulk();
    let (mut from, mut to) = (least, greatest);
    if greatest / 2.0 - least / 2.0 > FAR * (high / 2.0 - low / 2.0) && high > low {
        from = least.max(low - (high - low));
        to = greatest.min(high + (high - low));
    }
    if from == to {
        let half = (from.abs() * 1e-3).max(0.5);
        (from, to) = (from - half, to + half);
    }
    let finite: u64 = survey.channels.iter().map(|channel| channel.finite).sum();
    // Rice: two cube roots.
    let bins = (2.0 * libm::cbrt(finite as f64)).clamp(8.0, 120.0) as usize;
    let laws = match &given.options.laws {
        laws if laws.len() == 1 => laws.clone(),
        laws => selection.channels.iter().filter_map(|channel| laws.get(*channel).copied()).collect(),
    };
    Ok(Box::new(Histogram {
        selection,
        from,
        to,
        counts: vec![0; bins],
        outside: 0,
        least,
        greatest,
        finite,
        missing: survey.missing(),
        laws,
    }))
}

impl Aggregate for Histogram {
    fn take(&mut self, _step: usize, slabs: &[f64]) {
        let Selection { slab, stride, .. } = self.selection;
        let bins = self.counts.len();
        // Halves, because the range of the largest numbers is no number.
        let (half, scale) = (self.from / 2.0, bins as f64 / (self.to / 2.0 - self.from / 2.0));
        for slab in slabs.chunks_exact(slab) {
            for channel in &self.selection.channels {
                let row = &slab[channel * stride..][..stride];
                for value in &row[self.selection.realizations.clone()] {
                    if *value >= self.from && *value <= self.to {
                        let bin = ((value / 2.0 - half) * scale) as usize;
                        self.counts[bin.min(bins - 1)] += 1;
                    } else if value.is_finite() {
                        self.outside += 1;
                    }
                }
            }
        }
    }

    fn draw(self: Box<Self>, canvas: &Canvas) -> Parts {
        let bins = self.counts.len() as f64;
        let width = (self.to / bins) - (self.from / bins);
        let density = |count: u64| count as f64 / (self.finite.max(1) as f64 * width);
        let law =
            |value: f64| self.laws.iter().map(|law| law.density(value)).sum::<f64>() / self.laws.len() as f64;
        let at = |share: f64| self.from + share * (self.to / 2.0 - self.from / 2.0) * 2.0;
        const POINTS: usize = 400;
        let curve: Vec<(f64, f64)> = if self.laws.is_empty() {
            Vec::new()
        } else {
            (0..=POINTS).map(|i| at(i as f64 / POINTS as f64)).map(|value| (value, law(value))).collect()
        };
        let highest = self.counts.iter().map(|count| density(*count)).fold(0.0, f64::max);
        // A law that is far higher than what was found would hide it.
        let top =
            curve.iter().map(|(_, density)| *density).filter(|d| *d < 3.0 * highest).fold(highest, f64::max);
        let x = Axis::new("value", Scale::Linear, self.from, self.to);
        let y = Axis::new("density", Scale::Linear, 0.0, top * 1.06);
        let mut axes = Axes::new(&canvas.title, x, y);
        let colour = canvas.theme.series(0);
        axes.legend = if curve.is_empty() {
            Vec::new()
        } else {
            vec![
                Entry { text: "values".to_owned(), colour: colour.faint(150) },
                Entry { text: "stationary law".to_owned(), colour: canvas.theme.series(1) },
            ]
        };
        axes.caption = self.caption();
        let mut plot = axes.lay_out(canvas.width, canvas.height, canvas.theme);
        let edge = |bin: usize| at(bin as f64 / bins);
        let bars = self.counts.iter().enumerate().filter(|(_, count)| **count > 0).map(|(bin, count)| {
            let (left, right) = (plot.x(edge(bin)), plot.x(edge(bin + 1)));
            let (top, bottom) = (plot.y(density(*count)), plot.y(0.0));
            Mark::Cell(
                Frame { x: left, y: top, width: right - left, height: bottom - top },
                colour.faint(150),
            )
        });
        let bars = bars.collect();
        plot.draw("values", bars);
        if !curve.is_empty() {
            let points = curve.iter().map(|(value, density)| plot.at(*value, *density)).collect();
            plot.draw("stationary law", vec![Mark::Line(points, Pen::new(canvas.theme.series(1), 1.8))]);
        }
        vec![((0.0, 0.0), plot.finish())]
    }
}

impl Histogram {
    fn caption(&self) -> Vec<String> {
        let channels = self.selection.channels.len();
        let realizations = self.selection.realizations.len();
        let all = [
            counted(self.finite, "value"),
            counted(channels as u64, "channel"),
            counted(realizations as u64, "realization"),
        ];
        let mut caption = vec![format!("{} of {} × {}", all[0], all[1], all[2])];
        if self.outside > 0 {
            caption.push(format!(
                "{} lie outside, from {} to {}",
                grouped(self.outside),
                short(self.least),
                short(self.greatest)
            ));
        }
        caption.extend(missing(self.missing));
        caption
    }
}
