//! The file `_headers`, as Netlify and Cloudflare Pages read it.

use axum::http::{HeaderMap, HeaderName, HeaderValue};

/// Name of the file.
pub(super) const FILE: &str = "_headers";

/// The headers that the rules of a file give a path; what several rules say of one header is joined.
pub(super) fn headers(rules: &str, path: &str) -> HeaderMap {
    let mut headers = HeaderMap::new();
    let mut applies = false;
    for line in rules.lines() {
        let text = line.trim();
        if text.is_empty() || text.starts_with('#') {
            continue;
        }
        if !line.starts_with([' ', '\t']) {
            applies = matches(text, path);
            continue;
        }
        let Some((name, value)) = text.split_once(':').filter(|_| applies) else {
            continue;
        };
        let Ok(name) = name.trim().parse::<HeaderName>() else {
            continue;
        };
        let value = value.trim();
        let before = headers
            .get(&name)
            .and_then(|value: &HeaderValue| value.to_str().ok());
        let value = before.map_or_else(|| value.to_owned(), |before| format!("{before}, {value}"));
        if let Ok(value) = HeaderValue::try_from(value) {
            headers.insert(name, value);
        }
    }
    headers
}

/// Whether a path matches a pattern; `*` stands for anything.
fn matches(pattern: &str, path: &str) -> bool {
    let Some((start, rest)) = pattern.split_once('*') else {
        return pattern == path;
    };
    let Some(mut path) = path.strip_prefix(start) else {
        return false;
    };
    // What stands between stars is taken where it comes first, what follows the last one at the end.
    let mut parts: Vec<&str> = rest.split('*').collect();
    let end = parts.pop().unwrap_or_default();
    for part in parts {
        match path.split_once(part) {
            Some((_, after)) => path = after,
            None => return false,
        }
    }
    path.ends_with(end)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stars_stand_for_anything() {
        for (pattern, path, fits) in [
            ("/*", "/a/b", true),
            ("/a/*", "/a/", true),
            ("/a/*", "/b/a/", false),
            ("/api/*.gz", "/api/x/1.json.gz", true),
            ("/api/*.gz", "/api/manifest.json", false),
            ("/a", "/a", true),
            ("/a", "/a/", false),
            ("/*/b/*.x", "/a/b/c.x", true),
            ("/*/b/*.x", "/a/c/c.x", false),
        ] {
            assert_eq!(matches(pattern, path), fits, "{pattern} {path}");
        }
    }

    #[test]
    fn rules_are_joined() {
        let rules =
            "/*\n  X-A: 1\n# nothing\n/a/*\n  X-A: 2\n  Cache-Control: max-age=9\n/b\n  X-B: 3\n";
        let found = headers(rules, "/a/b");
        assert_eq!(found["x-a"], "1, 2");
        assert_eq!(found["cache-control"], "max-age=9");
        assert!(!found.contains_key("x-b"));
    }
}
