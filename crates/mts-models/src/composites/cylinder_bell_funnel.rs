//! Saito's cylinders, bells and funnels.
//!
//! ```
//! use mts_core::{Dataset, Series, Shape, Streams};
//! use mts_hash::SeedSequence;
//!
//! let registry = mts_models::registry();
//! let entry = registry.get("cylinder_bell_funnel").expect("compiled in");
//! let model = entry.build(serde_json::json!({ "class": "bell" }), Shape::new(1, 128, 1)?)?;
//! let dataset = Dataset::collect(&mut Series::new(model, SeedSequence::new(7_u64), Streams::Shared))?;
//! assert_eq!(dataset.values()[..3], [-0.2741378553622176, -0.8905918387572742, -0.45467078517172255]);
//! # Ok::<(), Box<dyn std::error::Error + Send + Sync>>(())
//! ```

use std::ops::Range;
use std::sync::Arc;

use mts_core::{
    Facts, Label, Map, Model, Problems, Process, Saved, Shape, State, StateError, TimeAxis, Truth,
};
use mts_rng::Rng;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Cylinders, bells and funnels in noise: the classic three classes for classifiers of series.
///
/// Each channel of each realization is one example. From step a to step b, the last included, a cylinder is h, a bell
/// rises, h (t - a) / (b - a), a funnel falls, h (b - t) / (b - a); elsewhere the value is 0. To each value, standard
/// normal noise is added. The height h is 6 and a standard normal. For T = 128 as published, a is an integer
/// uniform in 16..=32 and b - a in 32..=96; for other T in T/8..=T/4 and T/4..=3T/4, rounded down, b - a
/// at least 1. What lies behind the last step is cut off. As the shape depends on T, a shorter run is no
/// prefix of a longer one.
///
/// Draws, for each channel and realization: the class unless given, a, b - a, and the normal of h; then one
/// normal per value.
///
/// Labels: `cylinder`, `bell` or `funnel` from a to b, with the `height`. Truth: `class` (0 cylinder, 1 bell, 2 funnel),
/// `begin` (a), `end` (b) and `height` of each channel and realization.
///
/// Reference: N. Saito (1994), Local feature extraction and its applications using a library of bases, PhD
/// thesis, Yale University.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Params {
    /// The class of all series.
    pub class: Class,
    /// Mean height.
    pub height: f64,
    /// Standard deviation of heights, at least 0.
    #[schemars(range(min = 0.0))]
    pub height_std: f64,
    /// Standard deviation of the noise, at least 0.
    #[schemars(range(min = 0.0))]
    pub sigma: f64,
}

/// What a series shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Class {
    /// One of the three, each as likely.
    Any,
    /// A plateau.
    Cylinder,
    /// A rise and a sudden fall.
    Bell,
    /// A sudden rise and a fall.
    Funnel,
}

impl Default for Params {
    fn default() -> Self {
        Params { class: Class::Any, height: 6.0, height_std: 1.0, sigma: 1.0 }
    }
}

/// A validated configuration, see [`Params`].
#[derive(Clone, Debug)]
pub struct CylinderBellFunnel {
    params: Params,
    shape: Shape,
}

/// One example.
#[derive(Clone, Copy, Debug)]
struct Example {
    class: Class,
    begin: usize,
    end: usize,
    height: f64,
}

const CLASSES: [(Class, &str); 3] =
    [(Class::Cylinder, "cylinder"), (Class::Bell, "bell"), (Class::Funnel, "funnel")];

impl Model for CylinderBellFunnel {
    const NAME: &'static str = "cylinder_bell_funnel";
    const FAMILY: &'static str = "composites";
    const SHAPE: Shape = Shape::of(5, 128, 1);
    type Params = Params;
    type Drawn = ();

    fn new(params: Params, shape: Shape, problems: &mut Problems) -> Option<Self> {
        problems.finite("height", params.height);
        problems.non_negative("height_std", params.height_std);
        problems.non_negative("sigma", params.sigma);
        problems.is_empty().then_some(CylinderBellFunnel { params, shape })
    }

