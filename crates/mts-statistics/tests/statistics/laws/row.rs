//! One line of a table: a law, and what it is compared with.

use std::any::type_name;
use std::collections::BTreeMap;
use std::fmt::Debug;
use std::ops::RangeInclusive;

use mts_hash::SeedSequence;
use mts_rng::Rng;
use mts_rng::laws::{Law, LawError, VectorLaw};
use mts_statistics::{ALPHA, Uniformity, goodness_of_fit, goodness_of_fit_counts, two_sided};
use statrs::distribution::ContinuousCDF;

/// Draws of each law, at least.
pub const DRAWS: usize = 200_000;

/// A law with parameters, and the p-value of draws of it.
pub struct Row {
    /// The type of the law, or the method of [`Rng`].
    pub covers: &'static str,
    label: String,
    p: Box<dyn Fn(&mut Rng) -> f64>,
}

/// The rows that fail, and their p-values. Seeds follow from what a row covers and its place among the rows of that:
/// they do not depend on other laws.
pub fn failures(rows: &[Row]) -> Vec<String> {
    let root = SeedSequence::new(20_260_101_u64);
    let mut places: BTreeMap<&str, u32> = BTreeMap::new();
    let judged = rows.iter().filter_map(|row| {
        let place = places.entry(row.covers).or_default();
        let p = (row.p)(&mut Rng::new(root.named(row.covers).child(*place)));
        *place += 1;
        // Not `p < ALPHA`: NaN is a failure too.
        let accepted = p >= ALPHA;
        (!accepted).then(|| format!("{}: p = {p:.2e}", row.label))
    });
    judged.collect()
}

/// Fails where a row does, and says which ones do.
pub fn judge(rows: &[Row]) {
    assert!(!rows.is_empty());
    let failures = failures(rows);
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

/// A row of any shape.
pub fn row(covers: &'static str, label: impl Debug, p: impl Fn(&mut Rng) -> f64 + 'static) -> Row {
    Row { covers, label: format!("{covers} {label:?}"), p: Box::new(p) }
}

/// Draws of which half are single and half in bulk: both forms have to have the law.
pub fn draws<L: Law>(law: &L, count: usize, rng: &mut Rng) -> Vec<L::Value>
where
    L::Value: Clone + Default,
{
    let mut values: Vec<L::Value> = (0..count / 2).map(|_| law.sample(rng)).collect();
    values.resize(count, L::Value::default());
    law.fill(rng, &mut values[count / 2..]);
    values
}

/// The type without its path.
pub fn name<L>() -> &'static str {
    type_name::<L>().rsplit("::").next().unwrap_or_default()
}

fn law_row<L: Debug + 'static>(law: Result<L, LawError>, p: impl Fn(&L, &mut Rng) -> f64 + 'static) -> Row {
    let law = law.expect("parameters of a table are right");
    row(name::<L>(), format!("{law:?}"), move |rng| p(&law, rng))
}

/// A law with a distribution function.
pub fn continuous<L: Law<Value = f64> + Debug + 'static>(
    law: Result<L, LawError>,
    cdf: impl Fn(f64) -> f64 + 'static,
) -> Row {
    law_row(law, move |law, rng| Uniformity::of(draws(law, DRAWS, rng).into_iter().map(&cdf)).p())
}

/// A law whose draws are rounded so much that only counts between a few `edges` can be compared.
pub fn binned<L: Law<Value = f64> + Debug + 'static>(
    law: Result<L, LawError>,
    edges: &'static [f64],
    cdf: impl Fn(f64) -> f64 + 'static,
) -> Row {
    law_row(law, move |law, rng| {
        let values = draws(law, DRAWS, rng);
        bins(&values, edges, &cdf)
    })
}

/// The p-value of the counts below, between and above `edges`.
pub fn bins(values: &[f64], edges: &[f64], cdf: impl Fn(f64) -> f64) -> f64 {
    let mut observed = vec![0; edges.len() + 1];
    values.iter().for_each(|x| observed[edges.partition_point(|edge| edge < x)] += 1);
    let mut sums: Vec<f64> = edges.iter().map(|edge| cdf(*edge)).collect();
    sums.insert(0, 0.0);
    sums.push(1.0);
    let expected: Vec<f64> = sums.windows(2).map(|w| (w[1] - w[0]) * values.len() as f64).collect();
    goodness_of_fit(&observed, &expected)
}

