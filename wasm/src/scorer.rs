//! The severity model: forms, explanations and files of many rows.

use std::collections::BTreeMap;

use severity::{Batch, Model};
use wasm_bindgen::prelude::{JsError, wasm_bindgen};

use crate::{error, json};

/// A model, and the file it is working on.
#[wasm_bindgen]
pub struct Scorer {
    model: Model,
    batch: Batch,
}

#[wasm_bindgen]
impl Scorer {
    /// Takes the bytes of a model file.
    ///
    /// # Errors
    /// If they are not a model, or a newer one.
    #[wasm_bindgen(constructor)]
    pub fn new(bytes: &[u8]) -> Result<Scorer, JsError> {
        Ok(Self {
            model: Model::from_bytes(bytes).map_err(error)?,
            batch: Batch::default(),
        })
    }

    /// [`severity::Form`] of the model: what to ask for.
    ///
    /// # Errors
    /// None.
    pub fn form(&self) -> Result<String, JsError> {
        json(&self.model.form())
    }

    /// [`severity::Score`] of values by feature name, `{"light_cond": "NITE", …}`.
    ///
    /// # Errors
    /// If a value does not fit its feature.
    pub fn score(&self, values: &str) -> Result<String, JsError> {
        json(&self.model.score(&read(values)?).map_err(error)?)
    }

    /// [`severity::Explanation`] of the score of the same values.
    ///
    /// # Errors
    /// As for `score`.
    pub fn explain(&self, values: &str) -> Result<String, JsError> {
        json(&self.model.explain(&read(values)?).map_err(error)?)
    }

    /// Takes the next piece of a CSV file; returns finished rows with their scores. After `finish`
    /// the next file begins.
    ///
    /// # Errors
    /// [`severity::BatchError`]; `finish` must be called before another file.
    pub fn push(&mut self, piece: &[u8]) -> Result<String, JsError> {
        self.batch.push(&self.model, piece).map_err(error)
    }

    /// The end of the file: `{csv, summary}` with the last row, and [`severity::batch::Summary`].
    ///
    /// # Errors
    /// [`severity::BatchError`].
    pub fn finish(&mut self) -> Result<String, JsError> {
        let mut batch = std::mem::take(&mut self.batch);
        let csv = batch.finish(&self.model).map_err(error)?;
        json(&serde_json::json!({ "csv": csv, "summary": batch.summary() }))
    }
}

fn read(text: &str) -> Result<BTreeMap<String, serde_json::Value>, JsError> {
    serde_json::from_str(text).map_err(|e| error(format_args!("the values are not readable: {e}")))
}
