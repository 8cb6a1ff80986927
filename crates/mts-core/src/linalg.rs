//! Small dense linear algebra in a fixed order, so that bits do not depend on the CPU.
//!
//! Matrices are row-major slices of n·n numbers.

use crate::components::components;

/// The lower triangle L of Σ = L·Lᵀ, reading the lower triangle of `matrix` only. A positive
/// semidefinite matrix is factored with zero columns; `None` where `matrix` is not even that.
///
/// ```
/// use mts_core::linalg::cholesky;
///
/// assert_eq!(cholesky(&[4.0, 2.0, 2.0, 5.0], 2), Some(vec![2.0, 0.0, 1.0, 2.0]));
/// assert_eq!(cholesky(&[1.0, 1.0, 1.0, 1.0], 2), Some(vec![1.0, 0.0, 1.0, 0.0]));
/// assert_eq!(cholesky(&[1.0, 2.0, 2.0, 1.0], 2), None);
/// ```
///
/// # Panics
///
/// Where `matrix` does not hold n·n numbers.
pub fn cholesky(matrix: &[f64], n: usize) -> Option<Vec<f64>> {
    assert_eq!(matrix.len(), n * n, "a square matrix");
    let largest = (0..n).map(|i| matrix[i * n + i].abs()).fold(0.0, f64::max);
    let tolerance = n as f64 * f64::EPSILON * largest;
    let mut lower = vec![0.0; n * n];
    for j in 0..n {
        let pivot = matrix[j * n + j] - dot(&lower[j * n..][..j], &lower[j * n..][..j]);
        if pivot.is_nan() || pivot < -tolerance {
            return None;
        }
        let diagonal = if pivot > tolerance { pivot.sqrt() } else { 0.0 };
        lower[j * n + j] = diagonal;
        for i in j + 1..n {
            let rest = matrix[i * n + j] - dot(&lower[i * n..][..j], &lower[j * n..][..j]);
            if diagonal > 0.0 {
                lower[i * n + j] = rest / diagonal;
            } else if rest.is_nan() || rest.abs() > tolerance.sqrt() * largest.sqrt() {
                return None;
            }
        }
    }
    Some(lower)
}

fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(x, y)| x * y).sum()
}

/// The largest modulus among the eigenvalues of `matrix`.
///
/// Of rows that do not depend on each other it is the largest of their parts: what acts along an order alone has 0
/// exactly, where rounding would turn an eigenvalue of high multiplicity into a large one. Within a part, by
/// Householder reduction to Hessenberg form, then the explicitly shifted complex QR iteration
/// with Wilkinson's shifts (Golub & Van Loan 2013, *Matrix Computations*, §7.4–7.5). Relative
/// accuracy about n·2⁻⁵² for well-conditioned eigenvalues. NaN where `matrix` is not finite.
///
/// ```
/// use mts_core::linalg::spectral_radius;
///
/// let rotation = [0.0, -0.5, 0.5, 0.0];
/// assert!((spectral_radius(&rotation, 2) - 0.5).abs() < 1e-15);
/// ```
///
/// # Panics
///
/// Where `matrix` does not hold n·n numbers.
pub fn spectral_radius(matrix: &[f64], n: usize) -> f64 {
    assert_eq!(matrix.len(), n * n, "a square matrix");
    if matrix.iter().any(|x| !x.is_finite()) {
        return f64::NAN;
    }
    let radius = |rows: Vec<usize>| match rows.as_slice() {
        [row] => matrix[row * n + row].abs(),
        rows if rows.len() == n => irreducible_radius(matrix, n),
        rows => {
            let mut part = Vec::with_capacity(rows.len() * rows.len());
            rows.iter().for_each(|i| part.extend(rows.iter().map(|j| matrix[i * n + j])));
            irreducible_radius(&part, rows.len())
        }
    };
    components(matrix, n).into_iter().map(radius).fold(0.0, f64::max)
}

/// The same where all rows depend on each other.
fn irreducible_radius(matrix: &[f64], n: usize) -> f64 {
    let scale = matrix.iter().fold(0.0, |largest, x| x.abs().max(largest));
    let mut hessenberg: Vec<f64> = matrix.iter().map(|x| x / scale).collect();
    balance(&mut hessenberg, n);
    reduce_to_hessenberg(&mut hessenberg, n);
    let mut work: Vec<Complex> = hessenberg.into_iter().map(|re| Complex { re, im: 0.0 }).collect();
    scale * largest_eigenvalue(&mut work, n)
}

