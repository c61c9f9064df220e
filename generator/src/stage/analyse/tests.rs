use std::collections::BTreeSet;
use std::path::Path;

use serde_json::{Value, json};

use super::{Figures, QUERIES, run};
use crate::duck;
use crate::progress::Progress;
use crate::stage::lake::fixture;

fn figures() -> Figures {
    let lake = fixture::lake_folder();
    run(lake.path(), Progress { quiet: true }).unwrap()
}

fn rows(figures: &Figures, name: &str) -> Value {
    json!(figures.figures[name].rows)
}

#[test]
fn every_sql_file_is_a_figure() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/stage/analyse/sql");
    let files: BTreeSet<String> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    let listed = QUERIES.iter().map(|(name, _)| format!("{name}.sql"));
    assert_eq!(files, listed.collect());
}

#[test]
fn an_accident_of_two_aircraft_counts_once() {
    let figures = figures();
    assert_eq!(
        rows(&figures, "summary"),
        json!([[4, 3, 1, 2, 5, 4, 2008, 2009]]),
        "3 accidents, 2 of them fatal, 5 deaths: the midair's once"
    );
    assert_eq!(
        rows(&figures, "yearly"),
        json!([[2008, 2, 1, 4, 0, 1], [2009, 0, 0, 0, 1, 0]])
    );
    assert_eq!(
        rows(&figures, "aircraft_types"),
        json!([
            ["CESSNA", "172 N", 1, 1, 1.0],
            ["PIPER", "PA-28", 1, 0, 0.0]
        ])
    );
    assert_eq!(
        rows(&figures, "states"),
        json!([
            ["CA", "California", 2, 2, 1.0],
            ["NC", "North Carolina", 1, 0, 0.0]
        ])
    );
    assert_eq!(
        rows(&figures, "phases"),
        json!([["Takeoff", 1, 1], ["Cruise", 1, 1], ["Landing", 1, 0]])
    );
    assert_eq!(
        rows(&figures, "occurrences"),
        json!([
            ["777", 1, 1],
            ["Hard landing", 1, 0],
            ["Midair collision", 1, 1]
        ])
    );
}

#[test]
fn yearly_sums_equal_a_count_of_the_source() {
    let direct = duck::rows(
        &fixture::database(),
        "SELECT count(*) FILTER (ev_type = 'ACC'),
                count(*) FILTER (ev_type = 'ACC' AND ev_highest_injury = 'FATL'),
                sum(coalesce(inj_tot_f, 0) + coalesce(inj_f_grnd, 0)) FILTER (ev_type = 'ACC'),
                count(*) FILTER (ev_type = 'INC')
         FROM events WHERE ev_country = 'USA' AND ev_date IS NOT NULL",
    )
    .unwrap();
    let yearly = &figures().figures["yearly"];
    for (i, name) in ["accidents", "fatal_accidents", "fatalities", "incidents"]
        .iter()
        .enumerate()
    {
        let column = yearly.column(name).unwrap();
        let sum: i64 = yearly
            .rows
            .iter()
            .map(|row| row[column].as_i64().unwrap())
            .sum();
        assert_eq!(json!(sum), direct.rows[0][i], "{name}");
    }
}

#[test]
fn the_same_lake_gives_the_same_figures() {
    let [first, second] = [(); 2].map(|()| serde_json::to_vec(&figures()).unwrap());
    assert_eq!(first, second);
}
