//! nginx as `docs/deploy.md` configures it.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::harness::{Site, folder, repository, succeed};
use crate::serving::{Serving, free_port};

/// Where it is installed, or unpacked by `.ci/deps`: the folder that stands for the root.
fn root() -> Option<PathBuf> {
    let unpacked = std::env::var_os("WINDSOCK_TOOLS").map(|tools| Path::new(&tools).join("nginx"));
    [Some(PathBuf::from("/")), unpacked]
        .into_iter()
        .flatten()
        .find(|root| root.join("usr/sbin/nginx").exists())
}

/// Where the guide puts the site.
const GUIDE: &str = "/var/www/accidents/";

/// A running nginx over a site built for `/accidents/`.
pub(crate) struct Nginx<'a> {
    pub(crate) serving: Serving,
    site: &'a Site,
}

impl<'a> Nginx<'a> {
    /// Nothing if nginx is not installed.
    pub(crate) fn start(site: &'a Site) -> Option<Self> {
        let root = root()?;
        let (work, port) = (folder("nginx"), free_port());
        let dist = format!("{}/", site.dist().display());
        let guide = guide();
        assert!(
            guide.contains(GUIDE) && guide.contains("listen 80;"),
            "{guide}"
        );
        let server = guide
            .replace("listen 80;", &format!("listen 127.0.0.1:{port};"))
            .replace(GUIDE, &dist)
            .replace(
                "/etc/nginx/",
                &format!("{}/", root.join("etc/nginx").display()),
            );
        let temporary = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"]
            .map(|name| format!("{name}_temp_path {}/{name};\n", work.display()))
            .concat();
        // As root nginx would serve as another user, who may not look into the folders of the tests.
        let user = if nix_root() { "user root;" } else { "" };
        let main = format!(
            "{user} daemon off; worker_processes 1; pid {0}/pid; error_log {0}/error.log;
             events {{}} http {{ access_log off; {temporary} {server} }}",
            work.display()
        );
        let configuration = work.join("nginx.conf");
        std::fs::write(&configuration, main).unwrap();
        let nginx = || {
            let mut command = Command::new(root.join("usr/sbin/nginx"));
            command
                .arg("-e")
                .arg(work.join("error.log"))
                .arg("-c")
                .arg(&configuration);
            command
        };
        succeed(nginx().arg("-t"));
        let serving = Serving::wait_for(&mut nginx(), port, "/accidents/");
        Some(Self { serving, site })
    }

    /// What the table of hosts in the guide says of nginx.
    pub(crate) fn check_headers(&self) {
        let base = &self.serving.url;
        let head = |path: &str, headers: &[&str]| {
            let mut command = Command::new("curl");
            command.args(["-s", "-D", "-", "-o", "/dev/null"]);
            for header in headers {
                command.args(["-H", header]);
            }
            succeed(command.arg(format!("{base}{path}"))).to_lowercase()
        };
        let zipped = "Accept-Encoding: gzip";
        let (forever, anew) = (
            "cache-control: public, max-age=31536000, immutable",
            "cache-control: no-cache",
        );
        let parquet = self.a_file("lake/explore", ".parquet");
        let module = self.a_file("assets", ".wasm");
        let bucket = self.a_file("api/v1/events", ".gz");
        for (path, kind, kept, packed) in [
            ("", "text/html", anew, true),
            ("lake/manifest.json", "application/json", anew, true),
            (
                "api/v1/events/manifest.json",
                "application/json",
                anew,
                true,
            ),
            (
                "manifest.webmanifest",
                "application/manifest+json",
                anew,
                false,
            ),
            (
                parquet.as_str(),
                "application/vnd.apache.parquet",
                forever,
                false,
            ),
            (module.as_str(), "application/wasm", forever, true),
            (bucket.as_str(), "", forever, false),
        ] {
            let answer = head(path, &[zipped]);
            assert!(answer.starts_with("http/1.1 200"), "{path}: {answer}");
            assert!(
                answer.contains(&format!("content-type: {kind}")),
                "{path}: {answer}"
            );
            assert!(answer.contains(kept), "{path}: {answer}");
            assert!(
                answer.contains("x-content-type-options: nosniff"),
                "{path}: {answer}"
            );
            assert_eq!(
                answer.contains("content-encoding: gzip"),
                packed,
                "{path}: {answer}"
            );
        }
        let part = head(&parquet, &["Range: bytes=4-9"]);
        assert!(
            part.starts_with("http/1.1 206") && part.contains("bytes 4-9/"),
            "{part}"
        );
        assert!(head("explore", &[]).starts_with("http/1.1 301"));
        assert!(head("no/such/page", &[]).starts_with("http/1.1 404"));
        assert!(!head("../windsock.toml", &[]).starts_with("http/1.1 200"));
    }

    /// The path of some file of the site.
    fn a_file(&self, below: &str, ending: &str) -> String {
        let dist = self.site.dist();
        walkdir::WalkDir::new(dist.join(below))
            .sort_by_file_name()
            .into_iter()
            .map(|entry| entry.unwrap().into_path())
            .find(|path| path.to_string_lossy().ends_with(ending))
            .map(|path| path.strip_prefix(&dist).unwrap().display().to_string())
            .unwrap()
    }
}

/// The configuration of the guide.
fn guide() -> String {
    let guide = std::fs::read_to_string(repository().join("docs/deploy.md")).unwrap();
    let (_, after) = guide.split_once("```nginx\n").unwrap();
    after.split_once("```").unwrap().0.to_owned()
}

fn nix_root() -> bool {
    succeed(Command::new("id").arg("-u")).trim() == "0"
}
