//! `events`.

use anyhow::Result;

use super::super::calendar::{Era, compact, weekday};
use super::super::case::{Case, Coordinates};
use super::super::injuries::{Level, count};
use super::super::row::Row;
use super::Push;

pub(super) fn write(case: &Case, row: &mut Row, push: Push<'_>) -> Result<()> {
    let incident = case.setup.scenario.is_incident();
    super::keyed(row, case, &[])
        .text("ntsb_no", &case.ntsb_no)
        .text("ev_type", if incident { "INC" } else { "ACC" })
        .text("ev_highest_injury", case.worst().code())
        .text(
            "invest_agy",
            if case.setup.place.is_foreign() {
                "O"
            } else {
                "N"
            },
        )
        .text("lchg_userid", "sample");
    time(case, row);
    place(case, row);
    coordinates(case, row);
    collisions(case, row);
    weather(case, row);
    casualties(case, row);
    push(row)
}

/// Recent rows are in UTC, older ones in local time; either may lack the zone.
fn time(case: &Case, row: &mut Row) {
    let (zone, offset) = case.setup.place.time_zone();
    let recent = case.era == Era::Modern;
    let minute = if recent {
        (case.minute - 60 * offset).rem_euclid(1440)
    } else {
        case.minute
    };
    row.date("ev_date", case.when.day)
        .text("ev_dow", weekday(case.when.day, recent))
        .number("ev_year", case.when.year)
        .number("ev_month", case.when.month);
    if !case.whim.is_multiple_of(97) {
        row.number("ev_time", minute / 60 * 100 + minute % 60);
    }
    let blank = if recent { "" } else { "   " };
    let zone = if recent { "UTC" } else { zone };
    row.text(
        "ev_tmzn",
        if case.whim.is_multiple_of(41) {
            blank
        } else {
            zone
        },
    );
}

fn place(case: &Case, row: &mut Row) {
    let place = case.setup.place;
    let state = if place.is_foreign() && case.fancies(0) {
        ""
    } else {
        place.state
    };
    row.text("ev_city", place.city)
        .text("ev_state", state)
        .text("ev_country", place.country);
    let on = case.setup.scenario.place.on_airport();
    if place.airport.is_empty() {
        row.text("ev_nr_apt_loc", "UNK");
        return;
    }
    row.text("ev_nr_apt_loc", if on { "ONAP" } else { "OFAP" });
    // Airports are named only when the event was near one.
    if case.distance < 8.0 {
        row.text("apt_name", &clip(place.airport_name, 30))
            .text("ev_nr_apt_id", place.airport)
            .number("apt_dist", (case.distance * 10.0).round() / 10.0)
            .number("apt_elev", place.elevation);
        if case.era == Era::Old && !on {
            row.number("apt_dir", case.direction);
        }
    }
}

fn coordinates(case: &Case, row: &mut Row) {
    let (latitude, longitude) = match case.coordinates {
        Coordinates::Missing => return,
        Coordinates::Mistyped(latitude, longitude) => {
            row.number("dec_latitude", latitude)
                .number("dec_longitude", longitude);
            return;
        }
        Coordinates::Sound(latitude, longitude) => (latitude, longitude),
    };
    let packed = |degrees: f64, digits: usize, marks: [char; 2]| {
        let seconds = (degrees.abs() * 3600.0).round() as i32;
        let (degree, minute, second) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
        let mark = marks[usize::from(degrees < 0.0)];
        if case.is_recent() {
            // Since the last import the parts are not padded one by one.
            let joined = format!("{degree}{minute}{second}");
            format!("{joined:0>digits$}{mark}")
        } else {
            let width = digits - 4;
            format!("{degree:0width$}{minute:02}{second:02}{mark}")
        }
    };
    row.number("dec_latitude", (latitude * 1e6).round() / 1e6)
        .number("dec_longitude", (longitude * 1e6).round() / 1e6)
        .text("latitude", &packed(latitude, 6, ['N', 'S']))
        .text("longitude", &packed(longitude, 7, ['E', 'W']))
        .text("latlong_acq", if case.fancies(1) { "MEAS" } else { "EST" });
}

