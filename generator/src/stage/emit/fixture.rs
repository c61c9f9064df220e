//! Small made-up inputs for tests of pages and site.

use std::fs;
use std::path::Path;

use dataset::manifest::{Manifest, Source};
use serde_json::{Value, json};
use tempfile::TempDir;

use super::fixture_model::{model, run};
use super::{Inputs, fixture_lake};
use crate::output::{MemoryOutput, Staged, sha256_hex};
use crate::registry::{Published, Stage};
use crate::stage::analyse::{self, Figure, FigureColumn, Figures, Kind};
use crate::stage::migrate::{Fate, Load, LoadReport, SourceFile, TableLoad, Touched};
use crate::stage::validate::{
    Check, MissingColumn, Missingness, Run, Severity, Status, Suite, ValidationReport,
};

/// Text that would run, break out or turn around if it were not escaped.
pub(crate) const HOSTILE: &str =
    "<script>alert(1)</script>\"' onclick=\"x\" \u{202e}&amp;</td><img src=x onerror=y>";

/// Inputs whose files exist as long as the folder does.
pub(crate) struct Files {
    pub(crate) inputs: Inputs,
    pub(crate) folder: TempDir,
}

/// Inputs with lake, model and the repository's own browser files on the disk.
pub(crate) fn files() -> Files {
    let folder = TempDir::new().unwrap();
    let mut inputs = inputs();
    inputs.lake = folder.path().join("lake");
    inputs.web = folder.path().join("web");
    inputs.model_file = folder.path().join("model.bin");
    fs::write(&inputs.model_file, model()).unwrap();
    for (path, bytes) in fixture_lake::lake().1 {
        write(&inputs.lake.join(path), &bytes);
    }
    let mut manifest = MemoryOutput::default();
    crate::manifest::write(&inputs.manifest, &mut manifest).unwrap();
    for (path, bytes) in &manifest.files {
        write(&inputs.lake.join(path), bytes);
    }
    let mut figures = Staged::begin(&inputs.lake.join(analyse::FOLDER)).unwrap();
    analyse::publish(&mut inputs.figures, &mut figures).unwrap();
    figures.commit().unwrap();
    copy(
        &Path::new(env!("CARGO_MANIFEST_DIR")).join("../static"),
        &inputs.web,
    );
    for (path, content) in [
        ("vendor/plotly-basic.min.js", "self.Plotly = {};"),
        ("map/outlines.json", "{}"),
        ("editor/editor.js", "export const mount = () => {};"),
        ("sql/windsock_sql.js", "export default () => {};"),
        ("sql/windsock_sql_bg.wasm", "\0asm"),
        ("wasm/windsock.js", "export default () => {};"),
        ("wasm/windsock_export.js", "export default () => {};"),
        ("wasm/windsock_bg.wasm", "\0asm"),
    ] {
        write(&inputs.web.join(path), content.as_bytes());
    }
    Files { inputs, folder }
}

/// Inputs whose paths lead nowhere.
pub(crate) fn inputs() -> Inputs {
    Inputs {
        title: "Windsock".to_owned(),
        base_url: "/x/y/".to_owned(),
        load: load(),
        validation: validation(),
        figures: figures(),
        model: Published {
            run: run(),
            stage: Stage::Staging,
            decisions: Vec::new(),
        },
        manifest: manifest(),
        lake: "lake".into(),
        model_file: "model.bin".into(),
        web: "web".into(),
        event_pages: super::EventPages::default(),
    }
}

fn write(path: &Path, bytes: &[u8]) {
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, bytes).unwrap();
}

fn copy(from: &Path, to: &Path) {
    for entry in walkdir::WalkDir::new(from) {
        let entry = entry.unwrap();
        if entry.file_type().is_file() {
            let path = entry.path().strip_prefix(from).unwrap();
            write(&to.join(path), &fs::read(entry.path()).unwrap());
        }
    }
}

