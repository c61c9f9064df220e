//! Files, their layout and the manifest.

use std::collections::BTreeSet;

use dataset::explore::COLUMNS;
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use parquet::basic::Compression;
use parquet::file::page_index::column_index::ColumnIndexMetaData;
use parquet::file::reader::{FileReader, SerializedFileReader};
use parquet::file::serialized_reader::ReadOptionsBuilder;
use serde_json::json;

use super::file_of;
use crate::duck;
use crate::output::{MemoryOutput, sha256_hex};
use crate::progress::Progress;
use crate::stage::lake::parquet::{FILE_BYTES, FILE_LIMIT, FILE_ROWS, Layout};
use crate::stage::lake::{fixture, plan, publish};

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
        named.extend(table.by_column.iter().map(|part| part.path.clone()));
    }
    let described = |path: &String| path.starts_with("manifests/");
    assert_eq!(
        output.files.keys().filter(|path| described(path)).count(),
        manifest.tables.len()
    );
    named.extend(output.files.keys().filter(|path| described(path)).cloned());
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
fn pages_can_be_skipped_and_repeated_values_stand_once() {
    let (output, manifest) = fixture::lake();
    let column = |table: &str, name: &str| {
        let bytes = &output.files[&manifest.tables[table].files[0].path];
        let file = file_of(bytes);
        let options = ReadOptionsBuilder::new().with_page_index().build();
        let reader = SerializedFileReader::new_with_options(file, options).unwrap();
        let group = reader.metadata().row_group(0);
        let at = group
            .columns()
            .iter()
            .position(|column| column.column_path().string() == name)
            .unwrap();
        let pages = reader.metadata().column_index().unwrap()[0][at].clone();
        (group.column(at).clone(), pages)
    };
    let (date, pages) = column("explore", "ev_date");
    assert!(matches!(pages, ColumnIndexMetaData::INT32(_)), "{pages:?}");
    assert!(date.statistics().is_some());
    assert!(date.offset_index_offset().is_some());
    assert!(matches!(date.compression(), Compression::ZSTD(_)));
    let (kind, pages) = column("explore", "ev_type");
    assert!(matches!(pages, ColumnIndexMetaData::NONE), "{pages:?}");
    assert!(kind.statistics().is_some());
    assert!(kind.dictionary_page_offset().is_some());
    let (id, _) = column("events", "ev_id");
    assert!(id.dictionary_page_offset().is_none(), "each occurs once");
    let (cause, _) = column("narratives", "narr_cause");
    assert!(cause.statistics().is_none());
}

#[test]
fn the_manifest_explains_columns_and_codes() {
    let (_, manifest) = fixture::lake();
    let columns = &manifest.tables["explore"].columns;
    let rule = columns.iter().find(|c| c.name == "far_part").unwrap();
    assert_eq!(rule.codes["091"], "Part 91: General Aviation");
    assert!(
        rule.about
            .as_ref()
            .unwrap()
            .starts_with("aircraft.far_part")
    );
    let injured = columns.iter().find(|c| c.name == "cictt_code").unwrap();
    assert_eq!(injured.codes["LOC-I"], "Loss of Control In-Flight");
    assert!(
        columns
            .iter()
            .all(|c| c.label.is_some() && c.about.is_some())
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
fn the_same_rows_give_the_same_bytes_however_many_threads_work() {
    let with = |threads: usize| {
        let database = fixture::database();
        database
            .execute_batch(&format!("SET threads = {threads}"))
            .unwrap();
        let pool = rayon::ThreadPoolBuilder::new()
            .num_threads(threads)
            .build()
            .unwrap();
        let mut output = MemoryOutput::default();
        let quiet = Progress { quiet: true };
        // A connection belongs to one thread: the pool is entered where files are encoded.
        publish::publish_with(&pool, &database, &[], &mut output, quiet).unwrap();
        output.files
    };
    let files = with(1);
    assert!(files == with(4));
    assert!(files == fixture::lake().0.files);
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

fn layout() -> Layout {
    Layout::of(&plan::plans()[0]).unwrap()
}

#[test]
fn large_partitions_become_several_files() {
    let connection = duck::open(None).unwrap();
    let batch = |sql: &str| duck::batch(&connection, sql).unwrap();
    let texts = batch(
        "SELECT i, (SELECT string_agg(md5((i * 1000 + j)::VARCHAR), '') FROM range(200) r(j)) AS t
         FROM range(600) r(i) ORDER BY i",
    );
    let files = layout().parts(&texts).unwrap();
    assert!(files.len() > 1, "{} files", files.len());
    assert!(files.iter().all(|f| f.bytes.len() <= FILE_BYTES));
    assert_eq!(files.iter().map(|f| f.rows.num_rows()).sum::<usize>(), 600);

    let numbers = batch(&format!("SELECT i FROM range({}) r(i)", FILE_ROWS + 1));
    let files = layout().parts(&numbers).unwrap();
    assert_eq!(files.len(), 2, "one row group each");
}

#[test]
fn a_row_that_fits_no_file_is_named_with_its_table() {
    let connection = fixture::database();
    // Digits of hashes: nothing compresses them below half.
    let update = format!(
        "UPDATE narratives SET narr_accf = (
             SELECT string_agg(md5(i::VARCHAR || ev_id), '') FROM range({}) r(i))",
        FILE_LIMIT / 12
    );
    connection.execute_batch(&update).unwrap();
    let mut output = MemoryOutput::default();
    let quiet = Progress { quiet: true };
    let error = publish::publish(&connection, &[], &mut output, quiet).unwrap_err();
    let error = format!("{error:#}");
    assert!(error.contains("table narratives"), "{error}");
    assert!(error.contains("one row alone takes"), "{error}");
    assert!(!output.files.contains_key("manifest.json"));
}

#[test]
fn what_the_manifest_on_the_disk_says_is_what_was_written() {
    let folder = fixture::lake_folder();
    assert_eq!(
        crate::manifest::read(folder.path()).unwrap(),
        fixture::lake().1
    );
    let index = crate::manifest::read_index(folder.path()).unwrap();
    let explore = folder.path().join(&index.tables["explore"].manifest.path);
    std::fs::write(&explore, b"{}").unwrap();
    let error = crate::manifest::read(folder.path())
        .unwrap_err()
        .to_string();
    assert!(
        error.contains("is not the file that manifest.json names"),
        "{error}"
    );
}
