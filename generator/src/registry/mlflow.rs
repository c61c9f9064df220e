//! Training runs on an MLflow tracking server, by its REST API
//! (<https://mlflow.org/docs/latest/api_reference/rest-api.html>).
//!
//! A run becomes a run of the experiment [`NAME`] with parameters, metrics, the files of its folder
//! as artifacts, and a version of the registered model of the same name with alias `staging`.
//! Promotion moves the alias `production`. Logging a run twice finds what is there.

use std::path::Path;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use anyhow::{Context, Result, anyhow, bail};
use serde_json::{Value, json};
use ureq::Agent;
use ureq::http::StatusCode;
use ureq::http::header::{AUTHORIZATION, CONTENT_TYPE};

use super::card::SCORES;
use super::folder;
use crate::fetch::{Url, agent};
use crate::stage::train::ModelRun;

/// Name of the experiment and of the registered model.
pub const NAME: &str = "windsock-severity";

/// Tag that carries the name of a run.
const TAG: &str = "windsock.run";

/// Most metrics, and most parameters, in one request.
const BATCH: usize = 100;

/// Longest wait for an answer.
const PATIENCE: Duration = Duration::from_mins(1);

/// What the server made of a run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Logged {
    /// MLflow's name of the run.
    pub run_id: String,
    /// Version of the registered model.
    pub version: String,
}

/// Logs a run of the registry and registers its model.
///
/// # Errors
/// If the server cannot be reached, refuses something, or keeps artifacts where only its own
/// clients can write.
pub fn log(server: &Url, models: &Path, run: &ModelRun) -> Result<Logged> {
    let server = Server::new(server);
    let experiment = server.experiment()?;
    if let Some((run_id, version)) = server.version_of(run)? {
        server.alias("staging", &version)?;
        return Ok(Logged { run_id, version });
    }
    let now = milliseconds();
    let created = server.post(
        "runs/create",
        &json!({
            "experiment_id": experiment,
            "run_name": run.id,
            "start_time": now,
            "tags": [
                { "key": TAG, "value": run.id },
                { "key": "mlflow.source.name", "value": "windsock train" },
                { "key": "mlflow.note.content", "value": super::card(run) },
                { "key": "data_sha256", "value": run.data_sha256 },
            ],
        }),
    )?;
    let info = &created["run"]["info"];
    let run_id = text(&info["run_id"])?;
    for params in parameters(run).chunks(BATCH) {
        server.post(
            "runs/log-batch",
            &json!({ "run_id": run_id, "params": params }),
        )?;
    }
    for metrics in metrics(run, now).chunks(BATCH) {
        server.post(
            "runs/log-batch",
            &json!({ "run_id": run_id, "metrics": metrics }),
        )?;
    }
    let artifacts = text(&info["artifact_uri"])?;
    for name in ["run.json", "card.md", run.file.as_str()] {
        let file = folder(models, &run.id).join(name);
        let bytes = std::fs::read(&file).with_context(|| format!("reading {}", file.display()))?;
        server.upload(&artifacts, name, &bytes)?;
    }
    server.post(
        "runs/update",
        &json!({ "run_id": run_id, "status": "FINISHED", "end_time": milliseconds() }),
    )?;
    let version = server.register(run, &run_id, &artifacts)?;
    server.alias("staging", &version)?;
    Ok(Logged { run_id, version })
}

/// Moves the alias `production` to the version of a run; returns the version.
///
/// # Errors
/// If the server cannot be reached or does not know the run.
pub fn promote(server: &Url, run: &ModelRun) -> Result<String> {
    let server = Server::new(server);
    let Some((_, version)) = server.version_of(run)? else {
        bail!(
            "{} was not logged to {}: train with --mlflow",
            run.id,
            server.shown
        );
    };
    server.alias("production", &version)?;
    Ok(version)
}

/// A tracking server.
struct Server {
    agent: Agent,
    base: String,
    /// The address without what may be secret.
    shown: String,
    /// As MLflow's own clients: `MLFLOW_TRACKING_TOKEN`.
    token: Option<String>,
}

impl Server {
    fn new(url: &Url) -> Self {
        Self {
            agent: agent(PATIENCE),
            base: url.secret().trim_end_matches('/').to_owned(),
            shown: url.to_string(),
            token: std::env::var("MLFLOW_TRACKING_TOKEN").ok(),
        }
    }

