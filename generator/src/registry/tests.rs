use super::*;
use crate::stage::emit::fixture;
use crate::stage::train::Evaluation;

/// A registry of runs that differ in name and in how much better than base rates they are.
fn registry(runs: &[(&str, [f64; 2])]) -> tempfile::TempDir {
    let models = tempfile::tempdir().unwrap();
    let files = fixture::files();
    let bytes = fs::read(&files.inputs.model_file).unwrap();
    let shown = &files.inputs.model.run;
    let constant = Evaluation {
        accuracy: 0.1,
        macro_f1: 0.1,
        weighted_f1: 0.1,
        auc_ovr: 0.1,
        pr_auc_fatal: 0.1,
        ..shown.base_rate.clone()
    };
    for (id, gain) in runs {
        let run = ModelRun {
            id: (*id).to_owned(),
            gain: *gain,
            base_rate: constant.clone(),
            majority: constant.clone(),
            ..shown.clone()
        };
        register(models.path(), &run, &bytes).unwrap();
    }
    models
}

const GOOD: [f64; 2] = [0.1, 0.2];
const BAD: [f64; 2] = [-0.01, 0.02];

fn stages(models: &Path) -> Vec<(String, Stage)> {
    let runs = Index::read(models).unwrap().runs.into_iter();
    runs.map(|entry| (entry.id, entry.stage)).collect()
}

fn try_to_promote(models: &Path, id: &str, gates: &Gates) -> Result<Verdict> {
    let run = find(models, id).unwrap();
    promote(Path::new("no lake"), models, &run, gates, "then")
}

/// As `promote`, past the comparison with the run in production, which needs a lake.
fn put(models: &Path, id: &str) {
    let mut index = Index::read(models).unwrap();
    let before = index.production().map(str::to_owned);
    index.put_into_production(id);
    index.decisions.push(Decision {
        at: "then".to_owned(),
        action: Action::Promote,
        run: id.to_owned(),
        before,
        accepted: true,
        checks: Vec::new(),
    });
    index.write(models).unwrap();
}

#[test]
fn a_run_is_kept_whole_and_registering_it_again_changes_nothing() {
    let models = registry(&[("a-1", GOOD)]);
    let before = fs::read(models.path().join("index.json")).unwrap();
    let run = read(models.path(), "a-1").unwrap();
    register(models.path(), &run, b"something else").unwrap();
    assert_eq!(fs::read(models.path().join("index.json")).unwrap(), before);
    model(models.path(), &run).unwrap();
    let card = fs::read_to_string(folder(models.path(), "a-1").join("card.md")).unwrap();
    assert!(
        card.contains(&run.sha256) && card.contains("| Log-loss | 1.0500 |"),
        "{card}"
    );
    // Nothing else stays behind.
    assert_eq!(fs::read_dir(models.path()).unwrap().count(), 2);
}

#[test]
fn runs_are_found_by_what_tells_them_apart() {
    let models = registry(&[("a-12", GOOD), ("a-13", GOOD), ("b-14", GOOD)]);
    let found = |name| find(models.path(), name).map(|run| run.id);
    assert_eq!(found("b").unwrap(), "b-14");
    assert_eq!(found("13").unwrap(), "a-13");
    let error = found("a-1").unwrap_err();
    assert!(error.to_string().contains("a-12, a-13"), "{error}");
    assert_eq!(crate::fault::exit_code(&found("c").unwrap_err()), 3);
    assert_eq!(newest(models.path()).unwrap().id, "b-14");
}

#[test]
fn a_site_shows_production_or_what_was_just_trained() {
    let models = registry(&[("a-1", GOOD), ("b-2", GOOD)]);
    let trained = read(models.path(), "a-1").unwrap();
    let shown = |trained| {
        let shown = published(models.path(), trained).unwrap();
        (shown.run.id, shown.stage)
    };
    assert_eq!(shown(Some(&trained)), ("a-1".to_owned(), Stage::Staging));
    assert_eq!(shown(None), ("b-2".to_owned(), Stage::Staging));
    try_to_promote(models.path(), "b-2", &Gates::default()).unwrap();
    assert_eq!(shown(Some(&trained)), ("b-2".to_owned(), Stage::Production));
}

#[test]
fn what_is_not_better_or_fails_a_gate_is_refused_and_the_refusal_recorded() {
    let models = registry(&[("a-1", BAD), ("b-2", GOOD)]);
    let gates = Gates::default();
    let verdict = try_to_promote(models.path(), "a-1", &gates).unwrap();
    let failed = |verdict: &Verdict| -> Vec<String> {
        let checks = verdict.decision.checks.iter().filter(|c| !c.holds);
        checks.map(|check| check.name.clone()).collect()
    };
    assert!(!verdict.decision.accepted);
    assert!(failed(&verdict)[0].starts_with("log loss below base rates"));
    let strict = Gates {
        macro_f1: Some(0.99),
        ..Gates::default()
    };
    let verdict = try_to_promote(models.path(), "b-2", &strict).unwrap();
    assert_eq!(failed(&verdict), ["macro F1"]);
    let margin = Gates {
        margin: 0.15,
        ..Gates::default()
    };
    assert!(
        !try_to_promote(models.path(), "b-2", &margin)
            .unwrap()
            .decision
            .accepted
    );
    let index = Index::read(models.path()).unwrap();
    assert_eq!((index.decisions.len(), index.production()), (3, None));
}

#[test]
fn production_is_archived_and_comes_back() {
    let models = registry(&[("a-1", GOOD), ("b-2", GOOD), ("c-3", GOOD)]);
    assert!(rollback(models.path(), "then").is_err());
    try_to_promote(models.path(), "a-1", &Gates::default()).unwrap();
    put(models.path(), "b-2");
    put(models.path(), "c-3");
    assert_eq!(
        stages(models.path())[1],
        ("b-2".to_owned(), Stage::Archived)
    );
    assert_eq!(rollback(models.path(), "later").unwrap().run, "b-2");
    assert_eq!(rollback(models.path(), "later").unwrap().run, "a-1");
    assert_eq!(
        stages(models.path())
            .iter()
            .map(|s| s.1)
            .collect::<Vec<_>>(),
        [Stage::Production, Stage::Archived, Stage::Archived]
    );
    assert!(
        rollback(models.path(), "later").is_err(),
        "nothing before it"
    );
    let again = try_to_promote(models.path(), "a-1", &Gates::default()).unwrap_err();
    assert!(again.to_string().contains("already"), "{again}");
}

#[test]
fn a_changed_model_file_is_not_promoted() {
    let models = registry(&[("a-1", GOOD)]);
    let run = read(models.path(), "a-1").unwrap();
    fs::write(model_file(models.path(), &run), b"WNDSKSEV").unwrap();
    let error = try_to_promote(models.path(), "a-1", &Gates::default()).unwrap_err();
    assert!(
        error
            .to_string()
            .contains("not the file that was registered"),
        "{error}"
    );
    assert_eq!(Index::read(models.path()).unwrap().production(), None);
}

#[test]
fn a_newer_index_is_left_alone() {
    let models = registry(&[]);
    let text = r#"{"version":2,"runs":[],"decisions":[]}"#;
    fs::write(models.path().join("index.json"), text).unwrap();
    let error = Index::read(models.path()).unwrap_err();
    assert!(error.to_string().contains("newer windsock"), "{error}");
}
