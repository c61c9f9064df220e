//! `windsock postgres`.

use std::io::{IsTerminal, Write, stdin, stdout};

use anyhow::{Context, Result, bail};

use crate::cli::PostgresAction;
use crate::config::Config;
use crate::postgres::{Cluster, Status};
use crate::workdir::WorkDir;

pub(super) fn run(config: &Config, action: PostgresAction, yes: bool) -> Result<()> {
    let cluster = Cluster::of(&config.work_dir, config.postgres_bin.as_deref())?;
    match action {
        PostgresAction::Start => {
            cluster.start()?;
            cluster.keep()?;
            println!("{}", cluster.url());
        }
        PostgresAction::Stop => cluster.stop()?,
        PostgresAction::Status => {
            let status = cluster.status().context("asking pg_ctl")?;
            println!("{status:?}, data in {}", cluster.home().display());
        }
        PostgresAction::Remove => remove(config, &cluster, yes)?,
    }
    Ok(())
}

fn remove(config: &Config, cluster: &Cluster, yes: bool) -> Result<()> {
    let home = cluster.home().display();
    if cluster.status()? == Status::Absent && !cluster.home().exists() {
        println!("nothing to remove: there is no {home}");
        return Ok(());
    }
    // A load that is under way would lose its ground.
    let _work = WorkDir::open(&config.work_dir)?;
    if !yes && !confirm(&format!("Stop the private PostgreSQL and delete {home}?"))? {
        bail!("nothing was removed");
    }
    cluster.remove()?;
    println!("removed {home}");
    Ok(())
}

fn confirm(question: &str) -> Result<bool> {
    if !stdin().is_terminal() {
        bail!("{question} Nobody can answer here: say --yes");
    }
    print!("{question} [y/N] ");
    stdout().flush()?;
    let mut answer = String::new();
    stdin().read_line(&mut answer)?;
    Ok(matches!(answer.trim(), "y" | "Y" | "yes"))
}
