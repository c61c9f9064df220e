//! The index of words in narratives and probable causes, in files that browsers fetch as they need
//! them. `docs/search.md` has the format and why it is so; `static/js/search-index.js` reads it.

mod buckets;
mod gather;
mod index;
mod numbering;
mod runs;
#[cfg(test)]
mod tests;
mod words;

use std::collections::BTreeSet;
use std::path::Path;

use anyhow::Result;
use dataset::manifest::Manifest;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use self::buckets::named;
use self::numbering::Numbering;
use super::events::buckets::gzip;
use super::events::groups;
use crate::output::Output;
use crate::record::{Brief, Catalogue};

/// Folder of the index.
pub(crate) const FOLDER: &str = "api/v1/search";

/// Version of the format; readers refuse a newer one.
const FORMAT: u32 = 1;

/// Keys of events in a file on average: a result costs one of them.
const KEYS: u64 = 1_024;

/// Words that are offered to complete what is typed: the commonest, in at least so many events.
const COMPLETIONS: usize = 6_000;
const COMPLETED: u32 = 3;

/// Highest injuries, in the order of their numbers.
const SEVERITIES: [&str; 5] = ["FATL", "SERS", "MINR", "NONE", ""];

/// Year 0 of an event's byte; 0 itself stands for a missing year.
const YEAR_ZERO: i32 = 1900;

/// Writes the index: words and pairs of words, keys and facets of the events.
///
/// # Errors
/// If a file of the lake cannot be read, or writing fails.
pub fn write(
    lake: &Path,
    manifest: &Manifest,
    catalogue: &Catalogue,
    output: &mut impl Output,
) -> Result<()> {
    let numbering = Numbering::of(catalogue, &manifest.data_date);
    let mut gathered = gather::gather(lake, manifest, &numbering)?;
    let sorted = index::sort(&mut gathered, &numbering)?;
    let words = gathered.words;
    let states = states(catalogue);
    let mut counts = vec![0; words.len()];
    let mut segments = Vec::new();
    for (at, segment) in sorted.into_iter().enumerate() {
        let events = numbering.segment(at);
        let written = index::write(segment, events.len(), &words, &mut counts, output)?;
        segments.push(json!({
            "events": events.len(),
            "words": written.words,
            "pairs": written.pairs,
            "keys": keys(events, output)?,
            "facets": named(&gzip(&facets(events, &states))?, output)?,
        }));
    }
    let name = |code: &str| match code {
        "" => "no state recorded".to_owned(),
        code => groups::state(code),
    };
    let manifest = json!({
        "format": FORMAT,
        "about": "Words in narratives and probable causes; docs/search.md of the project has the format.",
        "lists": { "words": index::WORD_LISTS, "pairs": index::PAIR_LISTS },
        "skipped": &words::SKIPPED[..],
        "segments": segments,
        "completions": completions(&words, &counts, output)?,
        "states": states.iter().map(|code| json!([code, name(code)])).collect::<Vec<_>>(),
        "severities": SEVERITIES,
        "year_zero": YEAR_ZERO,
    });
    output.write(
        &format!("{FOLDER}/manifest.json"),
        manifest.to_string().as_bytes(),
    )
}

/// Codes of states, sorted; empty for none.
fn states(catalogue: &Catalogue) -> Vec<&str> {
    let codes = catalogue.events.iter().map(state);
    let codes: BTreeSet<&str> = codes.chain([""]).collect();
    // One byte an event; there are 60 codes.
    codes.into_iter().take(256).collect()
}

fn state(event: &Brief) -> &str {
    event.state.as_deref().unwrap_or_default()
}

/// A byte an event for the year, then one for the state, then one for the highest injury.
fn facets(events: &[&Brief], states: &[&str]) -> Vec<u8> {
    let year = |event: &&Brief| {
        let year = event.year().parse::<i32>().unwrap_or_default() - YEAR_ZERO;
        u8::try_from(year).unwrap_or_default()
    };
    let injury = |event: &&Brief| {
        let code = event.injury.as_deref().unwrap_or_default();
        let at = SEVERITIES.iter().position(|known| *known == code);
        at.unwrap_or(SEVERITIES.len() - 1) as u8
    };
    // What does not fit is no state.
    let of_state = |event: &&Brief| states.binary_search(&state(event)).unwrap_or_default() as u8;
    let years = events.iter().map(year);
    let all = years.chain(events.iter().map(of_state));
    all.chain(events.iter().map(injury)).collect()
}

/// Writes the keys of events, and returns the number of the first in each file with its name.
fn keys(events: &[&Brief], output: &mut impl Output) -> Result<Vec<Value>> {
    let mut files = Vec::new();
    let mut start = 0;
    for end in 1..=events.len() {
        let ends = || {
            let digest = Sha256::digest(events[end - 1].ev_id.as_bytes());
            ((u64::from(digest[0]) << 8) | u64::from(digest[1])).is_multiple_of(KEYS)
        };
        if end == events.len() || ends() {
            let keys: Vec<&str> = events[start..end]
                .iter()
                .map(|e| e.ev_id.as_str())
                .collect();
            let file = gzip(serde_json::to_string(&keys)?.as_bytes())?;
            files.push(json!([start, named(&file, output)?]));
            start = end;
        }
    }
    Ok(files)
}

/// Writes the commonest words, sorted, each with the number of binary digits of its count: one
/// more event changes few of them.
fn completions(words: &[String], counts: &[u32], output: &mut impl Output) -> Result<String> {
    let mut common: Vec<(&str, u32)> = std::iter::zip(words, counts)
        .filter(|(word, count)| {
            **count >= COMPLETED && word.bytes().any(|b| b.is_ascii_alphabetic())
        })
        .map(|(word, count)| (word.as_str(), *count))
        .collect();
    common.sort_by_key(|&(word, count)| (std::cmp::Reverse(count), word));
    common.truncate(COMPLETIONS);
    common.sort_unstable();
    let list: Vec<Value> = common
        .into_iter()
        .map(|(word, count)| json!([word, count.ilog2() + 1]))
        .collect();
    named(&gzip(json!(list).to_string().as_bytes())?, output)
}
