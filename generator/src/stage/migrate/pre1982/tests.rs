use std::path::{Path, PathBuf};

use postgres::Client;

use super::super::tests::rows;
use super::super::{Existing, LoadReport, run};
use super::stage::Part;
use super::transform::{self, FUNCTIONS};
use crate::postgres::testing::Server;
use crate::progress::Progress;
use crate::sample::{SampleOptions, write_sample};

fn load(client: &mut Client, file: &Path, existing: Existing) -> LoadReport {
    run(
        client,
        &[file.to_owned()],
        existing,
        Progress { quiet: true },
    )
    .unwrap()
}

/// The name is another one: files are told by their tables.
fn sample(folder: &Path) -> PathBuf {
    let options = SampleOptions {
        events: 400,
        seed: 7,
    };
    write_sample(folder, &options, &mut |_| {}).unwrap();
    let file = folder.join("early.mdb");
    std::fs::rename(folder.join("PRE1982.MDB"), &file).unwrap();
    file
}

fn one(client: &mut Client, query: &str) -> String {
    rows(client, query).remove(0)
}

#[test]
fn fields_are_read_by_their_rules() {
    let server = Server::start();
    let mut client = server.client();
    client.batch_execute(FUNCTIONS).unwrap();
    for (rule, expected) in [
        // The last character of a pilot's field is none of its value.
        ("hours('11508A')", "11508"),
        ("hours('080000')", "8000"),
        ("hours('ZA')", "∅"),
        ("hours('9999999')", "∅"),
        ("hours('400011')", "∅"),
        ("age('46A')", "46"),
        ("age('399')", "39"),
        ("age('ZA')", "∅"),
        ("age('A')", "∅"),
        ("pilot('PA')", "P"),
        ("pilot('C3')", "C"),
        ("whole('00300', 0, 99999)", "300"),
        ("whole('3.0', 0, 8)", "3"),
        ("whole('-12', -99, 150)", "-12"),
        ("whole('Z', 0, 9)", "∅"),
        ("whole('99999999999', 0, 9)", "∅"),
        ("clock('0825')", "825"),
        ("clock('0875')", "∅"),
        ("registration('n-6326c ')", "6326C"),
        ("registration('NC94253')", "NC94253"),
        ("city('CHICAGO,ILL')", "CHICAGO"),
        ("city('OAKLAND CALIF')", "OAKLAND CALIF"),
        ("day('1962-01-20T00:00:00')::date", "1962-01-20"),
        ("day('620120')", "∅"),
    ] {
        let (function, argument) = rule.split_once('(').unwrap();
        let query = format!("SELECT pg_temp.{function}({argument}");
        assert_eq!(one(&mut client, &query), expected, "{rule}");
    }
}

