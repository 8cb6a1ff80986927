//! Values over time.

use crate::axes::{Axes, Axis, Entry, Plot, Scale};
use crate::data::{Column, Columns, Selection, range};
use crate::scene::{Colour, Mark, Pen, Point, Theme};
use crate::{PlotError, Series};

use super::shades::Shades;
use super::{Aggregate, Before, Canvas, Given, Parts, missing, time_axis, which};

pub(super) const BEFORE: Before = Before::Nothing;

/// Channels that can be told apart.
const LINES: usize = 8;
/// Those of which each shows many realizations.
const BUNDLES: usize = 3;
/// Realizations that are drawn over each other.
const OVERLAID: usize = 100;

pub(super) fn start(given: &Given<'_>) -> Result<Box<dyn Aggregate>, PlotError> {
    let selection = given.selection.clone();
    let most = given.canvas.width as usize;
    let several = matches!(given.options.series, Series::Overlay | Series::Fan);
    let (channels, rest) = selection.first(if several { BUNDLES } else { LINES });
    let shades = Shades::new(&given.options.spans, &selection, &channels);
    let notes: Vec<String> = rest.into_iter().chain(shades.note.clone()).collect();
    if given.options.series == Series::Fan {
        if selection.realizations.len() < 2 {
            let found = selection.realizations.len();
            let needed = format!("at least 2 realizations to spread over, found {found}");
            return Err(PlotError::Needs { kind: "a fan", needed });
        }
        return Ok(Box::new(Fan::new(selection, channels, most, shades, notes)));
    }
    let realizations: Vec<usize> = match given.options.series {
        Series::Overlay => selection.realizations.clone().take(OVERLAID).collect(),
        _ => vec![selection.realization],
    };
    let columns = Columns::new(selection.length(), most);
    let lines = channels
        .iter()
        .flat_map(|channel| realizations.iter().map(|realization| (*channel, *realization)))
        .map(|(channel, realization)| Line { channel, realization, columns: columns.clone() })
        .collect();
    Ok(Box::new(Lines { series: given.options.series, selection, channels, lines, shades, notes }))
}

struct Line {
    channel: usize,
    realization: usize,
    columns: Columns,
}

struct Lines {
    series: Series,
    selection: Selection,
    channels: Vec<usize>,
    lines: Vec<Line>,
    shades: Shades,
    notes: Vec<String>,
}

impl Aggregate for Lines {
    fn take(&mut self, step: usize, slabs: &[f64]) {
        let (stride, slab) = (self.selection.stride, self.selection.slab);
        for line in &mut self.lines {
            line.columns.take(step, slabs, line.channel * stride + line.realization, slab);
        }
    }

    fn draw(self: Box<Self>, canvas: &Canvas) -> Parts {
        let all = || self.lines.iter().flat_map(|line| &line.columns.columns);
        let mut axes = value_axes(canvas, &self.selection, range(all()), self.series == Series::Stems);
        axes.legend = legend(&self.selection, &self.channels, canvas.theme);
        axes.legend.extend(self.shades.legend(canvas.theme));
        axes.caption = self.caption();
        let mut plot = axes.lay_out(canvas.width, canvas.height, canvas.theme);
        self.shades.draw(&mut plot, &self.selection);
        for line in &self.lines {
            let place = self.channels.iter().position(|channel| *channel == line.channel).unwrap_or(0);
            let colour = canvas.theme.series(place);
            let name = match self.series {
                Series::Overlay => {
                    format!("{}, realization {}", self.selection.channel(line.channel), line.realization)
                }
                _ => self.selection.channel(line.channel),
            };
            let x =
                |column: usize, share: f64| column_at(&plot, &self.selection, &line.columns, column, share);
            let marks = match self.series {
                Series::Stems => stems(&plot, &line.columns, x, colour),
                Series::Overlay => {
                    let opacity = if self.lines.len() <= 6 { 220 } else { 110 };
                    path(&plot, &line.columns, x, Pen::new(colour.faint(opacity), 0.8))
                }
                _ => path(&plot, &line.columns, x, Pen::new(colour, 1.2)),
            };
            plot.draw(name, marks);
        }
        vec![((0.0, 0.0), plot.finish())]
    }
}

impl Lines {
    fn caption(&self) -> Vec<String> {
        let mut caption = self.notes.clone();
        match self.series {
            Series::Overlay => {
                let (drawn, all) =
                    (self.selection.realizations.len().min(OVERLAID), self.selection.realizations.len());
                caption.push(if drawn < all {
                    format!("the first {drawn} of {all} realizations")
                } else {
                    format!("{all} realizations")
                });
            }
            _ => caption.extend(which(&self.selection)),
        }
        let steps = self.lines.first().map_or(1, |line| line.columns.steps);
        if steps > 1 {
            caption
                .push(format!("every value is covered: {steps} steps share a column from least to greatest"));
        }
        caption.extend(missing(self.lines.iter().map(|line| line.columns.missing()).sum()));
        caption
    }
}

