//! What stands in PostgreSQL, and whether the stages after it agree with it.

use std::collections::BTreeSet;

use dataset::schema;
use parquet::file::reader::{FileReader, SerializedFileReader};

use crate::harness::site;

#[test]
fn migrations_and_schema_name_the_same_columns_and_types() {
    let mut server = site().postgres();
    let client = &mut server.client;
    for table in schema::tables() {
        let rows = client
            .query(
                "SELECT column_name::text, data_type::text FROM information_schema.columns
                 WHERE table_schema = 'ntsb' AND table_name = $1",
                &[&table.sql_name()],
            )
            .unwrap();
        let found: BTreeSet<(String, String)> = rows
            .iter()
            .map(|row| {
                (
                    row.get(0),
                    row.get::<_, String>(1).replace(" without time zone", ""),
                )
            })
            .collect();
        for column in &table.columns {
            let expected = (column.sql_name(), column.access.postgres().to_owned());
            assert!(
                found.contains(&expected),
                "{}: {expected:?} not in {found:?}",
                table.name
            );
        }
    }
}

#[test]
fn primary_keys_are_the_natural_keys() {
    let mut server = site().postgres();
    let client = &mut server.client;
    for table in schema::tables()
        .iter()
        .filter(|table| !table.natural_key().is_empty())
    {
        let rows = client
            .query(
                "SELECT a.attname::text FROM pg_index i
                 CROSS JOIN LATERAL unnest(i.indkey) WITH ORDINALITY AS k(attnum, position)
                 JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = k.attnum
                 WHERE i.indrelid = $1::text::regclass AND i.indisprimary ORDER BY k.position",
                &[&format!("ntsb.{}", table.sql_name())],
            )
            .unwrap();
        let found: Vec<String> = rows.iter().map(|row| row.get(0)).collect();
        let expected: Vec<String> = table.natural_key().iter().map(|c| c.sql_name()).collect();
        assert_eq!(found, expected, "{}", table.name);
    }
}

#[test]
fn the_lake_holds_every_row_of_the_database() {
    let mut server = site().postgres();
    let client = &mut server.client;
    let manifest = site().record("lake");
    let derived = dataset::derived::TABLES.iter().map(|t| t.name.to_owned());
    for name in schema::tables()
        .iter()
        .map(schema::Table::sql_name)
        .chain(derived)
    {
        let count: i64 = client
            .query_one(&format!("SELECT count(*) FROM ntsb.{name}"), &[])
            .unwrap()
            .get(0);
        assert_eq!(
            manifest["tables"][&name]["rows"].as_i64(),
            Some(count),
            "{name}"
        );
    }
}

#[test]
fn figures_equal_what_the_database_counts() {
    let mut server = site().postgres();
    let client = &mut server.client;
    let figures = site().record("analyse");
    let yearly = &figures["figures"]["yearly"];
    let columns: Vec<&str> = yearly["columns"]
        .as_array()
        .unwrap()
        .iter()
        .map(|column| column["name"].as_str().unwrap())
        .collect();
    let cell = |row: &serde_json::Value, name: &str| {
        row[columns.iter().position(|column| *column == name).unwrap()]
            .as_i64()
            .unwrap()
    };
    let rows = yearly["rows"].as_array().unwrap();
    assert!(rows.len() > 30, "the sample spans 1982–2025");
    for row in rows {
        // Per event, not per aircraft: a collision's deaths count once.
        let counted = client
            .query_one(
                "SELECT count(*), coalesce(sum(coalesce(inj_tot_f, 0) + coalesce(inj_f_grnd, 0)), 0)
                 FROM ntsb.events
                 WHERE ev_type = 'ACC' AND ev_country = 'USA'
                   AND extract(year FROM ev_date) = $1::int",
                &[&i32::try_from(cell(row, "ev_year")).unwrap()],
            )
            .unwrap();
        assert_eq!(cell(row, "accidents"), counted.get::<_, i64>(0), "{row}");
        assert_eq!(cell(row, "fatalities"), counted.get::<_, i64>(1), "{row}");
    }
}

#[test]
fn no_personal_value_is_published() {
    let mut server = site().postgres();
    let client = &mut server.client;
    let mut needles = BTreeSet::new();
    for table in schema::tables() {
        // Towns and states of people are also those of events: only what names somebody counts.
        let names = table.columns.iter().filter(|column| {
            dataset::privacy::is_personal(table.name, column.name)
                && column.access == schema::AccessType::Text
                && !["city", "state", "country", "zip"]
                    .iter()
                    .any(|p| column.name.ends_with(p))
        });
        for column in names {
            let query = format!(
                "SELECT DISTINCT {0} FROM ntsb.{1} WHERE length({0}) > 8 LIMIT 40",
                column.sql_name(),
                table.sql_name()
            );
            let rows = client.query(&query, &[]).unwrap();
            needles.extend(rows.iter().map(|row| row.get::<_, String>(0)));
        }
    }
    assert!(
        !needles.is_empty(),
        "the sample fills owner and operator names"
    );
    // Parquet is compressed: its values are looked at. Of everything else the bytes are.
    for entry in walkdir::WalkDir::new(site().dist()) {
        let entry = entry.unwrap();
        if !entry.file_type().is_file() {
            continue;
        }
        if entry.path().extension().is_some_and(|end| end == "parquet") {
            let file = std::fs::File::open(entry.path()).unwrap();
            let reader = SerializedFileReader::new(file).unwrap();
            for row in reader.get_row_iter(None).unwrap() {
                refuse(&row.unwrap().to_string(), &needles, entry.path());
            }
        } else {
            let bytes = std::fs::read(entry.path()).unwrap();
            refuse(&String::from_utf8_lossy(&bytes), &needles, entry.path());
        }
    }
}

fn refuse(text: &str, needles: &BTreeSet<String>, path: &std::path::Path) {
    for needle in needles {
        assert!(!text.contains(needle), "{needle} in {}", path.display());
    }
}
