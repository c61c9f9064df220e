//! The machine.

use super::declare::{code, number};
use super::{Feature, Group};

pub(super) const FEATURES: &[Feature] = &[
    code(
        "acft_category",
        "Aircraft category",
        Group::Aircraft,
        &[("aircraft", "acft_category")],
        "Airplane, helicopter, glider and so on.",
    ),
    code(
        "acft_make",
        "Make",
        Group::Aircraft,
        &[("aircraft", "acft_make")],
        "Manufacturer; only the most frequent ones are known to the model.",
    )
    .top(40),
    code(
        "acft_model",
        "Model family",
        Group::Aircraft,
        &[("aircraft", "acft_model")],
        "Letters and first number of the model (172, PA28, R44); only frequent ones are known.",
    )
    .top(40),
    code(
        "homebuilt",
        "Amateur-built",
        Group::Aircraft,
        &[("aircraft", "homebuilt")],
        "Whether the aircraft was built by an amateur.",
    ),
    number(
        "acft_age",
        "Age of the aircraft",
        Group::Aircraft,
        &[("aircraft", "acft_year"), ("events", "ev_date")],
        "Years since the aircraft was manufactured.",
        (0.0, 110.0),
    )
    .unit("years"),
    number(
        "total_seats",
        "Seats",
        Group::Aircraft,
        &[("aircraft", "total_seats")],
        "Seats installed, crew included.",
        (0.0, 900.0),
    )
    .zero_is_missing(),
    number(
        "cert_max_gr_wt",
        "Maximum gross weight",
        Group::Aircraft,
        &[("aircraft", "cert_max_gr_wt")],
        "Certificated maximum gross weight.",
        (50.0, 1_500_000.0),
    )
    .unit("lb")
    .zero_is_missing(),
    number(
        "num_eng",
        "Engines",
        Group::Aircraft,
        &[("aircraft", "num_eng")],
        "Number of engines; a glider has none.",
        (0.0, 12.0),
    ),
    code(
        "eng_type",
        "Engine type",
        Group::Aircraft,
        &[("engines", "eng_type")],
        "Type of the first engine.",
    ),
    number(
        "eng_hp",
        "Engine power",
        Group::Aircraft,
        &[("engines", "power_units"), ("engines", "hp_or_lbs")],
        "Rated power of the first engine; jets are rated in pounds and have none.",
        (1.0, 10_000.0),
    )
    .unit("hp"),
    code(
        "fixed_retractable",
        "Landing gear",
        Group::Aircraft,
        &[("aircraft", "fixed_retractable")],
        "Whether the landing gear can be retracted.",
    )
    .own(&[("FIXD", "Fixed"), ("RETR", "Retractable")]),
    code(
        "landing_gear",
        "Gear type",
        Group::Aircraft,
        &[("dt_aircraft", "landing_gear")],
        "Tricycle, tailwheel, floats, skids and so on.",
    ),
    number(
        "insp_months",
        "Time since inspection",
        Group::Aircraft,
        &[("aircraft", "date_last_insp"), ("events", "ev_date")],
        "Months since the last inspection of the aircraft.",
        (0.0, 120.0),
    )
    .unit("months"),
];
