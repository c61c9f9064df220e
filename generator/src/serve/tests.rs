use std::io::{Read, Write};
use std::net::TcpStream;

use super::*;

/// A running server over a small site; stops with the runtime.
struct Server {
    port: u16,
    _runtime: tokio::runtime::Runtime,
    folder: tempfile::TempDir,
}

impl Server {
    fn start(base_url: &str) -> Self {
        Self::like(HostProfile::Plain, base_url)
    }

    fn like(profile: HostProfile, base_url: &str) -> Self {
        Self::with(profile, base_url, None)
    }

    fn with(profile: HostProfile, base_url: &str, live: Option<&Live>) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let site = folder.path().join("dist");
        std::fs::create_dir_all(site.join("explore")).unwrap();
        for (path, content) in [
            ("index.html", "<p>home</p>".repeat(50)),
            ("404.html", "<p>nothing here</p>".to_owned()),
            ("explore/index.html", "<p>explore</p>".to_owned()),
            ("a.parquet", "PAR1".repeat(50)),
            (
                "_headers",
                "/x/y/a.*\n  Cache-Control: immutable\n".to_owned(),
            ),
            ("../secret.txt", "secret".to_owned()),
            ("../secret/index.html", "secret".to_owned()),
        ] {
            let path = site.join(path);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, content).unwrap();
        }
        for (target, link) in [
            ("../secret.txt", "link.txt"),
            ("../secret", "folder"),
            ("index.html", "inside.html"),
        ] {
            std::os::unix::fs::symlink(target, site.join(link)).unwrap();
        }
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .enable_all()
            .build()
            .unwrap();
        let listener = runtime
            .block_on(TcpListener::bind((Ipv4Addr::LOCALHOST, 0)))
            .unwrap();
        let port = listener.local_addr().unwrap().port();
        let host = Host {
            dir: site,
            site: SiteUrl::parse(base_url).unwrap(),
            profile,
        };
        let app = router(host, live);
        runtime.spawn(async move { axum::serve(listener, app).await });
        Self {
            port,
            _runtime: runtime,
            folder,
        }
    }

    /// Head and body of the answer; the path goes out as it is.
    fn get(&self, path: &str, headers: &str) -> (String, Vec<u8>) {
        let mut stream = TcpStream::connect((Ipv4Addr::LOCALHOST, self.port)).unwrap();
        let request =
            format!("GET {path} HTTP/1.1\r\nHost: test\r\nConnection: close\r\n{headers}\r\n");
        stream.write_all(request.as_bytes()).unwrap();
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).unwrap();
        let end = answer.windows(4).position(|w| w == b"\r\n\r\n").unwrap();
        let body = answer.split_off(end + 4);
        (String::from_utf8(answer).unwrap().to_lowercase(), body)
    }
}

#[test]
fn ranges_are_answered_with_the_bytes_asked_for() {
    let server = Server::start("/");
    let (head, body) = server.get("/a.parquet", "Range: bytes=4-9\r\n");
    assert!(head.starts_with("http/1.1 206"), "{head}");
    assert!(head.contains("content-range: bytes 4-9/200"), "{head}");
    assert!(head.contains("content-type: application/vnd.apache.parquet"));
    assert_eq!(body, b"PAR1PA");
}

#[test]
fn text_is_compressed_and_parquet_is_not() {
    let server = Server::start("/");
    let (head, body) = server.get("/", "Accept-Encoding: br\r\n");
    assert!(head.contains("content-encoding: br"), "{head}");
    assert!(body.len() < 550);
    let (head, _) = server.get("/", "Accept-Encoding: gzip\r\n");
    assert!(head.contains("content-encoding: gzip"), "{head}");
    let (head, body) = server.get("/a.parquet", "Accept-Encoding: br, gzip\r\n");
    assert!(!head.contains("content-encoding"), "{head}");
    assert_eq!(body.len(), 200);
}

#[test]
fn unknown_paths_show_the_404_page_with_its_status() {
    for base in ["/", "/x/y/"] {
        let (head, body) = Server::start(base).get("/x/y/none/", "");
        assert!(head.starts_with("http/1.1 404"), "{base}: {head}");
        assert_eq!(body, b"<p>nothing here</p>", "{base}");
    }
}

#[test]
fn nothing_outside_the_folder_is_served() {
    for base in ["/", "/x/"] {
        let server = Server::start(base);
        for path in [
            "../secret.txt",
            "..%2fsecret.txt",
            "%2e%2e/secret.txt",
            "%2e%2e%2fsecret.txt",
            "..%5csecret.txt",
            "%252e%252e/secret.txt",
            "explore/../../secret.txt",
            "/secret.txt",
            "%00",
            "link.txt",
            "link%2etxt",
            "folder/",
            "folder",
            "folder/index.html",
        ] {
            let (head, body) = server.get(&format!("{base}{path}"), "");
            assert!(!head.starts_with("http/1.1 200"), "{base}{path}: {head}");
            assert!(!body.windows(6).any(|w| w == b"secret"), "{base}{path}");
        }
    }
}

