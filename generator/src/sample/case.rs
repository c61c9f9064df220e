//! One event, derived from the seed and its number alone.

use super::calendar::{self, Era, LAST_DAY, When, compact, days, when};
use super::craft::{Craft, is_possible, pick_model};
use super::dice::Dice;
use super::injuries::Level;
use super::places::{Place, abroad, home};
use super::scenarios::{self, Scenario};
use super::weather::Weather;

/// Which events a file holds.
#[derive(Debug, Clone, Copy)]
pub(super) struct Plan {
    seed: u64,
    pub(super) era: Era,
    pub(super) count: u64,
    /// Of these events so many have two aircraft; without it, chance has the word.
    pairs: Option<u64>,
}

/// Of so many records of aircraft two belong to one event.
const RECORDS_OF_A_PAIR: u64 = 57;

/// What is settled before the aircraft are.
#[derive(Debug)]
pub(super) struct Setup {
    pub(super) scenario: &'static Scenario,
    pub(super) place: &'static Place,
    pub(super) weather: Weather,
    pub(super) year: i32,
}

/// An event with all its aircraft.
#[derive(Debug)]
pub(super) struct Case {
    pub(super) era: Era,
    pub(super) ev_id: String,
    pub(super) ntsb_no: String,
    pub(super) when: When,
    /// Minutes of the local day.
    pub(super) minute: i32,
    pub(super) setup: Setup,
    pub(super) craft: Vec<Craft>,
    pub(super) coordinates: Coordinates,
    /// Distance (miles) and direction from the airport.
    pub(super) distance: f64,
    pub(super) direction: i32,
    /// Persons on the ground by degree; nearly always none.
    pub(super) ground: [i32; 3],
    /// Not yet closed.
    pub(super) open: bool,
    /// Days to the report's approval, for closed cases.
    pub(super) approved: i32,
    /// When a weekly file changed it, in days since 1899-12-30.
    pub(super) revised: Option<f64>,
    /// Small choices of the row writers, one bit each.
    pub(super) whim: u32,
}

/// A position as a row has it.
#[derive(Debug, Clone, Copy)]
pub(super) enum Coordinates {
    Missing,
    Sound(f64, f64),
    /// Degrees, minutes and seconds typed as if they were decimals.
    Mistyped(f64, f64),
}

impl Plan {
    pub(super) fn new(seed: u64, era: Era, count: u64) -> Self {
        Self {
            seed,
            era,
            count,
            pairs: None,
        }
    }

    /// The events of a file with so many aircraft.
    pub(super) fn of_records(seed: u64, era: Era, records: u64) -> Self {
        let pairs = records / RECORDS_OF_A_PAIR;
        Self {
            pairs: Some(pairs),
            ..Self::new(seed, era, records - pairs)
        }
    }

    /// Whether event `index` has two aircraft, where that is laid down.
    fn is_pair(&self, index: u64) -> Option<bool> {
        let upto = |index: u64| Some(index * self.pairs? / self.count);
        Some(upto(index + 1)? > upto(index)?)
    }

    /// Event `index` of the file, from 0.
    pub(super) fn case(&self, index: u64) -> Case {
        let file = match self.era {
            Era::Modern => 0,
            Era::Old => 1 << 40,
            Era::Early => 1 << 41,
        };
        let mut dice = Dice::new(self.seed, file | index);
        let when = when(self.era, self.count, index, &mut dice);
        self.draw(index, when, &mut dice)
    }

    /// Event `index`, from 0, of those that happened after the file's last day.
    pub(super) fn case_after(&self, index: u64) -> Case {
        let mut dice = Dice::new(self.seed, 1 << 42 | index);
        let when = calendar::after(self.era, self.count, index);
        Case {
            open: true,
            ..self.draw(self.count + index, when, &mut dice)
        }
    }

