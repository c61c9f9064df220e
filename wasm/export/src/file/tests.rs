use std::io::Cursor;

use arrow_array::Array;
use arrow_array::cast::AsArray;
use arrow_array::types::{Date32Type, Float64Type, Int32Type};
use arrow_ipc::reader::FileReader;

use super::*;

const ANSWER: &str = r#"{"columns":[{"name":"ev_id","type":"text"},{"name":"ev_date","type":"date"},
    {"name":"fatalities","type":"int"},{"name":"latitude","type":"float"},{"name":"seen","type":"timestamp"},
    {"name":"open","type":"boolean"}],
    "rows":[["a","2019-01-09",2,41.5,"2019-01-09T10:11:12",true],["ü\n",null,null,3,null,null]],
    "matched_rows":2,"matched_events":2,"scanned_rows":9,"facets":[]}"#;

fn meaning() -> Meaning {
    let pair = |a: &str, b: &str| (a.to_owned(), b.to_owned());
    Meaning {
        about: [
            pair("title", "Events"),
            pair("date", "2021-05-01"),
            pair("a", "b"),
        ]
        .into(),
        meanings: [pair("latitude", "Degrees north.")].into(),
    }
}

fn written(form: Form) -> Vec<u8> {
    let mut file = File::new(form, meaning());
    for _ in 0..2 {
        assert_eq!(file.push(ANSWER).unwrap(), 2);
    }
    file.finish().unwrap()
}

#[test]
fn an_arrow_file_has_what_the_answer_had() {
    let reader = FileReader::try_new(Cursor::new(written(Form::Arrow)), None).unwrap();
    let schema = reader.schema();
    assert_eq!(schema.metadata()["date"], "2021-05-01");
    assert_eq!(schema.field(3).metadata()["meaning"], "Degrees north.");
    let batches: Vec<RecordBatch> = reader.map(Result::unwrap).collect();
    assert_eq!(batches.len(), 2);
    let batch = &batches[1];
    assert_eq!(batch.column(0).as_string::<i32>().value(1), "ü\n");
    let dates = batch.column(1).as_primitive::<Date32Type>();
    assert_eq!((dates.value(0), dates.null_count()), (17_905, 1));
    assert_eq!(batch.column(2).as_primitive::<Int32Type>().value(0), 2);
    let latitudes = batch.column(3).as_primitive::<Float64Type>();
    assert_eq!(latitudes.values().to_vec(), [41.5, 3.0]);
    assert!(batch.column(5).as_boolean().value(0));
}

#[test]
fn the_same_answers_make_the_same_bytes() {
    for form in [Form::Parquet, Form::Arrow] {
        assert!(written(form) == written(form), "{form:?}");
    }
    assert!(written(Form::Parquet).starts_with(b"PAR1"));
}

#[test]
fn no_rows_are_a_file_too_but_no_answer_is_none() {
    let empty = r#"{"columns":[{"name":"ev_id","type":"text"}],"rows":[]}"#;
    for form in [Form::Parquet, Form::Arrow] {
        let mut file = File::new(form, Meaning::default());
        assert!(matches!(file.finish(), Err(ExportError::Nothing)));
        assert_eq!(file.push(empty).unwrap(), 0);
        assert!(!file.finish().unwrap().is_empty());
    }
}

#[test]
fn what_is_no_answer_is_refused_in_a_sentence() {
    for (text, words) in [
        ("{}", "missing field `rows`"),
        (r#"{"rows":[]}"#, "missing field `columns`"),
        (
            r#"{"columns":[{"name":"a","type":"int"}],"rows":[["x"]]}"#,
            "32 bits",
        ),
        (
            r#"{"columns":[{"name":"a","type":"int"}],"rows":[[3000000000]]}"#,
            "more than 32 bits",
        ),
        (
            r#"{"columns":[{"name":"a","type":"date"}],"rows":[["2019-13-01"]]}"#,
            "a date",
        ),
        (
            r#"{"columns":[{"name":"a","type":"int"}],"rows":[[]]}"#,
            "a value for each column",
        ),
        (
            r#"{"columns":[{"name":"a","type":"int"}],"rows":[[1,2]]}"#,
            "a value for each column",
        ),
    ] {
        let mut file = File::new(Form::Arrow, Meaning::default());
        let error = file.push(text).unwrap_err().to_string();
        assert!(error.contains(words), "{error}");
    }
    let mut file = File::new(Form::Arrow, Meaning::default());
    file.push(ANSWER).unwrap();
    let other = r#"{"columns":[{"name":"a","type":"int"}],"rows":[]}"#;
    assert!(matches!(file.push(other), Err(ExportError::Columns)));
}