#[test]
fn records_become_events_and_none_is_lost() {
    let server = Server::start();
    let mut client = server.client();
    let folder = tempfile::tempdir().unwrap();
    let file = sample(folder.path());
    let report = load(&mut client, &file, Existing::Replace);

    let names: Vec<&str> = report.tables.iter().map(|t| t.table.as_str()).collect();
    assert_eq!(
        names,
        [
            "tblFirstHalf",
            "tblSecondHalf",
            "tblOccurrences",
            "tblSeqOfEvents",
            "ct_Pre1982"
        ]
    );
    for table in &report.tables {
        assert!(table.adds_up() && table.read > 0, "{table:?}");
        assert_eq!(table.inserted, table.read, "{table:?}");
    }
    let read = |table: usize| report.tables[table].read.to_string();
    let mut count = |query: &str| one(&mut client, &format!("SELECT count(*) FROM {query}"));
    assert_eq!(count("ntsb.aircraft"), read(0));
    assert_eq!(count("ntsb.pre1982_raw"), read(0));
    assert_eq!(
        count("ntsb.pre1982_raw, jsonb_array_elements(occurrences)"),
        read(2)
    );
    assert_eq!(
        count("ntsb.pre1982_raw, jsonb_array_elements(seq_of_events)"),
        read(3)
    );
    assert_eq!(count("ntsb.ct_pre1982"), read(4));

    // A collision is one event, and its people and the ground's are counted once.
    assert_ne!(count("ntsb.aircraft WHERE aircraft_key = 2"), "0");
    assert_eq!(
        count(
            "ntsb.pre1982_raw a JOIN ntsb.pre1982_raw b
             ON a.first_half ->> 'SECOND_ACFT_REGNO' = b.first_half ->> 'REGIST_NO'
               AND a.first_half ->> 'DATE_OCCURRENCE' = b.first_half ->> 'DATE_OCCURRENCE'
             WHERE a.ev_id <> b.ev_id OR a.aircraft_key = b.aircraft_key"
        ),
        "0"
    );
    assert_eq!(
        count(
            "(SELECT sum(inj_tot_f + inj_tot_s + inj_tot_m + inj_tot_n) AS events FROM ntsb.events) e,
             (SELECT sum(inj_person_count) AS aboard FROM ntsb.injury) i,
             (SELECT sum((first_half ->> 'TOTAL_ABRD_TOTALS')::integer) AS total
              FROM ntsb.pre1982_raw) r
             WHERE events = total AND aboard = total AND total > 0"
        ),
        "1"
    );

    assert_eq!(count("ntsb.flight_time WHERE flight_hours > 40000"), "0");
    assert_ne!(count("ntsb.flight_time WHERE flight_hours > 0"), "0");
    assert_eq!(
        count("ntsb.flight_crew WHERE crew_age NOT BETWEEN 10 AND 99"),
        "0"
    );
    assert_eq!(
        count("ntsb.events WHERE ev_id !~ '^19[678][0-9]{5}P[0-9]{5}$'"),
        "0"
    );
    assert_eq!(
        count("ntsb.events WHERE ev_year NOT BETWEEN 1962 AND 1981"),
        "0"
    );
    assert_eq!(count("ntsb.events WHERE ev_highest_injury IS NULL"), "0");
}

#[test]
fn codes_are_explained_by_the_list_of_the_file() {
    let server = Server::start();
    let mut client = server.client();
    let folder = tempfile::tempdir().unwrap();
    let file = sample(folder.path());
    let report = load(&mut client, &file, Existing::Replace);
    let read = |table: usize| report.tables[table].read.to_string();
    let mut count = |query: &str| one(&mut client, &format!("SELECT count(*) FROM {query}"));
    // The sample's kinds of accident and causes have codes that only the file's list explains.
    assert_eq!(count("ntsb.occurrences"), "0");
    assert_eq!(count("ntsb.seq_of_events"), "0");
    assert_eq!(count("ntsb.pre1982_occurrences"), read(2));
    assert_eq!(count("ntsb.pre1982_causes"), read(3));
    assert_eq!(
        count("ntsb.occurrence_chain WHERE label = code OR phase = 'Unknown'"),
        "0"
    );
    assert_eq!(count("ntsb.causes WHERE label = code"), "0");
    assert_ne!(
        count("ntsb.causes WHERE category = 'Personnel issues'"),
        "0"
    );
    assert_eq!(
        count("ntsb.causes WHERE in_probable_cause IS NOT TRUE"),
        "0"
    );
    assert_eq!(
        count(
            "ntsb.aircraft a WHERE NOT EXISTS (SELECT FROM ntsb.causes c WHERE c.ev_id = a.ev_id)"
        ),
        "0"
    );
    assert_ne!(
        count("ntsb.pre1982_labels WHERE column_name = 'kind_fly_gena'"),
        "0"
    );
    assert_ne!(count("ntsb.events WHERE light_cond = 'DUSK'"), "0");
    assert_ne!(
        count("ntsb.aircraft WHERE type_fly = 'PERS' AND flt_plan_filed = 'VFR'"),
        "0"
    );
    assert_ne!(count("ntsb.narratives WHERE narr_cause <> ''"), "0");
}

#[test]
fn loading_again_changes_nothing() {
    const TABLES: [&str; 5] = ["events", "aircraft", "injury", "flight_time", "pre1982_raw"];
    let server = Server::start();
    let mut client = server.client();
    let folder = tempfile::tempdir().unwrap();
    let file = sample(folder.path());
    let state = |client: &mut Client| {
        TABLES.map(|table| {
            let rows = "string_agg(t::text, '' ORDER BY t::text)";
            one(client, &format!("SELECT md5({rows}) FROM ntsb.{table} t"))
        })
    };
    load(&mut client, &file, Existing::Keep);
    let before = state(&mut client);
    let report = load(&mut client, &file, Existing::Keep);
    for table in &report.tables {
        assert!(table.adds_up(), "{table:?}");
        assert_eq!(table.unchanged, table.read, "{table:?}");
    }
    assert_eq!(state(&mut client), before);
}

