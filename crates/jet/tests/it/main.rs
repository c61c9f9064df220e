//! Tests of the crate as its users see it, in one binary.
#![expect(clippy::unwrap_used, reason = "helpers of tests may fail the test")]

mod common;
mod damage;
mod encoded;
mod jet3;
mod mdbtools;
mod refusals;
mod round_trip;
