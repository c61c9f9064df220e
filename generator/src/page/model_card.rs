//! The model card: what the model is for, how it was made, how well it does.

use anyhow::Result;
use askama::Template;

use super::{Frame, Rendered, Shell, format, render};
use crate::registry::{Decision, SCORES, Stage};
use crate::stage::emit::Inputs;
use crate::stage::train::{CalibrationBin, Evaluation, ModelRun, Period, Slice};

#[derive(Template)]
#[template(path = "model-card.html")]
struct Page<'a> {
    frame: Frame<'a>,
    run: &'a ModelRun,
    in_production: bool,
    full_record: bool,
    gain: [String; 2],
    periods: Vec<PeriodView>,
    metrics: Vec<Metric>,
    decided: [String; 3],
    classes: Vec<ClassView<'a>>,
    confusion: Vec<(&'a str, Vec<String>)>,
    dots: Vec<Dot>,
    bins: Vec<[String; 3]>,
    calibration: [String; 2],
    /// Whether held-out events were forecast better with it.
    calibrated: bool,
    slices: Vec<SliceView<'a>>,
    features: Vec<FeatureView<'a>>,
    learning: Vec<[String; 2]>,
    settings: Vec<(&'static str, String)>,
    decisions: Vec<DecisionView<'a>>,
    model_href: String,
    model_bytes: String,
    version: &'static str,
}

struct PeriodView {
    role: &'static str,
    years: String,
    rows: String,
    shares: Vec<String>,
}

/// A score of the model beside those of the two forecasts that know nothing of the event.
struct Metric {
    name: &'static str,
    better: &'static str,
    model: String,
    interval: String,
    base_rate: String,
    majority: String,
}

struct ClassView<'a> {
    class: &'a str,
    support: String,
    /// Precision, recall and F1 when the likeliest class is named, then by weights.
    scores: [String; 6],
}

/// A point of the calibration plot.
struct Dot {
    x: String,
    y: String,
    /// Its area tells the number of events.
    radius: String,
}

struct SliceView<'a> {
    by: &'a str,
    label: &'a str,
    rows: String,
    log_loss: String,
    base_rate: String,
    gain: String,
    accuracy: String,
    majority: String,
    forecast: String,
    observed: String,
}

struct FeatureView<'a> {
    label: &'a str,
    missing: String,
    gain: String,
    permutation: String,
    shap: String,
}

struct DecisionView<'a> {
    at: &'a str,
    what: &'static str,
    run: &'a str,
    before: &'a str,
    end: &'static str,
    checks: Vec<String>,
}

/// # Errors
/// If the template cannot be rendered.
pub fn page(shell: &Shell, inputs: &Inputs) -> Result<Rendered> {
    let frame = Frame {
        shell,
        path: "severity/model-card/",
        title: "Model card",
        description: "What the severity model is for and what not, what it was made from, and how well it \
                      does beside forecasts that need no model.",
    };
    let run = &inputs.model.run;
    let page = Page {
        frame: frame.clone(),
        run,
        in_production: inputs.model.stage == Stage::Production,
        full_record: run.feature_set == severity::features::FeatureSet::FullRecord,
        gain: run.gain.map(format::score),
        periods: vec![
            period("grown on", &run.train),
            period("stopped, chosen and calibrated by", &run.validation),
            period("judged on", &run.test),
        ],
        metrics: metrics(run),
        decided: [
            run.decided.accuracy,
            run.decided.macro_f1,
            run.decided.weighted_f1,
        ]
        .map(format::score),
        classes: classes(run),
        confusion: confusion(run),
        dots: dots(&run.model),
        bins: filled(&run.model).map(bin).collect(),
        calibration: [run.calibration.before, run.calibration.after].map(format::score),
        calibrated: run.calibration.after < run.calibration.before,
        slices: run.slices.iter().map(slice).collect(),
        features: features(run),
        learning: run
            .learning_curve
            .iter()
            .map(|point| [format::thousands(point.rows), format::score(point.log_loss)])
            .collect(),
        settings: settings(run),
        decisions: inputs.model.decisions.iter().rev().map(decision).collect(),
        model_href: shell.site.url(&format!("model/{}", run.file)),
        model_bytes: format::bytes(run.bytes),
        version: env!("CARGO_PKG_VERSION"),
    };
    render(&frame, &page, Vec::new())
}

fn period(role: &'static str, period: &Period) -> PeriodView {
    let share = |rows: &u64| format::share(*rows, period.rows);
    PeriodView {
        role,
        years: format!("{}–{}", period.from, period.to),
        rows: format::thousands(period.rows),
        shares: period.per_class.iter().map(share).collect(),
    }
}

