//! What people and scripts meet at the command line: help, configuration, checks, the server.

use std::net::TcpListener;
use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;
use std::process::{Command, Stdio};

use crate::harness::{BASE, fail, folder, repository, site, succeed, windsock};
use crate::serving::{Serving, free_port};

/// An empty folder.
fn empty(name: &str) -> PathBuf {
    let folder = folder(name);
    std::fs::remove_dir_all(&folder).unwrap();
    std::fs::create_dir_all(&folder).unwrap();
    folder
}

#[test]
fn what_init_writes_is_understood_by_windsock_and_its_schema_by_editors() {
    let folder = empty("init");
    let run = |verb: &str| {
        let mut command = windsock();
        command.current_dir(&folder).arg(verb);
        command
    };
    succeed(&mut run("init"));
    let written = std::fs::read_to_string(folder.join("windsock.toml")).unwrap();
    assert!(written.starts_with("#:schema ./windsock.schema.json\n"));
    let schema = std::fs::read(folder.join("windsock.schema.json")).unwrap();
    let schema: serde_json::Value = serde_json::from_slice(&schema).unwrap();
    assert!(schema["properties"]["site"]["properties"]["base_url"]["description"].is_string());
    // Nothing is built, but the file was read.
    let told = fail(&mut run("check"), 1);
    assert!(told.contains("there is no site in dist"), "{told}");
    std::fs::write(folder.join("windsock.toml"), "[site]\nbaseurl = '/x/'\n").unwrap();
    let told = fail(&mut run("check"), 3);
    assert!(told.contains("did you mean `base_url`?"), "{told}");
    std::fs::write(folder.join("windsock.toml"), "[site]\noutput = 'file'\n").unwrap();
    let told = fail(run("check").env("WINDSOCK_SITE_OUTPUT", "environment"), 1);
    assert!(told.contains("no site in environment"), "{told}");
    let told = fail(run("check").env("WINDSOCK_SITE_OUTPTU", "x"), 1);
    assert!(
        told.contains("did you mean WINDSOCK_SITE_OUTPUT?"),
        "{told}"
    );

    succeed(run("init").arg("--workflow"));
    let workflow = std::fs::read_to_string(folder.join(".github/workflows/site.yml")).unwrap();
    let ours = repository().join(".github/workflows/site.yml");
    assert_eq!(workflow, std::fs::read_to_string(ours).unwrap());
}

#[test]
fn workflows_use_pinned_actions_with_few_rights() {
    let folder = repository().join(".github/workflows");
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let text = std::fs::read_to_string(&path).unwrap();
        let shown = path.display();
        assert!(
            text.contains("\npermissions:\n  contents: read\n"),
            "{shown}"
        );
        let mut script = None;
        for line in text.lines() {
            if let Some((_, action)) = line.split_once("uses: ") {
                let (_, version) = action.split_once('@').unwrap();
                let (commit, comment) = version.split_at(40);
                assert!(
                    commit.bytes().all(|b| b.is_ascii_hexdigit()),
                    "{shown}: {action}"
                );
                assert!(comment.starts_with(" # v"), "{shown}: {action}");
            }
            // What somebody types may reach a shell only as a variable.
            let depth = line.len() - line.trim_start().len();
            if line.trim_start().starts_with("run:") {
                script = Some(depth);
            } else if script.is_some_and(|at| !line.trim().is_empty() && depth <= at) {
                script = None;
            }
            if script.is_some() {
                for typed in ["inputs.", "github.event", "steps."] {
                    assert!(!line.contains(&format!("${{{{ {typed}")), "{shown}: {line}");
                }
            }
        }
    }
}

#[test]
fn completions_are_scripts_of_their_shell() {
    let script = succeed(windsock().args(["completions", "bash"]));
    assert!(script.contains("--base-url") && script.contains("gzip-subpath"));
    let file = empty("completions").join("windsock.bash");
    std::fs::write(&file, script).unwrap();
    succeed(Command::new("bash").arg("-n").arg(&file));
}

#[test]
fn check_tells_people_and_scripts_what_is_wrong() {
    let broken = empty("unsound").join("dist");
    succeed(
        Command::new("cp")
            .arg("-al")
            .arg(site().dist())
            .arg(&broken),
    );
    let check = |format: &str| {
        let mut command = windsock();
        command.args(["check", "--base-url", BASE, "--format", format, "--output"]);
        command.arg(&broken);
        command
    };
    let report: serde_json::Value = serde_json::from_str(&succeed(&mut check("json"))).unwrap();
    assert_eq!(report["problems"], serde_json::json!([]));
    assert!(report["pages"].as_u64().unwrap() > 50);
    assert!(report["landing"].as_u64().unwrap() < 120_000);
    assert!(succeed(&mut check("text")).contains(": sound"));

    // Deliberately: a page that is linked goes, and one file is too large for hosts.
    std::fs::remove_file(broken.join("glossary/index.html")).unwrap();
    let large = std::fs::File::create(broken.join("lake/large.parquet")).unwrap();
    large.set_len(25 << 20).unwrap();
    let told = fail(&mut check("text"), 5);
    assert!(
        told.contains("lake/large.parquet: 26,214,400 bytes"),
        "{told}"
    );
    assert!(
        told.contains(&format!("{BASE}glossary/ leads nowhere")),
        "{told}"
    );
    let output = check("json").output().unwrap();
    assert_eq!(output.status.code(), Some(5));
    let report: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    let problems = report["problems"].as_array().unwrap();
    for kind in ["budget", "link"] {
        assert!(
            problems.iter().any(|problem| problem["kind"] == kind),
            "{kind}"
        );
    }
    // Another prefix than the one it was built for: every link is wrong.
    let told = fail(
        windsock()
            .args(["check", "--base-url", "/", "--output"])
            .arg(site().dist()),
        5,
    );
    assert!(told.contains("leads nowhere"), "{told}");
}

#[test]
fn a_taken_port_is_told_and_a_browser_is_opened_when_asked_for() {
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = taken.local_addr().unwrap().port().to_string();
    let told = fail(site().windsock("serve").args(["--port", &port]), 1);
    assert!(
        told.contains(&format!(
            "port {port} is in use: choose another with --port"
        )),
        "{told}"
    );

    let folder = empty("opened");
    let opener = folder.join("xdg-open");
    std::fs::write(
        &opener,
        format!("#!/bin/sh\necho \"$1\" > {}/address\n", folder.display()),
    )
    .unwrap();
    std::fs::set_permissions(&opener, std::fs::Permissions::from_mode(0o755)).unwrap();
    let path = format!("{}:{}", folder.display(), std::env::var("PATH").unwrap());
    let port = free_port();
    let mut serve = site().windsock("serve");
    serve
        .args(["--open", "--base-url", BASE, "--port", &port.to_string()])
        .env("PATH", path)
        .stderr(Stdio::null());
    let serving = Serving::wait_for(&mut serve, port, BASE);
    let address = folder.join("address");
    for _ in 0..100 {
        if std::fs::metadata(&address).is_ok_and(|meta| meta.len() > 0) {
            break;
        }
        std::thread::sleep(std::time::Duration::from_millis(100));
    }
    assert_eq!(
        std::fs::read_to_string(address).unwrap().trim(),
        serving.url
    );
}
