//! What the columns are called and where on a record they stand.

use std::collections::{BTreeMap, HashMap};
use std::sync::OnceLock;

/// How a value is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// As it stands.
    Plain,
    /// A code with a meaning.
    Code,
    /// Hours and minutes as one number.
    Clock,
    /// A year; 0 stands for unknown.
    Year,
}

/// A column that has a name and a place.
#[derive(Debug)]
pub(super) struct Field {
    pub(super) column: &'static str,
    pub(super) section: &'static str,
    pub(super) kind: Kind,
    pub(super) label: &'static str,
    /// Place within its section.
    pub(super) order: usize,
}

/// Fields by table and column.
type Fields = HashMap<&'static str, HashMap<&'static str, Field>>;

fn all() -> &'static Fields {
    static FIELDS: OnceLock<Fields> = OnceLock::new();
    FIELDS.get_or_init(|| {
        let mut fields = Fields::new();
        for (order, line) in include_str!("fields.tsv").lines().skip(1).enumerate() {
            let mut parts = line.split('\t');
            let [table, column, section, kind, label] =
                std::array::from_fn(|_| parts.next().unwrap_or_default());
            let kind = match kind {
                "code" => Kind::Code,
                "hhmm" => Kind::Clock,
                "year" => Kind::Year,
                _ => Kind::Plain,
            };
            let field = Field {
                column,
                section,
                kind,
                label,
                order,
            };
            fields.entry(table).or_default().insert(column, field);
        }
        fields
    })
}

/// The field of a column, if it has one. Answers of multi-valued questions may carry a digit
/// after their name (`crew_cert_code0`).
pub(super) fn find(table: &str, column: &str) -> Option<&'static Field> {
    let fields = all().get(table)?;
    let short = column.trim_end_matches(|c: char| c.is_ascii_digit());
    fields.get(column).or_else(|| fields.get(short))
}

/// What columns are called, for readers of the JSON form.
pub fn labels() -> BTreeMap<&'static str, &'static str> {
    let fields = all().values().flat_map(HashMap::values);
    fields.map(|field| (field.column, field.label)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_column_is_called_the_same_in_every_table() {
        let mut names = BTreeMap::new();
        for field in all().values().flat_map(HashMap::values) {
            let other = names.insert(field.column, field.label);
            assert!(
                other.is_none_or(|label| label == field.label),
                "{}",
                field.column
            );
        }
        assert_eq!(names.len(), labels().len());
        assert!(names.len() > 150, "only {} columns", names.len());
    }

    #[test]
    fn columns_of_the_list_exist() {
        let fields = all().iter();
        for (table, column) in fields.flat_map(|(t, f)| f.keys().map(move |c| (t, c))) {
            let known = dataset::schema::tables().iter().any(|one| {
                let columns = one.columns.iter();
                one.sql_name() == *table && columns.clone().any(|c| c.sql_name() == *column)
            });
            // Answers of multi-valued questions are rows of the tables `dt_…`.
            let answer = dataset::codes::dictionary()
                .any(|row| row[0].starts_with("dt_") && row[1] == *column);
            assert!(known || answer, "{table}.{column}");
        }
    }

    #[test]
    fn answers_with_a_digit_are_found() {
        assert!(find("flight_crew", "crew_cert_code0").is_some());
        assert!(find("flight_crew", "no_such_column").is_none());
    }
}
