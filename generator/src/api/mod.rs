//! The static API: what an API of a server would answer, as files, and the OpenAPI document of it.
//!
//! [`ENDPOINTS`] is the one list: the document, the page about it and the tests walk over it.

mod figure;
mod openapi;

pub(crate) use self::figure::{csv, json};
pub(crate) use self::openapi::document;

/// Folder of the API, relative to the site's root.
pub(crate) const FOLDER: &str = "api/v1";

/// Where the OpenAPI document is.
pub(crate) const DOCUMENT: &str = "api/v1/openapi.json";

/// What a file holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Answer {
    /// The figure of this name.
    Figure(&'static str),
    /// Any figure, named in the address.
    AnyFigure,
    /// The same as CSV.
    Csv,
    /// What the buckets of a folder are called.
    Manifest,
    /// Records of events by key.
    Events,
    /// Events of registrations.
    Tails,
    /// What the finder knows.
    Finds,
}

/// A kind of file.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Endpoint {
    /// Address below the folder of the API; a part in braces is chosen.
    pub(crate) path: &'static str,
    /// Name of the operation.
    pub(crate) name: &'static str,
    /// One line about it.
    pub(crate) title: &'static str,
    /// What a reader needs to know.
    pub(crate) about: &'static str,
    pub(crate) answer: Answer,
}

const BUCKETS: &str = "The value of a key is in the last bucket whose first key is not greater. Names \
                       are hashes of content: a bucket never changes.";

/// All kinds of files.
pub(crate) const ENDPOINTS: [Endpoint; 12] = [
    Endpoint {
        path: "summary.json",
        name: "summary",
        title: "The data at a glance",
        about: "Events, accidents, incidents, deaths and aircraft, and the years they cover.",
        answer: Answer::Figure("summary"),
    },
    Endpoint {
        path: "yearly.json",
        name: "yearly",
        title: "Accidents and incidents by year",
        about: "With deaths and cases still open. The newest years are still filling in.",
        answer: Answer::Figure("yearly"),
    },
    Endpoint {
        path: "states.json",
        name: "states",
        title: "Accidents by state",
        about: "Counts follow how much is flown in a state and are no measure of risk.",
        answer: Answer::Figure("states"),
    },
    Endpoint {
        path: "aircraft.json",
        name: "aircraft",
        title: "Accidents by type of aircraft",
        about: "Makes and models with at least 25 accidents.",
        answer: Answer::Figure("models"),
    },
    Endpoint {
        path: "figures/{figure}.json",
        name: "figure",
        title: "Every other figure of the site",
        about: "With its unit, population, caveat and query.",
        answer: Answer::AnyFigure,
    },
    Endpoint {
        path: "figures/{figure}.csv",
        name: "figureCsv",
        title: "The same as CSV",
        about: "RFC 4180 in UTF-8; texts that a spreadsheet would run have an apostrophe before them. \
                The four figures above have a CSV file beside them, too.",
        answer: Answer::Csv,
    },
    Endpoint {
        path: "events/manifest.json",
        name: "eventBuckets",
        title: "Where the records are",
        about: BUCKETS,
        answer: Answer::Manifest,
    },
    Endpoint {
        path: "events/{bucket}.json.gz",
        name: "events",
        title: "Records of events, by ev_id",
        about: "Everything published about each event, aircraft by aircraft.",
        answer: Answer::Events,
    },
    Endpoint {
        path: "tails/manifest.json",
        name: "tailBuckets",
        title: "Where the registrations are",
        about: BUCKETS,
        answer: Answer::Manifest,
    },
    Endpoint {
        path: "tails/{bucket}.json.gz",
        name: "tails",
        title: "Events by registration",
        about: "Letters and digits in upper case; with the events of the same airframe under other \
                registrations.",
        answer: Answer::Tails,
    },
    Endpoint {
        path: "find/manifest.json",
        name: "findBuckets",
        title: "Where the finder’s entries are",
        about: BUCKETS,
        answer: Answer::Manifest,
    },
    Endpoint {
        path: "find/{bucket}.json.gz",
        name: "find",
        title: "What is typed → what it may mean",
        about: "NTSB numbers, registrations, types, airports, states and places, in upper case.",
        answer: Answer::Finds,
    },
];

/// Where the file of a figure is, relative to the site's root.
pub(crate) fn figure_path(name: &str, ending: &str) -> String {
    let own = ENDPOINTS.iter().find_map(|endpoint| match endpoint.answer {
        Answer::Figure(figure) if figure == name => endpoint.path.strip_suffix(".json"),
        _ => None,
    });
    match own {
        Some(path) => format!("{FOLDER}/{path}.{ending}"),
        None => format!("{FOLDER}/figures/{name}.{ending}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_figure_has_one_address() {
        assert_eq!(figure_path("models", "json"), "api/v1/aircraft.json");
        assert_eq!(figure_path("yearly", "csv"), "api/v1/yearly.csv");
        assert_eq!(figure_path("gear", "json"), "api/v1/figures/gear.json");
    }
}
