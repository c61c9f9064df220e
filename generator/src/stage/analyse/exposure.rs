//! Hours flown, as the user supplies them: nobody publishes them with the accidents.
//!
//! A CSV file with the header `year,segment,far_parts,hours`. A segment is any name; its FAR parts
//! are codes of `explore.far_part` separated by spaces, or `*` for all; hours are those flown by it
//! in that year.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use anyhow::{Context, Result};
use dataset::codes;

use crate::fault::Fault;

const HEADER: [&str; 4] = ["year", "segment", "far_parts", "hours"];

/// Stands for every FAR part.
const ALL: &str = "*";

/// FAR parts that occur in the data but not in its dictionary.
const UNLISTED: &[&str] = &["107", "415", "431", "435", "437"];

/// Hours flown by year and segment.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Exposure {
    /// Hours by segment and year.
    pub(super) hours: BTreeMap<(String, i32), f64>,
    /// FAR parts by segment.
    pub(super) segments: BTreeMap<String, BTreeSet<String>>,
}

/// Reads and checks a file.
///
/// # Errors
/// [`Fault::Input`] naming the line and what is wrong with it.
pub(super) fn read(path: &Path) -> Result<Exposure> {
    let text = std::fs::read_to_string(path)
        .with_context(|| format!("reading the exposure data {}", path.display()))?;
    parse(&text)
        .map_err(|problem| Fault::Input(format!("exposure data {}: {problem}", path.display())))
        .map_err(Into::into)
}

fn parse(text: &str) -> Result<Exposure, String> {
    let mut reader = csv::ReaderBuilder::new()
        .trim(csv::Trim::All)
        .comment(Some(b'#'))
        .from_reader(text.trim_start_matches('\u{feff}').as_bytes());
    let header = reader.headers().map_err(|error| error.to_string())?;
    if header != HEADER.as_slice() {
        return Err(format!(
            "the first line must be `{}`, not `{}`",
            HEADER.join(","),
            header.iter().collect::<Vec<_>>().join(",")
        ));
    }
    let mut exposure = Exposure::default();
    for record in reader.records() {
        let record = record.map_err(|error| error.to_string())?;
        let line = record.position().map_or(0, csv::Position::line);
        add(&mut exposure, &record).map_err(|problem| format!("line {line}: {problem}"))?;
    }
    if exposure.hours.is_empty() {
        return Err("there is no line after the header".to_owned());
    }
    Ok(exposure)
}

fn add(exposure: &mut Exposure, record: &csv::StringRecord) -> Result<(), String> {
    let [year, segment, parts, hours] = std::array::from_fn(|at| record.get(at).unwrap_or(""));
    let year: i32 = year
        .parse()
        .ok()
        .filter(|year| (1900..=2200).contains(year))
        .ok_or_else(|| format!("year `{year}` is no year"))?;
    if segment.is_empty() {
        return Err("the segment has no name".to_owned());
    }
    let hours: f64 = hours
        .parse()
        .ok()
        .filter(|hours: &f64| hours.is_finite() && *hours > 0.0)
        .ok_or_else(|| {
            format!("hours `{hours}` is no number above 0 (write 22805000, without separators)")
        })?;
    let parts = far_parts(parts)?;
    let known = exposure
        .segments
        .entry(segment.to_owned())
        .or_insert_with(|| parts.clone());
    if *known != parts {
        return Err(format!("segment `{segment}` had other FAR parts before"));
    }
    if exposure
        .hours
        .insert((segment.to_owned(), year), hours)
        .is_some()
    {
        return Err(format!("segment `{segment}` has {year} twice"));
    }
    Ok(())
}

fn far_parts(text: &str) -> Result<BTreeSet<String>, String> {
    let parts: BTreeSet<String> = text.split_whitespace().map(str::to_uppercase).collect();
    if parts.is_empty() {
        return Err("far_parts is empty: name FAR parts, or * for all".to_owned());
    }
    if parts.contains(ALL) && parts.len() > 1 {
        return Err("far_parts has * and others: * alone means all".to_owned());
    }
    let listed = codes::labels("aircraft", "far_part");
    let unknown = parts.iter().find(|part| {
        *part != ALL
            && !UNLISTED.contains(&part.as_str())
            && listed.iter().all(|(code, _)| code != part)
    });
    match unknown {
        Some(part) => Err(format!(
            "`{part}` is no FAR part of the data (091 for Part 91, 121, 135, …)"
        )),
        None => Ok(parts),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const GOOD: &str = "# FAA survey\nyear,segment,far_parts,hours\n2008,\"GA, all\",091 091K,2.5e7\n\
                        2009,\"GA, all\",091K 091,20000000\n2008,All,*,40000000\n";

    #[test]
    fn segments_and_hours_are_read() {
        let exposure = parse(GOOD).unwrap();
        assert_eq!(
            exposure.hours[&("GA, all".to_owned(), 2008)].to_bits(),
            2.5e7_f64.to_bits()
        );
        assert_eq!(exposure.hours.len(), 3);
        assert_eq!(exposure.segments["GA, all"].len(), 2);
    }

    #[test]
    fn each_fault_is_named_with_its_line() {
        for (from, to, named) in [
            ("year,segment", "jahr,segment", "first line must be"),
            (
                "2008,All,*,40000000",
                "2008,All,*,many",
                "line 5: hours `many`",
            ),
            ("2008,All,*,40000000", "2008,All,*,0", "line 5: hours `0`"),
            (
                "2008,All,*,40000000",
                "2008,All,*,NaN",
                "line 5: hours `NaN`",
            ),
            ("2008,All,*,40000000", "08,All,*,1", "line 5: year `08`"),
            ("2008,All,*,40000000", "2008,,*,1", "no name"),
            ("2008,All,*,40000000", "2008,All,,1", "far_parts is empty"),
            ("2008,All,*,40000000", "2008,All,* 091,1", "* alone"),
            (
                "2008,All,*,40000000",
                "2008,All,91,1",
                "`91` is no FAR part",
            ),
            ("2009,\"GA", "2008,\"GA", "2008 twice"),
            ("091K 091,", "091,", "other FAR parts"),
            (",40000000", "", "line: 5"),
        ] {
            let problem = parse(&GOOD.replace(from, to)).unwrap_err();
            assert!(problem.contains(named), "{problem}, not {named}");
        }
        assert!(
            parse("year,segment,far_parts,hours\n")
                .unwrap_err()
                .contains("no line")
        );
    }
}
