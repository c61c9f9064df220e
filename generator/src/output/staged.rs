//! Output into a folder that is replaced as a whole.

use std::collections::{BTreeMap, HashSet};
use std::fs::{self, File};
use std::io::{ErrorKind, Write};
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use nix::fcntl::{AT_FDCWD, RenameFlags, renameat2};
use walkdir::WalkDir;

use super::Output;

/// A folder being written beside its target; [`Staged::commit`] swaps the two.
///
/// A file that is to hold what the target holds under the same path already is carried over by a
/// hard link: it keeps its inode and its times, so tools that upload or back up the folder see at
/// once what is new.
///
/// Dropped without commit, or killed, it leaves the target as it was; what an earlier killed run
/// left behind is removed by the next one.
#[derive(Debug)]
pub struct Staged {
    target: PathBuf,
    stage: PathBuf,
    /// Folders that are there.
    folders: HashSet<PathBuf>,
    /// How each path compares with the target.
    paths: BTreeMap<String, Compared>,
    committed: bool,
}

/// How a file compares with that of the same path in the target.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Compared {
    Added,
    Changed,
    Same,
}

/// What a commit did to the target, in files.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Changes {
    /// Files under paths the target did not have.
    pub added: u64,
    /// Files with other bytes under the same path.
    pub changed: u64,
    /// Files that are gone.
    pub removed: u64,
    /// Files with the same bytes under the same path: carried over, not written.
    pub unchanged: u64,
}

impl Staged {
    /// Starts writing the folder that will become `target`.
    ///
    /// # Errors
    /// If the folder beside `target` cannot be created.
    pub fn begin(target: &Path) -> Result<Self> {
        let stage = beside(target, "stage")?;
        remove(&stage)?;
        remove(&beside(target, "old")?)?;
        fs::create_dir_all(&stage)
            .with_context(|| format!("creating {}: is its folder writable?", stage.display()))?;
        Ok(Self {
            target: target.to_owned(),
            stage,
            folders: HashSet::new(),
            paths: BTreeMap::new(),
            committed: false,
        })
    }

    /// The folder being written.
    pub fn path(&self) -> &Path {
        &self.stage
    }

    /// Replaces the target with what was written.
    ///
    /// # Errors
    /// If the swap fails; the target is then what it was before.
    pub fn commit(mut self) -> Result<Changes> {
        let changes = self.changes();
        let swap = || format!("replacing {}", self.target.display());
        if self.target.exists() {
            let exchanged = renameat2(
                AT_FDCWD,
                &self.stage,
                AT_FDCWD,
                &self.target,
                RenameFlags::RENAME_EXCHANGE,
            );
            if exchanged.is_err() {
                // The file system cannot exchange two folders: move the old one aside first.
                let old = beside(&self.target, "old")?;
                fs::rename(&self.target, &old).with_context(swap)?;
                if let Err(error) = fs::rename(&self.stage, &self.target) {
                    fs::rename(&old, &self.target).with_context(swap)?;
                    return Err(error).with_context(swap);
                }
                remove(&old)?;
            }
        } else {
            fs::rename(&self.stage, &self.target).with_context(swap)?;
        }
        self.committed = true;
        remove(&self.stage)?;
        Ok(changes)
    }

    fn changes(&self) -> Changes {
        let count = |what| self.paths.values().filter(|&&found| found == what).count() as u64;
        let [added, changed, unchanged] =
            [Compared::Added, Compared::Changed, Compared::Same].map(count);
        let before = WalkDir::new(&self.target)
            .into_iter()
            .filter_map(Result::ok)
            .filter(|entry| entry.file_type().is_file())
            .count() as u64;
        Changes {
            added,
            changed,
            removed: before.saturating_sub(changed + unchanged),
            unchanged,
        }
    }

