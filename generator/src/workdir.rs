//! The work folder: everything between source and site, and what each stage last did.

use std::fs::{self, File, TryLockError};
use std::io::{Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::time::{SystemTime, UNIX_EPOCH};

use anyhow::{Context, Result, bail};
use jet::datetime::DateTime;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

/// A work folder, locked for this process as long as the value lives.
#[derive(Debug)]
pub struct WorkDir {
    path: PathBuf,
    /// Locked; its lines say who holds the folder: process, command, since when, on which database.
    lock: File,
}

/// A stage's result and the key of the inputs it was made from.
#[derive(Debug, Serialize, Deserialize)]
struct Record<T> {
    key: String,
    result: T,
}

impl WorkDir {
    /// Creates the folder if needed and locks it.
    ///
    /// # Errors
    /// If the folder cannot be created, or another windsock holds it: the message names its
    /// process.
    pub fn open(path: &Path) -> Result<Self> {
        fs::create_dir_all(path).with_context(|| {
            format!(
                "creating the work folder {}: choose another with --work-dir",
                path.display()
            )
        })?;
        let file = path.join("lock");
        let mut lock = File::options()
            .create(true)
            .truncate(false)
            .read(true)
            .write(true)
            .open(&file)
            .with_context(|| format!("opening {}", file.display()))?;
        match lock.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                let mut holder = String::new();
                lock.read_to_string(&mut holder)?;
                bail!(
                    "the work folder {} is in use by {}: wait for it, or choose another with \
                     --work-dir",
                    path.display(),
                    describe_holder(&holder)
                );
            }
            Err(TryLockError::Error(error)) => {
                return Err(error).context("locking the work folder");
            }
        }
        lock.set_len(0)?;
        writeln!(lock, "{}", std::process::id())?;
        Ok(Self {
            path: path.to_owned(),
            lock,
        })
    }

    /// Tells who else wants the folder what it is held for.
    ///
    /// # Errors
    /// If the lock file cannot be written.
    pub fn hold_for(&self, command: &str, database: &str) -> Result<()> {
        let text = format!(
            "{}\nwindsock {command}\n{}\n{database}\n",
            std::process::id(),
            now()
        );
        let mut lock = &self.lock;
        lock.seek(SeekFrom::Start(0))
            .and_then(|_| lock.set_len(0))
            .and_then(|()| lock.write_all(text.as_bytes()))
            .context("writing the lock of the work folder")
    }

    /// Folder of downloaded files.
    pub fn downloads(&self) -> PathBuf {
        self.path.join("downloads")
    }

    /// Summary of the last sync.
    pub fn sync_summary(&self) -> PathBuf {
        self.path.join("sync.json")
    }

    /// Folder of the Parquet files and their manifest.
    pub fn lake(&self) -> PathBuf {
        self.path.join("lake")
    }

    /// Folder of the model files.
    pub fn models(&self) -> PathBuf {
        self.path.join("models")
    }

    /// Folder of the results of validation and their history.
    pub fn validation(&self) -> PathBuf {
        self.path.join("validation")
    }

    /// Remembers what `stage` made from the inputs with this key.
    ///
    /// # Errors
    /// If the record cannot be written.
    pub fn record<T: Serialize>(&self, stage: &str, key: &str, result: &T) -> Result<()> {
        let record = Record {
            key: key.to_owned(),
            result,
        };
        let file = self.record_file(stage);
        let new = file.with_extension("new");
        // Written aside and renamed: a killed run never leaves half a record.
        fs::write(&new, serde_json::to_vec_pretty(&record)?)
            .and_then(|()| fs::rename(&new, &file))
            .with_context(|| format!("writing {}", file.display()))
    }

    /// What `stage` last made, if it was from the inputs with this key.
    pub fn recorded<T: DeserializeOwned>(&self, stage: &str, key: &str) -> Option<T> {
        let record: Record<T> = self.read(stage).ok()?;
        (record.key == key).then_some(record.result)
    }

    /// What `stage` last made, whatever it was from.
    ///
    /// # Errors
    /// If the stage has not run in this folder; the message says which command to run.
    pub fn latest<T: DeserializeOwned>(&self, stage: &str) -> Result<T> {
        let record: Record<T> = self.read(stage).with_context(|| {
            format!(
                "no result of {stage} in {}: run `windsock build`, or `windsock {stage}` first",
                self.path.display()
            )
        })?;
        Ok(record.result)
    }

    fn read<T: DeserializeOwned>(&self, stage: &str) -> Result<Record<T>> {
        Ok(serde_json::from_slice(&fs::read(self.record_file(stage))?)?)
    }

    fn record_file(&self, stage: &str) -> PathBuf {
        self.path.join(format!("{stage}.json"))
    }
}

/// The lines of a lock file as a phrase; the first moments of a run have only the process.
fn describe_holder(lock: &str) -> String {
    let mut lines = lock.lines();
    let process = lines.next().unwrap_or("?").trim();
    match (lines.next(), lines.next(), lines.next()) {
        (Some(command), Some(since), Some(database)) => {
            format!("process {process} ({command}, since {since}, on {database})")
        }
        _ => format!("process {process}"),
    }
}

/// The time, UTC.
pub(crate) fn now() -> String {
    let seconds = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .map_or(0, |since| since.as_secs());
    // Access counts from 1899-12-30.
    let Some(at) = DateTime::from_days(seconds as f64 / 86_400.0 + 25_569.0) else {
        return String::new();
    };
    format!(
        "{:04}-{:02}-{:02} {:02}:{:02}:{:02} UTC",
        at.year, at.month, at.day, at.hour, at.minute, at.second
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_second_process_is_told_who_holds_the_folder() {
        let folder = tempfile::tempdir().unwrap();
        let first = WorkDir::open(folder.path()).unwrap();
        let message = WorkDir::open(folder.path()).unwrap_err().to_string();
        assert!(
            message.contains(&std::process::id().to_string()),
            "{message}"
        );
        first.hold_for("sync", "database ntsb at db").unwrap();
        let message = WorkDir::open(folder.path()).unwrap_err().to_string();
        assert!(
            message.contains("(windsock sync, since 2")
                && message.contains("on database ntsb at db)"),
            "{message}"
        );
        drop(first);
        WorkDir::open(folder.path()).unwrap();
    }

    #[test]
    fn a_record_answers_only_to_its_key() {
        let folder = tempfile::tempdir().unwrap();
        let work = WorkDir::open(folder.path()).unwrap();
        work.record("lake", "k1", &7_u32).unwrap();
        assert_eq!(work.recorded::<u32>("lake", "k1"), Some(7));
        assert_eq!(work.recorded::<u32>("lake", "k2"), None);
        assert_eq!(work.latest::<u32>("lake").unwrap(), 7);
        let message = work.latest::<u32>("train").unwrap_err().to_string();
        assert!(message.contains("windsock train"), "{message}");
    }
}
