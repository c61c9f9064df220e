//! `aircraft`.

use anyhow::Result;

use super::super::calendar::Era;
use super::super::case::Case;
use super::super::craft::Craft;
use super::super::injuries::Role;
use super::super::row::Row;
use super::Push;

pub(super) fn write(case: &Case, row: &mut Row, push: Push<'_>) -> Result<()> {
    for (key, craft) in (1..).zip(&case.craft) {
        super::keyed(row, case, &[("Aircraft_Key", key)]).text("lchg_userid", "sample");
        identity(case, craft, key, row);
        seats(craft, row);
        operation(case, craft, row);
        people(case, craft, row);
        route(case, craft, row);
        push(row)?;
    }
    Ok(())
}

fn identity(case: &Case, craft: &Craft, key: usize, row: &mut Row) {
    let model = craft.model;
    // Aircraft of a collision carry letters behind the event's number.
    let suffix = if case.craft.len() > 1 {
        ["A", "B", "C"][(key - 1).min(2)]
    } else {
        ""
    };
    let registration = match case.whim % 89 {
        0 => craft.registration.to_lowercase(),
        _ => craft.registration.clone(),
    };
    row.text("ntsb_no", &format!("{}{suffix}", case.ntsb_no))
        .text("regis_no", &registration)
        .text("acft_missing", "N")
        .text("acft_make", &craft.make)
        .text("acft_model", model.model)
        .text("acft_series", model.series)
        .text("acft_serial_no", &craft.serial.to_string())
        .text("acft_category", model.category)
        .text("homebuilt", if model.class == 'K' { "Y" } else { "N" })
        .number("cert_max_gr_wt", model.weight)
        .number("num_eng", model.engines)
        .text(
            "fixed_retractable",
            if model.retractable { "RETR" } else { "FIXD" },
        )
        .number("acft_year", craft.built)
        .text("acft_fire", craft.fire)
        .text(
            "acft_expl",
            if craft.fire == "NONE" { "NONE" } else { "UNK" },
        );
    let unknown = case.open && case.whim.is_multiple_of(3);
    row.text("damage", if unknown { "" } else { craft.damage });
    row.text(
        "acft_reg_cls",
        match (
            case.setup.place.is_foreign(),
            craft.registration.starts_with('N'),
        ) {
            (true, true) => "USFN",
            (true, false) => "FNFN",
            _ => "USUS",
        },
    );
}

fn seats(craft: &Craft, row: &mut Row) {
    let cabin = craft
        .people
        .iter()
        .filter(|person| person.role == Role::Cabin)
        .count() as i32;
    let pilots = if craft.model.seats > 1 { 2 } else { 1 };
    row.number("total_seats", craft.model.seats + cabin)
        .number("fc_seats", pilots)
        .number("cc_seats", cabin)
        .number("pax_seats", (craft.model.seats - pilots).max(0));
}

