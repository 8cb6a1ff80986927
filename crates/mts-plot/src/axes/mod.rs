//! A plot: a frame with ticks and texts around what is drawn.

mod dates;
mod scale;
mod ticks;

use crate::scene::{
    Anchor, Colour, Frame, Group, Mark, Pen, Pixels, Point, Text, Theme, icefire, text_width,
};

pub(crate) use scale::{Axis, Scale};
pub(crate) use ticks::{counted, grouped, short};

/// Pixels per em.
const TITLE: f64 = 15.0;
const LABEL: f64 = 13.0;
const TICK: f64 = 11.5;
const CAPTION: f64 = 11.0;

/// Pixels between texts and what they belong to.
const GAP: f64 = 7.0;
const MARGIN: f64 = 14.0;
const TICK_LENGTH: f64 = 4.0;

/// One entry of a legend.
#[derive(Clone, Debug)]
pub(crate) struct Entry {
    pub(crate) text: String,
    pub(crate) colour: Colour,
}

/// A bar of colours beside the frame.
#[derive(Clone, Debug)]
pub(crate) struct Bar {
    pub(crate) axis: Axis,
}

/// What surrounds a plot.
#[derive(Clone, Debug)]
pub(crate) struct Axes {
    pub(crate) title: String,
    pub(crate) x: Axis,
    pub(crate) y: Axis,
    pub(crate) legend: Vec<Entry>,
    pub(crate) bar: Option<Bar>,
    /// In small letters below everything: what was left out or put together.
    pub(crate) caption: Vec<String>,
    /// Whether lines go through the ticks, behind the data.
    pub(crate) grid: bool,
    /// Whether a pixel stands for as much along x as along y.
    pub(crate) square: bool,
    /// Pixels on the left of the frame, at least: plots below each other have their frames so.
    pub(crate) left: f64,
}

impl Axes {
    pub(crate) fn new(title: impl Into<String>, x: Axis, y: Axis) -> Self {
        Axes {
            title: title.into(),
            x,
            y,
            legend: Vec::new(),
            bar: None,
            caption: Vec::new(),
            grid: true,
            square: false,
            left: 0.0,
        }
    }

    /// Lays the plot out on `width` × `height` pixels.
    pub(crate) fn lay_out(self, width: f64, height: f64, theme: Theme) -> Plot {
        let mut groups = Vec::new();
        let mut top = MARGIN;
        if !self.title.is_empty() {
            let content = fitting(&self.title, TITLE, width - 2.0 * MARGIN);
            let at = (width / 2.0, top + TITLE * 0.8);
            groups.push(single("title", text(at, &content, TITLE, Anchor::Middle, theme.ink())));
            top += TITLE + GAP;
        }
        let legend = legend(&self.legend, width - 2.0 * MARGIN, theme);
        let caption = wrapped(&self.caption, CAPTION, width - 2.0 * MARGIN);
        let below = caption.len() as f64 * (CAPTION + 3.0) + if caption.is_empty() { 0.0 } else { GAP };
        let under = TICK_LENGTH + 3.0 + TICK + GAP + LABEL;
        let frame_top = top + legend.height;
        let frame_height = (height - MARGIN - below - under - frame_top).max(20.0);

        let y_count = (frame_height / 38.0).max(2.0) as usize;
        let y_ticks = self.y.ticks(y_count);
        let widest = |ticks: &ticks::Ticks| {
            ticks.ticks.iter().map(|(_, text)| text_width(text, TICK)).fold(0.0, f64::max)
        };
        let beside = GAP + widest(&y_ticks) + 3.0 + TICK_LENGTH;
        let left = (MARGIN + LABEL + beside).max(self.left);
        let bar_ticks = self.bar.as_ref().map(|bar| bar.axis.ticks(y_count));
        let right = match (&self.bar, &bar_ticks) {
            (Some(_), Some(ticks)) => {
                MARGIN + LABEL + GAP + widest(ticks) + 3.0 + TICK_LENGTH + BAR_WIDTH + 2.0 * GAP
            }
            _ => MARGIN + GAP,
        };
        let mut frame =
            Frame { x: left, y: frame_top, width: (width - left - right).max(20.0), height: frame_height };
        if self.square {
            let side = frame.width.min(frame.height);
            frame.x += (frame.width - side) / 2.0;
            frame = Frame { width: side, height: side, ..frame };
        }
        // Whole pixels, so that lines of the frame are sharp.
        frame = Frame {
            x: frame.x.round(),
            y: frame.y.round(),
            width: frame.width.round(),
            height: frame.height.round(),
        };

        let mut marks = legend.marks;
        for mark in &mut marks {
            shift(mark, (width - legend.width) / 2.0, top);
        }
        if !marks.is_empty() {
            groups.push(Group { name: "legend".to_owned(), clip: None, marks });
        }
        let x_ticks = x_ticks(&self.x, frame.width);
        let mut plot = Plot { frame, theme, x: self.x, y: self.y, behind: Vec::new(), front: groups };
        plot.ticks(&x_ticks, &y_ticks, self.grid);
        plot.labels(&x_ticks.note, &y_ticks.note, beside);
        if let (Some(bar), Some(ticks)) = (self.bar, bar_ticks) {
            plot.bar(&bar.axis, &ticks);
        }
        let mut base = height - MARGIN - below + GAP + CAPTION * 0.8;
        let mut marks = Vec::new();
        for line in &caption {
            marks.push(text((MARGIN, base), line, CAPTION, Anchor::Start, theme.pale()));
            base += CAPTION + 3.0;
        }
        if !marks.is_empty() {
            plot.front.push(Group { name: "caption".to_owned(), clip: None, marks });
        }
        plot
    }
}

