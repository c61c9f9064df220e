//! The way from a PostgreSQL server of our own into the lake.

use std::path::PathBuf;

use dataset::schema;
use tempfile::TempDir;

use super::{fixture, run};
use crate::output::MemoryOutput;
use crate::postgres::copy_out::copy_out;
use crate::postgres::{Cluster, connect};
use crate::progress::Progress;

/// A server for one test; stopped and removed at its end.
struct Server {
    cluster: Cluster,
    _work: TempDir,
}

impl Server {
    fn start() -> Self {
        let work = tempfile::tempdir().unwrap();
        let cluster = Cluster::of(work.path(), None).unwrap();
        cluster.start().unwrap();
        Self {
            cluster,
            _work: work,
        }
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

#[test]
fn the_lake_of_a_server_equals_that_of_the_same_rows() {
    let server = Server::start();
    let mut client = connect(&server.cluster.url()).unwrap();
    // The records name neither their source nor, in one case, an event that exists.
    client
        .batch_execute("SET search_path = ntsb; SET session_replication_role = replica")
        .unwrap();
    for table in schema::tables() {
        client
            .batch_execute(&format!(
                "ALTER TABLE {} ALTER source_file SET DEFAULT 'avall.mdb'",
                table.sql_name()
            ))
            .unwrap();
    }
    client.batch_execute(fixture::RECORDS).unwrap();

    let mut output = MemoryOutput::default();
    run(&mut client, &[], &mut output, Progress { quiet: true }).unwrap();
    let (expected, _) = fixture::lake();
    for (path, bytes) in &expected.files {
        assert!(output.files.get(path) == Some(bytes), "{path} differs");
    }
    assert_eq!(output.files.len(), expected.files.len());

    let error = copy_out(&mut client, "SELECT now() AS at").unwrap_err();
    assert!(
        format!("{error:#}").contains("column at is a timestamptz"),
        "{error:#}"
    );
    let names: Vec<String> = copy_out(&mut client, "SELECT ev_id FROM events WHERE false")
        .unwrap()
        .schema()
        .fields()
        .iter()
        .map(|field| field.name().clone())
        .collect();
    assert_eq!(names, ["ev_id"]);
}
