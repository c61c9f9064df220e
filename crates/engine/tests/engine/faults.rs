//! Damage, and files and queries that do not fit.

use std::sync::Arc;

use arrow::array::{
    ArrayRef, Decimal128Array, Float32Array, Float64Array, Int64Array, RecordBatch,
    TimestampMicrosecondArray, TimestampMillisecondArray,
};
use dataset::explore::ColumnType;
use dataset::manifest::Manifest;
use dataset::query::Query;
use engine::Engine;
use parquet::basic::Encoding;
use parquet::file::properties::WriterPropertiesBuilder;

use crate::lake::{Lake, entry, snappy, write_batch, zstandard};

fn query(text: &str) -> Query {
    serde_json::from_str(text).unwrap()
}

#[test]
fn bytes_that_are_not_the_published_ones_are_refused() {
    let lake = Lake::new();
    let mut engine = Engine::with_manifest(lake.manifest.clone());
    let path = &lake.manifest.tables["explore"].files[0].path;
    let bytes = &lake.files[0];
    let mut refuse = |path: &str, bytes: &[u8]| {
        let fed = engine.feed(path, bytes.to_vec());
        fed.unwrap_err().to_string()
    };
    assert!(refuse(path, &bytes[..9]).contains("has 9 bytes instead of"));
    let mut flipped = bytes.clone();
    flipped[100] ^= 1;
    assert!(refuse(path, &flipped).contains("SHA-256"));
    assert!(refuse("explore/other.parquet", bytes).contains("not listed"));
}

/// Feeds a file whose manifest entry is made to fit it.
fn feed(bytes: Vec<u8>, rows: usize, manifest: &Manifest) -> Result<Engine, String> {
    let mut manifest = manifest.clone();
    let table = manifest.tables.get_mut("explore").unwrap();
    table.files = vec![entry(2000, &bytes, rows)];
    let path = table.files[0].path.clone();
    let mut engine = Engine::with_manifest(manifest);
    engine.feed(&path, bytes).map_err(|e| e.to_string())?;
    Ok(engine)
}

#[test]
fn damaged_parquet_is_an_error_even_if_the_manifest_vouches_for_it() {
    let lake = Lake::new();
    let (bytes, rows) = (
        &lake.files[0],
        lake.manifest.tables["explore"].files[0].rows as usize,
    );
    let error = |bytes: &[u8]| feed(bytes.to_vec(), rows, &lake.manifest).err().unwrap();
    assert!(error(b"<html>404</html>").contains("not readable as Parquet"));
    assert!(error(&bytes[..bytes.len() - 4]).contains("not readable as Parquet"));
    assert!(
        feed(bytes.clone(), rows + 1, &lake.manifest)
            .err()
            .unwrap()
            .contains("rows")
    );

    // Pages come before the footer: overwriting them must not get past the decoder unnoticed
    // as a panic. Some damage is another valid value, so not all of it can be an error.
    for lake in [lake, Lake::with(&zstandard().build(), |_| true)] {
        let (bytes, manifest) = (&lake.files[0], &lake.manifest);
        let rows = manifest.tables["explore"].files[0].rows as usize;
        let mut refused = 0;
        for at in (4..bytes.len() - 2500).step_by(61) {
            let mut damaged = bytes.clone();
            damaged[at..at + 8].fill(0xFF);
            if let Ok(mut engine) = feed(damaged, rows, manifest) {
                refused += usize::from(engine.csv(&Query::default()).is_err());
            }
        }
        assert!(refused > 20, "{refused}");
    }
}

fn single(
    kind: ColumnType,
    column: ArrayRef,
    written: WriterPropertiesBuilder,
) -> Result<String, String> {
    beside(kind, &[("number", column)], written)
}

/// Reads the first of some columns, which the manifest names.
fn beside(
    kind: ColumnType,
    columns: &[(&str, ArrayRef)],
    written: WriterPropertiesBuilder,
) -> Result<String, String> {
    let mut manifest = Lake::new().manifest;
    let table = manifest.tables.get_mut("explore").unwrap();
    table.columns.truncate(1);
    table.columns[0].name = "number".to_owned();
    table.columns[0].kind = kind;
    table.partition = None;
    let rows = columns[0].1.len();
    let batch = RecordBatch::try_from_iter(columns.to_vec()).unwrap();
    let mut engine = feed(write_batch(&batch, written.build()), rows, &manifest)?;
    engine.csv(&Query::default()).map_err(|e| e.to_string())
}

#[test]
fn wider_and_narrower_numbers_are_read() {
    let wide = Int64Array::from(vec![Some(1 << 40), None, Some(-1)]);
    let csv = single(ColumnType::Int, Arc::new(wide), snappy()).unwrap();
    assert_eq!(csv, "number\r\n1099511627776\r\n\r\n-1\r\n");
    let narrow = Float32Array::from(vec![0.5, -1.25]);
    let csv = single(ColumnType::Float, Arc::new(narrow), snappy()).unwrap();
    assert_eq!(csv, "number\r\n0.5\r\n-1.25\r\n");
}

