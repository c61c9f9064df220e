//! Makes of aircraft under one name each.
//!
//! The source has one field of free text: `CESSNA`, `Cessna Aircraft Co.`, `ROBINSON HELICOPTER
//! COMPANY`. Case, punctuation and legal forms go; `makes.tsv` merges what is left. A make it
//! does not list stays as it is: most are the names of amateur builders.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use anyhow::{Context, Result};
use duckdb::{Connection, params};

/// Words that end a company's name and tell no two makes apart.
const LEGAL_FORMS: &[&str] = &[
    "CO",
    "COMPANY",
    "CORP",
    "CORPORATION",
    "GMBH",
    "INC",
    "INCORPORATED",
    "LIMITED",
    "LLC",
    "LTD",
];

/// Words that end a name, but are dropped only where the rest is a listed make.
const TRADES: &[&str] = &["AIRCRAFT", "HELICOPTER", "HELICOPTERS"];

/// Creates `make_name`: for every make in `aircraft` the name it goes by.
pub(super) fn normalise(duck: &Connection) -> Result<()> {
    let makes = duck
        .prepare("SELECT DISTINCT acft_make FROM aircraft WHERE acft_make IS NOT NULL ORDER BY 1")?
        .query_map([], |row| row.get(0))?
        .collect::<duckdb::Result<Vec<String>>>()
        .context("reading the makes of aircraft")?;
    duck.execute_batch("CREATE TEMP TABLE make_name (acft_make VARCHAR, make VARCHAR)")?;
    let mut appender = duck.appender("make_name")?;
    for make in &makes {
        appender.append_row(params![make, name(make)])?;
    }
    appender.flush()?;
    Ok(())
}

/// The name a make goes by; nothing if the text holds no letter or digit.
fn name(make: &str) -> Option<String> {
    let folded = fold(make);
    let mut words: Vec<&str> = folded.split(' ').filter(|word| !word.is_empty()).collect();
    while words.len() > 1 && words.last().is_some_and(|word| LEGAL_FORMS.contains(word)) {
        words.pop();
    }
    if words.is_empty() {
        return None;
    }
    let name = words.join(" ");
    if let Some(make) = merges().get(name.as_str()) {
        return Some((*make).to_owned());
    }
    if words.last().is_some_and(|word| TRADES.contains(word)) {
        let rest = words[..words.len() - 1].join(" ");
        if let Some(make) = merges().get(rest.as_str()) {
            return Some((*make).to_owned());
        }
    }
    Some(name)
}

/// Upper case, without dots and apostrophes, other punctuation as a space.
fn fold(make: &str) -> String {
    make.to_uppercase()
        .chars()
        .filter(|c| !matches!(c, '.' | '\'' | '’'))
        .map(|c| if c.is_alphanumeric() { c } else { ' ' })
        .collect()
}

/// Folded spellings and their makes; every make is also a spelling of itself.
fn merges() -> &'static BTreeMap<&'static str, &'static str> {
    static MERGES: OnceLock<BTreeMap<&'static str, &'static str>> = OnceLock::new();
    MERGES.get_or_init(|| {
        let lines = include_str!("makes.tsv").lines().skip(1);
        lines
            .filter_map(|line| line.split_once('\t'))
            .flat_map(|(spelling, make)| [(spelling, make), (make, make)])
            .collect()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spellings_of_one_maker_meet() {
        for (make, expected) in [
            ("Cessna Aircraft Co.", "CESSNA"),
            ("CIRRUS DESIGN CORP.", "CIRRUS"),
            ("ROBINSON HELICOPTER COMPANY", "ROBINSON"),
            ("AIR TRACTOR INC", "AIR TRACTOR"),
            ("Hawker Beechcraft Corp", "BEECH"),
            ("PIPER AIRCRAFT, INC.", "PIPER"),
            ("MOONEY AIRPLANE CO INC", "MOONEY"),
            ("Bell Helicopter Textron Canada", "BELL"),
            ("De  Havilland", "DEHAVILLAND"),
        ] {
            assert_eq!(name(make).as_deref(), Some(expected), "{make}");
        }
    }

    #[test]
    fn unknown_makes_stay_as_they_are() {
        assert_eq!(name("Barnard/Stancil").as_deref(), Some("BARNARD STANCIL"));
        assert_eq!(name("JONES AIRCRAFT").as_deref(), Some("JONES AIRCRAFT"));
        assert_eq!(name("O'NEILL").as_deref(), Some("ONEILL"));
        assert_eq!(name("Company").as_deref(), Some("COMPANY"));
        assert_eq!(name(" - "), None);
    }

    #[test]
    fn the_list_is_folded_and_leads_to_final_names() {
        for (spelling, make) in merges() {
            assert_eq!(fold(spelling), *spelling);
            assert_eq!(name(make).as_deref(), Some(*make), "{spelling}");
        }
    }
}
