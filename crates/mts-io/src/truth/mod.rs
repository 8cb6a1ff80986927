//! The truth of a dataset as files.

mod npz;

use std::path::Path;

use mts_core::{Edge, Graph, Truth};
use mts_hash::{Array, ArrayData, Map, Value, canonical_json, parse};

use crate::sidecar::MAX_TEXT;
use crate::{IoError, places};

/// Arrays with more numbers than this go into the archive.
const MAX_INLINE: usize = 1024;

/// Numbers per edge.
const EDGE: usize = 4;

/// The truth of a dataset as the contents of its files `….truth.json` and `….truth.npz`.
///
/// Non-finite numbers stand as the bare words `NaN`, `Infinity` and `-Infinity`, as Python's `json`
/// writes and reads them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TruthFiles {
    /// Canonical JSON and a line end.
    pub json: String,
    /// NumPy's archive of the large arrays, where there are any.
    pub npz: Option<Vec<u8>>,
}

impl TruthFiles {
    /// Writes `truth` down.
    ///
    /// # Errors
    ///
    /// Where a graph has more than 2⁶³ nodes, or two large arrays would have one name.
    pub fn new(truth: &Truth) -> Result<Self, IoError> {
        let mut large = Some(npz::Writer::new());
        let json = canonical_json(&to_value(truth, &mut large)?) + "\n";
        let npz = large.map(npz::Writer::finish).transpose()?.flatten();
        Ok(TruthFiles { json, npz })
    }

    /// Writes `truth` down as one mapping: the contents of the JSON of [`new`](Self::new) with all arrays in
    /// it, as packs have them.
    pub(crate) fn inline(truth: &Truth) -> Result<Value, IoError> {
        to_value(truth, &mut None)
    }

    /// Reads the truth back. Scalars are in the order of their names; an array among them is a
    /// list.
    ///
    /// # Errors
    ///
    /// Where the JSON is not a truth, or the archive does not hold what it names.
    pub fn truth(&self) -> Result<Truth, IoError> {
        let root =
            parse(&self.json).map_err(|error| IoError::damaged(format!("this is no JSON: {error}")))?;
        from_value(&root, self.npz.as_deref())
    }

    /// Reads the files of a truth: `json`, and the archive beside it, of the same name with the
    /// extension `npz`, where there is one.
    ///
    /// # Errors
    ///
    /// Where the files cannot be read.
    pub fn read(json: &Path) -> Result<Self, IoError> {
        let npz = json.with_extension("npz");
        let archive = places::is_file(&npz)?.then(|| places::read_bytes(&npz, u64::MAX)).transpose()?;
        let json = places::read_text(json, MAX_TEXT)?;
        Ok(TruthFiles { json, npz: archive })
    }
}

fn to_value(truth: &Truth, large: &mut Large) -> Result<Value, IoError> {
    let mut arrays = Map::new();
    for (name, array) in &truth.arrays {
        arrays.insert(name.as_str(), array_value(large, name, array)?);
    }
    let mut graphs = Map::new();
    for (name, graph) in &truth.graphs {
        graphs.insert(name.as_str(), graph_value(large, name, graph)?);
    }
    let root: Map = [
        ("arrays", Value::Map(arrays)),
        ("graphs", graphs.into()),
        ("scalars", truth.scalars.clone().into()),
    ]
    .into_iter()
    .collect();
    Ok(root.into())
}

/// Reads what [`to_value`] made, with the archive that it refers to.
pub(crate) fn from_value(root: &Value, npz: Option<&[u8]>) -> Result<Truth, IoError> {
    let section = |key: &str| match root.get(key) {
        Some(Value::Map(map)) => Ok(map),
        _ => Err(IoError::damaged(format!("{key:?} is missing or no mapping"))),
    };
    let mut archive = npz.map(npz::Reader::new).transpose()?;
    let mut truth = Truth { scalars: section("scalars")?.clone(), ..Truth::default() };
    for (name, value) in section("arrays")?.iter() {
        let array = array_from(&mut archive, value).map_err(|what| within("array", name, &what))?;
        truth.arrays.insert(name.to_owned(), array);
    }
    for (name, value) in section("graphs")?.iter() {
        let graph = graph_from(&mut archive, value).map_err(|what| within("graph", name, &what))?;
        truth.graphs.insert(name.to_owned(), graph);
    }
    Ok(truth)
}

