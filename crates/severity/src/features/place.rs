//! Place and time.

use super::declare::{code, number};
use super::{Feature, Group};

pub(super) const FEATURES: &[Feature] = &[
    code(
        "ev_state",
        "State",
        Group::Place,
        &[("events", "ev_state")],
        "State, territory or ocean.",
    ),
    number(
        "apt_elev",
        "Elevation",
        Group::Place,
        &[("events", "apt_elev")],
        "Elevation of the nearest airport above sea level.",
        (-500.0, 15_000.0),
    )
    .unit("ft")
    .zero_is_missing(),
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
];
