use crate::{Content, Node};

/// A value that an alias will repeat.
pub(crate) struct Anchored {
    pub(crate) node: Node,
    pub(crate) size: Size,
    /// Whether the next repetition was paid for already, when the value was kept.
    pub(crate) paid: bool,
}

/// What a repetition of a value costs.
#[derive(Clone, Copy, Default)]
pub(crate) struct Size {
    pub(crate) nodes: u64,
    pub(crate) text: u64,
    pub(crate) height: usize,
}

impl Size {
    /// Measures `node`, but stops soon after more than `nodes` values or `text` bytes are counted.
    pub(crate) fn of(node: &Node, nodes: u64, text: u64) -> Self {
        let mut size = Self::default();
        size.height = size.add(node, nodes, text);
        size
    }

    fn add(&mut self, node: &Node, nodes: u64, text: u64) -> usize {
        if self.nodes > nodes || self.text > text {
            return 0;
        }
        self.nodes += 1;
        match &node.content {
            Content::Int(value) | Content::Str(value) => {
                self.text += value.len() as u64;
                0
            }
            Content::List(items) => {
                let heights = items.iter().map(|item| self.add(item, nodes, text));
                1 + heights.max().unwrap_or(0)
            }
            Content::Map(entries) => {
                let heights = entries.iter().map(|entry| {
                    self.text += entry.key.len() as u64;
                    self.add(&entry.value, nodes, text)
                });
                1 + heights.max().unwrap_or(0)
            }
            Content::Null | Content::Bool(_) | Content::Float(_) => 0,
        }
    }
}
