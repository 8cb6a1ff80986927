//! Paths of kernels: each product of a sum in the way that fits it.

use std::f64::consts::TAU;

use mts_rng::{Rng, math};

use super::kernel::Kernel;
use super::lines::{self, Line};
use super::low_rank::LowRank;
use super::terms::{MAX_TERMS, Term, terms};
use crate::circulant::Circulant;

/// What makes paths of a kernel.
#[derive(Clone, Debug)]
pub struct Sampler {
    parts: Vec<Part>,
    steps: usize,
}

/// One product.
#[derive(Clone, Debug)]
struct Part {
    base: Base,
    /// Standard deviations of the parts that grow with tʲ.
    powers: Vec<f64>,
}

/// A stationary path of variance 1.
#[derive(Clone, Debug)]
enum Base {
    /// Independent steps.
    White,
    /// Decays: a circle.
    Circle(Circulant),
    /// Cosines whose amplitudes are paths of few dimensions; constant, where there are none.
    Lines(Vec<Line>, Option<LowRank>),
}

/// Times that the smallest circle is made twice as large before something else is tried.
const DOUBLINGS: u32 = 3;

impl Sampler {
    /// Prepares paths of `steps` steps.
    ///
    /// A product with a white factor is white. One that decays is embedded in a circle, which may be up to eight
    /// times the smallest. One that repeats is a sum of cosines. One that decays too slowly for a circle is factored, as far
    /// as its variances are above 10⁻¹² of the largest, and multiplied by the cosines of its periodic factors.
    ///
    /// # Errors
    ///
    /// Where nothing of this comes to an end, in words that follow "must".
    pub(super) fn new(kernel: &Kernel, steps: usize) -> Result<Self, String> {
        let many = || format!("expand to at most {MAX_TERMS} products");
        let parts = terms(kernel).ok_or_else(many)?.into_iter().filter(|term| term.variance > 0.0);
        let parts = parts.map(|term| {
            let sd = |power: &f64| (term.variance * power).sqrt();
            Ok(Part { base: base(&term, steps)?, powers: term.powers.iter().map(sd).collect() })
        });
        Ok(Sampler { parts: parts.collect::<Result<_, String>>()?, steps })
    }

    /// Adds a path to each lane of as many steps, one after the other.
    pub(super) fn add(&self, rng: &mut Rng, lanes: &mut [f64]) {
        let mut paths = vec![0.0; lanes.len()];
        for part in &self.parts {
            for (j, sd) in part.powers.iter().enumerate().filter(|(_, sd)| **sd > 0.0) {
                part.base.fill(rng, self.steps, &mut paths);
                for (lane, path) in lanes.chunks_exact_mut(self.steps).zip(paths.chunks_exact(self.steps)) {
                    for (t, (x, z)) in lane.iter_mut().zip(path).enumerate() {
                        let grown = (0..j).fold(*sd, |grown, _| grown * t as f64);
                        *x += grown * z;
                    }
                }
            }
        }
    }

    /// Bytes beside the lanes.
    pub(super) fn bytes(&self) -> usize {
        let base = |part: &Part| match &part.base {
            Base::White => 0,
            Base::Circle(circle) => circle.size(),
            Base::Lines(lines, rank) => {
                16 * lines.len() + 8 * self.steps * (4 + rank.as_ref().map_or(0, LowRank::rank))
            }
        };
        self.parts.iter().map(base).sum()
    }

    /// Nanoseconds per value, roughly.
    pub(super) fn cost(&self) -> f64 {
        let base = |part: &Part| match &part.base {
            Base::White => 3.0,
            Base::Circle(circle) => Circulant::cost(circle.size() / Circulant::bytes(1), self.steps),
            Base::Lines(lines, rank) => {
                lines.len() as f64 * (1.0 + 1.0 * rank.as_ref().map_or(0, LowRank::rank) as f64)
            }
        };
        1.0 + self.parts.iter().map(|part| (1.0 + base(part)) * part.powers.len() as f64).sum::<f64>()
    }
}

fn base(term: &Term, steps: usize) -> Result<Base, String> {
    if term.white {
        return Ok(Base::White);
    }
    let lines = || {
        let rule = "have periodic factors of less detail: their product has too many frequencies";
        lines::lines(&term.periodic, steps).ok_or_else(|| rule.to_owned())
    };
    if term.decaying.is_empty() {
        return Ok(Base::Lines(lines()?, None));
    }
    let negative = match Circulant::new(|lag| term.decay(lag) * term.repeat(lag), steps, DOUBLINGS) {
        Ok(circle) => return Ok(Base::Circle(circle)),
        Err(negative) => negative,
    };
    let Some(rank) = LowRank::new(|lag| term.decay(lag), steps) else {
        return Err(format!(
            "decay within a circle of {} steps (some of its variances are {:.1e} of the largest), or have fewer \
             dimensions: lengths nearer to T, or a smaller T",
            negative.points, negative.least
        ));
    };
    Ok(Base::Lines(lines()?, Some(rank)))
}

impl Base {
    /// Fills lanes of `steps` steps with independent paths.
    fn fill(&self, rng: &mut Rng, steps: usize, lanes: &mut [f64]) {
        match self {
            Base::White => rng.fill_standard_normal(lanes),
            Base::Circle(circle) => {
                let mut rest = lanes;
                let of = vec![0; rest.len() / steps];
                Circulant::each(std::slice::from_ref(circle), &of, steps, rng, |_, path| {
                    let lane = std::mem::take(&mut rest);
                    let (lane, others) = lane.split_at_mut(steps);
                    lane.copy_from_slice(path);
                    rest = others;
                });
            }
            Base::Lines(lines, rank) => {
                lanes.fill(0.0);
                let [mut sin, mut cos, mut phase, mut path] = [(); 4].map(|()| vec![0.0; steps]);
                let mut normals = vec![0.0; rank.as_ref().map_or(1, LowRank::rank)];
                for line in lines {
                    for (t, phase) in phase.iter_mut().enumerate() {
                        let turns = line.frequency * t as f64;
                        *phase = TAU * (turns - turns.floor());
                    }
                    math::sin_cos_into(&phase, &mut sin, &mut cos);
                    let sd = line.weight.sqrt();
                    for lane in lanes.chunks_exact_mut(steps) {
                        for wave in [&cos, &sin] {
                            rng.fill_standard_normal(&mut normals);
                            match rank {
                                None => path.fill(normals[0]),
                                Some(rank) => rank.path(&normals, &mut path),
                            }
                            for ((x, wave), amplitude) in lane.iter_mut().zip(wave).zip(&path) {
                                *x += sd * wave * amplitude;
                            }
                        }
                    }
                }
            }
        }
    }
}
