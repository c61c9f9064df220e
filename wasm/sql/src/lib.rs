//! Full SQL over the lake in the browser: Apache DataFusion, fed by the engine's decoder.
//!
//! Its own module, for the one page that needs it. As the core module it does no IO: [`Console`]
//! asks JavaScript for files and is fed them; texts are SQL and JSON. Queries only read.
#![cfg(target_arch = "wasm32")]
#![forbid(unsafe_code)]

mod column;
mod error;
mod functions;
mod page;
mod provider;
mod prune;
mod rows;
mod store;
mod union;

use std::cell::{Cell, RefCell};
use std::collections::BTreeSet;
use std::sync::Arc;

use arrow::array::RecordBatch;
use datafusion::error::DataFusionError;
use datafusion::execution::SendableRecordBatchStream;
use datafusion::execution::context::SQLOptions;
use datafusion::execution::disk_manager::{DiskManagerBuilder, DiskManagerMode};
use datafusion::execution::memory_pool::GreedyMemoryPool;
use datafusion::execution::runtime_env::RuntimeEnvBuilder;
use datafusion::execution::session_state::{SessionState, SessionStateBuilder};
use datafusion::logical_expr::LogicalPlan;
use datafusion::physical_optimizer::optimizer::PhysicalOptimizer;
use datafusion::physical_plan::execute_stream;
use datafusion::prelude::SessionConfig;
use datafusion::sql::parser::Statement as Parsed;
use datafusion::sql::sqlparser::ast::Statement as Sql;
use dataset::manifest::Index;
use futures::StreamExt;
use js_sys::Function;
use serde_json::{Value, json};
use wasm_bindgen::prelude::{JsError, wasm_bindgen};

use crate::error::{Refused, js, told};
use crate::page::PageId;
use crate::provider::LakeTable;
use crate::store::Store;
use crate::union::UnionsOneByOne;

/// Bytes that sorting, grouping and joining may hold.
const MEMORY: usize = 640 << 20;

/// Letters a statement may have: what is longer was not written by hand.
const TEXT: usize = 100_000;

/// What a worker keeps: the files fed so far, and DataFusion.
#[wasm_bindgen]
pub struct Console {
    store: Arc<Store>,
    state: SessionState,
}

#[wasm_bindgen]
impl Console {
    /// Starts with the text of `manifest.json`.
    ///
    /// `want(path, bytes, sha256)` is called for a file that a statement reads; later it is fed, or
    /// [`Self::fail`] says why it is not. `breathe()` is called between two files; once messages
    /// have been heard, [`Self::wake`] lets the statement go on. Neither may call back at once.
    ///
    /// # Errors
    /// If the text is no manifest or a newer one.
    #[wasm_bindgen(constructor)]
    pub fn new(manifest: &str, want: Function, breathe: Function) -> Result<Console, JsError> {
        let index = Index::from_json(manifest).map_err(js)?;
        let page = PageId::new(want, breathe);
        Ok(Self {
            store: Arc::new(Store::new(index, page)),
            state: session().map_err(|error| js(told(&error)))?,
        })
    }

    /// The manifests of tables that must be fed before a statement can start:
    /// `[{path, bytes, sha256}]`.
    ///
    /// # Errors
    /// If it is not one SQL statement, or names tables that do not exist.
    pub fn needs(&self, sql: &str) -> Result<String, JsError> {
        let tables = self.tables(&self.parse(sql).map_err(js)?).map_err(js)?;
        let missing = tables
            .iter()
            .filter(|name| self.store.table(name).is_none());
        let files = missing.filter_map(|name| self.store.reference(name));
        let files: Value = files
            .map(|table| {
                let file = table.manifest;
                json!({ "path": file.path, "bytes": file.bytes, "sha256": file.sha256 })
            })
            .collect();
        Ok(files.to_string())
    }

