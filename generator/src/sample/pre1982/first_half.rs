//! `tblFirstHalf`: who, where, when, causes, injuries.

use anyhow::Result;

use super::super::case::Case;
use super::super::craft::Craft;
use super::super::injuries::{Level, Role};
use super::super::people::Crew;
use super::super::row::Row;
use super::{Record, codes, is_carrier};

const LEVELS: [(&str, Option<Level>); 5] = [
    ("FATAL", Some(Level::Fatal)),
    ("SERIOUS", Some(Level::Serious)),
    ("MINOR", Some(Level::Minor)),
    ("NONE", Some(Level::None)),
    ("UNKNOWN", None),
];

pub(super) fn write(
    record: &Record<'_>,
    row: &mut Row,
    push: &mut dyn FnMut(&Row) -> Result<()>,
) -> Result<()> {
    row.clear().number("RecNum", record.number as u32);
    event(record, row);
    place(record.case, row);
    aircraft(record, row);
    for (at, pilot) in record.craft.crew.iter().take(2).enumerate() {
        crew(record, at, pilot, row);
    }
    for (at, cause) in (1..).zip(codes::causes(record)) {
        let column = |part: char| format!("CAUSE_FACTOR_{at}{part}");
        // The item lost its leading zero where it is a number.
        row.text(&column('P'), cause.section)
            .text(&column('M'), cause.mark)
            .text(&column('S'), cause.item.trim_start_matches('0'));
    }
    injuries(record, row);
    push(row)
}

fn event(record: &Record<'_>, row: &mut Row) {
    let case = record.case;
    let class = if case.craft.iter().any(is_carrier) {
        '1'
    } else {
        '3'
    };
    let incident = case.setup.scenario.is_incident();
    row.date("TRANS_DATE", case.changed())
        .text("DOCKET_NO", &format!("{class} {:04}", record.docket))
        .date("DATE_OCCURRENCE", case.when.day)
        .text("TIME_OCCUR", &format!("{:04}", case.local_time()))
        .text("ACC_INC_CLASS", if incident { "C" } else { "A" })
        .text(
            "LIGHT_COND",
            match case.setup.weather.light {
                "DAYL" => "B",
                "NITE" | "NDRK" => "D",
                other => codes::listed("LIGHT_COND", other),
            },
        )
        .text(
            "TYPE_WEATHR",
            match case.setup.weather.basic {
                "VMC" => "A",
                "IMC" => "B",
                _ => "Z",
            },
        )
        .text("ALT_OF_OCC", &codes::altitude(case));
    for (at, (code, phase)) in (1..=2).zip(codes::occurrences(record)) {
        row.text(&format!("ACCIDENT_TYPE{at}"), code)
            .text(&format!("OPERATION_PHASE{at}"), phase);
    }
}

fn place(case: &Case, row: &mut Row) {
    let place = case.setup.place;
    let state = match (place.state, case.whim % 4) {
        // States are spelt in short forms of their time, or by letters.
        ("CA", 0) => "CALIF",
        ("AK", 0) => "ALAS",
        ("FL", 0) => "FLA",
        (state, _) => state,
    };
    let location = format!("{},{state}", place.city.to_uppercase());
    let on = case.setup.scenario.place.on_airport();
    row.text("LOCATION", location.get(..17).unwrap_or(&location))
        .text("LOCAT_NEAR", if on { "" } else { "N" })
        .text("LOCAT_STATE_TERR", &codes::state_number(place.state))
        .text("DEPART_PT", if case.fancies(4) { "LOCAL" } else { "S" })
        .text("INTEN_DESTIN", if case.fancies(4) { "RETURN" } else { "S" });
    if on {
        row.text("AIRPORT_NAME", &place.airport_name.to_uppercase())
            .text("ELEV_AIRPT", &place.elevation.to_string());
    }
}