fn metrics(run: &ModelRun) -> Vec<Metric> {
    SCORES
        .iter()
        .map(|(field, name, score)| {
            let interval = run.model.intervals.get(*field);
            Metric {
                name,
                better: match *field {
                    "log_loss" | "brier" => "lower",
                    _ => "higher",
                },
                model: format::score(score(&run.model)),
                interval: interval.map_or_else(
                    || format::MISSING.to_owned(),
                    |[low, high]| format!("{low:.3} to {high:.3}"),
                ),
                base_rate: format::score(score(&run.base_rate)),
                majority: format::score(score(&run.majority)),
            }
        })
        .collect()
}

fn classes(run: &ModelRun) -> Vec<ClassView<'_>> {
    let pairs = run.model.per_class.iter().zip(&run.decided.per_class);
    pairs
        .map(|(plain, decided)| ClassView {
            class: &plain.class,
            support: format::thousands(plain.support),
            scores: [
                plain.precision,
                plain.recall,
                plain.f1,
                decided.precision,
                decided.recall,
                decided.f1,
            ]
            .map(format::score),
        })
        .collect()
}

/// Rows of the confusion by weights: the actual class, then events by the class named.
fn confusion(run: &ModelRun) -> Vec<(&str, Vec<String>)> {
    let rows = run.classes.iter().zip(&run.decided.confusion);
    rows.map(|(class, row)| {
        let cells = row.iter().map(|events| format::thousands(*events));
        (class.as_str(), cells.collect())
    })
    .collect()
}

fn filled(evaluation: &Evaluation) -> impl Iterator<Item = &CalibrationBin> {
    evaluation.calibration.iter().filter(|bin| bin.rows > 0)
}

/// Bins as dots on a square of 200 by 200, its origin at the lower left.
fn dots(evaluation: &Evaluation) -> Vec<Dot> {
    let most = filled(evaluation).map(|bin| bin.rows).max().unwrap_or(1);
    filled(evaluation)
        .map(|bin| Dot {
            x: format!("{:.1}", bin.forecast * 200.0),
            y: format!("{:.1}", 200.0 - bin.observed * 200.0),
            radius: format!("{:.1}", 2.0 + 7.0 * (bin.rows as f64 / most as f64).sqrt()),
        })
        .collect()
}

fn bin(bin: &CalibrationBin) -> [String; 3] {
    [
        format::percent(bin.forecast),
        format::percent(bin.observed),
        format::thousands(bin.rows),
    ]
}

fn slice(slice: &Slice) -> SliceView<'_> {
    SliceView {
        by: &slice.by,
        label: if slice.label.is_empty() {
            "not recorded"
        } else {
            &slice.label
        },
        rows: format::thousands(slice.rows),
        log_loss: format::score(slice.log_loss),
        base_rate: format::score(slice.base_rate_log_loss),
        gain: format!("{:+.3} to {:+.3}", slice.gain[0], slice.gain[1]),
        accuracy: format::percent(slice.accuracy),
        majority: format::percent(slice.majority_accuracy),
        forecast: format::percent(slice.fatal_forecast),
        observed: format::percent(slice.fatal_observed),
    }
}

fn features(run: &ModelRun) -> Vec<FeatureView<'_>> {
    run.features
        .iter()
        .map(|feature| FeatureView {
            label: &feature.label,
            missing: format::percent(feature.missing),
            gain: format::percent(feature.importance),
            permutation: format!("{:+.4}", feature.permutation),
            shap: format!("{:.3}", feature.shap),
        })
        .collect()
}

fn settings(run: &ModelRun) -> Vec<(&'static str, String)> {
    let params = &run.params;
    let tidy = |x: f64| format!("{x:.3}");
    vec![
        ("Trees", format::thousands(run.trees)),
        ("Trials", run.trials.len().to_string()),
        (
            "Forests averaged, each grown the way of one of the best trials",
            run.rounds.len().to_string(),
        ),
        ("Learning rate", tidy(params.learning_rate)),
        (
            "Most splits to a leaf, best trial",
            params.depth.to_string(),
        ),
        ("Most leaves, best trial", params.leaves.to_string()),
        (
            "L2 and L1 penalty, best trial",
            format!("{:.3}, {:.3}", params.lambda, params.alpha),
        ),
        (
            "Share of events and of columns, best trial",
            format!("{:.2}, {:.2}", params.row_share, params.column_share),
        ),
        ("Seed", run.seed.to_string()),
    ]
}

fn decision(decision: &Decision) -> DecisionView<'_> {
    let checks = decision.checks.iter().map(|check| {
        let holds = if check.holds { "holds" } else { "fails" };
        format!(
            "{} {:.4} over {:.4}: {holds}",
            check.name, check.value, check.limit
        )
    });
    DecisionView {
        at: &decision.at,
        what: decision.action.name(),
        run: &decision.run,
        before: decision.before.as_deref().unwrap_or(format::MISSING),
        end: if decision.accepted {
            "accepted"
        } else {
            "refused"
        },
        checks: checks.collect(),
    }
}
