//! Sites as browsers get them, and the runner of the browser tests.

use std::net::{TcpListener, TcpStream};
use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::Duration;

use crate::harness::{Site, repository};

/// A server, ended with the test.
pub(crate) struct Serving {
    process: Child,
    pub(crate) url: String,
}

impl Serving {
    /// `windsock serve` of a site, with these options.
    pub(crate) fn start(site: &Site, options: &[&str]) -> Self {
        let port = free_port();
        let mut command = site.windsock("serve");
        command.args(options).args(["--port", &port.to_string()]);
        let prefix = options
            .iter()
            .skip_while(|option| **option != "--base-url")
            .nth(1);
        Self::wait_for(&mut command, port, prefix.unwrap_or(&"/"))
    }

    /// Any server that will listen on a port.
    pub(crate) fn wait_for(command: &mut Command, port: u16, prefix: &str) -> Self {
        let process = command.stdout(Stdio::null()).spawn().unwrap();
        for _ in 0..200 {
            if TcpStream::connect(("127.0.0.1", port)).is_ok() {
                break;
            }
            sleep(Duration::from_millis(100));
        }
        Self {
            process,
            url: format!("http://127.0.0.1:{port}{prefix}"),
        }
    }
}

impl Drop for Serving {
    fn drop(&mut self) {
        self.process.kill().ok();
        self.process.wait().ok();
    }
}

/// Free at this moment, and nobody else is started here.
pub(crate) fn free_port() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    listener.local_addr().unwrap().port()
}

/// Node's test runner over files of `tests/browser/`.
pub(crate) fn node(files: &[&str]) -> Command {
    let mut command = Command::new("node");
    command
        .args(["--test", "--test-reporter=spec", "--test-concurrency=1"])
        .args(
            files
                .iter()
                .map(|name| repository().join(format!("tests/browser/{name}.test.mjs"))),
        )
        .env_remove("SMOKE");
    command
}

/// Runs tests that must pass, and shows what they say.
#[expect(
    clippy::print_stdout,
    reason = "what a test found belongs to its output"
)]
pub(crate) fn pass(command: &mut Command) {
    let output = command.output().unwrap();
    let report = String::from_utf8_lossy(&output.stdout);
    assert!(
        output.status.success(),
        "{report}{}",
        String::from_utf8_lossy(&output.stderr)
    );
    println!("{report}");
}
