//! Tests of the crate as its users see it, in one binary.
#![expect(clippy::unwrap_used, reason = "helpers of tests may fail the test")]
#![expect(
    clippy::print_stdout,
    reason = "helpers of tests may say what they found"
)]

mod common;
mod damage;
mod edited;
mod encoded;
mod fed;
mod fuzz;
mod jet3;
mod mdbtools;
mod refusals;
mod round_trip;
