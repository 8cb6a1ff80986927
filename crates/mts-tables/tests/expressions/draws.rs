//! Random functions.

use mts_hash::SeedSequence;
use mts_rng::laws::{Law, Poisson};
use mts_rng::{Key, keyed};
use mts_tables::{Expression, Rows, Syntax};

use arrow_array::ArrayRef;
use arrow_array::cast::AsArray;
use arrow_array::types::{Date32Type, Float64Type, Int64Type};

use crate::table::{column, show};

fn seed() -> SeedSequence {
    SeedSequence::new(11_u64).named("t").named("c")
}

/// Of a table with a single column, of which all rows are `2.0`.
fn drawn(text: &str, rows: &Rows) -> ArrayRef {
    let columns = [column("two", mts_core::ColumnType::Float, false)];
    let expression = Expression::new(&Syntax::parse(text).unwrap(), &columns, &seed()).unwrap();
    let twos: ArrayRef = std::sync::Arc::new(arrow_array::Float64Array::from(vec![2.0; rows.len()]));
    expression.evaluate(&vec![twos; expression.inputs().len()], rows)
}

fn floats(text: &str) -> Vec<f64> {
    drawn(text, &Rows::Range(0..20_000)).as_primitive::<Float64Type>().values().to_vec()
}

fn mean(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / values.len() as f64
}

#[test]
fn each_call_has_its_own_key_by_its_place() {
    let key = |site| Key::from(&seed().child(site));
    let normals = |site| (0..100).map(|row| keyed(key(site), row).normal(1.0, 2.0)).collect::<Vec<_>>();
    let rows = Rows::Range(0..100);
    let of = |text: &str| drawn(text, &rows).as_primitive::<Float64Type>().values().to_vec();
    assert_eq!(of("normal(1, 2)"), normals(0));
    assert_eq!(of("normal(1, two)"), normals(0));
    assert_eq!(of("0 * uniform(0, 1) + normal(1, 2)"), normals(1));
    // The branch before does not disturb it, and the outer call begins before the inner.
    assert_eq!(of("normal(0, 1) if two < 0 else normal(1, 2)"), normals(1));
    assert_eq!(of("0 * normal(0, 1) + normal(normal(0, 0) + 1, 2)"), normals(1));
    let poisson = Poisson::new(2.0).unwrap();
    let counts: Vec<i64> = (0..100).map(|row| poisson.sample(&mut keyed(key(0), row)) as i64).collect();
    for text in ["poisson(2)", "poisson(two)"] {
        assert_eq!(drawn(text, &rows).as_primitive::<Int64Type>().values().to_vec(), counts);
    }
}

#[test]
fn rows_do_not_depend_on_each_other() {
    for text in [
        "normal(0, 1)",
        "lognormal(0, 1)",
        "uniform(two, 3)",
        "exponential(1)",
        "poisson(40)",
        "bernoulli(0.3)",
        "randint(-3, 3)",
        "choice('a', 'b', str(two), None)",
        "rand_days_after('2024-01-01', 0, 365)",
    ] {
        let listed = [5_u64, 3, 3, 1_000_000_000_000, 0];
        let all = drawn(text, &Rows::Listed(&listed));
        for (at, row) in listed.into_iter().enumerate() {
            let one = drawn(text, &Rows::Range(row..row + 1));
            assert_eq!(show(&all.slice(at, 1)), show(&one), "{text}");
        }
    }
}

#[test]
fn laws_are_what_they_are_called() {
    // Means within five standard deviations of a mean of 20 000.
    let near = |text: &str, expected: f64, deviation: f64| {
        let mean = mean(&floats(text));
        assert!((mean - expected).abs() < 5.0 * deviation / 20_000_f64.sqrt(), "{text}: {mean}");
    };
    near("normal(3, 2)", 3.0, 2.0);
    near("uniform(2, 5)", 3.5, 0.87);
    near("exponential(4)", 4.0, 4.0);
    near("lognormal(0, 0.5)", 1.1331, 0.604);
    near("float(poisson(7))", 7.0, 2.65);
    near("float(int(bernoulli(0.2)))", 0.2, 0.4);
    near("float(randint(1, 6))", 3.5, 1.71);
    near("float(choice(1, 2, 4, 5))", 3.0, 1.58);
    near("float(days_between('2024-01-01', rand_days_after('2024-01-01', 10, 20)))", 15.0, 3.16);
    let days = drawn("rand_days_after('2024-02-28', 1, 2)", &Rows::Range(0..200));
    let days = days.as_primitive::<Date32Type>().values();
    assert!(days.iter().all(|day| [19_782, 19_783].contains(day)) && days.contains(&19_782));
}
