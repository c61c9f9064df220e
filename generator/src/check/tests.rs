use super::*;

/// A page as the templates make it, around `content`.
fn page(content: &str) -> String {
    let policy = r#"<meta http-equiv="Content-Security-Policy" content="default-src 'self'">"#;
    format!(
        "<!doctype html><html lang=\"en\">{policy}<title>t</title><main>{content}</main></html>"
    )
}

fn site(files: &[(&str, String)]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (path, text) in files {
        let path = folder.path().join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }
    folder
}

#[test]
fn a_sound_site_passes() {
    let words = "word ".repeat(60);
    let data = r#"<script type="application/ld+json">{}</script>"#;
    let folder = site(&[
        (
            "index.html",
            page(
                r#"<a href="/x/a/?q=1&amp;r=2#there">a</a><a href="https://data.ntsb.gov/">b</a>
                   <script type="module" src="/x/assets/js.1/site.js"></script>"#,
            ),
        ),
        (
            "a/index.html",
            page(
                r##"<h2 id="there">there</h2><a href="#there">up</a><img src="/x/b.svg" alt="">"##,
            ) + data,
        ),
        ("b.svg", "<svg/>".to_owned()),
        ("event/1/index.html", page(&words)),
        ("assets/js.1/site.js", "import \"./other.js\";".to_owned()),
        ("assets/js.1/other.js", "x".repeat(1000)),
    ]);
    let report = run(folder.path(), "/x/").unwrap();
    assert_eq!(report.problems, []);
    assert_eq!((report.pages, report.links, report.files), (3, 5, 6));
    let home = std::fs::metadata(folder.path().join("index.html"))
        .unwrap()
        .len();
    assert_eq!(
        report.landing,
        home + 20 + 1000,
        "with the module it imports"
    );
    assert!(report.largest_record > 300);
}

/// Holds that a site has one problem, of this kind, whose message has these words.
fn only_problem(files: &[(&str, String)], kind: Kind, named: &str) {
    let folder = site(files);
    let report = run(folder.path(), "/x/").unwrap();
    let [problem] = report.problems.as_slice() else {
        panic!("{named}: {:?}", report.problems);
    };
    assert_eq!(problem.kind, kind, "{problem}");
    assert!(problem.message.contains(named), "{named}: {problem}");
}

#[test]
fn links_that_lead_nowhere_and_what_the_policy_forbids_are_named() {
    for (content, kind, named) in [
        (
            r#"<a href="/x/none/">a</a>"#,
            Kind::Link,
            "/x/none/ leads nowhere",
        ),
        (
            r#"<img src="/x/none.png" alt="">"#,
            Kind::Link,
            "/x/none.png leads nowhere",
        ),
        (
            r#"<a href="/other/">a</a>"#,
            Kind::Link,
            "leaves the prefix",
        ),
        (r##"<a href="#none">a</a>"##, Kind::Anchor, "no place there"),
        ("<script>alert(1)</script>", Kind::Policy, "inline script"),
        (r#"<p style="x">"#, Kind::Policy, "inline style"),
        (
            r#"<script src="https://cdn.example.org/a.js"></script>"#,
            Kind::Policy,
            "another origin",
        ),
        (
            r#"<p id="a"><p id="a">"#,
            Kind::Html,
            "the id a occurs more than once",
        ),
        (r#"<img src="/x/index.html">"#, Kind::Html, "has no alt"),
    ] {
        only_problem(&[("index.html", page(content))], kind, named);
    }
}

#[test]
fn pages_that_are_not_sound_are_named() {
    for (part, named) in [
        (" lang=\"en\"", "no language"),
        ("<title>t", "no title"),
        ("Content-Security-Policy", "no content security policy"),
    ] {
        let html = page("").replace(part, if part.starts_with('<') { "<title>" } else { "" });
        only_problem(&[("index.html", html)], Kind::Html, named);
    }
    let words = "word ".repeat(60);
    for html in [page("<p>Loading</p>"), page("<template>") + &words] {
        let files = [("index.html", page("")), ("event/1/index.html", html)];
        only_problem(&files, Kind::Html, "cannot be read");
    }
}

#[test]
fn pages_that_are_too_large_are_named() {
    let large = page(&"word ".repeat(12_000));
    let record = [("index.html", page("")), ("event/1/index.html", large)];
    only_problem(&record, Kind::Budget, "a record page may have 60,000");
    let heavy = page(&"y ".repeat(60_000));
    only_problem(
        &[("index.html", heavy)],
        Kind::Budget,
        "the landing page loads 120,",
    );
    let wasm = [
        (
            "index.html",
            page(r#"<script src="/x/assets/js.1/a.js"></script>"#),
        ),
        (
            "assets/js.1/a.js",
            "import x from \"../wasm.2/windsock.js\";".to_owned(),
        ),
        ("assets/wasm.2/windsock.js", String::new()),
    ];
    only_problem(&wasm, Kind::Budget, "windsock.js: WebAssembly waits");
}

#[test]
fn the_report_is_json_for_scripts() {
    let folder = site(&[("index.html", page(r#"<a href="/none/">a</a>"#))]);
    let report = serde_json::to_value(run(folder.path(), "/").unwrap()).unwrap();
    assert_eq!(report["pages"], 1);
    assert_eq!(report["problems"][0]["path"], "index.html");
    assert_eq!(report["problems"][0]["kind"], "link");
}