fn operation(case: &Case, craft: &Craft, row: &mut Row) {
    let scheduled = matches!(craft.far_part, "121" | "129");
    let commercial = scheduled || matches!(craft.far_part, "135" | "137" | "133");
    let company = format!("Example Aviation {}", craft.operator);
    let inspection = match craft.model.class {
        'L' | 'U' => "COAW",
        'H' | 'G' => "100H",
        'K' => "COND",
        _ => "ANNL",
    };
    row.text("far_part", craft.far_part)
        .text("type_fly", craft.purpose)
        .text(
            "oper_sched",
            if scheduled {
                "SCHD"
            } else if commercial {
                "NSCH"
            } else {
                ""
            },
        )
        .text("oper_dom_int", if commercial { "DOM" } else { "" })
        .text("oper_pax_cargo", if scheduled { "PAX" } else { "" })
        .text("certs_held", if commercial { "Y" } else { "N" })
        .text(
            "oper_cert",
            if craft.far_part == "137" { "AGR" } else { "" },
        )
        .text("owner_acft", &company)
        .text("oper_name", &company)
        .text("oper_same", "Y")
        .text("oper_individual_name", "N")
        .text("owner_city", case.setup.place.city)
        .text(
            "owner_state",
            if case.setup.place.is_foreign() {
                ""
            } else {
                case.setup.place.state
            },
        )
        .text("owner_country", case.setup.place.country)
        .text(
            "air_medical",
            if craft.purpose == "AIRM" { "Y" } else { "N" },
        )
        .text(
            "med_type_flight",
            if craft.purpose == "AIRM" { "MEDE" } else { "" },
        )
        .text(
            "site_seeing",
            if craft.purpose == "SITE" { "Y" } else { "N" },
        )
        .flag(
            "ifr_equipped_cert",
            matches!(craft.model.class, 'L' | 'U' | 'T'),
        );
    row.text("type_last_insp", inspection)
        .date(
            "date_last_insp",
            case.when.day - (craft.inspected * 3.0) as i32,
        )
        .number("afm_hrs_last_insp", craft.inspected.round())
        .number("afm_hrs", craft.hours.round())
        .text(
            "afm_hrs_since",
            if case.fancies(3) { "ACCI" } else { "INSP" },
        );
    let elt = craft.model.class != 'B' && craft.model.class != 'W';
    row.text("elt_install", if elt { "Y" } else { "N" });
    if elt {
        row.text("elt_oper", if craft.damage == "DEST" { "Y" } else { "N" })
            .text("elt_aided_loc_ev", "N")
            .text(
                "elt_type",
                if case.era == Era::Old { "C91" } else { "C126" },
            );
    }
}

fn people(case: &Case, craft: &Craft, row: &mut Row) {
    let second = craft.crew.len() > 1;
    row.text("second_pilot", if second { "Y" } else { "N" })
        .text(
            "evacuation",
            if craft.model.class == 'L' && case.fancies(4) {
                "Y"
            } else {
                "N"
            },
        );
}

fn route(case: &Case, craft: &Craft, row: &mut Row) {
    let place = case.setup.place;
    let plan = match craft.model.class {
        'L' => "IFR",
        'U' | 'T' if case.fancies(5) => "IFR",
        _ if case.setup.weather.imc && case.fancies(6) => "IFR",
        _ if case.whim.is_multiple_of(7) => "VFR",
        _ => "NONE",
    };
    row.text("flt_plan_filed", plan)
        .text(
            "flight_plan_activated",
            if plan == "NONE" { "N" } else { "Y" },
        )
        .text(
            "dprt_pt_same_ev",
            if case.setup.scenario.place.on_airport() {
                "Y"
            } else {
                "N"
            },
        )
        .text("dprt_apt_id", place.airport)
        .text("dprt_city", place.city)
        .text("dprt_state", place.state)
        .text(
            "dprt_country",
            if place.is_foreign() {
                place.country
            } else {
                "USA"
            },
        )
        .number(
            "dprt_time",
            (case.minute / 60 + 23) % 24 * 100 + case.minute % 60,
        )
        .text("dprt_timezn", place.time_zone().0)
        .text("dest_same_local", if case.fancies(7) { "LOCL" } else { "" });
    if case.setup.scenario.place.on_airport() && !place.airport.is_empty() {
        let runway = case.direction / 10 % 36 + 1;
        row.text("rwy_num", &format!("{runway:02}"))
            .number("rwy_len", 2_000 + case.whim as i32 % 80 * 100)
            .number("rwy_width", if case.fancies(8) { 75 } else { 100 });
    }
    if case.era == Era::Old {
        row.number("phase_flt_spec", case.setup.scenario.old_chain[0].0);
    }
    if craft.model.engines > 0 {
        row.text(
            "fuel_on_board",
            &format!("{} gallons", craft.model.power.clamp(20, 900) / 6),
        );
    }
}
