//! Rows of another table with the same key.

use dataset::explore::ColumnType;
use dataset::manifest::Range;
use dataset::query::Filter;

use crate::bind::Binder;
use crate::column::Values;
use crate::error::EngineError;
use crate::ids::Ids;
use crate::predicate::{Predicate, Test};
use crate::prune;
use crate::table::Table;

/// The column all tables of records are partitioned by, in one way or another: rows of one event
/// have the same value in all of them.
const YEAR: &str = "ev_year";

/// A condition on another table, bound to it.
pub(crate) struct Join {
    pub(crate) table: String,
    /// Columns of the key: here, and in the other table. The first is text, the second a number.
    here: Vec<usize>,
    there: Vec<usize>,
    predicate: Option<Predicate>,
}

/// Keys of a text and a number, the text as code of the outer table's dictionary.
pub(crate) struct Pairs(Ids);

impl Pairs {
    pub(crate) fn has(&self, code: u32, number: i64) -> bool {
        packed(code, number).is_some_and(|key| self.0.find(key).is_some())
    }
}

/// Numbers of keys are small: aircraft of an event.
fn packed(code: u32, number: i64) -> Option<u64> {
    let number = u32::try_from(number).ok()?;
    Some(u64::from(code) << 32 | u64::from(number))
}

impl Join {
    pub(crate) fn bind(
        here: &Table,
        there: &Table,
        on: &[String],
        filter: Option<&Filter>,
    ) -> Result<Self, EngineError> {
        if on.is_empty() || on.len() > 2 {
            return Err(EngineError::Shape(
                "tables are joined by ev_id, or by ev_id and aircraft_key",
            ));
        }
        let bind = |table: &Table| -> Result<Vec<usize>, EngineError> {
            let kinds = [ColumnType::Text, ColumnType::Int];
            let columns = on.iter().zip(kinds).map(|(name, kind)| {
                let column = table.index(name)?;
                if table.kind(column) == kind {
                    return Ok(column);
                }
                let what = format!("the key of a join has type {kind:?} here");
                Err(table.mismatch(column, what))
            });
            columns.collect()
        };
        let mut binder = Binder {
            table: there,
            others: None,
            joins: Vec::new(),
        };
        Ok(Self {
            table: there.name.clone(),
            here: bind(here)?,
            there: bind(there)?,
            predicate: filter.map(|filter| binder.bind(filter)).transpose()?,
        })
    }

    /// Columns of the outer table.
    pub(crate) fn outer_columns(&self) -> &[usize] {
        &self.here
    }

    /// Columns of the other table.
    pub(crate) fn columns(&self) -> Vec<usize> {
        let mut columns = self.there.clone();
        if let Some(predicate) = &self.predicate {
            predicate.columns(&mut columns);
        }
        columns.sort_unstable();
        columns.dedup();
        columns
    }

    /// Files of the other table that may have rows of the outer table's events.
    pub(crate) fn files(&self, outer: &Table, outer_files: &[usize], table: &Table) -> Vec<usize> {
        let years = Years::of(outer, outer_files);
        (0..table.entry.files.len())
            .filter(|file| years.meet(table, *file))
            .filter(|file| match &self.predicate {
                Some(predicate) => prune::judge(predicate, table, *file).holds,
                None => true,
            })
            .collect()
    }

    /// Looks for the rows and returns the condition on the outer table they amount to. Columns of
    /// both tables have been decoded.
    pub(crate) fn run(&mut self, outer: &Table, table: &Table, files: &[usize]) -> Predicate {
        if let Some(predicate) = &mut self.predicate {
            predicate.resolve(&table.dictionaries);
        }
        let text = self.there[0];
        let theirs = &table.dictionaries[text];
        let ours = &outer.dictionaries[self.here[0]];
        // Each text is looked up once, and only if a row with it matches.
        let mut codes: Vec<Option<Option<u32>>> = vec![None; theirs.len()];
        let mut holds = vec![false; ours.len()];
        let mut pairs = Ids::default();
        for file in files {
            let keys = table.column(*file, text);
            let Values::Text(texts) = &keys.values else {
                unreachable!("the first part of a key is text");
            };
            let numbers = self.there.get(1).map(|n| table.column(*file, *n));
            let matching = self.predicate.as_ref().map(|p| p.evaluate(table, *file));
            for (row, their) in texts.iter().enumerate() {
                let matches = matching.as_ref().is_none_or(|matching| matching[row]);
                if !matches || !keys.is_valid(row) {
                    continue;
                }
                let code =
                    codes[*their as usize].get_or_insert_with(|| ours.code(theirs.text(*their)));
                let Some(code) = *code else { continue };
                match numbers {
                    None => holds[code as usize] = true,
                    Some(numbers) if numbers.is_valid(row) => {
                        if let Values::Int(numbers) = &numbers.values
                            && let Some(key) = packed(code, numbers[row])
                        {
                            pairs.id(key);
                        }
                    }
                    Some(_) => {}
                }
            }
        }
        match self.here[..] {
            [column, number] => Predicate::Pairs {
                columns: [column, number],
                pairs: Pairs(pairs),
            },
            _ => Predicate::Test {
                column: self.here[0],
                test: Test::Codes { holds, null: false },
            },
        }
    }
}

/// The years of a table's rows, as far as the manifest tells.
enum Years {
    Unknown,
    Known { ranges: Vec<Range>, missing: bool },
}

impl Years {
    fn of(table: &Table, files: &[usize]) -> Self {
        let (mut ranges, mut missing) = (Vec::new(), false);
        for file in files {
            match year(table, *file) {
                Year::Unknown => return Self::Unknown,
                Year::Missing => missing = true,
                Year::Range(range) => ranges.push(range),
            }
        }
        Self::Known { ranges, missing }
    }

    fn meet(&self, table: &Table, file: usize) -> bool {
        let Self::Known { ranges, missing } = self else {
            return true;
        };
        match year(table, file) {
            Year::Unknown => true,
            Year::Missing => *missing,
            Year::Range(there) => ranges
                .iter()
                .any(|here| here.min <= there.max && there.min <= here.max),
        }
    }
}

/// The years of one file.
enum Year {
    Unknown,
    Missing,
    Range(Range),
}

fn year(table: &Table, file: usize) -> Year {
    let Ok(column) = table.index(YEAR) else {
        return Year::Unknown;
    };
    match prune::known(table, file, column) {
        prune::Known::Number(n) => Year::Range(Range { min: n, max: n }),
        prune::Known::Text(None) => Year::Missing,
        // Rows without a year have a partition of their own in tables that have partitions.
        prune::Known::Range(range) if table.entry.partition.is_some() => Year::Range(range),
        prune::Known::Range(_) | prune::Known::Text(Some(_)) | prune::Known::Nothing => {
            Year::Unknown
        }
    }
}
