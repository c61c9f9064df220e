//! Why a statement is refused or ends, in words for whoever wrote it.

use std::fmt::Display;

use datafusion::error::DataFusionError;
use datafusion::sql::sqlparser::parser::ParserError;
use wasm_bindgen::prelude::JsError;

/// What DataFusion puts before its messages.
const KINDS: [&str; 6] = [
    "Error during planning: ",
    "Schema error: ",
    "Execution error: ",
    "External error: ",
    "Arrow error: ",
    "This feature is not implemented: ",
];

/// Longest message: lists of valid columns are as long as tables are wide.
const LENGTH: usize = 600;

/// A reason, ready to be read.
pub(crate) struct Refused(pub(crate) String);

impl Display for Refused {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl From<DataFusionError> for Refused {
    fn from(error: DataFusionError) -> Self {
        Self(told(&error))
    }
}

/// An error as a message.
pub(crate) fn told(error: &DataFusionError) -> String {
    let text = match error.find_root() {
        DataFusionError::SQL(error, _) => match error.as_ref() {
            ParserError::TokenizerError(text) | ParserError::ParserError(text) => text.clone(),
            ParserError::RecursionLimitExceeded => "it is nested too deeply".to_owned(),
        },
        DataFusionError::ResourcesExhausted(_) => {
            "the query needs more memory than a page may use: choose fewer years, rows or columns"
                .to_owned()
        }
        other => other.strip_backtrace(),
    };
    let mut text = text.as_str();
    for kind in KINDS {
        text = text.strip_prefix(kind).unwrap_or(text);
    }
    let mut text = text.to_owned();
    if let Some((end, _)) = text.char_indices().nth(LENGTH) {
        text.truncate(end);
        text.push('…');
    }
    text
}

/// An error as JavaScript's.
pub(crate) fn js(error: impl Display) -> JsError {
    JsError::new(&error.to_string())
}
