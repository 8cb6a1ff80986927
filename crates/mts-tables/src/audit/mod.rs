//! What files hold against what the schema says, without making anything again.
//!
//! Cells that the ledger lists are held to what it says, all others to the rules of their columns, keys to each
//! other, rates and laws to a level of 10⁻⁶. Of keys, some eight million by table are kept with 32 bytes each; of larger
//! tables a share of the keys that their hashes choose, the same in parents and children. Laws are tested with up to
//! a million values of a column.

mod batch;
mod cells;
mod checks;
mod keys;
mod law;
mod ledger;
mod relations;
mod rule;
mod shape;
mod special;
mod table;

use arrow_array::RecordBatch;

use self::batch::Batch;
use self::relations::Relations;
use self::table::TableAudit;
use crate::{Database, Rows};

pub use checks::Check;
pub use ledger::Ledger;
pub(crate) use rule::Rule;
pub(crate) use shape::{Shape, WHOLE, Weighted};

/// The probability with which sound data fail a test of chance.
const ALPHA: f64 = 1e-6;

/// The tables of a database as somebody reads them, judged by its schema.
///
/// Tables may come in any order; parents first takes the least memory. Of each table all batches come, and then its
/// end.
pub struct Audit<'a> {
    database: &'a Database,
    ledgers: &'a [Ledger],
    tables: Vec<TableAudit<'a>>,
    relations: Vec<Relations<'a>>,
}

impl<'a> Audit<'a> {
    /// An audit of the tables of `database`, each with its ledger.
    ///
    /// # Panics
    ///
    /// Where there are not as many ledgers as tables.
    pub fn new(database: &'a Database, ledgers: &'a [Ledger]) -> Self {
        assert_eq!(database.tables.len(), ledgers.len(), "a ledger for each table");
        let mut tables: Vec<TableAudit> = database
            .tables
            .iter()
            .zip(ledgers)
            .map(|(table, ledger)| TableAudit::new(table, ledger))
            .collect();
        let relations = database.links.iter().enumerate();
        let relations =
            relations.map(|(at, link)| Relations::new(database, at, &mut tables[link.parent])).collect();
        Audit { database, ledgers, tables, relations }
    }

    /// Rows of a table, by their numbers as they were written; the columns are those of its schema.
    pub fn read(&mut self, table: usize, rows: &Rows, records: &RecordBatch) {
        let batch = Batch::new(rows, records, &self.ledgers[table]);
        self.tables[table].read(&batch);
        for (link, relations) in self.database.links.iter().zip(&mut self.relations) {
            if link.parent == table {
                relations.parents(&batch, &self.tables[table].keys[relations.keys()]);
            }
            if link.child == table {
                with_parent(
                    &mut self.tables,
                    link.parent,
                    link.child,
                    relations,
                    |relations, keys, checks| {
                        relations.rows(&batch, keys, checks);
                    },
                );
            }
        }
    }

    /// The end of a table; `is_whole` where all of it could be read. Of others, nothing is said that takes all rows.
    pub fn close(&mut self, table: usize, is_whole: bool) {
        self.tables[table].close(is_whole);
    }

    /// What was found.
    pub fn finish(mut self) -> Vec<Check> {
        for (link, relations) in self.database.links.iter().zip(&mut self.relations) {
            // Without all parents, nobody knows who has none.
            if !self.tables[link.parent].is_whole {
                continue;
            }
            let are_whole = self.tables[link.child].is_whole;
            let name = &self.database.tables[link.parent].relation.name;
            with_parent(&mut self.tables, link.parent, link.child, relations, |relations, keys, checks| {
                relations.close(name, keys, checks, are_whole);
            });
        }
        self.tables.into_iter().flat_map(|table| table.checks.end()).collect()
    }
}

/// Calls `look` with the keys of the parent and the checks of the child, which may be the same table.
fn with_parent<'a>(
    tables: &mut [TableAudit<'a>],
    parent: usize,
    child: usize,
    relations: &mut Relations<'a>,
    look: impl FnOnce(&mut Relations<'a>, &keys::Keys, &mut checks::Checks),
) {
    let at = relations.keys();
    match tables.get_disjoint_mut([parent, child]) {
        Ok([parent, child]) => look(relations, &parent.keys[at], &mut child.checks),
        Err(_) => {
            let TableAudit { keys, checks, .. } = &mut tables[child];
            look(relations, &keys[at], checks);
        }
    }
}
