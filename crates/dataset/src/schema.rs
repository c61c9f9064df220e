//! The tables of `avall.mdb` and `Pre2008.mdb`, as the NTSB defines them.
//!
//! The list is read from `codes/eadms_schema.tsv`, which was taken from the real databases; the
//! order of tables and columns is that of the source. Names keep the NTSB's spelling; PostgreSQL
//! and Parquet use [`Table::sql_name`] and [`Column::sql_name`].

use std::sync::OnceLock;

/// A table of the source databases.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Table {
    /// The NTSB's spelling, for example `Flight_Crew`.
    pub name: &'static str,
    /// All columns in the order of the source.
    pub columns: Vec<Column>,
}

/// A column of a source table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Column {
    /// The NTSB's spelling, for example `Aircraft_Key`.
    pub name: &'static str,
    /// The type Access declares.
    pub access: AccessType,
    /// Width of a text column in characters.
    pub width: Option<u16>,
    /// Position in the primary key (from 1) that Access declares.
    pub key: Option<u8>,
}

/// The Access column types that occur in the NTSB's databases.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AccessType {
    /// Yes/No.
    Boolean,
    /// Unsigned 8-bit integer.
    Byte,
    /// Signed 16-bit integer.
    Int16,
    /// Signed 32-bit integer.
    Long,
    /// 32-bit float.
    Single,
    /// 64-bit float.
    Double,
    /// Days since 1899-12-30 as a 64-bit float.
    DateTime,
    /// Text of at most `width` characters.
    Text,
    /// Long text.
    Memo,
}

impl AccessType {
    fn parse(word: &str) -> Self {
        match word {
            "Boolean" => Self::Boolean,
            "Byte" => Self::Byte,
            "Int16" => Self::Int16,
            "Long" => Self::Long,
            "Single" => Self::Single,
            "Double" => Self::Double,
            "DateTime" => Self::DateTime,
            "Memo" => Self::Memo,
            _ => Self::Text,
        }
    }

    /// The PostgreSQL type that holds every value of this type.
    ///
    /// Text columns become `text`: the declared widths are not kept by later vintages, and a
    /// value that is too long must not be lost.
    pub fn postgres(self) -> &'static str {
        match self {
            Self::Boolean => "boolean",
            Self::Byte | Self::Int16 => "smallint",
            Self::Long => "integer",
            Self::Single => "real",
            Self::Double => "double precision",
            Self::DateTime => "timestamp",
            Self::Text | Self::Memo => "text",
        }
    }
}

impl Table {
    /// Lower-case name used in PostgreSQL, DuckDB and Parquet paths.
    pub fn sql_name(&self) -> String {
        self.name.to_lowercase()
    }

    /// The columns that identify a row, in key order; empty for the pure lookup tables.
    ///
    /// Access declares no key for `seq_of_events` and `NTSB_Admin`; theirs are the natural ones.
    pub fn natural_key(&self) -> Vec<&Column> {
        let natural: &[&str] = match self.name {
            "seq_of_events" => &[
                "ev_id",
                "Aircraft_Key",
                "Occurrence_No",
                "seq_event_no",
                "group_code",
            ],
            "NTSB_Admin" => &["ev_id"],
            "Country" => &["COUNTRY_CODE"],
            "states" => &["state"],
            "ct_seqevt" => &["code"],
            _ => &[],
        };
        if !natural.is_empty() {
            return natural
                .iter()
                .filter_map(|name| self.column(name))
                .collect();
        }
        let mut key: Vec<&Column> = self.columns.iter().filter(|c| c.key.is_some()).collect();
        key.sort_by_key(|c| c.key);
        key
    }

    /// The column of that name, compared without case.
    pub fn column(&self, name: &str) -> Option<&Column> {
        self.columns
            .iter()
            .find(|c| c.name.eq_ignore_ascii_case(name))
    }

