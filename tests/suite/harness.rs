//! Running the tool, and the site that most tests look at.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::{Mutex, OnceLock, PoisonError};

use sha2::{Digest, Sha256};
use walkdir::WalkDir;

/// The prefix under which the shared site is served: every link must work below it.
pub(crate) const BASE: &str = "/some/prefix/";

/// The folder of the built binaries.
fn bin_dir() -> PathBuf {
    // target/<profile>/deps/suite-… → target/<profile>
    std::env::current_exe()
        .unwrap()
        .ancestors()
        .nth(2)
        .unwrap()
        .to_owned()
}

/// The tool, without the settings of the developer's environment.
pub(crate) fn windsock() -> Command {
    let binary = bin_dir().join("windsock");
    assert!(
        binary.is_file(),
        "{} is missing: run the tests with `make test`",
        binary.display()
    );
    let mut command = Command::new(binary);
    for (name, _) in std::env::vars().filter(|(name, _)| name.starts_with("WINDSOCK_")) {
        command.env_remove(name);
    }
    command
}

/// The browser files that `make web` gathers.
pub(crate) fn web_dir() -> PathBuf {
    let web = bin_dir().parent().unwrap().join("web");
    assert!(
        web.join("wasm").is_dir(),
        "{} is missing: run `make web`",
        web.display()
    );
    web
}

/// The repository.
pub(crate) fn repository() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap()
}

/// A folder that outlives the test run, so that its PostgreSQL cluster is made only once.
pub(crate) fn folder(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    std::fs::create_dir_all(&folder).unwrap();
    folder
}

/// Runs a command that must succeed and returns what it printed.
pub(crate) fn succeed(command: &mut Command) -> String {
    let output = command.output().unwrap();
    assert!(
        output.status.success(),
        "{command:?} failed: {}",
        describe(&output)
    );
    String::from_utf8(output.stdout).unwrap()
}

/// Runs a command that must fail with this exit code and returns its message.
pub(crate) fn fail(command: &mut Command, code: i32) -> String {
    let output = command.output().unwrap();
    assert_eq!(
        output.status.code(),
        Some(code),
        "{command:?}: {}",
        describe(&output)
    );
    String::from_utf8(output.stderr).unwrap()
}

fn describe(output: &Output) -> String {
    format!(
        "{}\n{}\n{}",
        output.status,
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    )
}

/// A built site and the folders it came from.
pub(crate) struct Site {
    pub(crate) folder: PathBuf,
}

impl Site {
    pub(crate) fn dist(&self) -> PathBuf {
        self.folder.join("dist")
    }

    pub(crate) fn lake(&self) -> PathBuf {
        self.dist().join("lake")
    }

    /// `windsock` with this site's work folder.
    pub(crate) fn windsock(&self, verb: &str) -> Command {
        let mut command = windsock();
        command.current_dir(&self.folder).arg(verb);
        command
    }

    /// `windsock build` of this site.
    pub(crate) fn build(&self) -> Command {
        let mut command = self.windsock("build");
        command.args([
            "sample/Pre2008.mdb",
            "sample/avall.mdb",
            "--base-url",
            BASE,
            "--web-dir",
        ]);
        command.arg(web_dir());
        command
    }

    /// The same site, written for another place from what its stages made.
    pub(crate) fn at(&self, name: &str, base_url: &str) -> Self {
        let other = Self {
            folder: folder(name),
        };
        let work = other.folder.join(".windsock");
        std::fs::remove_dir_all(&work).ok();
        std::fs::create_dir_all(&work).unwrap();
        // All but the database: nothing that is published is ever changed in place.
        for part in ["lake", "models", "validation"] {
            succeed(
                Command::new("cp")
                    .arg("-al")
                    .arg(self.folder.join(".windsock").join(part))
                    .arg(&work),
            );
        }
        for entry in std::fs::read_dir(self.folder.join(".windsock")).unwrap() {
            let entry = entry.unwrap();
            if entry.file_name().to_string_lossy().ends_with(".json") {
                std::fs::copy(entry.path(), work.join(entry.file_name())).unwrap();
            }
        }
        let mut emit = other.windsock("emit");
        succeed(
            emit.args(["--base-url", base_url, "--web-dir"])
                .arg(web_dir()),
        );
        other
    }

    /// A connection to the private PostgreSQL the site was built with.
    pub(crate) fn postgres(&self) -> Server<'_> {
        let mut users = SERVERS.lock().unwrap();
        let url = succeed(self.windsock("postgres").arg("start"));
        *users.entry(self.folder.clone()).or_default() += 1;
        let client = postgres::Client::connect(url.trim(), postgres::NoTls).unwrap();
        Server {
            client,
            url: url.trim().to_owned(),
            site: self,
        }
    }

    /// A result of a stage as recorded in the work folder.
    pub(crate) fn record(&self, stage: &str) -> serde_json::Value {
        let path = self.folder.join(format!(".windsock/{stage}.json"));
        let record: serde_json::Value =
            serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap();
        record["result"].clone()
    }
}

/// How many tests use the server of a site, by its folder.
static SERVERS: Mutex<BTreeMap<PathBuf, u32>> = Mutex::new(BTreeMap::new());

/// A connection that stops the server when the last one is dropped.
pub(crate) struct Server<'a> {
    pub(crate) client: postgres::Client,
    pub(crate) url: String,
    site: &'a Site,
}

impl Drop for Server<'_> {
    fn drop(&mut self) {
        let mut users = SERVERS.lock().unwrap_or_else(PoisonError::into_inner);
        let left = users.entry(self.site.folder.clone()).or_default();
        *left -= 1;
        if *left == 0 {
            self.site.windsock("postgres").arg("stop").status().ok();
        }
    }
}

/// Writes samples of `events` events into a folder of this name and returns it unbuilt.
pub(crate) fn sampled(name: &str, events: u32, seed: u64) -> Site {
    let site = Site {
        folder: folder(name),
    };
    let (events, seed) = (events.to_string(), seed.to_string());
    succeed(
        site.windsock("sample")
            .args(["sample", "--events", &events, "--seed", &seed]),
    );
    site
}

/// The site that most tests look at, built once a run.
pub(crate) fn site() -> &'static Site {
    static SITE: OnceLock<Site> = OnceLock::new();
    SITE.get_or_init(|| {
        let site = sampled("site", 1_500, 7);
        succeed(&mut site.build());
        site
    })
}

/// Hash of every file below `root`, by relative path.
pub(crate) fn tree(root: &Path) -> BTreeMap<PathBuf, String> {
    WalkDir::new(root)
        .into_iter()
        .map(Result::unwrap)
        .filter(|entry| entry.file_type().is_file())
        .map(|entry| {
            let hash = Sha256::digest(std::fs::read(entry.path()).unwrap());
            (
                entry.path().strip_prefix(root).unwrap().to_owned(),
                format!("{hash:?}"),
            )
        })
        .collect()
}
