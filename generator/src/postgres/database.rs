//! A migrated database, wherever it runs.

use anyhow::{Context, Result, bail};
use postgres::config::Host;
use postgres::{Client, NoTls};

use super::binaries::OLDEST;
use super::{Cluster, Status};
use crate::config::Config;

mod embedded {
    refinery::embed_migrations!("../migrations");
}

/// A database. A private server is stopped when this is dropped, unless it is kept.
pub struct Database {
    /// The connection.
    pub client: Client,
    /// The private cluster it belongs to, if any.
    private: Option<Cluster>,
}

impl std::fmt::Debug for Database {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Database")
            .field("private", &self.private)
            .finish_non_exhaustive()
    }
}

impl Database {
    /// Whether there is one to open: a private cluster is made only when something is loaded.
    ///
    /// # Errors
    /// If the private cluster cannot be asked.
    pub fn exists(config: &Config) -> Result<bool> {
        if config.database_url.is_some() {
            return Ok(true);
        }
        let cluster = Cluster::of(&config.work_dir, config.postgres_bin.as_deref())?;
        Ok(cluster.status()? != Status::Absent)
    }

    /// Connects to the configured server, or to the private cluster, which is started if it does
    /// not run; migrates the schema.
    ///
    /// # Errors
    /// If no server can be reached or started, or a migration fails.
    pub fn open(config: &Config) -> Result<Self> {
        if let Some(url) = &config.database_url {
            return Ok(Self {
                client: connect(url)?,
                private: None,
            });
        }
        let cluster = Cluster::of(&config.work_dir, config.postgres_bin.as_deref())?;
        cluster.start()?;
        let interrupted = cluster.clone();
        // Without this an interrupted run would leave the server behind.
        ctrlc::set_handler(move || {
            release(&interrupted);
            std::process::exit(130);
        })
        .ok();
        match connect(&cluster.url()) {
            Ok(client) => Ok(Self {
                client,
                private: Some(cluster),
            }),
            Err(error) => {
                release(&cluster);
                Err(error)
            }
        }
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        if let Some(cluster) = &self.private {
            release(cluster);
        }
    }
}

/// Stops a private server, unless somebody asked to keep it running.
fn release(cluster: &Cluster) {
    if !cluster.is_kept()
        && let Err(error) = cluster.stop()
    {
        tracing::warn!("PostgreSQL was not stopped: {error:#}");
    }
}

/// Which database the configuration names, without user and password.
pub fn describe(config: &Config) -> String {
    let Some(url) = &config.database_url else {
        return "the private PostgreSQL".to_owned();
    };
    let Ok(parsed) = url.parse::<postgres::Config>() else {
        return "the PostgreSQL given".to_owned();
    };
    let host = match parsed.get_hosts().first() {
        Some(Host::Tcp(name)) => name.clone(),
        Some(Host::Unix(path)) => path.display().to_string(),
        None => "localhost".to_owned(),
    };
    match parsed.get_dbname() {
        Some(name) => format!("database {name} at {host}"),
        None => format!("the database at {host}"),
    }
}

/// Connects and brings the schema up to date.
///
/// # Errors
/// If the server cannot be reached or is too old, PostGIS is missing, or the database was migrated by a
/// newer windsock.
pub fn connect(url: &str) -> Result<Client> {
    // The connection string may hold a password: it must not appear in messages.
    let mut client = Client::connect(url, NoTls)
        .context("connecting to PostgreSQL: does it run, and is the connection string right?")?;
    client
        .batch_execute("SET client_min_messages = warning; SET timezone = 'UTC'")
        .context("preparing the session")?;
    check_server(&mut client)?;
    embedded::migrations::runner()
        .run(&mut client)
        .context("migrating the database schema (it needs PostGIS and the right to create it)")?;
    Ok(client)
}

/// Says what to install where a server is too old or lacks PostGIS.
fn check_server(client: &mut Client) -> Result<()> {
    let row = client.query_one(
        "SELECT current_setting('server_version_num')::integer / 10000,
                EXISTS (SELECT FROM pg_available_extensions WHERE name = 'postgis')",
        &[],
    )?;
    let (version, has_postgis): (i32, bool) = (row.get(0), row.get(1));
    refuse_server(u32::try_from(version)?, has_postgis)
}

fn refuse_server(version: u32, has_postgis: bool) -> Result<()> {
    if version < OLDEST {
        bail!("the server is PostgreSQL {version}: windsock needs {OLDEST} or newer");
    }
    if !has_postgis {
        bail!(
            "the server has no PostGIS: install it there, on Debian with `apt-get install \
             postgresql-{version}-postgis-3`"
        );
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::refuse_server;

    #[test]
    fn what_a_server_lacks_is_named() {
        assert!(refuse_server(15, true).is_ok());
        let old = refuse_server(14, true).unwrap_err().to_string();
        assert!(old.contains("PostgreSQL 14") && old.contains("15"), "{old}");
        let bare = refuse_server(17, false).unwrap_err().to_string();
        assert!(bare.contains("postgresql-17-postgis-3"), "{bare}");
    }
}
