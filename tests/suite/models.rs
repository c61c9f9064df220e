//! The registry of models, from the command line to the page.

use std::fs;

use crate::harness::{Site, fail, sampled, succeed};

/// A site with an empty registry and quick training.
fn fresh() -> Site {
    let site = sampled("models", 1_500, 7);
    fs::write(site.folder.join("windsock.toml"), "[train]\ntrials = 2\n").unwrap();
    fs::remove_dir_all(site.folder.join(".windsock/models")).ok();
    fs::remove_file(site.folder.join(".windsock/train.json")).ok();
    succeed(&mut site.build());
    site
}

fn card(site: &Site) -> String {
    fs::read_to_string(site.dist().join("severity/model-card/index.html")).unwrap()
}

fn models(site: &Site, words: &[&str]) -> std::process::Command {
    let mut command = site.windsock("models");
    command.args(words);
    command
}

#[test]
fn a_model_is_promoted_shown_challenged_and_brought_back() {
    let site = fresh();
    let first = site.record("train")["id"].as_str().unwrap().to_owned();
    assert!(card(&site).contains("No run has been promoted"));
    assert!(succeed(&mut models(&site, &["show"])).contains(&first));
    let message = fail(&mut models(&site, &["rollback"]), 3);
    assert!(message.contains("nothing to go back to"), "{message}");
    let message = fail(&mut models(&site, &["promote", "nobody"]), 3);
    assert!(message.contains("no model run nobody"), "{message}");

    // The sample's outcomes follow its circumstances, so any model beats base rates.
    let printed = succeed(&mut models(&site, &["promote"]));
    assert!(
        printed.contains(&format!("{first} is in production")),
        "{printed}"
    );
    succeed(&mut site.build());
    let page = card(&site);
    assert!(
        page.contains(&format!("Run <code>{first}</code> is in production")),
        "{page}"
    );
    assert!(
        page.contains("log loss below base rates"),
        "the decision is on the page"
    );

    succeed(
        site.windsock("train")
            .args(["--seed", "1", "--without", "phase"]),
    );
    let second = site.record("train")["id"].as_str().unwrap().to_owned();
    assert_ne!(first, second);
    let printed = succeed(&mut models(&site, &["compare", &second]));
    assert!(
        printed.contains("on the same") && printed.contains("phase"),
        "{printed}"
    );
    let message = fail(
        &mut models(&site, &["promote", &second, "--margin", "9"]),
        4,
    );
    assert!(message.contains("stays out of production"), "{message}");
    succeed(&mut site.build());
    assert!(card(&site).contains(&format!("Run <code>{first}</code> is in production")));

    // A margin far below zero lets anything pass that passes the gates.
    succeed(&mut models(&site, &["promote", &second, "--margin=-9"]));
    succeed(&mut site.build());
    assert!(card(&site).contains(&format!("Run <code>{second}</code> is in production")));
    succeed(&mut models(&site, &["rollback"]));
    let list = succeed(&mut models(&site, &["list"]));
    for (run, stage) in [(&first, "production"), (&second, "archived")] {
        let line = list
            .lines()
            .find(|line| line.starts_with(run.as_str()))
            .unwrap();
        assert!(line.contains(stage), "{list}");
    }
    assert!(
        list.contains("refused: log loss below production"),
        "{list}"
    );
    succeed(&mut site.build());
    let page = card(&site);
    assert!(page.contains(&format!("Run <code>{first}</code> is in production")));
    assert!(page.contains("rollback"), "the history is told");
}
