//! Methods, counting units, privacy and the model's record.

use anyhow::Result;
use askama::Template;

use super::{Frame, Rendered, Shell, format, render};
use crate::stage::emit::Inputs;
use crate::stage::train::{Evaluation, ModelRun, Period};

#[derive(Template)]
#[template(path = "about.html")]
struct About<'a> {
    frame: Frame<'a>,
    run: &'a ModelRun,
    periods: Vec<PeriodView>,
    metrics: Vec<Metric>,
    classes: Vec<ClassView<'a>>,
    features: Vec<FeatureView<'a>>,
    calibration: Vec<BinView>,
    model_href: String,
    model_bytes: String,
    sources: Vec<&'a str>,
}

struct PeriodView {
    role: &'static str,
    from: i32,
    to: i32,
    rows: String,
}

/// A score of the model beside those of the two forecasts that know nothing of the event.
struct Metric {
    name: &'static str,
    better: &'static str,
    base_rate: String,
    majority: String,
    model: String,
}

struct ClassView<'a> {
    class: &'a str,
    support: String,
    precision: String,
    recall: String,
    f1: String,
}

struct FeatureView<'a> {
    label: &'a str,
    missing: String,
    importance: String,
}

struct BinView {
    forecast: String,
    observed: String,
    rows: String,
}

/// # Errors
/// If the template cannot be rendered.
pub fn page(shell: &Shell, inputs: &Inputs) -> Result<Rendered> {
    let frame = Frame {
        shell,
        path: "about/",
        title: "About",
        description: "Where the data come from, what is counted and how, what the severity model \
                      can and cannot do, and what this site knows about its visitors: nothing.",
    };
    let run = &inputs.model.run;
    let page = About {
        frame: frame.clone(),
        run,
        periods: vec![
            period("grown on", &run.train),
            period("stopped by", &run.validation),
            period("measured on", &run.test),
        ],
        metrics: metrics(run),
        classes: run
            .model
            .per_class
            .iter()
            .map(|class| ClassView {
                class: &class.class,
                support: format::thousands(class.support),
                precision: format::score(class.precision),
                recall: format::score(class.recall),
                f1: format::score(class.f1),
            })
            .collect(),
        features: run
            .features
            .iter()
            .map(|feature| FeatureView {
                label: &feature.label,
                missing: format::percent(feature.missing),
                importance: format::percent(feature.importance),
            })
            .collect(),
        calibration: run
            .model
            .calibration
            .iter()
            .filter(|bin| bin.rows > 0)
            .map(|bin| BinView {
                forecast: format::percent(bin.forecast),
                observed: format::percent(bin.observed),
                rows: format::thousands(bin.rows),
            })
            .collect(),
        model_href: shell.site.url(&format!("model/{}", run.file)),
        model_bytes: format::bytes(run.bytes),
        sources: inputs
            .load
            .sources
            .iter()
            .map(|source| source.name.as_str())
            .collect(),
    };
    render(&frame, &page, Vec::new())
}

fn period(role: &'static str, period: &Period) -> PeriodView {
    PeriodView {
        role,
        from: period.from,
        to: period.to,
        rows: format::thousands(period.rows),
    }
}

fn metrics(run: &ModelRun) -> Vec<Metric> {
    type Score = fn(&Evaluation) -> f64;
    let scores: [(&str, &str, Score); 7] = [
        ("Log-loss", "lower", |e| e.log_loss),
        ("Brier score", "lower", |e| e.brier),
        ("Accuracy", "higher", |e| e.accuracy),
        ("Macro F1", "higher", |e| e.macro_f1),
        ("Weighted F1", "higher", |e| e.weighted_f1),
        ("ROC area, one class against the rest", "higher", |e| {
            e.auc_ovr
        }),
        ("Precision–recall area, fatal", "higher", |e| {
            e.pr_auc_fatal
        }),
    ];
    scores
        .into_iter()
        .map(|(name, better, score)| Metric {
            name,
            better,
            base_rate: format::score(score(&run.base_rate)),
            majority: format::score(score(&run.majority)),
            model: format::score(score(&run.model)),
        })
        .collect()
}