    /// Identifier of the experiment, made if need be.
    fn experiment(&self) -> Result<String> {
        let path = format!("experiments/get-by-name?experiment_name={NAME}");
        if let Some(found) = self.get(&path)? {
            let experiment = &found["experiment"];
            if experiment["lifecycle_stage"] == "deleted" {
                bail!(
                    "the experiment {NAME} on {} was deleted: restore it there",
                    self.shown
                );
            }
            return text(&experiment["experiment_id"]);
        }
        let created = self.post("experiments/create", &json!({ "name": NAME }))?;
        text(&created["experiment_id"])
    }

    /// Registers the model of a run; the version.
    fn register(&self, run: &ModelRun, run_id: &str, artifacts: &str) -> Result<String> {
        if self
            .get(&format!("registered-models/get?name={NAME}"))?
            .is_none()
        {
            let description = "How badly an accident is likely to have ended.";
            self.post(
                "registered-models/create",
                &json!({ "name": NAME, "description": description }),
            )?;
        }
        let created = self.post(
            "model-versions/create",
            &json!({
                "name": NAME,
                "source": format!("{artifacts}/{}", run.file),
                "run_id": run_id,
                "description": format!("{}, SHA-256 {}", run.id, run.sha256),
                "tags": [{ "key": TAG, "value": run.id }],
            }),
        )?;
        text(&created["model_version"]["version"])
    }

    /// MLflow's run and version of a run, if it was logged completely before.
    fn version_of(&self, run: &ModelRun) -> Result<Option<(String, String)>> {
        let filter = format!("name%3D%27{NAME}%27");
        let mut token = String::new();
        loop {
            let path = format!("model-versions/search?filter={filter}&page_token={token}");
            let Some(found) = self.get(&path)? else {
                return Ok(None);
            };
            for version in found["model_versions"].as_array().into_iter().flatten() {
                let mut tags = version["tags"].as_array().into_iter().flatten();
                if tags.any(|tag| tag["key"] == TAG && tag["value"] == run.id.as_str()) {
                    let pair = (text(&version["run_id"])?, text(&version["version"])?);
                    return Ok(Some(pair));
                }
            }
            match found["next_page_token"].as_str() {
                Some(next) if !next.is_empty() => next.clone_into(&mut token),
                _ => return Ok(None),
            }
        }
    }

    fn alias(&self, alias: &str, version: &str) -> Result<()> {
        let body = json!({ "name": NAME, "alias": alias, "version": version });
        self.post("registered-models/alias", &body).map(drop)
    }

    /// Through the server's own artifact proxy, which every `mlflow server` has unless it was
    /// switched off.
    fn upload(&self, artifacts: &str, name: &str, bytes: &[u8]) -> Result<()> {
        let Some(rest) = artifacts.strip_prefix("mlflow-artifacts:") else {
            bail!(
                "{} keeps artifacts at {artifacts}, where windsock cannot write: start it with \
                 --serve-artifacts",
                self.shown
            );
        };
        // `mlflow-artifacts:/path`, or with the server's name: `mlflow-artifacts://host/path`.
        let path = match rest.strip_prefix("//") {
            Some(with_host) => with_host.split_once('/').map_or("", |(_, path)| path),
            None => rest.trim_start_matches('/'),
        };
        let url = format!(
            "{}/api/2.0/mlflow-artifacts/artifacts/{path}/{name}",
            self.base
        );
        let mut request = self
            .agent
            .put(&url)
            .header(CONTENT_TYPE, "application/octet-stream");
        if let Some(token) = &self.token {
            request = request.header(AUTHORIZATION, format!("Bearer {token}"));
        }
        self.answer("artifacts", request.send(bytes))?
            .with_context(|| format!("{} has no place for artifacts", self.shown))
            .map(drop)
    }

    fn post(&self, path: &str, body: &Value) -> Result<Value> {
        let mut request = self
            .agent
            .post(self.address(path))
            .header(CONTENT_TYPE, "application/json");
        if let Some(token) = &self.token {
            request = request.header(AUTHORIZATION, format!("Bearer {token}"));
        }
        let bytes = serde_json::to_vec(body)?;
        self.answer(path, request.send(&bytes[..]))?
            .with_context(|| format!("{} does not know {path}: is it MLflow 2 or 3?", self.shown))
    }

    /// Nothing if there is no such thing.
    fn get(&self, path: &str) -> Result<Option<Value>> {
        let mut request = self.agent.get(self.address(path));
        if let Some(token) = &self.token {
            request = request.header(AUTHORIZATION, format!("Bearer {token}"));
        }
        self.answer(path, request.call())
    }