/// Where arrays go that are too long for lists; without it, all are lists.
type Large = Option<npz::Writer>;

fn within(kind: &str, name: &str, what: &IoError) -> IoError {
    IoError::damaged(format!("{kind} {name:?}: {what}"))
}

/// Nested lists, or a reference into the archive. Empty arrays go there too, or stand with their type:
/// lists do not keep type and shape.
fn array_value(large: &mut Large, name: &str, array: &Array) -> Result<Value, IoError> {
    let place = match large {
        Some(_) if (1..=MAX_INLINE).contains(&array.data().len()) => return Ok(array.to_value()),
        None if !array.data().is_empty() => return Ok(array.to_value()),
        Some(archive) => {
            archive.add(name, array)?;
            ("npz", Value::from(name))
        }
        None => (EMPTY, kind(array.data()).into()),
    };
    let shape: Vec<Value> = array.shape().iter().map(|n| Value::from(*n)).collect();
    Ok(Value::Map([place, ("shape", shape.into())].into_iter().collect()))
}

/// The key under which an array without numbers has its type.
const EMPTY: &str = "empty";

/// The types of arrays.
const KINDS: [&str; 3] = ["float", "int", "bool"];

fn kind(data: &ArrayData) -> &'static str {
    match data {
        ArrayData::Float(_) => KINDS[0],
        ArrayData::Int(_) => KINDS[1],
        ArrayData::Bool(_) => KINDS[2],
    }
}

fn empty(kind: &str, shape: Vec<usize>) -> Option<Array> {
    let data = match KINDS.iter().position(|known| *known == kind)? {
        0 => ArrayData::Float(Vec::new()),
        1 => ArrayData::Int(Vec::new()),
        _ => ArrayData::Bool(Vec::new()),
    };
    Array::new(shape, data)
}

fn graph_value(large: &mut Large, name: &str, graph: &Graph) -> Result<Value, IoError> {
    let mut map: Map =
        [("kind", Value::from(graph.kind())), ("nodes", graph.nodes().into())].into_iter().collect();
    if let Graph::Edges { edges, .. } = graph {
        map.insert("edges", edges_value(large, name, edges)?);
    }
    Ok(map.into())
}

fn edges_value(large: &mut Large, name: &str, edges: &[Edge]) -> Result<Value, IoError> {
    if large.is_none() || edges.len() * EDGE <= MAX_INLINE {
        let edge = |edge: &Edge| -> Map {
            let ends = [("from", edge.from), ("to", edge.to), ("lag", edge.lag)];
            let mut map: Map = ends.into_iter().collect();
            map.insert("weight", edge.weight);
            map
        };
        return Ok(edges.iter().map(edge).collect::<Vec<_>>().into());
    }
    let integers = |part: fn(&Edge) -> usize| {
        let data: Result<Vec<i64>, _> = edges.iter().map(|edge| i64::try_from(part(edge))).collect();
        data.map(ArrayData::Int).map_err(|_| IoError::refused(format!("graph {name:?} counts beyond 2⁶³")))
    };
    let columns = [
        ("from", integers(|edge| edge.from)?),
        ("to", integers(|edge| edge.to)?),
        ("lag", integers(|edge| edge.lag)?),
        ("weight", ArrayData::Float(edges.iter().map(|edge| edge.weight).collect())),
    ];
    let mut map = Map::new();
    for (part, data) in columns {
        if let Some(array) = Array::new(vec![edges.len()], data) {
            map.insert(part, array_value(large, &format!("{name}.{part}"), &array)?);
        }
    }
    Ok(map.into())
}

type Archive<'a> = Option<npz::Reader<'a>>;

fn array_from(archive: &mut Archive, value: &Value) -> Result<Array, IoError> {
    if value.as_map().is_none() {
        return inline(value)
            .ok_or_else(|| IoError::damaged("expected nested lists of numbers, of equal lengths"));
    }
    let name = value.get("npz").and_then(Value::as_str);
    let shape = value.get("shape").and_then(Value::as_list);
    let shape: Option<Vec<usize>> = shape.and_then(|sizes| sizes.iter().map(size).collect());
    if let (Some(kind), Some(shape)) = (value.get(EMPTY).and_then(Value::as_str), &shape) {
        let array = empty(kind, shape.clone());
        return array
            .ok_or_else(|| IoError::damaged(format!("an empty array of {kind:?} has the shape {shape:?}")));
    }
    let (Some(name), Some(shape)) = (name, shape) else {
        return Err(IoError::damaged("expected \"npz\" and \"shape\""));
    };
    match archive {
        Some(archive) => archive.get(name, &shape),
        None => Err(IoError::damaged(format!("its entry {name:?} is in an archive that is missing"))),
    }
}

