//! `SeedSequence` against NumPy 2.4.6.

use mts_hash::{Entropy, Int, SeedSequence, Value};
use mts_tests::golden::{self, Golden};

fn entropy(golden: &Value) -> Entropy {
    match golden {
        Value::List(items) => items.iter().map(Golden::int).collect::<Vec<Int>>().as_slice().into(),
        one => (&one.int()).into(),
    }
}

fn words(golden: &Value) -> Vec<u32> {
    golden.items().iter().flat_map(|item| item.int().words()).collect()
}

fn check(sequence: &SeedSequence, golden: &Value) {
    if let Some(key) = golden.get("spawn_key") {
        assert_eq!(sequence.spawn_key(), words(key));
    }
    if let Some(pool) = golden.get("pool") {
        assert_eq!(sequence.pool(), words(pool));
    }
    let expected: Vec<u64> = golden.at("u32x8").unsigneds();
    assert!(sequence.generate_u32(8).into_iter().map(u64::from).eq(expected));
    if let Some(wide) = golden.get("u64x4") {
        assert_eq!(sequence.generate_u64(4), wide.unsigneds());
    }
}

#[test]
fn every_sequence_equals_numpy() {
    let golden = golden::load("numpy_seedsequence.json");
    let cases = golden.at("cases").items();
    assert_eq!(cases.len(), 26);
    for case in cases {
        let mut root = SeedSequence::new(entropy(case.at("entropy")));
        check(&root, case.at("root"));
        let mut children = root.spawn(3);
        for (child, golden) in children.iter().zip(case.at("children").items()) {
            check(child, golden);
        }
        for (grandchild, golden) in
            children[1].spawn(2).iter().zip(case.at("grandchildren_of_child1").items())
        {
            check(grandchild, golden);
        }
        check(&root.spawn(1)[0], case.at("fourth_child_from_second_spawn_call"));
    }
}

#[test]
fn explicit_keys_and_pools_equal_numpy() {
    let golden = golden::load("numpy_seedsequence.json");
    let keyed = golden.at("explicit_spawn_key");
    let sequence = SeedSequence::with_spawn_key(entropy(keyed.at("entropy")), &words(keyed.at("spawn_key")));
    assert_eq!(sequence.generate_u64(4), keyed.at("u64x4").unsigneds());
    let pooled = golden.at("pool_size_8");
    let sequence = SeedSequence::with_pool_size(entropy(pooled.at("entropy")), &[], 8);
    assert!(sequence.generate_u32(8).into_iter().map(u64::from).eq(pooled.at("u32x8").unsigneds()));
}
