//! Options of the figures: what they are made of and which engine computes them.

use std::path::PathBuf;

use clap::Args;

/// What the figures are made of besides the lake.
#[derive(Debug, Args)]
pub struct AnalyseInputs {
    /// Hours flown by year and segment, for rates: CSV with year,segment,far_parts,hours
    #[arg(long, value_name = "FILE", env = "WINDSOCK_EXPOSURE")]
    pub exposure: Option<PathBuf>,
    /// Folder of further SQL files, one figure each
    #[arg(long, value_name = "DIR", env = "WINDSOCK_FIGURES")]
    pub figures: Option<PathBuf>,
}

/// Engines that run the queries of figures.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum EngineName {
    /// DuckDB, in this process
    Duckdb,
    /// Apache Spark, through your spark-submit or PySpark
    Spark,
}

/// How to reach Spark.
#[derive(Debug, Args)]
#[command(next_help_heading = "With --engine spark")]
pub struct SparkOptions {
    /// Spark's master, for example local[4] or spark://host:7077 [default: as Spark is configured]
    #[arg(long, value_name = "URL")]
    pub master: Option<String>,
    /// Python that has PySpark [default: spark-submit, else python3, on the path]
    #[arg(long, value_name = "FILE", env = "WINDSOCK_SPARK_PYTHON")]
    pub spark_python: Option<PathBuf>,
    /// Where Spark's executors find the lake, for example s3a://bucket/lake [default: its path here]
    #[arg(long, value_name = "URI")]
    pub lake_uri: Option<String>,
    /// A setting of Spark; may be repeated
    #[arg(long, value_name = "KEY=VALUE")]
    pub spark_conf: Vec<String>,
}
