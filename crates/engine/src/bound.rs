//! A query checked against its table.

use std::collections::BTreeSet;

use dataset::query::{Filter, Measure, Query};

use crate::bind::Binder;
use crate::error::EngineError;
use crate::join::Join;
use crate::key::BoundKey;
use crate::measure::SHARES;
use crate::predicate::Predicate;
use crate::prune;
use crate::table::Table;
use crate::tables::Tables;

/// The column that tells events apart.
const EVENT: &str = "ev_id";

/// A query checked against its table and those it joins.
pub(crate) struct Bound<'q> {
    pub(crate) query: &'q Query,
    pub(crate) predicate: Option<Predicate>,
    joins: Vec<Join>,
    /// Columns to be decoded.
    columns: Vec<usize>,
    pub(crate) select: Vec<usize>,
    pub(crate) group: Vec<BoundKey>,
    /// Index of `ev_id`.
    pub(crate) event: Option<usize>,
    /// The column that is read in place of `ev_id` to tell events apart, if it can be.
    pub(crate) event_start: Option<usize>,
    /// Columns whose values are told apart within groups, `ev_id` among them.
    pub(crate) keys: BTreeSet<usize>,
}

/// What a query reads of a table.
pub(crate) struct Need {
    pub(crate) table: String,
    pub(crate) files: Vec<usize>,
    pub(crate) columns: Vec<usize>,
}

pub(crate) fn is_grouped(query: &Query) -> bool {
    !query.group.is_empty() || !query.measures.is_empty()
}

/// Refuses what would take too long to understand.
pub(crate) fn refuse_excess(query: &Query) -> Result<(), EngineError> {
    let excess = query.filter.as_ref().and_then(Filter::excess);
    excess.map_or(Ok(()), |what| Err(EngineError::Shape(what)))
}

impl<'q> Bound<'q> {
    /// Binds a query that is not excessive.
    pub(crate) fn new(query: &'q Query, tables: &Tables) -> Result<Self, EngineError> {
        let table = tables.table(&query.table)?;
        if query.group.len() > 2 {
            return Err(EngineError::Shape("at most two columns to group by"));
        }
        if is_grouped(query) && !query.select.is_empty() {
            return Err(EngineError::Shape("select columns or group them, not both"));
        }
        let mut binder = Binder {
            table,
            others: Some(tables),
            joins: Vec::new(),
        };
        let filter = query.filter.as_ref();
        let predicate = filter.map(|filter| binder.bind(filter)).transpose()?;
        let joins = binder.joins;
        let select = query.select.iter().map(|name| table.index(name));
        let select: Vec<usize> = select.collect::<Result<_, _>>()?;
        let group = query.group.iter().map(|key| BoundKey::new(key, table));
        let group: Vec<BoundKey> = group.collect::<Result<_, _>>()?;
        let event = table.index(EVENT).ok();
        let mut keys: BTreeSet<usize> = event.into_iter().collect();
        let mut columns = select.clone();
        columns.extend(group.iter().map(|key| key.column));
        if let Some(predicate) = &predicate {
            predicate.columns(&mut columns);
        }
        columns.extend(joins.iter().flat_map(Join::outer_columns));
        for facet in &query.facets {
            columns.push(table.index(&facet.column)?);
        }
        for measure in &query.measures {
            measured(measure, table, &mut columns, &mut keys)?;
        }
        if !is_grouped(query) {
            for sort in &query.sort {
                columns.push(table.index(&sort.by)?);
            }
        }
        let named = event.is_some_and(|event| columns.contains(&event));
        let event_start = table.event_start().filter(|_| !named);
        columns.extend(keys.iter().map(|key| match event_start {
            Some(start) if Some(*key) == event => start,
            _ => *key,
        }));
        columns.sort_unstable();
        columns.dedup();
        Ok(Self {
            query,
            predicate,
            joins,
            columns,
            select,
            group,
            event,
            event_start,
            keys,
        })
    }

    /// What it reads: of its own table first, then of each join's.
    pub(crate) fn needs(&self, tables: &Tables) -> Result<Vec<Need>, EngineError> {
        let table = tables.table(&self.query.table)?;
        let files = self.files(table);
        let mut needs = Vec::with_capacity(1 + self.joins.len());
        for join in &self.joins {
            let other = tables.table(&join.table)?;
            needs.push(Need {
                table: join.table.clone(),
                files: join.files(table, &files, other),
                columns: join.columns(),
            });
        }
        let own = Need {
            table: table.name.clone(),
            files,
            columns: self.columns.clone(),
        };
        needs.insert(0, own);
        Ok(needs)
    }

    /// The files that may have matching rows.
    fn files(&self, table: &Table) -> Vec<usize> {
        let wanted = |file: &usize| match &self.predicate {
            Some(predicate) => prune::judge(predicate, table, *file).holds,
            None => true,
        };
        (0..table.entry.files.len()).filter(wanted).collect()
    }

    /// Runs the joins and evaluates text tests over dictionaries. All that is needed has been
    /// decoded.
    pub(crate) fn resolve(&mut self, tables: &Tables, needs: &[Need]) -> Result<(), EngineError> {
        let table = tables.table(&self.query.table)?;
        let mut found = Vec::with_capacity(self.joins.len());
        for (join, need) in self.joins.iter_mut().zip(&needs[1..]) {
            let other = tables.table(&need.table)?;
            found.push(Some(join.run(table, other, &need.files)));
        }
        if let Some(predicate) = &mut self.predicate {
            let nothing = || Predicate::Any(Vec::new());
            predicate.join(&mut |number| found[number].take().unwrap_or_else(nothing));
            predicate.resolve(&table.dictionaries);
        }
        Ok(())
    }
}

/// The columns a measure takes, and those it tells apart by.
fn measured(
    measure: &Measure,
    table: &Table,
    columns: &mut Vec<usize>,
    keys: &mut BTreeSet<usize>,
) -> Result<(), EngineError> {
    match measure {
        Measure::Rows => {}
        Measure::Distinct(name) => {
            keys.insert(table.index(name)?);
        }
        Measure::Min(name) | Measure::Max(name) => columns.push(table.index(name)?),
        Measure::Sum(of) | Measure::Mean(of) => {
            columns.push(table.number(&of.column)?);
            if let Some(key) = &of.once_per {
                keys.insert(table.index(key)?);
            }
        }
        Measure::Quantile { column, percent } => {
            if *percent > 100 {
                return Err(EngineError::Shape(
                    "quantiles lie between 0 and 100 percent",
                ));
            }
            columns.push(table.number(column)?);
        }
        Measure::Share(of) => match **of {
            Measure::Rows | Measure::Distinct(_) => measured(of, table, columns, keys)?,
            _ => return Err(EngineError::Shape(SHARES)),
        },
    }
    Ok(())
}