/// Two of a collision, a third aircraft of the same docket that nobody names, and a record with
/// nothing but its number.
const RECORDS: &str = r#"
INSERT INTO stage_tblfirsthalf VALUES
  (1, 51, '{"DATE_OCCURRENCE": "1962-01-20T00:00:00", "DOCKET_NO": "1 0053", "REGIST_NO": "N6326C",
    "SECOND_ACFT_REGNO": "N94253", "LOCAT_STATE_TERR": "13", "LOCATION": "CHICAGO,ILL",
    "INJURY_INDEX": "N", "NO_ENGINES": "4", "TYPE_POWER": "A", "NAME_COMM_CARR": "AB",
    "PILOT_INVOLED1": "A", "HOURS_TOTAL_PILOT1": "11508A", "AGE_PILOT1": "46A",
    "NAVIGTR_NONE": 1, "EXTRA_CREW_NONE": 2, "TOTAL_ABRD_FATAL": 0, "TOTAL_ABRD_SERIOUS": 0,
    "TOTAL_ABRD_MINOR": 0, "TOTAL_ABRD_NONE": 3, "OTHER_GRND_FATAL": 1, "OTHER_AIRC_FATAL": 2}'),
  (2, 52, '{"DATE_OCCURRENCE": "1962-01-20T00:00:00", "DOCKET_NO": "1 0053", "REGIST_NO": "94253",
    "INJURY_INDEX": "C", "ACFT_ADAMG": "?", "OTHER_GRND_FATAL": 1, "ACCIDENT_TYPE1": "K",
    "OPERATION_PHASE1": "D3", "ALT_OF_OCC": "00500", "ACCIDENT_TYPE2": "Q7",
    "CAUSE_FACTOR_1P": "64", "CAUSE_FACTOR_1S": "1", "CAUSE_FACTOR_1M": "A",
    "CAUSE_FACTOR_2P": "70", "CAUSE_FACTOR_2S": "CB", "CAUSE_FACTOR_3P": "99",
    "CAUSE_FACTOR_3S": "2"}'),
  (3, 53, '{"DATE_OCCURRENCE": "1962-01-20T00:00:00", "DOCKET_NO": "1 0053", "REGIST_NO": "N1"}'),
  (4, 99, '{}');
INSERT INTO stage_tblsecondhalf VALUES
  (1, 51, '{"REMARKS": "TOUCHED WHILE TAXIING", "ENGN2_TSO": "00120", "WIND_VELOCITY": "Z"}');
INSERT INTO stage_tbloccurrences VALUES
  (1, 51, '{"OccurrenceNum": 1, "OccurrenceCode": "250", "PhaseOfFlight": "510", "Altitude": "Z"}'),
  (2, 51, '{"OccurrenceNum": 2, "OccurrenceCode": "L2"}');
INSERT INTO stage_tblseqofevents VALUES
  (1, 51, '{"OccurrenceNum": 1, "CFNum": 1, "CFCode": "24566", "CorF": "C"}'),
  (2, 51, '{"OccurrenceNum": 1, "CFNum": 2, "CFCode": "6401", "CorF": "F"}'),
  (3, 51, '{"OccurrenceNum": 2, "CFNum": 1, "CFCode": "24566", "CorF": "C"}');
INSERT INTO stage_ct_pre1982 VALUES
  (1, NULL, '{"Name": "CAUSE_FACTOR_1P", "Code": "64", "Meang": "PILOT IN COMMAND"}'),
  (2, NULL, '{"Name": "CAUSE_FACTOR_1P", "Code": "6401", "Meang": "ATTEMPTED OPERATION"}'),
  (3, NULL, '{"Name": "CAUSE_FACTOR_1P", "Code": "70", "Meang": "AIRFRAME"}'),
  (4, NULL, '{"Name": "ACCIDENT_TYPE1", "Code": "K", "Meang": "ENGINE FAILURE OR MALFUNCTION"}'),
  (5, NULL, '{"Name": "OPERATION_PHASE1", "Code": "D3", "Meang": "IN FLIGHT: NORMAL CRUISE"}');
"#;