/// Scales rows and columns by powers of two, which is exact, until their norms are alike (Parlett &
/// Reinsch 1969, doi:10.1007/BF02165404): channels in different units would else look decoupled.
fn balance(a: &mut [f64], n: usize) {
    const LIMIT: i32 = 1000;
    let mut changed = true;
    while changed {
        changed = false;
        for i in 0..n {
            let others = |j: &usize| *j != i;
            let mut column: f64 = (0..n).filter(others).map(|j| a[j * n + i].abs()).sum();
            let row: f64 = (0..n).filter(others).map(|j| a[i * n + j].abs()).sum();
            if column == 0.0 || row == 0.0 {
                continue;
            }
            let (before, mut factor, mut steps) = (column + row, 1.0, 0);
            while column < row / 2.0 && steps < LIMIT {
                (column, factor, steps) = (column * 4.0, factor * 2.0, steps + 1);
            }
            while column >= row * 2.0 && steps < LIMIT {
                (column, factor, steps) = (column / 4.0, factor / 2.0, steps + 1);
            }
            if (column + row) / factor < 0.95 * before {
                changed = true;
                (0..n).for_each(|j| a[i * n + j] /= factor);
                (0..n).for_each(|j| a[j * n + i] *= factor);
            }
        }
    }
}

/// Householder reflections from both sides zero everything below the subdiagonal.
fn reduce_to_hessenberg(a: &mut [f64], n: usize) {
    let (mut v, mut projections) = (vec![0.0; n], vec![0.0; n]);
    for k in 0..n.saturating_sub(2) {
        let below = (k + 2..n).map(|i| a[i * n + k].abs()).fold(0.0, f64::max);
        if below == 0.0 {
            continue;
        }
        for i in k + 1..n {
            v[i] = a[i * n + k];
        }
        let norm = dot(&v[k + 1..], &v[k + 1..]).sqrt();
        v[k + 1] += norm.copysign(v[k + 1]);
        let beta = 2.0 / dot(&v[k + 1..], &v[k + 1..]);
        // Row by row, the way the matrix lies in memory.
        projections[k..].fill(0.0);
        for i in k + 1..n {
            let row = a[i * n + k..].iter().take(n - k);
            projections[k..].iter_mut().zip(row).for_each(|(sum, x)| *sum += v[i] * x);
        }
        for i in k + 1..n {
            let row = a[i * n + k..].iter_mut().take(n - k);
            row.zip(&projections[k..]).for_each(|(x, projection)| *x -= beta * projection * v[i]);
        }
        for row in a.chunks_exact_mut(n) {
            let projection = dot(&row[k + 1..], &v[k + 1..]);
            row[k + 1..].iter_mut().zip(&v[k + 1..]).for_each(|(x, v)| *x -= beta * projection * v);
        }
        for i in k + 2..n {
            a[i * n + k] = 0.0;
        }
    }
}

#[derive(Clone, Copy)]
struct Complex {
    re: f64,
    im: f64,
}

impl Complex {
    const ZERO: Complex = Complex { re: 0.0, im: 0.0 };

    fn norm(self) -> f64 {
        self.norm_squared().sqrt()
    }

    fn norm_squared(self) -> f64 {
        self.re * self.re + self.im * self.im
    }

    fn conjugate(self) -> Self {
        Complex { re: self.re, im: -self.im }
    }

    fn times(self, factor: f64) -> Self {
        Complex { re: self.re * factor, im: self.im * factor }
    }

    fn sqrt(self) -> Self {
        let modulus = self.norm();
        let re = ((modulus + self.re) / 2.0).max(0.0).sqrt();
        let im = ((modulus - self.re) / 2.0).max(0.0).sqrt();
        Complex { re, im: im.copysign(self.im) }
    }
}

impl std::ops::Add for Complex {
    type Output = Complex;

    fn add(self, other: Complex) -> Complex {
        Complex { re: self.re + other.re, im: self.im + other.im }
    }
}

impl std::ops::Sub for Complex {
    type Output = Complex;

    fn sub(self, other: Complex) -> Complex {
        Complex { re: self.re - other.re, im: self.im - other.im }
    }
}

impl std::ops::Mul for Complex {
    type Output = Complex;

