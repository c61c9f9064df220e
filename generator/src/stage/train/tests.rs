use std::collections::BTreeMap;
use std::os::unix::fs::PermissionsExt;

use serde_json::{Value, json};

use super::*;
use crate::stage::lake::fixture;

/// 800 closed accidents in four years. Instrument weather ends gravely, visual weather mildly;
/// take-off makes the difference between the two grave and the two mild outcomes.
const RECORDS: &str = include_str!("tests.sql");

fn options() -> TrainOptions {
    TrainOptions {
        trials: 3,
        ..TrainOptions::default()
    }
}

fn train(lake: &Path, models: &Path) -> Result<ModelRun> {
    run(lake, models, &options(), Progress { quiet: true })
}

fn error_for(records: &str) -> String {
    let lake = fixture::lake_folder_of(records);
    let models = tempfile::tempdir().unwrap();
    let error = train(lake.path(), models.path()).unwrap_err().to_string();
    let left = fs::read_dir(models.path()).unwrap().count();
    assert_eq!(left, 0, "a failed training leaves nothing");
    error
}

#[test]
fn a_lake_becomes_a_model_that_beats_the_base_rate() {
    let lake = fixture::lake_folder_of(RECORDS);
    let models = tempfile::tempdir().unwrap();
    let run = train(lake.path(), models.path()).unwrap();

    // Neither the incident, the accident abroad nor the 8 open cases; an event with two aircraft
    // counts once.
    assert_eq!(
        [&run.train, &run.validation, &run.test].map(|period| (
            period.from,
            period.to,
            period.rows
        )),
        [(2015, 2016, 396), (2017, 2017, 198), (2018, 2018, 198)]
    );
    assert!(run.model.log_loss < run.base_rate.log_loss / 2.0);
    assert!(run.model.auc_ovr > 0.9);
    assert!((run.base_rate.auc_ovr - 0.5).abs() < 1e-12);
    let mut important = [0, 1].map(|at| run.features[at].name.as_str());
    important.sort_unstable();
    assert_eq!(important, ["phase", "wx_cond_basic"]);

    let file = registry::model_file(models.path(), &run);
    let bytes = fs::read(&file).unwrap();
    assert_eq!(
        (bytes.len() as u64, sha256_hex(&bytes)),
        (run.bytes, run.sha256.clone())
    );
    let mode = fs::metadata(file).unwrap().permissions().mode();
    assert_ne!(mode & 0o040, 0, "a web server may read it");
    let kept = registry::read(models.path(), &run.id).unwrap();
    assert_eq!((kept.file, kept.trees), (run.file, run.trees));
}

#[test]
fn a_run_holds_what_a_page_about_the_model_needs() {
    let lake = fixture::lake_folder_of(RECORDS);
    let models = tempfile::tempdir().unwrap();
    let run = train(lake.path(), models.path()).unwrap();
    assert!(run.better_than_base && run.gain[0] > 0.0);
    assert_eq!(run.trials.len(), 3);
    assert!(
        run.trials
            .iter()
            .all(|t| t.loss >= run.curve.iter().copied().fold(9.0, f64::min))
    );
    let [low, high] = run.model.intervals["log_loss"];
    assert!(low <= run.model.log_loss && run.model.log_loss <= high);
    let weather = &run.features[0];
    assert!(weather.permutation > 0.1 && weather.shap > run.features[5].shap);
    assert!(run.unused.iter().any(|f| f.name == "vis_sm"));
    let decade = run.slices.iter().find(|s| s.by == "decade").unwrap();
    assert_eq!((decade.value.as_str(), decade.rows), ("2010", 198));
    assert_eq!(run.learning_curve.last().unwrap().rows, run.train.rows);
    assert_eq!(run.decided.confusion.iter().flatten().sum::<u64>(), 198);
}

#[test]
fn a_feature_may_be_left_out_and_the_full_record_adds_what_was_coded() {
    let records = format!(
        "{RECORDS}; INSERT INTO findings (ev_id, aircraft_key, finding_no, finding_code)
         SELECT ev_id, 1, 1, if(takeoff, '0106200001', '0206300001') FROM cases"
    );
    let lake = fixture::lake_folder_of(&records);
    let models = tempfile::tempdir().unwrap();
    let options = TrainOptions {
        features: FeatureSet::FullRecord,
        without: vec!["phase".to_owned()],
        ..options()
    };
    let quiet = Progress { quiet: true };
    let run = run(lake.path(), models.path(), &options, quiet).unwrap();
    let used = |name: &str| run.features.iter().any(|f| f.name == name);
    assert!(used("finding_aircraft") && !used("phase"));
    let without = run.unused.iter().find(|f| f.name == "phase").unwrap();
    assert_eq!(without.reason, "left out on request");
    let options = TrainOptions {
        without: vec!["shoe_size".to_owned()],
        ..options
    };
    let error = super::run(lake.path(), models.path(), &options, quiet).unwrap_err();
    assert_eq!(
        error.to_string(),
        "there is no feature named shoe_size to leave out"
    );
}

