//! NumPy's `SeedSequence`.

use sha2::{Digest, Sha256};

use crate::Int;
use crate::identity::digest_words;

const POOL_SIZE: usize = 4;

/// A seed that other seeds grow from: equal to NumPy's `SeedSequence` of the same entropy and
/// spawn key.
///
/// A *seed path* is the list of words that have been appended to the root: [`child`](Self::child)
/// appends an index as NumPy's `spawn` does, [`named`](Self::named) the words of a name.
///
/// ```
/// use mts_hash::SeedSequence;
///
/// let root = SeedSequence::new(42_u64);
/// assert_eq!(root.generate_u32(2), [3444837047, 2669555309]);
/// assert_eq!(root.child(1).spawn_key(), [1]);
/// assert_ne!(root.named("noise").generate_u32(1), root.named("drift").generate_u32(1));
/// ```
#[derive(Clone, Debug)]
pub struct SeedSequence {
    entropy: Vec<u32>,
    spawn_key: Vec<u32>,
    pool: Vec<u32>,
    children: u32,
}

/// Equal sequences generate equal words; how many children were spawned does not count.
impl PartialEq for SeedSequence {
    fn eq(&self, other: &Self) -> bool {
        self.pool == other.pool && self.spawn_key == other.spawn_key && self.entropy == other.entropy
    }
}

impl Eq for SeedSequence {}

impl SeedSequence {
    /// The root sequence of `entropy`: a non-negative integer of any size, or a list of them.
    pub fn new(entropy: impl Into<Entropy>) -> Self {
        Self::with_spawn_key(entropy, &[])
    }

    /// The sequence below `entropy` at `spawn_key`.
    pub fn with_spawn_key(entropy: impl Into<Entropy>, spawn_key: &[u32]) -> Self {
        Self::with_pool_size(entropy, spawn_key, POOL_SIZE)
    }

    /// As [`with_spawn_key`](Self::with_spawn_key) with a larger pool. Nothing in mts uses one;
    /// NumPy has it. A pool has at least four words.
    pub fn with_pool_size(entropy: impl Into<Entropy>, spawn_key: &[u32], pool_size: usize) -> Self {
        let entropy = entropy.into().0;
        let mut assembled = entropy.clone();
        let pool_size = pool_size.max(POOL_SIZE);
        // Without padding, a short entropy with a key would equal a longer entropy without one.
        if !spawn_key.is_empty() && assembled.len() < pool_size {
            assembled.resize(pool_size, 0);
        }
        assembled.extend(spawn_key);
        SeedSequence {
            pool: mix_pool(&assembled, pool_size),
            entropy,
            spawn_key: spawn_key.to_vec(),
            children: 0,
        }
    }

    /// The words appended to the root's entropy.
    pub fn spawn_key(&self) -> &[u32] {
        &self.spawn_key
    }

    /// The mixed entropy that the generated words come from.
    pub fn pool(&self) -> &[u32] {
        &self.pool
    }

    /// The child at `index`: what NumPy's `spawn` returns at that place.
    pub fn child(&self, index: u32) -> Self {
        self.descend(&[index])
    }

    /// The child of `name`: its key is the first four little-endian words of the name's SHA-256.
    pub fn named(&self, name: &str) -> Self {
        self.descend(&name_words(name))
    }

    /// The descendant at the end of `path`.
    pub fn descend(&self, path: &[u32]) -> Self {
        let spawn_key = [self.spawn_key.as_slice(), path].concat();
        Self::with_pool_size(Entropy(self.entropy.clone()), &spawn_key, self.pool.len())
    }

    /// The next `count` children; counting goes on over calls.
    ///
    /// # Panics
    ///
    /// After 2³² - 1 children.
    pub fn spawn(&mut self, count: u32) -> Vec<Self> {
        let first = self.children;
        self.children = first.checked_add(count).expect("fewer than 2³² children");
        (first..self.children).map(|index| self.child(index)).collect()
    }

    /// The first `count` 32-bit words.
    pub fn generate_u32(&self, count: usize) -> Vec<u32> {
        let mut constant = INIT_B;
        let pool = self.pool.iter().cycle();
        pool.take(count).map(|&word| hash_word(word, &mut constant, MULT_B)).collect()
    }

    /// The first `count` 64-bit words: pairs of 32-bit words, the low one first.
    pub fn generate_u64(&self, count: usize) -> Vec<u64> {
        let words = self.generate_u32(2 * count);
        words.chunks_exact(2).map(|pair| u64::from(pair[0]) | u64::from(pair[1]) << 32).collect()
    }
}

/// The four words that a name contributes to a seed path.
pub fn name_words(name: &str) -> [u32; 4] {
    digest_words(&Sha256::digest(name.as_bytes()).into())
}

/// What a [`SeedSequence`] starts from, as 32-bit words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entropy(Vec<u32>);

/// The magnitude of `value`; callers refuse negative seeds.
impl From<&Int> for Entropy {
    fn from(value: &Int) -> Self {
        Entropy(value.words())
    }
}

impl From<u64> for Entropy {
    fn from(value: u64) -> Self {
        (&Int::from(value)).into()
    }
}

impl From<u128> for Entropy {
    fn from(value: u128) -> Self {
        (&Int::from(value)).into()
    }
}

impl From<&[Int]> for Entropy {
    fn from(values: &[Int]) -> Self {
        Entropy(values.iter().flat_map(Int::words).collect())
    }
}

const INIT_A: u32 = 0x43b0_d7e5;
const MULT_A: u32 = 0x931e_8875;
const INIT_B: u32 = 0x8b51_f9dd;
const MULT_B: u32 = 0x58f3_8ded;
const MIX_LEFT: u32 = 0xca01_f9dd;
const MIX_RIGHT: u32 = 0x4973_f715;

fn hash_word(word: u32, constant: &mut u32, multiplier: u32) -> u32 {
    let value = word ^ *constant;
    *constant = constant.wrapping_mul(multiplier);
    let value = value.wrapping_mul(*constant);
    value ^ value >> 16
}

fn mix(x: u32, y: u32) -> u32 {
    let mixed = MIX_LEFT.wrapping_mul(x).wrapping_sub(MIX_RIGHT.wrapping_mul(y));
    mixed ^ mixed >> 16
}

fn mix_pool(entropy: &[u32], size: usize) -> Vec<u32> {
    let mut constant = INIT_A;
    let mut hash = |word| hash_word(word, &mut constant, MULT_A);
    let mut pool: Vec<u32> = (0..size).map(|i| hash(entropy.get(i).copied().unwrap_or(0))).collect();
    for source in 0..size {
        for target in (0..size).filter(|target| *target != source) {
            pool[target] = mix(pool[target], hash(pool[source]));
        }
    }
    for &word in entropy.iter().skip(size) {
        for target in &mut pool {
            *target = mix(*target, hash(word));
        }
    }
    pool
}
