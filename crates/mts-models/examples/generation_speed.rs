//! Times the generation of a dataset: `generation_speed MODEL M T R` reads the parameters, a line of JSON, and prints
//! how many nanoseconds per value the facts expect. Then it makes the dataset once for every line that it reads, and
//! answers with the seconds of processor time. `normals` in place of a model fills the same buffer with standard
//! normals and nothing else. `benchmarks/generation/compare.py` runs it beside NumPy.

#![allow(clippy::print_stdout, reason = "it is what the program is for")]

use std::error::Error;
use std::hint::black_box;
use std::io::stdin;
use std::time::Duration;

use mts_core::{Finite, Series, Shape, SlabSource, Streams};
use mts_hash::SeedSequence;
use mts_rng::Rng;
use rustix::time::{ClockId, clock_gettime};

/// Values that pass from the generator to a file at a time, as in `mts generate`.
const CHUNK: usize = 1 << 16;

fn main() -> Result<(), Box<dyn Error + Send + Sync>> {
    let arguments: Vec<String> = std::env::args().collect();
    let [_, name, channels, steps, realizations] = arguments.as_slice() else {
        return Err("usage: generation_speed MODEL M T R".into());
    };
    let mut params = String::new();
    stdin().read_line(&mut params)?;
    let shape = Shape::new(channels.parse()?, steps.parse()?, realizations.parse()?)?;
    let mut slabs = vec![0.0; shape.slab() * (CHUNK / shape.slab()).clamp(1, shape.steps())];
    if name == "normals" {
        println!("0");
        let mut rng = Rng::from_seed(1_u64);
        return answer(|| {
            for start in (0..shape.values()).step_by(slabs.len()) {
                let count = slabs.len().min(shape.values() - start);
                rng.fill_standard_normal(black_box(&mut slabs[..count]));
            }
            Ok(())
        });
    }
    let registry = mts_models::registry();
    let entry = registry.get(name).ok_or("no such model")?;
    let model = entry.build(serde_json::from_str(&params)?, shape)?;
    println!("{}", model.facts().cost);
    let mut source = Finite::new(Series::new(model, SeedSequence::new(1_u64), Streams::Shared));
    let mut labels = Vec::new();
    answer(|| {
        source.rewind()?;
        while source.next(black_box(&mut slabs))? > 0 {
            source.labels(&mut labels);
            labels.clear();
        }
        Ok(())
    })
}

/// Does the work for each line of the input.
fn answer(
    mut work: impl FnMut() -> Result<(), Box<dyn Error + Send + Sync>>,
) -> Result<(), Box<dyn Error + Send + Sync>> {
    for line in stdin().lines() {
        line?;
        let start = processor_time();
        work()?;
        println!("{}", (processor_time() - start).as_secs_f64());
    }
    Ok(())
}

fn processor_time() -> Duration {
    let time = clock_gettime(ClockId::ProcessCPUTime);
    Duration::new(time.tv_sec.unsigned_abs(), time.tv_nsec.unsigned_abs() as u32)
}
