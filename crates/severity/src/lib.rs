//! The severity model: how badly an accident is likely to end, from what is known about it.
//!
//! * [`features`] – what the model may look at, in which unit, and what counts as missing.
//! * [`leakage`] – what it must never look at, and the guard that enforces it.
//! * [`cross`] – pairs of categories that are read together.
//! * [`header`] – what a model file says about itself.
//! * [`encode`] – raw values to numbers; one implementation for training and browser.
//! * [`tree`] – a decision tree as flat nodes.
//! * [`format`](mod@format) – the model file, byte by byte.
//! * [`score`] – from values to calibrated probabilities.
//! * [`batch`] – a CSV file scored piece by piece.
//! * [`explain`] – what each value contributes to a score.
//! * [`form`] – what a page needs to ask for the values.
//!
//! Training lives in the generator. This crate does no IO and has no clock; it builds for
//! `wasm32-unknown-unknown`.
#![forbid(unsafe_code)]

pub mod batch;
pub mod cross;
pub mod encode;
pub mod explain;
pub mod features;
pub mod form;
pub mod format;
pub mod header;
pub mod leakage;
pub mod model;
pub mod score;
pub mod tree;

pub use batch::{Batch, BatchError};
pub use explain::{Contribution, Explanation};
pub use form::Form;
pub use format::ModelError;
pub use model::Model;
pub use score::{ClassProbability, Score, ScoreError};
