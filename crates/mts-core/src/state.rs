//! What changes while a dataset is made, as bytes.

use mts_rng::Rng;
use sha2::{Digest, Sha256};
use thiserror::Error;

/// Collects what must be remembered to continue later: a writer of little-endian bytes, the same on
/// every machine, every bit of a float kept.
///
/// [`Saved`] reads the same things in the same order.
///
/// ```
/// use mts_core::{Saved, State};
/// use mts_rng::Rng;
///
/// let mut rng = Rng::from_seed(1_u64);
/// let mut state = State::default();
/// state.rng(&rng);
/// state.f64s(&[0.5, -0.0]);
/// state.flag(true);
/// let bytes = state.seal();
///
/// let mut saved = Saved::open(&bytes)?;
/// let (mut again, mut last) = (Rng::from_seed(2_u64), [0.0; 2]);
/// saved.rng(&mut again)?;
/// saved.f64s(&mut last)?;
/// assert!(saved.flag()?);
/// saved.end()?;
/// assert_eq!(again.random(), rng.random());
/// assert_eq!(last, [0.5, -0.0]);
/// assert!(Saved::open(&bytes[1..]).is_err());
/// # Ok::<(), mts_core::StateError>(())
/// ```
#[derive(Clone, Debug, Default)]
pub struct State {
    bytes: Vec<u8>,
}

/// Bytes of the checksum behind a sealed state: the first ones of its SHA-256.
const SEAL: usize = 16;

/// Stands for a waiting half word, which its 32 bits follow.
const HALF: u64 = 1 << 32;

impl State {
    /// Adds an integer.
    pub fn u64(&mut self, value: u64) {
        self.bytes.extend(value.to_le_bytes());
    }

    /// Adds a number, bit by bit.
    pub fn f64(&mut self, value: f64) {
        self.u64(value.to_bits());
    }

    /// Adds what is true or not.
    pub fn flag(&mut self, value: bool) {
        self.u64(value.into());
    }

    /// Adds numbers and how many they are.
    pub fn f64s(&mut self, values: &[f64]) {
        self.u64(values.len() as u64);
        self.bytes.extend(values.iter().flat_map(|value| value.to_le_bytes()));
    }

    /// Adds integers and how many they are.
    pub fn u64s(&mut self, values: &[u64]) {
        self.u64(values.len() as u64);
        self.bytes.extend(values.iter().flat_map(|value| value.to_le_bytes()));
    }

    /// Adds bytes and how many they are: another state, or the name of something.
    pub fn bytes(&mut self, bytes: &[u8]) {
        self.u64(bytes.len() as u64);
        self.bytes.extend(bytes);
    }

    /// Adds where a generator stands, with the half word that waits for its next 32-bit draw.
    pub fn rng(&mut self, rng: &Rng) {
        let mts_rng::State { state, increment, half } = rng.state();
        self.bytes.extend(state.to_le_bytes());
        self.bytes.extend(increment.to_le_bytes());
        self.u64(half.map_or(0, |half| HALF | u64::from(half)));
    }

    /// All that was added, with a checksum behind it.
    pub fn seal(mut self) -> Vec<u8> {
        let seal = seal(&self.bytes);
        self.bytes.extend(seal);
        self.bytes
    }

    /// What was added: for checks of what a process makes of damage that a seal would find first.
    pub(crate) fn unsealed(self) -> Vec<u8> {
        self.bytes
    }
}

fn seal(bytes: &[u8]) -> [u8; SEAL] {
    let digest: [u8; 32] = Sha256::digest(bytes).into();
    std::array::from_fn(|i| digest[i])
}

/// Reads what a [`State`] collected. Takes any bytes: what does not fit is an error, never a panic
/// or a large allocation.
#[derive(Clone, Debug)]
pub struct Saved<'a> {
    rest: &'a [u8],
}

/// Why bytes are no state that can be continued.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum StateError {
    /// The checksum differs, or nothing was sealed.
    #[error("the state is damaged: its checksum differs")]
    Damaged,
    /// It ends early.
    #[error("the state ends early: {expected} more bytes expected, {found} found")]
    Short {
        /// Bytes to be read.
        expected: u64,
        /// Bytes that are left.
        found: usize,
    },
    /// It goes on where it should end.
    #[error("the state is too long: {0} bytes are left")]
    Long(usize),
    /// A list has another length.
    #[error("the state is of another size: {expected} numbers expected, {found} found")]
    Size {
        /// The length it should have.
        expected: usize,
        /// The length it has.
        found: u64,
    },
    /// A number means nothing here.
    #[error("the state cannot be: {found} where {rule} is expected")]
    Impossible {
        /// What it should be.
        rule: &'static str,
        /// What it is.
        found: u64,
    },
    /// It was saved by another model, with other parameters, another seed or another shape.
    #[error("the state belongs to other data")]
    Foreign,
    /// It was saved elsewhere in the data.
    #[error("the state was saved before step {found}, not {expected}")]
    Step {
        /// The step to continue at.
        expected: usize,
        /// The step that it continues at.
        found: u64,
    },
    /// It was saved by a longer run, behind the end of this one.
    #[error("the state was saved before step {found}, but there are only {steps} steps")]
    Beyond {
        /// Steps that there are.
        steps: usize,
        /// The step that it continues at.
        found: u64,
    },
    /// The source can only be read from its beginning.
    #[error("this source has no state to continue from")]
    Unsupported,
}

