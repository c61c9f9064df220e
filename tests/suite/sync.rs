//! `windsock sync` from the outside: from the web, beside another run, on real data.

use std::fs;
use std::io::{Read, Write};
use std::net::TcpListener;
use std::sync::mpsc::{Receiver, channel};
use std::thread::spawn;

use serde_json::Value as Json;

use crate::harness::{Site, fail, folder, repository, sampled, succeed};

/// Serves `file` to whoever asks by GET, with a tag; keeps what is sent by POST.
fn serve(file: Vec<u8>) -> (String, Receiver<Json>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("http://user:secret@{}", listener.local_addr().unwrap());
    let (sender, notices) = channel();
    spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            let (mut text, mut buffer) = (Vec::new(), [0; 4_096]);
            let body = loop {
                let read = stream.read(&mut buffer).unwrap();
                text.extend(&buffer[..read]);
                let request = String::from_utf8_lossy(&text).into_owned();
                let Some((head, body)) = request.split_once("\r\n\r\n") else {
                    continue;
                };
                let length = head.lines().find_map(|line| {
                    line.to_lowercase()
                        .strip_prefix("content-length: ")?
                        .parse()
                        .ok()
                });
                if body.len() >= length.unwrap_or(0) {
                    break body.to_owned();
                }
            };
            let request = String::from_utf8_lossy(&text);
            let close = "Connection: close\r\nETag: \"1\"";
            let answer = if request.starts_with("POST") {
                sender.send(serde_json::from_str(&body).unwrap()).unwrap();
                format!("HTTP/1.1 204 No Content\r\n{close}\r\n\r\n")
            } else if request.contains("\"1\"") {
                format!("HTTP/1.1 304 Not Modified\r\n{close}\r\n\r\n")
            } else {
                let length = file.len();
                format!("HTTP/1.1 200 OK\r\n{close}\r\nContent-Length: {length}\r\n\r\n")
            };
            stream.write_all(answer.as_bytes()).unwrap();
            if answer.contains(" 200 ") {
                stream.write_all(&file).unwrap();
            }
        }
    });
    (address, notices)
}

#[test]
fn a_file_from_the_web_is_synced_once() {
    let site = sampled("sync-web", 60, 5);
    let mut migrate = site.windsock("migrate");
    succeed(migrate.args(["--replace", "sample/Pre2008.mdb", "sample/avall.mdb"]));
    let weekly = fs::read(site.folder.join("sample/up08JAN.mdb")).unwrap();
    let (address, notices) = serve(weekly);
    fs::write(
        site.folder.join("windsock.toml"),
        format!(
            "[sync]\nsources = ['{address}/up08JAN.mdb?key=secret']\nwebhook = '{address}/hook'\n"
        ),
    )
    .unwrap();

    let summary: Json =
        serde_json::from_str(&succeed(site.windsock("sync").arg("--json"))).unwrap();
    let file = &summary["files"][0];
    assert_eq!(file["outcome"], "applied");
    assert_eq!(file["source"]["name"], "up08JAN.mdb");
    assert!(!file["from"].as_str().unwrap().contains("secret"));
    for table in file["tables"].as_array().unwrap() {
        let count = |name: &str| table[name].as_u64().unwrap();
        assert_eq!(
            count("read"),
            count("inserted") + count("updated") + count("unchanged") + count("rejected"),
            "{table}"
        );
    }
    let changes = summary["changes"].as_array().unwrap();
    let sum = |kind: &str| -> u64 {
        let tables = file["tables"].as_array().unwrap();
        tables
            .iter()
            .map(|table| table[kind].as_u64().unwrap())
            .sum()
    };
    let of_kind = |kind: &str| {
        changes
            .iter()
            .filter(|change| change["kind"] == kind)
            .count() as u64
    };
    assert_eq!(of_kind("insert"), sum("inserted"));
    assert_eq!(of_kind("update"), sum("updated"));
    assert!(!changes.is_empty());
    let notice = notices.recv().unwrap();
    assert_eq!(notice["status"], "changed");
    assert_eq!(notice["report"]["files"][0]["tables"], file["tables"]);

    let again = succeed(&mut site.windsock("sync"));
    assert!(again.contains("loaded before"), "{again}");
    assert_eq!(notices.recv().unwrap()["status"], "unchanged");

    // A failure is told, too.
    fs::write(site.folder.join("notes.mdb"), "Dear NTSB").unwrap();
    let message = fail(site.windsock("sync").arg("notes.mdb"), 3);
    assert!(
        message.contains("notes.mdb") && !message.contains("secret"),
        "{message}"
    );
    let notice = notices.recv().unwrap();
    assert_eq!(notice["status"], "failed");
    assert!(notice["error"].as_str().unwrap().contains("notes.mdb"));
}

