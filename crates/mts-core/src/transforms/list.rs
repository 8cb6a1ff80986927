//! A list of transforms, checked and applied.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use mts_hash::{Map, SeedSequence, Value, digest};
use mts_rng::ENGINE;

use super::effect::{Spoil, Spoilt};
use super::mixing::{Matrix, Mixed};
use super::structure::{self, BurnIn, Every};
use super::{Rank, Transform};
use crate::{Finite, Problems, Shape, SlabSource, TimeAxis, ZscoreAxis, Zscored};

/// Transforms that were checked for data of a shape. Cheap to clone.
///
/// The [module](super) has an example.
#[derive(Clone)]
pub struct Transforms(Arc<Checked>);

impl fmt::Debug for Transforms {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Transforms").field("list", &self.0.list).field("shape", &self.0.shape).finish()
    }
}

struct Checked {
    list: Vec<Transform>,
    shape: Shape,
    source: Shape,
    shapes: Vec<Shaping>,
    spoils: Vec<Spoiling>,
}

/// One that shapes, and the shape that comes out of it.
struct Shaping {
    how: How,
    shape: Shape,
}

enum How {
    BurnIn(usize),
    Every(usize),
    Zscore(ZscoreAxis),
    Mixing(Arc<Matrix>),
}

/// One that spoils: its place in the list, and among those of its name.
struct Spoiling {
    spoil: Arc<dyn Spoil>,
    place: usize,
    number: u32,
}

impl Transforms {
    /// Checks `list` for data that come out with `shape`. Problems name what is wrong as
    /// `transforms[2].anomalies.length`.
    pub fn new(list: Vec<Transform>, shape: Shape, problems: &mut Problems) -> Option<Self> {
        let before = problems.len();
        check_order(&list, problems);
        let (mut hows, mut spoils, mut numbers) = (Vec::new(), Vec::new(), BTreeMap::new());
        for (place, transform) in list.iter().enumerate() {
            let path = path(place, transform);
            let number = numbers.entry(transform.name()).or_insert(0);
            match transform {
                Transform::BurnIn(steps) => hows.push((path, How::BurnIn(*steps))),
                Transform::Every(every) => hows.push((path, How::Every(*every))),
                Transform::Zscore(axis) => hows.push((path, How::Zscore(*axis))),
                Transform::Mixing(mixing) => {
                    let matrix = mixing.check(shape, &path, problems);
                    hows.extend(matrix.map(|matrix| (path, How::Mixing(matrix))));
                }
                _ => {
                    let spoil = checked(transform, shape, &path, problems);
                    spoils.extend(spoil.map(|spoil| Spoiling { spoil, place, number: *number }));
                }
            }
            *number += 1;
        }
        // From behind, as steps that are left out have to be made first.
        let (mut shapes, mut source) = (Vec::new(), shape);
        for (path, how) in hows.into_iter().rev() {
            let before = how.before(source, &path, problems)?;
            shapes.push(Shaping { how, shape: source });
            source = before;
        }
        shapes.reverse();
        (problems.len() == before)
            .then(|| Transforms(Arc::new(Checked { list, shape, source, shapes, spoils })))
    }

    /// What was checked, as documents have it.
    pub fn list(&self) -> &[Transform] {
        &self.0.list
    }

    /// Whether nothing is done.
    pub fn is_empty(&self) -> bool {
        self.0.list.is_empty()
    }

    /// How many of them have to know all steps before the first comes out, for which the source is read twice more.
    pub fn along_time(&self) -> usize {
        let along_time = |shaping: &&Shaping| matches!(shaping.how, How::Zscore(ZscoreAxis::Time));
        self.0.shapes.iter().filter(along_time).count()
    }

    /// The shape of what comes out.
    pub fn shape(&self) -> Shape {
        self.0.shape
    }

    /// The shape of the source that it is made from.
    pub fn source_shape(&self) -> Shape {
        self.0.source
    }

    /// The steps of the source that the steps of what comes out are made from.
    pub fn source_steps(&self) -> usize {
        self.0.source.steps()
    }

    /// The step of the source that `step` of what comes out is made from.
    pub fn source_step(&self, step: usize) -> usize {
        self.0.shapes.iter().rev().fold(step, |step, shaping| match shaping.how {
            How::BurnIn(steps) => step + steps,
            How::Every(every) => step * every,
            How::Zscore(_) | How::Mixing(_) => step,
        })
    }