#[test]
fn what_others_compare_with_is_what_the_trees_see() {
    let lake = fixture::lake_folder_of(RECORDS);
    let (models, matrix) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let options = TrainOptions {
        export: Some(matrix.path().to_owned()),
        ..options()
    };
    let quiet = Progress { quiet: true };
    let run = run(lake.path(), models.path(), &options, quiet).unwrap();
    let csv = fs::read_to_string(matrix.path().join("matrix.csv")).unwrap();
    let rows: Vec<&str> = csv.lines().collect();
    assert_eq!(rows.len(), 1 + 396 + 198 + 198);
    assert_eq!(rows[0].split(',').count(), 4 + run.features.len());
    let tests = rows.iter().filter(|row| row.starts_with("test,")).count();
    let forecasts = fs::read_to_string(matrix.path().join("forecasts.csv")).unwrap();
    assert_eq!(forecasts.lines().count(), 1 + tests);
}

#[test]
fn the_published_model_answers_a_form() {
    let lake = fixture::lake_folder_of(RECORDS);
    let models = tempfile::tempdir().unwrap();
    let run = train(lake.path(), models.path()).unwrap();
    let model = registry::model(models.path(), &run).unwrap();
    let fatal = |weather: &str, phase: Value| {
        let values = BTreeMap::from([
            ("wx_cond_basic".to_owned(), json!(weather)),
            ("phase".to_owned(), phase),
        ]);
        let score = model.score(&values).unwrap();
        assert!(score.outside.is_empty(), "{:?}", score.outside);
        assert_eq!(score.classes[0].class, "FATL");
        score.classes[0].probability
    };
    assert!(
        fatal("IMC", json!(300)) > 0.8,
        "{}",
        fatal("IMC", json!(300))
    );
    assert!(fatal("VMC", json!("300")) < 0.1);
    let form = model.form();
    let weather = form
        .features
        .iter()
        .find(|f| f.name == "wx_cond_basic")
        .unwrap();
    assert_eq!(weather.group, "Light and weather");
    assert!((form.classes[0].base_rate - 100.0 / 396.0).abs() < 0.05);
}

#[test]
fn the_same_lake_gives_the_same_files() {
    let lake = fixture::lake_folder_of(RECORDS);
    let files = || {
        let models = tempfile::tempdir().unwrap();
        train(lake.path(), models.path()).unwrap();
        let mut files = BTreeMap::new();
        for entry in walkdir::WalkDir::new(models.path()) {
            let entry = entry.unwrap();
            if entry.file_type().is_file() {
                let path = entry.path().strip_prefix(models.path()).unwrap();
                files.insert(path.to_owned(), fs::read(entry.path()).unwrap());
            }
        }
        files
    };
    let first = files();
    assert_eq!(first.len(), 4, "index, run, model and card");
    assert_eq!(files(), first);
}

#[test]
fn a_row_has_the_first_aircraft_and_its_first_pilot() {
    let lake = fixture::lake_folder_of(RECORDS);
    let table = table::load(lake.path(), FeatureSet::BeforeImpact).unwrap();
    assert_eq!(table.years.len(), 792);
    let value = |name: &str, at: usize| {
        let column = table.features.iter().position(|f| f.name == name);
        serde_json::to_value(match &table.columns[column.unwrap()][at] {
            severity::encode::Raw::Missing => None,
            severity::encode::Raw::Number(x) => Some(x.to_string()),
            severity::encode::Raw::Text(text) => Some(text.to_string()),
        })
        .unwrap()
    };
    // Event 0: the second aircraft is a glider, the second pilot is 20.
    assert_eq!(value("acft_category", 0), "AIR");
    assert_eq!(value("crew_age", 0), "50");
    assert_eq!(value("hours_total", 0), "1200");
    assert_eq!(value("crew_cert", 0), "COMM", "the highest of three");
    assert_eq!(value("acft_age", 0), "35");
    assert_eq!(
        value("local_hour", 0),
        "12.5",
        "20:30 UTC at 120 degrees west"
    );
    assert_eq!(
        value("phase", 0),
        "300",
        "301 rejected takeoff; 650 is an outcome"
    );
    assert_eq!(
        value("wind_vel_kts", 0),
        Value::Null,
        "saved without weather"
    );
    assert_eq!(value("wind_vel_kts", 1), "0", "calm");
    assert_eq!(value("num_eng", 0), Value::Null, "an airplane has engines");
}

#[test]
fn what_cannot_be_trained_on_is_said_in_one_sentence() {
    let nowhere = tempfile::tempdir().unwrap();
    let error = train(&nowhere.path().join("lake"), nowhere.path()).unwrap_err();
    assert!(format!("{error:#}").contains("manifest.json"), "{error:#}");
    let open = format!("{RECORDS}; DELETE FROM narratives");
    assert!(error_for(&open).starts_with("no closed case of a US accident"));
    let mild = format!("{RECORDS}; UPDATE events SET ev_highest_injury = 'NONE'");
    assert!(error_for(&mild).starts_with("all 396 training events end in NONE"));
    let few = format!("{RECORDS}; DELETE FROM events WHERE ev_id NOT LIKE '%00'");
    assert!(error_for(&few).contains("too few"));
    let one_year = format!("{RECORDS}; UPDATE events SET ev_date = DATE '2015-05-05'");
    assert!(error_for(&one_year).starts_with("the lake covers 1 year(s)"));
}
