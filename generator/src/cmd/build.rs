//! `windsock build`.

use std::time::Instant;

use anyhow::Result;

use crate::config::Config;
use crate::pipeline::{Outcome, Pipeline};
use crate::progress::Progress;

/// Runs all stages and prints a line for each.
pub(super) fn run(config: &Config, progress: Progress) -> Result<()> {
    let start = Instant::now();
    let mut report = |stage: &str, result: &str, outcome: Outcome| {
        let how = match outcome {
            Outcome::Ran(seconds) => format!("{seconds:.1} s"),
            Outcome::Unchanged => "unchanged".to_owned(),
        };
        println!("{stage:<9} {result} ({how})");
    };
    Pipeline::open(config, progress, &mut report)?.build()?;
    println!(
        "{} is ready ({:.1} s)",
        config.output.display(),
        start.elapsed().as_secs_f64()
    );
    Ok(())
}
