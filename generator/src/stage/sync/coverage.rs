//! Whether a file is whole: all that the NTSB has of some years, so that what it lacks is gone.
//!
//! A weekly file has the same tables as a whole one, and names are whatever a download gave. What
//! tells them apart is the rest of the database: a whole file has, in the years that it is about,
//! nearly all the events that are known; a weekly one a few of any year. So
//!
//! * the years of the file are those in which it has more than half of the known events; of these,
//!   the span that holds all but the outermost hundredth of its events, because a stray event of a
//!   wrong year must not stretch it;
//! * the file is whole if nine tenths of its events are in these years, and nine tenths of the events
//!   known of the span are in it.
//!
//! Events that the file itself brought, and those of before 1982, which come from a file of their
//! own, do not count as known. Where the user says that the file is whole, all years count in which
//! it has any known event. On a database that knows nothing of these years no file is whole:
//! there is nothing that it could delete.

use anyhow::Result;
use postgres::Transaction;
use serde::Serialize;

/// What a file has all of.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Coverage {
    /// Whether rows of its years that it lacks are gone.
    pub whole: bool,
    /// First and last year of the span, by the date of the events.
    pub years: Option<(i32, i32)>,
    /// Events of the span that the database held before.
    pub known: u64,
    /// How many of them the file has.
    pub found: u64,
}

/// Of ten events, how many a whole file has in common with the database at least.
const NEARLY_ALL: u64 = 9;

/// Tells the coverage of the file just staged and merged, and records it in the ledger; `whole` is
/// what the user says, if anything.
///
/// # Errors
/// If PostgreSQL fails.
pub(super) fn tell(
    transaction: &mut Transaction<'_>,
    load_id: i64,
    whole: Option<bool>,
) -> Result<Coverage> {
    let row = transaction.query_one(
        "WITH known AS (
           SELECT extract(year FROM e.ev_date)::integer AS year, s.ev_id IS NOT NULL AS found
           FROM ntsb.events AS e
           LEFT JOIN stage_events AS s USING (ev_id)
           WHERE e.ev_date IS NOT NULL AND e.row_sha256 IS NOT NULL AND NOT EXISTS (
             SELECT FROM ntsb.change AS c
             WHERE c.load_id = $1 AND c.table_name = 'events' AND c.ev_id = e.ev_id
               AND c.kind = 'insert')
         ), own AS (
           SELECT year FROM known
           GROUP BY year
           HAVING count(*) FILTER (WHERE found) * 2 > count(*) OR ($2 AND bool_or(found))
         ), span AS (
           SELECT
             percentile_disc(0.005) WITHIN GROUP (ORDER BY year) AS first_year,
             percentile_disc(0.995) WITHIN GROUP (ORDER BY year) AS last_year
           FROM known JOIN own USING (year)
           WHERE found
         )
         SELECT
           first_year,
           last_year,
           count(year) FILTER (WHERE year BETWEEN first_year AND last_year),
           count(year) FILTER (WHERE found AND year BETWEEN first_year AND last_year),
           count(year) FILTER (WHERE found AND year IN (SELECT year FROM own)),
           count(year) FILTER (WHERE found)
         FROM span LEFT JOIN known ON true
         GROUP BY first_year, last_year",
        &[&load_id, &whole.unwrap_or(false)],
    )?;
    let count = |position: usize| row.get::<_, i64>(position) as u64;
    let years: Option<(i32, i32)> = row
        .get::<_, Option<i32>>(0)
        .zip(row.get::<_, Option<i32>>(1));
    let (known, found, own, all) = (count(2), count(3), count(4), count(5));
    let told = found * 10 >= known * NEARLY_ALL && own * 10 >= all * NEARLY_ALL;
    let coverage = Coverage {
        whole: years.is_some() && whole.unwrap_or(told),
        years,
        known,
        found,
    };
    transaction.execute(
        "UPDATE ntsb.load SET whole = $2, first_year = $3, last_year = $4 WHERE load_id = $1",
        &[
            &load_id,
            &coverage.whole,
            &years.map(|years| years.0),
            &years.map(|years| years.1),
        ],
    )?;
    Ok(coverage)
}