/// Quantiles over realizations.
const BANDS: [f64; 5] = [0.05, 0.25, 0.5, 0.75, 0.95];

/// Realizations from which on there is one beyond the outer band at either end.
const FEW: usize = 20;

struct Fan {
    selection: Selection,
    channels: Vec<usize>,
    shades: Shades,
    notes: Vec<String>,
    steps: usize,
    /// Of each channel, of each column: sums of quantiles and how many there are.
    bands: Vec<Vec<([f64; 5], u32)>>,
    missing: u64,
    sorted: Vec<f64>,
}

impl Fan {
    fn new(
        selection: Selection,
        channels: Vec<usize>,
        most: usize,
        shades: Shades,
        notes: Vec<String>,
    ) -> Self {
        let Columns { steps, columns } = Columns::new(selection.length(), most);
        let bands = vec![vec![([0.0; 5], 0); columns.len()]; channels.len()];
        Fan { selection, channels, shades, notes, steps, bands, missing: 0, sorted: Vec::new() }
    }
}

impl Aggregate for Fan {
    fn take(&mut self, step: usize, slabs: &[f64]) {
        let (stride, slab) = (self.selection.stride, self.selection.slab);
        for (step, slab) in (step..).zip(slabs.chunks_exact(slab)) {
            for (channel, bands) in self.channels.iter().zip(&mut self.bands) {
                let row = &slab[channel * stride..][..stride][self.selection.realizations.clone()];
                self.sorted.clear();
                self.sorted.extend(row.iter().filter(|value| value.is_finite()));
                self.missing += (row.len() - self.sorted.len()) as u64;
                if self.sorted.is_empty() {
                    continue;
                }
                self.sorted.sort_unstable_by(f64::total_cmp);
                let (sums, count) = &mut bands[step / self.steps];
                for (sum, share) in sums.iter_mut().zip(BANDS) {
                    *sum += quantile(&self.sorted, share);
                }
                *count += 1;
            }
        }
    }

    fn draw(self: Box<Self>, canvas: &Canvas) -> Parts {
        let mean = |(sums, count): &([f64; 5], u32)| sums.map(|sum| sum / f64::from(*count));
        let shown = || self.bands.iter().flatten().filter(|(_, count)| *count > 0).map(mean);
        let ends = shown()
            .map(|bands| (bands[0], bands[4]))
            .reduce(|(least, greatest), (low, high)| (least.min(low), greatest.max(high)));
        let mut axes = value_axes(canvas, &self.selection, ends, false);
        axes.legend = legend(&self.selection, &self.channels, canvas.theme);
        axes.legend.extend(self.shades.legend(canvas.theme));
        axes.caption = self.notes.clone();
        let realizations = self.selection.realizations.len();
        axes.caption.push(format!("median of {realizations} realizations, with the bands of 50 % and 90 %"));
        if realizations < FEW {
            axes.caption
                .push(format!("of fewer than {FEW}, the outer band is little more than the extremes"));
        }
        if self.steps > 1 {
            axes.caption.push(format!("quantiles of each step, averaged over {} steps", self.steps));
        }
        axes.caption.extend(missing(self.missing));
        let mut plot = axes.lay_out(canvas.width, canvas.height, canvas.theme);
        self.shades.draw(&mut plot, &self.selection);
        let columns = Columns { steps: self.steps, columns: Vec::new() };
        for (place, (channel, bands)) in self.channels.iter().zip(&self.bands).enumerate() {
            let colour = canvas.theme.series(place);
            let x = |column: usize| column_at(&plot, &self.selection, &columns, column, 0.5);
            let mut marks = Vec::new();
            let runs = runs(bands.len(), |column| bands[column].1 > 0);
            for (low, high, opacity) in [(0, 4, 45), (1, 3, 80)] {
                for run in &runs {
                    let edge = |column: usize, band: usize| (x(column), plot.y(mean(&bands[column])[band]));
                    let upper = run.clone().map(|column| edge(column, high));
                    let lower = run.clone().rev().map(|column| edge(column, low));
                    marks.push(Mark::Area(upper.chain(lower).collect(), colour.faint(opacity)));
                }
            }
            for run in &runs {
                let middle = run.clone().map(|column| (x(column), plot.y(mean(&bands[column])[2]))).collect();
                marks.push(Mark::Line(middle, Pen::new(colour, 1.4)));
            }
            plot.draw(self.selection.channel(*channel), marks);
        }
        vec![((0.0, 0.0), plot.finish())]
    }
}

