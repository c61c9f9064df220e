//! A private PostgreSQL: own data folder, Unix socket only, no port.
//!
//! PostgreSQL refuses to run as root, so root's cluster runs as `postgres` (or `nobody`) and lives
//! under `/var/tmp`, where that user can reach it; everybody else's lives in the work folder.

use std::fs;
use std::os::unix::fs::{PermissionsExt, chown};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::thread::sleep;
use std::time::Duration;

use anyhow::{Context, Result, bail};
use nix::unistd::{Uid, User};

use super::binaries;
use crate::output::short_hash;

/// A private cluster that belongs to a work folder.
#[derive(Debug, Clone)]
pub struct Cluster {
    bin: PathBuf,
    home: PathBuf,
    sockets: PathBuf,
    owner: User,
}

/// How often a start is tried while processes of a killed server come to their end, once a second.
const ATTEMPTS: u32 = 30;

/// Whether a server runs for a cluster.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Status {
    /// `initdb` has not run yet.
    Absent,
    /// Data exists, no server.
    Stopped,
    /// Accepts connections.
    Running,
}

impl Cluster {
    /// The cluster of a work folder. Nothing is started or written yet.
    ///
    /// # Errors
    /// If there are no server binaries, or no user to run them as.
    pub fn of(work_dir: &Path, bin: Option<&Path>) -> Result<Self> {
        let bin = binaries::find(bin)?;
        let work_dir = std::path::absolute(work_dir)?;
        let name = format!(
            "windsock-{}",
            short_hash(work_dir.as_os_str().as_encoded_bytes())
        );
        let owner = owner()?;
        let home = if Uid::effective().is_root() {
            Path::new("/var/tmp").join(&name)
        } else {
            work_dir.join("postgres")
        };
        // A socket path may have 107 bytes at most, so it cannot live in the work folder.
        let sockets = std::env::temp_dir().join(name);
        Ok(Self {
            bin,
            home,
            sockets,
            owner,
        })
    }

    /// Folder of the data and the server's log.
    pub fn home(&self) -> &Path {
        &self.home
    }

    /// Connection string for [`super::connect`].
    pub fn url(&self) -> String {
        format!(
            "host={} user={} dbname=postgres",
            self.sockets.display(),
            self.owner.name
        )
    }

    /// Whether the server runs.
    ///
    /// # Errors
    /// If `pg_ctl` cannot be run.
    pub fn status(&self) -> Result<Status> {
        if !self.data().join("PG_VERSION").exists() {
            return Ok(Status::Absent);
        }
        let running = self
            .command("pg_ctl")
            .arg("status")
            .arg("-D")
            .arg(self.data())
            .output()?;
        // pg_ctl believes the lock file: the number in it may long be that of another process.
        Ok(if running.status.success() && !self.is_stale() {
            Status::Running
        } else {
            Status::Stopped
        })
    }

    /// Whether the lock file names a process that is no PostgreSQL.
    fn is_stale(&self) -> bool {
        let lock = fs::read_to_string(self.data().join("postmaster.pid")).unwrap_or_default();
        let number = lock
            .lines()
            .next()
            .and_then(|line| line.trim().parse().ok());
        number.is_some_and(|number: u32| !is_postgres(number))
    }

    /// Creates the cluster if there is none and starts it if it does not run.
    ///
    /// After a crash the server recovers by itself. Lock files that a killed server left behind are
    /// removed if the process they name is no PostgreSQL; processes of a killed server are waited for.
    ///
    /// # Errors
    /// If the folders cannot be made or the server does not come up; the message quotes its log.
    pub fn start(&self) -> Result<()> {
        let status = self.status()?;
        if status == Status::Running {
            return Ok(());
        }
        for folder in [&self.home, &self.sockets] {
            fs::create_dir_all(folder).with_context(|| format!("creating {}", folder.display()))?;
            if Uid::effective().is_root() {
                chown(
                    folder,
                    Some(self.owner.uid.as_raw()),
                    Some(self.owner.gid.as_raw()),
                )?;
            }
            fs::set_permissions(folder, fs::Permissions::from_mode(0o700))?;
        }
        if status == Status::Absent {
            self.init()?;
        }
        if self.is_stale() {
            fs::remove_file(self.data().join("postmaster.pid")).context("removing a lock file")?;
            fs::remove_file(self.sockets.join(".s.PGSQL.5432.lock")).ok();
        }
        // The data can be rebuilt from the MDB files at any time: no replication, late commits.
        let options = format!(
            "-c listen_addresses='' -c unix_socket_directories='{}' -c shared_buffers=256MB \
             -c maintenance_work_mem=256MB -c max_wal_size=4GB -c wal_level=minimal \
             -c max_wal_senders=0 -c synchronous_commit=off -c jit=off",
            self.sockets.display()
        );
        let log = self.home.join("server.log");
        let mut start = self.command("pg_ctl");
        start
            .args(["start", "-w", "-t", "60", "-s", "-D"])
            .arg(self.data())
            .arg("-l")
            .arg(&log)
            .arg("-o")
            .arg(options);
        for _ in 0..ATTEMPTS {
            let Err(error) = run(&mut start) else {
                return Ok(());
            };
            let text = fs::read_to_string(&log).unwrap_or_default();
            let tail: Vec<&str> = text.lines().rev().take(3).collect();
            // Processes of a killed server end by themselves when they notice.
            if tail.iter().any(|line| line.contains("shared memory block")) {
                sleep(Duration::from_secs(1));
                continue;
            }
            return Err(error).with_context(|| {
                format!(
                    "starting PostgreSQL; its log {} ends with: {tail:?}",
                    log.display()
                )
            });
        }
        bail!(
            "processes of a killed PostgreSQL still use the data in {}: end them, then try again",
            self.data().display()
        )
    }

