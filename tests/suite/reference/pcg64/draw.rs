//! The calls of the goldens, by NumPy's names.

use mts_hash::Value;
use mts_rng::Rng;
use mts_rng::laws::{self, Law, VectorLaw};
use mts_tests::golden::Golden;

/// Arguments of one call, and how to make it.
struct Call<'a> {
    rng: &'a mut Rng,
    args: &'a Value,
    count: usize,
    /// In bulk rather than one by one.
    bulk: bool,
}

/// The values of one golden call, as bits.
///
/// # Panics
///
/// Where the crate lacks the law.
pub fn draw(rng: &mut Rng, function: &str, args: &Value, count: usize, bulk: bool) -> Vec<u64> {
    let mut call = Call { rng, args, count, bulk };
    call.plain(function)
        .or_else(|| call.continuous(function))
        .or_else(|| call.discrete(function))
        .or_else(|| call.vectors(function))
        .or_else(|| call.orders(function))
        .unwrap_or_else(|| panic!("{function} is missing"))
}

impl Call<'_> {
    fn number(&self, key: &str) -> f64 {
        self.args.at(key).float()
    }

    fn whole(&self, key: &str) -> u64 {
        self.args.at(key).unsigned()
    }

    fn flag(&self, key: &str, otherwise: bool) -> bool {
        self.args.get(key).map_or(otherwise, |flag| *flag == Value::Bool(true))
    }

    /// Methods of the generator.
    fn plain(&mut self, function: &str) -> Option<Vec<u64>> {
        let single = match function {
            "random_f32" => Some((
                Rng::random_f32 as fn(&mut Rng) -> f32,
                Rng::fill_random_f32 as fn(&mut Rng, &mut [f32]),
            )),
            "standard_normal_f32" => {
                Some((Rng::standard_normal_f32 as _, Rng::fill_standard_normal_f32 as _))
            }
            "standard_exponential_f32" => {
                Some((Rng::standard_exponential_f32 as _, Rng::fill_standard_exponential_f32 as _))
            }
            _ => None,
        };
        if let Some((one, fill)) = single {
            let values = self.collect(one, fill);
            return Some(values.into_iter().map(|x: f32| x.to_bits().into()).collect());
        }
        let values = match function {
            "random" => self.collect(Rng::random, Rng::fill_random),
            "standard_normal" => self.collect(Rng::standard_normal, Rng::fill_standard_normal),
            "standard_exponential" => self.collect(Rng::standard_exponential, Rng::fill_standard_exponential),
            "standard_exponential_inv" => {
                self.collect(Rng::standard_exponential_inv, Rng::fill_standard_exponential_inv)
            }
            "standard_cauchy" => self.collect(Rng::standard_cauchy, Rng::fill_standard_cauchy),
            "uniform" => {
                let (low, high) = (self.number("low"), self.number("high"));
                self.collect(|rng| rng.uniform(low, high), |rng, out| rng.fill_uniform(low, high, out))
            }
            "normal" => {
                let (loc, scale) = (self.number("loc"), self.number("scale"));
                self.collect(|rng| rng.normal(loc, scale), |rng, out| rng.fill_normal(loc, scale, out))
            }
            _ => return None,
        };
        Some(values.into_iter().map(f64::to_bits).collect())
    }

    fn collect<T: Copy + Default>(
        &mut self,
        mut one: impl FnMut(&mut Rng) -> T,
        fill: impl FnOnce(&mut Rng, &mut [T]),
    ) -> Vec<T> {
        let mut out = vec![T::default(); self.count];
        if self.bulk {
            fill(self.rng, &mut out);
        } else {
            out.iter_mut().for_each(|value| *value = one(self.rng));
        }
        out
    }

    fn law<L: Law<Value: Copy + Default>>(&mut self, law: Result<L, laws::LawError>) -> Vec<L::Value> {
        let law = law.expect("parameters of a golden");
        self.collect(|rng| law.sample(rng), |rng, out| law.fill(rng, out))
    }

    fn continuous(&mut self, function: &str) -> Option<Vec<u64>> {
        let n = |key| self.number(key);
        let values = match function {
            "beta" => self.law(laws::Beta::new(n("a"), n("b"))),
            "chisquare" => self.law(laws::Chisquare::new(n("df"))),
            "exponential" => self.law(laws::Exponential::new(n("scale"))),
            "f" => self.law(laws::F::new(n("dfnum"), n("dfden"))),
            "gamma" => self.law(laws::Gamma::new(n("shape"), n("scale"))),
            "gumbel" => self.law(laws::Gumbel::new(n("loc"), n("scale"))),
            "laplace" => self.law(laws::Laplace::new(n("loc"), n("scale"))),
            "logistic" => self.law(laws::Logistic::new(n("loc"), n("scale"))),
            "lognormal" => {
                let or = |key, default| self.args.get(key).map_or(default, Golden::float);
                self.law(laws::Lognormal::new(or("mean", 0.0), or("sigma", 1.0)))
            }
            "noncentral_chisquare" => self.law(laws::NoncentralChisquare::new(n("df"), n("nonc"))),
            "noncentral_f" => self.law(laws::NoncentralF::new(n("dfnum"), n("dfden"), n("nonc"))),
            "pareto" => self.law(laws::Pareto::new(n("a"))),
            "power" => self.law(laws::Power::new(n("a"))),
            "rayleigh" => self.law(laws::Rayleigh::new(n("scale"))),
            "standard_gamma" => self.law(laws::Gamma::new(n("shape"), 1.0)),
            "standard_t" => self.law(laws::StandardT::new(n("df"))),
            "triangular" => self.law(laws::Triangular::new(n("left"), n("mode"), n("right"))),
            "vonmises" => self.law(laws::Vonmises::new(n("mu"), n("kappa"))),
            "wald" => self.law(laws::Wald::new(n("mean"), n("scale"))),
            "weibull" => self.law(laws::Weibull::new(n("a"))),
            _ => return None,
        };
        Some(values.into_iter().map(f64::to_bits).collect())
    }

    fn discrete(&mut self, function: &str) -> Option<Vec<u64>> {
        let n = |key| self.number(key);
        let w = |key| self.whole(key);
        Some(match function {
            "binomial" => self.law(laws::Binomial::new(w("n"), n("p"))),
            "geometric" => self.law(laws::Geometric::new(n("p"))),
            "hypergeometric" => self.law(laws::Hypergeometric::new(w("ngood"), w("nbad"), w("nsample"))),
            "logseries" => self.law(laws::Logseries::new(n("p"))),
            "negative_binomial" => self.law(laws::NegativeBinomial::new(n("n"), n("p"))),
            "poisson" => self.law(laws::Poisson::new(n("lam"))),
            "zipf" => self.law(laws::Zipf::new(n("a"))),
            "integers" => self.integers(),
            "integers_scalar_calls" => {
                let high = self.whole("high") as i64;
                (0..self.count).map(|_| self.rng.integers(0, high) as u64).collect()
            }
            "integers_array_high" => {
                let highs = self.args.at("high").unsigneds().into_iter().cycle().take(self.count);
                highs.map(|high| self.rng.integers(0, high as i64) as u64).collect()
            }
            _ => return None,
        })
    }

    fn integers(&mut self) -> Vec<u64> {
        fn fill<T: mts_rng::Integer>(call: &mut Call, low: T, high: T) -> Vec<T> {
            let mut out = vec![low; call.count];
            call.rng.fill_integers_inclusive(low, high, &mut out);
            out
        }
        /// As the type named, which the values of the golden fit.
        macro_rules! typed {
            ($type:ty) => {{
                let bound = |key| <$type>::try_from(self.args.at(key).int().to_i64().expect("an i64"));
                let high = self.args.at("high").int().to_i64().expect("an i64") - 1;
                let (low, high) = (bound("low").expect("fits"), <$type>::try_from(high).expect("fits"));
                fill(self, low, high).into_iter().map(|x| x as i64 as u64).collect()
            }};
        }
        let note = self.args.get("note").map_or("", Golden::text);
        match self.args.get("dtype").map_or("int64", Golden::text) {
            "int8" => typed!(i8),
            "uint8" => typed!(u8),
            "int16" => typed!(i16),
            "uint16" => typed!(u16),
            "int32" => typed!(i32),
            "uint32" => typed!(u32),
            "uint64" => fill(self, self.whole("low"), self.whole("high")),
            "bool" => fill(self, false, true).into_iter().map(u64::from).collect(),
            // Four values of a range of one, and eight of another.
            "int64" if note.starts_with("single value") => {
                let mut values = vec![0; 12];
                self.rng.fill_integers(7, 8, &mut values[..4]);
                self.rng.fill_integers(0, 1000, &mut values[4..]);
                values.into_iter().map(|x| x as u64).collect()
            }
            "int64" => {
                let bound = |key| self.args.at(key).int().to_i64().expect("an i64");
                let (low, high) = (bound("low"), bound("high"));
                let same = fill(&mut Call { rng: &mut self.rng.clone(), ..*self }, low, high - 1);
                let values =
                    self.collect(|rng| rng.integers(low, high), |rng, out| rng.fill_integers(low, high, out));
                assert_eq!(values, same);
                values.into_iter().map(|x| x as u64).collect()
            }
            other => panic!("unexpected type {other}"),
        }
    }

    fn rows<L: VectorLaw<Value: Copy>>(&mut self, law: Result<L, laws::LawError>) -> Vec<L::Value> {
        let law = law.expect("parameters of a golden");
        let mut out = vec![L::Value::default(); self.count];
        if self.bulk {
            law.fill(self.rng, &mut out);
        } else {
            out.chunks_mut(law.dimension()).for_each(|row| row.copy_from_slice(&law.sample(self.rng)));
        }
        out
    }

    fn vectors(&mut self, function: &str) -> Option<Vec<u64>> {
        let list = |key| self.args.at(key).floats();
        let values = match function {
            "multinomial" => return Some(self.rows(laws::Multinomial::new(self.whole("n"), &list("pvals")))),
            "multivariate_hypergeometric" => {
                let colors = self.args.at("colors").unsigneds();
                return Some(
                    self.rows(laws::MultivariateHypergeometric::new(&colors, self.whole("nsample"))),
                );
            }
            "dirichlet" => self.rows(laws::Dirichlet::new(&list("alpha"))),
            "multivariate_normal" => self.rows(laws::MultivariateNormal::new(&list("mean"), &list("cov"))),
            _ => return None,
        };
        Some(values.into_iter().map(f64::to_bits).collect())
    }

    fn orders(&mut self, function: &str) -> Option<Vec<u64>> {
        let p = self.args.get("p").map(Golden::floats);
        let indices = match function {
            "choice_replace" | "choice_replace_p" => self.law(match p {
                Some(p) => laws::Choice::weighted(&p),
                None => laws::Choice::new(self.whole("a") as usize),
            }),
            name if name.starts_with("choice_noreplace") => {
                let (size, shuffle) = (self.whole("size") as usize, self.flag("shuffle", true));
                self.rows(match p {
                    Some(p) => laws::ChoiceWithoutReplacement::weighted(&p, size),
                    None => laws::ChoiceWithoutReplacement::new(self.whole("a") as usize, size, shuffle),
                })
            }
            "permutation" => self.rng.permutation(self.whole("x") as usize),
            "shuffle_ndarray" | "shuffle_list" => {
                let mut items: Vec<usize> = (0..self.count).collect();
                self.rng.shuffle(&mut items);
                items
            }
            "shuffle_2d_axis0" => {
                let mut items: Vec<usize> = (0..self.count).collect();
                self.rng.shuffle_rows(&mut items, 2);
                items
            }
            "permuted_rows" => {
                let mut items: Vec<usize> = (0..self.count).collect();
                items.chunks_mut(self.whole("width") as usize).for_each(|row| self.rng.shuffle(row));
                items
            }
            "bytes" => self.rng.bytes(self.count).into_iter().map(usize::from).collect(),
            _ => return None,
        };
        Some(indices.into_iter().map(|index| index as u64).collect())
    }
}
