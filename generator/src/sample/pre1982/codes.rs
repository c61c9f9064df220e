//! Codes of `PRE1982.MDB`. The real list `ct_Pre1982` has 2,910 rows and is not public apart from the
//! file itself. The kinds of accident, phases, cause factors, flight plans and purposes of the sample
//! have codes of its own in the structure of the real ones (`K`, `L2`; a section of two digits, then
//! two characters), with the words of the time; all other codes are confirmed by rows of the real file
//! or by several sources. Columns whose codes are not known stay empty.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use anyhow::Result;

use super::super::case::Case;
use super::super::injuries::Level;
use super::super::places::lines;
use super::super::row::Row;
use super::Record;

/// Column, code, meaning, and the later codes that it stands for: occurrences, phases, subjects (with
/// a modifier where the subject alone does not say enough) of 1982 to 2007, codes of today elsewhere.
fn list() -> impl Iterator<Item = [&'static str; 4]> {
    lines(include_str!("../data/pre1982_codes.tsv"))
}

/// The code of a column that stands for a later one.
fn code_for(column: &str, later: &str) -> Option<&'static str> {
    static CODES: OnceLock<BTreeMap<(&str, &str), &str>> = OnceLock::new();
    let codes = CODES.get_or_init(|| {
        list()
            .flat_map(|[column, code, _, later]| {
                later
                    .split_whitespace()
                    .map(move |one| ((column, one), code))
            })
            .collect()
    });
    codes.get(&(column, later)).copied()
}

/// The fifty states, numbered from 01 in the order of their names.
const STATES: &str = "AL AK AZ AR CA CO CT DE FL GA HI ID IL IN IA KS KY LA ME MD MA MI MN MS MO MT NE \
                      NV NH NJ NM NY NC ND OH OK OR PA RI SC SD TN TX UT VT VA WA WV WI WY";

/// Writes `ct_Pre1982`.
pub(super) fn write(row: &mut Row, push: &mut dyn FnMut(&Row) -> Result<()>) -> Result<()> {
    for [column, code, meaning, _] in list() {
        row.clear().text("Name", column);
        push(row.text("Code", code).text("Meang", meaning))?;
    }
    for (number, state) in (1..).zip(STATES.split(' ')) {
        row.clear().text("Name", "LOCAT_STATE_TERR");
        push(
            row.text("Code", &format!("{number:02}"))
                .text("Meang", state_name(state)),
        )?;
    }
    Ok(())
}

fn state_name(state: &str) -> &'static str {
    let found = dataset::codes::states().find(|[code, ..]| *code == state);
    found.map_or("", |[_, name, _]| name.trim())
}

/// Number of a state or territory; waters are "offshore".
pub(super) fn state_number(state: &str) -> String {
    let number = STATES.split(' ').position(|code| code == state);
    match (number, state) {
        (Some(at), _) => format!("{:02}", at + 1),
        (None, "DC") => "51".to_owned(),
        (None, "PR") => "61".to_owned(),
        _ => "93".to_owned(),
    }
}

/// A cause factor: section, item, letter of its kind, cause or factor.
#[derive(Debug, Clone, Copy)]
pub(super) struct Cause {
    pub(super) section: &'static str,
    pub(super) item: &'static str,
    pub(super) mark: &'static str,
    pub(super) kind: &'static str,
}

/// Marks that rows are known to have; what they mean is not known.
const MARKS: [&str; 6] = ["A", "B", "C", "J", "K", "L"];

/// What caused it, as the flat table and `tblSeqOfEvents` have it.
pub(super) fn causes(record: &Record<'_>) -> Vec<Cause> {
    let scenario = record.case.setup.scenario;
    let draw = record.case.whim as usize / 7;
    let cause =
        |(at, (subject, modifier, _, _, kind)): (usize, &(i32, i32, i32, i16, &'static str))| {
            let code = factor(*subject, *modifier)?;
            Some(Cause {
                section: code.get(..2)?,
                item: code.get(2..)?,
                mark: MARKS[(draw + at) % MARKS.len()],
                kind,
            })
        };
    scenario
        .old_findings
        .iter()
        .enumerate()
        .filter_map(cause)
        .collect()
}

/// The cause factor of a later finding.
fn factor(subject: i32, modifier: i32) -> Option<&'static str> {
    let column = "CAUSE_FACTOR_1P";
    code_for(column, &format!("{subject}/{modifier}"))
        .or_else(|| code_for(column, &subject.to_string()))
}

/// Kinds of accident with their phases, at most two.
pub(super) fn occurrences(
    record: &Record<'_>,
) -> impl Iterator<Item = (&'static str, &'static str)> {
    let chain = record.case.setup.scenario.old_chain.iter().take(2);
    chain.filter_map(|(phase, occurrence)| {
        Some((
            code_for("ACCIDENT_TYPE1", &occurrence.to_string())?,
            code_for("OPERATION_PHASE1", &phase.to_string())?,
        ))
    })
}

/// Some light conditions and purposes have codes that only the list of the file explains.
pub(super) fn listed(column: &str, later: &str) -> &'static str {
    code_for(column, later).unwrap_or_default()
}

/// Five digits, or Z where it is not known.
pub(super) fn altitude(case: &Case) -> String {
    if case.setup.scenario.place.on_airport() {
        format!("{:05}", case.setup.place.elevation.max(0))
    } else {
        "Z".to_owned()
    }
}

pub(super) fn injury(level: Level) -> &'static str {
    ["F", "C", "M", "N"][level as usize]
}

pub(super) fn damage(code: &str) -> &'static str {
    match code {
        "DEST" => "D",
        "SUBS" => "S",
        "MINR" => "M",
        "NONE" => "N",
        _ => "Z",
    }
}

pub(super) fn category(code: &str) -> &'static str {
    match code {
        "AIR" => "A",
        "HELI" => "B",
        "GLI" => "C",
        "BALL" => "D",
        _ => "Y",
    }
}

pub(super) fn power(engine: &str) -> &'static str {
    match engine {
        "REC" => "A",
        "TJ" => "B",
        "TP" => "C",
        "TF" => "D",
        _ => "",
    }
}

/// Blank in rows of air carriers.
pub(super) fn operator(far_part: &str, purpose: &str) -> &'static str {
    match (far_part, purpose) {
        ("121" | "129", _) => "",
        ("137", _) => "C",
        ("135", _) => "E",
        ("PUBU", _) => "H",
        (_, "INST") => "A",
        (_, "BUS") => "B",
        _ => "D",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn states_are_numbered_by_their_names() {
        for (state, number) in [("AL", "01"), ("AK", "02"), ("CA", "05"), ("WY", "50")] {
            assert_eq!(state_number(state), number);
        }
        assert_eq!(state_number("PR"), "61");
        assert_eq!(state_number("GM"), "93");
    }

    #[test]
    fn every_scenario_can_be_coded() {
        for scenario in super::super::super::scenarios::all() {
            for (phase, occurrence) in scenario.old_chain {
                for (column, later) in [("ACCIDENT_TYPE1", occurrence), ("OPERATION_PHASE1", phase)]
                {
                    assert!(
                        code_for(column, &later.to_string()).is_some(),
                        "{column} {later}"
                    );
                }
            }
            for (subject, modifier, ..) in scenario.old_findings {
                assert!(
                    factor(*subject, *modifier).is_some(),
                    "{subject} {modifier}"
                );
            }
        }
    }

    #[test]
    fn every_state_has_a_name() {
        assert!(STATES.split(' ').all(|state| !state_name(state).is_empty()));
    }
}
