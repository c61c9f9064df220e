//! The texts of a report: what happened, what was found, why.

use dataset::codes;
use jet::datetime::DateTime;

use super::case::Case;
use super::craft::Craft;
use super::injuries::{Level, Role};
use crate::text::MONTHS;

/// The factual narrative; open cases have a short, preliminary one.
pub(super) fn factual(case: &Case, craft: &Craft) -> String {
    let scenario = case.setup.scenario;
    let opening = opening(case, craft);
    if case.setup.place.is_foreign() {
        return format!(
            "{opening}\r\n\r\nThe accident is being investigated by the authorities of the State of \
             Occurrence. This report is for information only and contains only what that State has \
             released."
        );
    }
    let told = sentence(scenario.told);
    if case.open {
        return format!("{opening}\r\n\r\nAccording to a preliminary statement, {told}");
    }
    let teller = match craft.worst() {
        Level::Fatal => "According to a witness,",
        _ => "The pilot reported that",
    };
    format!(
        "{opening}\r\n\r\n{teller} {told}\r\n\r\n{} {} {}",
        sentence(scenario.found),
        weather(case),
        experience(craft),
    )
}

/// The analysis of a closed case.
pub(super) fn analysis(case: &Case, craft: &Craft) -> String {
    let scenario = case.setup.scenario;
    format!(
        "The {} of the {} was {}. The investigation found that {} {}",
        if craft
            .people
            .iter()
            .any(|person| person.role == Role::Student)
        {
            "student pilot, with an instructor aboard,"
        } else {
            "pilot"
        },
        craft.noun(),
        match craft.purpose {
            "INST" => "on an instructional flight",
            "AAPL" => "applying chemicals to a field",
            "AOBV" => "on an aerial observation flight",
            "SCAC" | "" => "operating a revenue flight",
            _ => "on a cross-country or local flight",
        },
        sentence(scenario.told),
        sentence(scenario.found),
    )
}

/// The probable cause of a closed case.
pub(super) fn cause(case: &Case) -> String {
    case.setup.scenario.cause.to_owned()
}

fn opening(case: &Case, craft: &Craft) -> String {
    let date = DateTime::from_days(f64::from(case.when.day)).unwrap_or(DateTime::day(2000, 1, 1));
    let damage = match craft.damage {
        "DEST" => "destroyed",
        "SUBS" => "substantially damaged",
        "MINR" => "slightly damaged",
        _ => "not damaged",
    };
    let part = match craft.far_part {
        "NUSC" | "NUSN" | "UNK" => String::new(),
        "PUBU" => " The flight was a public use flight.".to_owned(),
        part => format!(
            " The flight was operated under Title 14 Code of Federal Regulations Part {}.",
            part.trim_start_matches('0')
        ),
    };
    format!(
        "On {} {}, {}, about {:04} {}, a {} {}, {}, was {damage} when it was involved in an {} near {}, \
         {}. {}{part}",
        MONTHS[usize::from(date.month - 1)],
        date.day,
        date.year,
        case.local_time(),
        zone_name(case.setup.place.time_zone().0),
        craft.name(),
        craft.noun(),
        craft.registration,
        if case.setup.scenario.is_incident() {
            "incident"
        } else {
            "accident"
        },
        case.setup.place.city,
        region(case),
        injuries(craft),
    )
}

fn zone_name(code: &str) -> &'static str {
    match code {
        "PST" => "Pacific standard time",
        "MST" => "mountain standard time",
        "CST" => "central standard time",
        "EST" => "eastern standard time",
        "AKS" => "Alaska standard time",
        "HST" => "Hawaii standard time",
        "AST" => "Atlantic standard time",
        _ => "coordinated universal time",
    }
}

/// The state's or country's name in mixed case.
fn region(case: &Case) -> String {
    let place = case.setup.place;
    if place.is_foreign() {
        let country = codes::countries().find(|[code, _]| *code == place.country);
        return country.map_or(place.country, |[_, name]| name).to_owned();
    }
    let state = codes::states().find(|[code, ..]| *code == place.state);
    let name = match state {
        Some([_, name, _]) => name.trim(),
        None if place.state == "PR" => "PUERTO RICO",
        None => "GULF OF MEXICO",
    };
    let word = |word: &str| {
        let (first, rest) = word.split_at(1.min(word.len()));
        format!("{first}{}", rest.to_lowercase())
    };
    name.split(' ').map(word).collect::<Vec<_>>().join(" ")
}

fn injuries(craft: &Craft) -> String {
    let pilots = craft
        .people
        .iter()
        .filter(|person| person.role.crew_category().is_some());
    let others = craft.people.len() - pilots.clone().count();
    let worst = match craft.worst() {
        Level::Fatal => "fatally injured",
        Level::Serious => "seriously injured",
        Level::Minor => "slightly injured",
        Level::None => "not injured",
    };
    match (pilots.count(), others, craft.worst()) {
        (_, _, Level::None) => "Nobody aboard was injured.".to_owned(),
        (1, 0, _) => format!("The pilot, who was alone, was {worst}."),
        (_, others, _) => format!(
            "Of the {} persons aboard, at least one was {worst}; {others} of them were passengers or \
             cabin crew.",
            craft.people.len()
        ),
    }
}

fn weather(case: &Case) -> String {
    let weather = &case.setup.weather;
    let condition = if weather.imc { "Instrument" } else { "Visual" };
    let wind = match weather.gust {
        Some(gust) => format!(
            "{:03} degrees at {} knots gusting to {gust}",
            weather.wind_direction, weather.wind
        ),
        None => format!(
            "{:03} degrees at {} knots",
            weather.wind_direction, weather.wind
        ),
    };
    format!(
        "{condition} meteorological conditions prevailed; the wind was from {wind}, the visibility \
         {:.0} miles.",
        weather.visibility.max(1.0)
    )
}

fn experience(craft: &Craft) -> String {
    craft.crew.first().map_or_else(String::new, |pilot| {
        format!(
            "The {}-year-old pilot had about {:.0} hours of flight experience, {:.0} of them in the make \
             and model.",
            pilot.age, pilot.hours, pilot.make_hours
        )
    })
}

/// A fragment of a scenario as a sentence's end.
fn sentence(fragment: &str) -> String {
    format!("{fragment}.")
}