    /// Stops the server and deletes its data, log and sockets.
    ///
    /// # Errors
    /// If the server does not stop or the folders cannot be deleted.
    pub fn remove(&self) -> Result<()> {
        self.stop()?;
        for folder in [&self.home, &self.sockets] {
            if folder.exists() {
                fs::remove_dir_all(folder)
                    .with_context(|| format!("deleting {}", folder.display()))?;
            }
        }
        Ok(())
    }

    /// Marks the server as one that somebody wants to keep running; [`Cluster::stop`] unmarks it.
    ///
    /// # Errors
    /// If the mark cannot be written.
    pub fn keep(&self) -> Result<()> {
        fs::write(self.kept(), "").context("marking the server as kept")
    }

    /// Whether somebody wants the server to keep running after a build. One that a killed run left
    /// behind is not kept: the next build stops it.
    pub fn is_kept(&self) -> bool {
        self.kept().exists()
    }

    fn kept(&self) -> PathBuf {
        self.home.join("keep")
    }

    /// Stops the server, if it runs.
    ///
    /// # Errors
    /// If it does not stop within a minute.
    pub fn stop(&self) -> Result<()> {
        fs::remove_file(self.kept()).ok();
        if self.status()? != Status::Running {
            return Ok(());
        }
        let mut stop = self.command("pg_ctl");
        run(stop
            .args(["stop", "-m", "fast", "-w", "-t", "60", "-s", "-D"])
            .arg(self.data()))
        .context("stopping PostgreSQL")
    }

    fn data(&self) -> PathBuf {
        self.home.join("data")
    }

    /// `initdb` writes into a folder that is renamed when complete, so a killed run leaves none
    /// that looks usable.
    fn init(&self) -> Result<()> {
        let fresh = self.home.join("data.new");
        for leftover in [&fresh, &self.data()] {
            if leftover.exists() {
                fs::remove_dir_all(leftover)?;
            }
        }
        let mut init = self.command("initdb");
        init.args([
            "-A",
            "trust",
            "--no-sync",
            "--locale=C.UTF-8",
            "-E",
            "UTF8",
            "-D",
        ])
        .arg(&fresh);
        run(&mut init).context("creating a PostgreSQL cluster")?;
        fs::rename(&fresh, self.data()).context("putting the new cluster in place")
    }

    fn command(&self, program: &str) -> Command {
        let mut command = Command::new(self.bin.join(program));
        command.current_dir("/");
        if Uid::effective().is_root() {
            command
                .uid(self.owner.uid.as_raw())
                .gid(self.owner.gid.as_raw());
        }
        command
    }
}

/// Whether a process runs PostgreSQL, or the number is nobody's: then the server itself sees that.
fn is_postgres(process: u32) -> bool {
    let folder = Path::new("/proc").join(process.to_string());
    match fs::read(folder.join("cmdline")) {
        Ok(line) => String::from_utf8_lossy(&line).contains("postgres"),
        Err(_) => true,
    }
}

/// Who runs the server: ourselves, unless we are root.
fn owner() -> Result<User> {
    let uid = Uid::effective();
    let user = if uid.is_root() {
        ["postgres", "nobody"]
            .iter()
            .find_map(|name| User::from_name(name).ok().flatten())
    } else {
        User::from_uid(uid)?
    };
    match user {
        Some(user) => Ok(user),
        None => bail!("no user account to run PostgreSQL as: create one named postgres"),
    }
}

fn run(command: &mut Command) -> Result<()> {
    let output = command
        .output()
        .with_context(|| format!("running {command:?}"))?;
    if !output.status.success() {
        bail!("{}", String::from_utf8_lossy(&output.stderr).trim());
    }
    Ok(())
}
