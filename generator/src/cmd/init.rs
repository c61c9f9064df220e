//! `windsock init`.

use std::fs::{self, File};
use std::io::{ErrorKind, Write};
use std::path::Path;

use anyhow::{Context, Result, bail};

use crate::cli::InitArgs;
use crate::config;

const COMMENTED: &str = include_str!("windsock.toml");

/// The workflow that this repository has itself: it serves forks as well as repositories that hold
/// nothing but a configuration.
const WORKFLOW: &str = include_str!("../../../.github/workflows/site.yml");

/// Named in the first line of the configuration.
const SCHEMA: &str = "windsock.schema.json";

/// Writes a commented configuration with its schema, or what was asked for instead; what somebody
/// may have edited is left alone.
pub(super) fn run(args: &InitArgs) -> Result<()> {
    let dir = &args.dir;
    let all = !args.schema && !args.workflow;
    if all {
        write_new(&dir.join("windsock.toml"), COMMENTED)?;
    }
    if all || args.schema {
        let path = dir.join(SCHEMA);
        let schema = serde_json::to_string_pretty(&config::schema())? + "\n";
        fs::write(&path, schema).with_context(|| format!("writing {}", path.display()))?;
        println!("wrote {}", path.display());
    }
    if args.workflow {
        let folder = dir.join(".github/workflows");
        fs::create_dir_all(&folder).with_context(|| format!("creating {}", folder.display()))?;
        write_new(&folder.join("site.yml"), WORKFLOW)?;
    }
    Ok(())
}

fn write_new(path: &Path, text: &str) -> Result<()> {
    let mut file = match File::create_new(path) {
        Err(error) if error.kind() == ErrorKind::AlreadyExists => {
            bail!("{} exists already; it was left as it is", path.display())
        }
        other => other.with_context(|| format!("creating {}", path.display()))?,
    };
    file.write_all(text.as_bytes())
        .with_context(|| format!("writing {}", path.display()))?;
    println!("wrote {}", path.display());
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::config::File as ConfigFile;

    /// The commented file with every key switched on.
    fn all_on() -> String {
        COMMENTED
            .lines()
            .map(|line| line.strip_prefix("#! ").unwrap_or(line))
            .fold(String::new(), |text, line| text + line + "\n")
    }

    #[test]
    fn the_commented_file_is_valid_with_every_key_switched_on() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("windsock.toml");
        fs::write(&path, all_on()).unwrap();
        let file = ConfigFile::read(Some(&path), &BTreeMap::new()).unwrap();
        assert_eq!(file.sources.files.len(), 3);
        assert_eq!(file.train.validate_to, Some(2019));
        assert_eq!(file.sync.sources.len(), 2);
    }

    #[test]
    fn the_commented_file_shows_every_key_of_the_schema_and_no_other() {
        let written: toml::Table = toml::from_str(&all_on()).unwrap();
        let names = |value: &serde_json::Value| -> Vec<String> {
            let map = value["properties"].as_object().unwrap();
            let mut names: Vec<String> = map.keys().cloned().collect();
            names.sort();
            names
        };
        let schema = config::schema();
        assert_eq!(written.keys().cloned().collect::<Vec<_>>(), names(&schema));
        for (section, keys) in &written {
            let mut keys: Vec<String> = keys.as_table().unwrap().keys().cloned().collect();
            keys.sort();
            assert_eq!(keys, names(&schema["properties"][section]), "[{section}]");
        }
    }

    #[test]
    fn nothing_that_may_have_been_edited_is_overwritten() {
        let folder = tempfile::tempdir().unwrap();
        let args = |schema, workflow| InitArgs {
            dir: folder.path().to_owned(),
            schema,
            workflow,
        };
        run(&args(false, false)).unwrap();
        let message = run(&args(false, false)).unwrap_err().to_string();
        assert!(
            message.contains("windsock.toml exists already"),
            "{message}"
        );
        run(&args(false, true)).unwrap();
        let message = run(&args(false, true)).unwrap_err().to_string();
        assert!(message.contains("site.yml exists already"), "{message}");
        // The schema belongs to the tool: a newer one replaces it.
        fs::write(folder.path().join(SCHEMA), "old").unwrap();
        run(&args(true, false)).unwrap();
        let schema = fs::read_to_string(folder.path().join(SCHEMA)).unwrap();
        assert!(schema.contains("base_url"));
    }
}
