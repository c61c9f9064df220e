//! What static hosts take: the smallest limits of those in `docs/deploy.md`, with some room.

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::Result;
use walkdir::WalkDir;

use crate::fault::Fault;
use crate::text::thousands;

/// Limits of a site.
#[derive(Debug, Clone, Copy)]
struct Budget {
    files: u64,
    bytes: u64,
    largest: u64,
}

/// Cloudflare Pages takes 20,000 files of at most 25 MiB; GitHub Pages takes 1 GB.
const HOSTS: Budget = Budget {
    files: 18_000,
    bytes: 900_000_000,
    largest: 24 << 20,
};

/// A limit that is exceeded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Excess {
    /// The file that is too large; nothing if it is the site.
    pub path: Option<String>,
    /// By how much.
    pub message: String,
}

/// Holds the files below `folder` to what hosts take.
///
/// # Errors
/// [`Fault::Budget`] naming the limits and by how much they are exceeded.
pub fn check(folder: &Path) -> Result<()> {
    let excesses = excesses(&sizes(folder)?);
    if excesses.is_empty() {
        return Ok(());
    }
    let mut text = "the site is over its budget:".to_owned();
    for Excess { path, message } in excesses {
        let path = path.map(|path| path + ": ").unwrap_or_default();
        text = format!("{text}\n  {path}{message}");
    }
    Err(Fault::Budget(text).into())
}

/// Bytes of every file below `folder`, by path.
///
/// # Errors
/// If the folder cannot be read.
pub fn sizes(folder: &Path) -> Result<BTreeMap<String, u64>> {
    let mut sizes = BTreeMap::new();
    for entry in WalkDir::new(folder) {
        let entry = entry?;
        if entry.file_type().is_file() {
            let path = entry.path().strip_prefix(folder)?;
            sizes.insert(path.to_string_lossy().into_owned(), entry.metadata()?.len());
        }
    }
    Ok(sizes)
}

/// Every limit that files of these sizes exceed.
pub fn excesses(sizes: &BTreeMap<String, u64>) -> Vec<Excess> {
    beyond(sizes, HOSTS)
}

fn beyond(sizes: &BTreeMap<String, u64>, budget: Budget) -> Vec<Excess> {
    let mut found: Vec<Excess> = sizes
        .iter()
        .filter(|(_, size)| **size > budget.largest)
        .map(|(path, size)| Excess {
            path: Some(path.clone()),
            message: takes(*size, "bytes", budget.largest, " in a file"),
        })
        .collect();
    let (files, bytes) = (sizes.len() as u64, sizes.values().sum());
    for (has, what, limit) in [
        (files, "files", budget.files),
        (bytes, "bytes", budget.bytes),
    ] {
        if has > limit {
            found.push(Excess {
                path: None,
                message: takes(has, what, limit, ""),
            });
        }
    }
    found
}

fn takes(has: u64, what: &str, limit: u64, place: &str) -> String {
    let (has, limit) = (thousands(has), thousands(limit));
    format!("{has} {what}, hosts take {limit}{place}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_limit_is_held_and_named() {
        let sizes = ["a", "b", "c"].map(|name| (name.to_owned(), 10)).into();
        let fits = Budget {
            files: 3,
            bytes: 30,
            largest: 10,
        };
        assert_eq!(beyond(&sizes, fits), []);
        for (budget, named) in [
            (Budget { files: 2, ..fits }, "3 files, hosts take 2"),
            (Budget { bytes: 29, ..fits }, "30 bytes, hosts take 29"),
            (
                Budget { largest: 9, ..fits },
                "10 bytes, hosts take 9 in a file",
            ),
        ] {
            let found = beyond(&sizes, budget);
            assert!(
                found.iter().all(|excess| excess.message == named),
                "{found:?}"
            );
            assert!(!found.is_empty());
        }
    }

    #[test]
    fn the_limits_of_hosts_stop_a_build() {
        let folder = tempfile::tempdir().unwrap();
        check(folder.path()).unwrap();
        // A sparse file: no disk is filled.
        let large = std::fs::File::create(folder.path().join("large")).unwrap();
        large.set_len((24 << 20) + 1).unwrap();
        let error = check(folder.path()).unwrap_err();
        assert!(
            error.to_string().contains("large: 25,165,825 bytes"),
            "{error}"
        );
        assert_eq!(crate::fault::exit_code(&error), 5);
        large.set_len(0).unwrap();
        for number in 0..18_000 {
            std::fs::File::create(folder.path().join(number.to_string())).unwrap();
        }
        let error = check(folder.path()).unwrap_err();
        assert!(error.to_string().contains("18,001 files"), "{error}");
        std::fs::remove_file(folder.path().join("0")).unwrap();
        for number in 1..40 {
            let file = std::fs::File::create(folder.path().join(number.to_string())).unwrap();
            file.set_len(24 << 20).unwrap();
        }
        let error = check(folder.path()).unwrap_err();
        assert!(
            error.to_string().contains("bytes, hosts take 900,000,000"),
            "{error}"
        );
    }
}
