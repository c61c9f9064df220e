//! Expectations understood: what must hold, in terms of tables and columns.
//!
//! Names, arguments and meaning are those of Great Expectations 1.x.

mod condition;
mod kwargs;
mod parse;
mod strftime;

pub(super) use parse::parse;

/// What must hold.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Rule {
    /// A test of each value of a column; missing values pass.
    Values { column: String, test: Test },
    /// Every row has a value.
    Present { column: String },
    /// No row has a value.
    Absent { column: String },
    /// No two rows share the values of these columns.
    Unique {
        columns: Vec<String>,
        ignore: Ignore,
    },
    /// The values of one row differ from each other.
    Distinct {
        columns: Vec<String>,
        ignore: Ignore,
    },
    /// The values of one row add up.
    Sum {
        columns: Vec<String>,
        total: String,
        ignore: Ignore,
    },
    /// A comparison of two columns of one row.
    Pair {
        a: String,
        b: String,
        test: Comparison,
        ignore: Ignore,
    },
    /// A number about a column lies in a range.
    Aggregate {
        column: String,
        aggregate: Aggregate,
        range: Range,
    },
    /// Quantiles (discontinuous, as in `percentile_disc`) lie in ranges.
    Quantiles {
        column: String,
        ranges: Vec<(f64, Range)>,
    },
    /// The set of a column's values against a given one.
    ValueSet {
        column: String,
        relation: Relation,
        values: Vec<String>,
    },
    /// The table's number of rows lies in a range.
    RowCount(Range),
    /// The table has as many rows as another.
    RowCountOf(String),
    /// About the names of the table's columns.
    Columns(Columns),
    /// A query finds no row; `{batch}` stands for the table.
    NoRows { query: String },
}

/// What is asked of a value.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Test {
    /// It lies in a range.
    Between(Range),
    /// It is one of these.
    In(Vec<String>),
    /// It is none of these.
    NotIn(Vec<String>),
    /// It matches these regular expressions somewhere.
    Regex { patterns: Vec<String>, all: bool },
    /// It matches none of these regular expressions.
    NotRegex(Vec<String>),
    /// It is like any (or all) of these patterns.
    Like { patterns: Vec<String>, all: bool },
    /// It is like none of these patterns.
    NotLike(Vec<String>),
    /// Its number of characters lies in a range.
    Length(Range),
}

/// Bounds as SQL literals.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Range {
    pub(super) min: Option<String>,
    pub(super) max: Option<String>,
    pub(super) strict_min: bool,
    pub(super) strict_max: bool,
}

/// How two values of a row compare.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Comparison {
    Equal,
    Greater,
    GreaterOrEqual,
}

/// Which rows a rule over several columns leaves out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Ignore {
    /// Those that have none of the values.
    AllMissing,
    /// Those that lack any of the values.
    AnyMissing,
    /// None.
    Never,
}

/// A number about a column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Aggregate {
    Min,
    Max,
    Mean,
    Median,
    Sum,
    StandardDeviation,
    UniqueValues,
    ShareOfUnique,
    ShareOfPresent,
}

/// How the set of values must relate to the given one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Relation {
    /// It is a subset.
    Within,
    /// It is a superset.
    Contains,
    /// They are the same.
    Equals,
}

/// About the names of the columns.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Columns {
    /// One exists, at this position (from 0) if one is given.
    Has { column: String, index: Option<u64> },
    /// There are so many.
    Count(Range),
    /// They are these, in any order; others may exist unless the match is exact.
    Set { names: Vec<String>, exact: bool },
    /// They are these, in this order.
    List(Vec<String>),
}

/// A rule and the rows it is about.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Scoped {
    pub(super) rule: Rule,
    /// SQL over the table's columns; all rows without it.
    pub(super) condition: Option<String>,
    /// Share of the rows considered that must pass.
    pub(super) mostly: f64,
}

impl Range {
    /// SQL that is true within the range.
    pub(super) fn holds(&self, value: &str) -> String {
        let bound = |limit: &Option<String>, strict: bool, sign: char| {
            let operator = if strict {
                sign.to_string()
            } else {
                format!("{sign}=")
            };
            limit
                .as_ref()
                .map(|limit| format!("{value} {operator} {limit}"))
        };
        let terms: Vec<String> = bound(&self.min, self.strict_min, '>')
            .into_iter()
            .chain(bound(&self.max, self.strict_max, '<'))
            .collect();
        if terms.is_empty() {
            return "true".to_owned();
        }
        terms.join(" AND ")
    }

    /// In words, after a subject.
    pub(super) fn sentence(&self) -> String {
        let plain = |limit: &Option<String>| {
            limit
                .as_ref()
                .map(|text| text.trim_matches('\'').to_owned())
        };
        match (plain(&self.min), plain(&self.max)) {
            (Some(min), Some(max)) if min == max => format!("is {min}"),
            (Some(min), Some(max)) => {
                let word = |strict: bool| if strict { " (exclusive)" } else { "" };
                let (from, to) = (word(self.strict_min), word(self.strict_max));
                format!("lies between {min}{from} and {max}{to}")
            }
            (Some(min), None) if self.strict_min => format!("is greater than {min}"),
            (Some(min), None) => format!("is at least {min}"),
            (None, Some(max)) if self.strict_max => format!("is less than {max}"),
            (None, Some(max)) => format!("is at most {max}"),
            (None, None) => "has any value".to_owned(),
        }
    }
}