fn size(value: &Value) -> Option<usize> {
    usize::try_from(value.as_int()?.to_u64()?).ok()
}

fn inline(value: &Value) -> Option<Array> {
    let (mut shape, mut leaves) = (Vec::new(), vec![value]);
    while let Some(Value::List(first)) = leaves.first() {
        shape.push(first.len());
        let lists: Option<Vec<&[Value]>> = leaves.iter().map(|leaf| leaf.as_list()).collect();
        let lists = lists.filter(|lists| lists.iter().all(|list| list.len() == first.len()))?;
        leaves = lists.into_iter().flatten().collect();
    }
    let leaves = leaves.into_iter();
    let data = match leaves.clone().next()? {
        Value::Int(_) => ArrayData::Int(leaves.map(|x| x.as_int()?.to_i64()).collect::<Option<_>>()?),
        Value::Bool(_) => {
            let truth = |x: &Value| if let Value::Bool(x) = x { Some(*x) } else { None };
            ArrayData::Bool(leaves.map(truth).collect::<Option<_>>()?)
        }
        _ => {
            let float = |x: &Value| if let Value::Float(x) = x { Some(*x) } else { None };
            ArrayData::Float(leaves.map(float).collect::<Option<_>>()?)
        }
    };
    Array::new(shape, data)
}

fn graph_from(archive: &mut Archive, value: &Value) -> Result<Graph, IoError> {
    let nodes = value.get("nodes").and_then(size);
    let nodes = nodes.ok_or_else(|| IoError::damaged("\"nodes\" is missing or no integer"))?;
    match value.get("kind").and_then(Value::as_str) {
        Some("complete") => Ok(Graph::Complete { nodes }),
        Some("ring") => Ok(Graph::Ring { nodes }),
        Some("edges") => {
            let edges = match value.get("edges") {
                Some(Value::List(list)) => list.iter().map(edge_from).collect(),
                Some(Value::Map(columns)) => Some(edges_from(archive, columns)?),
                _ => None,
            };
            let edges = edges.filter(|edges| edges.iter().all(|edge| edge.from < nodes && edge.to < nodes));
            let edges = edges.ok_or_else(|| IoError::damaged("\"edges\" are not edges between its nodes"))?;
            Ok(Graph::Edges { nodes, edges })
        }
        _ => Err(IoError::damaged("\"kind\" must be \"complete\", \"ring\" or \"edges\"")),
    }
}

fn edge_from(value: &Value) -> Option<Edge> {
    let part = |key: &str| size(value.get(key)?);
    Some(Edge {
        from: part("from")?,
        to: part("to")?,
        lag: part("lag")?,
        weight: value.get("weight")?.as_f64()?,
    })
}

fn edges_from(archive: &mut Archive, columns: &Map) -> Result<Vec<Edge>, IoError> {
    let mut column = |key: &str| {
        let value = columns.get(key).ok_or_else(|| IoError::damaged(format!("{key:?} is missing")))?;
        array_from(archive, value)
    };
    let (from, to, lag, weight) = (column("from")?, column("to")?, column("lag")?, column("weight")?);
    let edges = match (from.data(), to.data(), lag.data(), weight.data()) {
        (ArrayData::Int(from), ArrayData::Int(to), ArrayData::Int(lag), ArrayData::Float(weight))
            if [to.len(), lag.len(), weight.len()] == [from.len(); 3] =>
        {
            let edge = |i: usize| {
                let part = |column: &[i64]| usize::try_from(column[i]).ok();
                Some(Edge { from: part(from)?, to: part(to)?, lag: part(lag)?, weight: weight[i] })
            };
            (0..from.len()).map(edge).collect()
        }
        _ => None,
    };
    edges.ok_or_else(|| IoError::damaged("its columns do not fit together"))
}
