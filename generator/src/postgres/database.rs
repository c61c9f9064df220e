//! A migrated database, wherever it runs.

use anyhow::{Context, Result};
use postgres::{Client, NoTls};

use super::{Cluster, cluster::Status};
use crate::config::Config;

mod embedded {
    refinery::embed_migrations!("../migrations");
}

/// A database that may have been started for us, and is then stopped when dropped.
pub struct Database {
    /// The connection.
    pub client: Client,
    stop: Option<Cluster>,
}

impl std::fmt::Debug for Database {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Database")
            .field("stop", &self.stop)
            .finish_non_exhaustive()
    }
}

impl Database {
    /// Connects to the configured server, or to the private cluster, which is started if it does
    /// not run and stopped again at the end; migrates the schema.
    ///
    /// # Errors
    /// If no server can be reached or started, or a migration fails.
    pub fn open(config: &Config) -> Result<Self> {
        if let Some(url) = &config.database_url {
            return Ok(Self {
                client: connect(url)?,
                stop: None,
            });
        }
        let cluster = Cluster::of(&config.work_dir, config.postgres_bin.as_deref())?;
        let started = cluster.status()? != Status::Running;
        cluster.start()?;
        let stop = started.then(|| cluster.clone());
        if let Some(cluster) = stop.clone() {
            // Without this an interrupted run would leave the server behind.
            ctrlc::set_handler(move || {
                cluster.stop().ok();
                std::process::exit(130);
            })
            .ok();
        }
        match connect(&cluster.url()) {
            Ok(client) => Ok(Self { client, stop }),
            Err(error) => {
                if let Some(cluster) = stop {
                    cluster.stop().ok();
                }
                Err(error)
            }
        }
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        if let Some(cluster) = &self.stop
            && let Err(error) = cluster.stop()
        {
            tracing::warn!("PostgreSQL was not stopped: {error:#}");
        }
    }
}

/// Connects and brings the schema up to date.
///
/// # Errors
/// If the server cannot be reached, PostGIS is missing, or the database was migrated by a newer
/// windsock.
pub fn connect(url: &str) -> Result<Client> {
    // The connection string may hold a password: it must not appear in messages.
    let mut client = Client::connect(url, NoTls)
        .context("connecting to PostgreSQL: does it run, and is the connection string right?")?;
    client
        .batch_execute("SET client_min_messages = warning; SET timezone = 'UTC'")
        .context("preparing the session")?;
    embedded::migrations::runner()
        .run(&mut client)
        .context("migrating the database schema (it needs PostGIS and the right to create it)")?;
    Ok(client)
}
