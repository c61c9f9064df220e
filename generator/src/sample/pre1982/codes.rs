//! Codes of `PRE1982.MDB`. The real list `ct_Pre1982` has 2,910 rows and is not public apart from the
//! file itself; only codes that are confirmed by rows or by several sources stand here. Columns whose
//! codes are not known stay empty, and cause factors other than their section have no label.

use anyhow::Result;

use super::super::case::Case;
use super::super::injuries::Level;
use super::super::row::Row;
use super::Record;

/// Column, code, meaning.
const CODES: [(&str, &str, &str); 62] = [
    ("ACC_INC_CLASS", "A", "ACCIDENT"),
    ("ACC_INC_CLASS", "B", "ACCIDENT"),
    ("ACC_INC_CLASS", "F", "ACCIDENT"),
    ("ACC_INC_CLASS", "G", "ACCIDENT"),
    ("ACC_INC_CLASS", "C", "INCIDENT"),
    ("ACC_INC_CLASS", "D", "INCIDENT"),
    ("ACC_INC_CLASS", "E", "INCIDENT"),
    ("ACC_INC_CLASS", "H", "INCIDENT"),
    ("ACC_INC_CLASS", "I", "INCIDENT"),
    ("ACC_INC_CLASS", "J", "INCIDENT"),
    ("ACFT_ADAMG", "D", "DESTROYED"),
    ("ACFT_ADAMG", "S", "SUBSTANTIAL"),
    ("ACFT_ADAMG", "M", "MINOR"),
    ("ACFT_ADAMG", "N", "NONE"),
    ("ACFT_ADAMG", "Z", "UNKNOWN"),
    ("TYPE_CRAFT", "A", "AIRPLANE"),
    ("TYPE_CRAFT", "B", "HELICOPTER"),
    ("TYPE_CRAFT", "C", "GLIDER"),
    ("TYPE_CRAFT", "D", "BALLOON"),
    ("TYPE_CRAFT", "E", "BLIMP"),
    ("TYPE_CRAFT", "F", "BLIMP"),
    ("TYPE_CRAFT", "G", "ROCKET"),
    ("TYPE_CRAFT", "H", "POWERED LIFT"),
    ("TYPE_CRAFT", "I", "GYROCRAFT"),
    ("TYPE_CRAFT", "Y", "OTHER"),
    ("TYPE_POWER", "A", "RECIPROCATING"),
    ("TYPE_POWER", "B", "TURBOJET"),
    ("TYPE_POWER", "C", "TURBOPROP"),
    ("TYPE_POWER", "D", "TURBOFAN"),
    ("TYPE_OPERATOR", "A", "SCHOOL"),
    ("TYPE_OPERATOR", "B", "CORPORATE"),
    ("TYPE_OPERATOR", "C", "AERIAL APPLICATOR"),
    ("TYPE_OPERATOR", "D", "PRIVATE"),
    ("TYPE_OPERATOR", "E", "AIR TAXI"),
    ("TYPE_OPERATOR", "F", "FIXED BASE OPERATOR"),
    ("TYPE_OPERATOR", "G", "FEDERAL"),
    ("TYPE_OPERATOR", "H", "STATE"),
    ("TYPE_OPERATOR", "I", "MUNICIPAL"),
    ("TYPE_OPERATOR", "J", "CIVIL AIR PATROL"),
    ("TYPE_OPERATOR", "K", "MANUFACTURER"),
    ("TYPE_OPERATOR", "L", "MILITARY CLUB"),
    ("TYPE_OPERATOR", "M", "CLUB"),
    ("TYPE_OPERATOR", "N", "INTRASTATE CARRIER"),
    ("TYPE_OPERATOR", "P", "CONTRACT"),
    ("LIGHT_COND", "B", "DAY"),
    ("LIGHT_COND", "D", "NIGHT"),
    ("TYPE_WEATHR", "A", "VFR"),
    ("TYPE_WEATHR", "B", "IFR"),
    ("TYPE_WEATHR", "Z", "UNKNOWN"),
    ("PILOT_INVOLED1", "A", "CAPTAIN"),
    ("PILOT_INVOLED1", "B", "COPILOT"),
    ("PILOT_INVOLED1", "C", "STUDENT"),
    ("PILOT_INVOLED1", "D", "CHECK PILOT"),
    ("INJURY_INDEX", "F", "FATAL"),
    ("INJURY_INDEX", "C", "SERIOUS"),
    ("INJURY_INDEX", "M", "MINOR"),
    ("INJURY_INDEX", "N", "NONE"),
    ("INJURY_INDEX", "Z", "UNKNOWN"),
    ("LOCAT_STATE_TERR", "51", "DISTRICT OF COLUMBIA"),
    ("LOCAT_STATE_TERR", "61", "PUERTO RICO"),
    ("LOCAT_STATE_TERR", "93", "OFFSHORE"),
    ("CAUSE_FACTOR_1P", "64", "PILOT IN COMMAND"),
];

/// The fifty states, numbered from 01 in the order of their names.
const STATES: &str = "AL AK AZ AR CA CO CT DE FL GA HI ID IL IN IA KS KY LA ME MD MA MI MN MS MO MT NE \
                      NV NH NJ NM NY NC ND OH OK OR PA RI SC SD TN TX UT VT VA WA WV WI WY";

/// Writes `ct_Pre1982`.
pub(super) fn write(row: &mut Row, push: &mut dyn FnMut(&Row) -> Result<()>) -> Result<()> {
    for (column, code, meaning) in CODES {
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

/// Sections and marks that rows are known to have; which go together is drawn.
const SECTIONS: [&str; 10] = ["65", "67", "68", "74", "75", "80", "82", "84", "88", "70"];
const MARKS: [&str; 6] = ["A", "B", "C", "J", "K", "L"];

/// One to three cause factors; the pilot in command is nearly always the first.
pub(super) fn causes(record: &Record<'_>) -> Vec<Cause> {
    let whim = record.case.whim as usize / 7;
    let count = 1 + whim % 3;
    let cause = |at: usize| {
        let draw = whim / 3 + 7 * at;
        let section = if at == 0 && !draw.is_multiple_of(8) {
            "64"
        } else {
            SECTIONS[draw % SECTIONS.len()]
        };
        Cause {
            section,
            item: match section {
                "70" => "CB",
                _ => ["01", "07"][(draw / 2) % 2],
            },
            mark: MARKS[draw % MARKS.len()],
            kind: if at == 0 || draw.is_multiple_of(4) {
                "C"
            } else {
                "F"
            },
        }
    };
    (0..count).map(cause).collect()
}

/// One or two kinds of accident.
pub(super) fn occurrences(record: &Record<'_>) -> Vec<&'static str> {
    let known = ["K", "L2", "B1"];
    let whim = record.case.whim as usize / 11;
    let first = whim % known.len();
    let count = 1 + usize::from(record.case.setup.scenario.old_chain.len() > 1);
    (0..count)
        .map(|at| known[(first + at) % known.len()])
        .collect()
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
    fn every_state_has_a_name() {
        assert!(STATES.split(' ').all(|state| !state_name(state).is_empty()));
    }
}
