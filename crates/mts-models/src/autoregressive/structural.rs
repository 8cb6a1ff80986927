//! One step of a structural model: noise, and what all causes do to it.

use std::sync::Arc;

use mts_core::{Edge, Held};
use mts_rng::laws::{Laplace, Law as _};
use mts_rng::{Rng, simd};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::history::{History, Step, hold};
use super::links::Link;

/// Law of the noise.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Noise {
    /// Normal.
    Normal,
    /// Laplace's: heavier tails.
    Laplace,
    /// Uniform.
    Uniform,
}

/// A step of a structural model.
pub(super) struct Structural {
    pub(super) links: Arc<[Link]>,
    pub(super) noise: Noise,
    /// One per value of a slab.
    pub(super) noise_std: Vec<f64>,
    /// Room for a function of a cause in all realizations.
    pub(super) causes: Vec<f64>,
    pub(super) rng: Rng,
}

impl Step for Structural {
    fn noise(&mut self, slabs: &mut [f64]) {
        match self.noise {
            Noise::Normal => self.rng.fill_standard_normal(slabs),
            Noise::Uniform => self.rng.fill_uniform(-ROOT_3, ROOT_3, slabs),
            Noise::Laplace => {
                let law = Laplace::new(0.0, std::f64::consts::FRAC_1_SQRT_2).expect("a positive scale");
                law.fill(&mut self.rng, slabs);
            }
        }
        for slab in slabs.chunks_exact_mut(self.noise_std.len()) {
            slab.iter_mut().zip(&self.noise_std).for_each(|(z, noise)| *z *= noise);
        }
    }

    fn step(&mut self, history: &History, slab: &mut [f64], held: &[Held]) {
        let Structural { links, causes, .. } = self;
        simd::dispatch(Act { links, causes, history, slab, held });
    }

    fn rng(&self) -> &Rng {
        &self.rng
    }

    fn rng_mut(&mut self) -> &mut Rng {
        &mut self.rng
    }
}

/// Uniform on ±√3 has variance 1.
const ROOT_3: f64 = 1.732_050_807_568_877_2;

/// Adds to the noise what all causes do, channel by channel.
struct Act<'a> {
    links: &'a [Link],
    causes: &'a mut [f64],
    history: &'a History,
    slab: &'a mut [f64],
    held: &'a [Held],
}

impl simd::Kernel for Act<'_> {
    type Output = ();

    #[inline(always)]
    fn run(self) {
        let Act { links, causes, history, slab, held } = self;
        let realizations = causes.len();
        // Held channels are set before what depends on them, and once more by the caller: they may have causes.
        for (at, link) in links.iter().enumerate() {
            let Edge { from, to, lag, weight } = link.edge;
            let first = at == 0 || links[at - 1].edge.to != to;
            if first && !held.is_empty() {
                hold(slab, held, realizations);
            }
            let past = if lag == 0 { &*slab } else { history.lag(lag) };
            link.function.apply(&past[from * realizations..][..realizations], causes);
            let values = &mut slab[to * realizations..][..realizations];
            values.iter_mut().zip(&*causes).for_each(|(x, cause)| *x = weight.mul_add(*cause, *x));
        }
    }
}