/// Between the two nearest of sorted values, by their distance.
fn quantile(sorted: &[f64], share: f64) -> f64 {
    let place = share * (sorted.len() - 1) as f64;
    let (below, rest) = (place as usize, place - (place as usize) as f64);
    let above = (below + 1).min(sorted.len() - 1);
    sorted[below] * (1.0 - rest) + sorted[above] * rest
}

/// Ranges of neighbours for which something holds.
fn runs(length: usize, holds: impl Fn(usize) -> bool) -> Vec<std::ops::Range<usize>> {
    let mut runs: Vec<std::ops::Range<usize>> = Vec::new();
    for place in (0..length).filter(|place| holds(*place)) {
        match runs.last_mut() {
            Some(run) if run.end == place => run.end += 1,
            _ => runs.push(place..place + 1),
        }
    }
    runs
}

pub(super) fn value_axes(
    canvas: &Canvas,
    selection: &Selection,
    range: Option<(f64, f64)>,
    zero: bool,
) -> Axes {
    let (mut least, mut greatest) = range.unwrap_or((0.0, 1.0));
    if zero {
        (least, greatest) = (least.min(0.0), greatest.max(0.0));
    }
    let y = Axis::new("value", Scale::Linear, least, greatest).with_room(0.04);
    Axes::new(&canvas.title, time_axis(selection, false), y)
}

fn legend(selection: &Selection, channels: &[usize], theme: Theme) -> Vec<Entry> {
    if channels.len() < 2 {
        return channels.iter().map(|channel| entry(selection.channel(*channel), theme.series(0))).collect();
    }
    channels
        .iter()
        .enumerate()
        .map(|(place, channel)| entry(selection.channel(*channel), theme.series(place)))
        .collect()
}

fn entry(text: String, colour: Colour) -> Entry {
    Entry { text, colour }
}

/// Where along the time axis a share of a column is.
pub(super) fn column_at(
    plot: &Plot,
    selection: &Selection,
    columns: &Columns,
    column: usize,
    share: f64,
) -> f64 {
    let first = column * columns.steps;
    let last = ((column + 1) * columns.steps).min(selection.length()) - 1;
    let at = |step: usize| plot.x(selection.position(selection.steps.start + step));
    at(first) + share * (at(last) - at(first))
}

/// A line through all that the columns cover, interrupted where values are missing.
pub(super) fn path(plot: &Plot, columns: &Columns, x: impl Fn(usize, f64) -> f64, pen: Pen) -> Vec<Mark> {
    let mut marks = Vec::new();
    for run in runs(columns.columns.len(), |column| columns.columns[column].finite > 0) {
        let mut points: Vec<Point> = Vec::new();
        for column in run {
            let Column { first, least, greatest, last, finite, .. } = columns.columns[column];
            let rising = last >= first;
            let (near, far) = if rising { (least, greatest) } else { (greatest, least) };
            let through = [(0.0, first), (1.0 / 3.0, near), (2.0 / 3.0, far), (1.0, last)];
            let through = if finite == 1 { &through[..1] } else { &through[..] };
            points.extend(through.iter().map(|(share, value)| (x(column, *share), plot.y(*value))));
        }
        marks.push(match points.as_slice() {
            [alone] => Mark::Dots(vec![*alone], pen.width * 1.2, pen.colour),
            _ => Mark::Line(points, pen),
        });
    }
    marks
}

/// Stems from zero, with a dot at each value.
fn stems(plot: &Plot, columns: &Columns, x: impl Fn(usize, f64) -> f64, colour: Colour) -> Vec<Mark> {
    let zero = plot.y(0.0);
    let mut marks = Vec::new();
    let mut dots = Vec::new();
    for (place, column) in columns.columns.iter().enumerate().filter(|(_, column)| column.finite > 0) {
        let x = x(place, 0.5);
        let (low, high) = (plot.y(column.least.min(0.0)), plot.y(column.greatest.max(0.0)));
        marks.push(Mark::Line(
            vec![(x, low.max(zero)), (x, high.min(zero))],
            Pen::new(colour.faint(180), 1.0),
        ));
        dots.push((x, plot.y(column.greatest)));
        if column.finite > 1 {
            dots.push((x, plot.y(column.least)));
        }
    }
    marks.push(Mark::Dots(dots, 2.5, colour));
    marks
}