const BAR_WIDTH: f64 = 14.0;

impl Axes {
    /// Title and caption alone, and the room between them.
    pub(crate) fn bare(self, width: f64, height: f64, theme: Theme) -> (Frame, Vec<Group>) {
        let plot = self.lay_out(width, height, theme);
        let kept = |group: &Group| matches!(group.name.as_str(), "title" | "caption");
        let groups = plot.front.into_iter().filter(kept).collect();
        let Frame { y, height, .. } = plot.frame;
        (Frame { x: MARGIN, y, width: width - 2.0 * MARGIN, height: height + LABEL }, groups)
    }
}

/// A laid out plot, to be drawn into.
pub(crate) struct Plot {
    pub(crate) frame: Frame,
    pub(crate) theme: Theme,
    x: Axis,
    y: Axis,
    behind: Vec<Group>,
    front: Vec<Group>,
}

impl Plot {
    /// Where a pair of values is.
    pub(crate) fn at(&self, x: f64, y: f64) -> Point {
        (self.x(x), self.y(y))
    }

    pub(crate) fn x(&self, value: f64) -> f64 {
        self.frame.x + bounded(self.x.share(value)) * self.frame.width
    }

    pub(crate) fn y(&self, value: f64) -> f64 {
        self.frame.y + (1.0 - bounded(self.y.share(value))) * self.frame.height
    }

    /// Adds marks that are only visible inside the frame.
    pub(crate) fn draw(&mut self, name: impl Into<String>, marks: Vec<Mark>) {
        self.behind.push(Group { name: name.into(), clip: Some(self.frame), marks });
    }

    /// Everything in order.
    pub(crate) fn finish(mut self) -> Vec<Group> {
        let Frame { x, y, width, height } = self.frame;
        let pen = Pen::new(self.theme.ink(), 1.0);
        let corners = [(x, y), (x + width, y), (x + width, y + height), (x, y + height), (x, y)];
        let outline = corners.map(|(x, y)| (x - 0.5, y + 0.5)).to_vec();
        self.behind.push(single("frame", Mark::Line(outline, pen)));
        self.behind.extend(self.front);
        self.behind
    }

