//! A table of the lake, as DataFusion scans it.

use std::any::Any;
use std::fmt;
use std::sync::Arc;
use std::task::{Context, Poll};

use arrow::array::RecordBatch;
use arrow::datatypes::SchemaRef;
use arrow::record_batch::RecordBatchOptions;
use async_trait::async_trait;
use datafusion::catalog::{Session, TableProvider};
use datafusion::common::stats::Precision;
use datafusion::common::{DFSchema, Statistics};
use datafusion::error::Result;
use datafusion::execution::{SendableRecordBatchStream, TaskContext};
use datafusion::logical_expr::utils::conjunction;
use datafusion::logical_expr::{Expr, TableProviderFilterPushDown, TableType};
use datafusion::physical_expr::EquivalenceProperties;
use datafusion::physical_plan::execution_plan::{Boundedness, EmissionType, SchedulingType};
use datafusion::physical_plan::stream::RecordBatchStreamAdapter;
use datafusion::physical_plan::{
    DisplayAs, DisplayFormatType, ExecutionPlan, Partitioning, PlanProperties,
};
use futures::stream;

use crate::store::{Store, Table};
use crate::{column, prune};

/// A table of the lake.
pub(crate) struct LakeTable {
    store: Arc<Store>,
    table: Arc<Table>,
    schema: SchemaRef,
}

impl LakeTable {
    pub(crate) fn new(store: Arc<Store>, table: Arc<Table>) -> Self {
        Self {
            store,
            schema: column::schema(&table.entry),
            table,
        }
    }
}

impl fmt::Debug for LakeTable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "LakeTable({})", self.table.name)
    }
}

#[async_trait]
impl TableProvider for LakeTable {
    fn as_any(&self) -> &dyn Any {
        self
    }

    fn schema(&self) -> SchemaRef {
        Arc::clone(&self.schema)
    }

    fn table_type(&self) -> TableType {
        TableType::Base
    }

    /// Filters rule out files; rows are filtered afterwards.
    fn supports_filters_pushdown(
        &self,
        filters: &[&Expr],
    ) -> Result<Vec<TableProviderFilterPushDown>> {
        Ok(vec![TableProviderFilterPushDown::Inexact; filters.len()])
    }

    async fn scan(
        &self,
        state: &dyn Session,
        projection: Option<&Vec<usize>>,
        filters: &[Expr],
        limit: Option<usize>,
    ) -> Result<Arc<dyn ExecutionPlan>> {
        let filter = match conjunction(filters.to_vec()) {
            Some(filter) => {
                let columns = DFSchema::try_from(Arc::clone(&self.schema))?;
                Some(state.create_physical_expr(filter, &columns)?)
            }
            None => None,
        };
        let files = prune::files(&self.table.entry, &self.schema, filter.as_ref())?;
        self.store.names_files(self.table.entry.files.len());
        let columns = match projection {
            Some(columns) => columns.clone(),
            None => (0..self.schema.fields().len()).collect(),
        };
        Ok(Arc::new(Scan::new(self, files, columns, limit)?))
    }
}

/// Reads columns of some files of a table, one file after another.
#[derive(Clone)]
struct Scan {
    store: Arc<Store>,
    table: Arc<Table>,
    files: Vec<usize>,
    columns: Vec<usize>,
    limit: Option<usize>,
    properties: Arc<PlanProperties>,
}

impl Scan {
    fn new(
        of: &LakeTable,
        files: Vec<usize>,
        columns: Vec<usize>,
        limit: Option<usize>,
    ) -> Result<Self> {
        let schema = Arc::new(of.schema.project(&columns)?);
        let properties = PlanProperties::new(
            EquivalenceProperties::new(schema),
            Partitioning::UnknownPartitioning(1),
            EmissionType::Incremental,
            Boundedness::Bounded,
        );
        Ok(Self {
            store: Arc::clone(&of.store),
            table: Arc::clone(&of.table),
            files,
            columns,
            limit,
            properties: Arc::new(properties.with_scheduling_type(SchedulingType::Cooperative)),
        })
    }

    fn rows(&self) -> usize {
        let files = self
            .files
            .iter()
            .map(|file| self.table.entry.files[*file].rows as usize);
        let rows = files.sum();
        self.limit.map_or(rows, |limit| rows.min(limit))
    }
}

impl fmt::Debug for Scan {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Scan({})", self.table.name)
    }
}

