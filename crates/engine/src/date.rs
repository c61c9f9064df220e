//! Calendar dates as days since 1970-01-01 in the proleptic Gregorian calendar.

use std::fmt;

use dataset::query::Part;

/// Microseconds of a day.
pub(crate) const DAY: i64 = 86_400_000_000;

/// Days of a year that begins in March, before each of its months.
fn days_before(month: i64) -> i64 {
    (153 * month + 2) / 5
}

/// Days of the era (400 years) before a year of it.
fn days_before_year(year: i64) -> i64 {
    year * 365 + year / 4 - year / 100
}

/// Reads `YYYY-MM-DD`; a day its month does not have is no date.
pub(crate) fn parse(text: &str) -> Option<i64> {
    let bytes = text.as_bytes();
    let digits = |range: std::ops::Range<usize>| -> Option<i64> {
        let part = bytes.get(range)?;
        part.iter().try_fold(0, |number, digit| {
            digit
                .is_ascii_digit()
                .then(|| number * 10 + i64::from(digit - b'0'))
        })
    };
    if bytes.len() != 10 || bytes[4] != b'-' || bytes[7] != b'-' {
        return None;
    }
    let (year, month, day) = (digits(0..4)?, digits(5..7)?, digits(8..10)?);
    // Years are counted from March, so that the leap day is the last of its year.
    let year_from_march = if month < 3 { year - 1 } else { year };
    let era = year_from_march.div_euclid(400);
    let days =
        days_before_year(year_from_march.rem_euclid(400)) + days_before((month + 9) % 12) + day - 1;
    let number = era * 146_097 + days - 719_468;
    // Days and months out of range come out as another date.
    (Date(number).to_string() == text).then_some(number)
}

/// Displays as `YYYY-MM-DD`.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Date(pub(crate) i64);

impl Date {
    /// Year, month from 1, day from 1.
    fn civil(self) -> (i64, i64, i64) {
        let days = self.0 + 719_468;
        let era = days.div_euclid(146_097);
        let day_of_era = days.rem_euclid(146_097);
        let year_of_era =
            (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
        let day_of_year = day_of_era - days_before_year(year_of_era);
        let month_from_march = (5 * day_of_year + 2) / 153;
        let day = day_of_year - days_before(month_from_march) + 1;
        let month = (month_from_march + 2) % 12 + 1;
        let year = year_of_era + era * 400 + i64::from(month < 3);
        (year, month, day)
    }

    /// A part as a number.
    pub(crate) fn part(self, part: Part) -> i64 {
        let (year, month, day) = self.civil();
        match part {
            Part::Year => year,
            Part::Quarter => (month + 2) / 3,
            Part::Month => month,
            Part::Day => day,
            // 1970-01-01 was a Thursday.
            Part::Weekday => (self.0 + 3).rem_euclid(7) + 1,
        }
    }
}

impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (year, month, day) = self.civil();
        write!(f, "{year:04}-{month:02}-{day:02}")
    }
}

/// Microseconds since 1970-01-01; displays as `YYYY-MM-DDThh:mm:ss`, with a fraction if there is one.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Timestamp(pub(crate) i64);

impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (seconds, micros) = (self.0.div_euclid(1_000_000), self.0.rem_euclid(1_000_000));
        let (days, second) = (seconds.div_euclid(86_400), seconds.rem_euclid(86_400));
        let (hour, minute) = (second / 3600, second / 60 % 60);
        write!(f, "{}T{hour:02}:{minute:02}:{:02}", Date(days), second % 60)?;
        if micros > 0 {
            write!(f, ".{micros:06}")?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_dates() {
        for (text, days) in [
            ("1970-01-01", 0),
            ("1969-12-31", -1),
            ("2000-02-29", 11_016),
            ("2008-01-01", 13_879),
            ("1900-03-01", -25_508),
        ] {
            assert_eq!(parse(text), Some(days));
            assert_eq!(Date(days).to_string(), text);
        }
    }

    #[test]
    fn every_day_of_four_centuries_comes_back() {
        for days in -80_000..80_000 {
            assert_eq!(parse(&Date(days).to_string()), Some(days));
        }
    }

    #[test]
    fn parts_of_known_days() {
        for (text, parts) in [
            ("1970-01-01", [1970, 1, 1, 1, 4]),
            ("1969-12-28", [1969, 4, 12, 28, 7]),
            ("2024-02-29", [2024, 1, 2, 29, 4]),
        ] {
            use Part::{Day, Month, Quarter, Weekday, Year};
            let date = Date(parse(text).unwrap());
            let found = [Year, Quarter, Month, Day, Weekday].map(|part| date.part(part));
            assert_eq!(found, parts, "{text}");
        }
    }

    #[test]
    fn timestamps_before_and_after_1970() {
        assert_eq!(Timestamp(-1).to_string(), "1969-12-31T23:59:59.999999");
        let noon = (11_016 * 86_400 + 43_261) * 1_000_000;
        assert_eq!(Timestamp(noon).to_string(), "2000-02-29T12:01:01");
    }

    #[test]
    fn what_is_no_date_is_refused() {
        for text in [
            "",
            "2019",
            "2019-02-29",
            "2019-13-01",
            "2019-00-10",
            "2019-1-01",
            "20190-1-1",
        ] {
            assert_eq!(parse(text), None, "{text}");
        }
    }
}
