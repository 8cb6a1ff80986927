//! What a dataset was made from and what is true of it, beside its values.

use std::collections::BTreeMap;
use std::ops::Range;

use mts_hash::{Array, ArrayData, Map, Value};

/// The truth of a dataset: everything that was drawn or derived before the first step.
///
/// Scalars and arrays have names; graphs say which channel acts on which.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Truth {
    /// Named single values and small mappings.
    pub scalars: Map,
    /// Named arrays in C order.
    pub arrays: BTreeMap<String, Array>,
    /// Named graphs over the channels.
    pub graphs: BTreeMap<String, Graph>,
}

/// Which channel acts on which.
#[derive(Clone, Debug, PartialEq)]
pub enum Graph {
    /// Every channel acts on every other one with weight 1.
    Complete {
        /// The number of channels.
        nodes: usize,
    },
    /// Every channel acts on its two neighbours with weight 1; the last is the first's neighbour.
    Ring {
        /// The number of channels.
        nodes: usize,
    },
    /// Listed influences.
    Edges {
        /// The number of channels.
        nodes: usize,
        /// In order of (from, to, lag).
        edges: Vec<Edge>,
    },
}

/// One influence.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Edge {
    /// The channel that acts.
    pub from: usize,
    /// The channel that is acted on.
    pub to: usize,
    /// After how many steps; 0 within the same step.
    pub lag: usize,
    /// How strongly.
    pub weight: f64,
}

impl Graph {
    /// The number of channels.
    pub fn nodes(&self) -> usize {
        match self {
            Graph::Complete { nodes } | Graph::Ring { nodes } | Graph::Edges { nodes, .. } => *nodes,
        }
    }

    /// The name of the form: `complete`, `ring` or `edges`.
    pub fn kind(&self) -> &'static str {
        match self {
            Graph::Complete { .. } => "complete",
            Graph::Ring { .. } => "ring",
            Graph::Edges { .. } => "edges",
        }
    }
}

impl Truth {
    /// Adds a `float64` array of `shape`.
    ///
    /// # Panics
    ///
    /// Where `data` does not fill `shape`: a mistake in a model.
    pub fn array(&mut self, name: &str, shape: &[usize], data: Vec<f64>) {
        let array = Array::floats(shape.to_vec(), data).expect("the data of a truth fill its shape");
        self.arrays.insert(name.to_owned(), array);
    }

    /// Adds the part that belongs to `realizations` of an array whose last axis has all `total`
    /// realizations: a dataset of several processes collects it from each of them.
    ///
    /// # Panics
    ///
    /// Where `data` does not fill `lead` times the number of realizations: a mistake in a model.
    pub fn columns(
        &mut self,
        name: &str,
        lead: &[usize],
        total: usize,
        realizations: Range<usize>,
        data: &[f64],
    ) {
        let rows: usize = lead.iter().product();
        assert_eq!(data.len(), rows * realizations.len(), "the data of a truth fill its shape");
        let earlier = self.arrays.remove(name).map(Array::into_data);
        let mut all = match earlier {
            Some(ArrayData::Float(all)) if all.len() == rows * total => all,
            _ => vec![f64::NAN; rows * total],
        };
        for (row, part) in data.chunks_exact(realizations.len()).enumerate() {
            all[row * total..][realizations.clone()].copy_from_slice(part);
        }
        self.array(name, &[lead, &[total]].concat(), all);
    }

    /// Adds a single value.
    pub fn scalar(&mut self, name: &str, value: impl Into<Value>) {
        self.scalars.insert(name, value);
    }

    /// Adds a graph over the channels.
    pub fn graph(&mut self, name: &str, graph: Graph) {
        self.graphs.insert(name.to_owned(), graph);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_of_several_processes_make_one_array() {
        let mut truth = Truth::default();
        truth.columns("x", &[2], 3, 0..1, &[1.0, 4.0]);
        truth.columns("x", &[2], 3, 1..3, &[2.0, 3.0, 5.0, 6.0]);
        let expected = Array::floats(vec![2, 3], vec![1.0, 2.0, 3.0, 4.0, 5.0, 6.0]);
        assert_eq!(truth.arrays.get("x"), expected.as_ref());
    }
}
