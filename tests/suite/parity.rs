//! The browser module, run by Node, answers as the same code does natively.

use std::collections::BTreeMap;
use std::process::Command;

use crate::harness::{repository, site, succeed, web_dir};
