//! When the engine stops.

use super::{Scenario, Setting, Site};

pub(super) const SCENARIOS: &[Scenario] = &[
    Scenario {
        weight: 6.0,
        classes: "PTKGHW",
        setting: Setting::Any,
        place: Site::Off,
        chain: &[("402", "341"), ("600", "440"), ("550", "470")],
        old_chain: &[(541, 351), (552, 180), (576, 230)],
        fatal: -2.2,
        findings: &[("01058500", "01", true), ("02062000", "41", false)],
        old_findings: &[
            (14006, 1135, 0, 1, "C"),
            (24100, 3109, 4107, 2, "F"),
            (19200, 2404, 0, 1, "F"),
        ],
        told: "in cruise flight the engine ran rough, oil covered the windshield and the engine lost \
               all power. The ensuing forced landing was made to a field, where the aircraft struck a \
               berm",
        found: "The examination found a hole in the crankcase and a connecting rod that had separated \
                from the crankshaft",
        cause: "A total loss of engine power due to the failure of a connecting rod.",
        property: "CROP",
    },
    Scenario {
        weight: 5.0,
        classes: "PTKH",
        setting: Setting::Any,
        place: Site::Off,
        chain: &[("402", "192"), ("600", "440"), ("550", "470")],
        old_chain: &[(541, 353), (552, 180), (576, 220)],
        fatal: -2.6,
        findings: &[
            ("02061030", "44", true),
            ("01071010", "24", true),
            ("03022020", "91", false),
        ],
        old_findings: &[
            (17001, 1131, 0, 1, "C"),
            (24001, 3115, 4000, 2, "C"),
            (20200, 2517, 0, 1, "F"),
        ],
        told: "about 12 miles short of the destination the engine lost power. The fuel gauges indicated \
               empty. The aircraft collided with trees during the forced landing",
        found: "The fuel tanks were not breached and contained less than one quart of fuel in all",
        cause: "The pilot's inadequate preflight fuel planning, which resulted in fuel exhaustion and a \
                total loss of engine power.",
        property: "TREE",
    },
    Scenario {
        weight: 3.0,
        classes: "PTKG",
        setting: Setting::Any,
        place: Site::Off,
        chain: &[("350", "191"), ("350", "440")],
        old_chain: &[(522, 353), (552, 180)],
        fatal: -1.9,
        findings: &[("02063015", "44", true), ("01071010", "25", true)],
        old_findings: &[(17001, 1183, 0, 1, "C"), (22204, 3109, 4000, 2, "C")],
        told: "shortly after takeoff the engine lost all power at about 300 feet. The fuel selector was \
               later found on the empty tank",
        found: "The right tank was full, the left tank, which was selected, was empty. The engine ran \
                normally in a test",
        cause: "The pilot's improper fuel management, which resulted in fuel starvation and a total loss \
                of engine power.",
        property: "NONE",
    },
    Scenario {
        weight: 3.0,
        classes: "PK",
        setting: Setting::Moist,
        place: Site::Off,
        chain: &[("404", "342"), ("600", "440")],
        old_chain: &[(551, 354), (552, 180), (576, 300)],
        fatal: -3.0,
        findings: &[
            ("03031030", "91", true),
            ("02063015", "44", true),
            ("01062050", "20", false),
        ],
        old_findings: &[(20000, 2202, 0, 1, "F"), (22304, 3128, 4000, 2, "C")],
        told: "during the descent at reduced power the engine lost power partially and did not respond \
               to the throttle. Carburetor heat was applied late, and the airplane landed in a field",
        found: "Temperature and dew point were conducive to serious carburetor icing at glide power. \
                The engine ran normally afterwards",
        cause: "A partial loss of engine power due to carburetor icing. Contributing was the pilot's \
                delayed use of carburetor heat.",
        property: "CROP",
    },
    Scenario {
        weight: 1.2,
        classes: "PTUHK",
        setting: Setting::Any,
        place: Site::Off,
        chain: &[("402", "150"), ("600", "440"), ("700", "170")],
        old_chain: &[(541, 171), (552, 180)],
        fatal: -0.4,
        findings: &[("01057310", "01", true), ("02062035", "41", true)],
        old_findings: &[(15103, 1157, 0, 1, "C"), (24111, 3109, 4107, 2, "C")],
        told: "smoke entered the cockpit and flames were seen below the engine cowling. The aircraft \
               landed on a road and burned out",
        found: "A fuel line fitting at the carburetor was loose. Sooting began there",
        cause: "An in-flight fire caused by a fuel line that maintenance personnel had not tightened.",
        property: "NONE",
    },
    Scenario {
        weight: 1.4,
        classes: "L",
        setting: Setting::Any,
        place: Site::On,
        chain: &[("350", "340"), ("350", "140")],
        old_chain: &[(522, 351)],
        fatal: super::INCIDENT,
        findings: &[("01057230", "01", true)],
        old_findings: &[(14104, 1137, 0, 1, "C")],
        told: "after takeoff there was a loud bang and the crew saw high exhaust gas temperature on the \
               right engine. They shut it down and returned",
        found: "Several blades of the high-pressure compressor had separated",
        cause: "The separation of compressor blades due to fatigue.",
        property: "NONE",
    },
];
