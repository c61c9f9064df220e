//! The matrix the trees are grown on, as files for other tools: the same features, encoding and
//! split that windsock uses, so that comparisons are about learning and nothing else.

use std::fmt::Write;
use std::path::Path;

use anyhow::Result;
use serde::Serialize;
use severity::Model;
use severity::header::{ModelFeature, ModelKind};

use super::class_codes;
use super::prepare::Prepared;
use super::split::Parts;
use super::table::Table;
use crate::registry::write;

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

/// Events whose contributions are written.
const EXPLAINED: usize = 200;

/// Writes `contributions.csv`: for some events and every class, what each feature adds to the
/// margin.
pub(super) fn contributions(
    folder: &Path,
    table: &Table,
    events: &[usize],
    model: &Model,
    rows: &[&[f32]],
) -> Result<()> {
    let header = model.header();
    let names: Vec<&str> = header.features.iter().map(|f| f.name.as_str()).collect();
    let mut csv = format!("ev_id,class,{}\n", names.join(","));
    let step = events.len().div_ceil(EXPLAINED * 2).max(1);
    let chosen = events.iter().zip(rows).step_by(step).take(EXPLAINED);
    for (at, row) in chosen {
        let (_, contributions) = model.contributions(row);
        for (class, values) in header.classes.iter().zip(contributions) {
            let values: Vec<String> = values.iter().map(f64::to_string).collect();
            writeln!(
                csv,
                "{},{},{}",
                table.ids[*at],
                class.code,
                values.join(",")
            )?;
        }
    }
    write(folder, "contributions.csv", csv.as_bytes())
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