    fn address(&self, path: &str) -> String {
        format!("{}/api/2.0/mlflow/{path}", self.base)
    }

    /// The answer as JSON; nothing for 404.
    fn answer(
        &self,
        path: &str,
        answer: Result<ureq::http::Response<ureq::Body>, ureq::Error>,
    ) -> Result<Option<Value>> {
        let verb = path.split('?').next().unwrap_or_default();
        let mut answer = answer.map_err(|error| match error {
            // Their texts may quote the URL.
            ureq::Error::BadUri(_) | ureq::Error::Http(_) => {
                anyhow!("{} is no valid URL", self.shown)
            }
            other => anyhow!("no answer from the MLflow server {}: {other}", self.shown),
        })?;
        let status = answer.status();
        let body = answer
            .body_mut()
            .read_to_string()
            .with_context(|| format!("reading the answer of {}", self.shown))?;
        if status == StatusCode::NOT_FOUND {
            return Ok(None);
        }
        let value: Value = serde_json::from_str(&body).unwrap_or(Value::Null);
        if !status.is_success() {
            let why = value["message"].as_str().unwrap_or("no reason given");
            bail!(
                "{} refused {verb} with status {}: {why}",
                self.shown,
                status.as_u16()
            );
        }
        Ok(Some(value))
    }
}

fn text(value: &Value) -> Result<String> {
    match value {
        Value::String(text) => Ok(text.clone()),
        Value::Number(number) => Ok(number.to_string()),
        _ => bail!("the MLflow server answered in an unexpected way: is it MLflow 2 or 3?"),
    }
}

fn milliseconds() -> u64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH);
    since.map_or(0, |since| since.as_millis() as u64)
}

/// What was chosen, by whom ever.
fn parameters(run: &ModelRun) -> Vec<Value> {
    let years = |p: &crate::stage::train::Period| format!("{}-{}", p.from, p.to);
    let mut pairs = vec![
        ("feature_set".to_owned(), run.feature_set.name().to_owned()),
        ("without".to_owned(), run.without.join(",")),
        ("seed".to_owned(), run.seed.to_string()),
        ("trials".to_owned(), run.trials.len().to_string()),
        ("train_years".to_owned(), years(&run.train)),
        ("validation_years".to_owned(), years(&run.validation)),
        ("test_years".to_owned(), years(&run.test)),
        ("members".to_owned(), run.rounds.len().to_string()),
        ("trees".to_owned(), run.trees.to_string()),
        ("refit".to_owned(), run.refit.taken.to_string()),
    ];
    let chosen = serde_json::to_value(&run.params).unwrap_or_default();
    for (name, value) in chosen.as_object().into_iter().flatten() {
        pairs.push((name.clone(), value.to_string()));
    }
    pairs
        .into_iter()
        .map(|(key, value)| json!({ "key": key, "value": value }))
        .collect()
}

/// Scores of the test years, and the way there by round and trial.
fn metrics(run: &ModelRun, at: u64) -> Vec<Value> {
    let metric = |key: String, value: f64, step: usize| json!({ "key": key, "value": value, "timestamp": at, "step": step });
    let mut metrics = Vec::new();
    for (name, _, score) in SCORES {
        metrics.push(metric(format!("test_{name}"), score(&run.model), 0));
        metrics.push(metric(
            format!("base_rate_{name}"),
            score(&run.base_rate),
            0,
        ));
        if let Some([low, high]) = run.model.intervals.get(name) {
            metrics.push(metric(format!("test_{name}_low"), *low, 0));
            metrics.push(metric(format!("test_{name}_high"), *high, 0));
        }
    }
    for class in &run.model.per_class {
        metrics.push(metric(format!("test_f1_{}", class.class), class.f1, 0));
    }
    metrics.push(metric(
        "test_macro_f1_decided".to_owned(),
        run.decided.macro_f1,
        0,
    ));
    metrics.push(metric(
        "validation_log_loss".to_owned(),
        run.validation_log_loss,
        0,
    ));
    for (step, loss) in run.curve.iter().enumerate() {
        metrics.push(metric("round_log_loss".to_owned(), *loss, step));
    }
    for (step, trial) in run.trials.iter().enumerate() {
        metrics.push(metric("trial_log_loss".to_owned(), trial.loss, step));
    }
    metrics
}
