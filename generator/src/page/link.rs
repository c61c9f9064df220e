//! Links into the explore page: every number leads to the events behind it.

use dataset::url_state::ExploreState;

use super::format::MISSING;
use crate::config::SiteUrl;

/// What the figures count: see the populations their SQL files state.
const UNITED_STATES: (&str, &str) = ("country", "USA");
const ACCIDENTS: [(&str, &str); 2] = [("type", "ACC"), UNITED_STATES];

/// Events of any kind.
pub(super) fn events(site: &SiteUrl) -> String {
    explore(site, &chosen(&[UNITED_STATES]))
}

/// One event, of any kind and country, drawn by the browser.
pub(super) fn event(site: &SiteUrl, ev_id: &str) -> String {
    site.url(&format!("event/?id={}", encoded(ev_id)))
}

/// The page of an event that has one of its own, relative to the root.
pub(super) fn event_path(ev_id: &str) -> String {
    format!("event/{ev_id}/")
}

/// The NTSB's own search; it has no addresses of single records by their public number.
pub(crate) const CAROL: &str = "https://data.ntsb.gov/carol-main-public/basic-search";

/// The NTSB's own documents of an investigation.
pub(super) fn docket(ntsb_no: &str) -> String {
    format!(
        "https://data.ntsb.gov/Docket?NTSBNumber={}",
        encoded(ntsb_no)
    )
}

/// A text as the value of a parameter (RFC 3986, unreserved characters stay).
pub(crate) fn encoded(text: &str) -> String {
    let mut out = String::new();
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            out.push(char::from(byte));
        } else {
            out.extend(["%", &crate::output::hex(&[byte]).to_uppercase()]);
        }
    }
    out
}

/// Accidents of any severity.
pub(super) fn accidents(site: &SiteUrl) -> String {
    accidents_with(site, &[])
}

/// Accidents in which someone died.
pub(super) fn fatal_accidents(site: &SiteUrl) -> String {
    accidents_with(site, &[("sev", "FATL")])
}

/// Incidents.
pub(super) fn incidents(site: &SiteUrl) -> String {
    explore(site, &chosen(&[("type", "INC"), UNITED_STATES]))
}

/// Accidents of one year.
pub(super) fn year(site: &SiteUrl, year: u64) -> String {
    let mut state = chosen(&ACCIDENTS);
    state.from = i32::try_from(year).ok();
    state.to = state.from;
    explore(site, &state)
}

/// Accidents of one month.
pub(super) fn month(site: &SiteUrl, year: i32, month: u32) -> String {
    let month = month.to_string();
    let mut state = chosen(&[&ACCIDENTS[..], &[("month", &month)]].concat());
    (state.from, state.to) = (Some(year), Some(year));
    explore(site, &state)
}

/// Accidents in one state.
pub(super) fn state(site: &SiteUrl, code: &str) -> String {
    accidents_with(site, &[("state", code)])
}

/// Accidents of one make.
pub(super) fn make(site: &SiteUrl, make: &str) -> String {
    accidents_with(site, &[("make", make)])
}

/// Accidents of one type of aircraft.
pub(super) fn aircraft_type(site: &SiteUrl, make: &str, model: &str) -> String {
    accidents_with(site, &[("make", make), ("model", model)])
}

/// Accidents in one phase of flight.
pub(super) fn phase(site: &SiteUrl, phase: &str) -> String {
    accidents_with(site, &[("phase", phase)])
}

/// Accidents defined by one occurrence.
pub(super) fn occurrence(site: &SiteUrl, occurrence: &str) -> String {
    accidents_with(site, &[("occ", occurrence)])
}

/// Accidents with one value of a parameter of the explore page.
pub(super) fn accidents_of(site: &SiteUrl, parameter: &str, value: &str) -> String {
    accidents_with(site, &[(parameter, value)])
}

/// Events of any kind with these values.
pub(super) fn chosen_by(site: &SiteUrl, choices: &[(&'static str, String)]) -> String {
    let choices: Vec<(&str, &str)> = choices.iter().map(|(p, v)| (*p, v.as_str())).collect();
    explore(site, &chosen(&choices))
}

/// The same in one year.
pub(super) fn chosen_in(site: &SiteUrl, choices: &[(&'static str, String)], year: i32) -> String {
    let choices: Vec<(&str, &str)> = choices.iter().map(|(p, v)| (*p, v.as_str())).collect();
    let mut state = chosen(&choices);
    (state.from, state.to) = (Some(year), Some(year));
    explore(site, &state)
}

fn accidents_with(site: &SiteUrl, choices: &[(&str, &str)]) -> String {
    explore(site, &chosen(&[&ACCIDENTS, choices].concat()))
}

fn chosen(choices: &[(&str, &str)]) -> ExploreState {
    let mut state = ExploreState::default();
    for (parameter, value) in choices {
        let value = (*value != MISSING).then(|| (*value).to_owned());
        let values = state.chosen.entry((*parameter).to_owned()).or_default();
        values.insert(value);
    }
    state
}

fn explore(site: &SiteUrl, state: &ExploreState) -> String {
    let query = state.encode();
    if query.is_empty() {
        site.url("explore/")
    } else {
        site.url(&format!("explore/?{query}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_say_what_they_choose() {
        let site = SiteUrl::parse("/x/").unwrap();
        assert_eq!(events(&site), "/x/explore/?country=USA");
        assert_eq!(
            event(&site, "20080107X00027"),
            "/x/event/?id=20080107X00027"
        );
        assert_eq!(
            year(&site, 2019),
            "/x/explore/?type=ACC&country=USA&from=2019&to=2019"
        );
        assert_eq!(
            fatal_accidents(&site),
            "/x/explore/?type=ACC&country=USA&sev=FATL"
        );
        assert_eq!(
            state(&site, MISSING),
            "/x/explore/?type=ACC&country=USA&state=~"
        );
    }

    #[test]
    fn every_parameter_used_is_known_to_the_explore_page() {
        let site = SiteUrl::parse("/").unwrap();
        for link in [
            accidents(&site),
            aircraft_type(&site, "PIPER", "PA-28,140"),
            phase(&site, "En route"),
        ] {
            let query = link.split_once('?').unwrap().1;
            let decoded = ExploreState::decode(query);
            assert_eq!(decoded.notices, Vec::<String>::new(), "{link}");
        }
    }
}