/// A figure with columns given as words.
fn figure(title: &str, columns: &str, rows: Value) -> Figure {
    let rows: Vec<Vec<Value>> = serde_json::from_value(rows).unwrap();
    let kind = |at: usize| match rows.iter().map(|row| &row[at]).find(|cell| !cell.is_null()) {
        Some(cell) if cell.is_i64() => Kind::Integer,
        Some(cell) if cell.is_number() => Kind::Number,
        _ => Kind::Text,
    };
    Figure {
        title: title.to_owned(),
        unit: "accidents".to_owned(),
        caveat: "Made up.".to_owned(),
        note: None,
        files: None,
        population: format!("{title}: made-up events, incidents left out."),
        sql: format!("SELECT {columns}\nFROM explore WHERE 1 < 2"),
        columns: columns
            .split(' ')
            .enumerate()
            .map(|(at, name)| FigureColumn {
                name: name.to_owned(),
                label: name.replace('_', " "),
                kind: kind(at),
            })
            .collect(),
        rows,
    }
}

fn figures() -> Figures {
    let yearly = (2008..=2021).map(|year: u64| {
        let accidents = 1500 - 10 * (year - 2008);
        json!([
            year,
            accidents,
            accidents / 5,
            accidents / 3,
            40,
            year - 2008
        ])
    });
    let yearly = figure(
        "Accidents per year",
        "ev_year accidents fatal_accidents fatalities incidents open_cases",
        yearly.collect(),
    );
    let types = figure(
        "Aircraft types",
        "acft_make acft_model accidents fatal_accidents fatal_share",
        json!([
            ["CESSNA", "172", 2100, 210, 0.1],
            ["PIPER", "PA-28-140", 900, 150, 0.1667],
            [HOSTILE, HOSTILE, 3, 1, 0.3333],
            [null, null, 1, 0, null],
        ]),
    );
    let states = figure(
        "Accidents by state",
        "ev_state state_name accidents fatal_accidents fatal_share",
        json!([
            ["AK", "Alaska", 1300, 130, 0.1],
            ["CA", "California", 1800, 360, 0.2],
            ["TX", "Texas", 1500, 250, 0.1667],
        ]),
    );
    let phases = figure(
        "Accidents by phase of flight",
        "phase accidents fatal_accidents",
        json!([
            ["Landing", 6000, 200],
            ["En route", 3000, 900],
            [null, 10, 1]
        ]),
    );
    let summary = figure(
        "In figures",
        "events accidents incidents fatal_accidents fatalities aircraft first_year last_year",
        json!([[20_300, 20_000, 300, 3_600, 6_400, 20_600, 2008, 2021]]),
    );
    let rates = Figure {
        note: Some("No exposure data is loaded.".to_owned()),
        ..figure("Rates", "segment ev_year accident_rate", json!([]))
    };
    let list = [
        ("rates", rates),
        ("yearly", yearly),
        ("aircraft_types", types),
        ("states", states),
        ("phases", phases),
        ("summary", summary),
    ];
    Figures {
        figures: list
            .map(|(name, figure)| (name.to_owned(), figure))
            .into_iter()
            .chain(panels())
            .collect(),
    }
}

/// Figures of the pages of circumstances, aircraft, pilots, records and causes.
fn panels() -> Vec<(String, Figure)> {
    let counted = |title: &str, names: &str, rows: Value| {
        figure(
            title,
            &format!("{names} accidents fatal_accidents fatal_share"),
            rows,
        )
    };
    let one = |name: &str, column: &str| {
        let rows = json!([[HOSTILE, 7, 2, 0.2857], [null, 1, 0, 0.0]]);
        (name.to_owned(), counted(name, column, rows))
    };
    let two = |name: &str, columns: &str| {
        let rows = json!([
            ["A", "B", 7, 2, 0.2],
            ["A", null, 1, 0, 0.0],
            [HOSTILE, "B", 3, 1, 0.3]
        ]);
        (name.to_owned(), counted(name, columns, rows))
    };
    let bands = |name: &str, columns: &str| {
        let columns = format!("{columns} aircraft fatal_aircraft fatal_share");
        let rows = json!([[20, 29, 7, 2, 0.2857], [null, null, 1, 0, 0.0]]);
        (name.to_owned(), figure(name, &columns, rows))
    };
    let tree = figure(
        "Findings",
        "source_system category finding_group subject accidents fatal_accidents",
        json!([
            [
                "findings",
                "Personnel issues",
                "Task performance",
                HOSTILE,
                9,
                3
            ],
            ["seq_of_events", null, null, "FUEL", 4, 1],
        ]),
    );
    vec![
        two("calendar", "ev_month hour"),
        two("weather_light", "light_cond wx_cond_basic"),
        two("phases_severity", "phase ev_highest_injury"),
        one("far_parts", "far_part"),
        one("purposes", "type_fly"),
        one("severity", "ev_highest_injury"),
        one("categories", "acft_category"),
        one("homebuilt", "homebuilt"),
        two("engines", "eng_type num_eng"),
        one("gear", "fixed_retractable"),
        bands("pilot_age", "age_from age_to"),
        bands("pilot_hours", "hours_from hours_below"),
        one("data_lag", "ev_year"),
        one("closure", "decade"),
        two("cictt", "cictt_code cictt"),
        one("occurrences", "occurrence"),
        ("findings_tree".to_owned(), tree),
    ]
}

