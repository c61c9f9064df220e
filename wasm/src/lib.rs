//! The browser module: the engine, the links of the explore page, the severity model and the reader
//! of MDB files.
//!
//! Bindings only. Everything goes in and comes out as JSON text or bytes; what the texts mean is
//! said by [`dataset::query`], [`dataset::url_state`], [`engine`] and [`severity`]. Errors are
//! JavaScript `Error`s with one sentence.

mod mdb;
mod scorer;

use std::fmt::Display;

use dataset::manifest::Index;
use dataset::query::{Filter, Query, sql};
use dataset::url_state::ExploreState;
use engine::Engine;
use serde::Serialize;
use wasm_bindgen::prelude::{JsError, wasm_bindgen};

pub use mdb::Mdb;
pub use scorer::Scorer;

/// What a worker keeps: the files fed so far.
#[wasm_bindgen]
pub struct Session {
    engine: Engine,
}

#[wasm_bindgen]
impl Session {
    /// Starts with the text of `manifest.json`.
    ///
    /// # Errors
    /// If the text is no manifest or a newer one.
    #[wasm_bindgen(constructor)]
    pub fn new(manifest: &str) -> Result<Session, JsError> {
        let index = Index::from_json(manifest).map_err(error)?;
        Ok(Self {
            engine: Engine::new(index),
        })
    }

    /// [`engine::Plan`] of a query: which files to fetch and feed.
    ///
    /// # Errors
    /// If the query does not fit the tables.
    pub fn plan(&self, query: &str) -> Result<String, JsError> {
        json(&self.engine.plan(&read_query(query)?).map_err(error)?)
    }

    /// Takes the bytes of a file the plan named.
    ///
    /// # Errors
    /// If the bytes are not those the manifest lists.
    pub fn feed(&mut self, path: &str, bytes: Vec<u8>) -> Result<(), JsError> {
        self.engine.feed(path, bytes).map_err(error)
    }

    /// [`engine::ResultTable`] of a query.
    ///
    /// # Errors
    /// If the query does not fit the tables or a file is missing.
    pub fn run(&mut self, query: &str) -> Result<String, JsError> {
        json(&self.engine.run(&read_query(query)?).map_err(error)?)
    }

    /// All rows of a query as CSV.
    ///
    /// # Errors
    /// As for `run`.
    pub fn csv(&mut self, query: &str) -> Result<String, JsError> {
        self.engine.csv(&read_query(query)?).map_err(error)
    }

    /// The columns of a query as numbers, end to end: dates are days, yes is 1, missing values and
    /// text are NaN. For maps, which would spend their time on reading text.
    ///
    /// # Errors
    /// As for `run`.
    pub fn numbers(&mut self, query: &str) -> Result<Vec<f64>, JsError> {
        let query = read_query(query)?;
        Ok(self.engine.run(&query).map_err(error)?.numbers())
    }
}

/// Reads `location.search` of the explore page: `{state, notices}`.
///
/// # Errors
/// None that depend on the link.
#[wasm_bindgen]
pub fn explore_decode(search: &str) -> Result<String, JsError> {
    json(&ExploreState::decode(search))
}

/// The query string (without `?`) of a state.
///
/// # Errors
/// If the text is no state.
#[wasm_bindgen]
pub fn explore_encode(state: &str) -> Result<String, JsError> {
    Ok(read_state(state)?.encode())
}

/// The queries of a state: `{rows, group, facets}`.
///
/// # Errors
/// If the text is no state.
#[wasm_bindgen]
pub fn explore_queries(state: &str) -> Result<String, JsError> {
    #[derive(Serialize)]
    struct Queries {
        rows: Query,
        group: Query,
        facets: Query,
    }
    let state = read_state(state)?;
    json(&Queries {
        rows: state.to_query(),
        group: state.to_group_query(),
        facets: state.to_facets(),
    })
}

/// A query as SQL for DuckDB, [`dataset::query::sql`]: `{answer, facets}`.
///
/// # Errors
/// If the text is no query, or one that is nested too deeply.
#[wasm_bindgen]
pub fn query_sql(query: &str) -> Result<String, JsError> {
    #[derive(Serialize)]
    struct Texts {
        answer: String,
        facets: Vec<String>,
    }
    let query = read_query(query)?;
    if let Some(excess) = query.filter.as_ref().and_then(Filter::excess) {
        return Err(JsError::new(excess));
    }
    let facets = query.facets.iter();
    json(&Texts {
        answer: sql::answer(&query),
        facets: facets
            .map(|facet| sql::facet(&query, facet, true))
            .collect(),
    })
}

fn read_query(text: &str) -> Result<Query, JsError> {
    serde_json::from_str(text).map_err(|e| error(format_args!("the query is not readable: {e}")))
}

fn read_state(text: &str) -> Result<ExploreState, JsError> {
    serde_json::from_str(text).map_err(|e| error(format_args!("the state is not readable: {e}")))
}

fn json(value: &impl Serialize) -> Result<String, JsError> {
    serde_json::to_string(value).map_err(error)
}

fn error(source: impl Display) -> JsError {
    JsError::new(&source.to_string())
}
