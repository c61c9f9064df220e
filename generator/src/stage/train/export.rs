//! The matrix the trees are grown on, as files for other tools: the same features, encoding and
//! split that windsock uses, so that comparisons are about learning and nothing else.

use std::fmt::Write;
use std::path::Path;

use anyhow::Result;
use serde::Serialize;
use severity::header::{ModelFeature, ModelKind};

use super::prepare::Prepared;
use super::split::Parts;
use super::table::Table;
use super::{class_codes, write};

/// `columns.json` beside the matrix.
#[derive(Serialize)]
struct Columns {
    classes: Vec<String>,
    features: Vec<ColumnOf>,
}

#[derive(Serialize)]
struct ColumnOf {
    name: String,
    /// Levels of a category: its values are 0 to `levels` − 1; 0 for a number.
    levels: usize,
}

/// Writes `matrix.csv` (a row per event: part of the split, key, year, position of the outcome,
/// encoded features, missing ones empty) and `columns.json`.
pub(super) fn export(
    folder: &Path,
    table: &Table,
    parts: &Parts,
    prepared: &Prepared,
) -> Result<()> {
    let names: Vec<&str> = prepared.features.iter().map(|f| f.name.as_str()).collect();
    let mut csv = format!("part,ev_id,year,outcome,{}\n", names.join(","));
    for (part, events) in [
        ("train", &parts.train),
        ("validation", &parts.validation),
        ("test", &parts.test),
    ] {
        for at in events {
            write!(
                csv,
                "{part},{},{},{}",
                table.ids[*at], table.years[*at], table.outcomes[*at]
            )?;
            for value in &prepared.rows[*at] {
                csv.push(',');
                if !value.is_nan() {
                    write!(csv, "{value}")?;
                }
            }
            csv.push('\n');
        }
    }
    write(folder, "matrix.csv", csv.as_bytes())?;
    let columns = Columns {
        classes: class_codes(),
        features: prepared.features.iter().map(column).collect(),
    };
    write(
        folder,
        "columns.json",
        &serde_json::to_vec_pretty(&columns)?,
    )
}

/// Writes forecasts of events: a row per event with the probability of every class.
pub(super) fn forecasts(
    folder: &Path,
    name: &str,
    table: &Table,
    events: &[usize],
    forecasts: &[Vec<f64>],
) -> Result<()> {
    let mut csv = format!("ev_id,{}\n", class_codes().join(","));
    for (at, forecast) in events.iter().zip(forecasts) {
        let shares: Vec<String> = forecast.iter().map(f64::to_string).collect();
        writeln!(csv, "{},{}", table.ids[*at], shares.join(","))?;
    }
    write(folder, name, csv.as_bytes())
}

fn column(feature: &ModelFeature) -> ColumnOf {
    ColumnOf {
        name: feature.name.clone(),
        levels: match &feature.kind {
            ModelKind::Category { levels, .. } => levels.len(),
            ModelKind::Numeric { .. } => 0,
        },
    }
}
