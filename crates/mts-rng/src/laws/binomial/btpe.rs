//! BTPE: a triangle, two parallelograms and two exponential tails over the binomial.

use crate::math::nearest::ln;
use crate::pcg64::Pcg64;

/// Constants of the algorithm, named as in the paper.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Btpe {
    n: i64,
    r: f64,
    q: f64,
    nrq: f64,
    m: i64,
    xm: f64,
    xl: f64,
    xr: f64,
    c: f64,
    laml: f64,
    lamr: f64,
    p1: f64,
    p2: f64,
    p3: f64,
    p4: f64,
}

impl Btpe {
    /// For `r <= 1/2` and `n·r > 30`.
    pub(super) fn new(n: u64, r: f64) -> Self {
        let trials = n as f64;
        let q = 1.0 - r;
        let nrq = trials * r * q;
        let fm = trials * r + r;
        let m = fm.floor();
        let p1 = (2.195 * nrq.sqrt() - 4.6 * q).floor() + 0.5;
        let xm = m + 0.5;
        let (xl, xr) = (xm - p1, xm + p1);
        let c = 0.134 + 20.5 / (15.3 + m);
        let slope = |a: f64| a * (1.0 + a / 2.0);
        let laml = slope((fm - xl) / (fm - xl * r));
        let lamr = slope((xr - fm) / (xr * q));
        let p2 = p1 * (1.0 + 2.0 * c);
        let p3 = p2 + c / laml;
        let p4 = p3 + c / lamr;
        Btpe { n: n as i64, r, q, nrq, m: m as i64, xm, xl, xr, c, laml, lamr, p1, p2, p3, p4 }
    }

    #[inline]
    pub(super) fn draw(&self, pcg: &mut Pcg64) -> u64 {
        loop {
            let u = pcg.next_f64() * self.p4;
            let v = pcg.next_f64();
            if u <= self.p1 {
                return (self.xm - self.p1 * v + u) as i64 as u64;
            }
            let (y, v) = if u <= self.p2 {
                let x = self.xl + (u - self.p1) / self.c;
                let v = v * self.c + 1.0 - (self.m as f64 - x + 0.5).abs() / self.p1;
                if v > 1.0 {
                    continue;
                }
                (x as i64, v)
            } else if u <= self.p3 {
                let y = (self.xl + ln(v) / self.laml).floor();
                if y < 0.0 || v == 0.0 {
                    continue;
                }
                (y as i64, v * (u - self.p2) * self.laml)
            } else {
                let y = (self.xr - ln(v) / self.lamr).floor();
                if y > self.n as f64 || v == 0.0 {
                    continue;
                }
                ((y as i64).min(self.n), v * (u - self.p3) * self.lamr)
            };
            if self.accepts(y, v) {
                return y as u64;
            }
        }
    }

    #[inline]
    fn accepts(&self, y: i64, v: f64) -> bool {
        let k = (y - self.m).abs();
        if k > 20 && (k as f64) < self.nrq / 2.0 - 1.0 {
            return self.accepts_far(y, k as f64, v);
        }
        // The ratio of probabilities at y and m, factor by factor.
        let s = self.r / self.q;
        let a = s * self.n.saturating_add(1) as f64;
        let mut ratio = 1.0;
        for i in self.m + 1..=y {
            ratio *= a / i as f64 - s;
        }
        for i in y + 1..=self.m {
            ratio /= a / i as f64 - s;
        }
        v <= ratio
    }

    /// By the squeezes around the logarithm of the ratio, then by Stirling's formula.
    fn accepts_far(&self, y: i64, k: f64, v: f64) -> bool {
        let nrq = self.nrq;
        let rho = (k / nrq) * ((k * (k / 3.0 + 0.625) + 0.166_666_666_666_666_66) / nrq + 0.5);
        let t = -k * k / (2.0 * nrq);
        let ln_v = ln(v);
        if ln_v < t - rho {
            return true;
        }
        if ln_v > t + rho {
            return false;
        }
        let (n, m) = (self.n, self.m);
        let (x1, f1) = ((y + 1) as f64, (m + 1) as f64);
        let (z, w) = ((n - m).saturating_add(1) as f64, (n - y).saturating_add(1) as f64);
        // NumPy's constant and signs; the paper has 13860.
        let correction = |x: f64| {
            let x2 = x * x;
            (13680.0 - (462.0 - (132.0 - (99.0 - 140.0 / x2) / x2) / x2) / x2) / x / 166_320.0
        };
        let ratio = self.xm * ln(f1 / x1)
            + ((n - m) as f64 + 0.5) * ln(z / w)
            + (y - m) as f64 * ln(w * self.r / (x1 * self.q))
            + correction(f1)
            + correction(z)
            + correction(x1)
            + correction(w);
        ln_v <= ratio
    }
}
