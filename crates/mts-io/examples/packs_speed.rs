//! Times packs and catalogues: `packs_speed write|read|catalogue COUNT FOLDER` prints seconds of the processor
//! and the most memory so far. `read` wants what `write` left.

#![allow(clippy::print_stdout, reason = "it is what the program is for")]

use std::error::Error;
use std::path::{Path, PathBuf};

use mts_core::{Dtype, Head, Shape, SlabSource as _, TimeAxis, Truth};
use mts_hash::{Array, Map, Value};
use mts_io::{
    About, AboutSeries, Catalogue, CatalogueRow, Compression, Contents, Digest, Form, Format, Pack,
    PackWriter, Sidecar, Store, open,
};

type Outcome = Result<(), Box<dyn Error + Send + Sync>>;

/// Members of a pack.
const MEMBERS: usize = 2000;

fn main() -> Outcome {
    let arguments: Vec<String> = std::env::args().collect();
    let [_, what, count, folder] = arguments.as_slice() else {
        return Err("usage: packs_speed write|read|catalogue COUNT FOLDER".into());
    };
    let (count, folder) = (count.parse()?, Path::new(folder));
    match what.as_str() {
        "write" => write(count, folder)?,
        "read" => read(count, folder)?,
        _ => catalogue(count, folder)?,
    }
    Ok(())
}

/// Prints what the process has used so far; the difference of two lines is a part's.
fn used(what: &str) -> Outcome {
    /// Ticks per second that Linux reports times in.
    const TICKS: f64 = 100.0;
    let stat = std::fs::read_to_string("/proc/self/stat")?;
    let fields = stat.rsplit(')').next().unwrap_or_default().split_whitespace().skip(11).take(2);
    let ticks: f64 = fields.filter_map(|field| field.parse::<f64>().ok()).sum();
    let status = std::fs::read_to_string("/proc/self/status")?;
    let peak = status.lines().find(|line| line.starts_with("VmHWM")).unwrap_or_default();
    println!("{what}: {:.2} s, {peak}", ticks / TICKS);
    Ok(())
}

fn pack_path(folder: &Path, pack: usize) -> PathBuf {
    folder.join(format!("ou/pack-{pack:05}.parquet"))
}

fn config_id(number: usize) -> String {
    format!("ou_M5_T256__{number:08x}")
}

fn params(number: usize) -> Map {
    let mut params: Map = [("M", 5), ("T", 256), ("n_realizations", 1)].into_iter().collect();
    params.insert("dt", 0.01);
    params.insert("mu", vec![0.1 + number as f64 * 1e-5, 0.2, 0.3, 0.4, 0.5]);
    params.insert("theta", 0.5 + number as f64 * 1e-6);
    params.insert("sigma", 0.3);
    params.insert("X0", Value::Null);
    params.insert("kind", "gaussian");
    params.insert("graph", Map::from_iter([("kind", "ring")]));
    params
}

fn sidecar(number: usize, attributes: &Map) -> Sidecar {
    let config_id = config_id(number);
    let mut recipe: Map =
        [("engine", Value::from(1)), ("kind", "grid".into()), ("model", "ou".into())].into_iter().collect();
    recipe.insert("params", params(number));
    recipe.insert("spawn_key", vec![number]);
    Sidecar {
        about: About::Series(Box::new(AboutSeries {
            slug: "ou_M5_T256".to_owned(),
            hash8: format!("{number:08x}"),
            model: "ou".to_owned(),
            n_realizations: 1,
            params: params(number),
            storage_dir: format!("ou/{config_id}"),
            zscore: false,
            zscore_axis: "time".to_owned(),
            split: None,
            attributes: attributes.clone(),
            config_id,
        })),
        seed_entropy: 42.into(),
        data_id: format!("{number:08x}"),
        recipe: recipe.into(),
        artefacts: Vec::new(),
    }
}

fn write(count: usize, folder: &Path) -> Outcome {
    let shape = Shape::new(5, 256, 1)?;
    // Digits without a pattern, other ones in each member.
    let values: Vec<f64> =
        (0..shape.values() + count).map(|i| (i as f64 * std::f64::consts::PI).fract() - 0.5).collect();
    let arrays = [("mu".to_owned(), Array::from(vec![0.1; 5]))].into();
    let truth = Truth { arrays, ..Truth::default() };
    let (store, extra) = (Store::new(), Map::new());
    for first in (0..count).step_by(MEMBERS) {
        let mut pack = PackWriter::create(&store, &pack_path(folder, first / MEMBERS))?;
        for number in first..count.min(first + MEMBERS) {
            let attributes: Map =
                [("dt", Value::from(0.01)), ("params", params(number).into())].into_iter().collect();
            let time = TimeAxis::Seconds { dt: 0.01 };
            let head = Head { shape, time, dtype: Dtype::F64, attributes, truth: None };
            let config_id = config_id(number);
            let contents = Contents {
                head: &head,
                config_id: &config_id,
                form: Form::Long,
                compression: Compression::default(),
                extra: &extra,
            };
            let mut member = pack.begin(&contents, &[], &truth)?;
            member.write(&values[number..number + shape.values()])?;
            member.finish(&sidecar(number, &head.attributes))?;
        }
        store.commit((), pack.finish()?.into_pending());
    }
    for group in store.flush() {
        group.outcome?;
    }
    used("written")
}

fn read(count: usize, folder: &Path) -> Outcome {
    let mut slabs = vec![0.0; 5 * 256];
    for pack in 0..count.div_ceil(MEMBERS) {
        for member in Pack::open(&pack_path(folder, pack))?.members() {
            let member = member?;
            member.truth()?;
            let mut source = member.source_checked()?;
            while source.next(&mut slabs)? > 0 {}
        }
    }
    used("all read and checked")?;
    let address = format!("{}#{}", pack_path(folder, 0).display(), config_id(count.min(MEMBERS) / 2));
    open(Path::new(&address))?.next(&mut slabs)?;
    used("then one by its address")
}

fn catalogue(count: usize, folder: &Path) -> Outcome {
    let mut catalogue = Catalogue::new();
    for number in 0..count {
        let config_id = config_id(number);
        // Digests do not compress.
        let word = (number as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        let sha256 = [0, 13, 29, 41].map(|shift| format!("{:016x}", word.rotate_left(shift))).concat();
        catalogue.add(CatalogueRow {
            data_id: format!("{:08x}", word >> 32),
            model: "ou".to_owned(),
            shape: Shape::new(5, 256, 1)?,
            dtype: Dtype::F64,
            seed_entropy: 42.into(),
            spawn_key: vec![u32::try_from(number)?],
            path: format!("ou/{config_id}/{config_id}.parquet"),
            format: Format::Parquet,
            formats: Vec::new(),
            digest: Digest { bytes: 14_000, sha256 },
            params: params(number),
            config_id,
        });
    }
    used("rows added")?;
    let (store, path) = (Store::new(), folder.join("catalog.parquet"));
    let file = catalogue.write(&store, &path)?;
    let bytes = file.digest.bytes;
    store.commit((), vec![file.pending]);
    for group in store.flush() {
        group.outcome?;
    }
    used(&format!("{bytes} bytes written"))?;
    drop(catalogue);
    let read = Catalogue::read(&path)?.len();
    used(&format!("{read} rows read"))
}
