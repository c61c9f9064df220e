//! The stages in order, each skipped if its inputs have not changed.
//!
//! A stage's key is a hash of everything its result depends on: the tool itself, the settings it
//! reads and the key of the stage before it. Keys are made of contents, never of file times.

mod keys;
mod summary;

use std::path::Path;
use std::time::Instant;

use anyhow::{Context, Result, anyhow};
use dataset::manifest::{Manifest, Source};
use serde::Serialize;
use serde::de::DeserializeOwned;

use self::keys::{
    extend, figures_are_intact, file_has_hash, hash_folder, key, key_of_emit, lake_is_intact,
    site_is_intact, standing_key,
};
use crate::config::{Config, Gate};
use crate::fault::Fault;
use crate::output::Staged;
use crate::postgres::{Database, describe, lock};
use crate::progress::Progress;
use crate::registry;
use crate::stage::analyse::{self, Figures};
use crate::stage::emit::{self, Site};
use crate::stage::lake;
use crate::stage::migrate::{self, Existing, LoadReport, SourceFile};
use crate::stage::train::{self, ModelRun, TrainOptions};
use crate::stage::validate::{self, Plan, Status, ValidationReport};
use crate::text::{plural, thousands};
use crate::workdir::WorkDir;

/// How a stage ended, for the line printed about it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Outcome {
    /// It ran, for this many seconds.
    Ran(f64),
    /// Its inputs had not changed.
    Unchanged,
}

/// A build in a work folder.
pub struct Pipeline<'a> {
    config: &'a Config,
    work: WorkDir,
    progress: Progress,
    /// Called after each stage with its name, one line about its result, and how it ended.
    report: &'a mut dyn FnMut(&str, &str, Outcome),
    /// Opened by the first stage that needs it.
    database: Option<Database>,
}

impl<'a> Pipeline<'a> {
    /// Locks the work folder.
    ///
    /// # Errors
    /// If the folder cannot be used or another windsock uses it.
    pub fn open(
        config: &'a Config,
        progress: Progress,
        report: &'a mut dyn FnMut(&str, &str, Outcome),
    ) -> Result<Self> {
        let work = WorkDir::open(&config.work_dir)?;
        work.hold_for("build", &describe(config))?;
        Ok(Self {
            config,
            work,
            progress,
            report,
            database: None,
        })
    }

    /// Makes the whole site.
    ///
    /// # Errors
    /// If a stage fails; the site of the last successful build stays in place.
    pub fn build(mut self) -> Result<Site> {
        check_writable(&self.config.output)?;
        emit::check_web(&self.config.web_dir)?;
        let (tool, sources, version) = self.identify()?;
        let analysis = analyse_options(self.config);
        let figure_inputs = analysis.inputs()?;

        let state = serde_json::to_string(&sources)?;
        let load_key = key("migrate", &[&tool, &state, &version]);
        let config = self.config;
        let load = self.step(
            "migrate",
            &load_key,
            // The cluster may have gone while the work folder stayed, as in a restored cache.
            |_| !matches!(Database::exists(config), Ok(false)),
            |p| p.migrate(&sources),
            summary::load,
        )?;

        let plan = validate_plan(self.config)?;
        let suites = serde_json::to_string(&plan.configurations())?;
        let validation_key = extend("validate", &load_key, &[&suites]);
        let validation = self.step(
            "validate",
            &validation_key,
            |_| true,
            |p| p.validate(&sources, &plan),
            summary::validation,
        )?;
        gate(&validation, self.config.gate)?;

        let lake_key = extend("lake", &load_key, &[]);
        let lake = self.work.lake();
        let intact = |manifest: &Manifest| lake_is_intact(&lake, manifest);
        let manifest = self.step(
            "lake",
            &lake_key,
            intact,
            |p| p.lake(&sources),
            summary::lake,
        )?;
        self.database = None; // Nothing below needs it: stop the private server.

        let figures_key = extend("analyse", &lake_key, &[&figure_inputs]);
        let intact = |figures: &Figures| figures_are_intact(&lake, figures);
        let figures = self.step(
            "analyse",
            &figures_key,
            intact,
            |p| write_figures(&p.work.lake(), &analysis, p.progress),
            summary::figures,
        )?;

        let options = train_options(self.config);
        let model_key = extend("train", &lake_key, &[&format!("{options:?}")]);
        let models = self.work.models();
        let intact =
            |run: &ModelRun| file_has_hash(&registry::model_file(&models, run), &run.sha256);
        let model = self.step(
            "train",
            &model_key,
            intact,
            |p| p.train(&options),
            summary::model,
        )?;
        let model = registry::published(&models, Some(&model))?;
        let (model_key, model) = (standing_key(&model)?, model);
        if !model.run.better_than_base {
            tracing::warn!(
                "the severity model is no better than base rates on {}–{} ({} training events): \
                 its page says so; add databases",
                model.run.test.from,
                model.run.test.to,
                thousands(model.run.train.rows)
            );
        }

        let web = hash_folder(&self.config.web_dir)
            .with_context(|| format!("reading {}", self.config.web_dir.display()))?;
        let stages = [&validation_key, &figures_key, &model_key];
        let emit_key = key_of_emit(config, stages, &web);
        let inputs = emit::Inputs {
            title: config.title.clone(),
            base_url: config.base_url.clone(),
            load,
            validation,
            figures,
            model_file: registry::model_file(&models, &model.run),
            model,
            manifest,
            lake,
            web: config.web_dir.clone(),
            event_pages: config.event_pages,
        };
        let intact = |site: &Site| site_is_intact(&config.output, site);
        self.step(
            "emit",
            &emit_key,
            intact,
            |_| write_site(&inputs, &config.output),
            summary::site,
        )
    }