fn load() -> LoadReport {
    let table = |table: &str, read: u64| TableLoad {
        source: "avall.mdb".to_owned(),
        table: table.to_owned(),
        declared: read,
        read,
        inserted: read,
        ..TableLoad::default()
    };
    LoadReport {
        sources: vec![SourceFile {
            name: "avall.mdb".to_owned(),
            sha256: sha256_hex(b"avall"),
            bytes: 123_456_789,
        }],
        tables: vec![
            table("events", 20_300),
            TableLoad {
                inserted: 20_597,
                rejected: 3,
                bad_cells: 3,
                ..table("aircraft", 20_600)
            },
        ],
        history: vec![Load {
            source: "up22FEB.mdb".to_owned(),
            sha256: sha256_hex(b"up22FEB"),
            as_of: Some("2021-12-30".to_owned()),
            inserted: 5,
            followed: true,
            new: 1,
            revised: 1,
            events: vec![
                Touched {
                    ev_id: fixture_lake::ev_id(2021),
                    fate: Fate::New,
                    tables: vec!["events".to_owned()],
                },
                Touched {
                    ev_id: HOSTILE.to_owned(),
                    fate: Fate::Gone,
                    tables: vec![HOSTILE.to_owned()],
                },
            ],
            ..Load::default()
        }],
    }
}

fn validation() -> ValidationReport {
    let check = |rule: &str, severity, status, unexpected: u64| {
        let samples: Vec<Value> = (0..unexpected.min(3))
            .map(|n| json!({ "ev_id": format!("2008010{n}X00001"), "ev_city": HOSTILE }))
            .collect();
        let result = json!({
            "element_count": 20_300,
            "missing_count": 0,
            "unexpected_count": unexpected,
            "partial_unexpected_index_list": samples,
            "partial_unexpected_counts": [{ "value": HOSTILE, "count": unexpected }],
        });
        Check {
            id: format!("events.{rule}"),
            table: "events".to_owned(),
            theme: "dates".to_owned(),
            description: format!("Rule {rule} holds."),
            severity,
            status,
            configuration: json!({}),
            result: result.as_object().unwrap().clone(),
            error: None,
        }
    };
    let missing = Missingness {
        table: "events".to_owned(),
        sql: "SELECT 1 < 2".to_owned(),
        years: vec![2020, 2021],
        rows: vec![1_500, 1_600],
        columns: vec![MissingColumn {
            name: "ev_time".to_owned(),
            missing: vec![3, 900],
        }],
    };
    let earlier = |warned| Run {
        sources: vec!["avall.mdb 0123abcd".to_owned()],
        newest_event: Some("2021-12-30".to_owned()),
        events: 20_300,
        passed: 2 - warned,
        warned,
        failed: 0,
        unexpected: [("events.order".to_owned(), 5 + warned)].into(),
    };
    ValidationReport {
        suites: vec![Suite {
            name: "events".to_owned(),
            description: "Dates are dates and in order.".to_owned(),
            checks: vec![
                check("present", Severity::Fail, Status::Pass, 0),
                check("order", Severity::Warn, Status::Warn, 12),
            ],
        }],
        missing: vec![missing],
        history: vec![earlier(0), earlier(1)],
    }
}

fn manifest() -> Manifest {
    Manifest {
        data_date: "2021-12-30".to_owned(),
        sources: vec![Source {
            name: "avall.mdb".to_owned(),
            sha256: sha256_hex(b"avall"),
            bytes: 123_456_789,
        }],
        tables: fixture_lake::lake().0,
    }
}