#[test]
fn numbers_in_the_order_of_their_bytes_are_read() {
    let split = || {
        snappy()
            .set_dictionary_enabled(false)
            .set_encoding(Encoding::BYTE_STREAM_SPLIT)
    };
    let wide = Int64Array::from(vec![Some(1 << 40), None, Some(-1)]);
    let csv = single(ColumnType::Int, Arc::new(wide), split()).unwrap();
    assert_eq!(csv, "number\r\n1099511627776\r\n\r\n-1\r\n");
    let narrow = Float32Array::from(vec![0.5, -1.25, 3.0]);
    let csv = single(ColumnType::Float, Arc::new(narrow), split()).unwrap();
    assert_eq!(csv, "number\r\n0.5\r\n-1.25\r\n3\r\n");
}

#[test]
fn decimals_are_read_as_the_fractions_nearest_to_them() {
    let decimals = |values: Vec<Option<i128>>, precision| -> ArrayRef {
        let values = Decimal128Array::from(values);
        Arc::new(values.with_precision_and_scale(precision, 6).unwrap())
    };
    let some = vec![Some(-76_999_563), None, Some(250_000)];
    let csv = single(ColumnType::Float, decimals(some.clone(), 9), snappy()).unwrap();
    assert_eq!(csv, "number\r\n-76.999563\r\n\r\n0.25\r\n");
    for (kind, precision) in [(ColumnType::Float, 18), (ColumnType::Int, 9)] {
        let error = single(kind, decimals(some.clone(), precision), snappy()).unwrap_err();
        assert!(error.contains("DECIMAL"), "{error}");
    }
    // The values that no decimal is equal to stand beside them.
    let rest: ArrayRef = Arc::new(Float64Array::from(vec![None, Some(1.0 / 3.0), None]));
    let columns = [("number", decimals(some, 9)), ("number_rest", rest)];
    let csv = beside(ColumnType::Float, &columns, snappy()).unwrap();
    assert_eq!(
        csv,
        "number\r\n-76.999563\r\n0.3333333333333333\r\n0.25\r\n"
    );
}

#[test]
fn timestamps_are_read_in_microseconds_only() {
    let micros: ArrayRef = Arc::new(TimestampMicrosecondArray::from(vec![Some(1_500_000), None]));
    let csv = single(ColumnType::Timestamp, micros.clone(), snappy()).unwrap();
    assert_eq!(csv, "number\r\n1970-01-01T00:00:01.500000\r\n\r\n");
    assert!(
        single(ColumnType::Int, micros, snappy())
            .unwrap_err()
            .contains("TIMESTAMP_MICROS")
    );
    let millis: ArrayRef = Arc::new(TimestampMillisecondArray::from(vec![1, 2]));
    assert!(
        single(ColumnType::Timestamp, millis, snappy())
            .unwrap_err()
            .contains("not supported")
    );
}

#[test]
fn types_the_lake_does_not_have_are_refused_rather_than_misread() {
    let times: ArrayRef = Arc::new(TimestampMillisecondArray::from(vec![1, 2]));
    assert!(
        single(ColumnType::Int, times, snappy())
            .unwrap_err()
            .contains("not supported")
    );
    let wide: ArrayRef = Arc::new(Int64Array::from(vec![1, 2]));
    assert!(
        single(ColumnType::Text, wide, snappy())
            .unwrap_err()
            .contains("INT64")
    );
}

#[test]
fn encodings_the_lake_does_not_use_are_named() {
    let delta = snappy()
        .set_dictionary_enabled(false)
        .set_encoding(Encoding::DELTA_BINARY_PACKED);
    let column: ArrayRef = Arc::new(Int64Array::from(vec![1, 2, 3]));
    let error = single(ColumnType::Int, column, delta).unwrap_err();
    assert!(error.contains("DELTA_BINARY_PACKED"), "{error}");
}

#[test]
fn queries_that_do_not_fit_say_why() {
    let lake = Lake::new();
    let mut engine = lake.engine();
    for (text, part) in [
        (r#"{"table":"engines"}"#, "no table is called engines"),
        (r#"{"select":["ev_yera"]}"#, "no column ev_yera"),
        (r#"{"group":["ev_year","ev_state","ev_id"]}"#, "at most two"),
        (r#"{"group":["ev_year"],"select":["ev_id"]}"#, "not both"),
        (
            r#"{"group":["ev_year"],"sort":[{"by":"rows"}]}"#,
            "no column rows",
        ),
        (
            r#"{"filter":{"eq":{"column":"ev_year","value":"x"}}}"#,
            "x is not a value",
        ),
        (
            r#"{"filter":{"range":{"column":"ev_date","min":"2019-02-30"}}}"#,
            "not a limit",
        ),
        (
            r#"{"filter":{"range":{"column":"ev_state","min":"A"}}}"#,
            "have ranges",
        ),
        (
            r#"{"filter":{"contains":{"column":"ev_year","text":"2"}}}"#,
            "only text",
        ),
        (
            r#"{"measures":[{"sum":{"column":"ev_state"}}]}"#,
            "only numbers",
        ),
        (
            r#"{"measures":[{"mean":{"column":"ev_date"}}]}"#,
            "only numbers",
        ),
    ] {
        let error = engine.run(&query(text)).err().unwrap().to_string();
        assert!(error.contains(part), "{text}: {error}");
    }
}