    fn mul(self, other: Complex) -> Complex {
        Complex { re: self.re * other.re - self.im * other.im, im: self.re * other.im + self.im * other.re }
    }
}

/// Sweeps without convergence of one eigenvalue after which its estimate is taken as it is. Never
/// reached by matrices that are not made to reach it.
const MAX_SWEEPS: usize = 300;

fn largest_eigenvalue(h: &mut [Complex], n: usize) -> f64 {
    let mut largest: f64 = 0.0;
    let mut rotations = vec![(0.0, Complex::ZERO); n];
    let mut high = n - 1;
    let mut sweeps = 0;
    loop {
        let low = active_block(h, n, high);
        if low == high || sweeps == MAX_SWEEPS {
            largest = largest.max(h[high * n + high].norm());
            if high == 0 {
                return largest;
            }
            high -= 1;
            sweeps = 0;
            continue;
        }
        sweeps += 1;
        let shift = if sweeps % 10 == 0 {
            // A cycle is broken by a shift that has nothing to do with it.
            h[high * n + high] + Complex { re: h[high * n + high - 1].norm(), im: 0.0 }
        } else {
            wilkinson_shift(h, n, high)
        };
        qr_sweep(h, n, low, high, shift, &mut rotations);
    }
}

/// The first row of the unreduced block that ends at `high`; negligible subdiagonals become 0.
fn active_block(h: &mut [Complex], n: usize, high: usize) -> usize {
    for l in (1..=high).rev() {
        let neighbours = h[(l - 1) * n + l - 1].norm() + h[l * n + l].norm();
        let neighbours = if neighbours == 0.0 { 1.0 } else { neighbours };
        if h[l * n + l - 1].norm() <= f64::EPSILON * neighbours {
            h[l * n + l - 1] = Complex::ZERO;
            return l;
        }
    }
    0
}

/// The eigenvalue of the trailing 2×2 block that is closer to its last element.
fn wilkinson_shift(h: &[Complex], n: usize, high: usize) -> Complex {
    let (a, b) = (h[(high - 1) * n + high - 1], h[(high - 1) * n + high]);
    let (c, d) = (h[high * n + high - 1], h[high * n + high]);
    let half = (a - d).times(0.5);
    let root = (half * half + b * c).sqrt();
    let (one, other) = (half + root, half - root);
    d + if one.norm_squared() < other.norm_squared() { one } else { other }
}

/// One QR step on rows and columns `low..=high`: only eigenvalues are wanted, so the rest of the
/// matrix may stay behind.
fn qr_sweep(
    h: &mut [Complex],
    n: usize,
    low: usize,
    high: usize,
    shift: Complex,
    rotations: &mut [(f64, Complex)],
) {
    for i in low..=high {
        h[i * n + i] = h[i * n + i] - shift;
    }
    for k in low..high {
        let (x, y) = (h[k * n + k], h[(k + 1) * n + k]);
        let (cosine, sine) = givens(x, y);
        rotations[k] = (cosine, sine);
        for j in k..=high {
            let (upper, lower) = (h[k * n + j], h[(k + 1) * n + j]);
            h[k * n + j] = upper.times(cosine) + sine * lower;
            h[(k + 1) * n + j] = lower.times(cosine) - sine.conjugate() * upper;
        }
    }
    for k in low..high {
        let (cosine, sine) = rotations[k];
        for i in low..=(k + 1).min(high) {
            let (left, right) = (h[i * n + k], h[i * n + k + 1]);
            h[i * n + k] = left.times(cosine) + right * sine.conjugate();
            h[i * n + k + 1] = right.times(cosine) - left * sine;
        }
    }
    for i in low..=high {
        h[i * n + i] = h[i * n + i] + shift;
    }
}

/// Real cosine and complex sine that turn (x, y) into (r, 0).
fn givens(x: Complex, y: Complex) -> (f64, Complex) {
    let y_norm = y.norm();
    if y_norm == 0.0 {
        return (1.0, Complex::ZERO);
    }
    let x_norm = x.norm();
    if x_norm == 0.0 {
        return (0.0, y.conjugate().times(1.0 / y_norm));
    }
    let length = (x.norm_squared() + y.norm_squared()).sqrt();
    let phase = x.times(1.0 / x_norm);
    (x_norm / length, (phase * y.conjugate()).times(1.0 / length))
}

#[cfg(test)]
mod tests {
    use super::*;
    use mts_rng::Rng;