    fn draw(&self, index: u64, when: When, dice: &mut Dice) -> Case {
        let foreign = dice.chance(match self.era {
            Era::Modern => 0.15,
            Era::Old => 0.06,
            Era::Early => 0.0,
        });
        let place = if foreign {
            dice.pick(abroad())
        } else {
            dice.weighted(home(), |place| place.weight)
        };
        let pair = self.is_pair(index);
        let possible: Vec<&'static Scenario> = scenarios::all()
            .filter(|scenario| self.era != Era::Early || is_possible(scenario, self.era, when.year))
            .filter(|scenario| pair.is_none_or(|pair| scenario.place.is_pair() == pair))
            .collect();
        let scenario = *dice.weighted(&possible, |scenario| scenario.weight);
        let weather = Weather::draw(
            scenario.setting,
            when.month,
            place.latitude,
            place.elevation,
            dice,
        );
        let setup = Setup {
            scenario,
            place,
            weather,
            year: when.year,
        };
        let number = if scenario.place.is_pair() { 2 } else { 1 };
        let craft: Vec<_> = (0..number)
            .map(|_| {
                Craft::draw(
                    pick_model(scenario, self.era, when.year, dice),
                    &setup,
                    dice,
                )
            })
            .collect();
        let age = LAST_DAY.to_days() as i32 - when.day;
        let minute = if setup.weather.is_night() {
            dice.range(20 * 60, 29 * 60) % 1440
        } else {
            dice.around(840.0, 150.0) as i32
        };
        Case {
            era: self.era,
            ev_id: ev_id(&when, index, dice),
            ntsb_no: ntsb_no(self.era, &when, &setup, dice),
            when,
            minute,
            coordinates: coordinates(&setup, when.year, dice),
            distance: if scenario.place.on_airport() {
                0.0
            } else {
                dice.between(0.8, 28.0)
            },
            direction: dice.range(0, 35) * 10,
            ground: ground(&craft, dice),
            open: dice.chance(match age {
                ..=180 => 0.95,
                181..=540 => 0.55,
                541..=900 => 0.06,
                _ => 0.0,
            }),
            approved: dice.range(60, 520).min(age),
            revised: None,
            whim: dice.range(0, i32::MAX) as u32,
            setup,
            craft,
        }
    }
}

impl Case {
    /// Small choices of the row writers, decided with the event.
    pub(super) fn fancies(&self, bit: u32) -> bool {
        self.whim >> (bit % 31) & 1 == 1
    }

    /// Changes the case as a weekly file does: open cases are closed unless they are new, and the rows of
    /// others are corrected.
    pub(super) fn revise(&mut self, day: f64) {
        self.revised = Some(day);
        if f64::from(self.when.day) > LAST_DAY.to_days() {
            return;
        }
        if self.open {
            self.open = false;
            self.approved = day as i32 - self.when.day;
            return;
        }
        let place = self.setup.place;
        self.coordinates = Coordinates::Sound(place.latitude, place.longitude);
        for pilot in self.craft.iter_mut().flat_map(|craft| &mut craft.crew) {
            pilot.hours = pilot.hours.round() + 1.0;
        }
    }

    /// The worst injury, aboard or on the ground.
    pub(super) fn worst(&self) -> Level {
        let aboard = self
            .craft
            .iter()
            .map(Craft::worst)
            .min()
            .unwrap_or(Level::None);
        let ground = Level::ALL
            .into_iter()
            .zip(self.ground)
            .find(|(_, count)| *count > 0);
        ground.map_or(aboard, |(level, _)| level.min(aboard))
    }

    /// Local time as HHMM.
    pub(super) fn local_time(&self) -> i32 {
        self.minute / 60 * 100 + self.minute % 60
    }

    /// Rows since 2020 come from the present system, with habits of their own.
    pub(super) fn is_recent(&self) -> bool {
        self.when.year >= 2020
    }

