//! The browser module, run by Node, answers as the same code does natively, and the engine counts
//! what PostgreSQL counts.

use std::process::Command;

use dataset::manifest::Index;
use dataset::query::Query;
use dataset::url_state::ExploreState;
use engine::Engine;
use serde_json::Value;

use crate::browser::{model, values};
use crate::harness::{repository, site, succeed, web_dir};

fn native() -> Engine {
    let text = std::fs::read_to_string(site().lake().join("manifest.json")).unwrap();
    Engine::new(Index::from_json(&text).unwrap())
}

fn answer(engine: &mut Engine, query: &Query) -> Value {
    // Twice at most: the manifest of the table, then its files.
    for _ in 0..2 {
        for file in engine.plan(query).unwrap().fetch {
            let bytes = std::fs::read(site().lake().join(&file.path)).unwrap();
            engine.feed(&file.path, bytes).unwrap();
        }
    }
    // Through text, as the module answers: reading a float may move its last digit.
    let text = serde_json::to_string(&engine.run(query).unwrap()).unwrap();
    serde_json::from_str(&text).unwrap()
}

#[test]
fn the_browser_module_answers_as_native_code_does() {
    let mut node = Command::new("node");
    node.arg(repository().join("wasm/tests/parity.mjs"))
        .env("WINDSOCK_MODULE", web_dir().join("wasm"))
        .env("WINDSOCK_LAKE", site().lake());
    let answers: Vec<Value> = serde_json::from_str(&succeed(&mut node)).unwrap();
    assert!(answers.len() >= 6);
    let mut engine = native();
    for entry in answers {
        let query: Query = serde_json::from_value(entry["query"].clone()).unwrap();
        assert!(
            answer(&mut engine, &query) == entry["result"],
            "another answer to {query:?}"
        );
    }
}

#[test]
fn links_are_answered_with_the_counts_of_the_database() {
    let mut server = site().postgres();
    let mut engine = native();
    for (link, condition) in [
        ("", "true"),
        (
            "country=USA&type=ACC",
            "ev_country = 'USA' AND ev_type = 'ACC'",
        ),
        (
            "from=1995&to=2004",
            "ev_date >= '1995-01-01' AND ev_date < '2005-01-01'",
        ),
        (
            "sev=FATL&wx=IMC",
            "ev_highest_injury = 'FATL' AND wx_cond_basic = 'IMC'",
        ),
        ("state=~", "ev_state IS NULL"),
    ] {
        let decoded = ExploreState::decode(link);
        assert_eq!(decoded.notices, Vec::<String>::new());
        let result = answer(&mut engine, &decoded.state.to_query());
        let count = format!("SELECT count(*) FROM ntsb.events WHERE {condition}");
        let expected: i64 = server.client.query_one(&count, &[]).unwrap().get(0);
        assert_eq!(result["matched_events"].as_i64(), Some(expected), "{link}");
        assert!(expected > 0, "the sample has events for {link}");
    }
}

#[test]
fn ten_thousand_accidents_score_alike_in_the_browser_module() {
    let (model, run) = (model(), site().record("train"));
    // An explanation takes a thousand times as long as a score.
    let every = std::env::var("WINDSOCK_EXPLAIN_EVERY");
    let every: usize = every.map_or(50, |every| every.parse().unwrap());
    let values = values(&model);
    let place = site().folder.join("values.json");
    std::fs::write(&place, serde_json::to_vec(&values).unwrap()).unwrap();
    let mut node = Command::new("node");
    node.arg(repository().join("wasm/tests/scorer.mjs"))
        .env("WINDSOCK_MODULE", web_dir().join("wasm"))
        .env(
            "WINDSOCK_MODEL",
            site()
                .dist()
                .join("model")
                .join(run["file"].as_str().unwrap()),
        )
        .env("WINDSOCK_VALUES", place)
        .env("WINDSOCK_EXPLAIN_EVERY", every.to_string());
    let answer: Value = serde_json::from_str(&succeed(&mut node)).unwrap();
    let numbers = |value: &Value| -> Vec<f64> {
        let list = value.as_array().unwrap().iter();
        list.map(|number| number.as_f64().unwrap()).collect()
    };
    let mut worst = [0.0, 0.0];
    let mut close = |mine: &[f64], theirs: &[f64], of: usize, limit: f64| {
        assert_eq!(mine.len(), theirs.len());
        let pairs = mine.iter().zip(theirs);
        for (mine, theirs) in pairs {
            assert!((mine - theirs).abs() <= limit, "{mine} for {theirs}");
            worst[of] = f64::max(worst[of], (mine - theirs).abs());
        }
    };
    let probabilities = answer["probabilities"].as_array().unwrap();
    assert_eq!(probabilities.len(), 10_000);
    for (values, theirs) in values.iter().zip(probabilities) {
        let classes = model.score(values).unwrap().classes;
        let mine: Vec<f64> = classes.iter().map(|class| class.probability).collect();
        close(&mine, &numbers(theirs), 0, 1e-6);
    }
    // The margins themselves, not what native contributions add up to.
    let margins = answer["margins"].as_array().unwrap();
    assert_eq!(margins.len(), 10_000_usize.div_ceil(every));
    let calibration = &model.header().calibration;
    for (values, theirs) in values.iter().step_by(every).zip(margins) {
        let mine: Vec<f64> = model
            .margins(&model.row(values).unwrap())
            .iter()
            .zip(&calibration.bias)
            .map(|(margin, bias)| calibration.scale * margin + bias)
            .collect();
        close(&mine, &numbers(theirs), 1, 1e-5);
    }
    println!(
        "largest difference of a probability {:.1e}, of a margin {:.1e} ({} explained)",
        worst[0],
        worst[1],
        margins.len()
    );
}
