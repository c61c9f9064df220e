//! A made-up severity model and the run it came from, for tests of pages and site.

use severity::features::FeatureSet;
use severity::header::{Calibration, Class, Header, Level, ModelFeature, ModelKind, Window};
use severity::tree::{Node, Tree};

use super::fixture::HOSTILE;
use crate::output::sha256_hex;
use crate::stage::train::{
    BoostParams, CalibrationBin, CalibrationChoice, ClassScore, Evaluation, FeatureSummary,
    LearningPoint, ModelRun, Naming, Period, Refit, Slice, Trial, UnusedFeature,
};

/// Scores with this log loss.
fn evaluation(log_loss: f64) -> Evaluation {
    Evaluation {
        log_loss,
        brier: log_loss / 2.0,
        accuracy: 0.55,
        macro_f1: 0.4,
        weighted_f1: 0.5,
        auc_ovr: 0.7,
        pr_auc_fatal: 0.45,
        per_class: vec![ClassScore {
            class: "FATL".to_owned(),
            precision: 0.5,
            recall: 0.4,
            f1: 0.44,
            support: 500,
        }],
        confusion: vec![vec![200, 300], vec![200, 1800]],
        calibration: vec![CalibrationBin {
            forecast: 0.12,
            observed: 0.11,
            rows: 700,
        }],
        intervals: [("log_loss".to_owned(), [log_loss - 0.02, log_loss + 0.02])].into(),
    }
}

/// A run with that model.
pub(super) fn run() -> ModelRun {
    let bytes = model();
    let period = |from, to, rows| Period {
        from,
        to,
        rows,
        per_class: vec![rows / 5, rows - rows / 5],
    };
    let naming = Naming {
        accuracy: 0.52,
        macro_f1: 0.45,
        weighted_f1: 0.5,
        per_class: evaluation(1.05).per_class,
        confusion: evaluation(1.05).confusion,
    };
    ModelRun {
        id: "before-impact-00c0ffee".to_owned(),
        file: format!("severity-{}.bin", &sha256_hex(&bytes)[..8]),
        sha256: sha256_hex(&bytes),
        bytes: bytes.len() as u64,
        feature_set: FeatureSet::BeforeImpact,
        without: Vec::new(),
        seed: 0,
        data_sha256: sha256_hex(b"manifest"),
        classes: vec!["FATL".to_owned(), "NONE".to_owned()],
        train: period(2008, 2016, 12_000),
        validation: period(2017, 2018, 3_000),
        test: period(2019, 2021, 4_000),
        features: vec![FeatureSummary {
            name: "wind".to_owned(),
            label: "Wind".to_owned(),
            missing: 0.2,
            importance: 0.6,
            permutation: 0.05,
            shap: 0.2,
        }],
        unused: vec![UnusedFeature {
            name: "vis_sm".to_owned(),
            label: "Visibility".to_owned(),
            reason: "without a usable value in the training years".to_owned(),
        }],
        model: evaluation(1.05),
        base_rate: evaluation(1.2),
        majority: evaluation(9.5),
        decided: naming,
        decision: vec![1.5, 1.0],
        better_than_base: true,
        gain: [0.12, 0.18],
        slices: vec![Slice {
            by: "far_part".to_owned(),
            value: "091".to_owned(),
            label: "Part 91: General Aviation".to_owned(),
            rows: 3_000,
            log_loss: 1.1,
            base_rate_log_loss: 1.2,
            gain: [0.08, 0.12],
            accuracy: 0.55,
            majority_accuracy: 0.5,
            fatal_forecast: 0.2,
            fatal_observed: 0.21,
        }],
        learning_curve: vec![LearningPoint {
            rows: 12_000,
            log_loss: 1.04,
        }],
        trees: 2,
        rounds: vec![1],
        params: BoostParams::default(),
        trials: vec![Trial {
            params: BoostParams::default(),
            loss: 1.04,
            rounds: 1,
            pruned: false,
            member: true,
        }],
        curve: vec![1.2, 1.04],
        validation_log_loss: 1.04,
        refit: Refit {
            taken: false,
            without: Some(1.05),
            with: Some(1.06),
        },
        calibration: CalibrationChoice {
            fitted: Calibration::identity(2),
            before: 1.05,
            after: 1.04,
        },
    }
}

/// A model file with two features, two classes and one round of trees.
pub(super) fn model() -> Vec<u8> {
    let class = |code: &str, label: &str, base_rate| Class {
        code: code.to_owned(),
        label: label.to_owned(),
        base_rate,
    };
    let feature = |name: &str, label: &str, unit: Option<&str>, kind| ModelFeature {
        name: name.to_owned(),
        label: label.to_owned(),
        unit: unit.map(str::to_owned),
        help: "One sentence.".to_owned(),
        group: "Light and weather".to_owned(),
        missing: 0.25,
        kind,
    };
    let level = |code: &str, label: &str| Level {
        code: code.to_owned(),
        label: label.to_owned(),
        rows: 10,
    };
    let header = Header {
        feature_set: FeatureSet::BeforeImpact,
        crosses: Vec::new(),
        decision: vec![1.5, 1.0],
        classes: vec![class("FATL", "Fatal", 0.2), class("NONE", "None", 0.8)],
        features: vec![
            feature(
                "wind",
                "Wind",
                Some("kt"),
                ModelKind::Numeric {
                    limits: [0.0, 150.0],
                    zero_is_missing: false,
                    seen: [0.0, 60.0],
                    quantiles: [0.0, 4.0, 8.0, 12.0, 20.0],
                },
            ),
            feature(
                "weather",
                "Weather",
                None,
                ModelKind::Category {
                    unknown: vec!["UNK".to_owned()],
                    levels: vec![level("VMC", "Visual"), level("IMC", HOSTILE)],
                },
            ),
        ],
        base_margins: vec![-0.7, 0.7],
        calibration: Calibration::identity(2),
        window: Window {
            train_from: 2008,
            train_to: 2016,
            validate_to: 2018,
            rows: 12_000,
            refit: false,
        },
    };
    let leaf = |value| Tree::new(vec![Node::Leaf { value, cover: 1.0 }], 2).unwrap();
    severity::Model::new(header, vec![leaf(0.1), leaf(-0.1)])
        .unwrap()
        .to_bytes()
}
