//! Light and weather of an event.

use super::dice::Dice;

/// What the sky was like.
#[derive(Debug, Clone)]
pub(super) struct Weather {
    pub(super) imc: bool,
    /// Basic condition as coded; sometimes unknown.
    pub(super) basic: &'static str,
    pub(super) light: &'static str,
    /// Nobody reported anything but the basic condition; recent rows then hold zeros.
    pub(super) unreported: bool,
    /// Statute miles.
    pub(super) visibility: f64,
    /// Feet above ground; `None` without a ceiling.
    pub(super) ceiling: Option<i32>,
    pub(super) wind_direction: i32,
    pub(super) wind: i32,
    pub(super) gust: Option<i32>,
    /// °C.
    pub(super) temperature: i32,
    pub(super) dew_point: i32,
    /// Inches of mercury.
    pub(super) altimeter: f64,
    /// Phenomenon as coded in `dt_events`.
    pub(super) phenomenon: &'static str,
}

/// What an accident needs the weather to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Setting {
    Any,
    /// Cloud or fog.
    Imc,
    /// Cloud at freezing temperatures.
    Icing,
    /// Dark night.
    Night,
    /// Gusty crosswind.
    Wind,
    /// Moist and cool enough for ice in a carburettor.
    Moist,
}

impl Weather {
    /// Weather in month 1–12 at a latitude and elevation (ft).
    pub(super) fn draw(
        setting: Setting,
        month: i32,
        latitude: f64,
        elevation: i32,
        dice: &mut Dice,
    ) -> Self {
        let imc = match setting {
            Setting::Imc | Setting::Icing => true,
            Setting::Night | Setting::Any => dice.chance(0.045),
            Setting::Wind | Setting::Moist => dice.chance(0.01),
        };
        let light = match setting {
            Setting::Night => dice.code(&[("NDRK", 6.0), ("NITE", 4.0)]),
            Setting::Imc => {
                dice.code(&[("DAYL", 6.0), ("NITE", 2.0), ("NDRK", 2.0), ("DUSK", 0.5)])
            }
            _ => dice.code(&[
                ("DAYL", 88.0),
                ("NITE", 4.0),
                ("NDRK", 2.5),
                ("DUSK", 3.0),
                ("DAWN", 1.0),
                ("NBRT", 0.8),
                ("NR", 0.4),
            ]),
        };
        let season = (f64::from(month - 7) / 6.0 * std::f64::consts::PI).cos();
        let mean = 38.0 - 0.6 * latitude.abs() + 11.0 * season - f64::from(elevation) / 550.0;
        let temperature = match setting {
            Setting::Icing => dice.range(-12, 1),
            Setting::Moist => dice.range(2, 18),
            _ => dice.around(mean, 5.0) as i32,
        };
        let spread = match setting {
            _ if imc => dice.range(0, 2),
            Setting::Moist => dice.range(1, 4),
            _ => dice.range(3, 18),
        };
        let wind = if setting == Setting::Wind {
            dice.range(12, 25)
        } else {
            dice.range(0, 14)
        };
        let gusty = setting == Setting::Wind || (wind > 8 && dice.chance(0.35));
        let ceiling = imc.then(|| dice.range(2, 12) * 100);
        let other = dice.chance(0.35).then(|| dice.range(2, 12) * 1000);
        Self {
            imc,
            basic: match dice.unit() {
                x if x < 0.01 => *dice.pick(&["UNK", "Unk"]),
                _ if imc => "IMC",
                _ => "VMC",
            },
            light,
            unreported: dice.chance(0.12),
            visibility: if imc {
                dice.between(0.25, 4.0)
            } else {
                dice.between(6.0, 10.4).min(10.0)
            },
            ceiling: ceiling.or(other),
            wind_direction: dice.range(1, 36) * 10,
            wind,
            gust: gusty.then(|| wind + dice.range(5, 13)),
            temperature,
            dew_point: temperature - spread,
            altimeter: dice.around(30.0, 0.18),
            phenomenon: match setting {
                Setting::Icing => *dice.pick(&["ZL", "S", "IC"]),
                Setting::Wind => "WIND",
                _ if imc => *dice.pick(&["CEIL", "R", "RW", "L"]),
                _ => "NOWX",
            },
        }
    }

    /// Night in any of its codes.
    pub(super) fn is_night(&self) -> bool {
        matches!(self.light, "NITE" | "NDRK" | "NBRT")
    }

    /// A raw report of the station, in the form of a METAR.
    pub(super) fn metar(&self, station: &str, day: &str, hhmm: i32) -> String {
        let gust = self
            .gust
            .map(|gust| format!("G{gust:02}"))
            .unwrap_or_default();
        let sky = match self.ceiling {
            Some(feet) => format!("{}{:03}", if self.imc { "OVC" } else { "BKN" }, feet / 100),
            None => "CLR".to_owned(),
        };
        let minus = |degrees: i32| {
            let sign = if degrees < 0 { "M" } else { "" };
            format!("{sign}{:02}", degrees.abs())
        };
        format!(
            "K{station} {day}{hhmm:04}Z {:03}{:02}{gust}KT {}SM {sky} {}/{} A{:04}",
            self.wind_direction,
            self.wind,
            self.visibility.max(1.0) as i32,
            minus(self.temperature),
            minus(self.dew_point),
            (self.altimeter * 100.0) as i32,
        )
    }
}
