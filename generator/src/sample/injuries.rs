//! Who was aboard and how they fared.

use std::collections::BTreeMap;

use super::dice::Dice;

/// Degree of injury, worst first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Level {
    Fatal,
    Serious,
    Minor,
    None,
}

impl Level {
    pub(super) const ALL: [Self; 4] = [Self::Fatal, Self::Serious, Self::Minor, Self::None];

    pub(super) fn code(self) -> &'static str {
        ["FATL", "SERS", "MINR", "NONE"][self as usize]
    }

    fn milder(self) -> Self {
        Self::ALL[(self as usize + 1).min(3)]
    }
}

/// A seat's purpose.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Role {
    Pilot,
    Copilot,
    Instructor,
    Student,
    Cabin,
    Passenger,
}

impl Role {
    /// Category of `injury` in files up to 2007; four characters, so some are padded.
    pub(super) fn old_category(self) -> &'static str {
        match self {
            Self::Pilot => "PLT ",
            Self::Copilot => "CPLT",
            Self::Instructor => "FLTI",
            Self::Student => "DSTU",
            Self::Cabin => "CABN",
            Self::Passenger => "PAX ",
        }
    }

    /// Category of `injury` today: words cut to four letters.
    pub(super) fn modern_category(self) -> &'static str {
        match self {
            Self::Pilot | Self::Copilot | Self::Instructor | Self::Student => "Flig",
            Self::Cabin => "Cabi",
            Self::Passenger => "Pass",
        }
    }

    /// `crew_category`; `None` for those who are not listed as crew.
    pub(super) fn crew_category(self) -> Option<&'static str> {
        match self {
            Self::Pilot => Some("PLT"),
            Self::Copilot => Some("CPLT"),
            Self::Instructor => Some("FLTI"),
            Self::Student => Some("DSTU"),
            Self::Cabin | Self::Passenger => None,
        }
    }
}

/// A person aboard.
#[derive(Debug, Clone, Copy)]
pub(super) struct Person {
    pub(super) role: Role,
    pub(super) level: Level,
}

/// Gives each person a degree of injury. `worst` is reached by at least one; if `single`, by one only
/// while the others are unhurt.
pub(super) fn assign(people: &mut [Person], worst: Level, single: bool, dice: &mut Dice) {
    let victim = if single {
        people.len().saturating_sub(1)
    } else {
        0
    };
    for (at, person) in people.iter_mut().enumerate() {
        person.level = if at == victim {
            worst
        } else if single {
            Level::None
        } else if dice.chance(0.7) {
            worst
        } else {
            worst.milder()
        };
    }
}

/// Number of persons by degree.
pub(super) fn count<'p>(people: impl Iterator<Item = &'p Person>) -> BTreeMap<Level, i32> {
    let mut counts = BTreeMap::new();
    for person in people {
        *counts.entry(person.level).or_default() += 1;
    }
    counts
}
