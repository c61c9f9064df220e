//! Raw values → features as the model file describes them → encoded rows.

use std::collections::BTreeMap;

use anyhow::{Context, Result};
use severity::encode::{Raw, code, encode};
use severity::features::{Feature, FeatureSet, Kind, Labels};
use severity::header::{Level, ModelFeature, ModelKind};

use super::run::UnusedFeature;
use super::split::Parts;
use super::table::Table;

/// A feature that is missing as often as this in the newest year before the test says nothing
/// about events to come: the source has stopped filling it in.
const SPARSE: f64 = 0.95;

/// A level must be seen this often in training; a split on fewer events would be noise.
const MIN_LEVEL_ROWS: u64 = 10;

/// Weight of the overall mean severity in a level's own, in events.
const PRIOR_ROWS: f64 = 20.0;

/// Features with at least one training value, and all events encoded for them.
#[derive(Debug)]
pub(super) struct Prepared {
    /// The set they are from.
    pub(super) set: FeatureSet,
    /// What the model file will say.
    pub(super) features: Vec<ModelFeature>,
    /// Declared features the model does not look at.
    pub(super) unused: Vec<UnusedFeature>,
    /// Encoded events, row by row, in the order of the table.
    pub(super) rows: Vec<Vec<f32>>,
}

/// Describes the features by the training events only, then encodes every event.
///
/// Which features are used depends on the training and validation years, never on an outcome of
/// the latter. Features named in `without` are left out.
pub(super) fn prepare(
    table: &Table,
    parts: &Parts,
    set: FeatureSet,
    without: &[String],
) -> Result<Prepared> {
    let train = &parts.train;
    let newest = parts.validation.last().map_or(0, |at| table.years[*at]);
    let newest: Vec<usize> = parts
        .validation
        .iter()
        .copied()
        .filter(|at| table.years[*at] == newest)
        .collect();
    let mut prepared = Prepared {
        set,
        features: Vec::new(),
        unused: Vec::new(),
        rows: vec![Vec::new(); table.years.len()],
    };
    let outcomes: Vec<usize> = train.iter().map(|at| table.outcomes[*at]).collect();
    for (declared, column) in table.features.iter().zip(&table.columns) {
        let mut unused = |reason: &str| {
            prepared.unused.push(UnusedFeature {
                name: declared.name.to_owned(),
                label: declared.label.to_owned(),
                reason: reason.to_owned(),
            });
        };
        if without.iter().any(|name| name == declared.name) {
            unused("left out on request");
            continue;
        }
        let values: Vec<&Raw> = train.iter().map(|at| &column[*at]).collect();
        let Some(kind) = describe(declared, &values, &outcomes) else {
            unused("without a usable value in the training years");
            continue;
        };
        let mut feature = ModelFeature {
            name: declared.name.to_owned(),
            label: declared.label.to_owned(),
            unit: declared.unit.map(str::to_owned),
            help: declared.help.to_owned(),
            group: declared.group.label().to_owned(),
            missing: 0.0,
            kind,
        };
        let encoded: Vec<f32> = column
            .iter()
            .map(|raw| Ok(encode(&feature, raw)?.value))
            .collect::<Result<_>>()
            .with_context(|| format!("feature {} of the lake", declared.name))?;
        let missing = |events: &[usize]| {
            let missing = events.iter().filter(|at| encoded[**at].is_nan()).count();
            missing as f64 / events.len().max(1) as f64
        };
        if missing(&newest) >= SPARSE {
            unused("hardly ever recorded in the newest validation year");
            continue;
        }
        feature.missing = tidy(missing(train));
        for (row, value) in prepared.rows.iter_mut().zip(encoded) {
            row.push(value);
        }
        prepared.features.push(feature);
    }
    Ok(prepared)
}

/// Nine significant digits: enough for any statistic, and exact after a round trip through JSON.
pub(super) fn tidy(x: f64) -> f64 {
    format!("{x:.8e}").parse().unwrap_or(x)
}

fn describe(declared: &Feature, values: &[&Raw], outcomes: &[usize]) -> Option<ModelKind> {
    match declared.kind {
        Kind::Numeric {
            min,
            max,
            zero_is_missing,
        } => {
            let mut numbers: Vec<f64> = values
                .iter()
                .filter_map(|raw| match raw {
                    Raw::Number(x) => Some(*x),
                    Raw::Missing | Raw::Text(_) => None,
                })
                .filter(|x| (min..=max).contains(x) && !(zero_is_missing && *x == 0.0))
                .collect();
            numbers.sort_by(f64::total_cmp);
            let last = numbers.len().checked_sub(1)?;
            let quantile = |q: f64| tidy(numbers[(q * last as f64).round() as usize]);
            Some(ModelKind::Numeric {
                limits: [min, max],
                zero_is_missing,
                seen: [quantile(0.0), quantile(1.0)],
                quantiles: [0.05, 0.25, 0.5, 0.75, 0.95].map(quantile),
            })
        }
        Kind::Category { top, unknown } => {
            let levels = levels(declared, values, outcomes, top, unknown);
            (!levels.is_empty()).then(|| ModelKind::Category {
                unknown: unknown.iter().map(|&code| code.to_owned()).collect(),
                levels,
            })
        }
    }
}

