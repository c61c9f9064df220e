//! The stages, in the order data flows through them.
//!
//! ```text
//! migrate → validate → lake → analyse ─┐
//!                          └→ train ───┴→ emit
//! ```

pub mod analyse;
pub mod emit;
pub mod lake;
pub mod migrate;
pub mod train;
pub mod validate;
