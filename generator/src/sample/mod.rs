//! stub
use std::path::{Path, PathBuf};
/// x
#[derive(Debug)]
pub struct SampleOptions { /// x
 pub events: u32, /// x
 pub seed: u64 }
/// x
#[derive(Debug)]
pub struct SampleFile { /// x
 pub path: PathBuf, /// x
 pub rows: u64, /// x
 pub bytes: u64 }
/// x
#[derive(Debug)]
pub struct SampleReport { /// x
 pub files: Vec<SampleFile> }
/// x
/// # Errors
/// x
pub fn write_sample(_: &Path, _: &SampleOptions, _: &mut dyn FnMut(u64)) -> anyhow::Result<SampleReport> { anyhow::bail!("not yet") }
