//! One writer at a time, whatever machine and work folder it runs from.
//!
//! A session-level advisory lock, which goes with the connection; the name of the session says who
//! holds it. A killed run leaves its lock only until the server notices, which takes a second.

use std::thread::sleep;
use std::time::Duration;

use anyhow::{Result, bail};
use nix::errno::Errno;
use nix::sys::signal::kill;
use nix::unistd::{Pid, gethostname};
use postgres::Client;

/// The lock's number: the letters of "windsock", as PostgreSQL has only numbers.
const KEY: i64 = i64::from_be_bytes(*b"windsock");
/// How often, and after which pauses, a killed run's lock is tried again.
const TRIES: u32 = 60;
const PAUSE: Duration = Duration::from_millis(500);

/// Takes the lock for `command`, which writes to the database, until the connection ends.
///
/// # Errors
/// If another run has it: the message says which.
pub fn lock(client: &mut Client, command: &str) -> Result<()> {
    let host = host();
    let name = format!("windsock {command}, process {}@{host}", std::process::id());
    // A running statement of a killed run would keep the lock until its end.
    client.batch_execute("SET client_connection_check_interval = '1s'")?;
    client.execute(
        "SELECT set_config('application_name', left($1, 63), false)",
        &[&name],
    )?;
    for _ in 0..TRIES {
        let taken = client.query_one("SELECT pg_try_advisory_lock($1)", &[&KEY])?;
        if taken.get(0) {
            return Ok(());
        }
        match holder(client)? {
            Some(holder) if !is_gone(&holder.name, &host) => {
                bail!(
                    "the database is in use by {} since {}: wait for it",
                    holder.name,
                    holder.since
                );
            }
            // Just released, or about to be.
            _ => sleep(PAUSE),
        }
    }
    bail!("the database is in use by a windsock that was killed: does its server still run?")
}

struct Holder {
    name: String,
    since: String,
}

fn holder(client: &mut Client) -> Result<Option<Holder>> {
    let row = client.query_opt(
        "SELECT
           coalesce(nullif(a.application_name, ''), 'session ' || l.pid),
           to_char(a.backend_start AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS \"UTC\"')
         FROM pg_locks AS l
         JOIN pg_stat_activity AS a USING (pid)
         WHERE l.locktype = 'advisory' AND l.granted AND l.objsubid = 1
           AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())
           AND (l.classid::bigint << 32) | l.objid::bigint = $1
         LIMIT 1",
        &[&KEY],
    )?;
    Ok(row.map(|row| Holder {
        name: row.get(0),
        since: row.get::<_, Option<String>>(1).unwrap_or_default(),
    }))
}

/// Whether the holder was a process of this machine that has ended.
fn is_gone(name: &str, host: &str) -> bool {
    let process = name
        .strip_suffix(host)
        .and_then(|rest| rest.strip_suffix('@'))
        .and_then(|rest| rest.rsplit(' ').next())
        .and_then(|id| id.parse().ok());
    process.is_some_and(|id| kill(Pid::from_raw(id), None) == Err(Errno::ESRCH))
}

fn host() -> String {
    let name = gethostname().unwrap_or_default();
    // The name of a session has 63 bytes; the start of a host's name tells it well enough.
    name.to_string_lossy().chars().take(20).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::postgres::testing::Server;

    #[test]
    fn the_second_is_told_who_is_first() {
        let server = Server::start();
        let (mut first, mut second) = (server.client(), server.client());
        lock(&mut first, "sync").unwrap();
        let message = lock(&mut second, "migrate").unwrap_err().to_string();
        let process = format!("windsock sync, process {}@", std::process::id());
        assert!(message.contains(&process), "{message}");
        drop(first);
        // The server may take a moment to see that the connection is gone.
        while lock(&mut second, "migrate").is_err() {}
    }

    #[test]
    fn a_process_of_another_machine_is_never_taken_for_gone() {
        let host = host();
        // Identifiers of processes end far below this one.
        let gone = format!("windsock sync, process {}@{host}", i32::MAX);
        assert!(is_gone(&gone, &host));
        assert!(!is_gone(&gone, "elsewhere"));
        let ours = format!("windsock sync, process {}@{host}", std::process::id());
        assert!(!is_gone(&ours, &host));
    }
}
