//! Finds the PostgreSQL server binaries and its PostGIS.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};

/// Oldest major version the migrations are written for.
pub(super) const OLDEST: u32 = 15;

/// Where Debian, Fedora, Homebrew and the official packages put the server.
const PLACES: &[&str] = &[
    "/usr/lib/postgresql",
    "/usr/pgsql-18",
    "/usr/pgsql-17",
    "/usr/pgsql-16",
];

/// The folder with `initdb` and `pg_ctl`, from `given` or from the usual places, newest first.
///
/// # Errors
/// If there is no server of version 15 or newer, or it has no PostGIS; the message names the
/// packages to install.
pub(super) fn find(given: Option<&Path>) -> Result<PathBuf> {
    let candidates = match given {
        Some(dir) => vec![dir.to_owned()],
        None => usual_places(),
    };
    let mut newest: Option<(u32, PathBuf)> = None;
    for dir in candidates
        .into_iter()
        .filter(|dir| dir.join("initdb").is_file())
    {
        let version = major_version(&dir)?;
        if newest.as_ref().is_none_or(|(best, _)| version > *best) {
            newest = Some((version, dir));
        }
    }
    let Some((version, dir)) = newest else {
        let looked = given.map_or("the usual places".to_owned(), |dir| {
            dir.display().to_string()
        });
        bail!(
            "no PostgreSQL server binaries in {looked}: install them with `apt-get install \
             postgresql postgresql-{OLDEST}-postgis-3`, set database.bin_dir, or name a running \
             server with --database-url"
        );
    };
    if version < OLDEST {
        bail!(
            "PostgreSQL {version} in {} is too old: windsock needs {OLDEST} or newer, for example \
             `apt-get install postgresql-{OLDEST} postgresql-{OLDEST}-postgis-3`",
            dir.display()
        );
    }
    if !has_postgis(&dir) {
        bail!(
            "PostgreSQL {version} in {} has no PostGIS: install it with `apt-get install \
             postgresql-{version}-postgis-3`",
            dir.display()
        );
    }
    Ok(dir)
}

fn usual_places() -> Vec<PathBuf> {
    let mut dirs = Vec::new();
    for place in PLACES.iter().map(Path::new) {
        dirs.push(place.join("bin"));
        let versions = std::fs::read_dir(place).into_iter().flatten().flatten();
        dirs.extend(versions.map(|entry| entry.path().join("bin")));
    }
    dirs.extend(pg_config(Path::new("pg_config"), "--bindir"));
    dirs.sort();
    dirs
}

fn pg_config(program: &Path, what: &str) -> Option<PathBuf> {
    let output = Command::new(program).arg(what).output().ok()?;
    output
        .status
        .success()
        .then(|| PathBuf::from(String::from_utf8_lossy(&output.stdout).trim()))
}

fn major_version(dir: &Path) -> Result<u32> {
    let program = dir.join("initdb");
    let output = Command::new(&program)
        .arg("--version")
        .output()
        .with_context(|| format!("running {}", program.display()))?;
    let text = String::from_utf8_lossy(&output.stdout);
    text.split_whitespace()
        .find_map(|word| word.split('.').next()?.parse().ok())
        .with_context(|| format!("no version in what {} prints: {text}", program.display()))
}

/// Whether the server can load PostGIS: its library is there, not only the scripts that come in a
/// package of their own.
fn has_postgis(dir: &Path) -> bool {
    // Debian keeps server libraries beside the binaries; elsewhere ask pg_config.
    let places = [
        Some(dir.with_file_name("lib")),
        pg_config(&dir.join("pg_config"), "--pkglibdir"),
    ];
    places.into_iter().flatten().any(|place| {
        let files = std::fs::read_dir(place).into_iter().flatten().flatten();
        files
            .map(|file| file.file_name())
            .any(|name| name.to_string_lossy().starts_with("postgis-"))
    })
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    /// A folder with an `initdb` that only knows its version.
    fn server_of(version: &str) -> tempfile::TempDir {
        let folder = tempfile::tempdir().unwrap();
        let bin = folder.path().join("bin");
        fs::create_dir(&bin).unwrap();
        let program = bin.join("initdb");
        fs::write(
            &program,
            format!("#!/bin/sh\necho 'initdb (PostgreSQL) {version}'\n"),
        )
        .unwrap();
        fs::set_permissions(&program, fs::Permissions::from_mode(0o755)).unwrap();
        folder
    }

    fn refusal(bin: &Path) -> String {
        find(Some(bin)).unwrap_err().to_string()
    }

    #[test]
    fn a_folder_without_server_is_a_clear_error() {
        let empty = tempfile::tempdir().unwrap();
        let message = refusal(empty.path());
        assert!(message.contains("apt-get install"), "{message}");
        assert!(message.contains("--database-url"), "{message}");
    }

    #[test]
    fn an_old_server_is_named_with_what_to_install() {
        let server = server_of("14.9 (Debian)");
        let message = refusal(&server.path().join("bin"));
        assert!(message.contains("PostgreSQL 14"), "{message}");
        assert!(
            message.contains("apt-get install postgresql-15"),
            "{message}"
        );
    }

    #[test]
    fn a_server_without_postgis_is_named_with_what_to_install() {
        let server = server_of("16.4");
        let message = refusal(&server.path().join("bin"));
        assert!(message.contains("no PostGIS"), "{message}");
        assert!(message.contains("postgresql-16-postgis-3"), "{message}");
        fs::create_dir(server.path().join("lib")).unwrap();
        fs::write(server.path().join("lib/postgis-3.so"), "").unwrap();
        assert!(find(Some(&server.path().join("bin"))).is_ok());
    }
}
