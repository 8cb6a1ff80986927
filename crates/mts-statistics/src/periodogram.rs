//! Power at frequencies.

use std::f64::consts::TAU;

use mts_rng::math::sin_cos;

use crate::chi_square_both;

/// `I_j = |Σ x_t·exp(-2πi·jt/n)|²/n` at the frequencies j/n per step, j = 0 … n/2; its mean is the spectral density
/// `f(j/n) = Σ γ_k·exp(-2πi·jk/n)`, up to leakage of order 1/n.
///
/// By Cooley & Tukey 1965, doi:10.1090/S0025-5718-1965-0178586-1; `None` where the length is no power of two.
pub fn periodogram(series: &[f64]) -> Option<Vec<f64>> {
    let n = series.len();
    if !n.is_power_of_two() || n < 2 {
        return None;
    }
    let bits = n.trailing_zeros();
    let mut z: Vec<(f64, f64)> =
        (0..n).map(|i| (series[i.reverse_bits() >> (usize::BITS - bits)], 0.0)).collect();
    let mut half = 1;
    while half < n {
        let turn: Vec<(f64, f64)> = (0..half).map(|k| sin_cos(-TAU * k as f64 / (2 * half) as f64)).collect();
        for block in z.chunks_exact_mut(2 * half) {
            let (low, high) = block.split_at_mut(half);
            for ((a, b), (sin, cos)) in low.iter_mut().zip(high).zip(&turn) {
                let moved = (b.0 * cos - b.1 * sin, b.0 * sin + b.1 * cos);
                *b = (a.0 - moved.0, a.1 - moved.1);
                *a = (a.0 + moved.0, a.1 + moved.1);
            }
        }
        half *= 2;
    }
    Some(z[..=n / 2].iter().map(|(re, im)| (re * re + im * im) / n as f64).collect())
}

/// The p-value of ratios `I_j/f(j/n)` of a band without its ends 0 and 1/2: they are independent exponentials of
/// mean 1, and twice their sum a chi-square of two degrees of freedom for each.
///
/// Bartlett 1950, doi:10.1093/biomet/37.1-2.1.
pub fn band(ratios: impl IntoIterator<Item = f64>) -> f64 {
    let (mut count, mut sum) = (0.0, 0.0);
    for ratio in ratios {
        count += 1.0;
        sum += ratio;
    }
    chi_square_both(2.0 * sum, 2.0 * count)
}

#[cfg(test)]
mod tests {
    use mts_rng::Rng;

    use super::*;
    use crate::ALPHA;

    #[test]
    fn finds_a_wave_and_keeps_the_power() {
        let wave: Vec<f64> = (0..64).map(|t| sin_cos(TAU * 5.0 * f64::from(t) / 64.0).1).collect();
        let power = periodogram(&wave).unwrap();
        // |n/2|²/n at the wave's frequency, nothing elsewhere.
        assert!((power[5] - 16.0).abs() < 1e-12 && power.iter().sum::<f64>() - power[5] < 1e-12);
        assert!(periodogram(&[0.0; 48]).is_none());
    }

    #[test]
    fn white_noise_is_flat() {
        let mut x = vec![0.0; 1 << 15];
        Rng::from_seed(2_u64).fill_normal(0.0, 2.0, &mut x);
        let power = periodogram(&x).unwrap();
        for part in power[1..1 << 14].chunks_exact(4000) {
            assert!(band(part.iter().map(|power| power / 4.0)) > ALPHA);
            // Twelve standard errors of 1/√4000.
            assert!(band(part.iter().map(|power| power / 3.36)) < ALPHA);
        }
    }
}
