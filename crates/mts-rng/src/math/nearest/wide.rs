//! Pairs of doubles, for constants: 106 bits where 53 are not enough. Runs at compile time only.

use std::f64::consts::LN_2;

/// The unevaluated sum of two doubles, the second below half a unit in the last place of the first.
#[derive(Clone, Copy)]
pub(crate) struct Wide {
    pub(crate) high: f64,
    pub(crate) low: f64,
}

impl Wide {
    const ONE: Wide = Wide::new(1.0);
    pub(crate) const LN_2: Wide = Wide { high: LN_2, low: f64::from_bits(0x3c7a_bc9e_3b39_803f) };

    pub(crate) const fn new(x: f64) -> Self {
        Wide { high: x, low: 0.0 }
    }

    /// `a + b` without loss (Knuth).
    const fn sum(a: f64, b: f64) -> Self {
        let high = a + b;
        let b_part = high - a;
        Wide { high, low: (a - (high - b_part)) + (b - b_part) }
    }

    /// `a·b` without loss (Dekker).
    const fn product(a: f64, b: f64) -> Self {
        let (a_head, b_head) = (super::head(a), super::head(b));
        let (a_tail, b_tail) = (a - a_head, b - b_head);
        let high = a * b;
        Wide { high, low: ((a_head * b_head - high) + a_head * b_tail + a_tail * b_head) + a_tail * b_tail }
    }

    pub(crate) const fn plus(self, other: Self) -> Self {
        let high = Self::sum(self.high, other.high);
        let low = Self::sum(self.low, other.low);
        let sum = Self::sum(high.high, high.low + low.high);
        Self::sum(sum.high, sum.low + low.low)
    }

    pub(crate) const fn times(self, other: Self) -> Self {
        let product = Self::product(self.high, other.high);
        Self::sum(product.high, product.low + (self.high * other.low + self.low * other.high))
    }

    const fn over(self, divisor: f64) -> Self {
        let quotient = self.high / divisor;
        let back = Self::product(quotient, divisor);
        Self::sum(quotient, ((self.high - back.high) - back.low + self.low) / divisor)
    }
}

/// ln x for a short x within a factor of √2 of 1, as 2·artanh((x - 1) / (x + 1)).
pub(crate) const fn ln(x: f64) -> Wide {
    let s = Wide::new(x - 1.0).over(x + 1.0);
    let square = s.times(s);
    let mut sum = Wide::new(0.0);
    let mut n = 55;
    while n > 0 {
        sum = sum.times(square).plus(Wide::ONE.over(n as f64));
        n -= 2;
    }
    sum.times(s).times(Wide::new(2.0))
}

/// eˣ for `|x| < 1`.
pub(crate) const fn exp(x: Wide) -> Wide {
    let mut sum = Wide::ONE;
    let mut n = 32;
    while n > 0 {
        sum = sum.times(x).over(n as f64).plus(Wide::ONE);
        n -= 1;
    }
    sum
}

/// (cos x, sin x) for `|x| < 1`.
pub(crate) const fn cos_sin(x: f64) -> (Wide, Wide) {
    let minus_square = Wide::new(-x).times(Wide::new(x));
    let (mut cos, mut sin) = (Wide::ONE, Wide::ONE);
    let mut n = 32;
    while n > 0 {
        cos = cos.times(minus_square).over((n * (n - 1)) as f64).plus(Wide::ONE);
        sin = sin.times(minus_square).over((n * (n + 1)) as f64).plus(Wide::ONE);
        n -= 2;
    }
    (cos, sin.times(Wide::new(x)))
}
