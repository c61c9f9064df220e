//! A migrated database, wherever it runs.

use std::io::{self, ErrorKind};
use std::thread::sleep;
use std::time::Duration;

use anyhow::{Context, Error, Result};
use postgres::config::Host;
use postgres::error::SqlState;
use postgres::{Client, NoTls};

use super::{Cluster, Status, server};
use crate::config::Config;

/// How often, and after which pauses, a private server is tried that is on its way out.
const ATTEMPTS: u32 = 60;
const PAUSE: Duration = Duration::from_millis(500);

mod embedded {
    refinery::embed_migrations!("../migrations");
}

/// A database. A private server is stopped when this is dropped, unless it is kept.
pub struct Database {
    /// The connection.
    pub client: Client,
    /// Where it leads, for more connections ([`session`]). May hold a password.
    pub url: String,
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
                url: url.clone(),
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
        let url = cluster.url();
        match connect_privately(&cluster) {
            Ok(client) => Ok(Self {
                client,
                url,
                private: Some(cluster),
            }),
            Err(error) => {
                release(&cluster);
                Err(error)
            }
        }
    }
}

/// Connects to the private server. One that a run was about to stop when it was killed may be there
/// and yet on its way out: then it is waited for, and started anew.
fn connect_privately(cluster: &Cluster) -> Result<Client> {
    for _ in 0..ATTEMPTS {
        match connect(&cluster.url()) {
            Err(error) if is_stopping(&error) => {
                sleep(PAUSE);
                cluster.start()?;
            }
            other => return other,
        }
    }
    connect(&cluster.url())
}

/// Whether the server refused, or ended, the session because it stops, or was no longer there.
fn is_stopping(error: &Error) -> bool {
    error.chain().any(|cause| {
        if let Some(error) = cause.downcast_ref::<io::Error>() {
            return matches!(
                error.kind(),
                ErrorKind::NotFound | ErrorKind::ConnectionRefused
            );
        }
        let Some(error) = cause.downcast_ref::<postgres::Error>() else {
            return false;
        };
        let stopping = [SqlState::CANNOT_CONNECT_NOW, SqlState::ADMIN_SHUTDOWN];
        error.is_closed() || error.code().is_some_and(|code| stopping.contains(code))
    })
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

/// Number of the lock of the schema: letters, as PostgreSQL has only numbers.
const MIGRATIONS: i64 = i64::from_be_bytes(*b"winschem");

/// Connects and brings the schema up to date.
///
/// # Errors
/// If the server cannot be reached or is too old, PostGIS is missing, or the database was migrated by a
/// newer windsock.
pub fn connect(url: &str) -> Result<Client> {
    let mut client = session(url)?;
    server::check(&mut client)?;
    // One at a time: the server may still be at the last migration of a run that was killed, and
    // nobody sees which it is before it has ended.
    client.batch_execute("SET client_connection_check_interval = '1s'")?;
    client.query_one("SELECT pg_advisory_lock($1)", &[&MIGRATIONS])?;
    embedded::migrations::runner()
        .run(&mut client)
        .context("migrating the database schema (it needs PostGIS and the right to create it)")?;
    client.query_one("SELECT pg_advisory_unlock($1)", &[&MIGRATIONS])?;
    Ok(client)
}

/// Connects to a database whose schema is up to date.
///
/// # Errors
/// If the server cannot be reached.
pub fn session(url: &str) -> Result<Client> {
    // The connection string may hold a password: it must not appear in messages.
    let mut client = Client::connect(url, NoTls)
        .context("connecting to PostgreSQL: does it run, and is the connection string right?")?;
    client
        .batch_execute("SET client_min_messages = warning; SET timezone = 'UTC'")
        .context("preparing the session")?;
    Ok(client)
}

#[cfg(test)]
mod tests {
    use nix::sys::signal::{Signal, kill};
    use nix::unistd::Pid;

    use super::*;
    use crate::postgres::testing::Server;

    #[test]
    fn a_server_on_its_way_out_is_waited_for_and_started_anew() {
        let server = Server::start();
        let last = server.client();
        let lock = server.cluster().home().join("data/postmaster.pid");
        let process = std::fs::read_to_string(lock).unwrap();
        let process = process.lines().next().unwrap().parse().unwrap();
        // SIGTERM lets sessions end by themselves and admits no new ones.
        kill(Pid::from_raw(process), Signal::SIGTERM).unwrap();
        let refusal = loop {
            match connect(&server.url()) {
                Ok(early) => drop(early),
                Err(error) => break error,
            }
        };
        assert!(is_stopping(&refusal), "{refusal:#}");
        drop(last);
        let mut client = connect_privately(server.cluster()).unwrap();
        client.query_one("SELECT 1", &[]).unwrap();
    }
}
