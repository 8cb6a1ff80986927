//! The generator against NumPy 2.4.6.

use mts_hash::{Int, SeedSequence, Value};
use mts_rng::{Rng, State};
use mts_tests::golden::{self, Golden};
use sha2::{Digest, Sha256};

fn wide(golden: &Value) -> u128 {
    golden.int().to_string().parse().expect("a u128")
}

fn seeded(golden: &Value) -> Rng {
    Rng::from_seed(&golden.int())
}

#[test]
fn raw_words_and_jumps() {
    let golden = golden::load("numpy_pcg64.json");
    for case in golden.at("pcg64").items() {
        let rng = seeded(case.at("seed"));
        assert_eq!(rng.state().state, wide(case.at("state")));
        assert_eq!(rng.state().increment, wide(case.at("inc")));
        let raw = |mut rng: Rng, golden: &Value| {
            for word in golden.unsigneds() {
                assert_eq!(rng.next_u64(), word);
            }
        };
        raw(rng.clone(), case.at("raw16"));
        for (key, delta, words) in [
            ("advance_1000", 1000, "raw4"),
            ("advance_2pow100_plus_12345", (1 << 100) + 12345, "raw4"),
            ("advance_minus_1", u128::MAX, "raw2"),
        ] {
            let mut moved = rng.clone();
            moved.advance(delta);
            assert_eq!(moved.state().state, wide(case.at(key).at("state")), "{key}");
            raw(moved, case.at(key).at(words));
        }
        let jumped = rng.jumped(1);
        assert_eq!(jumped.state().state, wide(case.at("jumped_1").at("state")));
        raw(jumped, case.at("jumped_1").at("raw4"));
    }
}

/// The draws of one golden call, as bits; `None` for laws that are not part of the crate.
fn draw(rng: &mut Rng, function: &str, args: &Value, count: usize, bulk: bool) -> Option<Vec<u64>> {
    let number = |key| args.at(key).float();
    let float: &dyn Fn(&mut Rng) -> f64 = match function {
        "random" => &|rng| rng.random(),
        "uniform" => &|rng| rng.uniform(number("low"), number("high")),
        "standard_normal" => &|rng| rng.standard_normal(),
        "normal" => &|rng| rng.normal(number("loc"), number("scale")),
        "standard_exponential" => &|rng| rng.standard_exponential(),
        "standard_cauchy" => &|rng| rng.standard_cauchy(),
        "integers" => return integers(rng, args, count, bulk),
        "integers_scalar_calls" => {
            return Some(
                (0..count).map(|_| rng.integers(0, args.at("high").int().to_i64().unwrap()) as u64).collect(),
            );
        }
        "integers_array_high" => {
            let highs = args.at("high").unsigneds();
            return Some((0..count).map(|i| rng.integers(0, highs[i % highs.len()] as i64) as u64).collect());
        }
        _ => return None,
    };
    let mut out = vec![0.0; count];
    match (function, bulk) {
        ("random", true) => rng.fill_random(&mut out),
        ("uniform", true) => rng.fill_uniform(number("low"), number("high"), &mut out),
        ("standard_normal", true) => rng.fill_standard_normal(&mut out),
        ("normal", true) => rng.fill_normal(number("loc"), number("scale"), &mut out),
        ("standard_exponential", true) => rng.fill_standard_exponential(&mut out),
        ("standard_cauchy", true) => rng.fill_standard_cauchy(&mut out),
        _ => out.iter_mut().for_each(|value| *value = float(rng)),
    }
    Some(out.into_iter().map(f64::to_bits).collect())
}

fn integers(rng: &mut Rng, args: &Value, count: usize, bulk: bool) -> Option<Vec<u64>> {
    let dtype = args.get("dtype").map_or("int64", Golden::text);
    if !matches!(dtype, "int64" | "uint64" | "int32" | "uint32") || args.get("note").is_some() {
        return None;
    }
    if args.get("endpoint").is_some() {
        let last = args.at("high").unsigned();
        return Some((0..count).map(|_| rng.bounded(last)).collect());
    }
    let (low, high) = (args.at("low").int().to_i64()?, args.at("high").int().to_i64()?);
    let mut out = vec![0; count];
    if bulk {
        rng.fill_integers(low, high, &mut out);
    } else {
        out.iter_mut().for_each(|value| *value = rng.integers(low, high));
    }
    Some(out.into_iter().map(|value| value as u64).collect())
}

fn bits(values: &Value, dtype: &str) -> Vec<u64> {
    if dtype == "f64" {
        return values.floats().into_iter().map(f64::to_bits).collect();
    }
    values
        .items()
        .iter()
        .map(|v| v.int().to_u64().unwrap_or_else(|| v.int().to_i64().unwrap() as u64))
        .collect()
}

/// Exact, with one allowance: where NumPy asks its platform for `log1p`, one ulp. Counted.
fn compare(ours: &[u64], golden: &[u64], label: &str) -> usize {
    assert_eq!(ours.len(), golden.len(), "{label}");
    let differing = ours.iter().zip(golden).filter(|(a, b)| a != b);
    for (a, b) in differing.clone() {
        assert!(a.abs_diff(*b) <= 1, "{label}: {a:x} instead of {b:x}");
    }
    differing.count()
}

