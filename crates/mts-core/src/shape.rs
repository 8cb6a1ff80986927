//! The size of a dataset.

use thiserror::Error;

/// The size of a dataset: channels (M), time steps (T) and realizations (R), each at least one.
///
/// Values are ordered (time, channel, realization), the last fastest. One step of all channels
/// and realizations is a *slab*.
///
/// ```
/// use mts_core::Shape;
///
/// let shape = Shape::new(5, 100, 2)?;
/// assert_eq!((shape.slab(), shape.values()), (10, 1000));
/// assert!(Shape::new(0, 100, 1).is_err());
/// # Ok::<(), mts_core::ShapeError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shape {
    channels: usize,
    steps: usize,
    realizations: usize,
}

/// Why three numbers are not the size of a dataset.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum ShapeError {
    /// A dataset has at least one of each.
    #[error("{0} must be at least 1, found 0")]
    Zero(&'static str),
    /// The number of bytes exceeds 2⁶³.
    #[error(
        "{channels} channels × {steps} steps × {realizations} realizations × 8 bytes exceed the address space"
    )]
    TooLarge {
        /// M
        channels: usize,
        /// T
        steps: usize,
        /// R
        realizations: usize,
    },
}

impl Shape {
    /// A shape of M `channels`, T `steps` and R `realizations`.
    ///
    /// # Errors
    ///
    /// Where one of them is 0, or the values would exceed 2⁶³ bytes.
    pub const fn new(channels: usize, steps: usize, realizations: usize) -> Result<Self, ShapeError> {
        if channels == 0 {
            return Err(ShapeError::Zero("M"));
        }
        if steps == 0 {
            return Err(ShapeError::Zero("T"));
        }
        if realizations == 0 {
            return Err(ShapeError::Zero("n_realizations"));
        }
        let bytes = channels as u128 * steps as u128;
        if bytes > MAX_VALUES || bytes * realizations as u128 > MAX_VALUES {
            return Err(ShapeError::TooLarge { channels, steps, realizations });
        }
        Ok(Shape { channels, steps, realizations })
    }

    /// A shape that is known when the program is written.
    ///
    /// # Panics
    ///
    /// Where [`new`](Self::new) refuses: for constants, during compilation.
    pub const fn of(channels: usize, steps: usize, realizations: usize) -> Self {
        match Self::new(channels, steps, realizations) {
            Ok(shape) => shape,
            Err(_) => panic!("not the shape of a dataset"),
        }
    }

    /// M: the number of channels.
    pub const fn channels(self) -> usize {
        self.channels
    }

    /// T: the number of time steps.
    pub const fn steps(self) -> usize {
        self.steps
    }

    /// R: the number of realizations.
    pub const fn realizations(self) -> usize {
        self.realizations
    }

    /// M·R: the number of values in one step.
    pub const fn slab(self) -> usize {
        self.channels * self.realizations
    }

    /// M·T·R: the number of values.
    pub const fn values(self) -> usize {
        self.slab() * self.steps
    }
}

const MAX_VALUES: u128 = (1 << 63) / 8;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_that_overflow_are_refused() {
        assert!(Shape::new(1 << 20, 1 << 20, 1 << 20).is_ok());
        assert!(Shape::new(1 << 30, 1 << 30, 1).is_ok());
        assert!(Shape::new(1 << 30, 1 << 30, 2).is_err());
        assert!(Shape::new(usize::MAX, usize::MAX, usize::MAX).is_err());
        assert_eq!(Shape::new(1, 0, 1), Err(ShapeError::Zero("T")));
    }
}