impl<'a> Saved<'a> {
    /// Reads sealed bytes.
    ///
    /// # Errors
    ///
    /// [`StateError::Damaged`], where they are not as [`State::seal`] returned them.
    pub fn open(bytes: &'a [u8]) -> Result<Self, StateError> {
        let (rest, found) = bytes.split_last_chunk::<SEAL>().ok_or(StateError::Damaged)?;
        if seal(rest) != *found {
            return Err(StateError::Damaged);
        }
        Ok(Saved { rest })
    }

    /// Reads bytes without a seal.
    pub(crate) fn unsealed(bytes: &'a [u8]) -> Self {
        Saved { rest: bytes }
    }

    /// The next integer.
    ///
    /// # Errors
    ///
    /// Where the state ends.
    pub fn u64(&mut self) -> Result<u64, StateError> {
        self.chunk().map(u64::from_le_bytes)
    }

    /// The next integer, which lies in `0..=last`: an index or a count.
    ///
    /// # Errors
    ///
    /// Where it is greater, or the state ends.
    pub fn index(&mut self, last: usize) -> Result<usize, StateError> {
        let found = self.u64()?;
        let index = usize::try_from(found).ok().filter(|index| *index <= last);
        index.ok_or(StateError::Impossible { rule: "a smaller index", found })
    }

    /// The next number.
    ///
    /// # Errors
    ///
    /// Where the state ends.
    pub fn f64(&mut self) -> Result<f64, StateError> {
        self.chunk().map(f64::from_le_bytes)
    }

    /// Whether the next thing is true.
    ///
    /// # Errors
    ///
    /// Where it is neither true nor false, or the state ends.
    pub fn flag(&mut self) -> Result<bool, StateError> {
        match self.u64()? {
            0 => Ok(false),
            1 => Ok(true),
            found => Err(StateError::Impossible { rule: "0 or 1", found }),
        }
    }

    /// Fills `into` with the next numbers, which are as many.
    ///
    /// # Errors
    ///
    /// Where they are not as many, or the state ends.
    pub fn f64s(&mut self, into: &mut [f64]) -> Result<(), StateError> {
        let words = self.words(into.len())?;
        into.iter_mut().zip(words).for_each(|(value, word)| *value = f64::from_le_bytes(*word));
        Ok(())
    }

    /// Fills `into` with the next integers, which are as many.
    ///
    /// # Errors
    ///
    /// Where they are not as many, or the state ends.
    pub fn u64s(&mut self, into: &mut [u64]) -> Result<(), StateError> {
        let words = self.words(into.len())?;
        into.iter_mut().zip(words).for_each(|(value, word)| *value = u64::from_le_bytes(*word));
        Ok(())
    }

