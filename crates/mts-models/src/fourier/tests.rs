use mts_rng::Rng;

use super::*;

fn normals(n: usize, seed: u64) -> [Vec<f64>; 2] {
    let mut rng = Rng::from_seed(seed);
    [(); 2].map(|()| {
        let mut part = vec![0.0; n];
        rng.fill_standard_normal(&mut part);
        part
    })
}

/// By its definition, with angles reduced before they are rounded.
fn direct(re: &[f64], im: &[f64], k: usize) -> (f64, f64) {
    let n = re.len();
    (0..n).fold((0.0, 0.0), |(x, y), j| {
        let (sin, cos) = math::sin_cos(-TAU * ((j * k % n) as f64 / n as f64));
        (x + re[j] * cos - im[j] * sin, y + re[j] * sin + im[j] * cos)
    })
}

#[test]
fn equals_the_definition() {
    for bits in 0..11 {
        let n = 1 << bits;
        let [re, im] = normals(n, 3);
        let (fourier, mut room) = (Fourier::new(n), vec![0.0; 2 * n]);
        let (mut x, mut y) = (re.clone(), im.clone());
        fourier.forward(&mut x, &mut y, &mut room);
        let scale = (n as f64).sqrt();
        for k in 0..n {
            let (expected_x, expected_y) = direct(&re, &im, k);
            let error = (x[k] - expected_x).abs().max((y[k] - expected_y).abs());
            assert!(error < 1e-13 * scale, "{k} of {n}: {error:e}");
        }
        fourier.backward(&mut x, &mut y, &mut room);
        let error =
            |a: &[f64], b: &[f64]| a.iter().zip(b).map(|(a, b)| (a / n as f64 - b).abs()).fold(0.0, f64::max);
        assert!(error(&x, &re).max(error(&y, &im)) < 3e-15, "back from {n}");
    }
}

#[test]
fn builds_agree_bit_for_bit() {
    for n in [1, 2, 8, 64, 512, 4096] {
        let fourier = Fourier::new(n);
        let ([mut re, mut im], [mut plain_re, mut plain_im]) = (normals(n, 4), normals(n, 4));
        let mut room = [vec![0.0; n], vec![0.0; n]];
        fourier.forward(&mut re, &mut im, &mut vec![0.0; 2 * n]);
        let [room_re, room_im] = &mut room;
        let room = [&mut room_re[..], &mut room_im[..]];
        simd::dispatch_plain(Transform { of: &fourier, data: [&mut plain_re, &mut plain_im], room });
        assert!(re == plain_re && im == plain_im, "{n} points");
    }
}

/// 2⁻⁵³ is half an ulp just below 1.
#[test]
fn roots_are_accurate_and_mirrored() {
    for n in [1, 2, 4, 8, 16, 1 << 12] {
        let roots = Roots::new(n);
        for k in 0..n {
            let (cos, sin) = roots.at(k);
            assert!((cos * cos + sin * sin - 1.0).abs() < 5e-16, "{k} of {n}");
            let (sine, cosine) = math::sin_cos(TAU * (k as f64 / n as f64));
            assert!((cos - cosine).abs().max((sin + sine).abs()) < 1e-15, "{k} of {n}");
            let mirrored = roots.at(n - k);
            assert_eq!((mirrored.0, mirrored.1 + sin), (cos, 0.0), "{k} of {n}");
        }
        assert_eq!(roots.at(0), (1.0, -0.0));
    }
}
