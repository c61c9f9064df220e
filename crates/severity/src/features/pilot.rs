//! The pilot in command.

use super::declare::{code, number};
use super::{Feature, Group};

pub(super) const FEATURES: &[Feature] = &[
    number(
        "crew_age",
        "Age",
        Group::Pilot,
        &[("flight_crew", "crew_age")],
        "Age of the pilot in command.",
        (10.0, 110.0),
    )
    .unit("years")
    .zero_is_missing(),
    code(
        "crew_category",
        "Role",
        Group::Pilot,
        &[("flight_crew", "crew_category")],
        "Pilot, student, instructor and so on.",
    ),
    code(
        "med_certf",
        "Medical certificate",
        Group::Pilot,
        &[("flight_crew", "med_certf")],
        "Class of medical certificate held.",
    ),
    code(
        "crew_cert",
        "Pilot certificate",
        Group::Pilot,
        &[("dt_flight_crew", "crew_cert_code")],
        "Highest pilot certificate held.",
    ),
    code(
        "instrument_rating",
        "Instrument rating",
        Group::Pilot,
        &[("dt_flight_crew", "crew_rat_instrum")],
        "Whether the pilot was rated to fly by instruments.",
    )
    .own(&[("Y", "Yes"), ("N", "No")]),
    code(
        "multi_engine_rating",
        "Multi-engine rating",
        Group::Pilot,
        &[("dt_flight_crew", "crew_rat_airpln")],
        "Whether the pilot was rated for airplanes with several engines.",
    )
    .own(&[("Y", "Yes"), ("N", "No")]),
    number(
        "hours_total",
        "Flight hours, total",
        Group::Pilot,
        &[("flight_time", "flight_hours")],
        "All flight time of the pilot in command.",
        (0.0, 60_000.0),
    )
    .unit("h")
    .zero_is_missing(),
    number(
        "hours_make",
        "Flight hours in this make and model",
        Group::Pilot,
        &[("flight_time", "flight_hours")],
        "Flight time in the make and model of the accident aircraft.",
        (0.0, 60_000.0),
    )
    .unit("h")
    .zero_is_missing(),
    number(
        "hours_90d",
        "Flight hours, last 90 days",
        Group::Pilot,
        &[("flight_time", "flight_hours")],
        "Flight time in the 90 days before.",
        (0.0, 1_000.0),
    )
    .unit("h"),
];