    /// Where a file goes: its folder is there, and no earlier file of that path. Writing into one
    /// would reach through its hard link into the folder that visitors see.
    fn place(&mut self, path: &str) -> Result<PathBuf> {
        let file = self.stage.join(path);
        if let Some(folder) = file.parent()
            && !self.folders.contains(folder)
        {
            fs::create_dir_all(folder).with_context(|| format!("creating {}", folder.display()))?;
            self.folders.insert(folder.to_owned());
        }
        if self.paths.contains_key(path) {
            fs::remove_file(&file).with_context(|| format!("replacing {}", file.display()))?;
        }
        Ok(file)
    }

    /// Links the target's file of this path into place if it `is_same`.
    fn carry(
        &mut self,
        path: &str,
        file: &Path,
        size: u64,
        is_same: impl FnOnce(&Path, &fs::Metadata) -> bool,
    ) -> bool {
        let old = self.target.join(path);
        let found = fs::symlink_metadata(&old)
            .ok()
            .filter(fs::Metadata::is_file);
        let compared = match found {
            None => Compared::Added,
            Some(meta) if meta.len() == size && is_same(&old, &meta) => Compared::Same,
            Some(_) => Compared::Changed,
        };
        self.paths.insert(path.to_owned(), compared);
        // Some file systems have no hard links.
        compared == Compared::Same && fs::hard_link(&old, file).is_ok()
    }
}

impl Drop for Staged {
    fn drop(&mut self) {
        if !self.committed {
            remove(&self.stage).ok();
        }
    }
}

impl Output for Staged {
    fn write(&mut self, path: &str, bytes: &[u8]) -> Result<()> {
        let file = self.place(path)?;
        let same = |old: &Path, _: &fs::Metadata| fs::read(old).is_ok_and(|old| old == bytes);
        if self.carry(path, &file, bytes.len() as u64, same) {
            return Ok(());
        }
        File::create_new(&file)
            .and_then(|mut file| file.write_all(bytes))
            .with_context(|| format!("writing {}", file.display()))
    }

    fn copy(&mut self, path: &str, from: &Path) -> Result<()> {
        let reading = || format!("reading {}", from.display());
        let meta = fs::metadata(from).with_context(reading)?;
        let file = self.place(path)?;
        let same = |old: &Path, found: &fs::Metadata| {
            (found.dev(), found.ino()) == (meta.dev(), meta.ino())
                || matches!((fs::read(old), fs::read(from)), (Ok(old), Ok(new)) if old == new)
        };
        if self.carry(path, &file, meta.len(), same) {
            return Ok(());
        }
        // Published files are never edited in place, so a hard link is as good as a copy.
        if fs::hard_link(from, &file).is_ok() {
            return Ok(());
        }
        fs::copy(from, &file)
            .map(drop)
            .with_context(|| format!("copying {} to {}", from.display(), file.display()))
    }
}

/// A hidden sibling of `target`, so that both are on one file system.
fn beside(target: &Path, role: &str) -> Result<PathBuf> {
    let name = target
        .file_name()
        .with_context(|| format!("{} cannot be an output folder", target.display()))?;
    Ok(target.with_file_name(format!(".{}.{role}", name.to_string_lossy())))
}

