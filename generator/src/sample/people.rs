//! Pilots: certificates, age, experience.

use super::dice::Dice;
use super::injuries::Role;

/// A member of the flight crew.
#[derive(Debug, Clone)]
pub(super) struct Crew {
    pub(super) role: Role,
    /// Highest certificate as coded in `dt_Flight_Crew`.
    pub(super) certificate: &'static str,
    pub(super) instrument: bool,
    pub(super) age: i32,
    pub(super) female: bool,
    /// Flight hours in all, in make and model, in the last 90 days.
    pub(super) hours: f64,
    pub(super) make_hours: f64,
    pub(super) recent: f64,
    pub(super) medical: &'static str,
}

impl Crew {
    pub(super) fn draw(role: Role, class: char, purpose: &str, dice: &mut Dice) -> Self {
        let certificate = match (role, class) {
            (Role::Student, _) => "STU",
            (Role::Instructor, _) => "CFI",
            (_, 'L') => "ATP",
            (_, 'U' | 'G') => dice.code(&[("COMM", 6.0), ("ATP", 4.0)]),
            (_, 'H') => dice.code(&[("COMM", 6.0), ("PRI", 3.0), ("ATP", 1.0)]),
            _ if purpose == "INST" => dice.code(&[("STU", 6.0), ("PRI", 4.0)]),
            (_, 'K' | 'W') => {
                dice.code(&[("PRI", 6.0), ("SPRT", 1.5), ("COMM", 2.0), ("STU", 0.5)])
            }
            _ => dice.code(&[("PRI", 6.2), ("COMM", 2.4), ("ATP", 1.0), ("STU", 0.4)]),
        };
        let (low, high) = match certificate {
            "STU" => (12.0f64, 120.0f64),
            "PRI" | "SPRT" => (70.0, 2_500.0),
            "COMM" | "CFI" => (350.0, 12_000.0),
            _ => (2_000.0, 24_000.0),
        };
        let hours = dice.between(low.ln(), high.ln()).exp();
        let age = match certificate {
            "STU" => dice.around(36.0, 12.0),
            "ATP" => dice.around(48.0, 9.0),
            _ => dice.around(52.0, 13.0),
        };
        Self {
            role,
            certificate,
            instrument: match certificate {
                "STU" | "SPRT" => false,
                "PRI" => dice.chance(0.3),
                _ => dice.chance(0.92),
            },
            age: (age as i32).clamp(17, 88),
            female: dice.chance(0.06),
            hours,
            make_hours: hours * dice.between(0.04, 0.6),
            recent: (hours * dice.between(0.005, 0.06)).min(260.0),
            medical: match certificate {
                "ATP" => "CL1",
                "SPRT" => "SPRT",
                "COMM" | "CFI" => dice.code(&[("CL2", 7.0), ("CL1", 2.0), ("CL3", 1.0)]),
                _ => dice.code(&[("CL3", 8.0), ("CL2", 1.0), ("NONE", 0.6), ("UNK", 0.3)]),
            },
        }
    }

    /// What the pilot adds to the log-odds of a fatal outcome.
    pub(super) fn risk(&self) -> f64 {
        let inexperience = if self.hours < 150.0 {
            0.5
        } else {
            -0.12 * (self.hours / 800.0).ln()
        };
        inexperience + 0.02 * f64::from(self.age - 50)
    }
}
