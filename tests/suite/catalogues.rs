//! Catalogues of many datasets take little memory for each.

use mts_core::{Dtype, Shape};
use mts_hash::{Map, Value};
use mts_io::{Catalogue, CatalogueRow, Digest, Format};

fn row(number: u64, params: Map) -> CatalogueRow {
    CatalogueRow {
        config_id: format!("var_M20__{number:08x}"),
        data_id: format!("{number:08x}"),
        model: "var".to_owned(),
        shape: Shape::of(20, 100, 1),
        dtype: Dtype::F64,
        seed_entropy: 1.into(),
        spawn_key: vec![0],
        path: format!("var/var_M20__{number:08x}/var_M20__{number:08x}.parquet"),
        format: Format::Parquet,
        formats: Vec::new(),
        digest: Digest { bytes: 4096, sha256: "ab".repeat(32) },
        params,
    }
}

#[test]
fn a_matrix_of_many_datasets_is_kept_once() {
    let matrix: Value = (0..20).map(|i| Value::from(vec![f64::from(i); 20])).collect::<Vec<_>>().into();
    let edges: Value =
        (0..20_i64).map(|i| Value::from(vec![Value::from(i), (i + 1).into()])).collect::<Vec<_>>().into();
    let params = Map::from_iter([("A", matrix), ("edges", edges)]);
    let most = |rows: u64| {
        let fill = || {
            let mut catalogue = Catalogue::new();
            (0..rows).for_each(|number| catalogue.add(row(number, params.clone())));
            assert!(catalogue.rows().all(|row| row.params == params));
        };
        allocation_counter::measure(fill).bytes_max
    };
    let each = (most(4096) - most(2048)) / 2048;
    assert!((50..500).contains(&each), "{each} bytes each");
}
