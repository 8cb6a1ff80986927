//! Any relationship: refused with true arithmetic, or exact.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use mts_hash::SeedSequence;
use mts_tables::{Children, CountLaw, Infeasible};
use proptest::prelude::*;

fn laws() -> impl Strategy<Value = CountLaw> {
    prop_oneof![
        Just(CountLaw::Fit),
        Just(CountLaw::Fixed),
        Just(CountLaw::Uniform),
        Just(CountLaw::Poisson { lambda: None }),
        Just(CountLaw::Geometric { p: None }),
        (0.1..5.0).prop_map(|exponent| CountLaw::Zipf { exponent }),
    ]
}

/// Around the size of a leaf, and others.
fn parents() -> impl Strategy<Value = u64> {
    prop_oneof![
        Just(0),
        Just(1),
        Just(2),
        Just(4095),
        Just(4096),
        Just(4097),
        Just(8192),
        Just(12_289),
        1..200_u64,
        1..20_000_u64,
    ]
}

/// Bounds, and how far between them the children are: 0 and 1 are the ends, beyond them there are no counts.
fn totals() -> impl Strategy<Value = (u64, Option<u64>, f64)> {
    let most = prop_oneof![Just(None), (0..10_u64).prop_map(Some), (0..1000_u64).prop_map(Some)];
    let between = prop_oneof![4 => 0.0..=1.0, 1 => Just(0.0), 1 => Just(1.0), 1 => -0.2..1.2];
    let min = prop_oneof![2 => Just(0_u64), 1 => 1..5_u64];
    (min, most, between).prop_map(|(min, more, between)| (min, more.map(|more| min + more), between))
}

fn total(parents: u64, min: u64, max: Option<u64>, between: f64) -> u64 {
    let (low, high) = ((min * parents) as f64, (max.unwrap_or(min + 7) * parents) as f64);
    (low + between * (high - low)).round().max(0.0) as u64
}

