//! What stands in the `explore` table.

use serde_json::{Value, json};

use crate::duck;
use crate::stage::lake::fixture;

/// One cell of `explore` per aircraft, in table order.
fn column(name: &str) -> Vec<Value> {
    let sql =
        format!("SELECT {name} FROM explore ORDER BY ev_date NULLS LAST, ev_id, aircraft_key");
    let rows = duck::rows(&fixture::database(), &sql).unwrap().rows;
    rows.into_iter().flatten().collect()
}

#[test]
fn a_row_per_aircraft_and_per_event_without() {
    let ids = [
        "20080110X00001",
        "20080110X00001",
        "20080220X00002",
        "20090301X00003",
        "20090401X00004",
        "20080107X00005",
    ];
    assert_eq!(column("ev_id"), ids);
    assert_eq!(json!(column("aircraft_key")), json!([1, 2, 1, null, 1, 1]));
    assert_eq!(
        json!(column("ev_year")),
        json!([2008, 2008, 2008, 2009, 2009, null])
    );
}

#[test]
fn one_crew_member_and_one_engine_stand_for_all() {
    assert_eq!(json!(column("crew_age"))[0], 52);
    assert_eq!(json!(column("crew_age"))[2], json!(null), "0 is no age");
    assert_eq!(json!(column("pilot_hours"))[0], 1234.1);
    assert_eq!(json!(column("eng_type"))[0], "REC");
}

#[test]
fn both_eras_have_the_same_labels() {
    assert_eq!(
        json!(column("phase")),
        json!(["Cruise", "Takeoff", "Landing", null, null, null])
    );
    assert_eq!(
        json!(column("occurrence")),
        json!(["Midair collision", "777", "Hard landing", null, null, null]),
        "the defining event, an unlisted code as it is, the first of the older ones"
    );
}

#[test]
fn missing_weather_and_counts_stay_missing() {
    assert_eq!(
        json!(column("vis_sm")),
        json!([0.1, 0.1, null, null, null, null])
    );
    assert_eq!(
        json!(column("wind_vel_kts")),
        json!([0, 0, null, null, null, null])
    );
    assert_eq!(json!(column("fatalities")), json!([4, 4, null, 0, 200, 1]));
    assert_eq!(json!(column("wx_cond_basic"))[0], "UNK");
    assert_eq!(json!(column("status"))[0], "closed");
    assert_eq!(json!(column("status"))[2], "open", "a blank is no cause");
}

#[test]
fn names_are_normalised() {
    assert_eq!(column("acft_make")[..2], ["CESSNA", "CESSNA"]);
    assert_eq!(column("acft_model")[..2], ["172 N", "172 N"]);
    assert_eq!(json!(column("ev_city"))[0], "Fresno");
    assert_eq!(json!(column("apt_id"))[0], "FAT");
    assert_eq!(json!(column("latitude"))[0], 36.75);
}

#[test]
fn models_go_by_their_commonest_spelling() {
    assert_eq!(
        json!(column("acft_model_raw"))[0],
        "172  n",
        "as it was typed"
    );
    let connection = fixture::database_of(
        "INSERT INTO aircraft (ev_id, aircraft_key, acft_make, acft_model) VALUES
             ('A', 1, 'PIPER', 'PA-28-140'), ('A', 2, 'Piper Aircraft', 'pa 28-140'),
             ('A', 3, 'PIPER', 'PA-28-140'), ('A', 4, 'CESSNA', 'PA28-140'),
             ('A', 5, NULL, 'pa28 140'), ('A', 6, 'PIPER', ' - ')",
    );
    let sql = "SELECT acft_model FROM explore ORDER BY aircraft_key";
    let models: Vec<Value> = duck::rows(&connection, sql)
        .unwrap()
        .rows
        .into_iter()
        .flatten()
        .collect();
    assert_eq!(
        json!(models),
        json!([
            "PA-28-140",
            "PA-28-140",
            "PA-28-140",
            "PA28-140",
            "PA28 140",
            null
        ])
    );
}

#[test]
fn hours_are_local_or_missing() {
    let connection = fixture::database_of(
        "INSERT INTO events (ev_id, ev_date, ev_time, ev_tmzn, dec_latitude, dec_longitude) VALUES
             ('A', '2020-01-01', 130, 'UTC', 40, -105), ('B', '2020-01-01', 130, 'UTC', NULL, NULL),
             ('C', '2000-01-01', 1459, 'EST', NULL, NULL), ('D', '2000-01-01', 1459, NULL, 40, -105),
             ('E', '1970-01-01', 2359, NULL, NULL, NULL), ('F', '2000-01-01', 0, 'EST', NULL, NULL),
             ('G', '2000-01-01', 1275, 'EST', NULL, NULL)",
    );
    let sql = "SELECT ev_hour, ev_dow FROM explore ORDER BY ev_id";
    let found = duck::rows(&connection, sql).unwrap().rows;
    let hours: Vec<&Value> = found.iter().map(|row| &row[0]).collect();
    assert_eq!(json!(hours), json!([18, null, 14, null, 23, null, null]));
    assert_eq!(found[0][1], "WE");
}

#[test]
fn deaths_of_a_collision_are_told_apart_by_aircraft() {
    let connection = fixture::database_of(
        "INSERT INTO events (ev_id, ev_date, inj_tot_f) VALUES
             ('A', '2008-01-01', 3), ('B', '2008-01-01', 2), ('C', '2008-01-01', NULL);
         INSERT INTO aircraft (ev_id, aircraft_key, acft_year) VALUES
             ('A', 1, 1980), ('A', 2, 2009), ('B', 1, 0), ('C', 1, 2012), ('C', 2, NULL);
         INSERT INTO injury VALUES
             ('A', 1, 'PLT ', 'FATL', 1, NULL), ('A', 1, 'PAX', 'FATL', 1, NULL),
             ('A', 1, 'ABRD', 'FATL', 2, NULL), ('A', 1, 'PLT', 'TOTL', 1, NULL),
             ('A', 2, 'ABRD', 'FATL', 1, NULL), ('B', 1, 'Flig', 'FATL', NULL, NULL)",
    );
    let sql = "SELECT acft_fatalities, acft_age FROM explore ORDER BY ev_id, aircraft_key";
    let found = duck::rows(&connection, sql).unwrap().rows;
    assert_eq!(
        json!(found),
        json!([[2, 28], [1, 0], [2, null], [null, null], [null, null]])
    );
}

#[test]
fn the_cause_is_the_first_of_the_probable_cause() {
    assert_eq!(
        json!(column("cause_category")),
        json!([
            "Personnel issues",
            null,
            "Personnel issues",
            null,
            null,
            null
        ])
    );
    assert_eq!(json!(column("cause"))[2], "24539 - 3109");
    assert_eq!(json!(column("cictt_code"))[0], "MAC");
}
