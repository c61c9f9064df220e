//! Heat maps of missing values: tables whose cells say the share and are shaded by it.

use super::super::format::{self, MISSING};
use crate::stage::validate::{MissingColumn, Missingness};

/// A row of a map.
pub(super) struct LineView {
    pub(super) name: String,
    /// Share over all years.
    pub(super) overall: CellView,
    pub(super) cells: Vec<CellView>,
}

/// A share in per cent and how dark it is, from 0 to 5.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct CellView {
    pub(super) text: String,
    pub(super) level: char,
}

/// Years across, something down.
pub(super) struct MapView {
    pub(super) years: Vec<i32>,
    pub(super) lines: Vec<LineView>,
}

/// The columns of one table.
pub(super) struct TableMapView<'a> {
    pub(super) table: &'a str,
    pub(super) sql: &'a str,
    pub(super) rows: String,
    pub(super) overall: String,
    /// Columns with values in some rows only.
    pub(super) map: MapView,
    /// Columns with a value in every row.
    pub(super) full: Vec<&'a str>,
    /// Columns without any value.
    pub(super) empty: Vec<&'a str>,
}

/// One line a table: the share of empty cells over all its columns.
pub(super) fn overview(missing: &[Missingness]) -> Option<MapView> {
    let mut years: Vec<i32> = missing
        .iter()
        .flat_map(|table| &table.years)
        .copied()
        .collect();
    years.sort_unstable();
    years.dedup();
    let lines = missing
        .iter()
        .filter(|table| !table.columns.is_empty())
        .map(|table| {
            let width = table.columns.len() as u64;
            let at = |year: &i32| -> (u64, u64) {
                table.years.binary_search(year).map_or((0, 0), |place| {
                    let empty = table
                        .columns
                        .iter()
                        .map(|column| column.missing[place])
                        .sum();
                    (empty, table.rows[place] * width)
                })
            };
            line(&table.table, &years.iter().map(at).collect::<Vec<_>>())
        });
    let lines: Vec<LineView> = lines.collect();
    (!years.is_empty()).then_some(MapView { years, lines })
}

/// One line a column.
pub(super) fn table(table: &Missingness) -> TableMapView<'_> {
    let rows: u64 = table.rows.iter().sum();
    let total = |column: &MissingColumn| column.missing.iter().sum::<u64>();
    let empty: u64 = table.columns.iter().map(total).sum();
    let named = |keep: &dyn Fn(u64) -> bool| {
        let columns = table.columns.iter().filter(|column| keep(total(column)));
        columns.map(|column| column.name.as_str()).collect()
    };
    let lines = table
        .columns
        .iter()
        .filter(|column| (1..rows).contains(&total(column)))
        .map(|column| {
            let pairs: Vec<(u64, u64)> = column
                .missing
                .iter()
                .copied()
                .zip(table.rows.iter().copied())
                .collect();
            line(&column.name, &pairs)
        });
    TableMapView {
        table: &table.table,
        sql: &table.sql,
        rows: format::thousands(rows),
        overall: format::share(empty, rows * table.columns.len() as u64),
        map: MapView {
            years: table.years.clone(),
            lines: lines.collect(),
        },
        full: named(&|missing| missing == 0 && rows > 0),
        empty: named(&|missing| missing == rows && rows > 0),
    }
}

fn line(name: &str, pairs: &[(u64, u64)]) -> LineView {
    let (part, whole) = pairs
        .iter()
        .fold((0, 0), |(a, b), (part, whole)| (a + part, b + whole));
    LineView {
        name: name.to_owned(),
        overall: cell(part, whole),
        cells: pairs
            .iter()
            .map(|&(part, whole)| cell(part, whole))
            .collect(),
    }
}

/// Only 0 and 100 mean none and all: what is rounded to them is written with a sign.
fn cell(part: u64, whole: u64) -> CellView {
    if whole == 0 {
        return CellView {
            text: MISSING.to_owned(),
            level: '0',
        };
    }
    let percent = (part as f64 / whole as f64 * 100.0).round() as u64;
    let text = match percent {
        0 if part > 0 => "<1".to_owned(),
        100 if part < whole => ">99".to_owned(),
        _ => percent.to_string(),
    };
    let level = match percent {
        _ if part == 0 => '0',
        0..10 => '1',
        10..40 => '2',
        40..75 => '3',
        _ if part < whole => '4',
        _ => '5',
    };
    CellView { text, level }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_rounded_to_none_or_all() {
        let text = |part, whole| cell(part, whole).text;
        assert_eq!(text(0, 500), "0");
        assert_eq!(text(1, 500), "<1");
        assert_eq!(text(499, 500), ">99");
        assert_eq!(text(500, 500), "100");
        assert_eq!(text(0, 0), MISSING);
        assert_eq!(cell(1, 500).level, '1');
        assert_eq!(cell(499, 500).level, '4');
    }

    #[test]
    fn columns_are_full_empty_or_on_the_map() {
        let column = |name: &str, missing: [u64; 2]| MissingColumn {
            name: name.to_owned(),
            missing: missing.to_vec(),
        };
        let given = Missingness {
            table: "events".to_owned(),
            years: vec![2008, 2009],
            rows: vec![10, 20],
            columns: vec![
                column("ev_type", [0, 0]),
                column("ev_time", [10, 2]),
                column("vis_rvr", [10, 20]),
            ],
            ..Missingness::default()
        };
        let view = table(&given);
        assert_eq!((view.full, view.empty), (vec!["ev_type"], vec!["vis_rvr"]));
        let shown: Vec<&str> = view.map.lines[0]
            .cells
            .iter()
            .map(|c| c.text.as_str())
            .collect();
        assert_eq!(shown, ["100", "10"]);
        assert_eq!(view.map.lines[0].overall.text, "40");
        let whole = overview(&[given]).unwrap();
        assert_eq!(whole.lines[0].cells[0].text, "67");
    }
}
