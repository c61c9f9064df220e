//! The databases in the tables of today: `avall.mdb`, `Pre2008.mdb` and a weekly file.

use std::io::{Seek, Write};

use anyhow::Result;
use dataset::schema::{self, AccessType, Column, Table};
use jet::{ColumnSpec, Kind, Writer};

use super::calendar::{Era, LAST_DAY};
use super::case::{Case, Plan};
use super::row::Row;
use super::{codes, rows};

/// Rows of the modern tables that strayed into Pre2008, as counted in the real file.
const STRAY_FINDINGS: u64 = 14;
const STRAY_SEQUENCE: u64 = 25;
/// Events that are in both files, at most.
const OVERLAP: u64 = 4;
/// Admin rows of `avall.mdb` without an event, as in the real file.
pub(super) const ORPHANS: u64 = 2;
/// Of so many events of all years one is changed in a week, and of so many changed ones one is new.
const CHANGED: u64 = 100;
const NEW: u64 = 4;
/// Events of one file: Access databases end at 2 GiB, and ten times the real events need more.
const LARGEST_PART: u64 = 350_000;
/// Days after the last event on which the weekly file was made.
const WEEK: f64 = 8.0;

/// Which database.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kept {
    Avall,
    Pre2008,
    /// Changed records of any year, and new ones.
    Weekly,
}

/// A database with its events.
#[derive(Debug, Clone, Copy)]
pub(super) struct Volume {
    kept: Kept,
    modern: Plan,
    old: Plan,
    /// Events of `modern` that are in `Pre2008.mdb` as well.
    overlap: u64,
    /// Of each hundred events this one is changed.
    changed: u64,
    /// The first event of this part, and how many there are before the next part's.
    first: u64,
    end: u64,
}

impl Volume {
    /// The database of a sample with so many events from 2008 on and before.
    pub(super) fn new(kept: Kept, seed: u64, modern: u64, old: u64) -> Self {
        let overlap = OVERLAP.min(modern / 100);
        let mut volume = Self {
            kept,
            modern: Plan::new(seed, Era::Modern, modern),
            old: Plan::new(seed, Era::Old, old - overlap),
            overlap,
            changed: seed % CHANGED,
            first: 0,
            end: 0,
        };
        volume.end = volume.all();
        volume
    }

    /// The databases that it takes: one, unless Access could not open it.
    pub(super) fn parts(self) -> Vec<Self> {
        let parts = self.end.div_ceil(LARGEST_PART).max(1);
        let border = |part: u64| self.end * part / parts;
        (0..parts)
            .map(|part| Self {
                first: border(part),
                end: border(part + 1),
                ..self
            })
            .collect()
    }

    /// Number of events.
    pub(super) fn count(&self) -> u64 {
        self.end - self.first
    }

    /// Number of events of all parts.
    fn all(&self) -> u64 {
        match self.kept {
            Kept::Avall => self.modern.count,
            Kept::Pre2008 => self.old.count + self.overlap,
            Kept::Weekly => self.changed_count() + self.changed_count().div_ceil(NEW),
        }
    }

    /// Rows whose parent is in no file, so that they have to be rejected.
    pub(super) fn orphans(&self) -> u64 {
        if self.kept == Kept::Avall && self.first == 0 {
            ORPHANS
        } else {
            0
        }
    }

    /// Event `index` of the file.
    fn case(&self, index: u64) -> Case {
        let index = self.first + index;
        match self.kept {
            Kept::Avall => self.modern.case(index),
            Kept::Pre2008 if index < self.old.count => self.old.case(index),
            Kept::Pre2008 => self.modern.case(index - self.old.count),
            Kept::Weekly => self.revised(index),
        }
    }

    fn revised(&self, index: u64) -> Case {
        let [modern, old] = [self.modern, self.old].map(|plan| self.changed_of(&plan));
        let mut case = if index < modern {
            self.modern.case(self.changed_index(&self.modern, index))
        } else if index < modern + old {
            self.old.case(self.changed_index(&self.old, index - modern))
        } else {
            self.modern.case_after(index - modern - old)
        };
        case.revise(LAST_DAY.to_days() + WEEK);
        case
    }

    fn changed_count(&self) -> u64 {
        self.changed_of(&self.modern) + self.changed_of(&self.old)
    }

    fn changed_of(&self, plan: &Plan) -> u64 {
        (plan.count - self.first_changed(plan)).div_ceil(CHANGED)
    }

    fn changed_index(&self, plan: &Plan, number: u64) -> u64 {
        self.first_changed(plan) + CHANGED * number
    }

    /// At least one event of a file is changed.
    fn first_changed(&self, plan: &Plan) -> u64 {
        self.changed % plan.count.clamp(1, CHANGED)
    }

