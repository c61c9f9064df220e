//! What the investigation coded, knowing how the flight ended.

use super::declare::{code, number};
use super::{Feature, Group};

const YES_NO: &[(&str, &str)] = &[("Y", "Yes"), ("N", "No")];

/// A finding is named by its first six digits: category, subcategory, section.
const FINDING: &[(&str, &str)] = &[("findings", "finding_code")];

const fn finding(name: &'static str, label: &'static str, help: &'static str) -> Feature {
    code(name, label, Group::Investigation, FINDING, help).top(40)
}

pub(super) const FEATURES: &[Feature] = &[
    code(
        "occurrence",
        "Defining event",
        Group::Investigation,
        &[
            ("events_sequence", "eventsoe_no"),
            ("occurrences", "occurrence_code"),
        ],
        "The event that the investigation took to define the accident.",
    )
    .top(62),
    code(
        "occurrence_phase",
        "Phase of the defining event",
        Group::Investigation,
        &[
            ("events_sequence", "phase_no"),
            ("occurrences", "phase_of_flight"),
        ],
        "Phase of that event as coded, uncontrolled descent and post-impact included.",
    )
    .top(62),
    code(
        "mid_air",
        "Midair collision",
        Group::Investigation,
        &[("events", "mid_air")],
        "Whether aircraft collided in flight.",
    )
    .own(YES_NO),
    code(
        "on_ground_collision",
        "Collision on the ground",
        Group::Investigation,
        &[("events", "on_ground_collision")],
        "Whether aircraft collided on the ground.",
    )
    .own(YES_NO),
    code(
        "apt_location",
        "Site",
        Group::Investigation,
        &[("events", "ev_nr_apt_loc")],
        "Whether the wreck came to rest on or off an airport.",
    )
    .own(&[
        ("OFAP", "Off airport or airstrip"),
        ("ONAP", "On airport"),
        ("ONAS", "On airstrip"),
    ]),
    number(
        "apt_dist",
        "Distance to the nearest airport",
        Group::Investigation,
        &[("events", "apt_dist")],
        "From the site to the centre of an airport nearby.",
        (0.0, 100.0),
    )
    .unit("statute miles")
    .zero_is_missing(),
    finding(
        "finding_aircraft",
        "Finding: aircraft",
        "First finding about the aircraft; NONE when there are only others.",
    ),
    finding(
        "finding_personnel",
        "Finding: people",
        "First finding about people; NONE when there are only others.",
    ),
    finding(
        "finding_environment",
        "Finding: environment",
        "First finding about the environment; NONE when there are only others.",
    ),
    finding(
        "finding_organization",
        "Finding: organisation",
        "First finding about organisations; NONE when there are only others.",
    ),
];