    /// Takes the bytes of a file or a manifest that was asked for.
    ///
    /// # Errors
    /// If the bytes are not those that were published.
    pub fn feed(&self, path: &str, bytes: Vec<u8>) -> Result<(), JsError> {
        self.store.feed(path, bytes).map_err(js)
    }

    /// Says why a file does not come: the statement that reads it ends with these words.
    pub fn fail(&self, path: &str, why: &str) {
        self.store.fail(path, why);
    }

    /// Lets the present statement go on after a breath.
    pub fn wake(&self) {
        self.store.wake();
    }

    /// Ends the present statement at the next file it reads.
    pub fn cancel(&self) {
        self.store.cancel();
    }

    /// Plans a statement, whose result will have at most so many rows and bytes of JSON.
    ///
    /// One statement runs at a time.
    ///
    /// # Errors
    /// If it is not SQL that reads, or does not fit the tables.
    pub async fn start(&self, sql: String, rows: u32, bytes: u32) -> Result<Statement, JsError> {
        let stream = self.plan(&sql).await.map_err(js)?;
        Ok(Statement {
            columns: rows::columns(&stream.schema()).to_string(),
            stream: RefCell::new(Some(stream)),
            store: Arc::clone(&self.store),
            rows: Cell::new(rows as usize),
            bytes: Cell::new(bytes as usize),
            is_cut: Cell::new(false),
        })
    }

    /// Names of all functions, sorted.
    pub fn functions(&self) -> String {
        let names = self.state.scalar_functions().keys();
        let names = names.chain(self.state.aggregate_functions().keys());
        let names = names.chain(self.state.window_functions().keys());
        let names: BTreeSet<&String> = names.chain(self.state.table_functions().keys()).collect();
        json!(names).to_string()
    }
}

impl Console {
    fn parse(&self, sql: &str) -> Result<Parsed, Refused> {
        if sql.len() > TEXT {
            return Err(Refused(format!("a statement has {TEXT} letters at most")));
        }
        let dialect = self.state.config().options().sql_parser.dialect;
        let statement = self.state.sql_to_statement(sql, &dialect)?;
        if reads(&statement) {
            return Ok(statement);
        }
        Err(Refused(
            "the lake can only be read: write SELECT or EXPLAIN".to_owned(),
        ))
    }

    /// The tables a statement names.
    fn tables(&self, statement: &Parsed) -> Result<BTreeSet<String>, Refused> {
        let references = self.state.resolve_table_references(statement)?;
        let names = references
            .iter()
            .map(|reference| reference.table().to_owned());
        let functions = self.state.table_functions();
        let names: BTreeSet<String> = names.filter(|name| !functions.contains_key(name)).collect();
        match names
            .iter()
            .find(|name| self.store.reference(name).is_none())
        {
            None => Ok(names),
            Some(name) => Err(Refused(format!(
                "no table is called {name}; there are {}",
                self.store.names().join(", ")
            ))),
        }
    }

    async fn plan(&self, sql: &str) -> Result<SendableRecordBatchStream, Refused> {
        let statement = self.parse(sql)?;
        let mut state = self.state.clone();
        for name in self.tables(&statement)? {
            let schema = state.schema_for_ref(name.as_str())?;
            if !schema.table_exist(&name) {
                let table = self.store.table(&name);
                let table = table.ok_or_else(|| Refused(format!("table {name} was not fed")))?;
                let table = LakeTable::new(Arc::clone(&self.store), table);
                schema.register_table(name, Arc::new(table))?;
            }
        }
        self.store.begin();
        state.mark_start_execution();
        let plan = state.statement_to_plan(statement).await?;
        // What is explained may not write either.
        let only = SQLOptions::new()
            .with_allow_ddl(false)
            .with_allow_dml(false);
        only.with_allow_statements(false).verify_plan(&plan)?;
        if let LogicalPlan::Analyze(_) = plan {
            return Err(Refused(
                "EXPLAIN ANALYZE is not available: run the query, the page says what it read"
                    .to_owned(),
            ));
        }
        let plan = state.create_physical_plan(&plan).await?;
        Ok(execute_stream(plan, state.task_ctx())?)
    }
}

