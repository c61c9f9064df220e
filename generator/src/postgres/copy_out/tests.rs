use arrow::array::{Array, AsArray};
use arrow::datatypes::{DataType, Date32Type, Int16Type, TimeUnit, TimestampMicrosecondType};

use super::*;

const MICROSECOND: DataType = DataType::Timestamp(TimeUnit::Microsecond, None);

/// A stream of rows; each field is its bytes or NULL.
fn stream(rows: &[Vec<Option<&[u8]>>]) -> Vec<u8> {
    let mut bytes = SIGNATURE.to_vec();
    bytes.extend([0; 8]);
    for row in rows {
        bytes.extend((row.len() as i16).to_be_bytes());
        for field in row {
            match field {
                None => bytes.extend((-1_i32).to_be_bytes()),
                Some(value) => {
                    bytes.extend((value.len() as i32).to_be_bytes());
                    bytes.extend(*value);
                }
            }
        }
    }
    bytes.extend((-1_i16).to_be_bytes());
    bytes
}

fn decode(bytes: &[u8], kinds: &[DataType]) -> Result<Vec<RecordBatch>> {
    let fields: Vec<Field> = kinds
        .iter()
        .enumerate()
        .map(|(i, kind)| Field::new(format!("c{i}"), kind.clone(), true))
        .collect();
    Batches::new(bytes, Arc::new(Schema::new(fields)))?.collect()
}

#[test]
fn values_and_nulls_arrive() {
    let midnight_1999 = (-86_400_000_000_i64).to_be_bytes();
    let bytes = stream(&[
        vec![
            Some(&[0x7f, 0xff]),
            Some("Ü".as_bytes()),
            Some(&midnight_1999),
            Some(&[0, 0, 0, 1]),
            Some(&[1]),
        ],
        vec![None, Some(b""), None, None, None],
    ]);
    let kinds = [
        DataType::Int16,
        DataType::Utf8,
        MICROSECOND,
        DataType::Date32,
        DataType::Boolean,
    ];
    let batches = decode(&bytes, &kinds).unwrap();
    let [batch] = batches.as_slice() else {
        panic!("one batch, not {}", batches.len())
    };
    assert_eq!(batch.column(0).as_primitive::<Int16Type>().value(0), 32767);
    assert_eq!(batch.column(1).as_string::<i32>().value(0), "Ü");
    assert!(
        batch.column(1).is_valid(1),
        "an empty text is no missing text"
    );
    let day = 86_400_000_000;
    assert_eq!(
        batch
            .column(2)
            .as_primitive::<TimestampMicrosecondType>()
            .value(0),
        10_956 * day
    );
    assert_eq!(
        batch.column(3).as_primitive::<Date32Type>().value(0),
        10_958
    );
    assert!(batch.column(4).as_boolean().value(0));
    for column in [0, 2, 3, 4] {
        assert!(batch.column(column).is_null(1), "column {column}");
    }
}

#[test]
fn long_results_come_in_several_batches() {
    let rows = vec![vec![Some([0_u8, 1].as_slice())]; BATCH_ROWS + 1];
    let batches = decode(&stream(&rows), &[DataType::Int16]).unwrap();
    let sizes: Vec<usize> = batches.iter().map(RecordBatch::num_rows).collect();
    assert_eq!(sizes, [BATCH_ROWS, 1]);
}

#[test]
fn an_empty_result_has_no_batch() {
    assert!(decode(&stream(&[]), &[DataType::Int16]).unwrap().is_empty());
}

#[test]
fn damaged_streams_are_errors() {
    let good = stream(&[vec![Some(&[0, 1])]]);
    for end in 0..good.len() {
        assert!(
            decode(&good[..end], &[DataType::Int16]).is_err(),
            "cut at {end}"
        );
    }
    let error = |kinds: &[DataType]| format!("{:#}", decode(&good, kinds).unwrap_err());
    assert_eq!(
        error(&[DataType::Int32]),
        "decoding row 1: field c0: 2 bytes where 4 belong"
    );
    assert_eq!(
        error(&[DataType::Int16, DataType::Int16]),
        "decoding row 1: 1 fields where 2 were asked for"
    );
    let infinite = stream(&[vec![Some(&i64::MAX.to_be_bytes())]]);
    assert!(decode(&infinite, &[MICROSECOND]).is_err());
    let mut negative = good.clone();
    negative[21..25].copy_from_slice(&(-2_i32).to_be_bytes());
    assert!(decode(&negative, &[DataType::Int16]).is_err());
}
