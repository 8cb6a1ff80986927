//! What is known of steps, as shades behind the values.

use std::collections::BTreeSet;

use crate::Span;
use crate::axes::{Entry, Plot};
use crate::data::Selection;
use crate::scene::{Colour, Frame, Mark, Theme};

/// Stretches that can be told apart.
const MOST: usize = 500;

/// What a plot shades: stretches of some channels and of one realization, in sight.
pub(super) struct Shades {
    spans: Vec<Span>,
    kinds: Vec<String>,
    /// What is not shaded.
    pub(super) note: Option<String>,
}

impl Shades {
    pub(super) fn new(spans: &[Span], selection: &Selection, channels: &[usize]) -> Self {
        let steps = &selection.steps;
        let in_sight = |span: &&Span| {
            span.channel.is_none_or(|channel| channels.contains(&channel))
                && span.realization.is_none_or(|one| one == selection.realization)
                && span.steps.start.max(steps.start) < span.steps.end.min(steps.end)
        };
        // A shade behind everything would tell nothing apart.
        let is_everywhere = |span: &&Span| span.steps.start <= steps.start && span.steps.end >= steps.end;
        let (throughout, spans): (Vec<&Span>, Vec<&Span>) =
            spans.iter().filter(in_sight).partition(is_everywhere);
        let kinds =
            |spans: &[&Span]| -> BTreeSet<String> { spans.iter().map(|span| span.kind.clone()).collect() };
        if spans.len() > MOST {
            let named: Vec<String> = kinds(&spans).into_iter().collect();
            let note = format!("{} stretches are too many to shade: {}", spans.len(), named.join(", "));
            return Shades { spans: Vec::new(), kinds: Vec::new(), note: Some(note) };
        }
        let named: Vec<String> = kinds(&throughout).into_iter().collect();
        Shades {
            note: (!named.is_empty()).then(|| format!("throughout: {}", named.join(", "))),
            kinds: kinds(&spans).into_iter().collect(),
            spans: spans.into_iter().cloned().collect(),
        }
    }

    /// An entry for each kind.
    pub(super) fn legend(&self, theme: Theme) -> impl Iterator<Item = Entry> {
        let entry = move |(place, kind): (usize, &String)| Entry {
            text: kind.clone(),
            colour: colour(theme, place).faint(150),
        };
        self.kinds.iter().enumerate().map(entry)
    }

    pub(super) fn draw(&self, plot: &mut Plot, selection: &Selection) {
        for span in &self.spans {
            let from = span.steps.start.max(selection.steps.start);
            let to = span.steps.end.min(selection.steps.end);
            let (left, right) = (plot.x(selection.position(from)), plot.x(selection.position(to - 1)));
            let Frame { y, height, .. } = plot.frame;
            // Also a single step can be seen.
            let place = Frame { x: left - 1.0, y, width: right - left + 2.0, height };
            let kind = self.kinds.iter().position(|kind| *kind == span.kind).unwrap_or(0);
            let marks = vec![Mark::Cell(place, colour(plot.theme, kind).faint(60))];
            plot.draw(format!("span {}", span.kind), marks);
        }
    }
}

/// Not those of the first channels.
fn colour(theme: Theme, kind: usize) -> Colour {
    theme.series(4 + kind)
}
