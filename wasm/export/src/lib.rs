//! Answers of the engine as files for other tools: a browser module of its own, which pages load
//! only when somebody asks for such a file.
//!
//! [`Export`] binds [`file::File`]; an answer comes in as the JSON text that the engine's
//! `ResultTable` is written as, in parts of any number of rows.

mod column;
mod error;
mod file;
mod part;

use std::collections::BTreeMap;

use serde::Deserialize;
use wasm_bindgen::prelude::{JsError, wasm_bindgen};

pub use error::ExportError;
pub use file::{File, Form};

/// What a file says of itself.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Meaning {
    /// Metadata of the file.
    pub about: BTreeMap<String, String>,
    /// What columns mean, by name; kept as metadata `meaning` of their fields.
    pub meanings: BTreeMap<String, String>,
}

/// A file that is being written.
#[wasm_bindgen]
pub struct Export {
    file: File,
}

#[wasm_bindgen]
impl Export {
    /// Begins a file: `form` is `parquet` or `arrow`, `meaning` the JSON of [`Meaning`].
    ///
    /// # Errors
    /// If there is no such form or the meaning is not readable.
    #[wasm_bindgen(constructor)]
    pub fn new(form: &str, meaning: &str) -> Result<Export, JsError> {
        let meaning: Meaning = serde_json::from_str(meaning).map_err(|e| error(&e.into()))?;
        let form: Form = form.parse().map_err(|e| error(&e))?;
        Ok(Self {
            file: File::new(form, meaning),
        })
    }

    /// Writes the rows of an answer, and says how many there were.
    ///
    /// # Errors
    /// If the text is no answer, or one with other columns than those before.
    pub fn push(&mut self, answer: &str) -> Result<u32, JsError> {
        self.file.push(answer).map_err(|e| error(&e))
    }

    /// The bytes of the whole file.
    ///
    /// # Errors
    /// If nothing was written, not even an answer without rows.
    pub fn finish(&mut self) -> Result<Vec<u8>, JsError> {
        self.file.finish().map_err(|e| error(&e))
    }
}

fn error(source: &ExportError) -> JsError {
    JsError::new(&source.to_string())
}