#[test]
fn every_law_equals_numpy_scalar_and_bulk() {
    let golden = golden::load("numpy_pcg64.json");
    let (mut compared, mut last_bit) = (0, 0);
    for generator in golden.at("generator").items() {
        for case in generator.at("cases").items() {
            let function = case.at("fn").text();
            let expected = bits_if_known(case);
            for bulk in [false, true] {
                let mut rng = seeded(generator.at("seed"));
                let Some(ours) = draw(&mut rng, function, case.at("args"), expected.len(), bulk) else {
                    continue;
                };
                last_bit += compare(&ours, &expected, function);
                compared += 1;
                let State { state, half, .. } = rng.state();
                assert_eq!(state, wide(case.at("after").at("state")), "{function}");
                assert_eq!(u64::from(half.is_some()), case.at("after").at("has_uint32").unsigned());
                if let Some(half) = half {
                    assert_eq!(u64::from(half), case.at("after").at("uinteger").unsigned());
                }
            }
        }
    }
    assert_eq!((compared, last_bit), (136, 0));
}

fn bits_if_known(case: &Value) -> Vec<u64> {
    match case.at("dtype").text() {
        dtype @ ("f64" | "int64" | "uint64" | "int32" | "uint32") => bits(case.at("values"), dtype),
        _ => Vec::new(),
    }
}

#[test]
fn single_value_ranges_draw_nothing() {
    let golden = golden::load("numpy_pcg64.json");
    for generator in golden.at("generator").items() {
        let is_single =
            |case: &&Value| case.at("args").get("note").is_some_and(|n| n.text().starts_with("single value"));
        let case = generator.at("cases").items().iter().find(is_single).expect("the case is there");
        let expected = bits(case.at("values"), "int64");
        let mut rng = seeded(generator.at("seed"));
        let mut ours: Vec<u64> = (0..4).map(|_| rng.integers(7, 8) as u64).collect();
        ours.extend((0..8).map(|_| rng.integers(0, 1000) as u64));
        assert_eq!(ours, expected);
    }
}

#[test]
fn interleaved_calls_keep_the_half_word() {
    let golden = golden::load("numpy_pcg64.json");
    for generator in golden.at("generator").items() {
        let mut rng = seeded(generator.at("seed"));
        for step in generator.at("interleaved").items().iter().take(8) {
            let call: Vec<u64> = match step.at("op").text() {
                "random(3)" => (0..3).map(|_| rng.random().to_bits()).collect(),
                "random(2)" => (0..2).map(|_| rng.random().to_bits()).collect(),
                "standard_normal(3)" => (0..3).map(|_| rng.standard_normal().to_bits()).collect(),
                "standard_exponential(2)" => (0..2).map(|_| rng.standard_exponential().to_bits()).collect(),
                "integers(0,100,size=3,dtype=int32)" => (0..3).map(|_| rng.integers(0, 100) as u64).collect(),
                "integers(0,1000,size=1,dtype=int64)" => vec![rng.integers(0, 1000) as u64],
                "integers(0,2**40,size=2)" => (0..2).map(|_| rng.integers(0, 1 << 40) as u64).collect(),
                "integers(0,2**32,size=3,dtype=uint32)" => {
                    (0..3).map(|_| rng.integers(0, 1 << 32) as u64).collect()
                }
                other => panic!("unexpected call {other}"),
            };
            assert_eq!(call, bits(step.at("values"), step.at("dtype").text()), "{}", step.at("op").text());
            assert_eq!(u64::from(rng.state().half.is_some()), step.at("has_uint32").unsigned());
        }
    }
}

#[test]
fn array_parameters_draw_element_by_element() {
    let golden = golden::load("numpy_pcg64.json");
    let case = golden.at("broadcast");
    let mut rng = seeded(case.at("seed"));
    let ours: Vec<f64> =
        (0..12).map(|i| rng.normal([0.0, 10.0, 20.0][i % 3], [1.0, 2.0, 3.0][i % 3])).collect();
    assert_eq!(ours, case.at("values").floats());
}

#[test]
fn a_million_draws_have_numpys_checksum() {
    let golden = golden::load("numpy_pcg64.json");
    let mut checked = 0;
    for run in golden.at("long_run").items() {
        let count = run.at("n").unsigned() as usize;
        let mut rng = seeded(run.at("seed"));
        let args = run.get("args").cloned().unwrap_or(Value::Null);
        let Some(ours) = draw(&mut rng, run.at("fn").text(), &args, count, true) else { continue };
        let bytes: Vec<u8> = ours.iter().flat_map(|bits| bits.to_le_bytes()).collect();
        let digest: String = Sha256::digest(&bytes).iter().map(|byte| format!("{byte:02x}")).collect();
        assert_eq!(digest, run.at("sha256_le").text(), "{}", run.at("fn").text());
        assert_eq!(rng.state().state, wide(run.at("after_state")));
        checked += 1;
    }
    assert_eq!(checked, 5);
}

#[test]
fn spawned_streams_equal_numpy() {
    let golden = golden::load("numpy_pcg64.json");
    let spawned = golden.at("spawned_child_streams");
    let entropy: Int = spawned.at("entropy").int();
    let mut parent = Rng::from_seed(&entropy);
    let sequence = SeedSequence::new(&entropy);
    let children = parent.spawn(4);
    for ((mut rng, index), case) in children.into_iter().zip(0..).zip(spawned.at("children").items()) {
        assert_eq!(rng.state(), Rng::new(sequence.child(index)).state());
        assert_eq!(rng.state().state, wide(case.at("state")));
        let ours: Vec<f64> = (0..8).map(|_| rng.random()).collect();
        assert_eq!(ours, case.at("random8").floats());
    }
}
