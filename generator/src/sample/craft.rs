//! An aircraft in an event: what it is, who flies it and why, and what became of it.

use super::calendar::Era;
use super::case::Setup;
use super::dice::Dice;
use super::fleet::{AircraftType, models};
use super::injuries::{Level, Person, Role, assign};
use super::people::Crew;
use super::scenarios::Scenario;

/// An aircraft in an event.
#[derive(Debug, Clone)]
pub(super) struct Craft {
    pub(super) model: &'static AircraftType,
    pub(super) registration: String,
    pub(super) serial: i32,
    pub(super) built: i32,
    pub(super) far_part: &'static str,
    pub(super) purpose: &'static str,
    pub(super) crew: Vec<Crew>,
    pub(super) people: Vec<Person>,
    pub(super) damage: &'static str,
    pub(super) fire: &'static str,
    /// Airframe hours, and hours since the last inspection.
    pub(super) hours: f64,
    pub(super) inspected: f64,
    /// Number in the name of the invented operator.
    pub(super) operator: i32,
    /// The make as this row spells it.
    pub(super) make: String,
}

/// Picks a type of one of the scenario's classes that existed in the year.
pub(super) fn pick_model(
    scenario: &Scenario,
    era: Era,
    year: i32,
    dice: &mut Dice,
) -> &'static AircraftType {
    dice.weighted(models(era), |model| share(scenario, model, year))
}

/// Whether there was a type for the scenario in the year.
pub(super) fn is_possible(scenario: &Scenario, era: Era, year: i32) -> bool {
    let mut models = models(era).iter();
    models.any(|model| share(scenario, model, year) > 0.0)
}

fn share(scenario: &Scenario, model: &AircraftType, year: i32) -> f64 {
    let possible = scenario.classes.contains(model.class) && model.first <= year;
    if possible { model.share } else { 0.0 }
}

impl Craft {
    pub(super) fn draw(model: &'static AircraftType, setup: &Setup, dice: &mut Dice) -> Self {
        let foreign = setup.place.is_foreign();
        let far_part = far_part(model.class, foreign, dice);
        let purpose = purpose(model, far_part, dice);
        let roles = roles(model, purpose, dice);
        let crew: Vec<_> = roles
            .iter()
            .filter(|role| role.crew_category().is_some())
            .map(|role| Crew::draw(*role, model.class, purpose, dice))
            .collect();
        let mut people: Vec<_> = roles
            .into_iter()
            .map(|role| Person {
                role,
                level: Level::None,
            })
            .collect();
        let risk = model.risk + crew.first().map_or(0.0, Crew::risk);
        let worst = worst(setup, risk, dice);
        let single = model.class == 'L' || setup.scenario.chain[0].1 == "081";
        assign(&mut people, worst, single, dice);
        let (damage, fire) = damage(setup.scenario, worst, dice);
        let hours = dice.between(4.0, 9.3).exp();
        Self {
            model,
            registration: registration(setup.place.prefix, dice),
            serial: dice.range(101, 18_299_999),
            built: dice.range(model.first, model.last.min(setup.year)),
            far_part,
            purpose,
            crew,
            people,
            damage,
            fire,
            hours,
            inspected: dice.between(1.0, 95.0).min(hours),
            operator: dice.range(1, 400),
            make: spelling(model.make, setup.year, dice),
        }
    }

    /// Make and model for texts.
    pub(super) fn name(&self) -> String {
        format!("{} {}", self.model.make, self.model.model)
    }

    /// "airplane", "helicopter" and so on.
    pub(super) fn noun(&self) -> &'static str {
        match self.model.category {
            "HELI" => "helicopter",
            "GLI" => "glider",
            "BALL" => "balloon",
            "WSFT" => "weight-shift-control aircraft",
            _ => "airplane",
        }
    }

    /// The degree of the worst injury aboard.
    pub(super) fn worst(&self) -> Level {
        self.people
            .iter()
            .map(|person| person.level)
            .min()
            .unwrap_or(Level::None)
    }
}

/// Real rows spell makes in capitals, mixed case or shortened; nobody has tidied them.
fn spelling(make: &str, year: i32, dice: &mut Dice) -> String {
    let short = make
        .strip_suffix(" Company")
        .filter(|_| dice.chance(0.4))
        .unwrap_or(make);
    let upper = dice.chance(if year < 2008 { 0.3 } else { 0.65 });
    if upper {
        short.to_uppercase()
    } else {
        short.to_owned()
    }
}

fn far_part(class: char, foreign: bool, dice: &mut Dice) -> &'static str {
    match (class, foreign) {
        ('L', true) => dice.code(&[("NUSC", 7.0), ("129", 3.0)]),
        ('U', true) => dice.code(&[("NUSC", 7.0), ("NUSN", 3.0)]),
        (_, true) => dice.code(&[("NUSN", 8.0), ("NUSC", 2.0)]),
        ('L', _) => dice.code(&[("121", 95.0), ("129", 5.0)]),
        ('U', _) => dice.code(&[("135", 55.0), ("091", 43.0), ("091K", 2.0)]),
        ('T', _) => dice.code(&[("091", 82.0), ("135", 18.0)]),
        ('G', _) => dice.code(&[("137", 92.0), ("091", 8.0)]),
        ('H', _) => dice.code(&[
            ("091", 68.0),
            ("135", 12.0),
            ("PUBU", 8.0),
            ("137", 7.0),
            ("133", 5.0),
        ]),
        ('P', _) => dice.code(&[("091", 96.5), ("135", 2.0), ("PUBU", 1.0), ("UNK", 0.5)]),
        _ => "091",
    }
}

