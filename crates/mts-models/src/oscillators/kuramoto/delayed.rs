//! Phases that see each other as they were.

use mts_core::{Held, Process, Saved, State, StateError, Truth};
use mts_rng::{Rng, simd};

use super::Method;
use super::drift::Drift;
use super::phases::Stepped;
use crate::flow::add_scaled;
use crate::held;
use crate::oscillators::nodes::Of;

/// Where the past is looked at: between two steps before the present one, by Hermite's cubic.
#[derive(Clone, Copy, Debug)]
struct View {
    /// Steps from the earlier of both to the present one, at least 1.
    back: usize,
    /// Weights of the phase and the slope of the earlier one, then of the later one.
    weights: [f64; 4],
}

impl View {
    /// `ahead` steps after the present one, less the delay of `delay` steps, which is not shorter.
    fn new(ahead: f64, delay: f64, dt: f64) -> Self {
        let at = ahead - delay;
        let back = (-at.floor()).max(1.0);
        let u = at + back;
        let (u2, u3) = (u * u, u * u * u);
        let weights =
            [2.0 * u3 - 3.0 * u2 + 1.0, dt * (u3 - 2.0 * u2 + u), 3.0 * u2 - 2.0 * u3, dt * (u3 - u2)];
        View { back: back as usize, weights }
    }
}

pub(super) struct Delayed {
    drift: Drift,
    stepped: Stepped,
    /// At the beginning, the middle and the end of a step.
    views: [View; 3],
    rng: Rng,
    /// Phases of the present step, and of as many as are looked back to, in a ring.
    phases: Vec<f64>,
    /// Slopes after each of these; that of the present one is made when it is left.
    slopes: Vec<f64>,
    /// Steps of the ring.
    length: usize,
    seen: Vec<f64>,
    stage: Vec<f64>,
    slope: Vec<f64>,
    sum: Vec<f64>,
    /// Steps that were handed out.
    done: u64,
    held: Vec<Held>,
    of: Of,
}

/// Steps that a delay of so many steps needs to be kept.
pub(super) fn steps_kept(delay: f64) -> f64 {
    delay.ceil() + 1.0
}

impl Delayed {
    /// `delay` in steps, at least 1.
    pub(super) fn new(drift: Drift, stepped: Stepped, delay: f64, theta: &[f64], rng: Rng, of: Of) -> Self {
        let length = steps_kept(delay) as usize;
        // Before the start, phases turn by their frequencies.
        let mut phases = theta.to_vec();
        for slot in 1..length {
            let time = -((length - slot) as f64) * stepped.dt;
            phases.extend(theta.iter().zip(&drift.omega).map(|(theta, omega)| theta + time * omega));
        }
        let zeros = vec![0.0; theta.len()];
        Delayed {
            views: [0.0, 0.5, 1.0].map(|ahead| View::new(ahead, delay, stepped.dt)),
            slopes: drift.omega.repeat(length),
            drift,
            stepped,
            rng,
            phases,
            length,
            seen: zeros.clone(),
            stage: zeros.clone(),
            slope: zeros.clone(),
            sum: zeros,
            done: 0,
            held: Vec::new(),
            of,
        }
    }

    /// Where in the ring a step is that lies so many before the present one.
    #[inline(always)]
    fn slot(&self, back: usize) -> usize {
        let length = self.length as u64;
        let present = self.done.saturating_sub(1) % length;
        (((present + length - back as u64) % length) as usize) * self.seen.len()
    }

    /// Sums over neighbours as they were.
    #[inline(always)]
    fn look(&mut self, view: View) {
        let width = self.seen.len();
        let (early, late) = (self.slot(view.back), self.slot(view.back - 1));
        let [a, b, c, d] = view.weights;
        // Phases that arrive at the start come by their frequencies; what they leave it by is another slope.
        let before_start = self.done.saturating_sub(1) < view.back as u64;
        let arrival = if before_start { &self.drift.omega } else { &self.slopes[late..late + width] };
        let phases = self.phases[early..early + width].iter().zip(&self.phases[late..late + width]);
        let slopes = self.slopes[early..early + width].iter().zip(arrival);
        for ((seen, (p, q)), (s, t)) in self.seen.iter_mut().zip(phases).zip(slopes) {
            *seen = (a * p + c * q) + (b * s + d * t);
        }
        self.drift.see(&self.seen);
    }

