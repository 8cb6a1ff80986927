//! Which channel acts on which, as the truth has it.

use std::f64::consts::TAU;

use mts_core::{Edge, Graph};

use crate::PlotError;
use crate::axes::{Axes, Axis, Bar, Scale, counted};
use crate::scene::{Anchor, Colour, Frame, Group, Mark, Pen, Pixels, Text, icefire};

use super::{Aggregate, Before, Canvas, Given, Parts};

pub(super) const BEFORE: Before = Before::Nothing;

/// Channels that have room on a circle; more are drawn as a matrix.
const CIRCLE: usize = 48;

struct Network {
    name: String,
    /// What it is, in words.
    kind: String,
    /// The channels that are drawn.
    nodes: Vec<usize>,
    /// Between places among them.
    edges: Vec<Edge>,
}

pub(super) fn start(given: &Given<'_>) -> Result<Box<dyn Aggregate>, PlotError> {
    let graphs = given.head.truth.as_ref().map(|truth| &truth.graphs);
    let Some((name, graph)) = graphs.and_then(|graphs| graphs.iter().next()) else {
        let needed = "a graph in the truth of the dataset, and there is none".to_owned();
        return Err(PlotError::Needs { kind: "network", needed });
    };
    let nodes = graph.nodes();
    let edge = |from: usize, to: usize| Edge { from, to, lag: 0, weight: 1.0 };
    let edges: Vec<Edge> = match graph {
        Graph::Complete { .. } => (0..nodes)
            .flat_map(|from| (0..nodes).filter(move |to| *to != from).map(move |to| edge(from, to)))
            .collect(),
        Graph::Ring { .. } => (0..nodes)
            .flat_map(|from| [edge(from, (from + 1) % nodes), edge((from + 1) % nodes, from)])
            .filter(|edge| edge.from != edge.to)
            .collect(),
        Graph::Edges { edges, .. } => edges.clone(),
    };
    let selection = given.selection;
    let place = |channel: usize| selection.channels.iter().position(|other| *other == channel);
    let selected = |edge: Edge| Some(Edge { from: place(edge.from)?, to: place(edge.to)?, ..edge });
    let edges = if selection.named { edges.into_iter().filter_map(selected).collect() } else { edges };
    let kind = match graph {
        Graph::Edges { .. } => "graph".to_owned(),
        known => format!("{} graph", known.kind()),
    };
    Ok(Box::new(Network { name: name.clone(), kind, nodes: selection.channels.clone(), edges }))
}

impl Aggregate for Network {
    fn take(&mut self, _step: usize, _slabs: &[f64]) {}

    fn draw(self: Box<Self>, canvas: &Canvas) -> Parts {
        if self.nodes.len() <= CIRCLE { self.circle(canvas) } else { self.matrix(canvas) }
    }
}

impl Network {
    fn caption(&self) -> Vec<String> {
        let lags = self.edges.iter().map(|edge| edge.lag).max().unwrap_or(0);
        let channels = counted(self.nodes.len() as u64, "channel");
        let mut caption = vec![format!("{}: {} of {channels}", self.name, self.kind)];
        if self.kind == "graph" {
            let own = self.edges.iter().filter(|edge| edge.from == edge.to).count();
            caption.push(counted((self.edges.len() - own) as u64, "influence"));
            if own > 0 {
                caption.push(format!("{own} of channels on themselves, not drawn"));
            }
        }
        if lags > 0 {
            caption.push(format!("lags up to {lags}"));
        }
        caption
    }

    /// The greatest weight, which the colours reach on both sides.
    fn bound(&self) -> f64 {
        let most =
            self.edges.iter().map(|edge| edge.weight.abs()).filter(|w| w.is_finite()).fold(0.0, f64::max);
        if most > 0.0 { most } else { 1.0 }
    }

    fn matrix(&self, canvas: &Canvas) -> Parts {
        let bound = self.bound();
        let bar = Axis::new("weight", Scale::Linear, -bound, bound);
        let names: Vec<String> = self.nodes.iter().map(usize::to_string).collect();
        let mut axes = Axes::new(
            &canvas.title,
            Axis::names("from channel", names.clone()),
            Axis::names("to channel", names),
        );
        axes.grid = false;
        axes.square = true;
        // Where all weights are one, what counts is where they are.
        let equal = self.edges.iter().all(|edge| edge.weight == 1.0);
        if !equal {
            axes.bar = Some(Bar { axis: bar.clone() });
        }
        axes.caption = self.caption();
        let mut plot = axes.lay_out(canvas.width, canvas.height, canvas.theme);
        let side = self.nodes.len().min(1024);
        let place = |node: usize| node * side / self.nodes.len();
        let mut weights = vec![f64::NAN; side * side];
        for edge in &self.edges {
            let cell = &mut weights[(side - 1 - place(edge.to)) * side + place(edge.from)];
            if cell.is_nan() || edge.weight.abs() > cell.abs() {
                *cell = edge.weight;
            }
        }
        let colour = |weight: &f64| match weight.is_nan() {
            true => canvas.theme.background(),
            false if equal => canvas.theme.ink(),
            false => icefire(bar.share(*weight)),
        };
        let colours = weights.iter().map(colour).collect();
        plot.draw("influences", vec![Mark::Image(plot.frame, Pixels { width: side, height: side, colours })]);
        vec![((0.0, 0.0), plot.finish())]
    }