#[test]
fn only_what_is_certain_goes_into_the_modern_tables() {
    let server = Server::start();
    let mut client = server.client();
    let mut transaction = client.transaction().unwrap();
    for part in Part::ALL {
        transaction.batch_execute(&part.create()).unwrap();
    }
    transaction.batch_execute(RECORDS).unwrap();
    transform::run(&mut transaction, "PRE1982.MDB").unwrap();
    transaction.commit().unwrap();

    let mut held = |query: &str| rows(&mut client, query);
    assert_eq!(
        held(
            "SELECT ev_id, ev_city, ev_state, ev_dow, ev_highest_injury, inj_f_grnd, inj_tot_n,
               inj_tot_t, wind_vel_kts
             FROM ntsb.events ORDER BY 1"
        ),
        [
            "00000000P00099|∅|∅|∅|∅|∅|∅|∅|∅",
            "19620120P00051|CHICAGO|IL|SA|FATL|1|3|1|∅",
            "19620120P00053|∅|∅|SA|∅|∅|∅|∅|∅",
        ]
    );
    assert_eq!(
        held(
            "SELECT ev_id, aircraft_key, regis_no, far_part, damage FROM ntsb.aircraft ORDER BY 1, 2"
        ),
        [
            "00000000P00099|1|∅|∅|∅",
            "19620120P00051|1|N6326C|121|∅",
            "19620120P00051|2|94253|∅|∅",
            "19620120P00053|1|N1|∅|∅",
        ]
    );
    assert_eq!(
        held("SELECT inj_person_category, injury_level, inj_person_count FROM ntsb.injury"),
        ["OCRW|NONE|3"]
    );
    assert_eq!(
        held("SELECT eng_no, eng_type, eng_time_overhaul FROM ntsb.engines ORDER BY 1"),
        ["1|REC|∅", "2|REC|120", "3|REC|∅", "4|REC|∅"]
    );
    assert_eq!(
        held(
            "SELECT crew_category, crew_age, flight_craft, flight_hours
             FROM ntsb.flight_crew JOIN ntsb.flight_time USING (ev_id, aircraft_key, crew_no)"
        ),
        ["PLT|46|ALL|11508"]
    );
    assert_eq!(
        held(
            "SELECT occurrence_no, occurrence_code, phase_of_flight, altitude FROM ntsb.occurrences"
        ),
        ["1|250|510|∅"]
    );
    assert_eq!(
        held("SELECT occurrence_no, seq_event_no, subj_code, cause_factor FROM ntsb.seq_of_events"),
        ["1|1|24566|C"]
    );
    // What the file's list explains, with or without rows in the tables of sequences; codes that
    // nothing explains stay as they are.
    assert_eq!(
        held(
            "SELECT aircraft_key, ordinal, phase, label, cictt_code, altitude, source_system
             FROM ntsb.occurrence_chain ORDER BY 1, 2"
        ),
        [
            "1|1|Taxi|Loss of control - in flight|LOC-I|∅|occurrences",
            "1|2|Unknown|L2|∅|∅|pre1982_occurrences",
            "2|1|Cruise|ENGINE FAILURE OR MALFUNCTION|SCF-PP|500|pre1982_occurrences",
            "2|2|Unknown|Q7|∅|∅|pre1982_occurrences",
        ]
    );
    assert_eq!(
        held(
            "SELECT aircraft_key, code, category, label, in_probable_cause, source_system
             FROM ntsb.causes WHERE source_system <> 'seq_of_events' ORDER BY 1, ordinal"
        ),
        [
            "1|6401|Personnel issues|PILOT IN COMMAND - ATTEMPTED OPERATION|true|pre1982_causes",
            "1|24566|∅|24566|true|pre1982_causes",
            "2|6401|Personnel issues|PILOT IN COMMAND - ATTEMPTED OPERATION|∅|pre1982_causes",
            "2|70CB|Aircraft|AIRFRAME|∅|pre1982_causes",
            "2|9902|∅|9902|∅|pre1982_causes",
        ]
    );
    assert_eq!(
        held(
            "SELECT rec_num, jsonb_array_length(occurrences), jsonb_array_length(seq_of_events)
             FROM ntsb.pre1982_raw ORDER BY 1"
        ),
        ["51|2|3", "52|∅|∅", "53|∅|∅", "99|∅|∅"]
    );
}
