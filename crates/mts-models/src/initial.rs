//! Initial states in the shapes that people write them.

use std::ops::Range;

use mts_core::{Problems, Shape, Tensor};

/// Which of two readings of a square matrix comes first.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Order {
    /// (channel, realization), else (realization, channel).
    ChannelsFirst,
    /// (realization, channel), else (channel, realization).
    RealizationsFirst,
}

/// A (channel, realization) matrix from numbers of the given shape: one for all, one per channel,
/// or a matrix in either order; `None` where they fit nothing.
pub(crate) fn matrix(
    shape: &[usize],
    data: &[f64],
    channels: usize,
    realizations: usize,
    order: Order,
) -> Option<Vec<f64>> {
    let as_written = *shape == [channels, realizations];
    let transposed = *shape == [realizations, channels];
    let transpose = || {
        let at = |i: usize| data[i % realizations * channels + i / realizations];
        (0..channels * realizations).map(at).collect()
    };
    match (shape, order) {
        ([], _) => Some(vec![data[0]; channels * realizations]),
        ([length], _) if *length == channels => Some(per_channel(data, realizations)),
        (_, Order::RealizationsFirst) if transposed => Some(transpose()),
        _ if as_written => Some(data.to_vec()),
        _ if transposed => Some(transpose()),
        _ => None,
    }
}

/// Each channel's number for all its realizations.
pub(crate) fn per_channel(data: &[f64], realizations: usize) -> Vec<f64> {
    data.iter().flat_map(|x| std::iter::repeat_n(*x, realizations)).collect()
}

/// The columns of a (row, realization) matrix that belong to `realizations`.
pub(crate) fn columns(matrix: &[f64], total: usize, realizations: Range<usize>) -> Vec<f64> {
    matrix.chunks_exact(total).flat_map(|row| row[realizations.clone()].iter().copied()).collect()
}

/// A (channel, realization) matrix from an array parameter: one number per channel, or a matrix in
/// either order.
pub(crate) fn state(
    name: &str,
    tensor: &Tensor,
    shape: Shape,
    order: Order,
    problems: &mut Problems,
) -> Option<Vec<f64>> {
    let (channels, realizations) = (shape.channels(), shape.realizations());
    if let Some(bad) = tensor.data().iter().find(|x| !x.is_finite()) {
        problems.finite(name, *bad);
        return None;
    }
    let matrix = matrix(tensor.shape(), tensor.data(), channels, realizations, order);
    if matrix.is_none() {
        problems.add(
            name,
            format_args!(
                "must be {channels} numbers (one per channel) or a {channels} × {realizations} matrix, \
                 found shape {:?}",
                tensor.shape()
            ),
        );
    }
    matrix
}