    /// The time axis of what comes out, where `time` is that of the source. Seconds between steps are
    /// multiplied; steps are counted anew; dates are those of what comes out already.
    pub fn time(&self, time: TimeAxis) -> TimeAxis {
        self.0.shapes.iter().fold(time, |time, shaping| match shaping.how {
            How::Every(every) => structure::thinned(time, every),
            _ => time,
        })
    }

    /// Whether anything is spoilt, and labelled.
    pub fn is_labelled(&self) -> bool {
        !self.0.spoils.is_empty()
    }

    /// Whether NaN come out, where values are missing.
    pub fn may_be_missing(&self) -> bool {
        self.0.list.iter().any(|transform| transform.rank() == Rank::Removes)
    }

    /// Bytes that are held while they run, labels not counted.
    pub fn memory(&self) -> u64 {
        let shapes = self.0.shapes.iter().map(|shaping| match &shaping.how {
            How::BurnIn(_) => 0,
            How::Every(_) => Every::memory(shaping.shape),
            How::Zscore(axis) => Zscored::<Box<dyn SlabSource>>::memory(*axis, shaping.shape),
            How::Mixing(matrix) => matrix.memory(shaping.shape),
        });
        let spoils = self.0.spoils.iter().map(|spoiling| spoiling.spoil.memory());
        shapes.chain(spoils).fold(0, u64::saturating_add)
    }

    /// All of them, over a `source` of the [source's shape](Self::source_shape) that stands before its first
    /// step.
    ///
    /// Transform number k of its name, counted from 0, draws below `seed` on the path
    /// `["transform", name, k]`: others change none of its draws.
    pub fn apply<'a>(
        &self,
        source: Box<dyn SlabSource + 'a>,
        seed: &SeedSequence,
    ) -> Box<dyn SlabSource + 'a> {
        self.spoilt(self.apply_clean(source), seed, false)
    }

    /// The same as [`apply`](Self::apply), but a source that stops at the first value that is not
    /// [finite](Finite), unless it is missing: nothing of the source's own is taken for missing, or hidden
    /// by limits.
    pub fn apply_checked<'a>(
        &self,
        source: Box<dyn SlabSource + 'a>,
        seed: &SeedSequence,
    ) -> Box<dyn SlabSource + 'a> {
        let source: Box<dyn SlabSource + 'a> = Box::new(Finite::new(source));
        let computed = |shaping: &Shaping| matches!(shaping.how, How::Zscore(_) | How::Mixing(_));
        let computes = self.0.shapes.iter().any(computed);
        let clean = self.apply_clean(source);
        let clean = if computes { Box::new(Finite::new(clean)) } else { clean };
        self.spoilt(clean, seed, true)
    }

    /// The untouched twin of what [`apply`](Self::apply) makes: the same steps, scales and mixtures, but
    /// nothing spoilt.
    pub fn apply_clean<'a>(&self, source: Box<dyn SlabSource + 'a>) -> Box<dyn SlabSource + 'a> {
        debug_assert_eq!(source.head().shape, self.0.source, "the source of these transforms");
        self.0.shapes.iter().fold(source, |source, shaping| match &shaping.how {
            How::BurnIn(steps) => Box::new(BurnIn::new(source, *steps, shaping.shape)),
            How::Every(every) => Box::new(Every::new(source, *every, shaping.shape)),
            How::Zscore(axis) => Box::new(Zscored::new(source, *axis)),
            How::Mixing(matrix) => Box::new(Mixed::new(source, matrix.clone())),
        })
    }

    fn spoilt<'a>(
        &self,
        clean: Box<dyn SlabSource + 'a>,
        seed: &SeedSequence,
        check: bool,
    ) -> Box<dyn SlabSource + 'a> {
        let removes = |spoiling: &Spoiling| self.0.list[spoiling.place].rank() == Rank::Removes;
        let (spoils, removals) = self.0.spoils.split_at(self.0.spoils.partition_point(|of| !removes(of)));
        let mut source = self.run(clean, spoils, seed);
        if check && !spoils.is_empty() {
            source = Box::new(Finite::new(source));
        }
        self.run(source, removals, seed)
    }

    fn run<'a>(
        &self,
        source: Box<dyn SlabSource + 'a>,
        spoils: &[Spoiling],
        seed: &SeedSequence,
    ) -> Box<dyn SlabSource + 'a> {
        if spoils.is_empty() {
            return source;
        }
        let root = seed.named("transform");
        let seeded = spoils.iter().map(|spoiling| {
            let name = self.0.list[spoiling.place].name();
            (spoiling.spoil.clone(), root.named(name).child(spoiling.number))
        });
        let seeded: Vec<_> = seeded.collect();
        let fingerprint = self.fingerprint(spoils, &seeded);
        Box::new(Spoilt::new(source, &seeded, fingerprint))
    }

    /// Tells data apart that are no continuation of each other.
    fn fingerprint(&self, spoils: &[Spoiling], seeded: &[(Arc<dyn Spoil>, SeedSequence)]) -> [u8; 32] {
        let mut all = vec![Value::from(u64::from(ENGINE))];
        all.extend([self.0.shape.channels(), self.0.shape.realizations()].map(Value::from));
        for (spoiling, (spoil, seed)) in spoils.iter().zip(seeded) {
            let document = serde_json::to_string(&self.0.list[spoiling.place]);
            let pool = seed.pool().iter().map(|&word| Value::from(u64::from(word)));
            let steps = spoil.needs_the_end().then(|| self.0.shape.steps());
            let of: Map = [
                ("document", Value::from(document.expect("numbers, names and lists of them"))),
                ("seed", Value::List(pool.collect())),
                ("T", Value::from(steps)),
            ]
            .into_iter()
            .collect();
            all.push(of.into());
        }
        digest(&Value::List(all))
    }
}

