//! The model card as Markdown: what a folder of the registry says to people.

use askama::Template;

use crate::stage::train::{Evaluation, ModelRun};
use crate::text::thousands;

#[derive(Template)]
#[template(path = "model-card.md")]
struct Card<'a> {
    run: &'a ModelRun,
    /// Events to train on, to validate and to test with.
    events: [String; 3],
    bytes: String,
    scores: Vec<[String; 5]>,
}

/// The card of a run. It tells nothing that may change later: stages are in the index.
pub fn card(run: &ModelRun) -> String {
    let card = Card {
        run,
        events: [&run.train, &run.validation, &run.test].map(|period| thousands(period.rows)),
        bytes: thousands(run.bytes),
        scores: scores(run),
    };
    // Writing to a String cannot fail.
    card.render().unwrap_or_default()
}

/// A score of an evaluation.
type Score = fn(&Evaluation) -> f64;

/// Scores with their field name and plain name; the first two are better when lower.
pub(crate) const SCORES: [(&str, &str, Score); 7] = [
    ("log_loss", "Log-loss", |e| e.log_loss),
    ("brier", "Brier score", |e| e.brier),
    ("accuracy", "Accuracy", |e| e.accuracy),
    ("macro_f1", "Macro F1", |e| e.macro_f1),
    ("weighted_f1", "Weighted F1", |e| e.weighted_f1),
    ("auc_ovr", "ROC area, one class against the rest", |e| {
        e.auc_ovr
    }),
    ("pr_auc_fatal", "Precision–recall area, fatal", |e| {
        e.pr_auc_fatal
    }),
];

/// Name, model, its interval, base rates, majority.
fn scores(run: &ModelRun) -> Vec<[String; 5]> {
    SCORES
        .iter()
        .map(|(field, name, score)| {
            let [low, high] = run.model.intervals.get(*field).copied().unwrap_or_default();
            [
                (*name).to_owned(),
                format!("{:.4}", score(&run.model)),
                format!("{low:.4} to {high:.4}"),
                format!("{:.4}", score(&run.base_rate)),
                format!("{:.4}", score(&run.majority)),
            ]
        })
        .collect()
}