/// A law of counts with a probability of each, in these cells.
pub fn discrete<L: Law<Value = u64> + Debug + 'static>(
    law: Result<L, LawError>,
    cells: RangeInclusive<u64>,
    mass: impl Fn(u64) -> f64 + 'static,
) -> Row {
    law_row(law, move |law, rng| goodness_of_fit_counts(&draws(law, DRAWS, rng), cells.clone(), &mass))
}

/// A law of one value.
pub fn constant<L>(law: Result<L, LawError>, value: L::Value) -> Row
where
    L: Law + Debug + 'static,
    L::Value: PartialEq + Clone + Default + 'static,
{
    law_row(law, move |law, rng| f64::from(draws(law, 1000, rng).iter().all(|x| *x == value)))
}

/// A law of vectors by the weighted sum of its components.
pub fn projected<L: VectorLaw<Value = f64> + Debug + 'static>(
    law: Result<L, LawError>,
    weights: &'static [f64],
    cdf: impl Fn(f64) -> f64 + 'static,
) -> Row {
    let row = law_row(law, move |law, rng| {
        let sums = vectors(law, DRAWS, rng).into_iter().map(|x| {
            assert_eq!(x.len(), weights.len());
            x.iter().zip(weights).map(|(x, weight)| x * weight).sum::<f64>()
        });
        Uniformity::of(sums.map(&cdf)).p()
    });
    Row { label: format!("{} {weights:?}", row.label), ..row }
}

/// A law of vectors of counts by the sum of some of its components.
pub fn subset<L: VectorLaw<Value = u64> + Debug + 'static>(
    law: Result<L, LawError>,
    components: &'static [usize],
    cells: RangeInclusive<u64>,
    mass: impl Fn(u64) -> f64 + 'static,
) -> Row {
    let row = law_row(law, move |law, rng| {
        let drawn = vectors(law, DRAWS, rng);
        let sums: Vec<u64> = drawn.iter().map(|x| components.iter().map(|i| x[*i]).sum()).collect();
        goodness_of_fit_counts(&sums, cells.clone(), &mass)
    });
    Row { label: format!("{} {components:?}", row.label), ..row }
}

/// Vectors of which half are single and half in bulk.
pub fn vectors<L: VectorLaw>(law: &L, count: usize, rng: &mut Rng) -> Vec<Vec<L::Value>> {
    let mut single: Vec<Vec<L::Value>> = (0..count / 2).map(|_| law.sample(rng)).collect();
    let mut rest = vec![L::Value::default(); law.dimension() * (count - count / 2)];
    law.fill(rng, &mut rest);
    single.extend(rest.chunks_exact(law.dimension()).map(<[_]>::to_vec));
    single
}

/// A method of [`Rng`] in its single form and in bulk, with a distribution function.
pub fn method<T: Into<f64> + Copy + Default + 'static>(
    covers: &'static str,
    single: impl Fn(&mut Rng) -> T + 'static,
    bulk: impl Fn(&mut Rng, &mut [T]) + 'static,
    cdf: impl Fn(f64) -> f64 + 'static,
) -> Row {
    row(covers, "", move |rng| {
        let mut values: Vec<T> = (0..DRAWS / 2).map(|_| single(rng)).collect();
        values.resize(DRAWS, T::default());
        bulk(rng, &mut values[DRAWS / 2..]);
        Uniformity::of(values.into_iter().map(|x| cdf(x.into()))).p()
    })
}

/// What lies beyond `bound` among twenty million draws of a symmetric or positive law: the rare branches that 200 000
/// draws hardly see. How many there are is compared too.
pub fn tail<T: Into<f64> + Copy + Default + 'static>(
    covers: &'static str,
    bulk: impl Fn(&mut Rng, &mut [T]) + 'static,
    bound: f64,
    probability: f64,
    beyond: impl Fn(f64) -> f64 + 'static,
) -> Row {
    row(covers, "tail", move |rng| {
        let mut buffer = vec![T::default(); DRAWS];
        let mut found = Vec::new();
        for _ in 0..100 {
            bulk(rng, &mut buffer);
            found.extend(buffer.iter().map(|x| (*x).into().abs()).filter(|x| *x > bound));
        }
        let total = 100.0 * DRAWS as f64;
        let expected = total * probability;
        let count = two_sided((found.len() as f64 - expected) / (expected * (1.0 - probability)).sqrt());
        let law = Uniformity::of(found.into_iter().map(|x| beyond(x) / probability));
        law.p().min(count)
    })
}

/// The distribution function of a law of `statrs`.
pub fn cdf<D: ContinuousCDF<f64, f64> + 'static, E: Debug>(
    law: Result<D, E>,
) -> impl Fn(f64) -> f64 + 'static {
    let law = law.unwrap();
    move |x| law.cdf(x)
}