#[cfg(test)]
impl Transforms {
    pub(super) fn spoils(&self) -> impl Iterator<Item = &dyn Spoil> {
        self.0.spoils.iter().map(|spoiling| &*spoiling.spoil)
    }
}

impl How {
    /// The shape that is needed for one to come out.
    fn before(&self, after: Shape, path: &str, problems: &mut Problems) -> Option<Shape> {
        let steps = match self {
            How::Every(0) => {
                problems.require(path, false, "be at least 1", 0);
                return None;
            }
            How::BurnIn(steps) => after.steps().checked_add(*steps),
            How::Every(every) => after.steps().checked_mul(*every),
            How::Zscore(_) | How::Mixing(_) => return Some(after),
        };
        let shape = steps.and_then(|steps| Shape::new(after.channels(), steps, after.realizations()).ok());
        if shape.is_none() {
            let found = match self {
                How::BurnIn(parameter) | How::Every(parameter) => *parameter,
                How::Zscore(_) | How::Mixing(_) => 0,
            };
            let rule = format_args!("leave a model of fewer than 2⁶³ bytes for T = {}", after.steps());
            problems.require(path, false, rule, found);
        }
        shape
    }
}

/// What spoils, validated.
fn checked(
    transform: &Transform,
    shape: Shape,
    path: &str,
    problems: &mut Problems,
) -> Option<Arc<dyn Spoil>> {
    Some(match transform {
        Transform::Drift(drift) => Arc::new(drift.check(shape, path, problems)?),
        Transform::ObservationNoise(noise) => Arc::new(noise.check(shape, path, problems)?),
        Transform::Anomalies(anomalies) => anomalies.check(shape, path, problems)?,
        Transform::Clip(clip) => Arc::new(clip.check(shape, path, problems)?),
        Transform::Quantise(quantise) => Arc::new(quantise.check(shape, path, problems)?),
        Transform::Missing(missing) => Arc::new(missing.check(shape, path, problems)?),
        Transform::BurnIn(_) | Transform::Every(_) | Transform::Zscore(_) | Transform::Mixing(_) => {
            return None;
        }
    })
}

/// Where problems of one are.
fn path(place: usize, transform: &Transform) -> String {
    format!("transforms[{place}].{}", transform.name())
}

fn check_order(list: &[Transform], problems: &mut Problems) {
    for (place, transform) in list.iter().enumerate() {
        let earlier = list[..place].iter().position(|earlier| earlier.rank() > transform.rank());
        let Some(earlier) = earlier else { continue };
        let why = match transform.rank() {
            Rank::Shapes => "which spoils the data: labels tell sizes and steps of what comes out",
            Rank::Spoils | Rank::Removes => "as nothing can be computed from values that are missing",
        };
        let other = path(earlier, &list[earlier]);
        problems.add(&path(place, transform), format_args!("must come before {other}, {why}"));
    }
}