    #[inline(always)]
    fn step(&mut self) {
        let width = self.seen.len();
        let here = self.slot(0);
        self.look(self.views[0]);
        self.drift.slope_of_seen(&self.phases[here..here + width], &mut self.sum);
        self.slopes[here..here + width].copy_from_slice(&self.sum);
        let distance = match self.stepped.method {
            Method::Euler => self.stepped.dt,
            Method::Rk4 => {
                self.refine(here);
                self.stepped.dt / 6.0
            }
        };
        self.stage.copy_from_slice(&self.phases[here..here + width]);
        add_scaled(&mut self.stage, distance, &self.sum);
    }

    /// Adds the slopes at the three later stages to that at the first one.
    #[inline(always)]
    fn refine(&mut self, here: usize) {
        let width = self.seen.len();
        self.slope.copy_from_slice(&self.sum);
        for (at, (distance, weight)) in [(0.5, 2.0), (0.5, 2.0), (1.0, 1.0)].into_iter().enumerate() {
            // The middle is looked at once for both its stages.
            match at {
                0 => self.look(self.views[1]),
                1 => {}
                _ => self.look(self.views[2]),
            }
            let distance = distance * self.stepped.dt;
            let phases = &self.phases[here..here + width];
            for ((stage, theta), slope) in self.stage.iter_mut().zip(phases).zip(&self.slope) {
                *stage = theta + distance * slope;
            }
            self.drift.slope_of_seen(&self.stage, &mut self.slope);
            add_scaled(&mut self.sum, weight, &self.slope);
        }
    }
}

struct Fill<'a> {
    delayed: &'a mut Delayed,
    steps: &'a mut [f64],
}

impl simd::Kernel for Fill<'_> {
    type Output = ();

    #[inline(always)]
    fn run(self) {
        let Fill { delayed, steps } = self;
        let width = delayed.seen.len();
        for slab in steps.chunks_exact_mut(width) {
            let started = delayed.done > 0;
            if started {
                delayed.step();
            }
            delayed.done = delayed.done.saturating_add(1);
            let here = delayed.slot(0);
            if started {
                if delayed.stepped.noise > 0.0 {
                    delayed.rng.fill_standard_normal(slab);
                    add_scaled(&mut delayed.stage, delayed.stepped.noise, slab);
                }
                delayed.phases[here..here + width].copy_from_slice(&delayed.stage);
            }
            slab.copy_from_slice(&delayed.phases[here..here + width]);
        }
    }
}

impl Process for Delayed {
    fn fill(&mut self, steps: &mut [f64]) {
        if self.held.is_empty() {
            return simd::dispatch(Fill { delayed: self, steps });
        }
        let width = self.seen.len();
        let (first, rest) = steps.split_at_mut(width);
        simd::dispatch(Fill { delayed: self, steps: first });
        let here = self.slot(0);
        held::impose(&self.held, self.of.realizations.len(), &mut self.phases[here..here + width], first);
        self.held.clear();
        simd::dispatch(Fill { delayed: self, steps: rest });
    }

    fn save(&self, state: &mut State) {
        state.rng(&self.rng);
        state.f64s(&self.phases);
        state.f64s(&self.slopes);
        state.u64(self.done);
    }

    fn restore(&mut self, saved: &mut Saved<'_>) -> Result<(), StateError> {
        saved.rng(&mut self.rng)?;
        saved.f64s(&mut self.phases)?;
        saved.f64s(&mut self.slopes)?;
        self.done = saved.u64()?;
        Ok(())
    }

    fn truth(&self, truth: &mut Truth) {
        self.of.tell(&self.phases[..self.seen.len()], truth);
    }

    fn hold(&mut self, held: &[Held]) {
        self.held.extend_from_slice(held);
    }
}
