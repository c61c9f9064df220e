//! Editions of a database: a copy of an MDB with some rows changed.

use std::fs::File;
use std::io::BufWriter;
use std::path::Path;

use jet::{ColumnSpec, Database, FileSource, Kind, TableDef, Value, Writer};

/// A row of a table that is being copied.
pub(super) struct Row<'a> {
    pub(super) table: &'a str,
    definition: &'a TableDef,
    pub(super) values: &'a mut Vec<Value>,
}

impl Row<'_> {
    fn position(&self, column: &str) -> usize {
        let columns = &self.definition.columns;
        let found = columns
            .iter()
            .position(|c| c.name.eq_ignore_ascii_case(column));
        found.unwrap_or_else(|| panic!("{} has no column {column}", self.table))
    }

    pub(super) fn text(&self, column: &str) -> &str {
        match &self.values[self.position(column)] {
            Value::Text(text) => text,
            other => panic!("{column} is {other:?}"),
        }
    }

    pub(super) fn number(&self, column: &str) -> Option<i32> {
        match self.values[self.position(column)] {
            Value::Long(number) => Some(number),
            _ => None,
        }
    }

    pub(super) fn is_of(&self, ev_id: &str) -> bool {
        self.definition
            .columns
            .iter()
            .any(|c| c.name.eq_ignore_ascii_case("ev_id"))
            && self.text("ev_id") == ev_id
    }

    pub(super) fn set(&mut self, column: &str, value: Value) {
        let position = self.position(column);
        self.values[position] = value;
    }
}

/// Copies the database `from`: `edit` gets every row and says which rows come in its place.
pub(super) fn edition(from: &Path, to: &Path, mut edit: impl FnMut(Row<'_>) -> Vec<Vec<Value>>) {
    let database = Database::open(FileSource::open(from).unwrap()).unwrap();
    let mut writer = Writer::create(BufWriter::new(File::create(to).unwrap())).unwrap();
    for entry in database.tables() {
        let definition = database.table(&entry.name).unwrap();
        let columns: Vec<ColumnSpec> = definition
            .columns
            .iter()
            .map(|column| match column.kind {
                Kind::Text => ColumnSpec::text(&column.name, column.width),
                kind => ColumnSpec::new(&column.name, kind),
            })
            .collect();
        let mut table = writer.begin_table(&entry.name, &columns).unwrap();
        let (mut rows, mut values) = (database.rows(&definition), Vec::new());
        while rows.next_row(&mut values).unwrap() {
            let row = Row {
                table: &entry.name,
                definition: &definition,
                values: &mut values,
            };
            for edited in edit(row) {
                table.push(&edited).unwrap();
            }
        }
        table.finish().unwrap();
    }
    writer.finish().unwrap();
}
