//! The index as a reader sees it, against a reading of the texts themselves.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Read;

use serde_json::Value;

use super::words::{is_skipped, words};
use super::*;
use crate::output::MemoryOutput;
use crate::record::texts;
use crate::stage::emit::fixture;

/// Events by term.
type Found = BTreeMap<String, BTreeSet<String>>;

struct Reader(MemoryOutput);

impl Reader {
    fn file(&self, name: &str) -> Vec<u8> {
        let mut bytes = Vec::new();
        let file = &self.0.files[&format!("{FOLDER}/{name}.gz")];
        flate2::read::GzDecoder::new(&file[..])
            .read_to_end(&mut bytes)
            .unwrap();
        bytes
    }

    fn json(&self, name: &str) -> Value {
        serde_json::from_slice(&self.file(name)).unwrap()
    }

    /// All terms of an index of files, with the keys of their events.
    fn terms(&self, index: &str, lists: usize, keys: &[String]) -> Found {
        let mut found = Found::new();
        for file in self.json(index).as_array().unwrap() {
            let bytes = self.file(file[1].as_str().unwrap());
            let mut at = 0;
            let mut terms: Vec<(String, usize)> = Vec::new();
            let count = varint(&bytes, &mut at);
            let mut term = String::new();
            for _ in 0..count {
                term.truncate(varint(&bytes, &mut at));
                let rest = varint(&bytes, &mut at);
                term.push_str(std::str::from_utf8(&bytes[at..at + rest]).unwrap());
                at += rest;
                terms.extend((0..lists).map(|_| (term.clone(), varint(&bytes, &mut at))));
            }
            assert_eq!(terms[0].0, file[0].as_str().unwrap());
            for (term, count) in terms {
                let mut number = 0;
                for _ in 0..count {
                    number += varint(&bytes, &mut at);
                    let events = found.entry(term.clone()).or_default();
                    assert!(
                        events.insert(keys[number].clone()),
                        "{term} is in two lists"
                    );
                }
            }
            assert_eq!(at, bytes.len());
        }
        found
    }

    fn keys(&self, segment: &Value) -> Vec<String> {
        let mut keys: Vec<String> = Vec::new();
        for file in segment["keys"].as_array().unwrap() {
            assert_eq!(file[0], keys.len());
            let more: Vec<String> =
                serde_json::from_value(self.json(file[1].as_str().unwrap())).unwrap();
            keys.extend(more);
        }
        keys
    }
}

fn varint(bytes: &[u8], at: &mut usize) -> usize {
    let (mut number, mut shift) = (0, 0);
    loop {
        let byte = usize::from(bytes[*at]);
        *at += 1;
        number |= (byte & 127) << shift;
        shift += 7;
        if byte < 128 {
            return number;
        }
    }
}

/// Words and pairs as the texts have them.
fn read(inputs: &crate::stage::emit::Inputs) -> [Found; 2] {
    let [mut singles, mut pairs] = [Found::new(), Found::new()];
    for part in texts::parts(&inputs.manifest) {
        texts::for_each(&inputs.lake, &part, |ev_id, texts| {
            for text in texts {
                let mut before: Option<String> = None;
                words(text.text, |word, compound| {
                    if is_skipped(word) {
                        return;
                    }
                    let add = |to: &mut Found, term: String| {
                        to.entry(term).or_default().insert(ev_id.to_owned());
                    };
                    add(&mut singles, word.to_owned());
                    if !compound {
                        if let Some(before) = &before {
                            add(&mut pairs, format!("{before} {word}"));
                        }
                        before = Some(word.to_owned());
                    }
                });
            }
            Ok(())
        })
        .unwrap();
    }
    [singles, pairs]
}

fn written(inputs: &crate::stage::emit::Inputs) -> MemoryOutput {
    let mut output = MemoryOutput::default();
    let catalogue = Catalogue::read(&inputs.lake, &inputs.manifest).unwrap();
    write(&inputs.lake, &inputs.manifest, &catalogue, &mut output).unwrap();
    output
}

#[test]
fn every_word_and_pair_leads_to_the_events_that_have_it() {
    let files = fixture::files();
    let reader = Reader(written(&files.inputs));
    let manifest = &reader.0.files[&format!("{FOLDER}/manifest.json")];
    let manifest: Value = serde_json::from_slice(manifest).unwrap();
    let [mut singles, mut pairs] = [Found::new(), Found::new()];
    let segments = manifest["segments"].as_array().unwrap();
    assert_eq!(segments.len(), 2);
    for segment in segments {
        let keys = reader.keys(segment);
        assert_eq!(segment["events"], keys.len());
        let facets = reader.file(segment["facets"].as_str().unwrap());
        assert_eq!(facets.len(), 3 * keys.len());
        for (key, year) in std::iter::zip(&keys, &facets) {
            assert_eq!(key[..4], (i32::from(*year) + YEAR_ZERO).to_string());
        }
        for (kind, lists, all) in [
            ("words", index::WORD_LISTS, &mut singles),
            ("pairs", index::PAIR_LISTS, &mut pairs),
        ] {
            for (term, events) in reader.terms(segment[kind].as_str().unwrap(), lists, &keys) {
                all.entry(term).or_default().extend(events);
            }
        }
    }
    let [expected, expected_pairs] = read(&files.inputs);
    assert!(expected.len() > 10 && expected_pairs.len() > 10);
    assert_eq!(pairs, expected_pairs);
    for (word, events) in &expected {
        assert!(singles[word].is_superset(events), "{word}");
    }
    // What is not in a text is a name: all events of the fixture are of Texas.
    assert_eq!(singles["texa"].len(), fixture_years());
    for word in singles.keys().filter(|word| !expected.contains_key(*word)) {
        let known = ["tx", "texa", "hou", "houston", "cessna", "172"];
        assert!(known.contains(&word.as_str()), "{word} is in no text");
    }
}

fn fixture_years() -> usize {
    crate::stage::emit::fixture_lake::YEARS.count()
}

#[test]
fn the_same_lake_gives_the_same_files() {
    let files = fixture::files();
    assert_eq!(written(&files.inputs).files, written(&files.inputs).files);
}
