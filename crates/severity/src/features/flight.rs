//! The flight.

use super::declare::code;
use super::{Feature, Group};

/// Phases that can come before an impact. Uncontrolled descent, post-impact and after landing are
/// outcomes; "other" and "unknown" say nothing.
const PHASES: &[(&str, &str)] = &[
    ("150", "Standing"),
    ("200", "Pushback or towing"),
    ("250", "Taxi"),
    ("300", "Takeoff"),
    ("350", "Initial climb"),
    ("400", "En route"),
    ("450", "Manoeuvring"),
    ("500", "Approach"),
    ("550", "Landing"),
    ("600", "Emergency descent"),
];

pub(super) const FEATURES: &[Feature] = &[
    code(
        "far_part",
        "Operating rule (FAR part)",
        Group::Operation,
        &[("aircraft", "far_part")],
        "The part of the Federal Aviation Regulations the flight was conducted under.",
    ),
    code(
        "type_fly",
        "Purpose of flight",
        Group::Operation,
        &[("aircraft", "type_fly")],
        "Why the flight was made.",
    ),
    code(
        "oper_sched",
        "Scheduled",
        Group::Operation,
        &[("aircraft", "oper_sched")],
        "Whether a commercial flight was scheduled.",
    ),
    code(
        "flt_plan_filed",
        "Flight plan",
        Group::Operation,
        &[("aircraft", "flt_plan_filed")],
        "Kind of flight plan filed.",
    ),
    code(
        "second_pilot",
        "Second pilot aboard",
        Group::Operation,
        &[("aircraft", "second_pilot")],
        "Whether a second pilot was aboard.",
    ),
    code(
        "phase",
        "Phase of flight",
        Group::Operation,
        &[
            ("events_sequence", "phase_no"),
            ("occurrences", "phase_of_flight"),
        ],
        "Phase in which the first event of the accident began.",
    )
    .own(PHASES),
];
