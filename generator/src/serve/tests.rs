use std::io::{Read, Write};
use std::net::TcpStream;

use super::*;

/// A running server over a small site; stops with the runtime.
struct Server {
    port: u16,
    _runtime: tokio::runtime::Runtime,
    _folder: tempfile::TempDir,
}

impl Server {
    fn start(base_url: &str) -> Self {
        Self::like(HostProfile::Plain, base_url)
    }

    fn like(profile: HostProfile, base_url: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let site = folder.path().join("dist");
        std::fs::create_dir_all(site.join("explore")).unwrap();
        for (path, content) in [
            ("index.html", "<p>home</p>".repeat(50)),
            ("404.html", "<p>nothing here</p>".to_owned()),
            ("explore/index.html", "<p>explore</p>".to_owned()),
            ("a.parquet", "PAR1".repeat(50)),
            ("../secret.txt", "secret".to_owned()),
        ] {
            std::fs::write(site.join(path), content).unwrap();
        }
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .enable_all()
            .build()
            .unwrap();
        let listener = runtime
            .block_on(TcpListener::bind((Ipv4Addr::LOCALHOST, 0)))
            .unwrap();
        let port = listener.local_addr().unwrap().port();
        let app = router(&site, &SiteUrl::parse(base_url).unwrap(), profile);
        runtime.spawn(async move { axum::serve(listener, app).await });
        Self {
            port,
            _runtime: runtime,
            _folder: folder,
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
        for path in ["../secret.txt", "..%2fsecret.txt", "%2e%2e/secret.txt"] {
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
fn a_missing_site_and_a_taken_port_are_clear_errors() {
    let folder = tempfile::tempdir().unwrap();
    let error = serve(folder.path(), "/", 0, HostProfile::Plain, |_| ()).unwrap_err();
    assert!(error.to_string().contains("windsock build"), "{error}");

    std::fs::write(folder.path().join("index.html"), "home").unwrap();
    let taken = std::net::TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    let port = taken.local_addr().unwrap().port();
    let error = serve(folder.path(), "/", port, HostProfile::Plain, |_| ()).unwrap_err();
    assert!(error.to_string().contains(&port.to_string()), "{error}");
}

#[test]
fn a_host_without_ranges_answers_with_the_whole_file() {
    let server = Server::like(HostProfile::NoRange, "/");
    let (head, body) = server.get("/a.parquet", "Range: bytes=4-9\r\n");
    assert!(head.starts_with("http/1.1 200"), "{head}");
    assert!(!head.contains("accept-ranges"), "{head}");
    assert_eq!(body.len(), 200);
}

#[test]
fn a_host_that_gzips_does_so_with_parquet_too() {
    let server = Server::like(HostProfile::GzipSubpath, "/x/y/");
    let (head, body) = server.get("/x/y/a.parquet", "Accept-Encoding: br, gzip\r\n");
    assert!(head.contains("content-encoding: gzip"), "{head}");
    assert!(head.contains("cache-control: max-age=600"), "{head}");
    assert!(body.len() < 200);
}
