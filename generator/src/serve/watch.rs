//! Builds the site when something it is made of changes.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader};
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::thread::sleep;
use std::time::Duration;

use anyhow::{Context, Result};
use walkdir::WalkDir;

use super::live::Live;

/// Time between two looks. Folders are looked at, not subscribed to: the site and the browser files are
/// exchanged by rename, after which a subscription would follow the old ones.
const PAUSE: Duration = Duration::from_millis(300);

/// Most bytes of what a failed build said.
const TOLD: usize = 4_000;

/// What to follow, and what to run when it changes.
#[derive(Debug)]
pub struct Rebuild {
    /// The tool; itself followed, since it carries the templates.
    pub tool: PathBuf,
    /// Files and folders whose change needs all stages: sources, configuration, suites, figures.
    pub inputs: Vec<PathBuf>,
    /// Files and folders whose change needs only the last stage: the browser files.
    pub shown: Vec<PathBuf>,
    /// Options for `windsock build` and `windsock emit`.
    pub options: Vec<String>,
    /// Databases to build from, if they were named.
    pub files: Vec<PathBuf>,
}

/// What tells that a file is another one. Only a reason to build: whether there is anything to do, the
/// build tells by contents.
type Look = BTreeMap<PathBuf, (u64, u64, i64, i64)>;

/// Follows and builds, on a thread of its own.
pub(super) fn start(rebuild: Rebuild, dir: PathBuf, live: Live) {
    std::thread::spawn(move || {
        let mut followed = Followed::look(&rebuild);
        let mut site = look(std::slice::from_ref(&dir), 0);
        if !dir.join("index.html").is_file() {
            rebuild.run(&live, true);
        }
        loop {
            sleep(PAUSE);
            let now = Followed::look(&rebuild);
            if now != followed {
                // Wait until whoever writes is done.
                let settled = {
                    sleep(PAUSE);
                    Followed::look(&rebuild) == now
                };
                if settled {
                    let all = now.inputs != followed.inputs;
                    followed = now;
                    rebuild.run(&live, all);
                }
            }
            let now = look(std::slice::from_ref(&dir), 0);
            if now != site {
                site = now;
                live.changed();
            }
        }
    });
}

#[derive(Debug, PartialEq, Eq)]
struct Followed {
    inputs: Look,
    shown: Look,
}

impl Followed {
    fn look(rebuild: &Rebuild) -> Self {
        let mut shown = rebuild.shown.clone();
        shown.push(rebuild.tool.clone());
        Self {
            inputs: look(&rebuild.inputs, usize::MAX),
            shown: look(&shown, usize::MAX),
        }
    }
}

fn look(paths: &[PathBuf], depth: usize) -> Look {
    let walk = |path: &PathBuf| WalkDir::new(path).max_depth(depth);
    paths
        .iter()
        .flat_map(walk)
        .filter_map(Result::ok)
        .filter_map(|entry| {
            let meta = entry.metadata().ok()?;
            let seen = (meta.ino(), meta.len(), meta.mtime(), meta.mtime_nsec());
            Some((entry.into_path(), seen))
        })
        .collect()
}

impl Rebuild {
    /// Builds the whole site, or writes it from what the other stages made.
    fn run(&self, live: &Live, all: bool) {
        let verb = if all { "build" } else { "emit" };
        match self.command(verb) {
            Ok(()) => live.failed(None),
            Err(error) => live.failed(Some(format!("{error:#}"))),
        }
    }

    /// The tool may be another by now, with other templates: so it is run, not called.
    fn command(&self, verb: &str) -> Result<()> {
        let mut command = Command::new(&self.tool);
        command.arg(verb).args(&self.options);
        if verb == "build" {
            command.args(&self.files);
        }
        let mut child = command
            .stdin(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .with_context(|| format!("running {}", shown(&self.tool)))?;
        let mut said = String::new();
        for line in child
            .stderr
            .take()
            .map(BufReader::new)
            .into_iter()
            .flat_map(BufRead::lines)
        {
            let line = line.context("listening to the build")?;
            eprintln!("{line}");
            said.push_str(&line);
            said.push('\n');
        }
        let status = child.wait().context("waiting for the build")?;
        if status.success() {
            return Ok(());
        }
        let from = said
            .char_indices()
            .map(|(at, _)| at)
            .find(|at| said.len() - at <= TOLD);
        anyhow::bail!("{}", said[from.unwrap_or_default()..].trim())
    }
}

fn shown(path: &Path) -> String {
    path.display().to_string()
}