#[test]
fn under_a_prefix_the_root_and_folders_lead_into_it() {
    let server = Server::start("/x/y/");
    for (path, location) in [
        ("/", "location: /x/y/\r\n"),
        ("/x/y", "location: /x/y/\r\n"),
        ("/x/y/explore", "location: /x/y/explore/\r\n"),
    ] {
        let (head, _) = server.get(path, "");
        assert!(head.starts_with("http/1.1 30"), "{path}: {head}");
        assert!(format!("{head}\r\n").contains(location), "{path}: {head}");
    }
    assert_eq!(server.get("/x/y/explore/", "").1, b"<p>explore</p>");
    assert!(server.get("/x/y/", "").0.starts_with("http/1.1 200"));
}

#[test]
fn a_link_that_stays_inside_is_served() {
    let (head, _) = Server::start("/").get("/inside.html", "");
    assert!(head.starts_with("http/1.1 200"), "{head}");
}

fn options(dir: &Path, port: u16) -> Options<'_> {
    Options {
        dir,
        base_url: "/",
        listen: (Ipv4Addr::LOCALHOST.into(), port),
        profile: HostProfile::Plain,
        rebuild: None,
    }
}

#[test]
fn a_missing_site_and_a_taken_port_are_clear_errors() {
    let folder = tempfile::tempdir().unwrap();
    let error = serve(options(folder.path(), 0), |_| ()).unwrap_err();
    assert!(error.to_string().contains("windsock build"), "{error}");

    std::fs::write(folder.path().join("index.html"), "home").unwrap();
    let taken = std::net::TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    let port = taken.local_addr().unwrap().port();
    let error = serve(options(folder.path(), port), |_| ()).unwrap_err();
    let told = format!("port {port} is in use: choose another with --port");
    assert!(error.to_string().contains(&told), "{error}");
}

#[test]
fn the_address_told_can_be_opened() {
    let site = SiteUrl::parse("/x/").unwrap();
    for (listening, told) in [
        ("127.0.0.1:1", "http://127.0.0.1:1/x/"),
        ("0.0.0.0:2", "http://127.0.0.1:2/x/"),
        ("[::]:3", "http://[::1]:3/x/"),
    ] {
        assert_eq!(shown(listening.parse().unwrap(), &site), told);
    }
}

#[test]
fn what_may_be_kept_is_what_the_file_of_headers_says() {
    for (profile, page, data) in [
        (HostProfile::Plain, "no-cache", "immutable"),
        (
            HostProfile::NoRange,
            "public, max-age=0, must-revalidate",
            "immutable",
        ),
        (HostProfile::GzipSubpath, "max-age=600", "max-age=600"),
    ] {
        let server = Server::like(profile, "/x/y/");
        for (path, kept) in [
            ("/x/y/", page),
            ("/x/y/a.parquet", data),
            ("/x/y/none", page),
        ] {
            let (head, _) = server.get(path, "");
            assert!(
                head.contains(&format!("cache-control: {kept}\r\n")),
                "{path}: {head}"
            );
            assert!(head.contains("x-content-type-options: nosniff"), "{head}");
        }
    }
}

#[test]
fn what_has_not_changed_is_not_sent_again() {
    let server = Server::start("/");
    let (head, _) = server.get("/a.parquet", "");
    let since = head
        .lines()
        .find_map(|line| line.strip_prefix("last-modified: "))
        .unwrap();
    let since = format!("If-Modified-Since: {}\r\n", capitalised(since));
    let (head, body) = server.get("/a.parquet", &since);
    assert!(head.starts_with("http/1.1 304"), "{head}");
    assert!(body.is_empty());
}

/// Dates of HTTP are case sensitive; [`Server::get`] makes them lower case.
fn capitalised(date: &str) -> String {
    let words = date.split(' ').map(|word| match word {
        "gmt" => "GMT".to_owned(),
        _ => word[..1].to_uppercase() + &word[1..],
    });
    words.collect::<Vec<_>>().join(" ")
}

#[test]
fn a_host_without_ranges_answers_with_the_whole_file() {
    let server = Server::like(HostProfile::NoRange, "/");
    let (head, body) = server.get("/a.parquet", "Range: bytes=4-9\r\n");
    assert!(head.starts_with("http/1.1 200"), "{head}");
    assert!(!head.contains("accept-ranges"), "{head}");
    assert!(head.contains("content-length: 200"), "{head}");
    assert_eq!(body.len(), 200);
}

