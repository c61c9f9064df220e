//! Words and pairs of words → the events that have them.

use std::ops::Range;

use anyhow::Result;

use super::buckets::Buckets;
use super::gather::{Gathered, Token};
use super::numbering::Numbering;
use super::runs::{Runs, Triple};
use crate::output::Output;

/// Lists of a word: events whose cause or names have it, events whose texts have it often, others.
pub(super) const WORD_LISTS: usize = 3;

/// Lists of a pair: events whose cause has it, others.
pub(super) const PAIR_LISTS: usize = 2;

/// A text with a word so often speaks of it.
const OFTEN: usize = 3;

/// Of a word that one event in so many has, the texts that have it often are not told apart: it
/// says little, and its lists are the longest there are.
const COMMON: usize = 8;

/// What is known of a segment before it is in order.
pub(super) struct Segment {
    /// Word, tier, event.
    words: Runs,
    /// Word, next word, twice the event and 1 if its cause does not have them.
    pairs: Runs,
}

/// Brings words and pairs of all events into order, by segment.
pub(super) fn sort(gathered: &mut Gathered, numbering: &Numbering) -> Result<Vec<Segment>> {
    let mut segments = Vec::new();
    for _ in &numbering.segments {
        segments.push(Segment {
            words: Runs::new()?,
            pairs: Runs::new()?,
        });
    }
    let (mut words, mut pairs) = (Vec::new(), Vec::new());
    gathered.for_each(|number, tokens| {
        let (at, number) = numbering.place(number);
        let segment = &mut segments[at];
        words.clear();
        pairs.clear();
        let mut before = None;
        for &token in tokens {
            match token {
                Token::Word { word, strong } => {
                    words.push((word, strong));
                    pairs.extend(before.map(|before| ([before, word], u32::from(!strong))));
                    before = Some(word);
                }
                Token::Aside { word, strong } => words.push((word, strong)),
                Token::Break => before = None,
            }
        }
        words.sort_unstable();
        for same in words.chunk_by(|a, b| a.0 == b.0) {
            let tier = match same {
                [.., (_, true)] => 0,
                _ if same.len() >= OFTEN => 1,
                _ => 2,
            };
            segment.words.push([same[0].0, tier, number])?;
        }
        // Of a pair that the cause has too, that one is the first.
        pairs.sort_unstable();
        pairs.dedup_by_key(|(pair, _)| *pair);
        for &([first, second], weak) in &pairs {
            segment.pairs.push([first, second, (number << 1) | weak])?;
        }
        Ok(())
    })?;
    Ok(segments)
}

/// Names of the indexes of a segment.
pub(super) struct Written {
    pub(super) words: String,
    pub(super) pairs: String,
}

/// Writes a segment, and adds the events of each word to `counts`.
pub(super) fn write(
    segment: Segment,
    events: usize,
    words: &[String],
    counts: &mut [u32],
    output: &mut impl Output,
) -> Result<Written> {
    let Segment {
        words: singles,
        pairs,
    } = segment;
    let mut buckets = Buckets::new(output);
    let mut lists = vec![Vec::new(); WORD_LISTS];
    grouped(singles, 0..1, |[word, ..], triples| {
        for list in &mut lists {
            list.clear();
        }
        for &[_, tier, number] in triples {
            lists[tier as usize].push(number);
        }
        if triples.len() > events / COMMON {
            let often = std::mem::take(&mut lists[1]);
            lists[2].extend(often);
            lists[2].sort_unstable();
        }
        counts[word as usize] += triples.len() as u32;
        buckets.add(&words[word as usize], &lists)
    })?;
    let singles = buckets.finish()?;
    let mut buckets = Buckets::new(output);
    let mut term = String::new();
    grouped(pairs, 0..2, |[first, second, _], triples| {
        term.clear();
        term.push_str(&words[first as usize]);
        term.push(' ');
        term.push_str(&words[second as usize]);
        let mut lists = [Vec::new(), Vec::new()];
        for &[.., number] in triples {
            lists[(number & 1) as usize].push(number >> 1);
        }
        buckets.add(&term, &lists)
    })?;
    Ok(Written {
        words: singles,
        pairs: buckets.finish()?,
    })
}

/// Hands over triples that agree in `key`.
fn grouped(
    runs: Runs,
    key: Range<usize>,
    mut each: impl FnMut(Triple, &[Triple]) -> Result<()>,
) -> Result<()> {
    let mut group: Vec<Triple> = Vec::new();
    runs.merged(|triple| {
        if let Some(first) = group.first().copied()
            && first[key.clone()] != triple[key.clone()]
        {
            each(first, &group)?;
            group.clear();
        }
        group.push(triple);
        Ok(())
    })?;
    match group.first().copied() {
        Some(first) => each(first, &group),
        None => Ok(()),
    }
}
