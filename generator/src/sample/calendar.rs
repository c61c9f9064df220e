//! When it happens. Events are laid out over the years, months and days of their file in order, so
//! that the date of each follows from its number.

use jet::datetime::DateTime;

use super::dice::Dice;

/// Which of the three coding systems.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Era {
    /// `avall.mdb`: 2008 to 2025, modern codes.
    Modern,
    /// `Pre2008.mdb`: 1982 to 2007, codes of the old manual.
    Old,
    /// `PRE1982.MDB`: 1962 to 1981, flat tables.
    Early,
}

impl Era {
    fn years(self) -> (i32, i32) {
        match self {
            Self::Modern => (2008, 2025),
            Self::Old => (1982, 2007),
            Self::Early => (1962, 1981),
        }
    }

    /// Events in a year relative to others: the long decline, and the dip of 2020.
    fn weight(year: i32) -> f64 {
        match year {
            ..1982 => 4600.0 - 25.0 * f64::from(year - 1962),
            1982..2008 => 3600.0 - 65.0 * f64::from(year - 1982),
            2020 => 1400.0,
            2025 => 1450.0,
            _ => 1880.0 - 14.0 * f64::from(year - 2008),
        }
    }
}

/// Share of the months, per mille, as in real accidents of 2008–2021.
const MONTHS: [f64; 12] = [
    51., 54., 73., 77., 99., 115., 126., 116., 99., 80., 59., 51.,
];

/// The file's last day; cases of the months before are often open.
pub(super) const LAST_DAY: DateTime = DateTime {
    year: 2025,
    month: 12,
    day: 31,
    hour: 0,
    minute: 0,
    second: 0,
};

/// When an event happened, and where it stands in its fiscal year.
#[derive(Debug, Clone, Copy)]
pub(super) struct When {
    pub(super) year: i32,
    pub(super) month: i32,
    /// Days since 1899-12-30.
    pub(super) day: i32,
    /// October to September.
    pub(super) fiscal_year: i32,
    /// Number within the fiscal year, from 0.
    pub(super) serial: u64,
}

/// Number of the first event of a month; months count on from January of the era's first year.
fn first_of(era: Era, count: u64, month: i32) -> u64 {
    let (first, last) = era.years();
    let all: f64 = (first..=last).map(Era::weight).sum();
    let year = first + month.div_euclid(12);
    let before: f64 = (first..year.min(last + 1)).map(Era::weight).sum();
    let within: f64 = MONTHS[..month.rem_euclid(12) as usize].iter().sum();
    let part = if year > last {
        0.0
    } else {
        Era::weight(year) * within / 1000.0
    };
    ((before + part) / all * count as f64).round() as u64
}

/// The date of event `index` of `count`.
pub(super) fn when(era: Era, count: u64, index: u64, dice: &mut Dice) -> When {
    let (first, last) = era.years();
    let months = (last - first + 1) * 12;
    let (mut low, mut high) = (0, months);
    while high - low > 1 {
        let middle = i32::midpoint(low, high);
        if first_of(era, count, middle) <= index {
            low = middle;
        } else {
            high = middle;
        }
    }
    let (year, month) = (first + low / 12, low % 12 + 1);
    let start = days(year, month, 1);
    let end = if month == 12 {
        days(year + 1, 1, 1)
    } else {
        days(year, month + 1, 1)
    };
    let (from, to) = (first_of(era, count, low), first_of(era, count, low + 1));
    let within = (index - from) as f64 / (to - from).max(1) as f64;
    let day = start + (within * f64::from(end - start)) as i32;
    // People fly more at weekends.
    let near: Vec<i32> = (day - 3..=day + 3)
        .filter(|day| (start..end).contains(day))
        .collect();
    let day = *dice.weighted(&near, |day| WEEK[day.rem_euclid(7) as usize]);
    let october = (year - first - i32::from(month < 10)) * 12 + 9;
    let serial = index - first_of(era, count, october.max(0)).min(index);
    When {
        year,
        month,
        day,
        fiscal_year: year + i32::from(month >= 10),
        serial,
    }
}

/// The date of event `index` after the file's last one: the first days of the year that follows.
pub(super) fn after(era: Era, count: u64, index: u64) -> When {
    let (first, last) = era.years();
    let october = first_of(era, count, (last - first) * 12 + 9);
    When {
        year: last + 1,
        month: 1,
        day: days(last + 1, 1, 1) + (index % 6) as i32,
        fiscal_year: last + 1,
        serial: count - october.min(count) + index,
    }
}

/// An event's number within its calendar year, from 1.
pub(super) fn number_in_year(era: Era, count: u64, index: u64, year: i32) -> u64 {
    let january = first_of(era, count, (year - era.years().0) * 12);
    index - january.min(index) + 1
}

/// Weights of the weekdays; day 0, 1899-12-30, was a Saturday.
const WEEK: [f64; 7] = [19.1, 16.0, 12.4, 11.7, 12.6, 13.0, 15.2];

/// Code of a day's weekday; recent rows write it in mixed case.
pub(super) fn weekday(day: i32, mixed: bool) -> &'static str {
    let at = day.rem_euclid(7) as usize;
    if mixed {
        ["Sa", "Su", "Mo", "Tu", "We", "Th", "Fr"][at]
    } else {
        ["SA", "SU", "MO", "TU", "WE", "TH", "FR"][at]
    }
}

/// A day's number.
pub(super) fn days(year: i32, month: i32, day: i32) -> i32 {
    DateTime::day(year as u16, month as u8, day as u8).to_days() as i32
}

/// A day as `YYYYMMDD`.
pub(super) fn compact(day: i32) -> String {
    DateTime::from_days(f64::from(day))
        .map(|date| format!("{:04}{:02}{:02}", date.year, date.month, date.day))
        .unwrap_or_default()
}