#[test]
fn a_host_without_ranges_shortens_addresses() {
    let server = Server::like(HostProfile::NoRange, "/x/");
    for (path, location) in [
        ("/x/explore/index.html?q=1", "location: /x/explore/?q=1\r\n"),
        ("/x/404.html", "location: /x/404\r\n"),
    ] {
        let (head, _) = server.get(path, "");
        assert!(head.starts_with("http/1.1 308"), "{head}");
        assert!(head.contains(location), "{head}");
    }
    let (head, body) = server.get("/x/404", "");
    assert!(head.starts_with("http/1.1 200"), "{head}");
    assert_eq!(body, b"<p>nothing here</p>");
    assert!(server.get("/x/_headers", "").0.starts_with("http/1.1 404"));
}

#[test]
fn a_host_that_gzips_does_so_with_parquet_too_and_counts_ranges_in_it() {
    let server = Server::like(HostProfile::GzipSubpath, "/x/y/");
    let (head, body) = server.get("/x/y/a.parquet", "Accept-Encoding: br, gzip\r\n");
    assert!(head.contains("content-encoding: gzip"), "{head}");
    assert!(head.contains("access-control-allow-origin: *"), "{head}");
    let length = body.len();
    assert!(length < 200);
    let asked = "Accept-Encoding: gzip\r\nRange: bytes=4-9\r\n";
    let (head, body) = server.get("/x/y/a.parquet", asked);
    assert!(head.starts_with("http/1.1 206"), "{head}");
    assert!(head.contains("content-encoding: gzip"), "{head}");
    assert!(head.contains("content-range: bytes 4-9/"), "{head}");
    assert!(
        !head.contains("/200\r"),
        "the length is that of the compressed file: {head}"
    );
    assert_ne!(body, b"PAR1PA");
    // Who takes nothing compressed gets what was asked for.
    let asked = "Accept-Encoding: identity\r\nRange: bytes=4-9\r\n";
    let (head, body) = server.get("/x/y/a.parquet", asked);
    assert!(head.contains("content-range: bytes 4-9/200"), "{head}");
    assert_eq!(body, b"PAR1PA");
}

#[test]
fn only_a_followed_site_has_the_script_in_its_pages_and_never_in_its_files() {
    let tag = "<script type=\"module\" src=\"/x/y/.windsock/reload.js\"></script></head>";
    let page = "<head></head><p>home</p>";
    let live = Live::default();
    let server = Server::with(HostProfile::Plain, "/x/y/", Some(&live));
    let file = server.folder.path().join("dist/index.html");
    std::fs::write(&file, page).unwrap();
    let (head, body) = server.get(
        "/x/y/",
        "If-Modified-Since: Sat, 01 Jan 2124 00:00:00 GMT\r\n",
    );
    assert!(
        head.starts_with("http/1.1 200"),
        "never from a cache: {head}"
    );
    assert!(
        head.contains(&format!("content-length: {}", body.len())),
        "{head}"
    );
    assert_eq!(
        String::from_utf8(body).unwrap(),
        page.replace("</head>", tag)
    );
    assert_eq!(std::fs::read_to_string(&file).unwrap(), page);
    let (head, script) = server.get("/x/y/.windsock/reload.js", "");
    assert!(head.contains("content-type: text/javascript"), "{head}");
    assert!(script.starts_with(b"// Added to pages by `windsock serve --watch` only"));
    let (_, parquet) = server.get("/x/y/a.parquet", "Range: bytes=4-9\r\n");
    assert_eq!(parquet, b"PAR1PA");

    let plain = Server::start("/x/y/");
    assert!(
        plain
            .get("/x/y/.windsock/reload.js", "")
            .0
            .starts_with("http/1.1 404")
    );
    assert!(
        !String::from_utf8(plain.get("/x/y/", "").1)
            .unwrap()
            .contains("<script")
    );

    // A question waits for news.
    let now = || -> serde_json::Value {
        let (_, body) = server.get("/x/y/.windsock/state", "");
        serde_json::from_slice(&body).unwrap()
    };
    let before = now();
    let asked = format!("/x/y/.windsock/state?after={}", before["version"]);
    let told = std::thread::scope(|scope| {
        let waiting = scope.spawn(|| server.get(&asked, ""));
        std::thread::sleep(std::time::Duration::from_millis(100));
        live.failed(Some("no source files".to_owned()));
        waiting.join().unwrap()
    });
    let told: serde_json::Value = serde_json::from_slice(&told.1).unwrap();
    assert_eq!(told["error"], "no source files");
    assert_eq!(told["site"], before["site"], "the old site stands");
    live.failed(None);
    live.changed();
    assert_ne!(now()["site"], before["site"]);
    assert_eq!(now()["error"], serde_json::Value::Null);
}