    fn ticks(&mut self, x: &ticks::Ticks, y: &ticks::Ticks, grid: bool) {
        let ink = self.theme.ink();
        let pen = Pen::new(ink, 1.0);
        let faint = Pen::new(self.theme.grid(), 1.0);
        let (mut lines, mut below, mut left) = (Vec::new(), Vec::new(), Vec::new());
        let Frame { x: from, y: top, .. } = self.frame;
        let (to, bottom) = (self.frame.right(), self.frame.bottom());
        for (value, content) in &x.ticks {
            let at = self.x(*value).round() - 0.5;
            lines.push(Mark::Line(vec![(at, top), (at, bottom)], faint));
            below.push(Mark::Line(vec![(at, bottom), (at, bottom + TICK_LENGTH)], pen));
            let base = bottom + TICK_LENGTH + 3.0 + TICK * 0.8;
            below.push(text((at, base), content, TICK, Anchor::Middle, ink));
        }
        for (value, content) in &y.ticks {
            let at = self.y(*value).round() + 0.5;
            lines.push(Mark::Line(vec![(from, at), (to, at)], faint));
            left.push(Mark::Line(vec![(from - TICK_LENGTH, at), (from, at)], pen));
            let place = (from - TICK_LENGTH - 3.0, at + TICK * 0.36);
            left.push(text(place, content, TICK, Anchor::End, ink));
        }
        if grid {
            self.draw("grid", lines);
        }
        self.front.push(Group { name: "x ticks".to_owned(), clip: None, marks: below });
        self.front.push(Group { name: "y ticks".to_owned(), clip: None, marks: left });
    }

    /// `beside` is the room between the frame and the label on its left.
    fn labels(&mut self, x_note: &str, y_note: &str, beside: f64) {
        let ink = self.theme.ink();
        let Frame { x, y, width, height } = self.frame;
        let base = y + height + TICK_LENGTH + 3.0 + TICK + GAP + LABEL * 0.8;
        let label = fitting(&with_note(&self.x.label, x_note), LABEL, width.max(120.0));
        self.front.push(single("x label", text((x + width / 2.0, base), &label, LABEL, Anchor::Middle, ink)));
        let label = fitting(&with_note(&self.y.label, y_note), LABEL, height);
        let at = (x - beside - LABEL * 0.2, y + height / 2.0);
        self.front.push(single("y label", turned(text(at, &label, LABEL, Anchor::Middle, ink))));
    }

    fn bar(&mut self, axis: &Axis, ticks: &ticks::Ticks) {
        let ink = self.theme.ink();
        let x = self.frame.right() + 2.0 * GAP;
        let place = Frame { x, y: self.frame.y, width: BAR_WIDTH, height: self.frame.height };
        let height = 256;
        let colours = (0..height).map(|row| icefire(1.0 - row as f64 / (height - 1) as f64)).collect();
        let mut marks = vec![Mark::Image(place, Pixels { width: 1, height, colours })];
        let pen = Pen::new(ink, 1.0);
        let right = place.right();
        for (value, content) in &ticks.ticks {
            let at = (place.bottom() - bounded(axis.share(*value)) * place.height).round() + 0.5;
            marks.push(Mark::Line(vec![(right, at), (right + TICK_LENGTH, at)], pen));
            let place = (right + TICK_LENGTH + 3.0, at + TICK * 0.36);
            marks.push(text(place, content, TICK, Anchor::Start, ink));
        }
        let widest = ticks.ticks.iter().map(|(_, text)| text_width(text, TICK)).fold(0.0, f64::max);
        let label = fitting(&with_note(&axis.label, &ticks.note), LABEL, place.height);
        let at = (right + TICK_LENGTH + 3.0 + widest + GAP + LABEL * 0.8, place.y + place.height / 2.0);
        marks.push(turned(text(at, &label, LABEL, Anchor::Middle, ink)));
        self.front.push(Group { name: "colour bar".to_owned(), clip: None, marks });
    }
}

/// As many ticks as have room beside each other.
fn x_ticks(axis: &Axis, width: f64) -> ticks::Ticks {
    let mut count = (width / 55.0).max(2.0) as usize;
    loop {
        let ticks = axis.ticks(count);
        let room = |pair: &[(f64, String)]| {
            let apart = (axis.share(pair[1].0) - axis.share(pair[0].0)) * width;
            apart - text_width(&pair[0].1, TICK) / 2.0 - text_width(&pair[1].1, TICK) / 2.0 >= 8.0
        };
        if count == 1 || ticks.ticks.windows(2).all(room) {
            return ticks;
        }
        count = (count * 3 / 4).max(1);
    }
}

