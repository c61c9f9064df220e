//! An event's rows in each table.

mod aircraft;
mod crew;
mod details;
mod events;
mod outcome;

use anyhow::Result;

use super::calendar::Era;
use super::case::Case;
use super::row::Row;

/// Takes finished rows.
pub(super) type Push<'p> = &'p mut dyn FnMut(&Row) -> Result<()>;

/// Whether events of an era have rows in a table: each has a coding system, and tables, of its own.
pub(super) fn is_filled(table: &str, era: Era) -> bool {
    match table {
        "Findings" | "Events_Sequence" => era == Era::Modern,
        "Occurrences" | "seq_of_events" => era == Era::Old,
        _ => true,
    }
}

/// Writes an event's rows of one table.
pub(super) fn write(table: &str, case: &Case, row: &mut Row, push: Push<'_>) -> Result<()> {
    match table {
        "events" => events::write(case, row, push),
        "aircraft" => aircraft::write(case, row, push),
        "Flight_Crew" => crew::write(case, row, push),
        "flight_time" => crew::write_hours(case, row, push),
        "dt_Flight_Crew" => crew::write_details(case, row, push),
        "injury" => outcome::write_injuries(case, row, push),
        "Findings" => outcome::write_findings(case, row, push),
        "Events_Sequence" => outcome::write_sequence(case, row, push),
        "Occurrences" => outcome::write_occurrences(case, row, push),
        "seq_of_events" => outcome::write_causes(case, row, push),
        "engines" => details::write_engines(case, row, push),
        "narratives" => details::write_narratives(case, row, push),
        "NTSB_Admin" => details::write_admin(case, row, push),
        "dt_events" => details::write_event_details(case, row, push),
        "dt_aircraft" => details::write_aircraft_details(case, row, push),
        _ => Ok(()),
    }
}

/// Writes `NTSB_Admin` rows of events that are in no file. Numbers of cases begin at 100000, so theirs
/// cannot be those of an event.
pub(super) fn write_orphans(count: u64, row: &mut Row, push: Push<'_>) -> Result<()> {
    for number in 0..count {
        row.clear()
            .text("ev_id", &format!("20210527{number:06}"))
            .text("rec_stat", "P")
            .text("lchg_userid", "sample");
        push(row.date("lchg_date", 44_343.5))?;
    }
    Ok(())
}

/// Empties the row and sets what nearly every table has: the keys and the last change.
fn keyed<'r>(row: &'r mut Row, case: &Case, keys: &[(&str, usize)]) -> &'r mut Row {
    row.clear().text("ev_id", &case.ev_id);
    for (column, key) in keys {
        row.number(column, *key as u32);
    }
    row.date("lchg_date", case.changed())
}
