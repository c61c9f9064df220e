//! A small made-up lake: an event a year, the newest with two aircraft and hostile text.

use std::collections::BTreeMap;
use std::sync::Arc;

use arrow::array::{ArrayRef, BooleanArray, Float64Array, Int64Array, StringArray};
use arrow::record_batch::RecordBatch;
use dataset::explore::{COLUMNS, ColumnType};
use dataset::manifest::{ColumnEntry, FileEntry, TableEntry};
use parquet::arrow::ArrowWriter;
use serde_json::{Value, json};

use super::fixture::HOSTILE;
use crate::output::sha256_hex;

/// Years with an event.
pub(super) const YEARS: std::ops::RangeInclusive<i32> = 2008..=2021;

/// Tables as the manifest names them, and their files by path.
pub(super) fn lake() -> (BTreeMap<String, TableEntry>, BTreeMap<String, Vec<u8>>) {
    let (mut tables, mut files) = (BTreeMap::new(), BTreeMap::new());
    for (name, decades) in [
        ("explore", false),
        ("events", false),
        ("aircraft", false),
        ("causes", false),
        ("narratives", false),
        ("flight_crew", false),
        ("injury", false),
        ("dt_events", true),
    ] {
        let mut entry = TableEntry {
            columns: Vec::new(),
            rows: 0,
            bytes: 0,
            partition: Some(if decades { "ev_decade" } else { "ev_year" }.to_owned()),
            files: Vec::new(),
            by_column: Vec::new(),
            event_start: None,
        };
        let mut partitions = BTreeMap::<String, Vec<Value>>::new();
        for year in YEARS {
            let folder = if decades {
                format!("ev_decade={}", year / 10 * 10)
            } else {
                format!("ev_year={year}")
            };
            partitions
                .entry(folder)
                .or_default()
                .extend(rows(name, year));
        }
        for (folder, rows) in partitions {
            let (columns, bytes) = parquet(&rows);
            let path = format!(
                "{name}/{folder}/{name}-{}.parquet",
                &sha256_hex(&bytes)[..8]
            );
            entry.columns = columns;
            entry.rows += rows.len() as u64;
            entry.bytes += bytes.len() as u64;
            entry.files.push(FileEntry {
                path: path.clone(),
                rows: rows.len() as u64,
                bytes: bytes.len() as u64,
                sha256: sha256_hex(&bytes),
                ranges: BTreeMap::new(),
            });
            files.insert(path, bytes);
        }
        if name == "explore" {
            let columns = COLUMNS.iter();
            entry.columns = columns.map(|c| ColumnEntry::new(c.name, c.kind)).collect();
        }
        tables.insert(name.to_owned(), entry);
    }
    (tables, files)
}

/// Key of the event of a year.
pub(super) fn ev_id(year: i32) -> String {
    format!("{year}0107X00027")
}

fn rows(table: &str, year: i32) -> Vec<Value> {
    let (id, newest) = (ev_id(year), year == *YEARS.end());
    let text = |plain: &str| {
        if newest {
            HOSTILE.to_owned()
        } else {
            plain.to_owned()
        }
    };
    let both = |row: &dyn Fn(i64) -> Value| (1..=1 + i64::from(newest)).map(row).collect();
    match table {
        "explore" => both(&|key| {
            json!({
                "ev_id": id, "ntsb_no": format!("GAA{:02}LA001", year % 100), "aircraft_key": key,
                "ev_type": "ACC", "ev_date": format!("{year}-12-30"), "ev_city": text("Houston"),
                "ev_state": "TX", "ev_country": "USA", "latitude": 29.9, "longitude": -95.5,
                "coordinate_source": "decimal", "apt_id": "HOU",
                "regis_no": if key == 1 { "N123AB".to_owned() } else { format!("N{year}") },
                "acft_make": "CESSNA", "acft_model": text("172"), "far_part": "091",
                "phase": "Landing", "cictt_code": "LOC-G", "status": "closed",
                "ev_highest_injury": if year % 3 == 2 { "FATL" } else { "NONE" },
                "fatalities": i64::from(year % 3 == 2),
            })
        }),
        "events" => vec![json!({
            "ev_id": id, "ev_type": "ACC", "ev_time": 917, "ev_city": text("Houston"),
            "ev_state": "TX", "light_cond": "DAYL", "wx_cond_basic": "VMC", "inj_tot_f": 0,
            "metar": text("KHOU 071617Z 23004KT 3SM"), "column_of_tomorrow": "kept",
        })],
        "aircraft" => both(&|key| {
            json!({
                "ev_id": id, "aircraft_key": key, "acft_make": text("Cessna"),
                "acft_serial_no": "17280101", "acft_category": "AIR", "damage": "ZAPP",
                "acft_year": 0, "dprt_time": 0, "far_part": "091",
            })
        }),
        "causes" => vec![json!({
            "ev_id": id, "aircraft_key": 1, "ordinal": 1, "category": "Personnel issues",
            "label": format!("Personnel issues - Task performance - {}", text("Pilot")),
            "in_probable_cause": true, "cause_factor": "C", "code": "0206301544",
        })],
        "narratives" => vec![json!({
            "ev_id": id, "aircraft_key": 1, "narr_cause": text("The pilot's failure."),
            "narr_accp": format!("First.\r\n\r\n{}", text("Second.")),
        })],
        "flight_crew" => vec![json!({
            "ev_id": id, "aircraft_key": 1, "crew_no": 1, "crew_category": "PLT", "crew_age": 51,
        })],
        "injury" => vec![json!({
            "ev_id": id, "aircraft_key": 1, "inj_person_category": "Flig",
            "injury_level": "NONE", "inj_person_count": 1,
        })],
        _ => vec![json!({ "ev_id": id, "col_name": "wx_cond0", "code": text("NONE") })],
    }
}

fn parquet(rows: &[Value]) -> (Vec<ColumnEntry>, Vec<u8>) {
    let names: Vec<&String> = rows[0].as_object().unwrap().keys().collect();
    let mut arrays: Vec<(&str, ArrayRef)> = Vec::new();
    let mut columns = Vec::new();
    for name in names {
        let cells = rows.iter().map(|row| &row[name]);
        let (array, kind): (ArrayRef, _) = match &rows[0][name] {
            Value::Bool(_) => {
                let array: BooleanArray = cells.map(Value::as_bool).collect();
                (Arc::new(array), ColumnType::Boolean)
            }
            Value::Number(number) if number.is_i64() => {
                let array: Int64Array = cells.map(Value::as_i64).collect();
                (Arc::new(array), ColumnType::Int)
            }
            Value::Number(_) => {
                let array: Float64Array = cells.map(Value::as_f64).collect();
                (Arc::new(array), ColumnType::Float)
            }
            _ => {
                let array: StringArray = cells.map(Value::as_str).collect();
                (Arc::new(array), ColumnType::Text)
            }
        };
        columns.push(ColumnEntry::new(name, kind));
        arrays.push((name, array));
    }
    let batch = RecordBatch::try_from_iter(arrays).unwrap();
    let mut writer = ArrowWriter::try_new(Vec::new(), batch.schema(), None).unwrap();
    writer.write(&batch).unwrap();
    (columns, writer.into_inner().unwrap())
}
