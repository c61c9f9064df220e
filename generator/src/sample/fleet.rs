//! The aircraft types of the sample, with what the tables say about each.

use std::sync::OnceLock;

use super::calendar::Era;
use super::places::lines;

/// An aircraft type.
#[derive(Debug)]
pub(super) struct AircraftType {
    pub(super) make: &'static str,
    pub(super) model: &'static str,
    pub(super) series: &'static str,
    /// P single, T twin, U turboprop, L airliner, G agricultural, H helicopter, S glider, B balloon,
    /// K amateur-built, W weight-shift.
    pub(super) class: char,
    pub(super) category: &'static str,
    pub(super) engines: u8,
    pub(super) engine_type: &'static str,
    pub(super) engine: &'static str,
    pub(super) engine_model: &'static str,
    /// Horsepower, for turbofans pounds of thrust.
    pub(super) power: i32,
    pub(super) seats: i32,
    pub(super) weight: i32,
    pub(super) gear: &'static str,
    pub(super) retractable: bool,
    /// Years of manufacture.
    pub(super) first: i32,
    pub(super) last: i32,
    pub(super) share: f64,
    /// What the type adds to the log-odds of a fatal outcome.
    pub(super) risk: f64,
}

/// The types of an era; before 1982 some that were gone from the later files.
pub(super) fn models(era: Era) -> &'static [AircraftType] {
    static MODELS: OnceLock<Vec<AircraftType>> = OnceLock::new();
    static EARLY: OnceLock<Vec<AircraftType>> = OnceLock::new();
    let later = || lines(include_str!("data/fleet.tsv")).map(|fields| parse(&fields));
    match era {
        Era::Modern | Era::Old => MODELS.get_or_init(|| later().collect()),
        Era::Early => EARLY.get_or_init(|| {
            let only = lines(include_str!("data/fleet_1962.tsv")).map(|fields| parse(&fields));
            later().chain(only).collect()
        }),
    }
}

fn parse(fields: &[&'static str; 18]) -> AircraftType {
    let [
        make,
        model,
        series,
        class,
        category,
        engines,
        engine_type,
        engine,
        engine_model,
        rest @ ..,
    ] = *fields;
    let [
        power,
        seats,
        weight,
        gear,
        retractable,
        first,
        last,
        share,
        risk,
    ] = rest;
    let number = |field: &str| field.parse().unwrap_or_default();
    AircraftType {
        make,
        model,
        series,
        class: class.chars().next().unwrap_or('P'),
        category,
        engines: engines.parse().unwrap_or_default(),
        engine_type,
        engine,
        engine_model,
        power: number(power),
        seats: number(seats),
        weight: number(weight),
        gear,
        retractable: retractable == "1",
        first: number(first),
        last: number(last),
        share: share.parse().unwrap_or_default(),
        risk: risk.parse().unwrap_or_default(),
    }
}