fn remove(folder: &Path) -> Result<()> {
    match fs::remove_dir_all(folder) {
        Err(error) if ![ErrorKind::NotFound, ErrorKind::NotADirectory].contains(&error.kind()) => {
            Err(error).with_context(|| format!("removing {}", folder.display()))
        }
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(path: &Path) -> String {
        fs::read_to_string(path).unwrap()
    }

    #[test]
    fn commit_replaces_the_target_as_a_whole() {
        let folder = tempfile::tempdir().unwrap();
        let target = folder.path().join("dist");
        for content in ["one", "two"] {
            let mut staged = Staged::begin(&target).unwrap();
            staged
                .write(&format!("a/{content}.txt"), content.as_bytes())
                .unwrap();
            staged.commit().unwrap();
        }
        assert_eq!(read(&target.join("a/two.txt")), "two");
        assert!(!target.join("a/one.txt").exists());
        assert_eq!(
            fs::read_dir(folder.path()).unwrap().count(),
            1,
            "nothing left beside it"
        );
    }

    #[test]
    fn an_abandoned_run_leaves_the_target_and_no_litter() {
        let folder = tempfile::tempdir().unwrap();
        let target = folder.path().join("dist");
        let mut staged = Staged::begin(&target).unwrap();
        staged.write("page.html", b"good").unwrap();
        staged.commit().unwrap();
        let mut abandoned = Staged::begin(&target).unwrap();
        abandoned.write("page.html", b"half").unwrap();
        drop(abandoned);
        assert_eq!(read(&target.join("page.html")), "good");
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    }

    fn written(target: &Path, files: &[(&str, &str)]) -> Changes {
        let mut staged = Staged::begin(target).unwrap();
        for (path, text) in files {
            staged.write(path, text.as_bytes()).unwrap();
        }
        staged.commit().unwrap()
    }

    fn inode(path: &Path) -> u64 {
        fs::metadata(path).unwrap().ino()
    }

    #[test]
    fn what_has_not_changed_stays_the_same_file() {
        let folder = tempfile::tempdir().unwrap();
        let target = folder.path().join("dist");
        let before = [
            ("same", "a"),
            ("other", "b"),
            ("longer", "c"),
            ("gone", "d"),
        ];
        let first = written(&target, &before);
        assert_eq!(
            (first.added, first.changed + first.removed + first.unchanged),
            (4, 0)
        );
        let (same, other) = (inode(&target.join("same")), inode(&target.join("other")));
        let now = [
            ("same", "a"),
            ("other", "B"),
            ("longer", "cc"),
            ("new/er", "e"),
        ];
        let expected = Changes {
            added: 1,
            changed: 2,
            removed: 1,
            unchanged: 1,
        };
        assert_eq!(written(&target, &now), expected);
        assert_eq!(inode(&target.join("same")), same);
        assert_ne!(inode(&target.join("other")), other);
        assert_eq!(read(&target.join("other")), "B");
        assert!(!target.join("gone").exists());
    }

    #[test]
    fn a_path_written_twice_never_reaches_into_the_old_folder() {
        let folder = tempfile::tempdir().unwrap();
        let target = folder.path().join("dist");
        let source = folder.path().join("source");
        fs::write(&source, "lake").unwrap();
        written(&target, &[("page", "good"), ("copy", "good")]);
        let mut staged = Staged::begin(&target).unwrap();
        staged.write("page", b"good").unwrap();
        staged.write("page", b"half").unwrap();
        staged.copy("copy", &source).unwrap();
        staged.copy("copy", &source).unwrap();
        staged.write("copy", b"mine").unwrap();
        assert_eq!(read(&target.join("page")), "good");
        assert_eq!(read(&source), "lake");
        let changes = staged.commit().unwrap();
        assert_eq!(
            (changes.changed, changes.added, changes.unchanged),
            (2, 0, 0)
        );
        assert_eq!(read(&target.join("page")), "half");
        assert_eq!(read(&target.join("copy")), "mine");
    }

    #[test]
    fn a_copy_of_the_same_bytes_is_carried_over_too() {
        let folder = tempfile::tempdir().unwrap();
        let target = folder.path().join("dist");
        let source = folder.path().join("source");
        fs::write(&source, "lake").unwrap();
        let copy = |target: &Path| {
            let mut staged = Staged::begin(target).unwrap();
            staged.copy("a.parquet", &source).unwrap();
            staged.commit().unwrap()
        };
        copy(&target);
        let before = inode(&target.join("a.parquet"));
        assert_eq!(before, inode(&source), "a hard link");
        fs::remove_file(&source).unwrap();
        fs::write(&source, "lake").unwrap();
        assert_eq!(copy(&target).unchanged, 1);
        assert_eq!(inode(&target.join("a.parquet")), before);
    }
}