fn judge(parents: u64, children: u64, min: u64, max: Option<u64>, law: CountLaw, seed: u64) {
    let seed = SeedSequence::new(seed);
    let feasible = min * parents <= children
        && max.is_none_or(|max| children <= max * parents)
        && (parents > 0 || children == 0);
    let made = Children::new(&seed, parents, children, min, max, law);
    let relationship = match made {
        Err(error) => {
            assert!(!feasible, "{error}");
            let text = error.to_string();
            match error {
                Infeasible::TooMany { max, .. } => {
                    assert!(text.ends_with(&format!("= {} < {children} rows", parents * max)), "{text}");
                }
                Infeasible::TooFew { .. } => {
                    assert!(text.ends_with(&format!("= {} > {children} rows", parents * min)), "{text}");
                }
                Infeasible::NoParents { .. } => assert_eq!(parents, 0),
                other => panic!("{other}"),
            }
            return;
        }
        Ok(relationship) => relationship,
    };
    assert!(feasible);
    let mut expected = Vec::new();
    for parent in 0..parents {
        let slots = relationship.slots(parent);
        assert_eq!(slots.start, expected.len() as u64);
        let count = slots.end - slots.start;
        assert!(min <= count && max.is_none_or(|max| count <= max), "{count} children of {parent}");
        expected.extend((0..count).map(|_| parent));
    }
    assert_eq!(expected.len() as u64, children);
    for slot in (0..children).step_by(1 + expected.len() / 500) {
        assert_eq!(relationship.parent(slot), expected[slot as usize]);
    }
    // What is remembered makes no difference, and neither does what is asked first.
    let forgetful = Children::new(&seed, parents, children, min, max, law).unwrap().with_budget(0);
    let (from, to) = (children / 3, children - children / 7);
    let any: Vec<u64> =
        (0..400).filter_map(|i| (i * 7919_u64 + children / 2).checked_rem(children)).collect();
    for relationship in [&forgetful, &relationship] {
        let mut consecutive = vec![7];
        relationship.parents(from..to, &mut consecutive);
        assert_eq!(consecutive[1..], expected[from as usize..to as usize]);
        let mut scattered = vec![7];
        relationship.parents_of(&any, &mut scattered);
        assert!(scattered[1..].iter().zip(&any).all(|(parent, slot)| *parent == expected[*slot as usize]));
        assert_eq!(scattered.len(), any.len() + 1);
    }
    if let Some(last) = parents.checked_sub(1) {
        assert_eq!(forgetful.slots(last), relationship.slots(last));
        assert_eq!(forgetful.slots(last / 2), relationship.slots(last / 2));
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn exact_or_refused(parents in parents(), (min, max, between) in totals(), law in laws(), seed: u64) {
        judge(parents, total(parents, min, max, between), min, max, law, seed);
    }
}

#[test]
fn the_ends_of_what_there_can_be() {
    let laws = [
        CountLaw::Fit,
        CountLaw::Fixed,
        CountLaw::Uniform,
        CountLaw::Poisson { lambda: None },
        CountLaw::Geometric { p: None },
        CountLaw::Zipf { exponent: 1.2 },
        CountLaw::Zipf { exponent: 3.0 },
    ];
    for law in laws {
        for parents in [1, 2, 4096, 4097] {
            judge(parents, 0, 0, None, law, 1);
            judge(parents, 0, 0, Some(0), law, 2);
            judge(parents, 3 * parents, 3, Some(3), law, 3);
            judge(parents, 5 * parents, 0, Some(5), law, 4);
            judge(parents, 5 * parents, 5, None, law, 5);
            judge(parents, 1, 0, Some(1), law, 6);
            judge(parents, 100_000, 0, None, law, 7);
        }
        judge(0, 0, 0, Some(3), law, 8);
    }
}

/// Neither sums nor products overflow, and no leaf is asked that need not be.
#[test]
fn tables_beyond_any_disk() {
    let seed = SeedSequence::new(9_u64);
    let laws = [CountLaw::Fit, CountLaw::Poisson { lambda: None }, CountLaw::Zipf { exponent: 1.5 }];
    for law in laws {
        for (parents, children, min, max) in [
            (1_000_000_000_000, u64::MAX, 0, None),
            (1_000_000_000_000, 3_000_000_000_000, 1, Some(u64::MAX)),
            (u64::MAX, u64::MAX, 0, Some(2)),
            (u64::MAX, 1000, 0, None),
            (10, u64::MAX, 1, None),
        ] {
            let relationship =
                Children::new(&seed, parents, children, min, max, law).unwrap().with_budget(1 << 20);
            for slot in [0, 1, children / 3, children - 1] {
                let parent = relationship.parent(slot);
                assert!(relationship.slots(parent).contains(&slot), "{law:?} {parents} {children}");
            }
            assert_eq!(relationship.slots(0).start, 0);
            assert_eq!(relationship.slots(parents - 1).end, children);
        }
    }
}

#[test]
fn parameters_are_judged() {
    let text = |law| Children::new(&SeedSequence::new(1_u64), 1, 1, 0, None, law).unwrap_err().to_string();
    let lambda = CountLaw::Poisson { lambda: Some(-1.0) };
    assert_eq!(text(lambda), "lambda = -1 must be a finite number, at least 0");
    assert_eq!(text(CountLaw::Geometric { p: Some(0.0) }), "p = 0 must be a probability above 0");
    let zipf = CountLaw::Zipf { exponent: f64::NAN };
    assert_eq!(text(zipf), "exponent = NaN must be above 0 and at most 100");
    let bounds = Children::new(&SeedSequence::new(1_u64), 1, 1, 5, Some(3), CountLaw::Fit).unwrap_err();
    assert_eq!(bounds.to_string(), "at least 5 > at most 3 children");
}

#[test]
fn threads_share_a_relationship() {
    let seed = SeedSequence::new(3_u64);
    let make = || Children::new(&seed, 30_000, 100_000, 0, None, CountLaw::Fit).unwrap();
    let slots = || (0..100_000).step_by(97);
    let alone: Vec<u64> = {
        let relationship = make();
        slots().map(|slot| relationship.parent(slot)).collect()
    };
    let (shared, small) = (make(), make().with_budget(60_000));
    std::thread::scope(|scope| {
        for relationship in [&shared, &shared, &small, &small] {
            scope.spawn(|| {
                assert!(slots().map(|slot| relationship.parent(slot)).eq(alone.iter().copied()));
            });
        }
    });
}

/// Of all who have ten children or more, as many have hundreds and thousands as the exponent says.
#[test]
fn few_have_most() {
    let cases =
        [(1.5, 0, 50_000_u64, 40_u64), (1.5, 1, 50_000, 40), (2.2, 0, 50_000, 40), (1.5, 0, 1_000_000, 10)];
    for (exponent, min, parents, seeds) in cases {
        let children = 2 * parents;
        let (mut tail, mut with_thousands) = ([0_u64; 3], 0);
        for seed in 0..seeds {
            let law = CountLaw::Zipf { exponent };
            let all = children + min * parents;
            let made = Children::new(&SeedSequence::new(seed), parents, all, min, None, law).unwrap();
            let counts: Vec<u64> = (0..parents).map(|parent| made.count(parent) - min).collect();
            assert_eq!(counts.iter().sum::<u64>(), children);
            for (tail, edge) in tail.iter_mut().zip([10, 100, 1000]) {
                *tail += counts.iter().filter(|count| **count >= edge).count() as u64;
            }
            with_thousands += u64::from(counts.iter().any(|count| *count >= 2000));
        }
        assert!(with_thousands > seeds / 2, "{exponent}: of {seeds} seeds {with_thousands}");
        // P(k >= x) falls as (x + 1/2)^(1 - exponent), but for what the largest k cuts.
        let power = |x: f64| mts_rng::math::pow(x, 1.0 - exponent);
        let above = |x: f64| power(x + 0.5) - power(children as f64);
        for (at, edges) in [[10.0, 100.0], [100.0, 1000.0]].into_iter().enumerate() {
            let expected = above(edges[1]) / above(edges[0]);
            let found = tail[at + 1] as f64 / tail[at] as f64;
            assert!(
                (found / expected - 1.0).abs() < 0.2,
                "{exponent} {parents}: {found}, expected {expected}"
            );
        }
    }
}

#[test]
fn parameters_agree_with_rows() {
    let told = |rows, min, max, law| {
        Children::new(&SeedSequence::new(1_u64), 1000, rows, min, max, law).err().map(|why| why.to_string())
    };
    let poisson = |lambda| CountLaw::Poisson { lambda: Some(lambda) };
    let geometric = |p| CountLaw::Geometric { p: Some(p) };
    assert_eq!(
        told(4000, 0, None, poisson(50.0)).unwrap(),
        "lambda = 50 × 1000 parents = 50000 ≠ 4000 rows: leave lambda out, rows decide the mean"
    );
    assert_eq!(
        told(4000, 0, None, geometric(0.5)).unwrap(),
        "p = 0.5, 1 children on average, × 1000 parents = 1000 ≠ 4000 rows: leave p out, rows decide the mean"
    );
    // Five standard errors of √4000.
    assert_eq!(told(4300, 0, None, poisson(4.0)), None);
    assert_eq!(told(3700, 0, None, poisson(4.0)), None);
    assert!(told(4330, 0, None, poisson(4.0)).is_some());
    // What bounds leave of it.
    assert_eq!(told(5000, 0, Some(5), poisson(50.0)), None);
    assert!(told(4900, 0, Some(5), poisson(50.0)).is_some());
    assert_eq!(told(3000, 2, None, geometric(0.5)), None);
    assert_eq!(told(1000, 1, None, geometric(1.0)), None);
    assert!(told(1002, 1, None, geometric(1.0)).is_some());
    assert_eq!(told(4000, 0, None, CountLaw::Poisson { lambda: None }), None);
}