fn aircraft(record: &Record<'_>, row: &mut Row) {
    let craft = record.craft;
    let model = craft.model;
    // A slip of the keypunch that the real file has as well.
    let make = match record.case.whim % 41 {
        0 => craft.make.to_uppercase().replace("BEECH", "PEECH"),
        _ => craft.make.to_uppercase(),
    };
    row.text("REGIST_NO", &craft.registration)
        .text("ACFT_MAKE", &make)
        .text("ACFT_MODEL", &model.model.to_uppercase())
        .maybe(
            "SECOND_ACFT_REGNO",
            record.other.map(|other| other.registration.as_str()),
        )
        .text("TYPE_CRAFT", codes::category(model.category))
        .text("NO_ENGINES", &model.engines.to_string())
        .text("TYPE_POWER", codes::power(model.engine_type))
        .text("ACFT_ADAMG", codes::damage(craft.damage))
        .text(
            "TYPE_OPERATOR",
            codes::operator(craft.far_part, craft.purpose),
        );
    if record.is_carrier() {
        let carrier = ["AB", "AD"][(record.case.whim % 2) as usize];
        row.text("FLIGHT_PLAN", "C").text("NAME_COMM_CARR", carrier);
    } else {
        let plan = ["A", "B"][(record.case.whim / 3 % 2) as usize];
        row.text("FLIGHT_PLAN", plan).text(
            "KIND_FLY_GENA",
            codes::listed("KIND_FLY_GENA", craft.purpose),
        );
    }
}

/// Every field of a pilot has one character more than its value.
fn crew(record: &Record<'_>, at: usize, pilot: &Crew, row: &mut Row) {
    let suffix = record.suffix(at);
    let unknown = (record.case.whim as usize + at).is_multiple_of(13);
    let field = |value: String| {
        if unknown {
            format!("Z{suffix}")
        } else {
            format!("{value}{suffix}")
        }
    };
    let hours = |hours: f64| field(format!("{hours:05.0}"));
    let position = match pilot.role {
        Role::Copilot => 'B',
        Role::Student => 'C',
        _ => 'A',
    };
    let age = field(pilot.age.to_string());
    let pilot_number = at + 1;
    row.text(
        &format!("PILOT_INVOLED{pilot_number}"),
        &position.to_string(),
    )
    .text(
        &format!("HOURS_TOTAL_PILOT{pilot_number}"),
        &hours(pilot.hours),
    )
    .text(
        &format!("HOURS_IN_TYPE_PILOT{pilot_number}"),
        &hours(pilot.make_hours),
    )
    .text(&format!("AGE_PILOT{pilot_number}"), &age);
}

/// Persons aboard by seat, in the other aircraft, on the ground. The grand total is filled only where
/// there are others than those aboard, and then both records of a collision have the same.
fn injuries(record: &Record<'_>, row: &mut Row) {
    let craft = record.craft;
    row.text("INJURY_INDEX", codes::injury(craft.worst()));
    for (group, role) in [
        ("PILOT", Some(&[Role::Pilot, Role::Instructor][..])),
        ("CO_PILOT", Some(&[Role::Copilot][..])),
        ("DUAL_STUDENT", Some(&[Role::Student][..])),
        ("CHK_PILOT", Some(&[][..])),
        ("FLT_ENGN", Some(&[][..])),
        ("NAVIGTR", Some(&[][..])),
        ("CABIN_ATTN", Some(&[Role::Cabin][..])),
        ("EXTRA_CREW", Some(&[][..])),
        ("PASSENGERS", Some(&[Role::Passenger][..])),
        ("TOTAL_ABRD", None),
    ] {
        counts(group, aboard(craft, role), row);
    }
    let other = record.other.map_or([0; 5], |other| aboard(other, None));
    let [fatal, serious, minor] = record.case.ground;
    let ground = [fatal, serious, minor, 0, 0];
    counts("OTHER_AIRC", other, row);
    counts("OTHER_GRND", ground, row);
    let mut grand = [0; 5];
    if record.other.is_some() || ground != [0; 5] {
        for (at, sum) in grand.iter_mut().enumerate() {
            *sum = aboard(craft, None)[at] + other[at] + ground[at];
        }
    }
    counts("GRAND_TOTAL", grand, row);
}

/// Persons of some roles, or all, by level.
fn aboard(craft: &Craft, roles: Option<&[Role]>) -> [i32; 5] {
    LEVELS.map(|(_, level)| {
        let people = craft.people.iter().filter(|person| {
            roles.is_none_or(|roles| roles.contains(&person.role)) && Some(person.level) == level
        });
        people.count() as i32
    })
}

fn counts(group: &str, counts: [i32; 5], row: &mut Row) {
    for ((level, _), count) in LEVELS.iter().zip(counts) {
        row.number(&format!("{group}_{level}"), count);
    }
    // One total goes by another name than its group.
    let group = if group == "OTHER_GRND" {
        "OTHER_XXXX"
    } else {
        group
    };
    row.number(&format!("{group}_TOTALS"), counts.iter().sum::<i32>());
}
