//! Access dates: days since 1899-12-30 as a float, with one trap. Before that day the integer part
//! counts backwards but the fraction still counts forwards: −1.5 is noon on 1899-12-29.

const SECONDS: f64 = 86_400.0;
/// Day number of 1899-12-30 counted from 0000-03-01 (proleptic Gregorian).
const EPOCH: i64 = 693_899;
/// Day number of 1970-01-01, counted likewise.
const UNIX_EPOCH: i64 = 719_468;

/// A moment without time zone, to the second.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct DateTime {
    /// 100–9999, the years Access knows.
    pub year: u16,
    /// 1–12.
    pub month: u8,
    /// 1–31.
    pub day: u8,
    /// 0–23.
    pub hour: u8,
    /// 0–59.
    pub minute: u8,
    /// 0–59.
    pub second: u8,
}

impl DateTime {
    /// Midnight of a day.
    pub fn day(year: u16, month: u8, day: u8) -> Self {
        Self {
            year,
            month,
            day,
            hour: 0,
            minute: 0,
            second: 0,
        }
    }

    /// Converts from Access days, rounded to the nearest second; `None` outside the years 100–9999
    /// and for values that are no number.
    ///
    /// ```
    /// use jet::datetime::DateTime;
    /// let moment = DateTime::from_days(-1.5).ok_or("no date")?;
    /// assert_eq!((moment.year, moment.month, moment.day, moment.hour), (1899, 12, 29, 12));
    /// # Ok::<(), &str>(())
    /// ```
    pub fn from_days(days: f64) -> Option<Self> {
        if days <= -657_435.0 || days >= 2_958_466.0 || days.is_nan() {
            return None;
        }
        let mut day = days.trunc() as i64;
        let mut second = ((days - days.trunc()).abs() * SECONDS).round() as u32;
        if second == 86_400 {
            day += 1;
            second = 0;
        }
        let (year, month, day) = civil(day + EPOCH);
        (100..=9999).contains(&year).then_some(Self {
            year: year as u16,
            month,
            day,
            hour: (second / 3600) as u8,
            minute: (second / 60 % 60) as u8,
            second: (second % 60) as u8,
        })
    }

    /// Converts to Access days. The parts are not checked: a 31 February is 2 or 3 March.
    pub fn to_days(self) -> f64 {
        let day = ordinal(self.year.into(), self.month, self.day) - EPOCH;
        let second =
            u32::from(self.hour) * 3600 + u32::from(self.minute) * 60 + u32::from(self.second);
        let fraction = f64::from(second) / SECONDS;
        if day < 0 {
            day as f64 - fraction
        } else {
            day as f64 + fraction
        }
    }

    /// Seconds since 1970-01-01.
    ///
    /// ```
    /// use jet::datetime::DateTime;
    /// assert_eq!(DateTime::day(1969, 12, 31).unix_seconds(), -86_400);
    /// ```
    pub fn unix_seconds(self) -> i64 {
        let day = ordinal(self.year.into(), self.month, self.day) - UNIX_EPOCH;
        let second =
            i64::from(self.hour) * 3600 + i64::from(self.minute) * 60 + i64::from(self.second);
        day * 86_400 + second
    }
}

/// Days from 0000-03-01. Years begin in March, so the leap day is the last of its year.
fn ordinal(year: i64, month: u8, day: u8) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let month = (i64::from(month) + 9) % 12;
    365 * year + year.div_euclid(4) - year.div_euclid(100)
        + year.div_euclid(400)
        + (153 * month + 2) / 5
        + i64::from(day)
        - 1
}

/// The inverse of [`ordinal`].
fn civil(ordinal: i64) -> (i64, u8, u8) {
    let era = ordinal.div_euclid(146_097);
    let of_era = ordinal.rem_euclid(146_097);
    let year = (of_era - of_era / 1460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year + year / 4 - year / 100);
    let month = (5 * of_year + 2) / 153;
    let day = of_year - (153 * month + 2) / 5 + 1;
    let (month, next) = if month < 10 {
        (month + 3, 0)
    } else {
        (month - 9, 1)
    };
    (era * 400 + year + next, month as u8, day as u8)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parts(days: f64) -> (u16, u8, u8, u8, u8, u8) {
        let d = DateTime::from_days(days).unwrap();
        (d.year, d.month, d.day, d.hour, d.minute, d.second)
    }

    #[test]
    fn known_values() {
        assert_eq!(parts(0.0), (1899, 12, 30, 0, 0, 0));
        assert_eq!(parts(1.0), (1899, 12, 31, 0, 0, 0));
        assert_eq!(parts(36_526.999_988), (2000, 1, 1, 23, 59, 59));
        assert_eq!(parts(36_526.999_999_9), (2000, 1, 2, 0, 0, 0));
        assert_eq!(parts(-1.5), (1899, 12, 29, 12, 0, 0));
        assert_eq!(parts(-0.5), (1899, 12, 30, 12, 0, 0));
        assert_eq!(parts(60.0), (1900, 2, 28, 0, 0, 0));
        assert_eq!(parts(-657_434.25), (100, 1, 1, 6, 0, 0));
        assert_eq!(parts(2_958_465.5), (9999, 12, 31, 12, 0, 0));
        assert_eq!(DateTime::from_days(2_958_466.0), None);
        assert_eq!(DateTime::from_days(-657_435.0), None);
        assert_eq!(DateTime::from_days(f64::NAN), None);
        assert_eq!(DateTime::from_days(f64::INFINITY), None);
    }

    #[test]
    fn every_day_there_and_back() {
        for day in -657_434..2_958_466 {
            let moment = DateTime::from_days(f64::from(day)).unwrap();
            assert_eq!(
                moment.to_days().to_bits(),
                f64::from(day).to_bits(),
                "{moment:?}"
            );
        }
    }

    #[test]
    fn seconds_there_and_back_on_both_sides_of_the_epoch() {
        for day in [-657_434, -2, -1, 0, 1, 45_000] {
            for second in (0..86_400u32).step_by(61) {
                let mut moment = DateTime::from_days(f64::from(day)).unwrap();
                moment.hour = (second / 3600) as u8;
                moment.minute = (second / 60 % 60) as u8;
                moment.second = (second % 60) as u8;
                assert_eq!(DateTime::from_days(moment.to_days()), Some(moment));
            }
        }
    }
}