#[test]
fn two_folders_on_one_database_do_not_write_at_once() {
    let site = sampled("sync-lock", 60, 5);
    let mut server = site.postgres();
    let url = succeed(site.windsock("postgres").arg("status"));
    assert!(url.contains("Running"), "{url}");
    let url = succeed(site.windsock("postgres").arg("start"));
    server
        .client
        .batch_execute(&format!(
            "SET application_name = 'windsock sync, process 7@elsewhere';
             SELECT pg_advisory_lock({})",
            i64::from_be_bytes(*b"windsock")
        ))
        .unwrap();
    let mut second = site.windsock("sync");
    second.args([
        "sample/avall.mdb",
        "--work-dir",
        "other",
        "--database-url",
        url.trim(),
    ]);
    let message = fail(&mut second, 1);
    assert!(
        message.contains("windsock sync, process 7@elsewhere since 2"),
        "{message}"
    );
}

#[test]
fn nothing_to_sync_with() {
    let site = Site {
        folder: folder("sync-nothing"),
    };
    let message = fail(&mut site.windsock("sync"), 3);
    assert!(message.contains("sync.sources"), "{message}");
}

#[test]
fn real_weekly_files_sync_on_top_of_real_accidents() {
    let data = repository().join("../shared/data");
    if !data.join("up22FEB.zip").exists() {
        eprintln!("skipped: {} is not here", data.display());
        return;
    }
    let site = Site {
        folder: folder("sync-real"),
    };
    let mut migrate = site.windsock("migrate");
    succeed(
        migrate
            .arg("--replace")
            .arg(data.join("avall-2008-2021.zip")),
    );
    let sync = |options: &[&str]| -> Json {
        let mut sync = site.windsock("sync");
        sync.arg("--json")
            .args(options)
            .arg(data.join("up22FEB.zip"));
        let summary: Json = serde_json::from_str(&succeed(&mut sync)).unwrap();
        summary
    };
    let total = |summary: &Json, kind: &str| -> u64 {
        let tables = summary["files"][0]["tables"].as_array().unwrap();
        tables
            .iter()
            .map(|table| table[kind].as_u64().unwrap())
            .sum()
    };
    let first = sync(&[]);
    let events = first["files"][0]["tables"]
        .as_array()
        .unwrap()
        .iter()
        .find(|table| table["table"] == "events")
        .unwrap();
    // Counted in the files with another reader (mdb-export).
    assert_eq!(events["inserted"], 238);
    assert_eq!(events["updated"], 15);
    assert_eq!(total(&first, "deleted"), 0);
    let changes = first["changes"].as_array().unwrap().len() as u64;
    assert_eq!(
        changes,
        total(&first, "inserted") + total(&first, "updated")
    );

    let second = sync(&["--again"]);
    assert_eq!(second["changes"], Json::Array(Vec::new()));
    assert_eq!(
        total(&second, "read"),
        total(&second, "unchanged") + total(&second, "rejected")
    );
    assert_eq!(second["refreshed"], false);
}
