//! How many channels a model can have, and what they are called.

/// How many channels a model can have, and what they are called.
///
/// ```
/// use mts_core::Channels;
///
/// assert!(Channels::Named(&["x", "y", "z"]).check(5).is_err());
/// let names = Channels::PerNode(&["x", "y"]).names(4);
/// assert_eq!(names.unwrap(), ["x0", "x1", "y0", "y1"]);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Channels {
    /// Any number, all of the same kind, known by their numbers alone.
    Any,
    /// Exactly these.
    Named(&'static [&'static str]),
    /// So many per node of a network, each component of all nodes before the next component.
    PerNode(&'static [&'static str]),
}

impl Channels {
    /// Whether a model can have `channels` of them.
    ///
    /// # Errors
    ///
    /// The rule that this number breaks, to be read after "M".
    pub fn check(self, channels: usize) -> Result<(), String> {
        match self {
            Channels::Named(names) if channels != names.len() => {
                Err(format!("must be {} ({}), found {channels}", names.len(), names.join(", ")))
            }
            Channels::PerNode(names) if !channels.is_multiple_of(names.len()) => Err(format!(
                "must be a multiple of {}, as each node has {}; found {channels}",
                names.len(),
                names.join(", ")
            )),
            _ => Ok(()),
        }
    }

    /// The nodes that `channels` are of: as many, where each is a channel.
    pub fn nodes(self, channels: usize) -> usize {
        match self {
            Channels::PerNode(names) => channels / names.len(),
            Channels::Named(_) => 1,
            Channels::Any => channels,
        }
    }

    /// The nearest number, from `nodes` nodes, that a model can have.
    pub fn of(self, nodes: usize) -> usize {
        match self {
            Channels::PerNode(names) => nodes * names.len(),
            Channels::Named(names) => names.len(),
            Channels::Any => nodes,
        }
    }

    /// What `channels` are called; `None` where they have numbers alone.
    pub fn names(self, channels: usize) -> Option<Vec<String>> {
        match self {
            Channels::Any => None,
            Channels::Named(names) => Some(names.iter().map(|&name| name.to_owned()).collect()),
            Channels::PerNode(names) => {
                let nodes = channels / names.len();
                let of = |name: &&str| (0..nodes).map(|node| format!("{name}{node}")).collect::<Vec<_>>();
                Some(names.iter().flat_map(of).collect())
            }
        }
    }
}
