use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use parquet::file::reader::{FileReader, SerializedFileReader};
use serde_json::{Value, json};

use super::catalogue::EMBEDDED;
use super::{Figures, Options, compute, run};
use crate::duck;
use crate::output::{MemoryOutput, sha256_hex};
use crate::progress::Progress;
use crate::stage::lake::fixture;

const QUIET: Progress = Progress { quiet: true };

fn figures() -> Figures {
    figures_with(&Options::default()).unwrap()
}

fn figures_with(options: &Options) -> anyhow::Result<Figures> {
    compute(fixture::lake_folder().path(), options, QUIET)
}

fn rows(figures: &Figures, name: &str) -> Value {
    json!(figures.figures[name].rows)
}

#[test]
fn every_sql_file_is_a_figure() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/stage/analyse/sql");
    let files: BTreeSet<String> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    let listed = EMBEDDED.iter().map(|(name, _)| format!("{name}.sql"));
    assert_eq!(files, listed.collect());
}

#[test]
fn every_figure_says_which_events_it_counts() {
    for (name, text) in EMBEDDED {
        assert!(
            text.contains("ev_country = 'USA'"),
            "{name} has no US filter"
        );
        assert!(
            text.contains("ev_type = 'ACC'") || text.contains("ev_type,"),
            "{name} mixes accidents and incidents"
        );
    }
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
        rows(&figures, "occurrences"),
        json!([
            ["777", 1, 1],
            ["Hard landing", 1, 0],
            ["Midair collision", 1, 1]
        ])
    );
    for name in [
        "decades",
        "far_parts",
        "homebuilt",
        "categories",
        "purposes",
        "weather_light",
    ] {
        let figure = &figures.figures[name];
        let at = figure.column("fatalities").unwrap();
        let deaths: i64 = figure
            .rows
            .iter()
            .map(|row| row[at].as_i64().unwrap())
            .sum();
        assert_eq!(deaths, 5, "{name}: {:?}", figure.rows);
    }
}

#[test]
fn missing_values_have_rows_of_their_own() {
    let figures = figures();
    assert_eq!(
        rows(&figures, "decades"),
        json!([[2000, 2, 1, 4, 0.5], [null, 1, 1, 1, 1.0]])
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
        json!([
            ["Takeoff", 1, 1],
            ["Cruise", 1, 1],
            ["Landing", 1, 0],
            [null, 1, 1]
        ])
    );
    assert_eq!(
        rows(&figures, "severity"),
        json!([
            ["ACC", "FATL", 2, 5, 0, 0, 0],
            ["ACC", "NONE", 1, 0, 0, 0, 0],
            ["INC", null, 1, 0, 0, 0, 0]
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
fn published_files_hold_the_figures_and_their_names_the_hash() {
    let lake = fixture::lake_folder();
    let mut output = MemoryOutput::default();
    let figures = run(lake.path(), &Options::default(), &mut output, QUIET).unwrap();
    let mut again = MemoryOutput::default();
    run(lake.path(), &Options::default(), &mut again, QUIET).unwrap();
    assert_eq!(
        output.files, again.files,
        "the same lake gives the same bytes"
    );
    assert_eq!(output.files.len(), 2 * EMBEDDED.len() + 1);

    let index: Value = serde_json::from_slice(&output.files["manifest.json"]).unwrap();
    for (name, figure) in &figures.figures {
        let files = figure.files.as_ref().unwrap();
        let json: Value = serde_json::from_slice(&output.files[&files.json]).unwrap();
        assert_eq!(json["sql"], figure.sql, "{name}");
        assert_eq!(json["rows"], json!(figure.rows), "{name}");
        let parquet = &output.files[&files.parquet];
        assert_eq!(index[name]["parquet"]["sha256"], sha256_hex(parquet));
        assert!(files.parquet.contains(&sha256_hex(parquet)[..8]), "{name}");
        let path = lake.path().join("figure.parquet");
        fs::write(&path, parquet).unwrap();
        let reader = SerializedFileReader::new(fs::File::open(&path).unwrap()).unwrap();
        let stored = reader.metadata().file_metadata().num_rows();
        assert_eq!(stored, figure.rows.len() as i64, "{name}");
    }
}

#[test]
fn rates_need_the_hours_of_the_user() {
    let without = &figures().figures["rates"];
    assert!(without.rows.is_empty());
    assert!(without.note.as_ref().unwrap().contains("No exposure data"));

    let folder = tempfile::tempdir().unwrap();
    let exposure = folder.path().join("hours.csv");
    fs::write(
        &exposure,
        "year,segment,far_parts,hours\n2008,Part 91,091,400000\n2008,All,*,500000\n2009,All,*,1\n",
    )
    .unwrap();
    let options = Options {
        exposure: Some(exposure),
        ..Options::default()
    };
    let with = figures_with(&options).unwrap();
    assert_eq!(with.figures["rates"].note, None);
    assert_eq!(
        rows(&with, "rates"),
        json!([
            ["All", 2008, 500_000.0, 2, 1, 4, 0.4, 0.2],
            ["All", 2009, 1.0, 0, 0, 0, 0.0, 0.0],
            ["Part 91", 2008, 400_000.0, 2, 1, 4, 0.5, 0.25]
        ])
    );
}

#[test]
fn figures_of_the_user_are_added_and_held_to_the_same_rules() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("countries.sql");
    let options = Options {
        figures: Some(folder.path().to_owned()),
        ..Options::default()
    };
    let text = "-- title: Countries\n-- unit: events\n-- population: All.\n-- caveat: None.\n\
                -- label n: Countries\nSELECT count(DISTINCT ev_country) AS n FROM explore\n";
    fs::write(&file, text).unwrap();
    assert_eq!(
        rows(&figures_with(&options).unwrap(), "countries"),
        json!([[2]])
    );

    fs::write(&file, text.replace("-- unit: events\n", "")).unwrap();
    let error = format!("{:#}", figures_with(&options).unwrap_err());
    assert!(
        error.contains("countries.sql") && error.contains("`unit`"),
        "{error}"
    );

    fs::rename(&file, folder.path().join("yearly.sql")).unwrap();
    fs::write(folder.path().join("yearly.sql"), text).unwrap();
    let error = format!("{:#}", figures_with(&options).unwrap_err());
    assert!(error.contains("yearly.sql has the name"), "{error}");
}
