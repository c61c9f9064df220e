//! `windsock models`.

use anyhow::{Result, bail};

use super::table;
use crate::cli::{ModelsAction, PromoteArgs};
use crate::config::Config;
use crate::fault::Fault;
use crate::fetch::Url;
use crate::registry::mlflow::{self, Logged};
use crate::registry::{self, Decision, Index};
use crate::stage::train::{ModelRun, contest};
use crate::text::thousands;
use crate::workdir::{self, WorkDir};

pub(super) fn run(config: &Config, action: &ModelsAction) -> Result<()> {
    let work = WorkDir::open(&config.work_dir)?;
    let models = work.models();
    match action {
        ModelsAction::List { json } => list(&work, *json),
        ModelsAction::Show { run } => {
            let run = match run {
                Some(name) => registry::find(&models, name)?,
                None => registry::published(&models, None)?.run,
            };
            print!("{}", registry::card(&run));
            Ok(())
        }
        ModelsAction::Compare {
            challenger,
            champion,
        } => {
            let challenger = registry::find(&models, challenger)?;
            let champion = match (champion, Index::read(&models)?.production()) {
                (Some(name), _) => registry::find(&models, name)?,
                (None, Some(id)) => registry::read(&models, id)?,
                (None, None) => bail!(Fault::Input(
                    "no run is in production: name two runs to compare".to_owned()
                )),
            };
            compare(&work, &challenger, &champion)
        }
        ModelsAction::Promote(args) => promote(&work, args),
        ModelsAction::Rollback => {
            let decision = registry::rollback(&models, &workdir::now())?;
            println!("{} is in production again", decision.run);
            Ok(())
        }
    }
}

/// Where a run was logged, in a line.
pub(super) fn describe(server: &Url, logged: &Logged) -> String {
    format!(
        "logged to {server}: run {} of experiment {}, version {} of {}",
        logged.run_id,
        mlflow::NAME,
        logged.version,
        mlflow::NAME
    )
}

fn list(work: &WorkDir, json: bool) -> Result<()> {
    let models = work.models();
    let index = Index::read(&models)?;
    if json {
        println!("{}", serde_json::to_string_pretty(&index)?);
        return Ok(());
    }
    if index.runs.is_empty() {
        println!("no model has been trained yet: run `windsock train`");
        return Ok(());
    }
    let mut rows = Vec::new();
    for entry in &index.runs {
        let run = registry::read(&models, &entry.id)?;
        rows.push(vec![
            entry.id.clone(),
            entry.stage.name().to_owned(),
            format!("{}–{}", run.test.from, run.test.to),
            format!("{:.4}", run.model.log_loss),
            format!("{:.4}", run.base_rate.log_loss),
            format!("{:.4}", run.decided.macro_f1),
            format!("{:.4}", run.model.auc_ovr),
            run.features.len().to_string(),
            thousands(run.bytes),
        ]);
    }
    let header = [
        "run", "stage", "test", "log-loss", "base", "macro F1", "AUC", "features", "bytes",
    ];
    println!("{}", table::format(&header, &rows, 3));
    for decision in &index.decisions {
        println!("{}", line(decision));
    }
    Ok(())
}

/// A decision in a line.
fn line(decision: &Decision) -> String {
    let failed: Vec<&str> = decision
        .checks
        .iter()
        .filter(|check| !check.holds)
        .map(|check| check.name.as_str())
        .collect();
    let end = if decision.accepted {
        match &decision.before {
            Some(before) => format!("accepted, before it {before}"),
            None => "accepted".to_owned(),
        }
    } else {
        format!("refused: {}", failed.join(", "))
    };
    let (at, what, run) = (&decision.at, decision.action.name(), &decision.run);
    format!("{at}  {what} of {run}: {end}")
}

fn compare(work: &WorkDir, challenger: &ModelRun, champion: &ModelRun) -> Result<()> {
    let models = work.models();
    let settings = |run: &ModelRun| -> Vec<(&'static str, String)> {
        let years = |p: &crate::stage::train::Period| format!("{}–{}", p.from, p.to);
        vec![
            ("features", run.feature_set.name().to_owned()),
            ("left out", run.without.join(", ")),
            ("features used", run.features.len().to_string()),
            ("train", years(&run.train)),
            ("validation", years(&run.validation)),
            ("test", years(&run.test)),
            ("trials", run.trials.len().to_string()),
            ("seed", run.seed.to_string()),
            ("trees", run.trees.to_string()),
            ("bytes", thousands(run.bytes)),
            ("data", run.data_sha256.chars().take(8).collect()),
            ("own test log-loss", format!("{:.4}", run.model.log_loss)),
        ]
    };
    let pairs = settings(challenger).into_iter().zip(settings(champion));
    let rows: Vec<Vec<String>> = pairs
        .map(|((name, mine), (_, other))| vec![name.to_owned(), mine, other])
        .collect();
    let header = ["", challenger.id.as_str(), champion.id.as_str()];
    println!("{}", table::format(&header, &rows, 3));
    let held = contest(
        &work.lake(),
        (challenger, &registry::model(&models, challenger)?),
        (champion, &registry::model(&models, champion)?),
    )?;
    println!(
        "on the same {} events of {}–{}: log-loss {:.4} against {:.4}, lower by {:.4} to {:.4}; macro F1 \
         {:.4} against {:.4}",
        thousands(held.rows),
        challenger.test.from,
        challenger.test.to,
        held.log_loss[0],
        held.log_loss[1],
        held.gain[0],
        held.gain[1],
        held.macro_f1[0],
        held.macro_f1[1]
    );
    Ok(())
}

fn promote(work: &WorkDir, args: &PromoteArgs) -> Result<()> {
    let models = work.models();
    let run = match &args.run {
        Some(name) => registry::find(&models, name)?,
        None => registry::newest(&models)?,
    };
    let gates = args.gates();
    let verdict = registry::promote(&work.lake(), &models, &run, &gates, &workdir::now())?;
    let decision = &verdict.decision;
    let rows: Vec<Vec<String>> = decision
        .checks
        .iter()
        .map(|check| {
            let holds = if check.holds { "yes" } else { "no" };
            vec![
                check.name.clone(),
                holds.to_owned(),
                format!("{:.4}", check.value),
                format!("{:.4}", check.limit),
            ]
        })
        .collect();
    println!(
        "{}",
        table::format(&["gate", "holds", "is", "must exceed"], &rows, 2)
    );
    if !decision.accepted {
        bail!(Fault::Validation(format!(
            "{} stays out of production: not every gate holds",
            run.id
        )));
    }
    match &decision.before {
        Some(before) => println!("{} is in production, {before} is archived", run.id),
        None => println!("{} is in production", run.id),
    }
    if let Some(server) = &args.mlflow {
        let version = mlflow::promote(server, &run)?;
        println!(
            "{server}: alias production is now version {version} of {}",
            mlflow::NAME
        );
    }
    Ok(())
}