    /// How many rows a table may have; Pre2008 has few of the modern coding system.
    fn limit(&self, table: &str) -> u64 {
        let stray = match (self.kept, table) {
            (Kept::Pre2008, "Findings") => STRAY_FINDINGS,
            (Kept::Pre2008, "Events_Sequence") => STRAY_SEQUENCE,
            _ => return u64::MAX,
        };
        // They belong to the last events.
        if self.end == self.all() {
            stray.min(self.count() / 20)
        } else {
            0
        }
    }

    /// Whether an event has rows in a table. The coding system is that of its era, but for the stray
    /// rows of Pre2008.
    fn has_rows(&self, table: &str, case: &Case) -> bool {
        self.limit(table) < u64::MAX || rows::is_filled(table, case.era)
    }

    /// Writes all tables and returns the number of rows; `step` is told the events gone through.
    pub(super) fn write<W: Write + Seek>(
        &self,
        writer: &mut Writer<W>,
        step: &mut dyn FnMut(u64),
    ) -> Result<u64> {
        let mut count = 0;
        for table in schema::tables() {
            let columns = self.columns(table);
            let mut out = writer.begin_table(table.name, &columns)?;
            let mut row = Row::new(table, &columns);
            let mut written = 0;
            let limit = self.limit(table.name);
            let mut push = |row: &Row| -> Result<()> {
                if written < limit {
                    written += 1;
                    out.push(row.values())?;
                }
                Ok(())
            };
            if table.is_lookup() {
                codes::write(table.name, &mut row, &mut push)?;
                step(self.count());
            } else {
                self.write_cases(table.name, limit, &mut row, &mut push, step)?;
            }
            if table.name == "NTSB_Admin" {
                rows::write_orphans(self.orphans(), &mut row, &mut push)?;
            }
            count += written;
            out.finish()?;
        }
        Ok(count)
    }

    /// The last events come first where only some rows are wanted.
    fn write_cases(
        &self,
        table: &str,
        limit: u64,
        row: &mut Row,
        push: &mut dyn FnMut(&Row) -> Result<()>,
        step: &mut dyn FnMut(u64),
    ) -> Result<()> {
        let empty = self.kept == Kept::Avall && !rows::is_filled(table, Era::Modern);
        // Foreign events have no rows in the modern tables, the others one at least.
        let wanted = if empty {
            0
        } else {
            self.count().min(3 * limit.min(1 << 40))
        };
        for at in 0..wanted {
            let index = if limit < u64::MAX {
                self.count() - 1 - at
            } else {
                at
            };
            let case = self.case(index);
            if self.has_rows(table, &case) {
                rows::write(table, &case, row, push)?;
            }
            step(1);
        }
        step(self.count() - wanted);
        Ok(())
    }

    /// The table's columns as Access declares them. `cm_inPc` came in 2024, after Pre2008 was frozen.
    fn columns(&self, table: &Table) -> Vec<ColumnSpec> {
        let mut columns = table.columns.clone();
        columns.retain(|column| self.kept != Kept::Pre2008 || column.name != "cm_inPc");
        self::columns(&columns)
    }
}

/// Columns as Access declares them.
pub(super) fn columns(columns: &[Column]) -> Vec<ColumnSpec> {
    columns
        .iter()
        .map(|column| match column.access {
            AccessType::Text => ColumnSpec::text(column.name, column.width.unwrap_or(255)),
            other => ColumnSpec::new(column.name, kind(other)),
        })
        .collect()
}

fn kind(access: AccessType) -> Kind {
    match access {
        AccessType::Boolean => Kind::Boolean,
        AccessType::Byte => Kind::Byte,
        AccessType::Int16 => Kind::Int,
        AccessType::Long => Kind::Long,
        AccessType::Single => Kind::Float,
        AccessType::Double => Kind::Double,
        AccessType::DateTime => Kind::DateTime,
        AccessType::Text => Kind::Text,
        AccessType::Memo => Kind::Memo,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_access_could_not_open_is_cut_in_parts() {
        let whole = Volume::new(Kept::Pre2008, 1, 3 * LARGEST_PART, 2 * LARGEST_PART + 1);
        let parts = whole.parts();
        let counts: Vec<u64> = parts.iter().map(Volume::count).collect();
        assert_eq!(counts.iter().sum::<u64>(), 2 * LARGEST_PART + 1);
        assert_eq!(counts.len(), 3);
        let id = |volume: &Volume, index| volume.case(index).ev_id;
        assert_eq!(id(&parts[1], 0), id(&whole, counts[0]));
        assert_eq!(parts[0].limit("Findings"), 0);
        assert_eq!(parts[2].limit("Findings"), STRAY_FINDINGS);
        let one = Volume::new(Kept::Avall, 1, 1_000, 2_000).parts();
        assert_eq!((one.len(), one[0].count()), (1, 1_000));
    }
}