    /// The next bytes, however many they are.
    ///
    /// # Errors
    ///
    /// Where the state ends.
    pub fn bytes(&mut self) -> Result<&'a [u8], StateError> {
        let length = self.u64()?;
        self.take(length)
    }

    /// Moves `rng` to where the next generator stood.
    ///
    /// # Errors
    ///
    /// Where this is no place that a generator can stand at, or the state ends.
    pub fn rng(&mut self, rng: &mut Rng) -> Result<(), StateError> {
        let state = u128::from_le_bytes(self.chunk()?);
        let increment = u128::from_le_bytes(self.chunk()?);
        if increment % 2 == 0 {
            return Err(StateError::Impossible { rule: "an odd increment", found: increment as u64 });
        }
        let half = match self.u64()? {
            0 => None,
            found if found >> 32 == 1 => Some(found as u32),
            found => return Err(StateError::Impossible { rule: "a half word", found }),
        };
        rng.set_state(mts_rng::State { state, increment, half });
        Ok(())
    }

    /// Checks that all was read.
    ///
    /// # Errors
    ///
    /// [`StateError::Long`], where it was not.
    pub fn end(self) -> Result<(), StateError> {
        if self.rest.is_empty() { Ok(()) } else { Err(StateError::Long(self.rest.len())) }
    }

    fn words(&mut self, expected: usize) -> Result<&'a [[u8; 8]], StateError> {
        let found = self.u64()?;
        if found != expected as u64 {
            return Err(StateError::Size { expected, found });
        }
        Ok(self.take(found.saturating_mul(8))?.as_chunks().0)
    }

    fn chunk<const N: usize>(&mut self) -> Result<[u8; N], StateError> {
        let short = StateError::Short { expected: N as u64, found: self.rest.len() };
        let (chunk, rest) = self.rest.split_first_chunk().ok_or(short)?;
        self.rest = rest;
        Ok(*chunk)
    }

    fn take(&mut self, length: u64) -> Result<&'a [u8], StateError> {
        let short = StateError::Short { expected: length, found: self.rest.len() };
        let split = usize::try_from(length).ok().and_then(|length| self.rest.split_at_checked(length));
        let (taken, rest) = split.ok_or(short)?;
        self.rest = rest;
        Ok(taken)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bits_are_exact_and_the_same_everywhere() {
        let mut rng = Rng::from_seed(5_u64);
        rng.next_u32();
        let mut state = State::default();
        state.u64(0x0102_0304_0506_0708);
        state.f64(-0.0);
        state.u64s(&[u64::MAX]);
        state.f64s(&[f64::from_bits(0x7ff8_0000_dead_beef)]);
        state.bytes(b"mts");
        let bytes = state.clone().unsealed();
        assert_eq!(
            bytes,
            [
                8, 7, 6, 5, 4, 3, 2, 1, 0, 0, 0, 0, 0, 0, 0, 128, 1, 0, 0, 0, 0, 0, 0, 0, 255, 255, 255, 255,
                255, 255, 255, 255, 1, 0, 0, 0, 0, 0, 0, 0, 0xef, 0xbe, 0xad, 0xde, 0, 0, 0xf8, 0x7f, 3, 0,
                0, 0, 0, 0, 0, 0, b'm', b't', b's'
            ]
        );
        state.rng(&rng);
        let bytes = state.seal();
        let mut saved = Saved::open(&bytes).unwrap();
        assert_eq!(saved.u64(), Ok(0x0102_0304_0506_0708));
        assert_eq!(saved.f64().unwrap().to_bits(), (-0.0_f64).to_bits());
        let (mut integers, mut numbers, mut again) = ([0], [0.0], Rng::from_seed(6_u64));
        saved.u64s(&mut integers).unwrap();
        saved.f64s(&mut numbers).unwrap();
        assert_eq!((integers[0], numbers[0].to_bits()), (u64::MAX, 0x7ff8_0000_dead_beef));
        assert_eq!(saved.bytes(), Ok(&b"mts"[..]));
        saved.rng(&mut again).unwrap();
        assert_eq!(again.state(), rng.state());
        assert_eq!(saved.end(), Ok(()));
    }

    #[test]
    fn any_other_byte_breaks_the_seal() {
        let mut state = State::default();
        state.f64s(&[1.0, 2.0]);
        let bytes = state.seal();
        for at in 0..bytes.len() {
            let mut other = bytes.clone();
            other[at] ^= 1;
            assert_eq!(Saved::open(&other).unwrap_err(), StateError::Damaged);
            assert_eq!(Saved::open(&bytes[..at]).unwrap_err(), StateError::Damaged);
        }
        assert_eq!(Saved::open(&[bytes, vec![0]].concat()).unwrap_err(), StateError::Damaged);
    }

    #[test]
    fn what_does_not_fit_is_refused() {
        let huge = u64::MAX.to_le_bytes();
        assert_eq!(Saved::unsealed(&huge).bytes(), Err(StateError::Short { expected: u64::MAX, found: 0 }));
        assert_eq!(
            Saved::unsealed(&huge).f64s(&mut [0.0; 3]),
            Err(StateError::Size { expected: 3, found: u64::MAX })
        );
        assert!(matches!(Saved::unsealed(&huge).flag(), Err(StateError::Impossible { .. })));
        assert!(matches!(Saved::unsealed(&huge).index(5), Err(StateError::Impossible { .. })));
        assert_eq!(Saved::unsealed(&5_u64.to_le_bytes()).index(5), Ok(5));
        assert_eq!(Saved::unsealed(&huge[1..]).u64(), Err(StateError::Short { expected: 8, found: 7 }));
        assert_eq!(Saved::unsealed(&huge).end(), Err(StateError::Long(8)));
        let mut rng = Rng::from_seed(1_u64);
        let mut even = [0; 40];
        assert!(matches!(Saved::unsealed(&even).rng(&mut rng), Err(StateError::Impossible { .. })));
        even[16] = 1;
        even[37] = 1;
        assert!(matches!(Saved::unsealed(&even).rng(&mut rng), Err(StateError::Impossible { .. })));
        assert_eq!(rng.state(), Rng::from_seed(1_u64).state());
    }
}
