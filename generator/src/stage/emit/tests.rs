use std::collections::{BTreeSet, HashMap};
use std::path::Path;

use super::*;
use crate::output::MemoryOutput;
use crate::record::{ClassEstimate, Estimate};

/// The only other site that pages lead to.
const NTSB: &str = "https://data.ntsb.gov/";

fn emit(inputs: &Inputs) -> (Site, MemoryOutput) {
    let mut output = MemoryOutput::default();
    let site = run(inputs, estimates(), &mut output).unwrap();
    (site, output)
}

/// An estimate of the newest event.
fn estimates() -> Estimates {
    let class = |class: &str, label: &str, percent, base_percent| ClassEstimate {
        class: class.to_owned(),
        label: label.to_owned(),
        percent,
        base_percent,
    };
    let estimate = Estimate {
        classes: vec![
            class("FATL", "Fatal", 37, 18),
            class("NONE", fixture::HOSTILE, 63, 82),
        ],
        features: 30,
        missing: 4,
        learned_to: 2018,
    };
    HashMap::from([(fixture_lake::ev_id(2021), estimate)]).into()
}

fn has_ending(path: &str, ending: &str) -> bool {
    Path::new(path).extension().is_some_and(|e| e == ending)
}

fn html(output: &MemoryOutput) -> impl Iterator<Item = (&str, &str)> {
    output
        .files
        .iter()
        .filter(|(path, _)| has_ending(path, "html"))
        .map(|(path, bytes)| (path.as_str(), std::str::from_utf8(bytes).unwrap()))
}

/// Values of an attribute, as a browser reads them.
fn attributes(html: &str, name: &str) -> Vec<String> {
    html.split(&format!(" {name}=\""))
        .skip(1)
        .filter_map(|rest| rest.split('"').next())
        .map(|value| value.replace("&#38;", "&"))
        .collect()
}

#[test]
fn every_link_of_every_page_leads_to_a_file_under_the_prefix() {
    let files = fixture::files();
    let (_, output) = emit(&files.inputs);
    let mut checked = BTreeSet::new();
    for (page, text) in html(&output) {
        for name in [
            "href",
            "src",
            "data-chart",
            "data-labels",
            "data-plotly",
            "data-worker",
            "data-module",
            "data-editor",
            "data-model",
            "data-event",
            "data-map",
            "data-outlines",
            "data-points",
            "data-exporter",
            "data-meaning",
            "data-tail",
        ] {
            for link in attributes(text, name) {
                if link.starts_with(NTSB) {
                    continue;
                }
                if let Some(id) = link.strip_prefix('#') {
                    let id = format!("id=\"{id}\"");
                    assert!(text.contains(&id), "{page}: {link}");
                    continue;
                }
                let path = link.split(['?', '#']).next().unwrap();
                let path = path
                    .strip_prefix("/x/y/")
                    .unwrap_or_else(|| panic!("{page}: {link} leaves the site"));
                let file = if path.is_empty() || path.ends_with('/') {
                    format!("{path}index.html")
                } else {
                    path.to_owned()
                };
                assert!(output.files.contains_key(&file), "{page}: {link}");
                checked.insert(link);
            }
        }
    }
    assert!(
        checked.len() > 40,
        "only {} links were found",
        checked.len()
    );
}

#[test]
fn nothing_from_the_data_becomes_markup() {
    let files = fixture::files();
    let (_, output) = emit(&files.inputs);
    let mut shown = 0;
    for (page, text) in html(&output) {
        for markup in ["<script>alert", "<img src=x", "onclick=\"x"] {
            assert!(!text.contains(markup), "{page}: {markup}");
        }
        shown += text.matches("alert(1)").count();
    }
    assert!(shown >= 3, "the hostile text is shown, only {shown} times");
}

#[test]
fn pages_keep_to_the_content_security_policy() {
    let files = fixture::files();
    let (_, output) = emit(&files.inputs);
    for (page, text) in html(&output) {
        assert!(text.contains("default-src 'none'"), "{page}");
        assert!(!text.contains("<style"), "{page}");
        assert!(attributes(text, "style").is_empty(), "{page}");
        for script in text.split("<script").skip(1) {
            let tag = script.split('>').next().unwrap();
            // Data is no script: the policy has nothing to say about it.
            let data = tag == " type=\"application/ld+json\"";
            assert!(
                data || tag.contains(" src=\""),
                "{page}: inline script {tag}"
            );
        }
        let text = text.replace(&format!("href=\"{NTSB}"), "href=\"#");
        for other_site in ["href=\"http", "src=\"http", "href=\"//", "src=\"//"] {
            assert!(!text.contains(other_site), "{page}: {other_site}");
        }
    }
}

