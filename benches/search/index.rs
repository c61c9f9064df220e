//! Writes the search index of a lake and says what it took: `index LAKE OUT`.
#![expect(clippy::print_stdout, reason = "a benchmark prints what it measured")]

use std::path::PathBuf;
use std::time::Instant;

use anyhow::{Context, Result};
use windsock::output::Staged;
use windsock::record::Catalogue;
use windsock::stage::emit::search;

fn main() -> Result<()> {
    let mut paths = std::env::args().skip(1).map(PathBuf::from);
    let lake = paths.next().context("name the folder of a lake")?;
    let out = paths.next().context("name the folder to write to")?;
    let manifest = windsock::manifest::read(&lake)?;
    let catalogue = Catalogue::read(&lake, &manifest)?;
    let mut staged = Staged::begin(&out)?;
    let start = Instant::now();
    search::write(&lake, &manifest, &catalogue, &mut staged)?;
    let seconds = start.elapsed().as_secs_f64();
    staged.commit()?;
    println!(
        "{{\"events\":{},\"seconds\":{seconds:.1}}}",
        catalogue.events.len()
    );
    Ok(())
}
