//! Scores of groups of test events: by rule, category, decade and state.

use std::collections::BTreeMap;

use severity::encode::code;

use super::bootstrap;
use super::metrics::log_loss;
use super::prepare::code_labels;
use super::run::Slice;
use super::table::Table;

/// Features whose values make groups.
const BY: [&str; 3] = ["far_part", "acft_category", "ev_state"];

/// Groups of fewer events say nothing.
const LEAST: usize = 20;

/// Scores every group of at least [`LEAST`] events. `forecasts` go with `events`; `priors` are the
/// base rates.
pub(super) fn slices(
    table: &Table,
    events: &[usize],
    forecasts: &[Vec<f64>],
    priors: &[f64],
    seed: u64,
) -> Vec<Slice> {
    let decade = |at: usize| Some(format!("{}", table.years[at] / 10 * 10));
    let mut slices = group("decade", events, &decade, &|decade| format!("{decade}s"));
    for by in BY {
        let Some(column) = table.features.iter().position(|f| f.name == by) else {
            continue;
        };
        let labels = code_labels(table.features[column]);
        let value = |at: usize| code(&table.columns[column][at]);
        let label = |code: &str| labels.get(code).map_or(code, String::as_str).to_owned();
        slices.extend(group(by, events, &value, &label));
    }
    let score = |(by, value, label, members): Group| {
        score(table, events, forecasts, priors, seed, &members).map(|scores| Slice {
            by: by.to_owned(),
            value,
            label,
            ..scores
        })
    };
    slices.into_iter().filter_map(score).collect()
}

/// What events are grouped by, their common value, its label, and positions among the test events.
type Group = (&'static str, String, String, Vec<usize>);

fn group(
    by: &'static str,
    events: &[usize],
    value: &dyn Fn(usize) -> Option<String>,
    label: &dyn Fn(&str) -> String,
) -> Vec<Group> {
    let mut groups: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    for (position, at) in events.iter().enumerate() {
        let value = value(*at).unwrap_or_default();
        groups.entry(value).or_default().push(position);
    }
    let large = groups
        .into_iter()
        .filter(|(_, members)| members.len() >= LEAST);
    large
        .map(|(value, members)| {
            let label = if value.is_empty() {
                "Not known".to_owned()
            } else {
                label(&value)
            };
            (by, value, label, members)
        })
        .collect()
}

/// Scores of some of the events; `None` without any.
fn score(
    table: &Table,
    events: &[usize],
    forecasts: &[Vec<f64>],
    priors: &[f64],
    seed: u64,
    members: &[usize],
) -> Option<Slice> {
    let likeliest = |forecast: &[f64]| super::decide::named(forecast, &vec![1.0; forecast.len()]);
    let outcomes: Vec<usize> = members.iter().map(|m| table.outcomes[events[*m]]).collect();
    let rows = (!members.is_empty()).then_some(members.len() as f64)?;
    let pairs = || members.iter().map(|m| &forecasts[*m]).zip(&outcomes);
    let model: Vec<f64> = pairs().map(|(p, y)| log_loss(*y, p)).collect();
    let base: Vec<f64> = outcomes.iter().map(|y| log_loss(*y, priors)).collect();
    let gains: Vec<f64> = base.iter().zip(&model).map(|(b, m)| b - m).collect();
    let mean = |values: &[f64]| values.iter().sum::<f64>() / rows;
    let share = |count: usize| count as f64 / rows;
    let majority = likeliest(priors);
    Some(Slice {
        by: String::new(),
        value: String::new(),
        label: String::new(),
        rows: members.len() as u64,
        log_loss: mean(&model),
        base_rate_log_loss: mean(&base),
        gain: bootstrap::of_mean(&gains, seed),
        accuracy: share(pairs().filter(|(p, y)| likeliest(p) == **y).count()),
        majority_accuracy: share(outcomes.iter().filter(|y| **y == majority).count()),
        fatal_forecast: pairs().map(|(p, _)| p[super::FATAL]).sum::<f64>() / rows,
        fatal_observed: share(outcomes.iter().filter(|y| **y == super::FATAL).count()),
    })
}
