//! The declared features, in the order of the form.

use super::{Feature, Group, Kind, Labels};

const UNKNOWN: &[&str] = &["UNK", "UNKN", "U", "NR", "N/A"];

const fn code(
    name: &'static str,
    label: &'static str,
    group: Group,
    sources: &'static [(&'static str, &'static str)],
    help: &'static str,
) -> Feature {
    let (table, column) = sources[0];
    Feature {
        name,
        label,
        unit: None,
        help,
        group,
        kind: Kind::Category {
            top: 64,
            unknown: UNKNOWN,
        },
        sources,
        labels: Labels::Codes(table, column),
    }
}

const fn number(
    name: &'static str,
    label: &'static str,
    group: Group,
    sources: &'static [(&'static str, &'static str)],
    help: &'static str,
    range: (f64, f64),
) -> Feature {
    Feature {
        name,
        label,
        unit: None,
        help,
        group,
        kind: Kind::Numeric {
            min: range.0,
            max: range.1,
            zero_is_missing: false,
        },
        sources,
        labels: Labels::None,
    }
}

impl Feature {
    const fn unit(self, unit: &'static str) -> Self {
        Self {
            unit: Some(unit),
            ..self
        }
    }

    const fn own(self, labels: &'static [(&'static str, &'static str)]) -> Self {
        Self {
            labels: Labels::Own(labels),
            ..self
        }
    }

    /// Keeps the `top` most frequent levels; the others count as missing.
    const fn top(self, top: usize) -> Self {
        Self {
            kind: Kind::Category {
                top,
                unknown: UNKNOWN,
            },
            labels: Labels::None,
            ..self
        }
    }

    const fn zero_is_missing(self) -> Self {
        match self.kind {
            Kind::Numeric { min, max, .. } => Self {
                kind: Kind::Numeric {
                    min,
                    max,
                    zero_is_missing: true,
                },
                ..self
            },
            Kind::Category { .. } => self,
        }
    }
}

/// Phases that can come before an impact. Uncontrolled descent, post-impact and after landing are
/// outcomes; "other" and "unknown" say nothing.
const PHASES: &[(&str, &str)] = &[
    ("150", "Standing"),
    ("200", "Pushback or towing"),
    ("250", "Taxi"),
    ("300", "Takeoff"),
    ("350", "Initial climb"),
    ("400", "En route"),
    ("450", "Manoeuvring"),
    ("500", "Approach"),
    ("550", "Landing"),
    ("600", "Emergency descent"),
];

/// All declared features.
pub const FEATURES: &[Feature] = &[
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
    code(
        "fixed_retractable",
        "Landing gear",
        Group::Aircraft,
        &[("aircraft", "fixed_retractable")],
        "Whether the landing gear can be retracted.",
    )
    .own(&[("FIXD", "Fixed"), ("RETR", "Retractable")]),
    code(
        "far_part",
        "Operating rule (FAR part)",
        Group::Operation,
        &[("aircraft", "far_part")],
        "The part of the Federal Aviation Regulations the flight was conducted under.",
    ),
    code(
        "type_fly",
        "Purpose of flight",
        Group::Operation,
        &[("aircraft", "type_fly")],
        "Why the flight was made.",
    ),
    code(
        "flt_plan_filed",
        "Flight plan",
        Group::Operation,
        &[("aircraft", "flt_plan_filed")],
        "Kind of flight plan filed.",
    ),
    code(
        "second_pilot",
        "Second pilot aboard",
        Group::Operation,
        &[("aircraft", "second_pilot")],
        "Whether a second pilot was aboard.",
    ),
    code(
        "phase",
        "Phase of flight",
        Group::Operation,
        &[
            ("events_sequence", "phase_no"),
            ("occurrences", "phase_of_flight"),
        ],
        "Phase in which the first event of the accident began.",
    )
    .own(PHASES),
    code(
        "ev_state",
        "State",
        Group::Place,
        &[("events", "ev_state")],
        "State, territory or ocean.",
    ),
    number(
        "ev_month",
        "Month",
        Group::Place,
        &[("events", "ev_date")],
        "Month of the year, 1 to 12.",
        (1.0, 12.0),
    ),
    code(
        "ev_dow",
        "Day of the week",
        Group::Place,
        &[("events", "ev_dow")],
        "Day of the week.",
    ),
    number(
        "local_hour",
        "Hour of the day",
        Group::Place,
        &[
            ("events", "ev_time"),
            ("events", "ev_tmzn"),
            ("events", "dec_longitude"),
        ],
        "Local hour, 0 to 24; times given in UTC are converted to solar time.",
        (0.0, 24.0),
    )
    .unit("h"),
    code(
        "light_cond",
        "Light",
        Group::Weather,
        &[("events", "light_cond")],
        "Daylight, dusk, night.",
    ),
    code(
        "wx_cond_basic",
        "Weather",
        Group::Weather,
        &[("events", "wx_cond_basic")],
        "Visual (VMC) or instrument (IMC) meteorological conditions.",
    ),
    number(
        "vis_sm",
        "Visibility",
        Group::Weather,
        &[("events", "vis_sm"), ("events", "altimeter")],
        "Visibility reported nearby.",
        (0.0, 150.0),
    )
    .unit("statute miles"),
    number(
        "wind_vel_kts",
        "Wind",
        Group::Weather,
        &[("events", "wind_vel_kts"), ("events", "altimeter")],
        "Wind speed reported nearby.",
        (0.0, 150.0),
    )
    .unit("kt"),
    number(
        "gust_kts",
        "Gusts",
        Group::Weather,
        &[("events", "gust_kts")],
        "Speed of gusts; leave empty when there were none.",
        (1.0, 200.0),
    )
    .unit("kt")
    .zero_is_missing(),
    number(
        "wx_temp",
        "Temperature",
        Group::Weather,
        &[("events", "wx_temp"), ("events", "altimeter")],
        "Air temperature reported nearby.",
        (-60.0, 55.0),
    )
    .unit("°C"),
    code(
        "sky_cond_ceil",
        "Ceiling",
        Group::Weather,
        &[("events", "sky_cond_ceil")],
        "Lowest broken or overcast layer of cloud.",
    ),
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
