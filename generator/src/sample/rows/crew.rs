//! `Flight_Crew`, `flight_time` and `dt_Flight_Crew`.

use anyhow::Result;

use super::super::calendar::Era;
use super::super::case::Case;
use super::super::craft::Craft;
use super::super::injuries::Role;
use super::super::people::Crew;
use super::super::row::Row;
use super::Push;

/// Crew members with their keys.
fn members(case: &Case) -> impl Iterator<Item = ([(&'static str, usize); 2], &Craft, &Crew)> {
    (1..).zip(&case.craft).flat_map(|(key, craft)| {
        (1..)
            .zip(&craft.crew)
            .map(move |(number, crew)| ([("Aircraft_Key", key), ("crew_no", number)], craft, crew))
    })
}

pub(super) fn write(case: &Case, row: &mut Row, push: Push<'_>) -> Result<()> {
    for (keys, craft, crew) in members(case) {
        let person = craft.people.iter().find(|person| person.role == crew.role);
        super::keyed(row, case, &keys)
            .maybe("crew_category", crew.role.crew_category())
            .text("crew_sex", if crew.female { "F" } else { "M" })
            .text(
                "crew_city",
                case.setup
                    .place
                    .city
                    .get(..15)
                    .unwrap_or(case.setup.place.city),
            )
            .text(
                "crew_res_state",
                if case.setup.place.is_foreign() {
                    ""
                } else {
                    case.setup.place.state
                },
            )
            .text("crew_res_country", case.setup.place.country)
            .text("med_certf", crew.medical)
            .text("med_crtf_vldty", if crew.age > 45 { "WWL" } else { "WOWL" })
            .date("date_lst_med", case.when.day - 30 - crew.age * 5)
            .text(
                "crew_rat_endorse",
                if crew.certificate == "STU" { "Y" } else { "N" },
            )
            .text(
                "crew_tox_perf",
                if craft.worst().code() == "FATL" {
                    "Y"
                } else {
                    "N"
                },
            )
            .text("seat_occ_pic", seat(craft, crew))
            .text(
                "pc_profession",
                if matches!(crew.certificate, "ATP" | "COMM") {
                    "YES"
                } else {
                    "NO"
                },
            )
            .text("bfr", if crew.certificate == "STU" { "N" } else { "Y" })
            .date("bfr_date", case.when.day - 20 - crew.age * 7)
            .date("ft_as_of", case.when.day)
            .number("seat_occ_row", 1)
            .text("seatbelts_used", "Y")
            .text("shldr_harn_used", if crew.age % 9 == 0 { "N" } else { "Y" })
            .text("lchg_userid", "sample")
            .flag("pilot_flying", crew.role != Role::Copilot);
        // 0 stands for an unknown age.
        row.number(
            "crew_age",
            if case.whim.is_multiple_of(53) {
                0
            } else {
                crew.age
            },
        );
        row.maybe("crew_inj_level", person.map(|person| person.level.code()));
        if case.era == Era::Modern {
            row.text(
                "available_restraint",
                if craft.model.class == 'G' { "5" } else { "3" },
            )
            .text("restraint_used", if crew.age % 9 == 0 { "L" } else { "3" });
        }
        push(row)?;
    }
    Ok(())
}

fn seat(craft: &Craft, crew: &Crew) -> &'static str {
    match (craft.model.class, crew.role) {
        _ if craft.model.seats == 1 => "SNGL",
        ('H', Role::Pilot) | (_, Role::Copilot | Role::Instructor) => "RGT",
        _ => "LEFT",
    }
}

pub(super) fn write_hours(case: &Case, row: &mut Row, push: Push<'_>) -> Result<()> {
    for (keys, craft, crew) in members(case) {
        let single = if craft.model.engines > 1 { 0.5 } else { 0.9 };
        let mut hours = vec![
            ("TOTL", "ALL", crew.hours),
            ("TOTL", "MAKE", crew.make_hours),
            ("TOTL", "SENG", crew.hours * single),
            (
                "PIC",
                "ALL",
                crew.hours * if crew.certificate == "STU" { 0.2 } else { 0.85 },
            ),
            ("L90D", "ALL", crew.recent),
            ("L90D", "MAKE", crew.recent * 0.6),
            ("L30D", "ALL", crew.recent * 0.35),
            ("L24H", "ALL", (crew.recent * 0.02).max(0.5)),
        ];
        if crew.instrument {
            hours.push(("TOTL", "ACTU", crew.hours * 0.06));
            hours.push(("TOTL", "SIMU", 40.0 + crew.hours * 0.01));
        }
        if craft.model.category == "HELI" {
            hours.push(("TOTL", "ROTO", crew.hours * 0.7));
        }
        if craft.model.engines > 1 {
            hours.push(("TOTL", "MENG", crew.hours * 0.5));
        }
        for (kind, of, hours) in hours {
            super::keyed(row, case, &keys)
                .text("flight_type", kind)
                .text("flight_craft", of)
                .number("flight_hours", hours.round().max(1.0))
                .text("lchg_userid", "sample");
            push(row)?;
        }
    }
    Ok(())
}

/// Names with the suffix 0 hold answers that exclude all others.
pub(super) fn write_details(case: &Case, row: &mut Row, push: Push<'_>) -> Result<()> {
    for (keys, craft, crew) in members(case) {
        let mut details = vec![("crew_cert_code", crew.certificate)];
        if crew.certificate == "CFI" {
            details.push(("crew_cert_code", "COMM"));
            details.push(("crew_rat_instruct", "ASE"));
        } else {
            details.push(("crew_rat_instruct0", "NONE"));
        }
        match craft.model.category {
            "HELI" => details.push(("crew_rat_roto", "HELI")),
            "GLI" => details.push(("crew_rat_roto", "GLI")),
            "BALL" => details.push(("crew_rat_roto", "BALL")),
            _ => details.push(("crew_rat_airpln", "SEL")),
        }
        if craft.model.engines > 1 {
            details.push(("crew_rat_airpln", "MEL"));
        }
        if crew.instrument {
            details.push((
                "crew_rat_instrum",
                if craft.model.category == "HELI" {
                    "HELI"
                } else {
                    "APLN"
                },
            ));
        }
        for (column, code) in details {
            super::keyed(row, case, &keys)
                .text("col_name", column)
                .text("code", code)
                .text("lchg_userid", "sample");
            push(row)?;
        }
    }
    Ok(())
}
