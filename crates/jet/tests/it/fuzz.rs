//! Thousands of damaged files: nothing panics, hangs or takes memory without bound, and every lost page
//! is noticed.

use std::collections::BTreeMap;

use jet::{Error, Format, Value};

use crate::common::{FORMATS, page_size};
use crate::damage::{Outcome, noticed, sample, scan};

/// Files of each format.
const FILES: usize = 4_000;

/// A small generator of its own, so that every run sees the same damage.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, below: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % below as u64) as usize
    }
}

/// What is done to a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Damage {
    Truncated,
    FewBits,
    ManyBits,
    /// Definitions, maps and row directories: the first bytes of the pages.
    Heads,
    PagesSwapped,
    PageZeroed,
    PageOverwritten,
}

const DAMAGES: [Damage; 7] = [
    Damage::Truncated,
    Damage::FewBits,
    Damage::ManyBits,
    Damage::Heads,
    Damage::PagesSwapped,
    Damage::PageZeroed,
    Damage::PageOverwritten,
];

impl Damage {
    fn apply(self, good: &[u8], size: usize, dice: &mut Dice) -> Vec<u8> {
        let mut bytes = good.to_vec();
        let pages = good.len() / size;
        let page = dice.roll(pages) * size;
        match self {
            Self::Truncated => bytes.truncate(dice.roll(good.len())),
            Self::FewBits | Self::ManyBits => {
                for _ in 0..if self == Self::FewBits { 10 } else { 200 } {
                    let at = dice.roll(bytes.len());
                    bytes[at] ^= 1 << dice.roll(8);
                }
            }
            Self::Heads => {
                for _ in 0..20 {
                    let at = dice.roll(pages) * size + dice.roll(120);
                    bytes[at] = dice.roll(256) as u8;
                }
            }
            Self::PagesSwapped => {
                let other = dice.roll(pages) * size;
                bytes.copy_within(other..other + size, page);
                bytes[other..other + size].copy_from_slice(&good[page..page + size]);
            }
            Self::PageZeroed => bytes[page..page + size].fill(0),
            Self::PageOverwritten => {
                for byte in &mut bytes[page..page + size] {
                    *byte = dice.roll(256) as u8;
                }
            }
        }
        bytes
    }

    /// Whether something is gone for certain, rather than changed or moved.
    fn loses(self) -> bool {
        matches!(
            self,
            Self::Truncated | Self::PageZeroed | Self::PageOverwritten
        )
    }
}

/// What became of the files of one kind of damage.
#[derive(Debug, Default)]
struct Tally {
    refused: u32,
    noticed: u32,
    unchanged: u32,
    /// Other values than before, without a trace: Jet has no check sums.
    changed: u32,
}

impl Tally {
    fn count(&mut self, outcome: &Result<Outcome, Error>, whole: &[Vec<Value>]) {
        let place = match outcome {
            Err(_) => &mut self.refused,
            Ok(found) if noticed(outcome) => {
                assert!(found.content.len() <= 255 * 1024, "rows without end");
                &mut self.noticed
            }
            Ok(found) if found.content == whole => &mut self.unchanged,
            Ok(_) => &mut self.changed,
        };
        *place += 1;
    }
}

/// A value holds no more than the file does; a byte of text becomes three at most.
fn assert_bounded(content: &[Vec<Value>], file: usize) {
    for value in content.iter().flatten() {
        let length = match value {
            Value::Text(text) => text.len(),
            Value::Binary(bytes) => bytes.len(),
            _ => 0,
        };
        assert!(length <= 3 * file, "{length} bytes out of {file}");
    }
}

fn fuzz(format: Format) {
    let (good, size) = (sample(format), page_size(format));
    let whole = scan(good.clone()).unwrap().content;
    let mut dice = Dice(0x9E37_79B9_7F4A_7C15);
    let mut tallies = BTreeMap::<Damage, Tally>::new();
    for damage in DAMAGES.into_iter().cycle().take(FILES) {
        let bytes = damage.apply(&good, size, &mut dice);
        let outcome = scan(bytes);
        if let Ok(outcome) = &outcome {
            assert_bounded(&outcome.content, good.len());
        }
        tallies.entry(damage).or_default().count(&outcome, &whole);
    }
    for (damage, tally) in tallies {
        println!(
            "{format:?} {damage:?}: {} refused, {} noticed, {} unchanged, {} changed unseen",
            tally.refused, tally.noticed, tally.unchanged, tally.changed
        );
        assert!(
            !damage.loses() || tally.changed == 0,
            "{damage:?}: {tally:?}"
        );
        assert!(tally.noticed > 0, "{damage:?} came to nothing");
    }
}

#[test]
fn damaged_files_of_either_format() {
    for format in FORMATS {
        fuzz(format);
    }
}