fn purpose(model: &AircraftType, far_part: &str, dice: &mut Dice) -> &'static str {
    let trainer = matches!(
        model.model,
        "152" | "172S" | "PA-28-140" | "R22" | "269C" | "PA-44-180"
    );
    match far_part {
        "121" | "129" => dice.code(&[("SCAC", 5.0), ("", 5.0)]),
        "135" => dice.code(&[("ATXA", 6.0), ("", 3.0), ("AIRM", 1.0)]),
        "137" => "AAPL",
        "133" => "EXLD",
        "PUBU" => "PUBU",
        "NUSC" => dice.code(&[("UNK", 6.0), ("OWRK", 2.0), ("", 2.0)]),
        _ if model.class == 'H' => dice.code(&[
            ("PERS", 40.0),
            ("INST", 28.0),
            ("AOBV", 12.0),
            ("POSI", 12.0),
            ("OWRK", 8.0),
        ]),
        _ if trainer => dice.code(&[("INST", 55.0), ("PERS", 45.0)]),
        _ if model.class == 'K' => dice.code(&[("PERS", 90.0), ("FLTS", 10.0)]),
        _ if model.class == 'B' => dice.code(&[("PERS", 60.0), ("SITE", 40.0)]),
        _ => dice.code(&[
            ("PERS", 80.0),
            ("INST", 8.0),
            ("BUS", 4.0),
            ("POSI", 2.0),
            ("FERY", 1.0),
            ("SKYD", 0.7),
            ("BANT", 0.5),
            ("UNK", 0.6),
        ]),
    }
}

fn roles(model: &AircraftType, purpose: &str, dice: &mut Dice) -> Vec<Role> {
    let mut roles = vec![Role::Pilot];
    let passengers = match model.class {
        'L' => {
            roles.push(Role::Copilot);
            let cabin = (model.seats / 50).max(1);
            roles.extend((0..cabin).map(|_| Role::Cabin));
            dice.range(model.seats / 4, model.seats)
        }
        'U' => {
            if dice.chance(0.3) {
                roles.push(Role::Copilot);
            }
            dice.range(0, model.seats - 2)
        }
        'G' => 0,
        _ if purpose == "INST" => {
            if dice.chance(0.6) && model.seats > 1 {
                roles = vec![Role::Instructor, Role::Student];
            }
            0
        }
        _ => {
            let free = model.seats - 1;
            (0..free).take_while(|_| dice.chance(0.42)).count() as i32
        }
    };
    roles.extend((0..passengers).map(|_| Role::Passenger));
    roles
}

/// The worst injury, from the kind of accident, the conditions and who flies what.
fn worst(setup: &Setup, risk: f64, dice: &mut Dice) -> Level {
    if setup.scenario.is_incident() {
        return Level::None;
    }
    if setup.scenario.chain[0].1 == "362" {
        return Level::Serious;
    }
    let dark = if setup.weather.light == "NDRK" {
        0.9
    } else {
        0.0
    };
    let night = if setup.weather.is_night() { 0.4 } else { 0.0 };
    let cloud = if setup.weather.imc { 1.1 } else { 0.0 };
    let odds = setup.scenario.fatal + dark + night + cloud + risk;
    if dice.logit(odds) {
        Level::Fatal
    } else if dice.logit(0.55 * odds - 0.7) {
        Level::Serious
    } else if dice.logit(0.4 * odds - 0.3) {
        Level::Minor
    } else {
        Level::None
    }
}

fn damage(scenario: &Scenario, worst: Level, dice: &mut Dice) -> (&'static str, &'static str) {
    let (_, event) = scenario.chain[0];
    let damage = match worst {
        _ if scenario.is_incident() => dice.code(&[("MINR", 7.0), ("NONE", 3.0)]),
        _ if matches!(event, "362" | "081") => dice.code(&[("NONE", 7.0), ("MINR", 3.0)]),
        Level::Fatal => dice.code(&[("SUBS", 55.0), ("DEST", 45.0)]),
        _ if event == "150" => "DEST",
        _ => dice.code(&[("SUBS", 94.0), ("DEST", 3.0), ("MINR", 2.0), ("UNK", 1.0)]),
    };
    let fire = match damage {
        _ if event == "150" => "IFLT",
        "DEST" => dice.code(&[("GRD", 5.0), ("NONE", 5.0)]),
        "SUBS" => dice.code(&[("NONE", 96.0), ("GRD", 3.0), ("UNK", 1.0)]),
        _ => "NONE",
    };
    (damage, fire)
}

fn registration(prefix: &str, dice: &mut Dice) -> String {
    if dice.chance(0.004) {
        return "UNK".to_owned();
    }
    let mut letter = |last: u8| char::from(dice.range(i32::from(b'A'), i32::from(last)) as u8);
    if prefix == "N" {
        let suffix =
            [letter(b'H'), letter(b'Y')].map(|c| if c == 'I' || c == 'O' { 'P' } else { c });
        let number = dice.range(10, 99_999);
        return match number {
            10_000.. => format!("N{number}"),
            1_000.. => format!("N{number}{}", suffix[1]),
            _ => format!("N{number}{}{}", suffix[0], suffix[1]),
        };
    }
    let letters: String = (0..3).map(|_| letter(b'Z')).collect();
    format!("{prefix}{letters}")
}
