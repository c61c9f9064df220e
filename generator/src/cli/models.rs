//! Options of training and of `windsock models`.

use std::path::PathBuf;

use clap::{Args, Subcommand};
use severity::features::FeatureSet;

use crate::fetch::Url;
use crate::registry::Gates;

/// How the model is trained.
#[derive(Debug, Args)]
pub struct TrainArgs {
    /// What the model may look at [default: train.features in windsock.toml, or before-impact]
    #[arg(long, value_enum, value_name = "SET")]
    pub features: Option<Features>,
    /// Leave out a feature, for example phase; may be repeated
    #[arg(long, value_name = "FEATURE")]
    pub without: Vec<String>,
    /// Ways of growing trees to try [default: train.trials in windsock.toml, or 50]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=1000))]
    pub trials: Option<u32>,
    /// Seed of all sampling
    #[arg(long, default_value_t = 0)]
    pub seed: u32,
    /// Log the run to this MLflow tracking server, for example http://127.0.0.1:5000
    #[arg(
        long,
        value_name = "URI",
        env = "WINDSOCK_MLFLOW",
        hide_env_values = true
    )]
    #[arg(value_parser = url)]
    pub mlflow: Option<Url>,
    /// Also write the encoded events and the model's forecasts as CSV
    #[arg(long, value_name = "DIR")]
    pub export_matrix: Option<PathBuf>,
}

fn url(text: &str) -> Result<Url, String> {
    Url::parse(text).ok_or_else(|| "it must begin with http:// or https://".to_owned())
}

/// What can be done with trained models.
#[derive(Debug, Subcommand)]
pub enum ModelsAction {
    /// List the runs with their stage and scores
    List {
        /// Print runs, stages and decisions as JSON
        #[arg(long)]
        json: bool,
    },
    /// Print the card of a run
    Show {
        /// Name of the run, or its beginning [default: the one a build shows]
        run: Option<String>,
    },
    /// Compare two runs: what differs, and how they do on the same test events
    Compare {
        /// Challenger; its test years are used
        challenger: String,
        /// Champion [default: the run in production]
        champion: Option<String>,
    },
    /// Put a run into production, if it deserves it
    Promote(PromoteArgs),
    /// Bring back the run that was in production before
    Rollback,
}

/// What a run must reach.
#[derive(Debug, Args)]
pub struct PromoteArgs {
    /// Name of the run, or its beginning [default: the newest]
    pub run: Option<String>,
    /// Nats by which log-loss must be lower than in production, at the low end of the 95 %
    /// interval over resampled test events
    #[arg(long, value_name = "NATS", default_value_t = 0.0)]
    pub margin: f64,
    /// Least accuracy [default: the best constant forecast, as for all gates]
    #[arg(long, value_name = "SHARE")]
    pub min_accuracy: Option<f64>,
    /// Least macro F1
    #[arg(long, value_name = "F1")]
    pub min_macro_f1: Option<f64>,
    /// Least weighted F1
    #[arg(long, value_name = "F1")]
    pub min_weighted_f1: Option<f64>,
    /// Least mean one-vs-rest ROC area
    #[arg(long, value_name = "AREA")]
    pub min_auc: Option<f64>,
    /// Least precision-recall area of the fatal class
    #[arg(long, value_name = "AREA")]
    pub min_pr_auc_fatal: Option<f64>,
    /// Also set the alias `production` of its version on this MLflow tracking server
    #[arg(
        long,
        value_name = "URI",
        env = "WINDSOCK_MLFLOW",
        hide_env_values = true
    )]
    #[arg(value_parser = url)]
    pub mlflow: Option<Url>,
}

impl PromoteArgs {
    /// The gates.
    pub fn gates(&self) -> Gates {
        Gates {
            margin: self.margin,
            accuracy: self.min_accuracy,
            macro_f1: self.min_macro_f1,
            weighted_f1: self.min_weighted_f1,
            auc: self.min_auc,
            pr_auc_fatal: self.min_pr_auc_fatal,
        }
    }
}

/// Sets of features.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum Features {
    /// What is known, or knowable, before the outcome.
    BeforeImpact,
    /// Also what the investigation coded.
    FullRecord,
}

impl From<Features> for FeatureSet {
    fn from(features: Features) -> Self {
        match features {
            Features::BeforeImpact => Self::BeforeImpact,
            Features::FullRecord => Self::FullRecord,
        }
    }
}