    #[test]
    fn radius_equals_nalgebra_on_random_matrices() {
        let mut rng = Rng::from_seed(1_u64);
        for n in [1, 2, 3, 4, 5, 8, 13, 30, 60] {
            for _ in 0..20 {
                let mut matrix = vec![0.0; n * n];
                rng.fill_standard_normal(&mut matrix);
                let expected = nalgebra::DMatrix::from_row_slice(n, n, &matrix)
                    .complex_eigenvalues()
                    .iter()
                    .map(|z| (z.re * z.re + z.im * z.im).sqrt())
                    .fold(0.0, f64::max);
                let ours = spectral_radius(&matrix, n);
                assert!((ours - expected).abs() < 1e-11 * expected, "n = {n}: {ours} and {expected}");
            }
        }
    }

    #[test]
    fn radius_of_special_matrices() {
        assert_eq!(spectral_radius(&[], 0), 0.0);
        assert_eq!(spectral_radius(&[0.0; 9], 3), 0.0);
        assert_eq!(spectral_radius(&[-3.0], 1), 3.0);
        assert_eq!(spectral_radius(&[0.0, 1.0, 0.0, 0.0], 2), 0.0);
        assert!(spectral_radius(&[f64::INFINITY], 1).is_nan());
        // A chain with short cuts, whatever the order of its rows: all eigenvalues are 0.
        let mut rng = Rng::from_seed(3_u64);
        for n in [10, 30, 60] {
            let place = rng.permutation(n);
            let mut chain = vec![0.0; n * n];
            for (i, j) in (0..n).flat_map(|i| (0..i).map(move |j| (i, j))) {
                chain[place[i] * n + place[j]] = if j + 1 == i { 5.0 } else { 0.7 };
            }
            assert_eq!(spectral_radius(&chain, n), 0.0, "n = {n}");
            // With two cycles of their own among them.
            chain[place[3] * n + place[3]] = -0.25;
            chain[place[1] * n + place[7]] = 1e-6;
            let cycle: Vec<usize> = place[1..8].to_vec();
            let part: Vec<f64> = cycle
                .iter()
                .flat_map(|i| cycle.iter().map(|j| chain[i * n + j]).collect::<Vec<_>>())
                .collect();
            let expected = spectral_radius(&part, 7);
            assert!(expected > 0.25);
            assert!((spectral_radius(&chain, n) / expected - 1.0).abs() < 1e-12, "n = {n}");
        }
        // A cyclic permutation: all eigenvalues on the unit circle, a fixed point of unshifted QR.
        let n = 12;
        let mut cycle = vec![0.0; n * n];
        (0..n).for_each(|i| cycle[i * n + (i + 1) % n] = 1.0);
        assert!((spectral_radius(&cycle, n) - 1.0).abs() < 1e-13);
        // Channels in different units.
        let units = spectral_radius(&[0.0, 1e9, 2e-8, 0.0], 2);
        assert!((units / 20.0_f64.sqrt() - 1.0).abs() < 1e-14, "{units}");
        // Hugely different scales.
        assert!((spectral_radius(&[1e-200, 0.0, 0.0, 1e200], 2) / 1e200 - 1.0).abs() < 1e-15);
    }

    #[test]
    fn cholesky_rebuilds_its_matrix() {
        let mut rng = Rng::from_seed(2_u64);
        for (n, rank) in [(1, 1), (5, 5), (12, 12), (6, 3), (4, 1)] {
            let mut factor = vec![0.0; n * rank];
            rng.fill_standard_normal(&mut factor);
            let row = |i: usize| &factor[i * rank..][..rank];
            let matrix: Vec<f64> = (0..n * n).map(|at| dot(row(at / n), row(at % n))).collect();
            let lower = cholesky(&matrix, n).expect("positive semidefinite");
            for at in 0..n * n {
                let rebuilt = dot(&lower[at / n * n..][..n], &lower[at % n * n..][..n]);
                assert!((rebuilt - matrix[at]).abs() < 1e-7, "n = {n}, rank = {rank}");
            }
        }
        assert_eq!(cholesky(&[0.0; 4], 2), Some(vec![0.0; 4]));
        assert_eq!(cholesky(&[0.0, 0.0, 1.0, 1.0], 2), None);
        assert_eq!(cholesky(&[f64::NAN], 1), None);
    }
}
