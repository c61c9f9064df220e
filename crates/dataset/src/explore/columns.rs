//! The columns themselves.

use super::ColumnType::{self, Date, Float, Int, Text};
use super::ExploreColumn;

/// A column that is no facet.
const fn plain(
    kind: ColumnType,
    name: &'static str,
    label: &'static str,
    about: &'static str,
) -> ExploreColumn {
    ExploreColumn {
        name,
        kind,
        label,
        about,
        codes: None,
        facet: false,
    }
}

/// A column visitors choose values of.
const fn facet(
    kind: ColumnType,
    name: &'static str,
    label: &'static str,
    about: &'static str,
) -> ExploreColumn {
    ExploreColumn {
        facet: true,
        ..plain(kind, name, label, about)
    }
}

/// A facet whose values are codes of the given table and column.
const fn code(
    codes: (&'static str, &'static str),
    name: &'static str,
    label: &'static str,
    about: &'static str,
) -> ExploreColumn {
    ExploreColumn {
        codes: Some(codes),
        ..facet(Text, name, label, about)
    }
}

/// All columns in the order of the Parquet files.
pub const COLUMNS: &[ExploreColumn] = &[
    plain(
        Text,
        "ev_id",
        "Event id",
        "events.ev_id, the key to all tables of records. The date some begin with is that of \
         the record, not of the event.",
    ),
    plain(
        Text,
        "ntsb_no",
        "NTSB number",
        "events.ntsb_no, else that of the aircraft. Missing before 1982 and in a few drafts.",
    ),
    plain(
        Int,
        "aircraft_key",
        "Aircraft in the event",
        "aircraft.aircraft_key, counted within the event. Missing if the event has no aircraft \
         row.",
    ),
    code(
        ("events", "ev_type"),
        "ev_type",
        "Event type",
        "events.ev_type: accident or incident as 49 CFR 830.2 tells them apart.",
    ),
    plain(
        Date,
        "ev_date",
        "Date",
        "events.ev_date. Recent records are in UTC, so the local date may be the day before. \
         Never missing in practice.",
    ),
    facet(
        Int,
        "ev_year",
        "Year",
        "Year of ev_date. Missing if that is.",
    ),
    facet(Int, "ev_month", "Month", "Month of ev_date, 1 to 12."),
    code(
        ("events", "ev_dow"),
        "ev_dow",
        "Day of the week",
        "Day of the week of ev_date, in the codes of events.ev_dow.",
    ),
    facet(
        Int,
        "ev_hour",
        "Hour of the day (local)",
        "Full hour of events.ev_time, 0 to 23. A UTC time becomes solar time by the longitude. \
         Missing if the time is 0 or no time of day, if it is UTC and the place is unknown, or \
         if it has no zone; times before 1982 are local.",
    ),
    plain(
        Text,
        "ev_city",
        "Place",
        "events.ev_city as it was typed, without padding.",
    ),
    code(
        ("events", "ev_state"),
        "ev_state",
        "State",
        "events.ev_state in upper case: states, territories, oceans; OF or missing abroad.",
    ),
    facet(
        Text,
        "ev_country",
        "Country",
        "events.ev_country in upper case: USA, or the NTSB's two letters, which are not ISO's.",
    ),
    plain(
        Float,
        "latitude",
        "Latitude (degrees)",
        "Degrees north. events.dec_latitude, repaired where only one reading lies in the state \
         of the event (coordinate_source says how). Missing before 1982 and where no reading is \
         sane.",
    ),
    plain(
        Float,
        "longitude",
        "Longitude (degrees)",
        "Degrees east; as latitude.",
    ),
    plain(
        Text,
        "coordinate_source",
        "Coordinates read as",
        "decimal: as they are; swap, sign, packed_decimal, packed_string: repaired. Missing if \
         there are none.",
    ),
    plain(
        Text,
        "apt_id",
        "Nearest airport",
        "events.ev_nr_apt_id in upper case. Missing away from airports and where not reported.",
    ),
    code(
        ("events", "ev_nr_apt_loc"),
        "ev_nr_apt_loc",
        "On or off an airport",
        "events.ev_nr_apt_loc in upper case.",
    ),
    plain(
        Text,
        "regis_no",
        "Registration",
        "aircraft.regis_no in upper case; UNK, NONE and the like are kept.",
    ),
    facet(
        Text,
        "acft_make",
        "Make",
        "aircraft.acft_make under one name for each maker: case, punctuation and legal forms \
         are dropped, known spellings merged. Missing if the source has no letter or digit.",
    ),
    plain(
        Text,
        "acft_make_raw",
        "Make as reported",
        "aircraft.acft_make as it was typed, without padding.",
    ),
    plain(
        Text,
        "acft_model",
        "Model",
        "aircraft.acft_model in upper case; of spellings of one make that differ in blanks and \
         punctuation only, the commonest. Missing if the source has no letter or digit.",
    ),
    plain(
        Text,
        "acft_model_raw",
        "Model as reported",
        "aircraft.acft_model as it was typed, without padding.",
    ),
    plain(
        Int,
        "acft_year",
        "Year of manufacture",
        "aircraft.acft_year. Missing if before 1903 or more than a year after the event: such \
         values are placeholders.",
    ),
    plain(
        Int,
        "acft_age",
        "Age of the aircraft (years)",
        "ev_year less acft_year, at least 0. Missing if one of them is.",
    ),
    code(
        ("aircraft", "acft_category"),
        "acft_category",
        "Aircraft category",
        "aircraft.acft_category in upper case.",
    ),
    code(
        ("aircraft", "homebuilt"),
        "homebuilt",
        "Amateur-built",
        "aircraft.homebuilt in upper case.",
    ),
    code(
        ("aircraft", "fixed_retractable"),
        "fixed_retractable",
        "Landing gear",
        "aircraft.fixed_retractable in upper case. Missing where not reported; older records \
         name retractable gear only.",
    ),
    plain(
        Int,
        "num_eng",
        "Engines",
        "aircraft.num_eng. 0 is a fact for gliders and balloons and a gap for others; it is \
         kept.",
    ),
    code(
        ("engines", "eng_type"),
        "eng_type",
        "Engine type",
        "engines.eng_type of the engine with the lowest number, in upper case.",
    ),
    code(
        ("aircraft", "far_part"),
        "far_part",
        "Operating rule (FAR part)",
        "aircraft.far_part in upper case: the part of 14 CFR it was operated under. A text: 091 \
         is not 91.",
    ),
    code(
        ("aircraft", "type_fly"),
        "type_fly",
        "Purpose of flight",
        "aircraft.type_fly in upper case.",
    ),
    code(
        ("aircraft", "flt_plan_filed"),
        "flt_plan_filed",
        "Flight plan",
        "aircraft.flt_plan_filed in upper case.",
    ),
    code(
        ("aircraft", "second_pilot"),
        "second_pilot",
        "Second pilot",
        "aircraft.second_pilot in upper case: whether one was aboard.",
    ),
    code(
        ("aircraft", "damage"),
        "damage",
        "Aircraft damage",
        "aircraft.damage in upper case. Often missing while the case is open.",
    ),
    code(
        ("events", "light_cond"),
        "light_cond",
        "Light",
        "events.light_cond in upper case.",
    ),
    code(
        ("events", "wx_cond_basic"),
        "wx_cond_basic",
        "Weather",
        "events.wx_cond_basic in upper case: visual or instrument conditions.",
    ),
    plain(
        Float,
        "vis_sm",
        "Visibility (statute miles)",
        "events.vis_sm as it was typed. Missing if 0 while the altimeter setting is 0 too: such \
         a form was saved without weather.",
    ),
    plain(
        Int,
        "wind_vel_kts",
        "Wind (kt)",
        "events.wind_vel_kts. Missing as vis_sm is; otherwise 0 is calm.",
    ),
    facet(
        Text,
        "phase",
        "Phase of flight",
        "occurrence_chain.phase of the defining occurrence: one set of names over both coding \
         systems. Missing if no occurrence is coded.",
    ),
    facet(
        Text,
        "occurrence",
        "Defining occurrence",
        "occurrence_chain.label of the defining occurrence: the one the NTSB flagged, else the \
         first. Missing if none is coded.",
    ),
    code(
        ("occurrence_chain", "cictt_code"),
        "cictt_code",
        "CAST/ICAO category",
        "occurrence_chain.cictt_code of the defining occurrence. Missing if none is coded or \
         its code has no counterpart.",
    ),
    facet(
        Text,
        "cause_category",
        "Cause category",
        "causes.category of the cause that stands first in the probable cause, under the \
         categories of modern findings for both coding systems. Missing while the case is open \
         and where nothing is coded.",
    ),
    plain(
        Text,
        "cause",
        "First cause",
        "causes.label of the same cause.",
    ),
    code(
        ("events", "ev_highest_injury"),
        "ev_highest_injury",
        "Highest injury",
        "events.ev_highest_injury in upper case: the worst injury in the event, on the ground \
         included.",
    ),
    plain(
        Int,
        "fatalities",
        "Deaths in the event, aboard and on the ground",
        "events.inj_tot_f (aboard) and inj_f_grnd together. Missing if both are.",
    ),
    plain(
        Int,
        "acft_fatalities",
        "Deaths aboard this aircraft",
        "events.inj_tot_f if the event has one aircraft; otherwise the FATL rows of injury for \
         this one. Missing if neither is filled in.",
    ),
    plain(
        Int,
        "inj_tot_s",
        "Serious injuries in the event",
        "events.inj_tot_s.",
    ),
    plain(
        Int,
        "inj_tot_m",
        "Minor injuries in the event",
        "events.inj_tot_m.",
    ),
    plain(
        Int,
        "inj_tot_n",
        "Uninjured in the event",
        "events.inj_tot_n.",
    ),
    plain(
        Int,
        "crew_age",
        "Age of the first pilot (years)",
        "flight_crew.crew_age of the crew member with the lowest number. Missing if 0.",
    ),
    code(
        ("dt_flight_crew", "crew_cert_code"),
        "pilot_cert",
        "Certificate of the first pilot",
        "The highest of the certificates in dt_flight_crew: ATP, COMM, PRI, SPRT, REC, STU, \
         NONE. Missing if none of these is listed.",
    ),
    plain(
        Float,
        "pilot_hours",
        "Total flight hours of the first pilot",
        "flight_time.flight_hours of type TOTL on craft ALL.",
    ),
    facet(
        Text,
        "status",
        "Investigation",
        "closed if a probable cause is published (narratives.narr_cause), else open.",
    ),
];
