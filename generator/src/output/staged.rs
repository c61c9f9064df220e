//! Output into a folder that is replaced as a whole.

use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use nix::fcntl::{AT_FDCWD, RenameFlags, renameat2};

use super::Output;

/// A folder being written beside its target; [`Staged::commit`] swaps the two.
///
/// Dropped without commit, or killed, it leaves the target as it was; what an earlier killed run
/// left behind is removed by the next one.
#[derive(Debug)]
pub struct Staged {
    target: PathBuf,
    stage: PathBuf,
    committed: bool,
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
    pub fn commit(mut self) -> Result<()> {
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
        remove(&self.stage)
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
        fs::write(&file, bytes).with_context(|| format!("writing {}", file.display()))
    }

    fn copy(&mut self, path: &str, from: &Path) -> Result<()> {
        let file = self.place(path)?;
        // Published files are never edited in place, so a hard link is as good as a copy.
        if fs::hard_link(from, &file).is_ok() {
            return Ok(());
        }
        fs::copy(from, &file)
            .map(drop)
            .with_context(|| format!("copying {} to {}", from.display(), file.display()))
    }
}

impl Staged {
    fn place(&self, path: &str) -> Result<PathBuf> {
        let file = self.stage.join(path);
        if let Some(folder) = file.parent() {
            fs::create_dir_all(folder).with_context(|| format!("creating {}", folder.display()))?;
        }
        Ok(file)
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
}
