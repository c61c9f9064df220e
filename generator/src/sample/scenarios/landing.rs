//! On and near the runway: the most common accidents, and the least deadly.

use super::{INCIDENT, Scenario, Setting, Site};

pub(super) const SCENARIOS: &[Scenario] = &[
    Scenario {
        weight: 15.0,
        classes: "PTGUK",
        setting: Setting::Wind,
        place: Site::On,
        chain: &[("552", "230"), ("552", "300")],
        old_chain: &[(572, 260), (572, 310)],
        fatal: -5.0,
        findings: &[
            ("02063040", "44", true),
            ("01062020", "20", true),
            ("03034040", "82", true),
        ],
        old_findings: &[
            (20000, 2203, 0, 1, "F"),
            (24539, 3127, 4000, 2, "C"),
            (24026, 3115, 4000, 2, "C"),
        ],
        told: "during the landing roll in a gusting crosswind the airplane drifted toward the edge of \
               the runway. Rudder and brake inputs did not correct the drift, the airplane veered off \
               the runway and a wing struck the ground",
        found: "The reported wind was across the landing runway. The wreckage showed no sign of a \
                mechanical malfunction",
        cause: "The pilot's failure to maintain directional control during the landing roll in gusting \
                crosswind conditions.",
        property: "NONE",
    },
    Scenario {
        weight: 9.0,
        classes: "PTUKGW",
        setting: Setting::Any,
        place: Site::On,
        chain: &[("551", "092"), ("551", "094")],
        old_chain: &[(571, 200), (571, 192)],
        fatal: -5.6,
        findings: &[("01062041", "20", true), ("02063040", "44", true)],
        old_findings: &[(24535, 3109, 4000, 2, "C"), (24542, 3128, 4000, 2, "F")],
        told: "the airplane flared high, bounced, and touched down hard on the nose wheel. The nose \
               landing gear collapsed and the propeller struck the runway",
        found: "Examination showed buckling of the firewall and overload fractures of the nose landing \
                gear",
        cause: "The pilot's improper landing flare, which resulted in a bounced and hard landing.",
        property: "NONE",
    },
    Scenario {
        weight: 5.0,
        classes: "PTUK",
        setting: Setting::Any,
        place: Site::On,
        chain: &[("552", "300"), ("552", "096")],
        old_chain: &[(572, 340), (572, 300)],
        fatal: -4.6,
        findings: &[
            ("01062040", "20", true),
            ("02041520", "44", true),
            ("03034015", "82", false),
        ],
        old_findings: &[(24531, 3120, 4000, 2, "C"), (24536, 3128, 4000, 2, "F")],
        told: "the airplane touched down about halfway along the runway with a quartering tailwind. \
               The brakes did not stop it on the remaining runway, and it overran the end, crossed a \
               ditch and nosed over",
        found: "Tire marks began 1,900 feet beyond the threshold. The brakes were functional",
        cause: "The pilot's misjudged approach and his decision not to go around, which resulted in a \
                touchdown too far down the runway and a runway overrun.",
        property: "FENC",
    },
    Scenario {
        weight: 4.0,
        classes: "PTU",
        setting: Setting::Any,
        place: Site::On,
        chain: &[("551", "095"), ("551", "090")],
        old_chain: &[(571, 232)],
        fatal: -6.0,
        findings: &[("02063030", "44", true), ("02041035", "44", true)],
        old_findings: &[(22002, 3128, 4000, 2, "C"), (31120, 3001, 4000, 3, "F")],
        told: "distracted by traffic in the pattern, the landing checklist was not completed. The \
               airplane landed with the landing gear retracted and slid to a stop on its belly",
        found: "The landing gear extended normally when the airplane was raised on jacks",
        cause: "The pilot's failure to extend the landing gear before landing. Contributing to the \
                accident was his failure to use the checklist.",
        property: "NONE",
    },
    Scenario {
        weight: 4.0,
        classes: "PTUGK",
        setting: Setting::Any,
        place: Site::On,
        chain: &[("552", "094"), ("552", "330")],
        old_chain: &[(572, 191), (572, 130)],
        fatal: -6.0,
        findings: &[("01023210", "06", true), ("02061520", "41", false)],
        old_findings: &[(10403, 1137, 0, 1, "C"), (24102, 3115, 4107, 2, "F")],
        told: "the touchdown was normal, but during the landing roll the left main landing gear \
               collapsed and the wing dragged along the runway",
        found: "A fatigue crack was found in the main landing gear strut near its attachment",
        cause: "The collapse of the left main landing gear due to a fatigue failure that maintenance \
                personnel had not detected.",
        property: "NONE",
    },
    Scenario {
        weight: 2.0,
        classes: "PTUL",
        setting: Setting::Any,
        place: Site::OnWithOther,
        chain: &[("250", "200")],
        old_chain: &[(510, 310)],
        fatal: -6.0,
        findings: &[("02021540", "44", true), ("03022040", "91", true)],
        old_findings: &[(24021, 3115, 4000, 2, "C")],
        told: "while taxiing for departure, the left wing struck another airplane that was stopped on \
               the taxiway",
        found: "The view from the cockpit over the nose was restricted while taxiing",
        cause: "The failure of the taxiing pilot to see and avoid the other airplane.",
        property: "NONE",
    },
    Scenario {
        weight: 3.0,
        classes: "H",
        setting: Setting::Any,
        place: Site::On,
        chain: &[("453", "231"), ("453", "097")],
        old_chain: &[(591, 260), (591, 380)],
        fatal: -4.2,
        findings: &[("02063040", "44", true), ("01062023", "20", true)],
        old_findings: &[(23202, 3109, 4000, 2, "C"), (24542, 3104, 4000, 2, "F")],
        told: "while lifting off to a hover the right skid caught on the grass. The helicopter pivoted \
               around the skid and rolled over in a dynamic rollover",
        found: "The main rotor blades had struck the ground. Control continuity was established",
        cause: "The pilot's inadequate control during liftoff, which resulted in a dynamic rollover.",
        property: "NONE",
    },
    Scenario {
        weight: 0.5,
        classes: "PT",
        setting: Setting::Any,
        place: Site::On,
        chain: &[("152", "081")],
        old_chain: &[(503, 370)],
        fatal: -0.4,
        findings: &[("03022035", "91", true), ("02063510", "42", true)],
        old_findings: &[(24021, 3115, 4000, 2, "C")],
        told: "with the engine running, a passenger left the airplane, walked forward around the wing \
               strut and was struck by the propeller",
        found: "No safety briefing had been given before the engine was started",
        cause: "The passenger's inadvertent contact with the rotating propeller.",
        property: "NONE",
    },
    Scenario {
        weight: 3.2,
        classes: "LU",
        setting: Setting::Any,
        place: Site::On,
        chain: &[("551", "330"), ("552", "300")],
        old_chain: &[(571, 130)],
        fatal: INCIDENT,
        findings: &[("01023240", "02", true)],
        old_findings: &[(10418, 1150, 0, 1, "C")],
        told: "on touchdown two main landing gear tires burst. The flight crew kept the airplane on the \
               runway, and the passengers left by the stairs",
        found: "The wheel speed transducer of the brake system was found inoperative",
        cause: "A malfunction of the brake system.",
        property: "NONE",
    },
];
