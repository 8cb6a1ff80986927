//! Aligned columns.

use std::fmt;

/// Rows under headings; columns are as wide as their widest cell.
pub(crate) struct Table {
    /// All cells behind each other: there may be millions.
    text: String,
    /// Where each ends.
    ends: Vec<usize>,
    widths: Vec<usize>,
}

impl Table {
    pub(crate) fn new<const N: usize>(headings: [&str; N]) -> Self {
        let mut table = Table { text: String::new(), ends: Vec::new(), widths: vec![0; N] };
        table.row(headings.map(str::to_owned));
        table
    }

    pub(crate) fn row<const N: usize>(&mut self, cells: [String; N]) {
        for (cell, width) in cells.iter().zip(&mut self.widths) {
            self.text += cell;
            self.ends.push(self.text.len());
            *width = cell.chars().count().max(*width);
        }
    }
}

impl fmt::Display for Table {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut start = 0;
        for (i, ends) in self.ends.chunks(self.widths.len()).enumerate() {
            let mut line = String::new();
            for (end, width) in ends.iter().zip(&self.widths) {
                let cell = &self.text[start..*end];
                line += cell;
                // Padding of the formatter goes to 65535 only.
                line.extend(std::iter::repeat_n(' ', width - cell.chars().count() + 2));
                start = *end;
            }
            write!(f, "{}{}", if i > 0 { "\n" } else { "" }, line.trim_end())?;
        }
        Ok(())
    }
}
