//! Which events have a page of their own.

use std::collections::HashSet;

use crate::record::{Brief, Catalogue};

/// FAR parts of air carriers: domestic and flag, scheduled with helicopters, foreign.
const AIR_CARRIERS: [&str; 3] = ["121", "127", "129"];

/// What is pre-rendered; every other event is drawn by the browser.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct EventPages {
    /// Months before the newest event.
    pub months: u32,
    /// Pages at most; the newest of the months are kept, and before them air carriers.
    pub limit: usize,
}

impl Default for EventPages {
    fn default() -> Self {
        Self {
            months: 24,
            limit: 6_000,
        }
    }
}

/// Keys of the events that get a page: fatal accidents of air carriers, and the newest.
pub(super) fn select(catalogue: &Catalogue, policy: EventPages) -> HashSet<String> {
    let Some(newest) = catalogue.events.last() else {
        return HashSet::new();
    };
    let since = months_before(&newest.date, policy.months);
    let carriers = catalogue
        .events
        .iter()
        .rev()
        .filter(|event| is_fatal_carrier(event));
    let recent = catalogue
        .events
        .iter()
        .rev()
        .filter(|event| event.date > since);
    carriers
        .chain(recent)
        .map(|event| event.ev_id.as_str())
        // The key becomes a folder.
        .filter(|id| !id.is_empty() && id.bytes().all(|b| b.is_ascii_alphanumeric()))
        .take(policy.limit)
        .map(str::to_owned)
        .collect()
}

fn is_fatal_carrier(event: &Brief) -> bool {
    let carrier = |part: &str| AIR_CARRIERS.contains(&part);
    event.kind == "ACC"
        && event.injury.as_deref() == Some("FATL")
        && event
            .aircraft
            .iter()
            .any(|craft| craft.far_part.as_deref().is_some_and(carrier))
}

/// A date so many months earlier; text that is no date comes before all dates.
fn months_before(date: &str, months: u32) -> String {
    let number = |range| {
        date.get(range)
            .and_then(|text: &str| text.parse::<u32>().ok())
    };
    match (number(0..4), number(5..7)) {
        (Some(year), Some(month)) => {
            let all = (year * 12 + month - 1).saturating_sub(months);
            let day = date.get(8..).unwrap_or("01");
            format!("{:04}-{:02}-{day}", all / 12, all % 12 + 1)
        }
        _ => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn months_cross_years() {
        assert_eq!(months_before("2021-12-30", 24), "2019-12-30");
        assert_eq!(months_before("2021-02-28", 3), "2020-11-28");
        assert_eq!(months_before("", 3), "");
    }
}
