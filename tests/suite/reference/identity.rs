//! Identities against PyMTS 0.1.0.

use mts_hash::{Identity, Value, canonical_json};
use mts_tests::golden::{self, Golden};

#[test]
fn every_identity_equals_the_reference() {
    let golden = golden::load("pymts_ids.json");
    let defaults = golden.at("validated_defaults").items().iter().map(|case| case.at("generator"));
    let cases: Vec<&Value> = golden.at("cases").items().iter().chain(defaults).collect();
    assert!(cases.len() > 90);
    for case in cases {
        let Value::Map(params) = case.at("params").untagged() else { panic!("params are a mapping") };
        let model = case.at("model").text();
        let payload: mts_hash::Map =
            [("model", Value::from(model)), ("params", params.clone().into())].into_iter().collect();
        assert_eq!(canonical_json(&payload.into()), case.at("canonical_json").text());
        let identity = Identity::new(model, &params);
        assert_eq!(identity.slug, case.at("slug").text(), "{}", case.at("canonical_json").text());
        assert_eq!(identity.hash8, case.at("hash8").text());
        assert_eq!(identity.config_id(), case.at("config_id").text());
        let digest: String = identity.digest.iter().map(|byte| format!("{byte:02x}")).collect();
        assert_eq!(digest, case.at("sha256").text());
    }
}
