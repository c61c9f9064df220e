//! What other programs read of a site: feeds, sitemaps, citations, checksums, and the snippets of the
//! data page, which are run as they stand.

use std::process::Command;

use crate::harness::{repository, sampled, succeed, web_dir};

/// The snippet for Rust, compiled as it stands: its placeholder is an address that leads nowhere.
#[expect(clippy::print_stdout, reason = "it is a program of its own")]
mod snippet {
    include!("../../templates/snippets/read.rs");

    pub(super) fn run() -> Result<(), Box<dyn std::error::Error>> {
        main()
    }
}

#[test]
fn the_snippet_for_rust_compiles_and_says_what_it_lacks() {
    let error = snippet::run().unwrap_err();
    assert!(!error.to_string().is_empty());
}

#[test]
fn snippets_run_and_files_for_machines_can_be_read() {
    let tools = std::env::var("WINDSOCK_TOOLS").expect("WINDSOCK_TOOLS: run with `make test`");
    let python = format!("{tools}/interop/bin/python");
    let site = sampled("published", 1000, 5);
    let mut build = site.windsock("build");
    build.args(["sample/Pre2008.mdb", "sample/avall.mdb", "--base-url"]);
    build.args(["https://example.org/some/prefix/", "--web-dir"]);
    succeed(build.arg(web_dir()));
    let mut check = Command::new(python);
    check.arg(repository().join("tests/suite/published.py"));
    let printed = succeed(check.arg(site.dist()));
    println!("{printed}");
}