#[test]
fn the_same_inputs_give_the_same_bytes() {
    let files = fixture::files();
    let (site, output) = emit(&files.inputs);
    let (again, second) = emit(&files.inputs);
    assert_eq!(site, again);
    assert_eq!(output.files, second.files);
    let html = html(&output).count();
    assert_eq!(site.pages, html as u64);
    assert_eq!(site.files, output.files.len() as u64);
    let bytes: usize = output.files.values().map(Vec::len).sum();
    assert_eq!(site.bytes, bytes as u64);
    assert_eq!(site.wasm_bytes, 4);
}

/// What a browser loads for the landing page at once: no chart library, no WebAssembly.
#[test]
fn the_landing_page_stays_within_its_budget() {
    let files = fixture::files();
    let (_, output) = emit(&files.inputs);
    let page = std::str::from_utf8(&output.files["index.html"]).unwrap();
    assert!(
        !page.contains("/wasm."),
        "the landing page names the module"
    );
    let mut loaded = BTreeSet::from(["index.html".to_owned()]);
    let mut queue = attributes(page, "src");
    queue.extend(
        attributes(page, "href")
            .into_iter()
            .filter(|link| link.contains("/assets/")),
    );
    queue.extend(attributes(page, "data-chart"));
    while let Some(link) = queue.pop() {
        let path = link.trim_start_matches("/x/y/").to_owned();
        if !loaded.insert(path.clone()) || !has_ending(&path, "js") {
            continue;
        }
        let script = std::str::from_utf8(&output.files[&path]).unwrap();
        let folder = path.rsplit_once('/').unwrap().0;
        queue.extend(
            script
                .lines()
                .filter_map(|line| line.strip_prefix("import ")?.split('"').nth(1))
                .map(|module| format!("{folder}/{}", module.trim_start_matches("./"))),
        );
    }
    let bytes: usize = loaded.iter().map(|path| output.files[path].len()).sum();
    assert!(bytes <= 120_000, "{bytes} bytes in {loaded:?}");
}

#[test]
fn missing_inputs_are_named() {
    let mut files = fixture::files();
    files.inputs.figures.figures.remove("states");
    let error = run(
        &files.inputs,
        Estimates::default(),
        &mut MemoryOutput::default(),
    )
    .unwrap_err();
    assert!(format!("{error:#}").contains("`states`"), "{error:#}");

    let files = fixture::files();
    std::fs::remove_file(files.folder.path().join("web/wasm/windsock_bg.wasm")).unwrap();
    let error = run(
        &files.inputs,
        Estimates::default(),
        &mut MemoryOutput::default(),
    )
    .unwrap_err();
    assert!(format!("{error:#}").contains("make web"), "{error:#}");
}

#[test]
fn a_manifest_of_another_build_is_refused() {
    let mut files = fixture::files();
    files.inputs.manifest.data_date = "2022-01-01".to_owned();
    let error = run(
        &files.inputs,
        Estimates::default(),
        &mut MemoryOutput::default(),
    )
    .unwrap_err();
    assert!(error.to_string().contains("lake stage"), "{error}");
}

/// The page of the newest event, and the record the browser would draw it from.
#[test]
fn an_event_is_told_in_full_without_markup_of_its_own() {
    let files = fixture::files();
    let (_, output) = emit(&files.inputs);
    let id = fixture_lake::ev_id(2021);
    let page = std::str::from_utf8(&output.files[&format!("event/{id}/index.html")]).unwrap();
    for part in [
        "Fatal accident at ",
        "Aircraft 2: ",
        "09:17",
        "00:00, or not recorded",
        "not recorded <code title=\"acft_year\">0</code>",
        "Airplane <code",
        "<dd>ZAPP</dd>",
        "column_of_tomorrow",
        "Flight crew",
        "Task performance › ",
        "same registration",
        "https://data.ntsb.gov/Docket?NTSBNumber=GAA21LA001",
    ] {
        assert!(page.contains(part), "{part} is not in {page}");
    }
    assert!(page.len() <= 60_000, "{} bytes", page.len());
    let old = fixture_lake::ev_id(2008);
    assert!(
        !output
            .files
            .contains_key(&format!("event/{old}/index.html"))
    );
    assert!(page.contains(&format!("/x/y/event/?id={}", fixture_lake::ev_id(2019))));

    let manifest = &output.files["api/v1/events/manifest.json"];
    let manifest: serde_json::Value = serde_json::from_slice(manifest).unwrap();
    assert_eq!(manifest["values"], fixture_lake::YEARS.count());
    assert_eq!(manifest["about"]["labels"]["light_cond"], "Light");
}
