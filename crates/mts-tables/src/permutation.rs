//! Orders of large domains that nobody has to store.

mod feistel;

use mts_rng::{Key, Rng, keyed};

use feistel::Feistel;

/// A keyed order of the numbers below a size: each of them once, found from its place, and its place from it.
///
/// Up to 256 numbers are shuffled, so that every order is equally likely; more of them go through the rounds of a
/// Feistel network on a rectangle that just holds them: six, and up to 65 536 numbers twelve.
///
/// ```
/// use mts_hash::SeedSequence;
/// use mts_rng::Key;
/// use mts_tables::Permutation;
///
/// let order = Permutation::new(Key::from(&SeedSequence::new(42_u64).named("order")), 1_000_000_007);
/// let value = order.at(5);
/// assert!(value < 1_000_000_007);
/// assert_eq!(order.inverse(value), 5);
///
/// let mut values = [0; 3];
/// order.fill(4, &mut values);
/// assert_eq!(values[1], value);
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Permutation {
    size: u64,
    order: Order,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Order {
    Shuffled(Box<[u8]>),
    Stirred(Feistel<STIRRED_ROUNDS>),
    Scattered(Feistel<ROUNDS>),
}

/// Sizes up to which a domain is shuffled: what a byte can count.
const SHUFFLED: u64 = 256;

/// Sizes up to which more rounds are made: functions of so few numbers leave a trace of six.
const STIRRED: u64 = 1 << 16;

const STIRRED_ROUNDS: usize = 12;

const ROUNDS: usize = 6;

impl Permutation {
    /// The order of the numbers below `size` that belongs to `key`.
    pub fn new(key: Key, size: u64) -> Self {
        Self::draw(&mut keyed(key, 0), size)
    }

    /// A random order of the numbers below `size`.
    pub fn draw(rng: &mut Rng, size: u64) -> Self {
        let order = if size <= SHUFFLED {
            Order::Shuffled(rng.permutation(size as usize).into_iter().map(|value| value as u8).collect())
        } else if size <= STIRRED {
            Order::Stirred(Feistel::draw(rng, size.into()))
        } else {
            Order::Scattered(Feistel::draw(rng, size.into()))
        };
        Permutation { size, order }
    }

    /// How many numbers.
    pub fn size(&self) -> u64 {
        self.size
    }

    /// The number at a place.
    ///
    /// # Panics
    ///
    /// Where `index` is not below the size.
    #[inline]
    pub fn at(&self, index: u64) -> u64 {
        assert!(index < self.size, "place {index} of {}", self.size);
        match &self.order {
            Order::Shuffled(values) => values[index as usize].into(),
            Order::Stirred(feistel) => feistel.at(index, self.size),
            Order::Scattered(feistel) => feistel.at(index, self.size),
        }
    }

    /// The place of a number.
    ///
    /// # Panics
    ///
    /// Where `value` is not below the size.
    #[inline]
    pub fn inverse(&self, value: u64) -> u64 {
        assert!(value < self.size, "value {value} of {}", self.size);
        match &self.order {
            // Each value stands there once, so those before it are its place.
            Order::Shuffled(values) => values.iter().take_while(|&&at| u64::from(at) != value).count() as u64,
            Order::Stirred(feistel) => feistel.inverse(value, self.size),
            Order::Scattered(feistel) => feistel.inverse(value, self.size),
        }
    }

    /// Fills with the numbers at the places from `start` on.
    ///
    /// # Panics
    ///
    /// Where they go beyond the size.
    pub fn fill(&self, start: u64, out: &mut [u64]) {
        let rest = self.size.checked_sub(start);
        assert!(rest.is_some_and(|rest| out.len() as u64 <= rest), "{} places from {start} on", out.len());
        match &self.order {
            Order::Shuffled(values) => {
                for (out, &value) in out.iter_mut().zip(&values[start as usize..]) {
                    *out = value.into();
                }
            }
            Order::Stirred(feistel) => {
                for (out, index) in out.iter_mut().zip(start..) {
                    *out = feistel.at(index, self.size);
                }
            }
            Order::Scattered(feistel) => {
                for (out, index) in out.iter_mut().zip(start..) {
                    *out = feistel.at(index, self.size);
                }
            }
        }
    }
}

/// A [`Permutation`] of more than 2⁶⁴ numbers, or fewer.
///
/// ```
/// use mts_hash::SeedSequence;
/// use mts_rng::Key;
/// use mts_tables::WidePermutation;
///
/// // Texts of twenty letters.
/// let size = 26_u128.pow(20);
/// let order = WidePermutation::new(Key::from(&SeedSequence::new(42_u64)), size);
/// let value = order.at(size - 1);
/// assert!(value < size);
/// assert_eq!(order.inverse(value), size - 1);
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WidePermutation(Width);

#[derive(Clone, Debug, PartialEq, Eq)]
enum Width {
    Narrow(Permutation),
    Wide { size: u128, feistel: Feistel<ROUNDS> },
}

impl WidePermutation {
    /// The largest size.
    pub const MAX: u128 = 1 << 127;

    /// The order of the numbers below `size` that belongs to `key`: that of a [`Permutation`] where there is one.
    ///
    /// # Panics
    ///
    /// Where the size is above [`MAX`](Self::MAX).
    pub fn new(key: Key, size: u128) -> Self {
        assert!(size <= Self::MAX, "a permutation of {size}");
        WidePermutation(match u64::try_from(size) {
            Ok(size) => Width::Narrow(Permutation::new(key, size)),
            Err(_) => Width::Wide { size, feistel: Feistel::draw(&mut keyed(key, 0), size) },
        })
    }

    /// How many numbers.
    pub fn size(&self) -> u128 {
        match &self.0 {
            Width::Narrow(order) => order.size().into(),
            Width::Wide { size, .. } => *size,
        }
    }

    /// The number at a place.
    ///
    /// # Panics
    ///
    /// Where `index` is not below the size.
    pub fn at(&self, index: u128) -> u128 {
        assert!(index < self.size(), "place {index} of {}", self.size());
        match &self.0 {
            Width::Narrow(order) => order.at(index as u64).into(),
            Width::Wide { size, feistel } => feistel.at_wide(index, *size),
        }
    }

    /// The place of a number.
    ///
    /// # Panics
    ///
    /// Where `value` is not below the size.
    pub fn inverse(&self, value: u128) -> u128 {
        assert!(value < self.size(), "value {value} of {}", self.size());
        match &self.0 {
            Width::Narrow(order) => order.inverse(value as u64).into(),
            Width::Wide { size, feistel } => feistel.inverse_wide(value, *size),
        }
    }
}

#[cfg(test)]
mod tests {
    use mts_hash::SeedSequence;

    use super::*;

    fn key(seed: u64) -> Key {
        Key::from(&SeedSequence::new(seed))
    }

    #[test]
    fn small_domains_hold_each_number_once() {
        for size in 0..2000 {
            let order = Permutation::new(key(size), size);
            let mut values = vec![0; size as usize];
            order.fill(0, &mut values);
            for (index, &value) in values.iter().enumerate() {
                assert_eq!((order.at(index as u64), order.inverse(value)), (value, index as u64), "{size}");
            }
            values.sort_unstable();
            assert!(values.into_iter().eq(0..size), "{size}");
        }
    }

    #[test]
    fn large_domains_come_back() {
        let sizes =
            [65_535, 65_536, 65_537, (1 << 32) - 1, 1 << 32, (1 << 32) + 1, 1 << 62, 1 << 63, u64::MAX];
        for size in sizes {
            let order = Permutation::new(key(1), size);
            let ends = (0..500).chain(size - 500..size);
            for index in ends.chain((0..500).map(|step| size / 500 * step)) {
                let value = order.at(index);
                assert!(value < size);
                assert_eq!(order.inverse(value), index, "{size}");
                let mut filled = [0];
                order.fill(index, &mut filled);
                assert_eq!(filled, [value]);
            }
        }
    }

    #[test]
    fn wide_domains_come_back() {
        for size in [1, 300, u64::MAX.into(), 1 << 64, (1 << 64) + 1, 10_u128.pow(30), WidePermutation::MAX] {
            let order = WidePermutation::new(key(2), size);
            for index in (0..300.min(size)).chain(size - 300.min(size)..size) {
                let value = order.at(index);
                assert!(value < size);
                assert_eq!(order.inverse(value), index, "{size}");
            }
        }
    }

    #[test]
    fn a_wide_domain_that_is_narrow_has_the_narrow_order() {
        let (narrow, wide) = (Permutation::new(key(3), 1000), WidePermutation::new(key(3), 1000));
        assert!((0..1000).all(|index| u128::from(narrow.at(index)) == wide.at(index.into())));
    }

    /// Over keys, each number is as likely at a place, and each difference between neighbours.
    #[test]
    fn small_domains_leave_no_trace() {
        for (size, keys) in [(257, 2_000_000), (300, 2_000_000), (1000, 500_000), (5000, 500_000)] {
            let (mut singles, mut differences) = (vec![0_u64; size], vec![0_u64; size - 1]);
            for child in 0..keys {
                let order = Permutation::draw(&mut keyed(key(1), child), size as u64);
                let [one, next] = [100, 101].map(|place| order.at(place) as usize);
                singles[one] += 1;
                differences[(next + size - one) % size - 1] += 1;
            }
            for (what, counts) in [("numbers", singles), ("differences", differences)] {
                let cells = counts.len() as f64;
                let expected = keys as f64 / cells;
                let square = |count: u64| (count as f64 - expected) * (count as f64 - expected) / expected;
                let statistic: f64 = counts.into_iter().map(square).sum();
                let z = (statistic - (cells - 1.0)) / (2.0 * (cells - 1.0)).sqrt();
                assert!(z.abs() < 5.0, "{what} below {size}: {z}");
            }
        }
    }

    #[test]
    fn the_bits_stay() {
        let mut values = [0; 4];
        Permutation::new(key(42), 1_000_000).fill(0, &mut values);
        assert_eq!(values, [175_880, 603_444, 68_064, 937_902]);
    }
}