/// Far outside of the frame is as good as infinitely far, and can be drawn.
fn bounded(share: f64) -> f64 {
    if share.is_nan() { 0.0 } else { share.clamp(-8.0, 9.0) }
}

fn with_note(label: &str, note: &str) -> String {
    match (label.is_empty(), note.is_empty()) {
        (_, true) => label.to_owned(),
        (true, false) => note.to_owned(),
        (false, false) => format!("{label} ({note})"),
    }
}

struct Legend {
    marks: Vec<Mark>,
    width: f64,
    height: f64,
}

/// Entries beside and below each other, in as many rows as needed, three at most.
fn legend(entries: &[Entry], width: f64, theme: Theme) -> Legend {
    const SAMPLE: f64 = 18.0;
    let (mut marks, mut x, mut row, mut widest) = (Vec::new(), 0.0, 0, 0.0_f64);
    for (place, entry) in entries.iter().enumerate() {
        let content = fitting(&entry.text, TICK, width - SAMPLE - 20.0);
        let needed = SAMPLE + 5.0 + text_width(&content, TICK);
        if x > 0.0 && x + needed > width {
            x = 0.0;
            row += 1;
        }
        let y = f64::from(row) * (TICK + 6.0);
        if row == 2 && x > 0.0 && x + needed + 140.0 > width && place + 1 < entries.len() {
            let rest = format!("and {} more", entries.len() - place);
            marks.push(text((x, y + TICK * 0.8), &rest, TICK, Anchor::Start, theme.pale()));
            widest = widest.max(x + text_width(&rest, TICK));
            break;
        }
        let middle = y + TICK * 0.45;
        marks.push(Mark::Line(vec![(x, middle), (x + SAMPLE, middle)], Pen::new(entry.colour, 2.5)));
        marks.push(text((x + SAMPLE + 5.0, y + TICK * 0.8), &content, TICK, Anchor::Start, theme.ink()));
        x += needed;
        widest = widest.max(x);
        x += 16.0;
    }
    let height = if entries.is_empty() { 0.0 } else { f64::from(row + 1) * (TICK + 6.0) + 2.0 };
    Legend { marks, width: widest, height }
}

fn shift(mark: &mut Mark, dx: f64, dy: f64) {
    match mark {
        Mark::Line(points, _) => points.iter_mut().for_each(|(x, y)| (*x, *y) = (*x + dx, *y + dy)),
        Mark::Text(text) => text.at = (text.at.0 + dx, text.at.1 + dy),
        _ => {}
    }
}

fn text(at: Point, content: &str, size: f64, anchor: Anchor, colour: Colour) -> Mark {
    Mark::Text(Text { at, content: content.to_owned(), size, anchor, turned: false, colour })
}

/// The text, reading upwards.
fn turned(mark: Mark) -> Mark {
    match mark {
        Mark::Text(text) => Mark::Text(Text { turned: true, ..text }),
        other => other,
    }
}

fn single(name: &str, mark: Mark) -> Group {
    Group { name: name.to_owned(), clip: None, marks: vec![mark] }
}

/// As much of a text as has room, and dots for the rest.
fn fitting(content: &str, size: f64, width: f64) -> String {
    if text_width(content, size) <= width {
        return content.to_owned();
    }
    let mut kept: Vec<char> = content.chars().collect();
    while !kept.is_empty()
        && text_width(&kept.iter().collect::<String>(), size) + text_width("…", size) > width
    {
        kept.pop();
    }
    kept.into_iter().chain(['…']).collect()
}

/// Parts beside each other, separated by dots, in lines of a width.
fn wrapped(parts: &[String], size: f64, width: f64) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for part in parts {
        let longer = lines.last().map(|line| format!("{line} · {part}"));
        match (longer, lines.last_mut()) {
            (Some(longer), Some(line)) if text_width(&longer, size) <= width => *line = longer,
            _ => lines.push(fitting(part, size, width)),
        }
    }
    lines
}