    /// The day the row was last changed: bulk changes have covered up all older dates.
    pub(super) fn changed(&self) -> f64 {
        if let Some(revised) = self.revised {
            return revised;
        }
        match self.era {
            // The oldest cards were punched years later.
            Era::Early => f64::from((self.when.day + self.approved).max(days(1971, 1, 4))),
            Era::Old => 44_285.0,
            Era::Modern if self.is_recent() => f64::from(self.when.day + self.approved) + 0.5,
            Era::Modern => 44_099.0,
        }
    }
}

/// The date in it is that of the record, not of the event. Many records of 1992 and 1993 were made in
/// one go in 2000; since 2020 the number of the case follows instead of X and a counter.
fn ev_id(when: &When, index: u64, dice: &mut Dice) -> String {
    if matches!(when.year, 1992 | 1993) && dice.chance(0.6) {
        return format!("20001211{}", numbered(index));
    }
    // Records of the last days were made at once, or the file would not have them.
    let delay = dice.range(0, 12);
    let late = f64::from(when.day) > LAST_DAY.to_days();
    let day = compact(when.day + if late { 0 } else { delay });
    if when.year >= 2020 {
        format!("{day}{:06}", 100_000 + index % 900_000)
    } else {
        format!("{day}{}", numbered(index))
    }
}

/// X and five digits. The real files never ran out of them; a larger sample goes on with the letters
/// before X.
fn numbered(index: u64) -> String {
    let letter = char::from(b'X' - (index / 100_000) as u8);
    format!("{letter}{:05}", index % 100_000)
}

/// Office, fiscal year, kind of report, serial number.
fn ntsb_no(era: Era, when: &When, setup: &Setup, dice: &mut Dice) -> String {
    let offices: &[&str] = match era {
        Era::Modern => &["ERA", "CEN", "WPR", "ANC", "GAA"],
        Era::Old | Era::Early => &[
            "ATL", "CHI", "DEN", "FTW", "LAX", "MIA", "NYC", "SEA", "IAD", "DCA",
        ],
    };
    let offices_count = offices.len() as u64;
    let kind = match () {
        () if setup.place.is_foreign() => "WA",
        () if setup.scenario.is_incident() => "IA",
        () => dice.code(&[("LA", 6.0), ("FA", 2.5), ("CA", 1.5)]),
    };
    let number = when.serial / offices_count + 1;
    // Real numbers have three digits; in a larger sample the first goes on with letters.
    let hundreds = char::from_digit((number / 100 % 36) as u32, 36).unwrap_or('0');
    format!(
        "{}{:02}{kind}{}{:02}",
        offices[(when.serial % offices_count) as usize],
        when.fiscal_year % 100,
        hundreds.to_ascii_uppercase(),
        number % 100,
    )
}

fn coordinates(setup: &Setup, year: i32, dice: &mut Dice) -> Coordinates {
    let missing = if year < 1998 { 0.4 } else { 0.06 };
    let near = if setup.scenario.place.on_airport() {
        0.01
    } else {
        0.35
    };
    let latitude = setup.place.latitude + dice.between(-near, near);
    let longitude = setup.place.longitude + dice.between(-near, near);
    if dice.chance(missing) {
        Coordinates::Missing
    } else if dice.chance(0.002) {
        let mistyped = |degrees: f64| {
            let seconds = (degrees.abs() * 3600.0) as i32;
            let packed = seconds / 3600 * 10_000 + seconds / 60 % 60 * 100 + seconds % 60;
            f64::from(packed) * degrees.signum()
        };
        Coordinates::Mistyped(mistyped(latitude), mistyped(longitude))
    } else {
        Coordinates::Sound(latitude, longitude)
    }
}

fn ground(craft: &[Craft], dice: &mut Dice) -> [i32; 3] {
    let bad = craft.iter().any(|craft| craft.worst() <= Level::Serious);
    if !dice.chance(if bad { 0.015 } else { 0.003 }) {
        return [0; 3];
    }
    let mut ground = [0; 3];
    ground[dice.range(0, 2) as usize] = dice.range(1, 2);
    ground
}
