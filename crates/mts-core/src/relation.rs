//! What a table is, without its rows.

/// A table as sinks and validation see it: columns, keys, indexes.
#[derive(Clone, Debug, PartialEq)]
pub struct Relation {
    /// Its name.
    pub name: String,
    /// Its columns, in order.
    pub columns: Vec<Column>,
    /// The columns of the primary key, by place; empty where there is none.
    pub primary_key: Vec<usize>,
    /// Groups of columns whose values together occur once, the primary key aside.
    pub unique: Vec<Vec<usize>>,
    /// What refers to other tables.
    pub foreign_keys: Vec<ForeignKey>,
    /// Columns that databases index, in groups.
    pub indexes: Vec<Vec<usize>>,
}

/// A column of a table, or a field of a structure.
#[derive(Clone, Debug, PartialEq)]
pub struct Column {
    /// Its name.
    pub name: String,
    /// What it holds.
    pub kind: ColumnType,
    /// Whether a value may be missing.
    pub nullable: bool,
    /// The type that SQLite is to be told, where the schema says so.
    pub sqlite_type: Option<String>,
}

/// What a column holds.
#[derive(Clone, Debug, PartialEq)]
pub enum ColumnType {
    /// True or false.
    Boolean,
    /// 64 bits with sign.
    Integer,
    /// Double precision.
    Float,
    /// An exact number of so many digits, so many of them behind the point.
    Decimal {
        /// Digits in all, at most 38.
        precision: u8,
        /// Digits behind the point.
        scale: i8,
    },
    /// UTF-8.
    Text,
    /// A day of the Gregorian calendar.
    Date,
    /// A microsecond: of the clock on the wall, or with the name of a time zone an instant.
    DateTime(Option<String>),
    /// Named fields.
    Struct(Vec<Column>),
    /// Any number of values.
    List(Box<ColumnType>),
}

/// Columns whose values are those of another table's key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ForeignKey {
    /// The columns here, by place.
    pub columns: Vec<usize>,
    /// The other table.
    pub parent: String,
    /// The columns there, by name.
    pub parent_columns: Vec<String>,
}
