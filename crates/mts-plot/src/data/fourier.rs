//! The discrete Fourier transform, whose bits are the same on every machine.

use std::f64::consts::TAU;

/// |X(k)|² for k = 0 to n/2 of `values`, whose number n is a power of two, at least 2: the transform by
/// Cooley and Tukey (1965, doi:10.1090/S0025-5718-1965-0178586-1).
pub(crate) fn power(values: &[f64], out: &mut [f64]) {
    let length = values.len();
    let bits = length.trailing_zeros();
    let mut places: Vec<(f64, f64)> =
        (0..length).map(|place| (values[place.reverse_bits() >> (usize::BITS - bits)], 0.0)).collect();
    let turns: Vec<(f64, f64)> = (0..length / 2)
        .map(|k| libm::sincos(-TAU * k as f64 / length as f64))
        .map(|(sin, cos)| (cos, sin))
        .collect();
    let mut half = 1;
    while half < length {
        let stride = length / (2 * half);
        for block in places.chunks_exact_mut(2 * half) {
            let (low, high) = block.split_at_mut(half);
            for ((a, b), turn) in low.iter_mut().zip(high).zip(turns.iter().step_by(stride)) {
                let turned = (b.0 * turn.0 - b.1 * turn.1, b.0 * turn.1 + b.1 * turn.0);
                *b = (a.0 - turned.0, a.1 - turned.1);
                *a = (a.0 + turned.0, a.1 + turned.1);
            }
        }
        half *= 2;
    }
    for (out, (re, im)) in out.iter_mut().zip(&places[..=length / 2]) {
        *out = re * re + im * im;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_the_sum_that_defines_it() {
        let values: Vec<f64> = (0..16).map(|i| libm::sin(1.3 * f64::from(i)) + f64::from(i % 3)).collect();
        let mut found = [0.0; 9];
        power(&values, &mut found);
        for (k, found) in found.iter().enumerate() {
            let angle = |n: usize| -TAU * (k * n) as f64 / 16.0;
            let re: f64 = values.iter().enumerate().map(|(n, x)| x * libm::cos(angle(n))).sum();
            let im: f64 = values.iter().enumerate().map(|(n, x)| x * libm::sin(angle(n))).sum();
            assert!((re * re + im * im - found).abs() < 1e-9, "{k}");
        }
    }
}
