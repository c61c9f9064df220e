//! What the model makes of accidents it has not learned from.

use std::collections::{BTreeMap, HashMap};
use std::path::Path;

use anyhow::{Context, Result};
use duckdb::Connection;
use rayon::prelude::*;
use severity::Model;
use severity::encode::Raw;
use severity::features::{Feature, FeatureSet};

use super::table;
use crate::duck;
use crate::record::{ClassEstimate, Estimate, Estimates};

/// Events scored at once by one thread.
const BLOCK: usize = 512;

/// Accidents in the United States after the years the model has seen; open cases too.
const CASES: &str = "SELECT ev_id, CAST(any_value(ev_year) AS INTEGER) AS ev_year, '' AS outcome
    FROM explore
    WHERE upper(trim(ev_type)) = 'ACC' AND upper(trim(ev_country)) = 'USA' AND ev_year >";

/// Scores every accident of a lake that is newer than all the model has learned from.
///
/// Of one it has learned from, an estimate would be no forecast.
///
/// # Errors
/// If model or lake cannot be read, or do not belong together.
pub fn estimates(lake: &Path, model: &Path, set: FeatureSet) -> Result<Estimates> {
    let reading = || format!("reading the model {}", model.display());
    let model =
        Model::from_bytes(&std::fs::read(model).with_context(reading)?).with_context(reading)?;
    let duck = duck::open(None)?;
    duck::register(&duck, lake)?;
    let window = &model.header().window;
    let cases = format!("{CASES} {} GROUP BY ev_id", window.validate_to);
    table::compute(&duck, set, &cases)?;
    let rows = rows(&duck, &model)?;
    let estimates = rows
        .par_chunks(BLOCK)
        .map(|rows| {
            let encoded: Vec<&[f32]> = rows.iter().map(|(_, row)| row.as_slice()).collect();
            let probabilities = model.probabilities_of(&encoded);
            std::iter::zip(rows, probabilities)
                .map(|((ev_id, row), shares)| (ev_id.clone(), estimate(&model, row, &shares)))
                .collect::<Vec<_>>()
        })
        .flatten()
        .collect::<HashMap<_, _>>();
    Ok(estimates.into())
}

/// Key and encoded values of each case.
fn rows(duck: &Connection, model: &Model) -> Result<Vec<(String, Vec<f32>)>> {
    let features: Vec<&Feature> = model
        .header()
        .features
        .iter()
        .map(|one| {
            severity::features::feature(&one.name)
                .with_context(|| format!("the model asks for {}, which is no feature", one.name))
        })
        .collect::<Result<_>>()?;
    let casts: Vec<String> = features
        .iter()
        .map(|feature| table::cast(feature))
        .collect();
    let sql = format!(
        "SELECT ev_id, {} FROM case_features ORDER BY ev_id",
        casts.join(", ")
    );
    let mut statement = duck.prepare(&sql)?;
    let mut found = statement.query([])?;
    let mut rows = Vec::new();
    while let Some(row) = found.next()? {
        let mut values = BTreeMap::new();
        for (at, feature) in features.iter().enumerate() {
            let value = match table::raw(row.get_ref(at + 1)?)? {
                Raw::Missing => continue,
                Raw::Number(number) => number.into(),
                Raw::Text(text) => text.into_owned().into(),
            };
            values.insert(feature.name.to_owned(), value);
        }
        let ev_id: String = row.get(0)?;
        let encoded = model
            .row(&values)
            .with_context(|| format!("scoring event {ev_id}"))?;
        rows.push((ev_id, encoded));
    }
    Ok(rows)
}

fn estimate(model: &Model, row: &[f32], shares: &[f64]) -> Estimate {
    let header = model.header();
    let percent = |share: f64| (share * 100.0).round() as u8;
    let classes = std::iter::zip(&header.classes, shares);
    Estimate {
        classes: classes
            .map(|(class, share)| ClassEstimate {
                class: class.code.clone(),
                label: class.label.clone(),
                percent: percent(*share),
                base_percent: percent(class.base_rate),
            })
            .collect(),
        features: header.features.len(),
        missing: row.iter().filter(|value| value.is_nan()).count(),
        learned_to: header.window.validate_to,
    }
}
