//! Sample databases: `avall.mdb` (2008–2025), `Pre2008.mdb` (1982–2007), `PRE1982.MDB` (1962–1981) and
//! a weekly file of changes, with the real tables, columns, code lists and quirks, but invented
//! events. They let a fresh clone build a whole site and give the tests something to count.
//!
//! Every event is derived from the seed and its number alone ([`case`]), so the tables can be written
//! one after the other without keeping the events, and the same seed gives the same bytes.

mod calendar;
mod case;
mod codes;
mod craft;
mod dice;
mod fleet;
mod injuries;
mod narrative;
mod people;
mod places;
mod pre1982;
mod row;
mod rows;
mod scenarios;
#[cfg(test)]
mod tests;
mod volume;
mod weather;

use std::fs::{self, File};
use std::io::BufWriter;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use dataset::schema;
use jet::Writer;

use calendar::Era;
use case::Plan;
use volume::{Kept, Volume};

/// What to write.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SampleOptions {
    /// Events from 1982 on, split about 1:2 over `avall.mdb` and `Pre2008.mdb` as in the real files; the
    /// other two files have the sizes that go with it. At most [`LARGEST`].
    pub events: u32,
    /// The same seed gives the same bytes.
    pub seed: u64,
}

impl Default for SampleOptions {
    fn default() -> Self {
        Self {
            events: 2_000,
            seed: 1962,
        }
    }
}

/// The files written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SampleReport {
    /// `avall.mdb`, `Pre2008.mdb`, `PRE1982.MDB`, then the weekly file; what is too large for Access goes
    /// on in `Pre2008-2.mdb` and so on.
    pub files: Vec<SampleFile>,
}

/// A file written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SampleFile {
    /// Where it is.
    pub path: PathBuf,
    /// Events in it. Up to four are in both `avall.mdb` and `Pre2008.mdb`; those of the weekly file are
    /// in one of them unless they are new.
    pub events: u64,
    /// Rows over all tables.
    pub rows: u64,
    /// Rows that belong to no event of any file, so that a load has to reject them: two of
    /// `NTSB_Admin` in `avall.mdb`, as in the real one.
    pub orphans: u64,
    /// Its size.
    pub bytes: u64,
}

/// Events of the real files in April 2026, whose ratio the sample keeps.
const REAL_AVALL: u32 = 30_358;
const REAL_PRE2008: u32 = 63_002;
/// Records of the real PRE1982, one an aircraft.
const REAL_PRE1982: u32 = 87_039;
/// Events of a sample as large as the real files.
pub const FULL: u32 = REAL_AVALL + REAL_PRE2008;
/// Most events of a sample: the numbers of PRE1982's records end at 999,999.
pub const LARGEST: u32 = 1_000_000;
/// Name of the weekly file: the day after the last events on which it was made.
const WEEKLY: &str = "up08JAN.mdb";

/// What a file holds.
#[derive(Debug, Clone, Copy)]
enum Content {
    Today(Volume),
    Early(Plan),
}

impl Content {
    fn events(&self) -> u64 {
        match self {
            Self::Today(volume) => volume.count(),
            Self::Early(plan) => plan.count,
        }
    }

    /// How often the events are gone through.
    fn passes(&self) -> u64 {
        match self {
            Self::Today(_) => schema::tables().len() as u64,
            Self::Early(_) => pre1982::passes(),
        }
    }
}

/// Writes the four databases into `dir`, which is made if need be; `progress` is told how much of the
/// work is done, as a share of `options.events`.
///
/// # Errors
/// When the folder cannot be made or a file cannot be written.
pub fn write_sample(
    dir: &Path,
    options: &SampleOptions,
    progress: &mut dyn FnMut(u64),
) -> Result<SampleReport> {
    fs::create_dir_all(dir)
        .with_context(|| format!("failed to make the folder {}", dir.display()))?;
    let contents = contents(options);
    let events = u64::from(options.events);
    let all: u64 = contents.iter().map(|(_, c)| c.events() * c.passes()).sum();
    let (mut files, mut done) = (Vec::new(), 0);
    for (name, content) in contents {
        let path = dir.join(&name);
        let mut step = |cases: u64| {
            let stride = (done + cases) / STRIDE > done / STRIDE;
            done += cases;
            if stride {
                progress(events * done / all);
            }
        };
        let rows = write_file(&path, &content, &mut step)
            .with_context(|| format!("failed to write {}", path.display()))?;
        let bytes = fs::metadata(&path)?.len();
        files.push(SampleFile {
            path,
            events: content.events(),
            rows,
            orphans: match content {
                Content::Today(volume) => volume.orphans(),
                Content::Early(_) => 0,
            },
            bytes,
        });
    }
    progress(events);
    Ok(SampleReport { files })
}

/// Cases between two reports of progress.
const STRIDE: u64 = 256;

fn contents(options: &SampleOptions) -> Vec<(String, Content)> {
    let events = u64::from(options.events);
    let share = |real: u32| events * u64::from(real) / u64::from(FULL);
    let modern = share(REAL_AVALL);
    let today = |name: &str, kept| {
        let parts = Volume::new(kept, options.seed, modern, events - modern).parts();
        let stem = name.trim_end_matches(".mdb").to_owned();
        let named = move |(number, part)| match number {
            1 => (format!("{stem}.mdb"), Content::Today(part)),
            number => (format!("{stem}-{number}.mdb"), Content::Today(part)),
        };
        (1..).zip(parts).map(named).collect::<Vec<_>>()
    };
    let early = Plan::of_records(options.seed, Era::Early, share(REAL_PRE1982));
    [
        today("avall.mdb", Kept::Avall),
        today("Pre2008.mdb", Kept::Pre2008),
        vec![("PRE1982.MDB".to_owned(), Content::Early(early))],
        today(WEEKLY, Kept::Weekly),
    ]
    .concat()
}

fn write_file(path: &Path, content: &Content, step: &mut dyn FnMut(u64)) -> Result<u64> {
    let sink = BufWriter::with_capacity(1 << 16, File::create(path)?);
    let mut writer = Writer::create(sink)?;
    let count = match content {
        Content::Today(volume) => volume.write(&mut writer, step)?,
        Content::Early(plan) => pre1982::write(&mut writer, plan, step)?,
    };
    writer.finish()?;
    Ok(count)
}
