//! Threshold autoregressions: `x = a·|x'| + z` has the skew normal density `2·φ(x/ω)/ω·Φ(a·x)` with `ω² = 1/(1 - a²)`
//! (Anděl, Netuka & Zvára 1984, Kybernetika 20); innovations and regimes that labels tell.

use mts_rng::math::exp;
use mts_statistics::{Tabulated, Uniformity};
use serde_json::json;
use statrs::distribution::{ContinuousCDF, Normal};

use super::told;
use crate::models::run::{STREAMS, accept, run};

pub const MODEL: &str = "setar";

#[test]
fn absolute_autoregression_has_its_stationary_law() {
    let a = 0.8;
    let normal = Normal::new(0.0, 1.0).unwrap();
    let law = Tabulated::new(-12.0, 12.0, |x| exp(-0.5 * (1.0 - a * a) * x * x) * normal.cdf(a * x));
    for streams in STREAMS {
        let params = json!({ "phi": [[-a], [a]], "intercept": 0, "sigma": 1 });
        // 0.8^100 = 10⁻¹⁰ of the zeros is left after the burn-in.
        let paths = run(MODEL, params, (2, 41, 10_000), 96, streams);
        for step in [0, 40] {
            accept(
                format_args!("step {step}"),
                Uniformity::of(paths.slab(step).iter().map(|x| law.cdf(*x))).p(),
            );
        }
    }
}

#[test]
fn innovations_are_normal_under_the_regimes_told() {
    let phi = [[0.5, 0.3], [-0.4, 0.0], [0.2, -0.6]];
    let (intercept, sigma, thresholds) = ([1.0, 0.0, -1.0], [0.5, 1.0, 2.0], [-0.5, 0.7]);
    let params = json!({
        "label_regimes": true,
        "phi": phi, "intercept": intercept, "sigma": sigma, "thresholds": thresholds, "delay": 3,
    });
    for streams in STREAMS {
        let (paths, labels) = told::run(MODEL, &params, (2, 150, 60), 97, streams);
        let (mut innovations, mut seen) = (Vec::new(), [0; 3]);
        for (channel, r) in (0..2).flat_map(|m| (0..60).map(move |r| (m, r))) {
            let regimes = told::regimes(&labels, Some(channel), r, 150);
            for (t, &told) in regimes.iter().enumerate().skip(3) {
                let regime =
                    thresholds.iter().filter(|threshold| **threshold < paths.at(t - 3, channel, r)).count();
                assert_eq!(regime, told);
                seen[regime] += 1;
                let [one, two] = phi[regime];
                let past = one * paths.at(t - 1, channel, r) + two * paths.at(t - 2, channel, r);
                let left = paths.at(t, channel, r) - intercept[regime] - past;
                innovations.push(Normal::new(0.0, sigma[regime]).unwrap().cdf(left));
            }
        }
        accept("innovations", Uniformity::of(innovations).p());
        assert!(seen.iter().all(|count| *count > 1000), "{seen:?}");
    }
}
