//! `engines`, `narratives`, `NTSB_Admin`, and the multi-valued fields of events and aircraft.

use anyhow::Result;
use dataset::codes;

use super::super::calendar::Era;
use super::super::case::Case;
use super::super::craft::Craft;
use super::super::narrative;
use super::super::row::Row;
use super::Push;

pub(super) fn write_engines(case: &Case, row: &mut Row, push: Push<'_>) -> Result<()> {
    for (key, craft) in (1..).zip(&case.craft) {
        let model = craft.model;
        for number in 1..=usize::from(model.engines) {
            let turbofan = model.engine_type == "TF";
            super::keyed(row, case, &[("Aircraft_Key", key), ("eng_no", number)])
                .text("eng_type", model.engine_type)
                .text("eng_mfgr", model.engine)
                .text(
                    "eng_model",
                    model.engine_model.get(..13).unwrap_or(model.engine_model),
                )
                .number("power_units", model.power)
                .text("hp_or_lbs", if turbofan { "LBS" } else { "HP" })
                .number("eng_time_total", (craft.hours * 0.6).round())
                .number("eng_time_last_insp", craft.inspected.round())
                .number("eng_time_overhaul", (craft.hours * 0.2).round())
                .text("lchg_userid", "sample");
            if model.engine_type == "REC" {
                let injected = model.engine_model.contains("IO");
                row.text(
                    "carb_fuel_injection",
                    if injected { "FINJ" } else { "CARB" },
                );
            }
            if model.category == "AIR" && !turbofan {
                let constant = model.power >= 200;
                row.text("propeller_type", if constant { "CONP" } else { "FIXP" })
                    .text(
                        "propeller_make",
                        if constant { "HARTZELL" } else { "MCCAULEY" },
                    );
            }
            push(row)?;
        }
    }
    Ok(())
}

pub(super) fn write_narratives(case: &Case, row: &mut Row, push: Push<'_>) -> Result<()> {
    // About one in ten has no text yet, or never got one.
    if case.whim.is_multiple_of(11) && (case.open || case.setup.place.is_foreign()) {
        return Ok(());
    }
    for (key, craft) in (1..).zip(&case.craft) {
        super::keyed(row, case, &[("Aircraft_Key", key)])
            .text("narr_accp", &narrative::factual(case, craft))
            .text("lchg_userid", "sample");
        if !case.open && !case.setup.place.is_foreign() {
            row.text("narr_accf", &narrative::analysis(case, craft))
                .text("narr_cause", &narrative::cause(case));
        }
        push(row)?;
    }
    Ok(())
}

pub(super) fn write_admin(case: &Case, row: &mut Row, push: Push<'_>) -> Result<()> {
    super::keyed(row, case, &[])
        .text("rec_stat", if case.open { "P" } else { "F" })
        .text("lchg_userid", "sample");
    if !case.open {
        row.date("approval_date", case.when.day + case.approved);
    }
    push(row)
}

pub(super) fn write_event_details(case: &Case, row: &mut Row, push: Push<'_>) -> Result<()> {
    let scenario = case.setup.scenario;
    let weather = &case.setup.weather;
    let mut details = vec![
        ("wx_cond", weather.phenomenon),
        ("prop_dmg", scenario.property),
    ];
    details.push(("vis_restrct", if weather.imc { "F" } else { "NONE" }));
    if case.era == Era::Modern {
        let number: i32 = scenario.chain[0].1.parse().unwrap_or_default();
        let group = codes::cictt().find(|[event, ..]| *event == number.to_string());
        // The lists write LOC-I and F-POST, the column's codes have four letters and no hyphen.
        let group = group
            .map(|[_, _, code, _]| code.replace('-', ""))
            .unwrap_or_default();
        let known = codes::labels("dt_events", "cictt").into_iter();
        if let Some((code, _)) = known.into_iter().find(|(code, _)| *code == group) {
            details.push(("cictt", code));
        }
    } else {
        details.push((
            "wx_brief_src",
            if case.fancies(10) { "FSS" } else { "NORE" },
        ));
    }
    for (column, code) in details {
        super::keyed(row, case, &[])
            .text("col_name", column)
            .text("code", code)
            .text("lchg_userid", "sample");
        push(row)?;
    }
    Ok(())
}

pub(super) fn write_aircraft_details(case: &Case, row: &mut Row, push: Push<'_>) -> Result<()> {
    for (key, craft) in (1..).zip(&case.craft) {
        for (column, code) in aircraft_details(case, craft) {
            super::keyed(row, case, &[("Aircraft_Key", key)])
                .text("col_name", column)
                .text("code", code)
                .text("lchg_userid", "sample");
            push(row)?;
        }
    }
    Ok(())
}

/// `landing_gear1` is the second list of the present system; earlier there was one list.
fn aircraft_details(case: &Case, craft: &Craft) -> Vec<(&'static str, &'static str)> {
    let mut details = Vec::new();
    let tricycle = matches!(craft.model.gear, "TRI" | "TAIL");
    let second = tricycle && case.is_recent();
    details.push((
        if second {
            "landing_gear1"
        } else {
            "landing_gear"
        },
        craft.model.gear,
    ));
    details.push((
        "acft_awy_cert",
        match craft.model.class {
            'K' | 'W' => "SPE",
            'L' => "STT",
            'G' => "SPR",
            _ => "STN",
        },
    ));
    details.push((
        "airspc_type",
        if craft.model.class == 'L' {
            "CLB"
        } else {
            "CLG"
        },
    ));
    details.push((
        "type_clear0",
        if craft.model.class == 'L' {
            "IFR"
        } else {
            "NONE"
        },
    ));
    if case.setup.scenario.place.on_airport() {
        details.push((
            "rwy_cond",
            if case.setup.weather.imc { "WET" } else { "DRY" },
        ));
    }
    if craft.purpose == "AAPL" {
        details.push(("load_desc", "CHEM"));
    }
    if case
        .setup
        .scenario
        .chain
        .iter()
        .any(|(_, event)| *event == "440")
    {
        details.push(("vfr_appr", "FLND"));
    }
    details
}
