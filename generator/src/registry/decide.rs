//! Promotion and rollback: what has to be true, and what is remembered.

use std::path::Path;

use anyhow::{Result, bail};

use super::index::{Action, Check, Decision, Index};
use super::{model, read};
use crate::fault::Fault;
use crate::stage::train::{Evaluation, ModelRun, contest};

/// What a run must reach. Without a value, a gate asks for what forecasts without any model reach
/// on the same events: base rates and the majority class.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Gates {
    /// By how much (nats) the log loss must be lower than that of the run in production, or of
    /// base rates if none is: compared with the low end of the 95 % interval over resampled
    /// events, so 0 asks for a difference that is not chance.
    pub margin: f64,
    /// Least accuracy.
    pub accuracy: Option<f64>,
    /// Least macro F1.
    pub macro_f1: Option<f64>,
    /// Least weighted F1.
    pub weighted_f1: Option<f64>,
    /// Least mean one-vs-rest ROC area.
    pub auc: Option<f64>,
    /// Least precision-recall area of the fatal class.
    pub pr_auc_fatal: Option<f64>,
}

/// How a promotion ended.
#[derive(Debug, Clone, PartialEq)]
pub struct Verdict {
    /// The recorded decision.
    pub decision: Decision,
    /// Events of the test years that both runs were judged on; none without a run in production.
    pub events: Option<u64>,
}

/// Puts a run into production if it is better than the one there and passes the gates; the
/// decision is recorded either way. `at` is the time to record.
///
/// # Errors
/// [`Fault::Input`] if the run is in production already; otherwise if the two cannot be compared
/// on the same events of the lake, or files cannot be read or written.
pub fn promote(
    lake: &Path,
    models: &Path,
    run: &ModelRun,
    gates: &Gates,
    at: &str,
) -> Result<Verdict> {
    let mut index = Index::read(models)?;
    let before = index.production().map(str::to_owned);
    if before.as_deref() == Some(run.id.as_str()) {
        bail!(Fault::Input(format!("{} is in production already", run.id)));
    }
    let mut events = None;
    let (name, gain) = match &before {
        None => ("log loss below base rates, low end", run.gain[0]),
        Some(id) => {
            let champion = read(models, id)?;
            let contest = contest(
                lake,
                (run, &model(models, run)?),
                (&champion, &model(models, &champion)?),
            )?;
            events = Some(contest.rows);
            ("log loss below production, low end", contest.gain[0])
        }
    };
    let mut checks = vec![check(name, gates.margin, gain)];
    // The file must be what was registered even when nothing is compared.
    model(models, run)?;
    checks.extend(gates.checks(run));
    let accepted = checks.iter().all(|check| check.holds);
    let decision = Decision {
        at: at.to_owned(),
        action: Action::Promote,
        run: run.id.clone(),
        before,
        accepted,
        checks,
    };
    if accepted {
        index.put_into_production(&run.id);
    }
    index.decisions.push(decision.clone());
    index.write(models)?;
    Ok(Verdict { decision, events })
}

/// Brings back the run that was in production before.
///
/// # Errors
/// [`Fault::Input`] if there is none; otherwise if files cannot be read or written.
pub fn rollback(models: &Path, at: &str) -> Result<Decision> {
    let mut index = Index::read(models)?;
    let Some(run) = index.predecessor().map(str::to_owned) else {
        bail!(Fault::Input(
            "no run was in production before: there is nothing to go back to".to_owned()
        ));
    };
    model(models, &read(models, &run)?)?;
    let decision = Decision {
        at: at.to_owned(),
        action: Action::Rollback,
        run: run.clone(),
        before: index.production().map(str::to_owned),
        accepted: true,
        checks: Vec::new(),
    };
    index.put_into_production(&run);
    index.decisions.push(decision.clone());
    index.write(models)?;
    Ok(decision)
}

/// A value has to exceed its limit: what only equals a constant forecast is no model.
fn check(name: &str, limit: f64, value: f64) -> Check {
    Check {
        name: name.to_owned(),
        limit,
        value,
        holds: value > limit,
    }
}

impl Gates {
    fn checks(&self, run: &ModelRun) -> Vec<Check> {
        type Score = fn(&Evaluation) -> f64;
        let scores: [(&str, Option<f64>, Score); 5] = [
            ("accuracy", self.accuracy, |e| e.accuracy),
            ("macro F1", self.macro_f1, |e| e.macro_f1),
            ("weighted F1", self.weighted_f1, |e| e.weighted_f1),
            ("ROC area", self.auc, |e| e.auc_ovr),
            ("precision-recall area, fatal", self.pr_auc_fatal, |e| {
                e.pr_auc_fatal
            }),
        ];
        scores
            .into_iter()
            .map(|(name, limit, score)| {
                let constant = score(&run.base_rate).max(score(&run.majority));
                check(name, limit.unwrap_or(constant), score(&run.model))
            })
            .collect()
    }
}
