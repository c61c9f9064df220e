//! The service worker in Chromium (`tests/browser/offline.test.mjs`).

use std::fs;

use serde_json::json;

use crate::harness::{BASE, Site, sampled, succeed, web_dir, windsock};
use crate::serving::{Serving, node, pass};

/// Browser files of another release: one script more.
fn other_web(site: &Site) -> std::path::PathBuf {
    let other = site.folder.join("web");
    fs::remove_dir_all(&other).ok();
    for entry in walkdir::WalkDir::new(web_dir()) {
        let entry = entry.unwrap();
        let to = other.join(entry.path().strip_prefix(web_dir()).unwrap());
        if entry.file_type().is_dir() {
            fs::create_dir_all(to).unwrap();
        } else {
            fs::copy(entry.path(), to).unwrap();
        }
    }
    fs::write(other.join("js/later.js"), "export const later = 1;\n").unwrap();
    other
}

#[test]
fn the_site_works_without_a_network_and_a_newer_build_is_offered_once() {
    let site = sampled("offline", 200, 9);
    let config = |title: &str| format!("[site]\ntitle = \"{title}\"\nbase_url = \"{BASE}\"\n");
    fs::write(site.folder.join("windsock.toml"), config("First")).unwrap();
    fs::write(site.folder.join("second.toml"), config("Second")).unwrap();
    let mut build = site.windsock("build");
    build.args(["sample/Pre2008.mdb", "sample/avall.mdb", "--web-dir"]);
    succeed(build.arg(web_dir()));
    let event: String = site
        .postgres()
        .client
        .query_one("SELECT min(ev_id) FROM ntsb.events", &[])
        .unwrap()
        .get(0);
    let expected = json!({
        "event": event,
        "emit": {
            "folder": site.folder,
            "command": [
                windsock().get_program().to_str().unwrap(),
                "emit", "--config", "second.toml", "--web-dir", other_web(&site),
            ],
        },
    });
    let serving = Serving::start(&site, &["--base-url", BASE]);
    pass(
        node(&["offline"])
            .env("SITE_URL", &serving.url)
            .env("EXPECTED", expected.to_string()),
    );
}
