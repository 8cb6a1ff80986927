//! Links are distinct, and as many as were asked for.

use mts_hash::SeedSequence;
use mts_tables::{CountLaw, Infeasible, Links};
use proptest::prelude::*;

proptest! {
    #[test]
    fn distinct_and_exact(
        rows in 1..300_u64,
        partners in prop_oneof![1..20_u64, 250..300_u64, 1..5000_u64],
        between in 0.0..=1.0,
        seed: u64,
    ) {
        let most = partners.min(40);
        let count = (between * (rows * most) as f64) as u64;
        let links = Links::new(&SeedSequence::new(seed), rows, partners, count, 0, Some(most), CountLaw::Fit);
        let links = links.unwrap();
        let pairs: Vec<(u64, u64)> = (0..count).map(|slot| links.pair(slot)).collect();
        prop_assert!(pairs.iter().all(|&(row, partner)| row < rows && partner < partners));
        let mut distinct = pairs;
        distinct.sort_unstable();
        distinct.dedup();
        prop_assert_eq!(distinct.len() as u64, count);
    }
}

#[test]
fn all_with_all() {
    let links = Links::new(&SeedSequence::new(1_u64), 7, 300, 2100, 0, None, CountLaw::Fit).unwrap();
    for row in 0..7 {
        let mut partners: Vec<u64> = links.slots().slots(row).map(|slot| links.pair(slot).1).collect();
        partners.sort_unstable();
        assert!(partners.into_iter().eq(0..300));
    }
}

#[test]
fn more_than_all_with_all() {
    let make = |links, min, max| {
        Links::new(&SeedSequence::new(1_u64), 7, 3, links, min, max, CountLaw::Fit).unwrap_err()
    };
    assert_eq!(make(22, 0, None), Infeasible::TooMany { parents: 7, max: 3, children: 22 });
    assert_eq!(make(20, 4, None), Infeasible::Partners { wanted: 4, partners: 3 });
    assert_eq!(make(20, 0, Some(5)), Infeasible::Partners { wanted: 5, partners: 3 });
}
