use std::collections::BTreeSet;
use std::fs::File;
use std::io::Write;

use dataset::explore::COLUMNS;
use dataset::privacy;
use dataset::schema;
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use parquet::file::reader::{FileReader, SerializedFileReader};
use serde_json::{Value, json};

use super::fixture;
use super::parquet::{FILE_BYTES, FILE_ROWS, parts};
use crate::duck;
use crate::output::sha256_hex;

/// One cell of `explore` per aircraft, in table order.
fn column(name: &str) -> Vec<Value> {
    let sql =
        format!("SELECT {name} FROM explore ORDER BY ev_date NULLS LAST, ev_id, aircraft_key");
    let rows = duck::rows(&fixture::database(), &sql).unwrap().rows;
    rows.into_iter().flatten().collect()
}

fn file_of(bytes: &[u8]) -> File {
    let mut file = tempfile::tempfile().unwrap();
    file.write_all(bytes).unwrap();
    file
}

#[test]
fn explore_has_a_row_per_aircraft_and_per_event_without() {
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
fn explore_takes_one_crew_member_and_one_engine() {
    assert_eq!(json!(column("crew_age"))[0], 52);
    assert_eq!(json!(column("crew_age"))[2], json!(null), "0 is no age");
    assert_eq!(json!(column("pilot_hours"))[0], 1234.1);
    assert_eq!(json!(column("eng_type"))[0], "REC");
}

#[test]
fn explore_labels_both_eras_alike() {
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
fn the_manifest_describes_the_files() {
    let (output, manifest) = fixture::lake();
    assert_eq!(manifest.data_date, "2020-09-25");
    let mut named = BTreeSet::from(["manifest.json".to_owned()]);
    for (name, table) in &manifest.tables {
        for file in &table.files {
            let bytes = &output.files[&file.path];
            assert_eq!(file.sha256, sha256_hex(bytes));
            assert_eq!(file.bytes, bytes.len() as u64);
            assert!(file.path.starts_with(&format!("{name}/")));
            let reader = SerializedFileReader::new(file_of(bytes)).unwrap();
            assert_eq!(reader.metadata().num_row_groups(), 1);
            assert_eq!(
                reader.metadata().file_metadata().num_rows() as u64,
                file.rows
            );
            named.insert(file.path.clone());
        }
    }
    assert_eq!(
        named,
        output.files.keys().cloned().collect(),
        "no file but those of the manifest"
    );
    let explore = &manifest.tables["explore"];
    let years: Vec<&str> = explore
        .files
        .iter()
        .map(|f| f.path.split('/').nth(1).unwrap())
        .collect();
    assert_eq!(
        years,
        [
            "ev_year=2008",
            "ev_year=2009",
            "ev_year=__HIVE_DEFAULT_PARTITION__"
        ]
    );
    assert_eq!(
        serde_json::to_value(&explore.files[0].ranges).unwrap(),
        json!({
            "ev_date": {"min": 13_888.0, "max": 13_929.0},
            "ev_month": {"min": 1.0, "max": 2.0},
            "ev_year": {"min": 2008.0, "max": 2008.0},
            "fatalities": {"min": 4.0, "max": 4.0},
        })
    );
    assert!(!explore.files[2].ranges.contains_key("ev_date"));
    assert_eq!(
        manifest.tables["ntsb_admin"].rows, 2,
        "the row of a missing event is kept"
    );
}

#[test]
fn explore_files_have_the_agreed_columns() {
    let (output, manifest) = fixture::lake();
    for file in &manifest.tables["explore"].files {
        let bytes = file_of(&output.files[&file.path]);
        let schema = ParquetRecordBatchReaderBuilder::try_new(bytes)
            .unwrap()
            .schema()
            .clone();
        let names: Vec<&str> = schema.fields().iter().map(|f| f.name().as_str()).collect();
        let agreed: Vec<&str> = COLUMNS.iter().map(|c| c.name).collect();
        assert_eq!(names, agreed);
        let types: BTreeSet<String> = schema
            .fields()
            .iter()
            .map(|f| f.data_type().to_string())
            .collect();
        assert_eq!(
            types.into_iter().collect::<Vec<_>>(),
            ["Date32", "Float64", "Int32", "Utf8"]
        );
    }
}

#[test]
fn no_personal_column_is_published() {
    let (output, manifest) = fixture::lake();
    let mut seen = 0;
    for (name, table) in &manifest.tables {
        for file in &table.files {
            let bytes = file_of(&output.files[&file.path]);
            let reader = ParquetRecordBatchReaderBuilder::try_new(bytes).unwrap();
            for field in reader.schema().fields() {
                seen += 1;
                assert!(
                    schema::tables()
                        .iter()
                        .all(|t| !privacy::is_personal(t.name, field.name())),
                    "{name}.{}",
                    field.name()
                );
            }
        }
        for column in &table.columns {
            assert!(!privacy::is_personal(name, &column.name));
        }
    }
    assert!(seen > 200, "only {seen} columns were looked at");
}

#[test]
fn the_same_rows_give_the_same_bytes() {
    assert_eq!(fixture::lake().0.files, fixture::lake().0.files);
}

#[test]
fn views_read_what_was_written() {
    let folder = fixture::lake_folder();
    let connection = duck::open(None).unwrap();
    duck::register(&connection, folder.path()).unwrap();
    let count = |sql: &str| duck::rows(&connection, sql).unwrap().rows[0][0].clone();
    assert_eq!(count("SELECT count(*) FROM explore"), 6);
    assert_eq!(
        count("SELECT count(*) FROM explore WHERE ev_year = 2008"),
        3
    );
    assert_eq!(
        count("SELECT count(*) FROM aircraft WHERE ev_year = 2008"),
        3
    );
    assert_eq!(
        count("SELECT count(*) FROM aircraft WHERE ev_year IS NULL"),
        1
    );
    assert_eq!(
        count("SELECT count(lchg_date) FROM dt_aircraft"),
        0,
        "empty, but there"
    );
}

#[test]
fn large_partitions_become_several_files() {
    let connection = duck::open(None).unwrap();
    let batch = |sql: &str| duck::batch(&connection, sql).unwrap();
    let texts = batch(
        "SELECT i, (SELECT string_agg(md5((i * 1000 + j)::VARCHAR), '') FROM range(200) r(j)) AS t
         FROM range(600) r(i) ORDER BY i",
    );
    let files = parts(&texts).unwrap();
    assert!(files.len() > 2, "{} files", files.len());
    assert!(files.iter().all(|f| f.bytes.len() <= FILE_BYTES));
    assert_eq!(files.iter().map(|f| f.rows.num_rows()).sum::<usize>(), 600);

    let numbers = batch(&format!("SELECT i FROM range({}) r(i)", FILE_ROWS + 1));
    let files = parts(&numbers).unwrap();
    assert_eq!(files.len(), 2, "one row group each");
}
