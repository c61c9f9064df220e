//! The three queries of the explore page.

use super::{Area, Chosen, ExploreState, PARAMETERS};
use crate::explore::{self, ColumnType};
use crate::query::{Facet, Filter, Key, Measure, Of, Query, Value};

/// Rows on a page of the list.
pub const PAGE_SIZE: u32 = 50;

/// Values a facet offers at most.
const FACET_VALUES: u32 = 200;

/// Columns of the list, unless others are chosen.
pub const LIST: &[&str] = &[
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

/// Texts of a narrative.
const NARRATIVES: &[&str] = &["narr_accp", "narr_accf", "narr_cause", "narr_inc"];

impl ExploreState {
    /// The rows the state lets through; nothing if it lets all of them through.
    pub fn filter(&self) -> Option<Filter> {
        let mut all = conditions(&self.chosen);
        for group in &self.groups {
            let any = Filter::Or(conditions(&group.chosen));
            all.push(if group.negated {
                Filter::Not(Box::new(any))
            } else {
                any
            });
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
        all.extend(in_narratives(&self.text));
        all.extend(self.area.map(Area::condition));
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
            select: if self.cols.is_empty() {
                LIST.iter().map(|column| (*column).to_owned()).collect()
            } else {
                self.cols.clone()
            },
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
            group: self.by.iter().map(|by| key(by)).collect(),
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

/// One condition per parameter.
fn conditions(chosen: &Chosen) -> Vec<Filter> {
    let mut all = Vec::new();
    for (parameter, column) in PARAMETERS {
        let is_number = explore::column(column).is_some_and(|c| c.kind == ColumnType::Int);
        let values: Vec<Value> = chosen
            .get(*parameter)
            .into_iter()
            .flatten()
            .filter(|value| value.as_deref() != Some(""))
            .map(|value| match value {
                None => Value::Null,
                // What is no number stays text, for the engine to refuse.
                Some(text) => match text.parse() {
                    Ok(number) if is_number => Value::Int(number),
                    _ => Value::from(text.as_str()),
                },
            })
            .collect();
        if !values.is_empty() {
            let column = (*column).to_owned();
            all.push(Filter::In { column, values });
        }
    }
    all
}

/// Words and quoted phrases, each of which stands alone in one of the texts of a narrative.
fn in_narratives(text: &str) -> Option<Filter> {
    let words = text.split('"').enumerate().flat_map(|(at, part)| {
        let is_quoted = at % 2 == 1;
        let whole = is_quoted.then(|| part.trim());
        let single = (!is_quoted).then(|| part.split_whitespace());
        whole.into_iter().chain(single.into_iter().flatten())
    });
    let words = words.filter(|word| word.chars().any(char::is_alphanumeric));
    let each: Vec<Filter> = words
        .map(|word| {
            let stands = |column: &&str| Filter::Word {
                column: (*column).to_owned(),
                text: word.to_owned(),
            };
            Filter::Or(NARRATIVES.iter().map(stands).collect())
        })
        .collect();
    (!each.is_empty()).then(|| Filter::Exists {
        table: "narratives".to_owned(),
        on: vec!["ev_id".to_owned()],
        filter: Some(Box::new(Filter::And(each))),
    })
}

fn key(by: &str) -> Key {
    let bins = by.split_once(':').and_then(|(column, width)| {
        let (column, width) = (column.to_owned(), width.parse().ok()?);
        Some(Key::Bin { column, width })
    });
    bins.unwrap_or_else(|| Key::from(by))
}