    /// Runs a stage unless its record answers to `key` and what it made is `intact`.
    fn step<T: Serialize + DeserializeOwned>(
        &mut self,
        stage: &str,
        key: &str,
        intact: impl Fn(&T) -> bool,
        run: impl FnOnce(&mut Self) -> Result<T>,
        describe: impl Fn(&T) -> String,
    ) -> Result<T> {
        if let Some(result) = self.work.recorded::<T>(stage, key).filter(&intact) {
            (self.report)(stage, &describe(&result), Outcome::Unchanged);
            return Ok(result);
        }
        let start = Instant::now();
        let result = run(self)?;
        self.work.record(stage, key, &result)?;
        (self.report)(
            stage,
            &describe(&result),
            Outcome::Ran(start.elapsed().as_secs_f64()),
        );
        Ok(result)
    }

    /// The tool's hash and what [`Self::sources`] says: two large reads side by side.
    fn identify(&mut self) -> Result<(String, Vec<SourceFile>, String)> {
        let (tool, sources) = std::thread::scope(|scope| {
            let tool = scope.spawn(keys::tool);
            let sources = self.sources();
            (tool.join(), sources)
        });
        let tool = tool.map_err(|_| anyhow!("hashing the tool stopped"))??;
        let (sources, version) = sources?;
        Ok((tool, sources, version))
    }

    /// What the site is to be made of: the files that were named or, if none were, what the database
    /// holds, with a word that changes whenever that does.
    fn sources(&mut self) -> Result<(Vec<SourceFile>, String)> {
        if self.config.files.is_empty() && Database::exists(self.config)? {
            let client = &mut self.database(&[])?.client;
            if let Some(last) = migrate::last_load(client)? {
                let sources = migrate::recorded(client)?.sources;
                return Ok((sources, format!("load {last}")));
            }
        }
        let files = migrate::some(&self.config.files)?;
        Ok((keys::sources(files, &self.work)?, String::new()))
    }

    /// The database, holding exactly `sources` if files were named: what an earlier run or another
    /// tool left there is replaced.
    fn database(&mut self, sources: &[SourceFile]) -> Result<&mut Database> {
        if self.database.is_none() {
            let mut database = Database::open(self.config)?;
            lock(&mut database.client, "build")?;
            let files = &self.config.files;
            if !files.is_empty() && migrate::recorded(&mut database.client)?.sources != sources {
                migrate::run(
                    &mut database.client,
                    files,
                    Existing::Replace,
                    self.progress,
                )?;
            }
            self.database = Some(database);
        }
        self.database
            .as_mut()
            .context("the database was just opened")
    }

    fn migrate(&mut self, sources: &[SourceFile]) -> Result<LoadReport> {
        let database = self.database(sources)?;
        migrate::recorded(&mut database.client)
    }

    fn validate(&mut self, sources: &[SourceFile], plan: &Plan) -> Result<ValidationReport> {
        let (progress, folder) = (self.progress, self.work.validation());
        run_validation(self.database(sources)?, plan, &folder, progress)
    }

    fn lake(&mut self, sources: &[SourceFile]) -> Result<Manifest> {
        let (progress, folder) = (self.progress, self.work.lake());
        write_lake(self.database(sources)?, sources, &folder, progress)
    }

    fn train(&mut self, options: &TrainOptions) -> Result<ModelRun> {
        train::run(
            &self.work.lake(),
            &self.work.models(),
            options,
            self.progress,
        )
    }
}

