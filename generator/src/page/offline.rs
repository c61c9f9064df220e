//! The page that stands in for one that cannot be fetched, and the script that makes it so.

use anyhow::Result;
use askama::Template;
use serde_json::json;

use super::{Frame, Rendered, Shell, render};

/// The page's path.
const PATH: &str = "offline/";

/// Browser files that every page needs, or any page may need without a network: styles and
/// scripts. The chart library and the WebAssembly module are kept when they are used.
const FOLDERS: [&str; 3] = ["css", "img", "js"];

#[derive(Template)]
#[template(path = "offline.html")]
struct Offline<'a> {
    frame: Frame<'a>,
}

/// # Errors
/// If the template cannot be rendered.
pub fn page(shell: &Shell) -> Result<Rendered> {
    let frame = Frame {
        shell,
        path: PATH,
        title: "Without a network",
        description: "What is kept of this site on this device.",
    };
    let page = Offline {
        frame: frame.clone(),
    };
    render(&frame, &page, Vec::new())
}

/// The service worker at the root of the site, which is the only place from where it may answer
/// for all pages: what this build is made of, and where the code is. `files` are the paths of all
/// browser files, `build` is what tells this build from another one.
pub fn worker(shell: &Shell, files: &[String], build: &str) -> String {
    let needed = |path: &&String| {
        let folders = FOLDERS.iter().filter_map(|name| shell.assets.get(*name));
        folders
            .into_iter()
            .any(|folder| path.starts_with(&format!("{folder}/")))
    };
    let shell_files: Vec<&str> = ["", PATH]
        .into_iter()
        .chain(files.iter().filter(needed).map(String::as_str))
        .collect();
    let site = json!({ "build": build, "shell": shell_files, "offline": PATH });
    let code = shell.assets.get("js").map_or("js", String::as_str);
    format!("self.SITE = {site};\nimportScripts(\"{code}/sw.js\");\n")
}
