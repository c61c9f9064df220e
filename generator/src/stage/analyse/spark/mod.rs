//! Queries run by Apache Spark, as the user has it.
//!
//! A small driver in Python registers the lake's tables as views, runs each query and writes its
//! rows as JSON lines; nothing of Spark is rebuilt here.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail, ensure};
use serde_json::{Value, json};

use super::Kind;
use super::exposure::Exposure;
use super::figure::Answer;
use super::query::Query;
use crate::manifest;
use crate::progress::Progress;

const DRIVER: &str = include_str!("driver.py");

/// How to reach Spark.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Spark {
    /// Master URL (`local[4]`, `spark://…`, `yarn`, `k8s://…`); without it Spark's own
    /// configuration decides.
    pub master: Option<String>,
    /// Python with PySpark; without it `spark-submit` or `python3` on the path.
    pub python: Option<PathBuf>,
    /// Where the executors find the lake, if not under the path it has here.
    pub lake: Option<String>,
    /// Further settings of Spark, `key=value`.
    pub settings: Vec<String>,
}

/// Runs every query and reads what it yielded.
pub(super) fn answers(
    lake: &Path,
    queries: &BTreeMap<String, Query>,
    exposure: &Exposure,
    spark: &Spark,
    progress: Progress,
) -> Result<BTreeMap<String, Answer>> {
    let mut command = launcher(spark)?;
    let folder = tempfile::tempdir().context("creating a temporary folder")?;
    let [driver, job, log] = ["driver.py", "job.json", "log"].map(|name| folder.path().join(name));
    fs::write(&driver, DRIVER).context("writing the Spark driver")?;
    fs::write(&job, describe(lake, queries, exposure, spark)?).context("writing the Spark job")?;

    command.arg(&driver).arg(&job).arg(folder.path());
    let bar = progress.bar("analyse", queries.len() as u64);
    let program = command.get_program().to_owned();
    let mut child = command
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(File::create(&log)?)
        .spawn()
        .with_context(|| format!("starting {}", program.display()))?;
    for line in child
        .stdout
        .take()
        .map(BufReader::new)
        .into_iter()
        .flat_map(BufRead::lines)
    {
        if let Some(name) = line.unwrap_or_default().strip_prefix("figure ") {
            bar.set_message(name.to_owned());
            bar.inc(1);
        }
    }
    let status = child.wait().context("waiting for Spark")?;
    bar.finish_and_clear();
    ensure!(status.success(), "Spark failed: {}", complaint(&log));
    queries
        .keys()
        .map(|name| {
            let path = folder.path().join(format!("{name}.jsonl"));
            let answer = read(&path).with_context(|| format!("reading figure {name} of Spark"))?;
            Ok((name.clone(), answer))
        })
        .collect()
}

/// What the driver is to do, as JSON.
fn describe(
    lake: &Path,
    queries: &BTreeMap<String, Query>,
    exposure: &Exposure,
    spark: &Spark,
) -> Result<Vec<u8>> {
    let manifest = manifest::read(lake)?;
    let tables: BTreeMap<&String, Value> = manifest
        .tables
        .iter()
        .map(|(name, table)| {
            let files: Vec<&str> = table.files.iter().map(|file| file.path.as_str()).collect();
            let description = json!({
                "columns": table.columns,
                "partition": table.partition,
                "files": files,
            });
            (name, description)
        })
        .collect();
    let base = match &spark.lake {
        Some(uri) => uri.trim_end_matches('/').to_owned(),
        None => fs::canonicalize(lake)?.to_string_lossy().into_owned(),
    };
    let settings = spark
        .settings
        .iter()
        .map(|setting| {
            setting
                .split_once('=')
                .with_context(|| format!("--spark-conf needs KEY=VALUE, not {setting:?}"))
        })
        .collect::<Result<BTreeMap<_, _>>>()?;
    let hours = exposure
        .hours
        .iter()
        .map(|((segment, year), hours)| json!([year, segment, hours]));
    let segments = exposure
        .segments
        .iter()
        .flat_map(|(segment, parts)| parts.iter().map(move |part| json!([segment, part])));
    let figures = queries
        .iter()
        .map(|(name, query)| json!({"name": name, "sql": query.sql}));
    let job = json!({
        "lake": base,
        "master": spark.master,
        "settings": settings,
        "tables": tables,
        "hours": hours.collect::<Vec<_>>(),
        "segments": segments.collect::<Vec<_>>(),
        "figures": figures.collect::<Vec<_>>(),
    });
    Ok(serde_json::to_vec(&job)?)
}

/// The user's Spark: the Python that was named, else `spark-submit`, else a Python with PySpark.
fn launcher(spark: &Spark) -> Result<Command> {
    if let Some(python) = &spark.python {
        ensure!(
            has_pyspark(python),
            "{} has no PySpark: install it there with `pip install pyspark`",
            python.display()
        );
        return Ok(with_python(python));
    }
    if runs(Command::new("spark-submit").arg("--version")) {
        let mut command = Command::new("spark-submit");
        if let Some(master) = &spark.master {
            command.args(["--master", master]);
        }
        return Ok(command);
    }
    let python = Path::new("python3");
    if has_pyspark(python) {
        return Ok(with_python(python));
    }
    bail!(
        "there is no Spark: put spark-submit on the path, or install PySpark (`pip install \
         pyspark`, needs Java) and name its Python with --spark-python"
    )
}

fn with_python(python: &Path) -> Command {
    let mut command = Command::new(python);
    // Workers must run what the driver runs.
    command.env("PYSPARK_PYTHON", python);
    command
}

fn has_pyspark(python: &Path) -> bool {
    runs(Command::new(python).args(["-c", "import pyspark"]))
}

fn runs(command: &mut Command) -> bool {
    command
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .is_ok_and(|status| status.success())
}

/// The last line of the log that names a problem; the trace around it helps nobody.
fn complaint(log: &Path) -> String {
    let text = fs::read(log).map_or_else(
        |error| error.to_string(),
        |bytes| String::from_utf8_lossy(&bytes).into_owned(),
    );
    let lines = || text.lines().rev().map(str::trim);
    lines()
        .find(|line| {
            line.contains("Error") || line.contains("Exception") || line.contains("figure ")
        })
        .or_else(|| lines().find(|line| !line.is_empty()))
        .unwrap_or("it said nothing")
        .to_owned()
}

/// Reads the rows the driver wrote.
fn read(path: &Path) -> Result<Answer> {
    let mut lines = BufReader::new(File::open(path)?).lines();
    let head = lines.next().context("the file is empty")??;
    let columns: Vec<(String, Kind)> = serde_json::from_str(&head)?;
    let rows = lines
        .map(|line| {
            let row: Vec<Value> = serde_json::from_str(&line?)?;
            ensure!(row.len() == columns.len(), "a row has {} cells", row.len());
            Ok(row)
        })
        .collect::<Result<_>>()?;
    Ok(Answer { columns, rows })
}
