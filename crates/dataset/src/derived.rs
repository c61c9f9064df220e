//! Tables the database derives from those of the source, so that 2008, when the NTSB changed its
//! coding system, is no break in them.
//!
//! They are views in PostgreSQL and files of their own in the lake, under the same names and with
//! the same columns: a query over one runs over the other.

use crate::explore::ColumnType::{self, Boolean, Int, Text};

/// A view of schema `ntsb` that is published as a table of records.
#[derive(Debug, Clone, Copy)]
pub struct DerivedTable {
    /// Name of the view and of the table.
    pub name: &'static str,
    /// Columns in the order of the view.
    pub columns: &'static [DerivedColumn],
    /// The columns that identify a row, those of the event first.
    pub key: &'static [&'static str],
}

/// A column of a [`DerivedTable`].
#[derive(Debug, Clone, Copy)]
pub struct DerivedColumn {
    /// Name.
    pub name: &'static str,
    /// Published type.
    pub kind: ColumnType,
    /// What it means, in a few words.
    pub label: &'static str,
}

const fn column(name: &'static str, kind: ColumnType, label: &'static str) -> DerivedColumn {
    DerivedColumn { name, kind, label }
}

const KEY: &[&str] = &["ev_id", "aircraft_key", "source_system", "ordinal"];

/// All derived tables in name order.
pub const TABLES: &[DerivedTable] = &[
    DerivedTable {
        name: "causes",
        key: KEY,
        columns: &[
            column("ev_id", Text, "Event id"),
            column("aircraft_key", Int, "Aircraft in the event"),
            column("ordinal", Int, "Position among the aircraft's causes"),
            column("category", Text, "Category of the modern findings"),
            column("label", Text, "What was found"),
            column(
                "in_probable_cause",
                Boolean,
                "Part of the probable cause; missing where the source does not say",
            ),
            column("cause_factor", Text, "C cause, F factor"),
            column("code", Text, "Code in the source"),
            column("source_system", Text, "findings or seq_of_events"),
        ],
    },
    DerivedTable {
        name: "occurrence_chain",
        key: KEY,
        columns: &[
            column("ev_id", Text, "Event id"),
            column("aircraft_key", Int, "Aircraft in the event"),
            column("ordinal", Int, "Position in the sequence of events"),
            column(
                "phase",
                Text,
                "Phase of flight, one set of names for both eras",
            ),
            column("label", Text, "What happened"),
            column("cictt_code", Text, "CAST/ICAO occurrence category, code"),
            column("cictt", Text, "CAST/ICAO occurrence category, name"),
            column("defining", Boolean, "Defines the aircraft's accident"),
            column("phase_code", Text, "Code of the phase in the source"),
            column("code", Text, "Code of the occurrence in the source"),
            column("altitude", Int, "Altitude (ft)"),
            column("source_system", Text, "events_sequence or occurrences"),
        ],
    },
];
