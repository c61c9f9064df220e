use std::collections::BTreeSet;

use dataset::codes;

use super::rows;
use crate::postgres::testing::Server;

const RECORDS: &str = "
INSERT INTO ct_seqevt (code, meaning) VALUES
    (24566, 'VFR FLIGHT INTO IMC'), (3129, 'INITIATED'), (3001, ''), (4000, 'PILOT IN COMMAND'),
    (17000, 'FLUID');

-- Two findings of 1994: a cause with modifier and person, and one with codes nobody lists.
INSERT INTO seq_of_events (
    ev_id, aircraft_key, occurrence_no, seq_event_no, group_code,
    subj_code, cause_factor, modifier_code, person_code
) VALUES
    ('1994', 1, 1, 2, 1, 17000, NULL, 3001, NULL),
    ('1994', 1, 1, 1, 2, 24566, 'C', 3129, 4000),
    ('1994', 1, 2, 1, 4, 99999, 'f', 3129, NULL);

INSERT INTO findings (
    ev_id, aircraft_key, finding_no, finding_code, finding_description, category_no,
    cause_factor, cm_inpc
) VALUES
    ('2010', 1, 1, '0206304044', 'Personnel issues - Pilot - C', '02', 'C', NULL),
    ('2010', 1, 2, '303401086', 'Environmental issues - Wind', NULL, NULL, NULL),
    ('2012', 1, 1, '0106204120', 'Aircraft - Landing flare - F', '01', NULL, NULL),
    ('2022', 1, 1, '0500000000', 'Not determined', '05', NULL, NULL),
    ('2023', 1, 1, '0400000000', 'Organizational issues', '04', NULL, 'TRUE'),
    ('2023', 1, 2, NULL, NULL, NULL, 'C', 'F');

INSERT INTO occurrences (
    ev_id, aircraft_key, occurrence_no, occurrence_code, phase_of_flight, altitude
) VALUES
    ('1994', 1, 1, 240, 542, 0), ('1994', 1, 2, 250, 553, 1200), ('1994', 1, 3, 777, 999, NULL),
    ('2010', 1, 1, 200, 571, NULL);

INSERT INTO events_sequence (
    ev_id, aircraft_key, occurrence_no, occurrence_code, phase_no, eventsoe_no, defining_ev
) VALUES
    ('2010', 1, 1, '350342', '350', '342', false),
    ('2010', 1, 2, '500240', '500', '240', true),
    ('2022', 1, 1, '90096', NULL, NULL, NULL),
    ('2022', 1, 2, 'x', 'x', '999', NULL);
";

#[test]
fn causes_and_occurrences_span_both_code_lists() {
    let server = Server::start();
    let mut client = server.client_for_records();
    client.batch_execute(RECORDS).unwrap();

    assert_eq!(
        rows(
            &mut client,
            "SELECT ev_id, ordinal, category, label, in_probable_cause, code, source_system
             FROM causes ORDER BY ev_id, aircraft_key, ordinal"
        ),
        [
            "1994|1|Personnel issues|VFR FLIGHT INTO IMC - INITIATED - PILOT IN COMMAND|true\
             |24566|seq_of_events",
            "1994|2|Aircraft|FLUID|false|17000|seq_of_events",
            "1994|3|Organizational issues|99999 - INITIATED|true|99999|seq_of_events",
            "2010|1|Personnel issues|Personnel issues - Pilot|true|0206304044|findings",
            "2010|2|Environmental issues|Environmental issues - Wind|false|303401086|findings",
            "2012|1|Aircraft|Aircraft - Landing flare|true|0106204120|findings",
            "2022|1|Not determined|Not determined|∅|0500000000|findings",
            "2023|1|Organizational issues|Organizational issues|true|0400000000|findings",
            "2023|2|∅|∅|false|∅|findings",
        ]
    );

    assert_eq!(
        rows(
            &mut client,
            "SELECT ev_id, ordinal, phase, label, cictt_code, defining, altitude, source_system
             FROM occurrence_chain ORDER BY ev_id, aircraft_key, source_system, ordinal"
        ),
        [
            "1994|1|Maneuvering|In flight encounter with weather|∅|true|∅|occurrences",
            "1994|2|Descent|Loss of control - in flight|LOC-I|false|1200|occurrences",
            "1994|3|Unknown|777|∅|false|∅|occurrences",
            "2010|1|Takeoff|Loss of engine power (partial)|SCF-PP|false|∅|events_sequence",
            "2010|2|Approach|Loss of control in flight|LOC-I|true|∅|events_sequence",
            "2010|1|Landing|Hard landing|ARC|false|∅|occurrences",
            "2022|1|Unknown|Nose over/nose down|ARC|true|∅|events_sequence",
            "2022|2|Unknown|999|∅|false|∅|events_sequence",
        ]
    );
}

#[test]
fn reference_tables_hold_what_the_code_lists_hold() {
    let server = Server::start();
    let mut client = server.client_for_records();
    let or_null = |text: &str| (if text.is_empty() { "∅" } else { text }).to_owned();

    let mut held = |table: &str| -> BTreeSet<String> {
        let rows = rows(&mut client, &format!("TABLE {table}"));
        let count = rows.len();
        let set: BTreeSet<_> = rows.into_iter().collect();
        assert_eq!(set.len(), count, "{table} has no row twice");
        set
    };

    let phases = codes::phase_groups().map(|row| row.join("|")).collect();
    assert_eq!(held("phase_group"), phases);
    let categories = codes::cause_categories().map(|row| row.join("|")).collect();
    assert_eq!(held("cause_category"), categories);

    let modern = codes::cictt().map(|[code, label, group, description]| {
        let group = [or_null(group), or_null(description)].join("|");
        format!("modern|{code}|{label}|{group}")
    });
    let older = codes::older_occurrences().map(|[code, label, event]| {
        let [_, _, group, description] = codes::cictt()
            .find(|[number, ..]| *number == event)
            .unwrap_or_default();
        let group = [or_null(group), or_null(description)].join("|");
        format!("older|{code}|{label}|{group}")
    });
    assert_eq!(held("occurrence_code"), modern.chain(older).collect());
}
