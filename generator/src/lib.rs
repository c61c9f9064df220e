//! Windsock's build tool as a library: every stage from MDB files to a static site.
//!
//! Data flows one way, stage by stage (see [`stage`]); each stage is a plain function with a
//! typed result. The binary only parses arguments and calls [`cmd`].
#![forbid(unsafe_code)]

mod api;
pub mod check;
pub mod cli;
pub mod cmd;
pub mod config;
pub mod duck;
pub mod fault;
pub mod fetch;
pub mod manifest;
pub mod output;
pub mod page;
pub mod pipeline;
pub mod postgres;
pub mod progress;
pub mod record;
pub mod registry;
pub mod sample;
pub mod serve;
pub mod stage;
mod text;
pub mod workdir;
