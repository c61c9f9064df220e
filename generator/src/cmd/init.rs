//! `windsock init`.

use std::fs::File;
use std::io::{ErrorKind, Write};
use std::path::Path;

use anyhow::{Context, Result, bail};

const COMMENTED: &str = include_str!("windsock.toml");

/// Writes a commented configuration; an existing one is left alone.
pub(super) fn run(dir: &Path) -> Result<()> {
    let path = dir.join("windsock.toml");
    let mut file = match File::options().write(true).create_new(true).open(&path) {
        Err(error) if error.kind() == ErrorKind::AlreadyExists => {
            bail!("{} exists already; it was left as it is", path.display())
        }
        other => other.with_context(|| format!("creating {}", path.display()))?,
    };
    file.write_all(COMMENTED.as_bytes())?;
    println!("wrote {}", path.display());
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::File as ConfigFile;

    #[test]
    fn the_commented_file_is_valid_with_every_key_switched_on() {
        let on: String = COMMENTED
            .lines()
            .map(|line| line.strip_prefix("#! ").unwrap_or(line))
            .fold(String::new(), |text, line| text + line + "\n");
        let file: ConfigFile = toml::from_str(&on).unwrap();
        assert_eq!(file.sources.files.len(), 3);
        assert_eq!(file.train.validate_to, Some(2019));
        assert_eq!(file.sync.sources.len(), 2);
    }
}