    /// The table this one's rows belong to, if it is not a root or a lookup.
    pub fn parent(&self) -> Option<&'static str> {
        match self.name {
            "aircraft" | "dt_events" | "NTSB_Admin" => Some("events"),
            "Flight_Crew" | "engines" | "Findings" | "Events_Sequence" | "Occurrences"
            | "injury" | "narratives" | "dt_aircraft" => Some("aircraft"),
            "flight_time" | "dt_Flight_Crew" => Some("Flight_Crew"),
            "seq_of_events" => Some("Occurrences"),
            _ => None,
        }
    }

    /// Whether this is a code or label table rather than a record of events.
    pub fn is_lookup(&self) -> bool {
        self.name != "events" && self.parent().is_none()
    }
}

impl Column {
    /// Lower-case name used in PostgreSQL, DuckDB and Parquet. The dictionary's two column names
    /// that are SQL keywords (`Table`, `Column`) get the suffix `_name`.
    pub fn sql_name(&self) -> String {
        match self.name {
            "Table" => "table_name".to_owned(),
            "Column" => "column_name".to_owned(),
            name => name.to_lowercase().replace(' ', "_"),
        }
    }
}

/// All 20 tables, in the order of the source, parents before children.
pub fn tables() -> &'static [Table] {
    static TABLES: OnceLock<Vec<Table>> = OnceLock::new();
    TABLES.get_or_init(|| {
        let mut tables = parse(include_str!("../codes/eadms_schema.tsv"));
        tables.sort_by_key(|t| (depth(t), t.name.to_lowercase()));
        tables
    })
}

/// The table of that name, compared without case.
pub fn table(name: &str) -> Option<&'static Table> {
    tables().iter().find(|t| t.name.eq_ignore_ascii_case(name))
}

/// Lookups first, then events, then children by their distance from events.
fn depth(table: &Table) -> usize {
    if table.is_lookup() {
        return 0;
    }
    match table.parent() {
        None => 1,
        Some("events") => 2,
        Some("aircraft") => 3,
        Some(_) => 4,
    }
}

fn parse(tsv: &'static str) -> Vec<Table> {
    let mut tables: Vec<Table> = Vec::new();
    for line in tsv.lines().skip(1) {
        let mut fields = line.split('\t');
        let mut next = || fields.next().unwrap_or_default();
        let (table, _position, name) = (next(), next(), next());
        let (access, width, key) = (next(), next(), next());
        if tables.last().is_none_or(|t| t.name != table) {
            tables.push(Table {
                name: table,
                columns: Vec::new(),
            });
        }
        if let Some(last) = tables.last_mut() {
            last.columns.push(Column {
                name,
                access: AccessType::parse(access),
                width: width.parse().ok(),
                key: key.parse().ok(),
            });
        }
    }
    tables
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_real_schema_is_whole() {
        assert_eq!(tables().len(), 20);
        assert_eq!(table("EVENTS").unwrap().columns.len(), 73);
        assert_eq!(table("aircraft").unwrap().columns.len(), 93);
        assert_eq!(tables().iter().map(|t| t.columns.len()).sum::<usize>(), 336);
    }

    #[test]
    fn parents_come_before_their_children() {
        for (position, table) in tables().iter().enumerate() {
            if let Some(parent) = table.parent() {
                let parent = tables().iter().position(|t| t.name == parent).unwrap();
                assert!(parent < position, "{} before its parent", table.name);
            }
        }
    }

    #[test]
    fn every_record_table_has_a_key_that_starts_with_the_event() {
        for table in tables().iter().filter(|t| !t.is_lookup()) {
            assert_eq!(table.natural_key()[0].name, "ev_id", "{}", table.name);
        }
    }

    #[test]
    fn dictionary_columns_get_sql_names_that_need_no_quotes() {
        let dictionary = table("eADMSPUB_DataDictionary").unwrap();
        let names: Vec<String> = dictionary.columns.iter().map(Column::sql_name).collect();
        assert_eq!(
            names[..3],
            ["category_of_data", "table_name", "column_name"]
        );
    }
}
