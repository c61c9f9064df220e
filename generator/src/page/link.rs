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

/// One event, of any kind and country.
pub(super) fn event(site: &SiteUrl, ev_id: &str) -> String {
    let state = ExploreState {
        q: ev_id.to_owned(),
        ..ExploreState::default()
    };
    explore(site, &state)
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
            "/x/explore/?q=20080107X00027"
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
