//! What each load changed, for readers of the site.

use anyhow::Result;
use postgres::{GenericClient, Row};
use serde::{Deserialize, Serialize};

/// Loads told in full; of older ones there are numbers only.
const IN_FULL: usize = 12;

/// Events of a load told one by one.
const EVENTS: i64 = 200;

/// A load of a source file.
///
/// Without the time of the loading, which is no part of the data: the same files, loaded in the same
/// order, give the same history.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Load {
    /// File name without folders.
    pub source: String,
    /// SHA-256 of the MDB, hexadecimal.
    pub sha256: String,
    /// Day of the newest change of an event in the file, `YYYY-MM-DD`.
    pub as_of: Option<String>,
    /// Rows over all tables.
    pub inserted: u64,
    /// Rows that replaced an older state.
    pub updated: u64,
    /// Rows that the file, being whole, had no longer.
    pub deleted: u64,
    /// Rows kept out.
    pub rejected: u64,
    /// Whether the changes of events are known; they are not of what a database was first filled with.
    pub followed: bool,
    /// Events that came.
    pub new: u64,
    /// Events of which anything changed.
    pub revised: u64,
    /// Events that went.
    pub gone: u64,
    /// Some of them, by key.
    pub events: Vec<Touched>,
}

/// An event that a load changed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Touched {
    /// Key.
    pub ev_id: String,
    /// What became of it.
    pub fate: Fate,
    /// Tables with rows that are other than before.
    pub tables: Vec<String>,
}

/// What became of an event.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Fate {
    /// It was not there before.
    New,
    /// Something of it is other than before.
    Revised,
    /// It is no longer there.
    Gone,
}

/// The loads, oldest first.
pub(super) fn read(client: &mut impl GenericClient) -> Result<Vec<Load>> {
    let rows = client.query(
        "SELECT load.load_id, source_file, sha256, as_of::date::text,
                coalesce(sum(inserted), 0)::bigint, coalesce(sum(updated), 0)::bigint,
                coalesce(sum(deleted), 0)::bigint, coalesce(sum(rejected), 0)::bigint
         FROM ntsb.load AS load LEFT JOIN ntsb.load_table USING (load_id)
         GROUP BY load.load_id ORDER BY load.load_id",
        &[],
    )?;
    let told_from = rows.len().saturating_sub(IN_FULL);
    let mut loads = Vec::new();
    for (at, row) in rows.iter().enumerate() {
        let mut load = load(row);
        fates(client, row.get(0), &mut load)?;
        if at >= told_from {
            load.events = events(client, row.get(0))?;
        }
        loads.push(load);
    }
    Ok(loads)
}

fn load(row: &Row) -> Load {
    let count = |at: usize| row.get::<_, i64>(at) as u64;
    Load {
        source: row.get(1),
        sha256: row.get(2),
        as_of: row.get(3),
        inserted: count(4),
        updated: count(5),
        deleted: count(6),
        rejected: count(7),
        ..Load::default()
    }
}

/// One row per event of a load: whether its own row came or went, and the tables that changed.
const TOUCHED: &str = "SELECT ev_id,
       bool_or(table_name = 'events' AND kind = 'insert') AS came,
       bool_or(table_name = 'events' AND kind = 'delete') AS went,
       array_agg(DISTINCT table_name ORDER BY table_name) AS tables
     FROM ntsb.change WHERE load_id = $1 AND ev_id IS NOT NULL GROUP BY ev_id";

fn fates(client: &mut impl GenericClient, load_id: i64, load: &mut Load) -> Result<()> {
    let row = client.query_one(
        &format!(
            "SELECT count(*) FILTER (WHERE came), count(*) FILTER (WHERE went AND NOT came),
                    count(*) FILTER (WHERE NOT came AND NOT went)
             FROM ({TOUCHED}) AS touched"
        ),
        &[&load_id],
    )?;
    let [new, gone, revised] = [0, 1, 2].map(|at| row.get::<_, i64>(at) as u64);
    (load.new, load.gone, load.revised) = (new, gone, revised);
    load.followed = new + gone + revised > 0;
    Ok(())
}

fn events(client: &mut impl GenericClient, load_id: i64) -> Result<Vec<Touched>> {
    let rows = client.query(
        &format!("{TOUCHED} ORDER BY ev_id COLLATE \"C\" DESC LIMIT {EVENTS}"),
        &[&load_id],
    )?;
    let touched = rows.iter().map(|row| Touched {
        ev_id: row.get(0),
        fate: match (row.get(1), row.get(2)) {
            (true, _) => Fate::New,
            (_, true) => Fate::Gone,
            _ => Fate::Revised,
        },
        tables: row.get(3),
    });
    Ok(touched.collect())
}
