//! What the landing page makes a browser load at once.

use std::collections::BTreeSet;
use std::path::Path;

use anyhow::{Context, Result};

use super::{Kind, Problem, Site};
use crate::text::thousands;

/// Bytes the landing page may load at once, without any WebAssembly.
const LIMIT: u64 = 120_000;

/// The landing page with the styles, scripts and images it names, and the modules these import.
pub(super) struct Landing {
    /// Bytes over all of them.
    pub(super) bytes: u64,
    /// Files of the browser module among them.
    wasm: Vec<String>,
}

impl Landing {
    pub(super) fn of(site: &Site) -> Result<Self> {
        let mut loaded = BTreeSet::new();
        let facts = site.pages.get("index.html");
        let mut open: Vec<String> = facts
            .into_iter()
            .flat_map(|facts| &facts.assets)
            .filter_map(|asset| asset.strip_prefix(site.url.prefix()).map(str::to_owned))
            .collect();
        while let Some(path) = open.pop() {
            if !site.sizes.contains_key(&path) || !loaded.insert(path.clone()) {
                continue;
            }
            if ends_in(&path, "js") {
                let script = std::fs::read_to_string(site.folder.join(&path))
                    .with_context(|| format!("reading {path}"))?;
                open.extend(imports(&script).filter_map(|import| resolve(&path, import)));
            }
        }
        let sizes = loaded.iter().map(|path| site.sizes[path]);
        let own = site.sizes.get("index.html").copied().unwrap_or_default();
        Ok(Self {
            bytes: own + sizes.sum::<u64>(),
            wasm: loaded.into_iter().filter(|path| is_wasm(path)).collect(),
        })
    }

    pub(super) fn problems(&self) -> Vec<Problem> {
        let mut messages: Vec<String> = self
            .wasm
            .iter()
            .map(|path| {
                format!("the landing page loads {path}: WebAssembly waits until it is asked for")
            })
            .collect();
        if self.bytes > LIMIT {
            let (bytes, limit) = (thousands(self.bytes), thousands(LIMIT));
            messages.push(format!(
                "the landing page loads {bytes} bytes, {limit} are allowed"
            ));
        }
        let problem = |message| Problem::new("index.html", Kind::Budget, message);
        messages.into_iter().map(problem).collect()
    }
}

/// The compiled module, or the script that loads it.
fn is_wasm(path: &str) -> bool {
    ends_in(path, "wasm") || path.starts_with("assets/wasm.")
}

fn ends_in(path: &str, extension: &str) -> bool {
    Path::new(path)
        .extension()
        .is_some_and(|found| found == extension)
}

/// What a module imports at once; `import(…)` waits.
fn imports(script: &str) -> impl Iterator<Item = &str> {
    [" from \"", "import \""]
        .into_iter()
        .flat_map(|start| script.split(start).skip(1))
        .filter_map(|rest| rest.split_once('"'))
        .map(|(address, _)| address)
        .filter(|address| address.starts_with('.'))
}

/// Path of a module that is named relative to another.
fn resolve(from: &str, import: &str) -> Option<String> {
    let mut parts: Vec<&str> = from.split('/').collect();
    parts.pop();
    for part in import.split('/') {
        match part {
            "." => {}
            ".." => drop(parts.pop()?),
            name => parts.push(name),
        }
    }
    Some(parts.join("/"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn modules_lead_to_those_they_import() {
        let script = "import { a } from \"./a.js\";\nimport \"../css/b.js\";\n\
                      export * from \"./c.js\";\nconst d = () => import(\"./d.js\");\n";
        let found: BTreeSet<&str> = imports(script).collect();
        assert_eq!(found, BTreeSet::from(["../css/b.js", "./a.js", "./c.js"]));
        assert_eq!(
            resolve("assets/js.1/site.js", "./a.js").unwrap(),
            "assets/js.1/a.js"
        );
        assert_eq!(
            resolve("assets/js.1/site.js", "../x/a.js").unwrap(),
            "assets/x/a.js"
        );
        assert_eq!(resolve("a.js", "../../b.js"), None);
    }
}
