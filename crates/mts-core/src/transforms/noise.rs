//! Noise of observation.

use std::sync::Arc;

use mts_hash::{Map, SeedSequence};
use mts_rng::laws::{Laplace, Law as _, StandardT};
use mts_rng::{Key, Rng};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::effect::{Effect, Spoil, block};
use super::select::Selection;
use crate::{Label, Problems, Saved, Shape, State, StateError};

const KIND: &str = "observation_noise";

/// Noise of observation: x' = x + sigma · ε, with ε independent from value to value.
///
/// Each (channel, realization) has a generator of its own: other channels and realizations, selected or
/// not, change nothing there. Draws: one of the law per value.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ObservationNoise {
    /// The law of ε.
    #[serde(default)]
    pub law: NoiseLaw,
    /// The scale, above 0.
    #[schemars(extend("exclusiveMinimum" = 0.0))]
    pub sigma: f64,
    /// Degrees of freedom, above 0: of `student_t`, which needs them, and of no other law.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("exclusiveMinimum" = 0.0))]
    pub nu: Option<f64>,
    /// The channels that are noisy, counted from 0; all where not given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub channels: Option<Vec<usize>>,
}

/// Laws of noise, symmetric about 0.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum NoiseLaw {
    /// Normal of standard deviation 1.
    #[default]
    Normal,
    /// Laplace of scale 1, whose standard deviation is √2.
    Laplace,
    /// Uniform on [-1, 1), whose standard deviation is 1/√3.
    Uniform,
    /// Student's t with `nu` degrees of freedom, whose standard deviation is √(nu / (nu - 2)) where nu > 2.
    StudentT,
}

impl NoiseLaw {
    fn name(self) -> &'static str {
        match self {
            NoiseLaw::Normal => "normal",
            NoiseLaw::Laplace => "laplace",
            NoiseLaw::Uniform => "uniform",
            NoiseLaw::StudentT => "student_t",
        }
    }
}

impl ObservationNoise {
    pub(super) fn check(
        &self,
        shape: Shape,
        path: &str,
        problems: &mut Problems,
    ) -> Option<impl Spoil + use<>> {
        let before = problems.len();
        problems.positive(&format!("{path}.sigma"), self.sigma);
        let nu = format!("{path}.nu");
        let draws = match (self.law, self.nu) {
            (NoiseLaw::StudentT, None) => {
                problems.require(&nu, false, "be given for student_t", "none");
                None
            }
            (NoiseLaw::StudentT, Some(freedom)) => {
                problems.positive(&nu, freedom);
                StandardT::new(freedom).ok().map(Draws::StudentT)
            }
            (law, Some(freedom)) => {
                problems.require(&nu, false, format_args!("be left out for {}", law.name()), freedom);
                None
            }
            (NoiseLaw::Normal, None) => Some(Draws::Normal),
            (NoiseLaw::Laplace, None) => Laplace::new(0.0, 1.0).ok().map(Draws::Laplace),
            (NoiseLaw::Uniform, None) => Some(Draws::Uniform),
        };
        let selection = Selection::new(self.channels.as_deref(), shape, path, problems);
        let mut details: Map = [("law", self.law.name())].into_iter().collect();
        details.insert("sigma", self.sigma);
        if let Some(nu) = self.nu {
            details.insert("nu", nu);
        }
        let noise = Noise { draws: draws?, sigma: self.sigma, selection: selection?, details };
        (problems.len() == before).then_some(Noisy(Arc::new(noise)))
    }
}

struct Noise {
    draws: Draws,
    sigma: f64,
    selection: Selection,
    details: Map,
}

enum Draws {
    Normal,
    Laplace(Laplace),
    Uniform,
    StudentT(StandardT),
}

impl Draws {
    fn fill(&self, rng: &mut Rng, out: &mut [f64]) {
        match self {
            Draws::Normal => rng.fill_standard_normal(out),
            Draws::Laplace(law) => law.fill(rng, out),
            Draws::Uniform => rng.fill_uniform(-1.0, 1.0, out),
            Draws::StudentT(law) => law.fill(rng, out),
        }
    }
}

struct Noisy(Arc<Noise>);

impl Spoil for Noisy {
    fn start(&self, seed: &SeedSequence) -> Box<dyn Effect> {
        let key = Key::from(seed);
        let draws = vec![0.0; block(self.0.selection.shape())];
        let lanes = self.0.selection.generators(key).collect();
        Box::new(Running { noise: self.0.clone(), key, lanes, draws })
    }

    fn memory(&self) -> u64 {
        let lanes = self.0.selection.lanes() * size_of::<Rng>();
        (lanes + 8 * block(self.0.selection.shape())) as u64
    }
}

struct Running {
    noise: Arc<Noise>,
    key: Key,
    lanes: Vec<Rng>,
    draws: Vec<f64>,
}

impl Effect for Running {
    fn apply(&mut self, first: usize, slabs: &mut [f64], labels: &mut Vec<Label>) {
        let Noise { draws, sigma, selection, details } = &*self.noise;
        let shape = selection.shape();
        let steps = slabs.len() / shape.slab();
        let drawn = &mut self.draws[..steps];
        for (lane, rng) in self.lanes.iter_mut().enumerate() {
            draws.fill(rng, drawn);
            let values = slabs[selection.offset(lane)..].iter_mut().step_by(shape.slab());
            values.zip(&*drawn).for_each(|(x, epsilon)| *x += sigma * epsilon);
        }
        if first + steps == shape.steps() {
            selection.throughout(KIND, &(0..shape.steps()), details, labels);
        }
    }

    fn reset(&mut self) {
        self.lanes.clear();
        self.lanes.extend(self.noise.selection.generators(self.key));
    }

    fn save(&self, state: &mut State) {
        self.lanes.iter().for_each(|rng| state.rng(rng));
    }

    fn restore(&mut self, _: usize, saved: &mut Saved<'_>) -> Result<(), StateError> {
        self.lanes.iter_mut().try_for_each(|rng| saved.rng(rng))
    }
}
