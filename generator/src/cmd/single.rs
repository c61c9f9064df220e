//! The commands that run one stage.

use std::path::Path;

use anyhow::Result;

use super::table;
use crate::cli::TrainArgs;
use crate::config::Config;
use crate::pipeline;
use crate::postgres::{Database, describe, lock};
use crate::progress::Progress;
use crate::registry::{self, mlflow};
use crate::sample::{SampleOptions, write_sample};
use crate::stage::emit;
use crate::stage::migrate::{self, Existing, LoadReport};
use crate::stage::train::{self, Evaluation, ModelRun, TrainOptions};
use crate::text::thousands;
use crate::workdir::WorkDir;

pub(super) fn sample(dir: &Path, events: u32, seed: u64, progress: Progress) -> Result<()> {
    let options = SampleOptions { events, seed };
    let bar = progress.bar("sample", u64::from(events));
    let report = write_sample(dir, &options, &mut |done| bar.set_position(done))?;
    bar.finish_and_clear();
    for file in &report.files {
        println!(
            "{}: {} rows, {} bytes",
            file.path.display(),
            thousands(file.rows),
            thousands(file.bytes)
        );
    }
    Ok(())
}

pub(super) fn migrate(config: &Config, replace: bool, progress: Progress) -> Result<()> {
    let work = WorkDir::open(&config.work_dir)?;
    work.hold_for("migrate", &describe(config))?;
    let mut database = Database::open(config)?;
    lock(&mut database.client, "migrate")?;
    let existing = if replace {
        Existing::Replace
    } else {
        Existing::Keep
    };
    let load = migrate::run(&mut database.client, &config.files, existing, progress)?;
    work.record("migrate", super::BY_HAND, &load)?;
    print_load(&load);
    Ok(())
}

fn print_load(load: &LoadReport) {
    let rows: Vec<Vec<String>> = load
        .tables
        .iter()
        .map(|table| {
            let numbers = [
                table.read,
                table.inserted,
                table.updated,
                table.unchanged,
                table.rejected,
            ];
            let names = [table.source.clone(), table.table.clone()];
            names.into_iter().chain(numbers.map(thousands)).collect()
        })
        .collect();
    let header = [
        "source",
        "table",
        "read",
        "inserted",
        "updated",
        "unchanged",
        "rejected",
    ];
    println!("{}", table::format(&header, &rows, 2));
}

pub(super) fn lake(config: &Config, progress: Progress) -> Result<()> {
    let work = WorkDir::open(&config.work_dir)?;
    let mut database = Database::open(config)?;
    let sources = migrate::recorded(&mut database.client)?.sources;
    let manifest = pipeline::write_lake(&mut database, &sources, &work.lake(), progress)?;
    work.record("lake", super::BY_HAND, &manifest)?;
    let rows: Vec<Vec<String>> = manifest
        .tables
        .iter()
        .map(|(name, table)| {
            let largest = table.files.iter().map(|file| file.bytes).max();
            let numbers = [
                table.rows,
                table.files.len() as u64,
                table.bytes,
                largest.unwrap_or_default(),
            ];
            let cut = table.partition.as_deref().unwrap_or("none").to_owned();
            [name.clone(), cut]
                .into_iter()
                .chain(numbers.map(thousands))
                .collect()
        })
        .collect();
    let headings = ["table", "partition", "rows", "files", "bytes", "largest"];
    println!("{}", table::format(&headings, &rows, 2));
    Ok(())
}

pub(super) fn train(config: &Config, args: &TrainArgs, progress: Progress) -> Result<()> {
    let work = WorkDir::open(&config.work_dir)?;
    let configured = pipeline::train_options(config);
    let options = TrainOptions {
        features: args.features.map_or(configured.features, Into::into),
        without: args.without.clone(),
        trials: args.trials.unwrap_or(configured.trials),
        seed: u64::from(args.seed),
        export: args.export_matrix.clone(),
        ..configured
    };
    let run = train::run(&work.lake(), &work.models(), &options, progress)?;
    work.record("train", super::BY_HAND, &run)?;
    print_model(&run);
    if let Some(server) = &args.mlflow {
        let logged = mlflow::log(server, &work.models(), &run)?;
        println!("{}", super::models::describe(server, &logged));
    }
    Ok(())
}

fn print_model(run: &ModelRun) {
    for (name, period) in [
        ("train", &run.train),
        ("validation", &run.validation),
        ("test", &run.test),
    ] {
        println!(
            "{name}: {}–{}, {} events",
            period.from,
            period.to,
            thousands(period.rows)
        );
    }
    let row = |name: &str, scores: &Evaluation| {
        let numbers = [
            scores.log_loss,
            scores.brier,
            scores.accuracy,
            scores.macro_f1,
            scores.weighted_f1,
            scores.auc_ovr,
            scores.pr_auc_fatal,
        ];
        std::iter::once(name.to_owned())
            .chain(numbers.map(|n| format!("{n:.4}")))
            .collect()
    };
    let rows: Vec<Vec<String>> = vec![
        row("model", &run.model),
        row("base rates", &run.base_rate),
        row("majority", &run.majority),
    ];
    let header = [
        "test years",
        "log-loss",
        "Brier",
        "accuracy",
        "macro F1",
        "weighted F1",
        "AUC",
        "PR FATL",
    ];
    println!("{}", table::format(&header, &rows, 1));
    println!(
        "naming classes by weight: accuracy {:.4}, macro F1 {:.4}, weighted F1 {:.4}",
        run.decided.accuracy, run.decided.macro_f1, run.decided.weighted_f1
    );
    println!(
        "log-loss below base rates by {:.4} to {:.4}{}",
        run.gain[0],
        run.gain[1],
        if run.better_than_base {
            ""
        } else {
            ": the model is worth nothing, more events are needed"
        }
    );
    let unused: Vec<&str> = run.unused.iter().map(|f| f.name.as_str()).collect();
    if !unused.is_empty() {
        println!("not used: {}", unused.join(", "));
    }
    println!(
        "{}: {}, {} bytes, {} trees, {}, {} features",
        run.id,
        run.file,
        thousands(run.bytes),
        thousands(run.trees),
        run.feature_set.name(),
        run.features.len()
    );
}

pub(super) fn emit(config: &Config) -> Result<()> {
    let work = WorkDir::open(&config.work_dir)?;
    let trained: ModelRun = work.latest("train")?;
    let model = registry::published(&work.models(), Some(&trained))?;
    let inputs = emit::Inputs {
        title: config.title.clone(),
        base_url: config.base_url.clone(),
        load: work.latest("migrate")?,
        validation: work.latest("validate")?,
        figures: work.latest("analyse")?,
        manifest: work.latest("lake")?,
        lake: work.lake(),
        model_file: registry::model_file(&work.models(), &model.run),
        model,
        web: config.web_dir.clone(),
        event_pages: config.event_pages,
    };
    let site = pipeline::write_site(&inputs, &config.output)?;
    work.record("emit", super::BY_HAND, &site)?;
    println!(
        "{}: {} pages, {} files, {} bytes",
        config.output.display(),
        thousands(site.pages),
        thousands(site.files),
        thousands(site.bytes)
    );
    Ok(())
}