    fn facts(&self) -> Facts {
        Facts::new(TimeAxis::Steps)
            .attribute("sigma", self.params.sigma)
            .state_bytes(32 * self.shape.slab())
            .cost(4.0 + 500.0 / self.shape.steps() as f64)
            .whole_path()
            .labelled()
    }

    fn draw(&self, _: &mut Rng) {}

    fn start(&self, _: &Arc<()>, realizations: Range<usize>, mut rng: Rng) -> Box<dyn Process> {
        let Params { class, height, height_std, sigma } = self.params;
        let steps = self.shape.steps();
        let between =
            |low: usize, high: usize, rng: &mut Rng| low + rng.bounded((high - low) as u64) as usize;
        let example = |_| {
            let class = if class == Class::Any { CLASSES[rng.bounded(2) as usize].0 } else { class };
            let begin = between(steps / 8, steps / 4, &mut rng);
            let least = (steps / 4).max(1);
            let length = between(least, (steps - steps.div_ceil(4)).max(least), &mut rng);
            Example { class, begin, end: begin + length, height: height + height_std * rng.standard_normal() }
        };
        let examples = (0..self.shape.channels() * realizations.len()).map(example).collect();
        Box::new(Shown { examples, realizations, shape: self.shape, sigma, step: 0, labels: Vec::new(), rng })
    }

    fn truth(&self, (): &()) -> Truth {
        Truth::default()
    }
}

impl Example {
    /// The value without noise.
    #[inline]
    fn at(&self, step: usize) -> f64 {
        if !(self.begin..=self.end).contains(&step) {
            return 0.0;
        }
        let (since, left) = ((step - self.begin) as f64, (self.end - step) as f64);
        let length = (self.end - self.begin) as f64;
        match self.class {
            Class::Bell => self.height * (since / length),
            Class::Funnel => self.height * (left / length),
            Class::Any | Class::Cylinder => self.height,
        }
    }

    fn number(&self) -> usize {
        CLASSES.iter().position(|(class, _)| *class == self.class).unwrap_or_default()
    }
}

struct Shown {
    /// (channel, realization)
    examples: Vec<Example>,
    realizations: Range<usize>,
    shape: Shape,
    sigma: f64,
    step: usize,
    labels: Vec<Label>,
    rng: Rng,
}

impl Process for Shown {
    fn fill(&mut self, steps: &mut [f64]) {
        let (count, last) = (self.realizations.len(), self.shape.steps() - 1);
        for slab in steps.chunks_exact_mut(self.examples.len()) {
            self.rng.fill_normal(0.0, self.sigma, slab);
            for (at, (value, example)) in slab.iter_mut().zip(&self.examples).enumerate() {
                *value += example.at(self.step);
                if self.step == example.end.min(last) {
                    self.labels.push(Label {
                        channel: Some(at / count),
                        realization: Some(self.realizations.start + at % count),
                        steps: example.begin..self.step + 1,
                        kind: CLASSES[example.number()].1,
                        details: Map::from_iter([("height", example.height)]),
                    });
                }
            }
            self.step += 1;
        }
    }

    fn save(&self, state: &mut State) {
        state.rng(&self.rng);
        state.u64(self.step as u64);
    }

    fn restore(&mut self, saved: &mut Saved<'_>) -> Result<(), StateError> {
        saved.rng(&mut self.rng)?;
        self.step = saved.index(usize::MAX >> 8)?;
        Ok(())
    }

    fn truth(&self, truth: &mut Truth) {
        let (channels, total) = (self.shape.channels(), self.shape.realizations());
        let mut add = |name: &str, number: fn(&Example) -> f64| {
            let numbers: Vec<f64> = self.examples.iter().map(number).collect();
            truth.columns(name, &[channels], total, self.realizations.clone(), &numbers);
        };
        add("class", |example| example.number() as f64);
        add("begin", |example| example.begin as f64);
        add("end", |example| example.end as f64);
        add("height", |example| example.height);
    }

    fn labels(&mut self, labels: &mut Vec<Label>) {
        labels.append(&mut self.labels);
    }
}
