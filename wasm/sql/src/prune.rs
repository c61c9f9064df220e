//! Which files of a table can hold rows that a filter lets through, judged by the manifest.

use std::collections::HashSet;
use std::sync::Arc;

use arrow::array::{ArrayRef, BooleanArray, UInt64Array};
use arrow::datatypes::SchemaRef;
use datafusion::common::pruning::PruningStatistics;
use datafusion::common::{Column, ScalarValue};
use datafusion::error::Result;
use datafusion::physical_expr::PhysicalExpr;
use datafusion::physical_optimizer::pruning::PruningPredicate;
use dataset::explore::ColumnType;
use dataset::manifest::{FileEntry, TableEntry};

use crate::column::data_type;

/// Hive's name for the partition of missing values.
const NULL_PARTITION: &str = "__HIVE_DEFAULT_PARTITION__";

/// Files that the filter does not rule out, in the order of the manifest.
pub(crate) fn files(
    table: &TableEntry,
    schema: &SchemaRef,
    filter: Option<&Arc<dyn PhysicalExpr>>,
) -> Result<Vec<usize>> {
    let all = (0..table.files.len()).collect();
    let Some(filter) = filter else {
        return Ok(all);
    };
    // A filter that says nothing about ranges rules nothing out.
    let Ok(predicate) = PruningPredicate::try_new(Arc::clone(filter), Arc::clone(schema)) else {
        return Ok(all);
    };
    let kept = predicate.prune(&Known(table))?;
    Ok(all
        .into_iter()
        .zip(kept)
        .filter(|(_, kept)| *kept)
        .map(|(file, _)| file)
        .collect())
}

/// What the path of a file says about a column.
enum Partition<'a> {
    /// Nothing.
    Other,
    /// It is missing from all rows.
    Missing,
    /// All rows have this value.
    Value(&'a str),
}

/// What the manifest says about the columns of each file.
struct Known<'a>(&'a TableEntry);

impl Known<'_> {
    fn kind(&self, column: &Column) -> Option<ColumnType> {
        let found = self.0.columns.iter().find(|own| own.name == column.name);
        found.map(|column| column.kind)
    }

    fn partition<'f>(&self, file: &'f FileEntry, column: &Column) -> Partition<'f> {
        if self.0.partition.as_deref() != Some(&column.name) {
            return Partition::Other;
        }
        let folder = |part: &'f str| part.strip_prefix(column.name.as_str())?.strip_prefix('=');
        match file.path.split('/').find_map(folder) {
            None => Partition::Other,
            Some(NULL_PARTITION) => Partition::Missing,
            Some(value) => Partition::Value(value),
        }
    }

    /// An end of the range of values in each file.
    fn bounds(
        &self,
        column: &Column,
        end: impl Fn(&dataset::manifest::Range) -> f64,
    ) -> Option<ArrayRef> {
        let kind = self.kind(column)?;
        let none = ScalarValue::try_from(&data_type(kind)).ok()?;
        let bound = |file: &FileEntry| match self.partition(file, column) {
            Partition::Value(value) => number(kind, value.parse().ok()?),
            Partition::Missing => None,
            Partition::Other => number(kind, end(file.ranges.get(&column.name)?)),
        };
        let bounds = self
            .0
            .files
            .iter()
            .map(|file| bound(file).unwrap_or_else(|| none.clone()));
        ScalarValue::iter_to_array(bounds).ok()
    }
}

/// A value of the manifest as one of the column.
fn number(kind: ColumnType, value: f64) -> Option<ScalarValue> {
    match kind {
        ColumnType::Int => Some(ScalarValue::Int64(Some(value as i64))),
        ColumnType::Date => Some(ScalarValue::Date32(Some(value as i32))),
        ColumnType::Float => Some(ScalarValue::Float64(Some(value))),
        ColumnType::Text | ColumnType::Boolean | ColumnType::Timestamp => None,
    }
}

impl PruningStatistics for Known<'_> {
    fn min_values(&self, column: &Column) -> Option<ArrayRef> {
        self.bounds(column, |range| range.min)
    }

    fn max_values(&self, column: &Column) -> Option<ArrayRef> {
        self.bounds(column, |range| range.max)
    }

    fn num_containers(&self) -> usize {
        self.0.files.len()
    }

    /// Known of the partition column alone: none are missing, or all.
    fn null_counts(&self, column: &Column) -> Option<ArrayRef> {
        self.kind(column)?;
        let nulls = self
            .0
            .files
            .iter()
            .map(|file| match self.partition(file, column) {
                Partition::Value(_) => Some(0),
                Partition::Missing => Some(file.rows),
                Partition::Other => None,
            });
        Some(Arc::new(nulls.collect::<UInt64Array>()))
    }

    fn row_counts(&self, _: &Column) -> Option<ArrayRef> {
        let rows = self.0.files.iter().map(|file| Some(file.rows));
        Some(Arc::new(rows.collect::<UInt64Array>()))
    }

    fn contained(&self, _: &Column, _: &HashSet<ScalarValue>) -> Option<BooleanArray> {
        None
    }
}