/// How the model of a build is trained.
pub fn train_options(config: &Config) -> TrainOptions {
    let default = TrainOptions::default();
    TrainOptions {
        features: config.features,
        train_to: config.train_to,
        validate_to: config.validate_to,
        trials: config.trials.unwrap_or(default.trials),
        ..default
    }
}

/// Writes the lake of a database beside the old one and swaps them.
///
/// # Errors
/// If reading, writing or the swap fails; the old lake then stays in place.
pub fn write_lake(
    database: &mut Database,
    sources: &[SourceFile],
    folder: &Path,
    progress: Progress,
) -> Result<Manifest> {
    let sources: Vec<Source> = sources
        .iter()
        .map(|file| Source {
            name: file.name.clone(),
            sha256: file.sha256.clone(),
            bytes: file.bytes,
        })
        .collect();
    let mut output = Staged::begin(folder)?;
    let scratch = folder.with_file_name(".lake.scratch");
    let manifest = lake::run(
        &mut database.client,
        &sources,
        &scratch,
        &mut output,
        progress,
    )?;
    output.commit()?;
    Ok(manifest)
}

/// What the configuration says about the figures.
pub fn analyse_options(config: &Config) -> analyse::Options {
    analyse::Options {
        exposure: config.exposure.clone(),
        figures: config.figures.clone(),
        ..analyse::Options::default()
    }
}

/// Computes the figures of a lake and writes them into its folder `figures`, beside the old ones,
/// then swaps them.
///
/// # Errors
/// If a figure cannot be computed or written; the old figures then stay in place.
pub fn write_figures(
    lake: &Path,
    options: &analyse::Options,
    progress: Progress,
) -> Result<Figures> {
    let mut output = Staged::begin(&lake.join(analyse::FOLDER))?;
    let figures = analyse::run(lake, options, &mut output, progress)?;
    output.commit()?;
    Ok(figures)
}

/// Writes the site beside the old one, holds it to its budget and swaps them.
///
/// # Errors
/// If writing fails or the site is over budget; the old site then stays in place.
pub fn write_site(inputs: &emit::Inputs, folder: &Path) -> Result<Site> {
    let mut output = Staged::begin(folder)?;
    let features = inputs.model.run.feature_set;
    let estimates = train::estimates(&inputs.lake, &inputs.model_file, features)?;
    let mut site = emit::run(inputs, estimates, &mut output)?;
    emit::budget::check(output.path())?;
    site.changes = Some(output.commit()?);
    Ok(site)
}

/// What a build checks: the suites that ship with windsock and those of the configuration.
///
/// # Errors
/// If a suite cannot be understood.
pub fn validate_plan(config: &Config) -> Result<Plan> {
    let mut plan = Plan::shipped()?;
    plan.extend(Plan::read(&config.suites, None)?);
    Ok(plan)
}

/// Runs a plan and keeps its results and the history of runs in `folder`.
///
/// # Errors
/// If PostgreSQL or the disk fails.
pub fn run_validation(
    database: &mut Database,
    plan: &Plan,
    folder: &Path,
    progress: Progress,
) -> Result<ValidationReport> {
    let mut report = validate::run(&mut database.client, &database.url, plan, progress)?;
    validate::keep(folder, &mut report)?;
    Ok(report)
}

/// Stops a build whose data is not fit to publish.
///
/// # Errors
/// [`Fault::Validation`] if a check was violated that the gate does not let through.
pub fn gate(report: &ValidationReport, gate: Gate) -> Result<()> {
    let stops = match gate {
        Gate::Warn => Status::Warn,
        Gate::None | Gate::Fail => Status::Fail,
    };
    let failed: Vec<String> = report
        .checks()
        .filter(|check| check.status >= stops)
        .map(|check| match (check.unexpected(), &check.error) {
            (Some(rows), _) => format!("{} ({})", check.id, plural(rows, "row")),
            (None, Some(error)) => format!("{} ({error})", check.id),
            (None, None) => check.id.clone(),
        })
        .collect();
    if failed.is_empty() {
        return Ok(());
    }
    if gate == Gate::None {
        tracing::warn!(
            "publishing although validation failed: {}",
            failed.join(", ")
        );
        return Ok(());
    }
    let list = failed.join(", ");
    Err(Fault::Validation(format!(
        "validation failed: {list}; see `windsock validate`"
    ))
    .into())
}

/// A build takes minutes: an output folder that cannot be written is better reported at once.
fn check_writable(output: &Path) -> Result<()> {
    Staged::begin(output).map(drop)
}
