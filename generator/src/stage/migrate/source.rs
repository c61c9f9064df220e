//! Opens source files: an MDB, or a zip that holds one.

use std::borrow::Cow;
use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use std::path::Path;

use anyhow::{Context, Result};
use sha2::{Digest, Sha256};

use super::SourceFile;
use crate::fault::Fault;
use crate::output::hex;

/// Largest database that is unpacked; Access itself stops at 2 GiB.
const LARGEST_MDB: u64 = 2 << 30;
/// The NTSB's databases shrink to a fifth in a zip. What grows by more than this is no database but
/// made to fill the disk …
const LARGEST_GROWTH: u64 = 200;
/// … unless it is so small that it does not matter.
const HARMLESS: u64 = 64 << 20;

/// An opened source database.
#[derive(Debug)]
pub(in crate::stage) struct Source {
    /// Name, hash and size of the MDB.
    pub(in crate::stage) about: SourceFile,
    /// The MDB, for reading; an unpacked one has no name and vanishes when closed.
    pub(super) file: File,
}

impl Source {
    /// Opens `path`. A zip is unpacked into an anonymous temporary file.
    pub(in crate::stage) fn open(path: &Path) -> Result<Self> {
        let mut file = File::open(path).map_err(|error| {
            let hint = if path.to_str().is_some_and(|path| path.contains("://")) {
                "; `windsock sync` takes URLs"
            } else {
                ""
            };
            Fault::Input(format!("cannot open {}: {error}{hint}", path.display()))
        })?;
        let zipped = begins_as_zip(&mut file)?;
        let (name, mut file) = if zipped {
            unpack(path, file)?
        } else {
            let name = path
                .file_name()
                .unwrap_or_default()
                .to_string_lossy()
                .into_owned();
            (name, file)
        };
        let (sha256, bytes) = digest(&mut file)
            .with_context(|| format!("reading {} to compute its hash", path.display()))?;
        Ok(Self {
            about: SourceFile {
                name,
                sha256,
                bytes,
            },
            file,
        })
    }
}

/// Whether a file is a zip by its first bytes; one that cannot be read is none.
pub fn is_zip(path: &Path) -> bool {
    File::open(path)
        .and_then(|mut file| begins_as_zip(&mut file))
        .unwrap_or_default()
}

fn begins_as_zip(file: &mut File) -> io::Result<bool> {
    let mut magic = [0; 4];
    let is_zip = file.read(&mut magic)? == 4 && magic == *b"PK\x03\x04";
    file.seek(SeekFrom::Start(0))?;
    Ok(is_zip)
}

fn unpack(path: &Path, zip: File) -> Result<(String, File)> {
    let shown = path.display();
    let limit = (zip.metadata()?.len() * LARGEST_GROWTH).clamp(HARMLESS, LARGEST_MDB);
    let mut archive = zip::ZipArchive::new(zip)
        .map_err(|error| Fault::Input(format!("{shown} is not a readable zip: {error}")))?;
    let databases: Vec<String> = archive
        .file_names()
        .filter_map(Result::ok)
        .filter(|name| {
            Path::new(name.as_ref())
                .extension()
                .is_some_and(|end| end.eq_ignore_ascii_case("mdb"))
        })
        .map(Cow::into_owned)
        .collect();
    let [name] = databases.as_slice() else {
        let found = databases.len();
        return Err(Fault::Input(format!("{shown} holds {found} .mdb files, expected one")).into());
    };
    let entry = archive
        .by_name(name)
        .map_err(|error| Fault::Input(format!("cannot unpack {name} from {shown}: {error}")))?;
    // The size in the directory of a zip is a claim: stop reading where the claim would be absurd.
    let mut unpacked = tempfile::tempfile().context("creating a temporary file to unpack into")?;
    let copied = io::copy(&mut entry.take(limit + 1), &mut unpacked)
        .with_context(|| format!("unpacking {name} from {shown}: damaged zip or full disk?"))?;
    if copied > limit {
        let why = if limit == LARGEST_MDB {
            "is larger than Access allows (2 GiB)".to_owned()
        } else {
            format!("is more than {LARGEST_GROWTH} times as large as the zip: no real database is")
        };
        return Err(Fault::Input(format!("{name} in {shown} {why}; it was not unpacked")).into());
    }
    unpacked.seek(SeekFrom::Start(0))?;
    let name = Path::new(name)
        .file_name()
        .unwrap_or_default()
        .to_string_lossy()
        .into_owned();
    Ok((name, unpacked))
}

fn digest(file: &mut File) -> Result<(String, u64)> {
    let mut hasher = Sha256::new();
    let mut buffer = vec![0; 1 << 20];
    let mut bytes = 0;
    loop {
        let read = file.read(&mut buffer)?;
        if read == 0 {
            break;
        }
        hasher.update(&buffer[..read]);
        bytes += read as u64;
    }
    file.seek(SeekFrom::Start(0))?;
    Ok((hex(&hasher.finalize()), bytes))
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::*;

    fn zip_of(entries: &[(&str, &[u8])]) -> tempfile::NamedTempFile {
        let file = tempfile::NamedTempFile::new().unwrap();
        let mut zip = zip::ZipWriter::new(file.reopen().unwrap());
        for (name, content) in entries {
            zip.start_file(*name, zip::write::SimpleFileOptions::default())
                .unwrap();
            zip.write_all(content).unwrap();
        }
        zip.finish().unwrap();
        file
    }

    #[test]
    fn a_zip_is_the_database_it_holds() {
        let plain = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(plain.path(), b"database").unwrap();
        let zip = zip_of(&[("folder/avall.mdb", b"database"), ("readme.txt", b"x")]);
        let (direct, unpacked) = (
            Source::open(plain.path()).unwrap(),
            Source::open(zip.path()).unwrap(),
        );
        assert_eq!(unpacked.about.name, "avall.mdb");
        assert_eq!(unpacked.about.sha256, direct.about.sha256);
        assert_eq!(unpacked.about.bytes, 8);
    }

    #[test]
    fn a_zip_that_would_fill_the_disk_is_refused() {
        let zeros = vec![0; HARMLESS as usize + 1];
        let zip = zip_of(&[("avall.mdb", &zeros)]);
        let error = Source::open(zip.path()).unwrap_err();
        assert_eq!(crate::fault::exit_code(&error), 3);
        assert!(error.to_string().contains("200 times"), "{error}");
        // The same size is no matter where the zip is not so small.
        let noise: Vec<u8> = (0..HARMLESS / 4)
            .flat_map(|i| (i.wrapping_mul(0x9E37_79B9) as u32).to_le_bytes())
            .collect();
        let zip = zip_of(&[("avall.mdb", &noise)]);
        assert_eq!(Source::open(zip.path()).unwrap().about.bytes, HARMLESS);
    }

    #[test]
    fn a_zip_without_a_database_is_an_input_fault() {
        let zip = zip_of(&[("readme.txt", b"x")]);
        let error = Source::open(zip.path()).unwrap_err();
        assert_eq!(crate::fault::exit_code(&error), 3);
        assert!(error.to_string().contains("holds 0 .mdb files"));
    }
}
