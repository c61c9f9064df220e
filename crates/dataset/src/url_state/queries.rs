//! The three queries of the explore page.

use super::{ExploreState, PARAMETERS};
use crate::explore::{self, ColumnType};
use crate::query::{Facet, Filter, Key, Measure, Of, Query, Value};

/// Rows on a page of the list.
pub const PAGE_SIZE: u32 = 50;

/// Values a facet offers at most.
const FACET_VALUES: u32 = 200;

/// Columns of the list.
const LIST: &[&str] = &[
    "ev_date",
    "ntsb_no",
    "ev_id",
    "ev_city",
    "ev_state",
    "ev_country",
    "regis_no",
    "acft_make",
    "acft_model",
    "far_part",
    "phase",
    "occurrence",
    "damage",
    "ev_highest_injury",
    "fatalities",
];

/// Where the words of `q` are looked for.
const SEARCHED: &[&str] = &[
    "ev_city",
    "acft_make",
    "acft_model",
    "regis_no",
    "ntsb_no",
    "ev_id",
];

impl ExploreState {
    /// The rows the state lets through; nothing if it lets all of them through.
    pub fn filter(&self) -> Option<Filter> {
        let mut all = Vec::new();
        for (parameter, column) in PARAMETERS {
            let is_number = explore::column(column).is_some_and(|c| c.kind == ColumnType::Int);
            let values: Vec<Value> = self
                .choice(parameter)
                .map(|value| match value {
                    None => Value::Null,
                    // What is no number stays text, for the engine to refuse.
                    Some(text) => match text.parse() {
                        Ok(number) if is_number => Value::Int(number),
                        _ => Value::from(text),
                    },
                })
                .collect();
            if !values.is_empty() {
                let column = (*column).to_owned();
                all.push(Filter::In { column, values });
            }
        }
        if self.from.is_some() || self.to.is_some() {
            let limit =
                |year: Option<i32>| year.map_or(Value::Null, |year| Value::from(i64::from(year)));
            all.push(Filter::Range {
                column: "ev_year".to_owned(),
                min: limit(self.from),
                max: limit(self.to),
            });
        }
        all.extend(self.q.split_whitespace().map(|word| {
            let contains = |column: &&str| Filter::Contains {
                column: (*column).to_owned(),
                text: word.to_owned(),
            };
            Filter::Or(SEARCHED.iter().map(contains).collect())
        }));
        match all.len() {
            0 => None,
            1 => all.pop(),
            _ => Some(Filter::And(all)),
        }
    }

    /// One page of the list.
    pub fn to_query(&self) -> Query {
        Query {
            filter: self.filter(),
            select: LIST.iter().map(|column| (*column).to_owned()).collect(),
            sort: vec![self.sort.clone()],
            limit: Some(PAGE_SIZE),
            offset: self.page.saturating_sub(1).saturating_mul(PAGE_SIZE),
            ..Query::default()
        }
    }

    /// The chart: accidents and deaths by group.
    pub fn to_group_query(&self) -> Query {
        let ev_id = || "ev_id".to_owned();
        Query {
            filter: self.filter(),
            group: self
                .by
                .iter()
                .map(|column| Key::from(column.as_str()))
                .collect(),
            measures: vec![
                Measure::Distinct(ev_id()),
                Measure::Sum(Of {
                    column: "fatalities".to_owned(),
                    once_per: Some(ev_id()),
                }),
            ],
            ..Query::default()
        }
    }

    /// The counts beside the form, one facet per parameter.
    pub fn to_facets(&self) -> Query {
        let facet = |(_, column): &(&str, &str)| Facet {
            column: (*column).to_owned(),
            limit: Some(FACET_VALUES),
        };
        Query {
            filter: self.filter(),
            facets: PARAMETERS.iter().map(facet).collect(),
            ..Query::default()
        }
    }
}