    fn circle(&self, canvas: &Canvas) -> Parts {
        let axis = || Axis::new("", Scale::Linear, 0.0, 1.0);
        let mut axes = Axes::new(&canvas.title, axis(), axis());
        axes.caption = self.caption();
        let (frame, mut groups) = axes.bare(canvas.width, canvas.height, canvas.theme);
        let dot = (14.0 - self.nodes.len() as f64 / 8.0).clamp(5.0, 12.0);
        let radius = frame.width.min(frame.height) / 2.0 - dot - 2.0;
        let middle = (frame.x + frame.width / 2.0, frame.y + frame.height / 2.0);
        let at = |node: usize| {
            let (sin, cos) = libm::sincos(TAU * node as f64 / self.nodes.len() as f64);
            (middle.0 + radius * sin, middle.1 - radius * cos)
        };
        let bound = self.bound();
        let both =
            |edge: &Edge| self.edges.iter().any(|other| other.from == edge.to && other.to == edge.from);
        let dense = self.edges.len() > 6 * self.nodes.len();
        let mut lines = Vec::new();
        let mut heads = Vec::new();
        for edge in self.edges.iter().filter(|edge| edge.from != edge.to) {
            let mutual = both(edge) && edge.weight == 1.0;
            if mutual && edge.from > edge.to {
                continue;
            }
            // Each direction and each lag has a line of its own.
            let aside = if mutual { 0.0 } else { 2.5 + 5.0 * edge.lag.saturating_sub(1) as f64 };
            let colour = canvas.theme.series(usize::from(edge.weight < 0.0));
            let strength = (edge.weight.abs() / bound).clamp(0.0, 1.0);
            let colour = colour.faint((if dense { 40.0 } else { 90.0 } + 120.0 * strength * strength) as u8);
            let (from, to) = (at(edge.from), at(edge.to));
            let (dx, dy) = (to.0 - from.0, to.1 - from.1);
            let length = libm::sqrt(dx * dx + dy * dy).max(1e-9);
            let (dx, dy) = (dx / length, dy / length);
            let moved = |(x, y): (f64, f64)| (x - dy * aside, y + dx * aside);
            let (from, to) = (moved(from), moved(to));
            let end = (to.0 - dx * dot, to.1 - dy * dot);
            lines.push(Mark::Line(
                vec![(from.0 + dx * dot, from.1 + dy * dot), end],
                Pen::new(colour, 0.6 + 1.4 * strength),
            ));
            if !mutual {
                let back = (end.0 - dx * 8.0, end.1 - dy * 8.0);
                let wing = |side: f64| (back.0 - side * dy * 3.5, back.1 + side * dx * 3.5);
                heads.push(Mark::Area(vec![end, wing(1.0), wing(-1.0)], colour));
            }
        }
        lines.extend(heads);
        groups.push(Group { name: "influences".to_owned(), clip: None, marks: lines });
        let places = (0..self.nodes.len()).map(at).collect();
        let mut marks = vec![Mark::Dots(places, dot, canvas.theme.ink())];
        for (place, node) in self.nodes.iter().enumerate() {
            let (x, y) = at(place);
            let size = dot * 0.95;
            marks.push(Mark::Text(Text {
                at: (x, y + size * 0.36),
                content: node.to_string(),
                size,
                anchor: Anchor::Middle,
                turned: false,
                colour: canvas.theme.background(),
            }));
        }
        groups.push(Group { name: "channels".to_owned(), clip: None, marks });
        let signed = self.edges.iter().any(|edge| edge.weight < 0.0);
        if signed {
            let note = |y: f64, text: &str, colour: Colour| {
                Mark::Text(Text {
                    at: (frame.x, frame.y + y),
                    content: text.to_owned(),
                    size: 11.5,
                    anchor: Anchor::Start,
                    turned: false,
                    colour,
                })
            };
            let marks = vec![
                note(12.0, "positive", canvas.theme.series(0)),
                note(28.0, "negative", canvas.theme.series(1)),
            ];
            groups.push(Group { name: "legend".to_owned(), clip: None, marks });
        }
        let Frame { .. } = frame;
        vec![((0.0, 0.0), groups)]
    }
}
