//! Parameters, and their help.

use mts_core::Tensor;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::graph::{Kind, on_a_graph};

on_a_graph! {
    /// Kuramoto's coupled phase oscillators, which synchronise when their coupling is strong enough.
    ///
    /// dθ_m = (ω_m + K/M Σ_n A_mn sin(θ_n - θ_m)) dt + η dW. The first value is the initial phase; phases
    /// are not wrapped. By `rk4`, the drift is integrated by the classical Runge–Kutta method of order 4,
    /// by `euler` by Euler's; the noise η √dt Z is added after each step. For large complete
    /// graphs whose frequencies have a density g with one symmetric peak, part of the phases lock above
    /// K_c = 2 / (π g(peak)).
    ///
    /// With a phase lag `alpha`, it is Sakaguchi's model: sin(θ_n - θ_m - α). Two oscillators then lock where
    /// |ω_2 - ω_1| < K cos α.
    ///
    /// With `inertia` m, it is the swing equation of power grids: m θ'' = -θ' + ω_m + K/M Σ …, to which the noise
    /// adds η dW; θ' starts at ω_m. The method is `rk4` with steps of dt, which damps as it should while dt is at
    /// most 2 m. 2 M·R normals per step if η > 0, of which the later half acts on θ'.
    ///
    /// With a `delay` τ, neighbours are seen as they were: sin(θ_n(t - τ) - θ_m(t) - α). Before the start, phases
    /// turn by their frequencies. Between steps, what was is a cubic of its values and slopes: of order 4 where τ is a
    /// multiple of dt, else 2, as the start leaves a kink within a step. On a complete graph, equal oscillators can turn
    /// together at Ω = ω - K (M-1)/M sin(Ωτ + α), at several such Ω if K τ is large.
    ///
    /// A channel that is held turns others by its phase alone: with `inertia`, its velocity goes on unseen.
    ///
    /// Draws: the graph (for `erdos_renyi` and `sbm`, M·M uniforms), M frequencies, the initial phases
    /// (uniform on [0, 2π), unless given), then one normal per value if η > 0.
    ///
    /// References: Y. Kuramoto (1975), doi:10.1007/BFb0013365; J. A. Acebrón et al. (2005),
    /// doi:10.1103/RevModPhys.77.137; lag: H. Sakaguchi & Y. Kuramoto (1986), doi:10.1143/PTP.76.576; inertia: H.
    /// Tanaka, A. J. Lichtenberg & S. Oishi (1997), doi:10.1103/PhysRevLett.78.2104; delay: M. K. S. Yeung &
    /// S. H. Strogatz (1999), doi:10.1103/PhysRevLett.82.648.
    pub struct Params on Kind::Complete;

    /// Coupling strength K.
    #[serde(rename = "K")]
    pub coupling: f64 = 1.0;
    /// Seconds per step, above 0.
    #[schemars(extend("exclusiveMinimum" = 0.0))]
    pub dt: f64 = 0.05;
    /// Integration of the drift.
    pub method: Method = Method::Rk4;
    /// Law of the frequencies ω.
    pub omega_dist: FrequencyLaw = FrequencyLaw::Normal;
    /// Mean of normal frequencies, radians per second.
    pub omega_mu: f64 = 0.0;
    /// Standard deviation of normal frequencies, at least 0: 0 makes all of them equal.
    #[schemars(range(min = 0.0))]
    pub omega_sigma: f64 = 1.0;
    /// Least uniform frequency.
    pub omega_low: f64 = -1.0;
    /// Bound of uniform frequencies, above `omega_low`.
    pub omega_high: f64 = 1.0;
    /// Noise η per square root of a second, at least 0.
    #[schemars(range(min = 0.0))]
    pub noise_std: f64 = 0.0;
    /// Phase lag α, radians.
    #[serde(skip_serializing_if = "is_zero")]
    pub alpha: f64 = 0.0;
    /// Inertia m, seconds: 0 for none, else at least dt / 2.
    #[serde(skip_serializing_if = "is_zero")]
    #[schemars(range(min = 0.0))]
    pub inertia: f64 = 0.0;
    /// Delay τ, seconds: 0 for none, else at least dt.
    #[serde(skip_serializing_if = "is_zero")]
    #[schemars(range(min = 0.0))]
    pub delay: f64 = 0.0;
    /// Own weights A (M × M) instead of a topology; made symmetric as (A + Aᵀ) / 2, unless `directed`, without
    /// diagonal.
    #[serde(rename = "A")]
    pub weights: Option<Tensor> = None;
    /// Initial phases: one per channel, or a matrix, read as (realization, channel) where that fits,
    /// else as (channel, realization). Drawn where not given.
    pub theta0: Option<Tensor> = None;
}

fn is_zero(x: &f64) -> bool {
    *x == 0.0
}

/// Integration of the drift.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Method {
    /// Classical Runge–Kutta, order 4.
    Rk4,
    /// Euler, order 1.
    Euler,
}

/// Law of the natural frequencies.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum FrequencyLaw {
    /// Normal with mean `omega_mu` and standard deviation `omega_sigma`.
    Normal,
    /// Uniform on [`omega_low`, `omega_high`).
    Uniform,
}
