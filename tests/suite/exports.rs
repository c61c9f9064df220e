//! The files a visitor downloads, opened with other readers than those that wrote them.

use std::fs::File;
use std::path::Path;

use arrow_array::RecordBatch;
use arrow_ipc::reader::FileReader;
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use serde_json::Value;

use crate::harness::site;

/// The Parquet file has the rows of the lake that its filter chooses, says DuckDB; the Arrow file
/// has the same in the same order.
pub(crate) fn check(folder: &Path, state: &str, year: &Value) {
    let parquet = folder.join("explore.parquet");
    let duckdb = duckdb::Connection::open_in_memory().unwrap();
    let lake = format!(
        "SELECT * FROM read_parquet('{}/explore/**/*.parquet', hive_partitioning = false)
         WHERE ev_state = '{state}' AND ev_year = {year}",
        site().lake().display()
    );
    let file = format!("SELECT * FROM read_parquet('{}')", parquet.display());
    let count = |sql: &str| -> u64 { duckdb.query_row(sql, [], |row| row.get(0)).unwrap() };
    let rows = count(&format!("SELECT count(*) FROM ({file})"));
    assert!(rows > 1);
    assert_eq!(rows, count(&format!("SELECT count(*) FROM ({lake})")));
    for (one, other) in [(&file, &lake), (&lake, &file)] {
        let left = count(&format!("SELECT count(*) FROM ({one} EXCEPT ALL {other})"));
        assert_eq!(left, 0, "rows differ");
    }
    let metadata = format!(
        "SELECT count(*) FROM parquet_kv_metadata('{}') WHERE decode(key) = 'data_date'",
        parquet.display()
    );
    assert_eq!(
        count(&metadata),
        1,
        "the file says of what date its data is"
    );

    let reader = ParquetRecordBatchReaderBuilder::try_new(File::open(&parquet).unwrap()).unwrap();
    let reader = reader.with_batch_size(20_000).build().unwrap();
    let theirs: Vec<RecordBatch> = reader.map(Result::unwrap).collect();
    let arrow = File::open(folder.join("explore.arrow")).unwrap();
    let reader = FileReader::try_new(arrow, None).unwrap();
    assert!(reader.schema().metadata().contains_key("licence"));
    let mine: Vec<RecordBatch> = reader.map(Result::unwrap).collect();
    let columns = |batches: &[RecordBatch]| -> Vec<_> {
        batches
            .iter()
            .map(|batch| batch.columns().to_vec())
            .collect()
    };
    assert!(
        columns(&mine) == columns(&theirs),
        "the Arrow file has other rows than the Parquet file"
    );
}
