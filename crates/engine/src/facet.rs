//! Value counts beside a form.

use dataset::query::Facet;

use crate::answer::{FacetCounts, cell};
use crate::error::EngineError;
use crate::group::{Dense, Keys, count};
use crate::order;
use crate::table::{Spot, Table};

/// Counts the values of a column: different events each, or rows where there are no events.
pub(crate) fn count_values<'a>(
    table: &'a Table,
    spots: &[Spot],
    events: Option<&Keys>,
    facet: &Facet,
) -> Result<FacetCounts<'a>, EngineError> {
    let index = table.index(&facet.column)?;
    let (kind, dictionary) = (table.kind(index), &table.dictionaries[index]);
    let column = table.gather(index, spots);
    let values = Dense::of(&column, dictionary);
    let counts = match events {
        Some(events) => {
            let firsts = events.firsts(&values, |_| true);
            count(&values, |row| firsts[row])
        }
        None => count(&values, |_| true),
    };
    let row = |value: usize| values.first[value] as usize;
    let compare = |a: usize, b: usize| {
        let by_value = || column.compare(dictionary, false, row(a), row(b));
        counts[b].cmp(&counts[a]).then_with(by_value)
    };
    let order = order::page(values.len(), 0, facet.limit, Some(&compare));
    Ok(FacetCounts {
        column: facet.column.clone(),
        distinct: (values.len() - usize::from(values.null.is_some())) as u64,
        values: order
            .into_iter()
            .map(|value| {
                let value = value as usize;
                let shown = cell(&column, kind, dictionary, row(value));
                (shown, counts[value].cast_unsigned())
            })
            .collect(),
    })
}
