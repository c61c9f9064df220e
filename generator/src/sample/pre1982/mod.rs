//! `PRE1982.MDB`: accidents of 1962 to 1981 in flat tables, one record an aircraft, cut in two halves
//! because Access allows 255 columns. The types and widths of its columns are not known for certain;
//! those that hold more than a code are wide enough for what rows are known to hold.

mod codes;
mod first_half;
mod second_half;

use std::io::{Seek, Write};
use std::sync::OnceLock;

use anyhow::Result;
use dataset::schema::{AccessType, Column, Table};
use jet::Writer;

use super::calendar::{Era, number_in_year};
use super::case::{Case, Plan};
use super::craft::Craft;
use super::places::lines;
use super::row::Row;
use super::volume::columns;

/// Number of the first record, as in the real file.
const FIRST_RECORD: u64 = 40;

/// An aircraft of an event, with what its record says beside the case.
struct Record<'c> {
    number: u64,
    case: &'c Case,
    craft: &'c Craft,
    /// The other aircraft of a collision.
    other: Option<&'c Craft>,
    /// Number of the event in its year.
    docket: u64,
}

impl Record<'_> {
    /// Rows of air carriers name the crew position behind a pilot's field, all others repeat the zone
    /// punch of the card as a digit: `11508A`, `080000`.
    fn suffix(&self, pilot: usize) -> char {
        if self.is_carrier() {
            ['A', 'B'][pilot.min(1)]
        } else {
            char::from(b'0' + (self.case.whim % 10) as u8)
        }
    }

    fn is_carrier(&self) -> bool {
        is_carrier(self.craft)
    }
}

fn is_carrier(craft: &Craft) -> bool {
    matches!(craft.far_part, "121" | "129")
}

/// Writes all tables and returns the number of rows; `step` is told the events gone through.
pub(super) fn write<W: Write + Seek>(
    writer: &mut Writer<W>,
    plan: &Plan,
    step: &mut dyn FnMut(u64),
) -> Result<u64> {
    let mut count = 0;
    for table in tables() {
        let columns = columns(&table.columns);
        let mut out = writer.begin_table(table.name, &columns)?;
        let mut row = Row::new(table, &columns);
        let mut push = |row: &Row| -> Result<()> {
            count += 1;
            Ok(out.push(row.values())?)
        };
        if table.name == "ct_Pre1982" {
            codes::write(&mut row, &mut push)?;
        } else {
            let mut ids = 0;
            for_each_record(plan, step, &mut |record| match table.name {
                "tblFirstHalf" => first_half::write(record, &mut row, &mut push),
                "tblSecondHalf" => second_half::write(record, &mut row, &mut push),
                "tblOccurrences" => write_occurrences(record, &mut ids, &mut row, &mut push),
                _ => write_causes(record, &mut ids, &mut row, &mut push),
            })?;
        }
        out.finish()?;
    }
    Ok(count)
}

/// Tables that every event is gone through for.
pub(super) fn passes() -> u64 {
    tables().len() as u64 - 1
}

fn for_each_record(
    plan: &Plan,
    step: &mut dyn FnMut(u64),
    visit: &mut dyn FnMut(&Record<'_>) -> Result<()>,
) -> Result<()> {
    let mut number = FIRST_RECORD;
    for index in 0..plan.count {
        let case = plan.case(index);
        for (at, craft) in case.craft.iter().enumerate() {
            visit(&Record {
                number,
                case: &case,
                craft,
                other: case
                    .craft
                    .get(1 - at.min(1))
                    .filter(|_| case.craft.len() > 1),
                docket: number_in_year(Era::Early, plan.count, index, case.when.year),
            })?;
            number += 1;
        }
        step(1);
    }
    Ok(())
}

/// The tables in the order of the file.
fn tables() -> &'static [Table] {
    static TABLES: OnceLock<Vec<Table>> = OnceLock::new();
    TABLES.get_or_init(|| {
        let mut tables = Vec::<Table>::new();
        for [table, name, access, width] in lines(include_str!("../data/pre1982.tsv")) {
            if tables.last().is_none_or(|last| last.name != table) {
                tables.push(Table {
                    name: table,
                    columns: Vec::new(),
                });
            }
            let column = Column {
                name,
                access: match access {
                    "Long" => AccessType::Long,
                    "Int16" => AccessType::Int16,
                    "DateTime" => AccessType::DateTime,
                    "Memo" => AccessType::Memo,
                    _ => AccessType::Text,
                },
                width: width.parse().ok(),
                key: None,
            };
            if let Some(last) = tables.last_mut() {
                last.columns.push(column);
            }
        }
        tables
    })
}

fn write_occurrences(
    record: &Record<'_>,
    ids: &mut u32,
    row: &mut Row,
    push: &mut dyn FnMut(&Row) -> Result<()>,
) -> Result<()> {
    for (number, (code, phase)) in (1u8..).zip(codes::occurrences(record)) {
        *ids += 1;
        row.clear()
            .number("ID", *ids)
            .number("RecNum", record.number as u32)
            .number("OccurrenceNum", number)
            .text("OccurrenceCode", code)
            .text("PhaseOfFlight", phase)
            .text("Altitude", &codes::altitude(record.case));
        push(row)?;
    }
    Ok(())
}

fn write_causes(
    record: &Record<'_>,
    ids: &mut u32,
    row: &mut Row,
    push: &mut dyn FnMut(&Row) -> Result<()>,
) -> Result<()> {
    for (number, cause) in (1u8..).zip(codes::causes(record)) {
        *ids += 1;
        row.clear()
            .number("ID", *ids)
            .number("RecNum", record.number as u32)
            .number("OccurrenceNum", 1)
            .number("CFNum", number)
            .text("CFCode", &format!("{}{}", cause.section, cause.item))
            .text("CorF", cause.kind);
        push(row)?;
    }
    Ok(())
}
