//! Reads the lake a decade and a year at a time.
//!
//! One decade's details and one year's rows are in memory at once per thread; no query runs per
//! event, and none at all: the files are read as they are.

use std::collections::{BTreeMap, HashMap};
use std::path::Path;

use anyhow::Result;
use dataset::manifest::Manifest;
use rayon::prelude::*;

use super::table::{Files, Table, files};
use super::year::{self, Tables};
use super::{Catalogue, EventRecord};

/// The tables a record is made of.
const TABLES: [&str; 14] = [
    "aircraft",
    "causes",
    "dt_aircraft",
    "dt_events",
    "dt_flight_crew",
    "engines",
    "events",
    "explore",
    "flight_crew",
    "flight_time",
    "injury",
    "narratives",
    "ntsb_admin",
    "occurrence_chain",
];

/// What a decade and a year of it hold.
struct Chunk<'a> {
    decade: &'a HashMap<&'static str, Table>,
    year: HashMap<&'static str, Table>,
    none: Table,
}

impl Tables for Chunk<'_> {
    fn table(&self, name: &str) -> &Table {
        let year = self.year.get(name);
        year.or_else(|| self.decade.get(name)).unwrap_or(&self.none)
    }
}

/// Hands every event of the catalogue to `each`, on all processors, in no particular order.
///
/// # Errors
/// If a file of the lake cannot be read, or the first of `each`.
pub fn for_each(
    lake: &Path,
    manifest: &Manifest,
    catalogue: &Catalogue,
    each: impl Fn(&EventRecord) -> Result<()> + Sync,
) -> Result<()> {
    let tables: BTreeMap<&'static str, Files> = TABLES
        .iter()
        .map(|&name| (name, files(manifest.tables.get(name))))
        .collect();
    let none = Files::new();
    let years = tables.get("explore").unwrap_or(&none);
    let mut decades = BTreeMap::<String, Vec<&str>>::new();
    for &year in years.keys() {
        // `1987` → `1980`; what has no date keeps the name of its folder.
        let decade = match year.parse::<i32>() {
            Ok(year) => (year / 10 * 10).to_string(),
            Err(_) => year.to_owned(),
        };
        decades.entry(decade).or_default().push(year);
    }
    decades.par_iter().try_for_each(|(decade, years)| {
        let by_decade = |name: &str| {
            let partition = manifest.tables.get(name)?.partition.as_deref();
            (partition == Some("ev_decade")).then(|| read(lake, &tables[name], decade))
        };
        let decade = TABLES
            .iter()
            .filter_map(|&name| Some(by_decade(name)?.map(|table| (name, table))))
            .collect::<Result<_>>()?;
        years.par_iter().try_for_each(|year| {
            let mut chunk = Chunk {
                decade: &decade,
                year: HashMap::new(),
                none: Table::default(),
            };
            for name in TABLES.iter().filter(|name| !decade.contains_key(*name)) {
                chunk.year.insert(name, read(lake, &tables[name], year)?);
            }
            events(&chunk, catalogue, &each)
        })
    })
}

fn read(lake: &Path, files: &Files, partition: &str) -> Result<Table> {
    let none = Vec::new();
    Table::read(lake, files.get(partition).unwrap_or(&none))
}

fn events(
    chunk: &Chunk,
    catalogue: &Catalogue,
    each: &impl Fn(&EventRecord) -> Result<()>,
) -> Result<()> {
    let explore = chunk.table("explore");
    let mut before = None;
    for row in 0..explore.rows() {
        let ev_id = explore.str("ev_id", row);
        // Rows of an event follow each other.
        if ev_id == before {
            continue;
        }
        before = ev_id;
        if let Some(brief) = ev_id.and_then(|ev_id| catalogue.find(ev_id)) {
            each(&year::record(chunk, catalogue, brief))?;
        }
    }
    Ok(())
}