impl DisplayAs for Scan {
    fn fmt_as(&self, _: DisplayFormatType, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let entry = &self.table.entry;
        let bytes: u64 = self.files.iter().map(|file| entry.files[*file].bytes).sum();
        write!(
            f,
            "LakeScan: table={}, files={} of {}, rows={}, bytes={bytes}, columns=[",
            self.table.name,
            self.files.len(),
            entry.files.len(),
            self.rows(),
        )?;
        for (at, column) in self.columns.iter().enumerate() {
            let comma = if at == 0 { "" } else { ", " };
            write!(f, "{comma}{}", entry.columns[*column].name)?;
        }
        f.write_str("]")?;
        match self.limit {
            Some(limit) => write!(f, ", limit={limit}"),
            None => Ok(()),
        }
    }
}

impl ExecutionPlan for Scan {
    fn name(&self) -> &'static str {
        "LakeScan"
    }

    fn as_any(&self) -> &dyn Any {
        self
    }

    fn properties(&self) -> &Arc<PlanProperties> {
        &self.properties
    }

    fn children(&self) -> Vec<&Arc<dyn ExecutionPlan>> {
        Vec::new()
    }

    fn with_new_children(
        self: Arc<Self>,
        _: Vec<Arc<dyn ExecutionPlan>>,
    ) -> Result<Arc<dyn ExecutionPlan>> {
        Ok(self)
    }

    fn execute(&self, _: usize, context: Arc<TaskContext>) -> Result<SendableRecordBatchStream> {
        let mut reading = Reading {
            scan: self.clone(),
            next: 0,
            present: None,
            left: self.limit.unwrap_or(usize::MAX),
            batch: context.session_config().batch_size(),
            is_fresh: false,
        };
        let batches = stream::poll_fn(move |context| reading.poll(context));
        Ok(Box::pin(RecordBatchStreamAdapter::new(
            self.schema(),
            batches,
        )))
    }

    /// Rows are known exactly: the manifest counts them.
    fn partition_statistics(&self, _: Option<usize>) -> Result<Statistics> {
        let mut statistics = Statistics::new_unknown(&self.schema());
        statistics.num_rows = Precision::Exact(self.rows());
        statistics.total_byte_size = Precision::Inexact(self.rows() * self.columns.len() * 16);
        Ok(statistics)
    }

    fn supports_limit_pushdown(&self) -> bool {
        true
    }

    fn with_fetch(&self, limit: Option<usize>) -> Option<Arc<dyn ExecutionPlan>> {
        Some(Arc::new(Self {
            limit,
            ..self.clone()
        }))
    }

    fn fetch(&self) -> Option<usize> {
        self.limit
    }
}

/// How far a scan has come.
struct Reading {
    scan: Scan,
    /// Next of the files.
    next: usize,
    /// The file being handed out, and the first row that has not been.
    present: Option<(RecordBatch, usize)>,
    /// Rows still wanted.
    left: usize,
    /// Rows handed out at a time.
    batch: usize,
    /// Whether something was decoded since messages were last heard.
    is_fresh: bool,
}

impl Reading {
    fn poll(&mut self, context: &mut Context<'_>) -> Poll<Option<Result<RecordBatch>>> {
        loop {
            if self.left == 0 {
                return Poll::Ready(None);
            }
            if let Some((batch, from)) = &mut self.present {
                let rows = self.batch.min(batch.num_rows() - *from).min(self.left);
                if rows > 0 {
                    let part = batch.slice(*from, rows);
                    *from += rows;
                    self.left -= rows;
                    return Poll::Ready(Some(Ok(part)));
                }
                self.present = None;
            }
            let Some(file) = self.scan.files.get(self.next) else {
                return Poll::Ready(None);
            };
            match self.open(*file, context) {
                Poll::Ready(Ok(batch)) => {
                    self.present = Some((batch, 0));
                    self.next += 1;
                }
                Poll::Ready(Err(error)) => return Poll::Ready(Some(Err(error))),
                Poll::Pending => return Poll::Pending,
            }
        }
    }

    fn open(&mut self, file: usize, context: &mut Context<'_>) -> Poll<Result<RecordBatch>> {
        let Scan {
            store,
            table,
            columns,
            ..
        } = &self.scan;
        if self.is_fresh {
            // Decoding is what takes long: between two files the worker hears messages.
            self.is_fresh = false;
            store.breathe(context.waker());
            return Poll::Pending;
        }
        // A limit is usually met by the first file.
        if self.scan.limit.is_none()
            && let Err(error) = store.ahead(table, &self.scan.files[self.next..], columns)
        {
            return Poll::Ready(Err(error));
        }
        store
            .columns(table, file, columns, context.waker())
            .map(|columns| {
                let (columns, is_fresh) = columns?;
                self.is_fresh = is_fresh;
                let rows = table.entry.files[file].rows as usize;
                let options = RecordBatchOptions::new().with_row_count(Some(rows));
                Ok(RecordBatch::try_new_with_options(
                    self.scan.schema(),
                    columns,
                    &options,
                )?)
            })
    }
}
