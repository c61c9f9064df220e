//! Kinds of accidents: how they are coded in either coding system, how bad they tend to be, and what
//! is told about them. Text and codes belong together, so that a search for "power lines" finds the
//! wire strikes.

mod airborne;
mod landing;
mod powerplant;

use super::weather::Setting;

/// A kind of accident.
#[derive(Debug)]
pub(super) struct Scenario {
    pub(super) weight: f64,
    /// Classes of aircraft it happens to; see [`super::fleet::AircraftType::class`].
    pub(super) classes: &'static str,
    pub(super) setting: Setting,
    pub(super) place: Site,
    /// Modern phase and event: the defining one, then what followed.
    pub(super) chain: &'static [(&'static str, &'static str)],
    /// Old phase and occurrence, in order.
    pub(super) old_chain: &'static [(i32, i32)],
    /// Log-odds that it is fatal, before weather, aircraft and pilot are considered.
    pub(super) fatal: f64,
    /// Modern findings: eight digits, modifier, in the probable cause.
    pub(super) findings: &'static [(&'static str, &'static str, bool)],
    /// Old findings: subject, modifier, person, group, cause or factor.
    pub(super) old_findings: &'static [(i32, i32, i32, i16, &'static str)],
    /// What happened, as the pilot or a witness tells it.
    pub(super) told: &'static str,
    /// What the examination found.
    pub(super) found: &'static str,
    /// The probable cause.
    pub(super) cause: &'static str,
    /// Property damage as coded in `dt_events`.
    pub(super) property: &'static str,
}

/// Where it happens, relative to an airport.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Site {
    /// On the airport.
    On,
    /// Away from it.
    Off,
    /// On an airport, with another aircraft involved.
    OnWithOther,
    /// In the air, with another aircraft involved.
    OffWithOther,
}

impl Site {
    /// Whether a second aircraft is involved.
    pub(super) fn is_pair(self) -> bool {
        matches!(self, Self::OnWithOther | Self::OffWithOther)
    }

    pub(super) fn on_airport(self) -> bool {
        matches!(self, Self::On | Self::OnWithOther)
    }
}

impl Scenario {
    /// A selected incident rather than an accident: little damage, nobody hurt.
    pub(super) fn is_incident(&self) -> bool {
        self.fatal <= INCIDENT
    }
}

/// Log-odds that mark scenarios which are incidents.
pub(super) const INCIDENT: f64 = -20.0;

/// Every kind, most common first within its group.
pub(super) fn all() -> impl Iterator<Item = &'static Scenario> {
    landing::SCENARIOS
        .iter()
        .chain(powerplant::SCENARIOS)
        .chain(airborne::SCENARIOS)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use dataset::codes;

    #[test]
    fn every_code_is_in_the_shipped_lists() {
        let findings: BTreeSet<_> = codes::findings().map(|[code, _]| code).collect();
        let old: BTreeSet<_> = codes::seqevt().map(|[code, _]| code.to_owned()).collect();
        let chain: BTreeSet<_> = codes::labels("Events_Sequence", "Occurrence_Code")
            .into_iter()
            .map(|(code, _)| code)
            .collect();
        for scenario in super::all() {
            for (code, ..) in scenario.findings {
                assert!(findings.contains(code), "finding {code}");
            }
            for (phase, event) in scenario.chain {
                assert!(
                    chain.contains(format!("{phase}xxx").as_str()),
                    "phase {phase}"
                );
                assert!(
                    chain.contains(format!("xxx{event}").as_str()),
                    "event {event}"
                );
            }
            for (phase, occurrence) in scenario.old_chain {
                assert!(old.contains(&phase.to_string()), "phase {phase}");
                assert!(
                    old.contains(&occurrence.to_string()),
                    "occurrence {occurrence}"
                );
            }
            for (subject, modifier, person, ..) in scenario.old_findings {
                for code in [subject, modifier, person] {
                    assert!(*code == 0 || old.contains(&code.to_string()), "code {code}");
                }
            }
        }
    }
}
