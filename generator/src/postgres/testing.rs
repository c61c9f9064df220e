//! Servers for tests.

use std::path::PathBuf;

use dataset::schema;
use postgres::Client;
use tempfile::TempDir;

use super::{Cluster, connect};

/// A server for one test; stopped and removed at its end.
pub(crate) struct Server {
    cluster: Cluster,
    _work: TempDir,
}

impl Server {
    /// A running server without schema.
    pub(crate) fn start() -> Self {
        let work = tempfile::tempdir().unwrap();
        let cluster = Cluster::of(work.path(), None).unwrap();
        cluster.start().unwrap();
        Self {
            cluster,
            _work: work,
        }
    }

    /// The cluster it runs for.
    pub(crate) fn cluster(&self) -> &Cluster {
        &self.cluster
    }

    /// Connection string of a superuser.
    pub(crate) fn url(&self) -> String {
        self.cluster.url()
    }

    /// A connection to the migrated database.
    pub(crate) fn client(&self) -> Client {
        connect(&self.url()).unwrap()
    }

    /// A connection to the migrated database that takes rows as they are: `source_file` has a
    /// default, keys of parents need not exist, and schema `ntsb` is searched first.
    pub(crate) fn client_for_records(&self) -> Client {
        let mut client = self.client();
        client
            .batch_execute("SET search_path = ntsb, public; SET session_replication_role = replica")
            .unwrap();
        for table in schema::tables() {
            client
                .batch_execute(&format!(
                    "ALTER TABLE {} ALTER source_file SET DEFAULT 'avall.mdb'",
                    table.sql_name()
                ))
                .unwrap();
        }
        client
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.cluster.stop().ok();
        std::fs::remove_dir_all(self.cluster.home()).ok();
        let url = self.cluster.url();
        let sockets = url
            .split(' ')
            .find_map(|part| part.strip_prefix("host="))
            .map(PathBuf::from);
        if let Some(sockets) = sockets {
            std::fs::remove_dir_all(sockets).ok();
        }
    }
}
