use dataset::{privacy, schema};
use postgres::{Client, NoTls};

use super::rows;
use crate::postgres::connect;
use crate::postgres::testing::Server;

#[test]
fn narratives_tail_numbers_and_codes_are_found() {
    let server = Server::start();
    let mut client = server.client_for_records();
    client
        .batch_execute(
            "INSERT INTO narratives (ev_id, aircraft_key, narr_accp, narr_accf, narr_cause) VALUES
                 ('A', 1, 'The engines were running rough.', NULL, 'Carburetor icing.'),
                 ('B', 1, NULL, 'Ice on the runway; the engine was undamaged.', NULL),
                 ('C', 1, NULL, NULL, NULL);
             -- Two hundred thousand words are no reason to refuse a row.
             INSERT INTO narratives (ev_id, aircraft_key, narr_accp)
             SELECT 'D', 1, string_agg('word' || n, ' ') FROM generate_series(1, 200000) AS n;
             INSERT INTO aircraft (ev_id, aircraft_key, regis_no) VALUES
                 ('A', 1, 'N12345'), ('B', 1, 'C-GABC');
             INSERT INTO eadmspub_datadictionary (
                 table_name, column_name, ct_name, code_iaids, meaning, row_digest
             ) VALUES
                 ('Aircraft', 'Damage', 'ct_damage', 'DEST', 'Destroyed', '1'),
                 ('Findings', 'findings_code', NULL, '02063040XX', 'Aircraft control', '2'),
                 ('events', 'ev_city', NULL, NULL, NULL, '3');
             INSERT INTO ct_iaids (ct_name, code_iaids, meaning, row_digest) VALUES
                 ('ct_damage', 'DEST', 'Destroyed aircraft', '1'),
                 ('ct_damage', 'SUBS', 'Substantial', '2'),
                 ('ct_other', 'SUBS', 'Of another list', '3');
             INSERT INTO ct_seqevt (code, meaning) VALUES (200, 'HARD LANDING'), (3001, NULL);",
        )
        .unwrap();

    let mut found = |words: &str| {
        let query = format!("websearch_to_tsquery('english', '{words}')");
        let sql = format!(
            "SELECT ev_id FROM narratives WHERE search @@ {query}
             ORDER BY ts_rank(search, {query}) DESC"
        );
        rows(&mut client, &sql)
    };
    assert_eq!(found("ice"), ["A", "B"], "probable causes come first");
    assert_eq!(found("engine -runway"), ["A"]);
    assert_eq!(found("\"running rough\""), ["A"]);
    assert_eq!(found("word2"), ["D"]);

    assert_eq!(
        rows(
            &mut client,
            "SELECT ev_id FROM aircraft WHERE regis_no ILIKE '%234%'"
        ),
        ["A"]
    );
    assert_eq!(
        rows(
            &mut client,
            "SELECT * FROM code_labels ORDER BY table_name, column_name, code"
        ),
        [
            "aircraft|damage|DEST|Destroyed|eadmspub_datadictionary",
            "aircraft|damage|SUBS|Substantial|ct_iaids",
            "findings|finding_code|02063040XX|Aircraft control|eadmspub_datadictionary",
            "occurrences|occurrence_code|200|HARD LANDING|ct_seqevt",
        ]
    );
}

#[test]
fn the_reader_sees_everything_but_what_is_personal() {
    let server = Server::start();
    let mut client = server.client_for_records();
    for table in schema::tables() {
        for column in &table.columns {
            let (table, name) = (table.sql_name(), column.sql_name());
            let readable: bool = client
                .query_one(
                    "SELECT has_column_privilege('windsock_reader', $1::text::regclass, $2, 'SELECT')",
                    &[&format!("ntsb.{table}"), &name],
                )
                .unwrap()
                .get(0);
            assert_eq!(
                readable,
                !privacy::is_personal(&table, &name),
                "{table}.{name}"
            );
        }
    }
    assert_eq!(
        rows(
            &mut client,
            "SELECT relname FROM pg_class
             WHERE relnamespace = 'ntsb'::regnamespace AND relkind IN ('r', 'v', 'm')
               AND NOT has_any_column_privilege('windsock_reader', oid, 'SELECT')
             ORDER BY relname"
        ),
        ["pre1982_raw", "reject", "tombstone"],
        "a new table or view must be granted by its migration"
    );

    client.batch_execute("SET ROLE windsock_reader").unwrap();
    let mut refused = |sql: &str| refusal(&mut client, sql);
    assert!(refused("SELECT acft_make, regis_no FROM aircraft").is_none());
    assert!(refused("SELECT ev_id, geom, coordinate_source FROM events").is_none());
    assert!(refused("SELECT * FROM causes").is_none());
    assert!(refused("SELECT * FROM code_labels").is_none());
    for sql in [
        "SELECT owner_acft FROM aircraft",
        "SELECT extra FROM events",
        "SELECT * FROM reject",
        "SELECT first_half FROM pre1982_raw",
        "DELETE FROM findings",
        "CREATE TABLE ntsb.mine (x int)",
    ] {
        assert_eq!(refused(sql).as_deref(), Some("42501"), "{sql}");
    }
}

#[test]
fn a_user_who_may_create_no_role_leaves_the_reader_to_one_who_may() {
    let server = Server::start();
    let mut admin = Client::connect(&server.url(), NoTls).unwrap();
    admin
        .batch_execute(
            "CREATE EXTENSION postgis;
             CREATE ROLE plain LOGIN;
             GRANT CREATE ON DATABASE postgres TO plain;
             GRANT CREATE ON SCHEMA public TO plain",
        )
        .unwrap();
    let mut plain = connect(&format!("{} user=plain", server.url())).unwrap();
    let readers = "SELECT rolname FROM pg_roles WHERE rolname = 'windsock_reader'";
    assert!(rows(&mut plain, readers).is_empty());

    admin.batch_execute("CREATE ROLE windsock_reader").unwrap();
    plain
        .batch_execute("CALL ntsb.grant_reads('windsock_reader')")
        .unwrap();
    admin.batch_execute("SET ROLE windsock_reader").unwrap();
    assert!(refusal(&mut admin, "SELECT ev_id FROM ntsb.events").is_none());
    assert!(refusal(&mut admin, "SELECT owner_acft FROM ntsb.aircraft").is_some());
}

/// The SQLSTATE with which a statement is refused; 42501 is a lack of privilege.
fn refusal(client: &mut Client, sql: &str) -> Option<String> {
    let error = client.batch_execute(sql).err()?;
    Some(error.code().unwrap().code().to_owned())
}
