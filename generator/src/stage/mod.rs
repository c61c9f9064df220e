//! The stages, in the order data flows through them.
//!
//! ```text
//! migrate → validate → lake → analyse ─┐
//! sync ┘                   └→ train ───┴→ emit
//! ```

pub mod analyse;
pub mod emit;
pub mod lake;
pub mod migrate;
pub mod sync;
pub mod train;
pub mod validate;
