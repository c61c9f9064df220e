//! Light and weather.

use super::declare::{code, number};
use super::{Feature, Group};

pub(super) const FEATURES: &[Feature] = &[
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
    number(
        "dew_spread",
        "Dew point spread",
        Group::Weather,
        &[
            ("events", "wx_temp"),
            ("events", "wx_dew_pt"),
            ("events", "altimeter"),
        ],
        "How far the temperature lies above the dew point; near 0 there is fog.",
        (0.0, 60.0),
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
        "sky_ceil_ht",
        "Height of the ceiling",
        Group::Weather,
        &[("events", "sky_ceil_ht")],
        "Height of the lowest broken or overcast layer above ground.",
        (1.0, 60_000.0),
    )
    .unit("ft")
    .zero_is_missing(),
];
