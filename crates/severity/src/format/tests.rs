use super::*;
use crate::features::FeatureSet;
use crate::header::{Calibration, Class, Level, ModelFeature, ModelKind, Window};

pub(crate) fn model() -> Model {
    let class = |code: &str, base_rate| Class {
        code: code.to_owned(),
        label: code.to_lowercase(),
        base_rate,
    };
    let feature = |name: &str, kind| ModelFeature {
        name: name.to_owned(),
        label: name.to_uppercase(),
        unit: None,
        help: "Help.".to_owned(),
        group: "Aircraft".to_owned(),
        missing: 0.25,
        kind,
    };
    let header = Header {
        feature_set: FeatureSet::BeforeImpact,
        classes: vec![class("FATL", 0.2), class("NONE", 0.8)],
        features: vec![
            feature(
                "wind",
                ModelKind::Numeric {
                    limits: [0.0, 150.0],
                    zero_is_missing: false,
                    seen: [0.0, 60.0],
                    quantiles: [0.0, 4.0, 8.0, 12.0, 20.0],
                },
            ),
            feature(
                "weather",
                ModelKind::Category {
                    unknown: vec!["UNK".to_owned()],
                    levels: ["VMC", "IMC"]
                        .map(|code| Level {
                            code: code.to_owned(),
                            label: format!("label of {code}"),
                            rows: if code == "IMC" { 7 } else { 90 },
                        })
                        .to_vec(),
                },
            ),
        ],
        crosses: Vec::new(),
        base_margins: vec![-0.7, 0.7],
        calibration: Calibration {
            scale: 0.95,
            bias: vec![0.1, -0.1],
        },
        decision: vec![1.5, 1.0],
        window: Window {
            train_from: 2008,
            train_to: 2017,
            validate_to: 2019,
            rows: 97,
            refit: false,
        },
    };
    let leaf = |value| Node::Leaf { value, cover: 2.5 };
    let split = Node::Split {
        feature: 1,
        threshold: 0.5,
        default_left: true,
        left: 1,
        right: 2,
        cover: 5.0,
    };
    let tree = |low, high| Tree::new(vec![split, leaf(low), leaf(high)], 2).unwrap();
    Model::new(header, vec![tree(-0.5, 0.5), tree(0.5, -0.5)]).unwrap()
}

#[test]
fn a_model_survives_the_file_bit_for_bit() {
    let bytes = model().to_bytes();
    let read = Model::from_bytes(&bytes).unwrap();
    assert_eq!(read, model());
    assert_eq!(read.to_bytes(), bytes);
}

#[test]
fn every_truncation_is_an_error() {
    let bytes = model().to_bytes();
    for end in 0..bytes.len() {
        assert!(Model::from_bytes(&bytes[..end]).is_err(), "{end}");
    }
    let longer = [bytes.as_slice(), &[0]].concat();
    assert_eq!(Model::from_bytes(&longer), Err(ModelError::Trailing(1)));
}

#[test]
fn no_flipped_bit_makes_reading_or_scoring_panic() {
    let bytes = model().to_bytes();
    for bit in 0..bytes.len() * 8 {
        let mut flipped = bytes.clone();
        flipped[bit / 8] ^= 1 << (bit % 8);
        if let Ok(model) = Model::from_bytes(&flipped) {
            let row = vec![1.0; model.header().features.len()];
            assert_eq!(
                model.probabilities(&row).len(),
                model.header().classes.len()
            );
            model.form();
        }
    }
}

#[test]
fn a_newer_format_is_refused_by_name() {
    let mut bytes = model().to_bytes();
    bytes[8..12].copy_from_slice(&(VERSION + 1).to_le_bytes());
    assert_eq!(
        Model::from_bytes(&bytes),
        Err(ModelError::Newer(VERSION + 1))
    );
    assert_eq!(
        Model::from_bytes(b"PK\x03\x04 a zip file"),
        Err(ModelError::Magic)
    );
}
