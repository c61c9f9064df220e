//! The `explore` table: one row per aircraft in an event, with what visitors filter by.
//!
//! Counting rule: rows are aircraft. Accidents are counted as distinct `ev_id`, because one event
//! may involve several aircraft; casualty columns repeat the totals of the event on each of its
//! aircraft and must only be summed once per `ev_id`.

use serde::{Deserialize, Serialize};

/// Type of a published column.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ColumnType {
    /// UTF-8 text, dictionary-encoded in Parquet.
    Text,
    /// 32-bit signed integer.
    Int,
    /// 64-bit float.
    Float,
    /// Days since 1970-01-01 (Parquet DATE).
    Date,
    /// Microseconds since 1970-01-01 without zone (Parquet TIMESTAMP); record tables only.
    Timestamp,
    /// True or false.
    Boolean,
}

/// A column of `explore`.
#[derive(Debug, Clone, Copy)]
pub struct ExploreColumn {
    /// Column name; eADMS' own where the column is taken over unchanged.
    pub name: &'static str,
    /// Parquet type.
    pub kind: ColumnType,
    /// What a visitor reads.
    pub label: &'static str,
    /// Table and column of [`crate::codes::labels`] whose codes the values are.
    pub codes: Option<(&'static str, &'static str)>,
    /// Whether the explore page offers it as a facet.
    pub facet: bool,
}

const fn text(name: &'static str, label: &'static str) -> ExploreColumn {
    ExploreColumn {
        name,
        kind: ColumnType::Text,
        label,
        codes: None,
        facet: false,
    }
}

const fn number(name: &'static str, kind: ColumnType, label: &'static str) -> ExploreColumn {
    ExploreColumn {
        name,
        kind,
        label,
        codes: None,
        facet: false,
    }
}

/// A facet whose values are codes of the given table's column of the same name.
const fn code(table: &'static str, name: &'static str, label: &'static str) -> ExploreColumn {
    ExploreColumn {
        name,
        kind: ColumnType::Text,
        label,
        codes: Some((table, name)),
        facet: true,
    }
}

const fn facet(column: ExploreColumn) -> ExploreColumn {
    ExploreColumn {
        facet: true,
        ..column
    }
}

/// All columns in the order of the Parquet files.
pub const COLUMNS: &[ExploreColumn] = &[
    text("ev_id", "Event id"),
    text("ntsb_no", "NTSB number"),
    number("aircraft_key", ColumnType::Int, "Aircraft in the event"),
    code("events", "ev_type", "Event type"),
    number("ev_date", ColumnType::Date, "Date"),
    facet(number("ev_year", ColumnType::Int, "Year")),
    facet(number("ev_month", ColumnType::Int, "Month")),
    text("ev_city", "Place"),
    code("events", "ev_state", "State"),
    facet(text("ev_country", "Country")),
    number("latitude", ColumnType::Float, "Latitude (degrees)"),
    number("longitude", ColumnType::Float, "Longitude (degrees)"),
    text("apt_id", "Nearest airport"),
    text("regis_no", "Registration"),
    facet(text("acft_make", "Make")),
    text("acft_model", "Model"),
    code("aircraft", "acft_category", "Aircraft category"),
    code("aircraft", "homebuilt", "Amateur-built"),
    number("num_eng", ColumnType::Int, "Engines"),
    code("engines", "eng_type", "Engine type"),
    code("aircraft", "far_part", "Operating rule (FAR part)"),
    code("aircraft", "type_fly", "Purpose of flight"),
    code("aircraft", "damage", "Aircraft damage"),
    code("events", "light_cond", "Light"),
    code("events", "wx_cond_basic", "Weather"),
    number("vis_sm", ColumnType::Float, "Visibility (statute miles)"),
    number("wind_vel_kts", ColumnType::Int, "Wind (kt)"),
    facet(text("phase", "Phase of flight")),
    facet(text("occurrence", "Defining occurrence")),
    code("events", "ev_highest_injury", "Highest injury"),
    number(
        "fatalities",
        ColumnType::Int,
        "Deaths in the event, aboard and on the ground",
    ),
    number(
        "inj_tot_s",
        ColumnType::Int,
        "Serious injuries in the event",
    ),
    number("inj_tot_m", ColumnType::Int, "Minor injuries in the event"),
    number("inj_tot_n", ColumnType::Int, "Uninjured in the event"),
    number(
        "crew_age",
        ColumnType::Int,
        "Age of the first pilot (years)",
    ),
    number(
        "pilot_hours",
        ColumnType::Float,
        "Total flight hours of the first pilot",
    ),
    facet(text("status", "Investigation")),
];

/// The column of that name.
pub fn column(name: &str) -> Option<&'static ExploreColumn> {
    COLUMNS.iter().find(|c| c.name == name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn coded_columns_have_a_code_list() {
        for column in COLUMNS {
            if let Some((table, name)) = column.codes {
                assert!(
                    !crate::codes::labels(table, name).is_empty(),
                    "{}",
                    column.name
                );
            }
        }
    }

    #[test]
    fn names_are_unique() {
        let mut names: Vec<_> = COLUMNS.iter().map(|c| c.name).collect();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), COLUMNS.len());
    }
}
