use postgres::Client;

use super::super::statistics;
use super::rows;
use crate::postgres::testing::Server;

/// A midair of two Cessnas of one type with three deaths and one on the ground, and a landing
/// without casualties in the same state and year; an incident abroad.
const RECORDS: &str = "
INSERT INTO events (
    ev_id, ev_type, ev_date, ev_state, ev_country, ev_highest_injury,
    inj_tot_f, inj_f_grnd, inj_tot_s
) VALUES
    ('A', 'ACC', '2008-01-10', 'CA', 'USA', 'FATL', 3, 1, 2),
    ('B', 'ACC', '2008-02-20', 'CA', 'USA', 'NONE', NULL, NULL, NULL),
    ('C', 'INC', '2010-03-01', NULL, 'FR', NULL, NULL, NULL, NULL);
INSERT INTO aircraft (ev_id, aircraft_key, acft_make, acft_model, damage) VALUES
    ('A', 1, 'CESSNA', '172  n', 'DEST'), ('A', 2, 'Cessna', '172 N', 'SUBS'),
    ('B', 1, 'PIPER', 'PA-28', 'SUBS');
INSERT INTO events_sequence (
    ev_id, aircraft_key, occurrence_no, phase_no, eventsoe_no, defining_ev
) VALUES
    ('A', 1, 1, '402', '250', true), ('A', 1, 2, '550', '000', false),
    ('A', 2, 1, '403', '250', true), ('B', 1, 1, '551', '092', true);
INSERT INTO findings (
    ev_id, aircraft_key, finding_no, finding_code, finding_description, cause_factor
) VALUES
    ('A', 1, 1, '0206304044', 'Pilot', 'C'), ('A', 2, 1, '0206304044', 'Pilot', NULL),
    ('B', 1, 1, '0206304044', 'Pilot', NULL);
";

const COUNTS: &str = "events, fatal_events, fatalities, serious_injuries";

#[test]
fn an_event_with_two_aircraft_counts_its_dead_once() {
    let server = Server::start();
    let mut client = server.client_for_records();
    client.batch_execute(RECORDS).unwrap();
    refresh(&mut client);

    let mut table = |columns: &str, view: &str| {
        let sql = format!("SELECT {columns} FROM {view} ORDER BY in_usa, {columns}");
        rows(&mut client, &sql)
    };
    assert_eq!(
        table(
            &format!("ev_year, in_usa, ev_type, {COUNTS}, aircraft, aircraft_destroyed"),
            "yearly_statistics"
        ),
        ["2010|false|INC|1|0|∅|∅|0|0", "2008|true|ACC|2|1|4|2|3|1"]
    );
    assert_eq!(
        table(&format!("decade, {COUNTS}, aircraft"), "decade_statistics"),
        ["2010|1|0|∅|∅|0", "2000|2|1|4|2|3"]
    );
    assert_eq!(
        table(&format!("ev_state, {COUNTS}, aircraft"), "state_statistics"),
        ["∅|1|0|∅|∅|0", "CA|2|1|4|2|3"]
    );
    assert_eq!(
        table(
            &format!("acft_make, acft_model, {COUNTS}, aircraft"),
            "make_model_statistics"
        ),
        ["CESSNA|172 N|1|1|4|2|2", "PIPER|PA-28|1|0|∅|∅|1"]
    );
    assert_eq!(
        table(&format!("phase, {COUNTS}"), "phase_statistics"),
        ["Cruise|1|1|4|2", "Landing|1|0|∅|∅"]
    );
    assert_eq!(
        table(
            "category, label, events, fatal_events, events_in_probable_cause,
             events_with_known_role, findings",
            "finding_statistics"
        ),
        ["Personnel issues|Pilot|2|1|1|1|3"]
    );
}

#[test]
fn statistics_follow_the_rows() {
    let server = Server::start();
    let mut client = server.client_for_records();
    refresh(&mut client);
    let events = "SELECT coalesce(sum(events), 0) FROM yearly_statistics";
    assert_eq!(rows(&mut client, events), ["0"]);

    // A concurrent refresh must see rows of its own transaction, also those whose key is NULL,
    // and leave nothing behind if it is undone.
    let mut transaction = client.transaction().unwrap();
    transaction.batch_execute(RECORDS).unwrap();
    statistics::refresh(&mut transaction).unwrap();
    transaction.rollback().unwrap();
    assert_eq!(rows(&mut client, events), ["0"]);

    // A restored dump may come without the figures.
    client
        .batch_execute("REFRESH MATERIALIZED VIEW yearly_statistics WITH NO DATA")
        .unwrap();
    client.batch_execute(RECORDS).unwrap();
    refresh(&mut client);
    refresh(&mut client);
    assert_eq!(rows(&mut client, events), ["3"]);
    assert_eq!(
        rows(
            &mut client,
            "SELECT ev_state, events FROM state_statistics ORDER BY 1"
        ),
        ["CA|2", "∅|1"]
    );
}

fn refresh(client: &mut Client) {
    let mut transaction = client.transaction().unwrap();
    statistics::refresh(&mut transaction).unwrap();
    transaction.commit().unwrap();
}
