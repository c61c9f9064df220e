//! What static hosts take: the smallest limits of those in `docs/deploy.md`, with some room.

use std::path::Path;

use anyhow::Result;
use walkdir::WalkDir;

use crate::fault::Fault;

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

/// Holds the files below `folder` to what hosts take.
///
/// # Errors
/// [`Fault::Budget`] naming the limit and by how much it is exceeded.
pub fn check(folder: &Path) -> Result<()> {
    within(folder, HOSTS)
}

fn within(folder: &Path, budget: Budget) -> Result<()> {
    let (mut files, mut bytes) = (0, 0);
    for entry in WalkDir::new(folder).sort_by_file_name() {
        let entry = entry?;
        if !entry.file_type().is_file() {
            continue;
        }
        let size = entry.metadata()?.len();
        files += 1;
        bytes += size;
        if size > budget.largest {
            let path = entry.path().strip_prefix(folder)?.display();
            let limit = budget.largest;
            return Err(over(&format!(
                "{path} has {size} bytes, hosts take {limit} a file"
            )));
        }
    }
    if files > budget.files {
        return Err(over(&format!("{files} files, hosts take {}", budget.files)));
    }
    if bytes > budget.bytes {
        return Err(over(&format!("{bytes} bytes, hosts take {}", budget.bytes)));
    }
    Ok(())
}

fn over(what: &str) -> anyhow::Error {
    Fault::Budget(format!("the site is over its budget: {what}")).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_limit_is_held_and_named() {
        let folder = tempfile::tempdir().unwrap();
        for name in ["a", "b", "c"] {
            std::fs::write(folder.path().join(name), [0; 10]).unwrap();
        }
        let fits = Budget {
            files: 3,
            bytes: 30,
            largest: 10,
        };
        within(folder.path(), fits).unwrap();
        for (budget, named) in [
            (Budget { files: 2, ..fits }, "3 files"),
            (Budget { bytes: 29, ..fits }, "30 bytes"),
            (Budget { largest: 9, ..fits }, "a has 10 bytes"),
        ] {
            let error = within(folder.path(), budget).unwrap_err();
            assert!(error.to_string().contains(named), "{error}");
            assert_eq!(crate::fault::exit_code(&error), 5);
        }
    }
}