/// The `top` most frequent levels, from the mildest outcomes to the gravest.
///
/// Ordered like that, one threshold can part mild from grave levels; the alphabet could not.
fn levels(
    declared: &Feature,
    values: &[&Raw],
    outcomes: &[usize],
    top: usize,
    unknown: &[&str],
) -> Vec<Level> {
    // Classes run from the gravest (0) to the mildest.
    let mean = outcomes.iter().sum::<usize>() as f64 / outcomes.len().max(1) as f64;
    let mut counts: BTreeMap<String, (u64, usize)> = BTreeMap::new();
    for (raw, outcome) in values.iter().zip(outcomes) {
        if let Some(code) = code(raw).filter(|code| !unknown.contains(&code.as_str())) {
            let count = counts.entry(code).or_default();
            *count = (count.0 + 1, count.1 + outcome);
        }
    }
    let mut kept: Vec<_> = counts
        .into_iter()
        .filter(|(_, (rows, _))| *rows >= MIN_LEVEL_ROWS)
        .collect();
    kept.sort_by_key(|(_, (rows, _))| std::cmp::Reverse(*rows));
    kept.truncate(top);
    let mildness =
        |rows: u64, sum: usize| (sum as f64 + PRIOR_ROWS * mean) / (rows as f64 + PRIOR_ROWS);
    kept.sort_by(|(a, (a_rows, a_sum)), (b, (b_rows, b_sum))| {
        mildness(*b_rows, *b_sum)
            .total_cmp(&mildness(*a_rows, *a_sum))
            .then_with(|| a.cmp(b))
    });
    let labels = code_labels(declared);
    kept.into_iter()
        .map(|(code, (rows, _))| Level {
            label: labels.get(&code).unwrap_or(&code).clone(),
            code,
            rows,
        })
        .collect()
}

/// Labels of a category's codes, by code.
pub(super) fn code_labels(declared: &Feature) -> BTreeMap<String, String> {
    let pairs = match declared.labels {
        Labels::None => Vec::new(),
        Labels::Own(pairs) => pairs.to_vec(),
        Labels::Codes("events", "ev_state") => dataset::codes::states()
            .map(|[code, name, _]| (code, name))
            .chain(dataset::codes::labels("events", "ev_state"))
            .collect(),
        Labels::Codes(table, column) => dataset::codes::labels(table, column),
    };
    let mut labels = BTreeMap::new();
    for (code, label) in pairs {
        labels
            .entry(code.trim().to_uppercase())
            .or_insert_with(|| label.trim().to_owned());
    }
    labels
}

#[cfg(test)]
mod tests {
    use std::borrow::Cow;

    use super::*;

    fn feature(name: &str) -> &'static Feature {
        severity::features::feature(name).unwrap()
    }

    #[test]
    fn levels_run_from_mild_to_grave_and_rare_ones_are_left_out() {
        let text = |code: &'static str| Raw::Text(Cow::Borrowed(code));
        let mut values = vec![text("IMC"); 30];
        values.extend(vec![text("vmc"); 70]);
        values.extend(vec![text("UNK"); 50]);
        values.extend(vec![text("ODD"); 3]);
        let outcomes: Vec<usize> = (0..values.len())
            .map(|at| if at < 30 { 0 } else { 3 })
            .collect();
        let values: Vec<&Raw> = values.iter().collect();
        let Some(ModelKind::Category { levels, .. }) =
            describe(feature("wx_cond_basic"), &values, &outcomes)
        else {
            panic!("a category");
        };
        let codes: Vec<_> = levels.iter().map(|l| (l.code.as_str(), l.rows)).collect();
        assert_eq!(codes, [("VMC", 70), ("IMC", 30)]);
        assert_eq!(levels[1].label, "Instrument Meteorological Cond");
    }

    #[test]
    fn zeros_that_mean_missing_are_not_seen() {
        let values = [Raw::Number(0.0), Raw::Number(44.0), Raw::Missing];
        let values: Vec<&Raw> = values.iter().collect();
        let Some(ModelKind::Numeric { seen, .. }) = describe(feature("crew_age"), &values, &[0; 3])
        else {
            panic!("a number");
        };
        assert_eq!(seen.map(f64::to_bits), [44.0_f64.to_bits(); 2]);
        assert_eq!(describe(feature("crew_age"), &values[..1], &[0]), None);
    }

    #[test]
    fn tidy_numbers_survive_json() {
        for x in [1.0 / 3.0, -123_456.789_012_345, 0.0, 1e-12] {
            let text = serde_json::to_string(&tidy(x)).unwrap();
            let read: f64 = serde_json::from_str(&text).unwrap();
            assert_eq!(read.to_bits(), tidy(x).to_bits());
        }
    }
}