/// A statement that is running.
#[wasm_bindgen]
pub struct Statement {
    store: Arc<Store>,
    columns: String,
    /// Gone when the result has ended.
    stream: RefCell<Option<SendableRecordBatchStream>>,
    /// Rows and bytes that may still be handed out.
    rows: Cell<usize>,
    bytes: Cell<usize>,
    is_cut: Cell<bool>,
}

#[wasm_bindgen]
impl Statement {
    /// The columns of the result: `[{name, type, kind}]`.
    pub fn columns(&self) -> String {
        self.columns.clone()
    }

    /// The next rows, an array of arrays; nothing when the result has ended.
    ///
    /// # Errors
    /// If the statement cannot go on; it has ended then.
    pub async fn next(&self) -> Result<Option<String>, JsError> {
        let Some(mut stream) = self.stream.take() else {
            return Ok(None);
        };
        while let Some(batch) = stream.next().await {
            let batch = batch.map_err(|error| js(told(&error)))?;
            if batch.num_rows() == 0 {
                continue;
            }
            let text = self.cut(&batch).map_err(|error| js(told(&error)))?;
            if !self.is_cut.get() {
                self.stream.replace(Some(stream));
            }
            return Ok(text);
        }
        Ok(None)
    }

    /// What was read so far, and whether the result has more rows than were handed out:
    /// `{files, all, rows, bytes, cut}`.
    pub fn report(&self) -> String {
        let read = self.store.read();
        json!({
            "files": read.files,
            "all": read.all,
            "rows": read.rows,
            "bytes": read.bytes,
            "cut": self.is_cut.get(),
        })
        .to_string()
    }
}

impl Statement {
    /// As much of a batch as may be handed out.
    fn cut(&self, batch: &RecordBatch) -> Result<Option<String>, DataFusionError> {
        let rows = batch.num_rows().min(self.rows.get());
        self.is_cut.set(rows < batch.num_rows());
        self.rows.set(self.rows.get() - rows);
        if rows == 0 {
            return Ok(None);
        }
        let text = rows::json_rows(&batch.slice(0, rows))?;
        match self.bytes.get().checked_sub(text.len()) {
            Some(left) => self.bytes.set(left),
            // This much more is handed out, and nothing after it.
            None => self.is_cut.set(true),
        }
        Ok(Some(text))
    }
}

/// Whether a statement does nothing but read.
fn reads(statement: &Parsed) -> bool {
    match statement {
        Parsed::Statement(statement) => matches!(
            **statement,
            Sql::Query(_) | Sql::Explain { .. } | Sql::ExplainTable { .. }
        ),
        Parsed::Explain(explain) => reads(&explain.statement),
        _ => false,
    }
}

/// DataFusion with what works on one thread without a disk.
fn session() -> Result<SessionState, DataFusionError> {
    let mut config = SessionConfig::new().with_target_partitions(1);
    let options = config.options_mut();
    options.sql_parser.dialect = datafusion::common::config::Dialect::DuckDB;
    options.optimizer.enable_dynamic_filter_pushdown = false;
    let nothing = DiskManagerBuilder::default().with_mode(DiskManagerMode::Disabled);
    let runtime = RuntimeEnvBuilder::new()
        .with_disk_manager_builder(nothing)
        .with_memory_pool(Arc::new(GreedyMemoryPool::new(MEMORY)));
    let mut rules = PhysicalOptimizer::new().rules;
    rules.insert(0, Arc::new(UnionsOneByOne));
    let builder = SessionStateBuilder::new()
        .with_config(config)
        .with_runtime_env(runtime.build_arc()?)
        .with_physical_optimizer_rules(rules);
    Ok(functions::register(builder).build())
}
