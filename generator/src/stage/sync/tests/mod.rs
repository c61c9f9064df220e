//! Files on top of each other, on a server of our own: what a sync leaves must be what the newest
//! files say, row by row.

mod deletions;
mod early;
mod edition;
mod updates;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use anyhow::Result;
use dataset::schema;
use postgres::{Client, SimpleQueryMessage};
use tempfile::TempDir;

use super::{Applied, Change, Outcome, SyncOptions, SyncReport, run};
use crate::fetch::{Download, Location};
use crate::postgres::testing::Server;
use crate::progress::Progress;
use crate::sample::{SampleOptions, write_sample};
use crate::stage::migrate::{self, Existing};

const QUIET: Progress = Progress { quiet: true };
/// Later than anything in a sample, in Access days: 2027-01-01.
const LATER: f64 = 46_388.0;

/// A server, and a sample to make editions of.
struct Fixture {
    _server: Server,
    client: Client,
    folder: TempDir,
}

impl Fixture {
    /// With the databases of the sample loaded that `names` has.
    fn with(names: &[&str]) -> Self {
        let server = Server::start();
        let folder = tempfile::tempdir().unwrap();
        let options = SampleOptions {
            events: 600,
            seed: 11,
        };
        write_sample(folder.path(), &options, &mut |_| {}).unwrap();
        let mut fixture = Self {
            client: server.client(),
            _server: server,
            folder,
        };
        let files: Vec<PathBuf> = names.iter().map(|name| fixture.path(name)).collect();
        migrate::run(&mut fixture.client, &files, Existing::Replace, QUIET).unwrap();
        fixture
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn try_sync(
        &mut self,
        name: &str,
        options: SyncOptions,
    ) -> (SyncReport, Vec<Change>, Result<()>) {
        let sources = [Location::File(self.path(name))];
        let download = Download::into_folder(self.path("downloads"), 0);
        let (mut report, mut changes) = (SyncReport::default(), Vec::new());
        let result = run(
            &mut self.client,
            &sources,
            &download,
            options,
            QUIET,
            &mut report,
            &mut |change| {
                changes.push(change.clone());
                Ok(())
            },
        );
        (report, changes, result)
    }

    /// Syncs a file that is loaded, whatever was loaded before.
    fn sync_as(&mut self, name: &str, options: SyncOptions) -> (Applied, Vec<Change>) {
        let options = SyncOptions {
            again: true,
            ..options
        };
        let (mut report, changes, result) = self.try_sync(name, options);
        result.unwrap();
        let Outcome::Applied(applied) = report.files.remove(0).outcome else {
            panic!("{name} was not loaded");
        };
        for table in &applied.tables {
            assert!(table.adds_up(), "{table:?}");
            assert!(table.older <= table.unchanged, "{table:?}");
        }
        (applied, changes)
    }

    fn sync(&mut self, name: &str) -> (Applied, Vec<Change>) {
        self.sync_as(name, SyncOptions::default())
    }

    /// The rows of every table of today and what they came to, without the names of their files.
    fn state(&mut self) -> BTreeMap<String, String> {
        let tables = schema::tables().iter().map(schema::Table::sql_name);
        tables
            .chain(["pre1982_raw".to_owned(), "yearly_statistics".to_owned()])
            .map(|table| {
                let query = format!(
                    "SELECT count(*), md5(coalesce(string_agg(row, '|' ORDER BY row), ''))
                     FROM (SELECT (to_jsonb(t) - 'source_file')::text AS row FROM ntsb.{table} t) r"
                );
                let state = self.one(&query);
                (table, state)
            })
            .collect()
    }

    /// The state of a database that never held anything but these files.
    fn state_of(names: &[&Path]) -> BTreeMap<String, String> {
        let server = Server::start();
        let mut client = server.client();
        let files: Vec<PathBuf> = names.iter().map(|path| (*path).to_owned()).collect();
        migrate::run(&mut client, &files, Existing::Keep, QUIET).unwrap();
        let mut fixture = Self {
            _server: server,
            client,
            folder: tempfile::tempdir().unwrap(),
        };
        fixture.state()
    }

    /// The first row of a query as `a|b`.
    fn one(&mut self, query: &str) -> String {
        let messages = self.client.simple_query(query).unwrap();
        let row = messages.iter().find_map(|message| match message {
            SimpleQueryMessage::Row(row) => Some(row),
            _ => None,
        });
        let row = row.unwrap_or_else(|| panic!("no row: {query}"));
        let cells: Vec<&str> = (0..row.len()).map(|i| row.get(i).unwrap_or("∅")).collect();
        cells.join("|")
    }
}

/// How many rows of a table were inserted, updated and deleted.
fn counts(applied: &Applied, table: &str) -> (u64, u64, u64) {
    let load = applied
        .tables
        .iter()
        .find(|load| load.table == table)
        .unwrap();
    (load.inserted, load.updated, load.deleted)
}
