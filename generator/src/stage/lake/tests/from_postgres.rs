//! The way from a PostgreSQL server of our own into the lake.

use crate::output::MemoryOutput;
use crate::postgres::copy_out::copy_out;
use crate::postgres::testing::Server;
use crate::progress::Progress;
use crate::stage::lake::{fixture, run};

#[test]
fn the_lake_of_a_server_equals_that_of_the_same_rows() {
    let server = Server::start();
    let mut client = server.client_for_records();
    client.batch_execute(fixture::RECORDS).unwrap();

    let mut output = MemoryOutput::default();
    let scratch = tempfile::tempdir().unwrap();
    let (folder, quiet) = (&scratch.path().join("lake"), Progress { quiet: true });
    run(&mut client, &[], folder, &mut output, quiet).unwrap();
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