fn collisions(case: &Case, row: &mut Row) {
    let event = case.setup.scenario.chain[0].1;
    let code = |yes: bool| if yes { "Y" } else { "N" };
    row.text("mid_air", code(event == "250"))
        .text("on_ground_collision", code(event == "200"));
}

fn weather(case: &Case, row: &mut Row) {
    let weather = &case.setup.weather;
    row.text("wx_cond_basic", weather.basic)
        .text("light_cond", weather.light);
    if weather.unreported || case.setup.place.is_foreign() {
        if case.is_recent() {
            for column in [
                "wx_obs_dir",
                "wx_obs_dist",
                "sky_nonceil_ht",
                "sky_ceil_ht",
                "wx_temp",
                "wx_dew_pt",
                "wind_dir_deg",
                "gust_kts",
                "altimeter",
            ] {
                row.number(column, 0);
            }
            row.text("wind_vel_ind", "F")
                .text("gust_ind", "F")
                .text("wind_dir_ind", "U");
        }
        return;
    }
    let place = case.setup.place;
    row.text("wx_src_iic", "WFAC")
        .text("wx_obs_fac_id", place.airport)
        .number("wx_obs_time", case.local_time())
        .number("wx_obs_elev", place.elevation)
        .number("wx_obs_dist", case.distance.round())
        .number("wx_obs_dir", case.direction)
        .number("vis_sm", (weather.visibility * 4.0).round() / 4.0)
        .number("wx_temp", weather.temperature)
        .number("wx_dew_pt", weather.dew_point)
        .number("wind_dir_deg", weather.wind_direction)
        .number("wind_vel_kts", weather.wind)
        .text("wind_dir_ind", "Y")
        .number("altimeter", (weather.altimeter * 100.0).round() / 100.0);
    let (gusting, calm) = if case.is_recent() {
        (["T", "F"], "F")
    } else {
        (["Y", "N"], "CALM")
    };
    row.text("gust_ind", gusting[usize::from(weather.gust.is_none())]);
    if let Some(gust) = weather.gust {
        row.number("gust_kts", gust);
    }
    row.text("wind_vel_ind", if weather.wind == 0 { calm } else { "" });
    match weather.ceiling {
        Some(feet) => row
            .text("sky_cond_ceil", if weather.imc { "OVC" } else { "BKN" })
            .number("sky_ceil_ht", feet)
            .text("sky_cond_nonceil", "UNK"),
        None => row
            .text("sky_cond_ceil", "NONE")
            .text("sky_cond_nonceil", "CLER"),
    };
    if case.era == Era::Old {
        row.text("wx_int_precip", if weather.imc { "LGT" } else { "" });
    } else if case.fancies(2) && !place.airport.is_empty() {
        let day = compact(case.when.day);
        row.text(
            "metar",
            &weather.metar(place.airport, &day[6..], case.local_time()),
        );
    }
}

/// Totals over all aircraft; those on the ground are counted apart.
fn casualties(case: &Case, row: &mut Row) {
    let counts = count(case.craft.iter().flat_map(|craft| &craft.people));
    let of = |level: Level| counts.get(&level).copied().unwrap_or(0);
    let [fatal, serious, minor] = case.ground;
    let hurt = of(Level::Fatal) + of(Level::Serious) + of(Level::Minor);
    row.number("inj_tot_f", of(Level::Fatal))
        .number("inj_tot_s", of(Level::Serious))
        .number("inj_tot_m", of(Level::Minor))
        .number("inj_tot_n", of(Level::None))
        .number("inj_tot_t", hurt + fatal + serious + minor);
    if fatal + serious + minor > 0 {
        row.number("inj_f_grnd", fatal)
            .number("inj_s_grnd", serious)
            .number("inj_m_grnd", minor);
    }
}

/// The first characters of a text.
fn clip(text: &str, length: usize) -> String {
    text.chars().take(length).collect()
}
