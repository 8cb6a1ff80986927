//! What a document may cost. Everything beyond is refused, so that a hostile document costs little
//! time and little memory.

/// Lists and mappings inside each other.
pub const MAX_DEPTH: usize = 64;
/// Values in a document and all that it includes; inline matrices are legitimate.
pub const MAX_NODES: u64 = 10_000_000;
/// Values that aliases (`*name`) add to those written out.
pub const MAX_ALIAS_NODES: u64 = 250_000;
/// Bytes of text in a document and all that it includes.
pub const MAX_TEXT: u64 = 64 << 20;
/// Bytes of text that aliases add.
pub const MAX_ALIAS_TEXT: u64 = MAX_TEXT;
/// Digits in one integer.
pub const MAX_DIGITS: usize = 4300;
/// Includes inside each other.
pub const MAX_INCLUDE_DEPTH: usize = 16;
/// Files read through `include`, each counted as often as it is included.
pub const MAX_INCLUDES: u64 = 1000;

/// What is left of the limits for one document and all that it includes.
#[derive(Clone, Debug)]
pub(crate) struct Budget {
    nodes: u64,
    alias_nodes: u64,
    alias_text: u64,
    text: u64,
    includes: u64,
}

impl Budget {
    pub(crate) fn new() -> Self {
        Self {
            nodes: MAX_NODES,
            alias_nodes: MAX_ALIAS_NODES,
            alias_text: MAX_ALIAS_TEXT,
            text: MAX_TEXT,
            includes: MAX_INCLUDES,
        }
    }

    pub(crate) fn node(&mut self) -> Result<(), String> {
        take(&mut self.nodes, 1).ok_or_else(|| format!("the document has more than {MAX_NODES} values"))
    }

    pub(crate) fn text(&mut self, bytes: u64) -> Result<(), String> {
        take(&mut self.text, bytes).ok_or_else(too_much_text)
    }

    pub(crate) fn include(&mut self) -> Result<(), String> {
        take(&mut self.includes, 1).ok_or_else(|| format!("more than {MAX_INCLUDES} includes"))
    }

    pub(crate) fn text_left(&self) -> u64 {
        self.text
    }

    /// How many more values and bytes aliases may still add.
    pub(crate) fn alias_left(&self) -> (u64, u64) {
        (self.alias_nodes, self.alias_text)
    }

    pub(crate) fn alias(&mut self, nodes: u64, text: u64) -> Result<(), String> {
        take(&mut self.alias_nodes, nodes)
            .ok_or_else(|| format!("aliases add more than {MAX_ALIAS_NODES} values"))?;
        take(&mut self.alias_text, text)
            .ok_or_else(|| format!("aliases add more than {} MiB of text", MAX_ALIAS_TEXT >> 20))
    }
}

pub(crate) fn too_much_text() -> String {
    format!("more than {} MiB of text", MAX_TEXT >> 20)
}

fn take(left: &mut u64, wanted: u64) -> Option<()> {
    *left = left.checked_sub(wanted)?;
    Some(())
}
