use postgres::Client;

use super::super::{Existing, run};
use super::rows;
use crate::postgres::testing::Server;
use crate::progress::Progress;
use crate::sample::{SampleOptions, write_sample};

/// Every constraint and index of the schema as it is defined and described.
fn definitions(client: &mut Client) -> Vec<String> {
    let mut all = rows(
        client,
        "SELECT conrelid::regclass, conname, pg_get_constraintdef(oid) FROM pg_constraint
         WHERE connamespace = 'ntsb'::regnamespace ORDER BY 1, 2",
    );
    all.extend(rows(
        client,
        "SELECT pg_get_indexdef(indexrelid), indisvalid, obj_description(indexrelid, 'pg_class')
         FROM pg_index JOIN pg_class ON pg_class.oid = indexrelid
         WHERE relnamespace = 'ntsb'::regnamespace ORDER BY 1",
    ));
    all
}

#[test]
fn keys_and_indexes_are_the_same_after_a_load_without_them() {
    let folder = tempfile::tempdir().unwrap();
    let options = SampleOptions {
        events: 1_300,
        seed: 8,
    };
    let sample = write_sample(folder.path(), &options, &mut |_| {}).unwrap();
    let server = Server::start();
    let mut client = server.client();
    let before = definitions(&mut client);
    assert!(before.len() > 80, "{} definitions", before.len());

    // The first into empty tables, with two rows that have no parent; the second beside its rows.
    for file in &sample.files[..2] {
        assert!(file.bytes > super::super::bulk::SMALLEST);
        let path = file.path.clone();
        let report = run(
            &mut client,
            &[path],
            Existing::Keep,
            Progress { quiet: true },
        )
        .unwrap();
        let name = file.path.file_name().unwrap().to_str().unwrap();
        let tables = report.tables.iter().filter(|table| table.source == name);
        let rejected: u64 = tables.map(|table| table.rejected).sum();
        assert_eq!(rejected, file.orphans, "{name}");
        assert_eq!(definitions(&mut client), before, "{name}");
    }
}
