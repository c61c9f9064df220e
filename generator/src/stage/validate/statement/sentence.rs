//! Rules in words, for expectations that bring no description.

use super::super::rule::{Aggregate, Columns, Comparison, Relation, Rule, Scoped, Test};

/// What must hold, one sentence without a full stop.
pub(in super::super) fn sentence(scoped: &Scoped) -> String {
    let mut text = rule(&scoped.rule);
    if scoped.mostly < 1.0 {
        let percent = scoped.mostly * 100.0;
        text = format!("{text}, for at least {percent} % of the values");
    }
    if let Some(condition) = &scoped.condition {
        text = format!("{text}, where {}", plain(condition));
    }
    text
}

fn plain(name: &str) -> String {
    name.replace('"', "")
}

fn list(columns: &[String]) -> String {
    plain(&columns.join(", "))
}

fn rule(rule: &Rule) -> String {
    match rule {
        Rule::Values { column, test } => format!("{} {}", plain(column), tested(test)),
        Rule::Present { column } => format!("{} has a value", plain(column)),
        Rule::Absent { column } => format!("{} has no value", plain(column)),
        Rule::Unique { columns, .. } => format!("no two rows have the same {}", list(columns)),
        Rule::Distinct { columns, .. } => format!("{} differ within a row", list(columns)),
        Rule::Sum { columns, total, .. } => format!("{} add up to {total}", list(columns)),
        Rule::Pair { a, b, test, .. } => {
            let word = match test {
                Comparison::Equal => "equals",
                Comparison::Greater => "is greater than",
                Comparison::GreaterOrEqual => "is not less than",
            };
            format!("{} {word} {}", plain(a), plain(b))
        }
        Rule::Aggregate {
            column,
            aggregate,
            range,
        } => {
            let what = match aggregate {
                Aggregate::Min => "smallest value",
                Aggregate::Max => "largest value",
                Aggregate::Mean => "mean",
                Aggregate::Median => "median",
                Aggregate::Sum => "sum",
                Aggregate::StandardDeviation => "standard deviation",
                Aggregate::UniqueValues => "number of different values",
                Aggregate::ShareOfUnique => "share of different values",
                Aggregate::ShareOfPresent => "share of rows with a value",
            };
            format!("the {what} of {} {}", plain(column), range.sentence())
        }
        Rule::Quantiles { column, .. } => {
            format!("the quantiles of {} lie in their ranges", plain(column))
        }
        Rule::ValueSet {
            column,
            relation,
            values,
        } => {
            let (column, count) = (plain(column), values.len());
            match relation {
                Relation::Within => format!("{column} has only {count} listed values"),
                Relation::Contains => format!("{column} has each of {count} listed values"),
                Relation::Equals => format!("{column} has exactly {count} listed values"),
            }
        }
        Rule::RowCount(range) => format!("the number of rows {}", range.sentence()),
        Rule::RowCountOf(other) => format!("there are as many rows as in {other}"),
        Rule::Columns(Columns::Has { column, .. }) => format!("there is a column {column}"),
        Rule::Columns(Columns::Count(range)) => {
            format!("the number of columns {}", range.sentence())
        }
        Rule::Columns(Columns::Set { names, .. } | Columns::List(names)) => {
            format!("the table has the {} columns expected", names.len())
        }
        Rule::NoRows { .. } => "a query finds no rows".to_owned(),
    }
}

fn tested(test: &Test) -> String {
    match test {
        Test::Between(range) => range.sentence(),
        Test::In(values) if values.len() > 5 => format!("is one of {} listed codes", values.len()),
        Test::In(values) => format!("is one of {}", values.join(", ").replace('\'', "")),
        Test::NotIn(values) => format!("is none of {}", values.join(", ").replace('\'', "")),
        Test::Regex { patterns, .. } => format!("matches {}", patterns.join(", ")),
        Test::NotRegex(patterns) => format!("does not match {}", patterns.join(", ")),
        Test::Like { patterns, .. } => format!("is like {}", patterns.join(", ")),
        Test::NotLike(patterns) => format!("is not like {}", patterns.join(", ")),
        Test::Length(range) => {
            let text = range.sentence();
            format!("has a number of characters that {text}")
        }
    }
}
