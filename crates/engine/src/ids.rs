//! Dense numbers for things: the open-addressing table behind dictionaries and groups.
//!
//! The standard map would store every key a second time and hash with a keyed function made for
//! hostile input; here keys live elsewhere and come from files checked against the manifest.

/// A slot that holds nothing.
const FREE: u32 = u32::MAX;

/// Odd constant of Fibonacci hashing, 2⁶⁴ / φ.
const SPREAD: u64 = 0x9E37_79B9_7F4A_7C15;

/// Hash of a number; its high bits are the good ones.
pub(crate) fn hash(number: u64) -> u64 {
    let mixed = number.wrapping_mul(SPREAD);
    (mixed ^ (mixed >> 32)).wrapping_mul(SPREAD)
}

/// Hash of text.
pub(crate) fn hash_text(text: &str) -> u64 {
    let mut chunks = text.as_bytes().chunks_exact(8);
    let mut state = text.len() as u64;
    for chunk in &mut chunks {
        state = hash(state ^ word(chunk));
    }
    hash(state ^ word(chunks.remainder()))
}

fn word(bytes: &[u8]) -> u64 {
    let mut word = [0; 8];
    word[..bytes.len()].copy_from_slice(bytes);
    u64::from_le_bytes(word)
}

/// Finds numbers by hash; what they number is the owner's.
#[derive(Debug, Default)]
pub(crate) struct Slots {
    slots: Vec<u32>,
    used: usize,
}

impl Slots {
    /// The number under which something is known.
    pub(crate) fn find(&self, hash: u64, is: impl Fn(u32) -> bool) -> Option<u32> {
        if self.slots.is_empty() {
            return None;
        }
        Some(self.slots[self.probe(hash, is)]).filter(|number| *number != FREE)
    }

    /// The known number, or `None` after `new` has been entered as the number of this thing.
    pub(crate) fn enter(
        &mut self,
        new: u32,
        hash: u64,
        is: impl Fn(u32) -> bool,
        hash_of: impl Fn(u32) -> u64,
    ) -> Option<u32> {
        if self.used * 2 >= self.slots.len() {
            self.grow(hash_of);
        }
        let at = self.probe(hash, is);
        if self.slots[at] != FREE {
            return Some(self.slots[at]);
        }
        self.slots[at] = new;
        self.used += 1;
        None
    }

    /// The slot of the thing, or the free slot where it would go. At least half are free.
    fn probe(&self, hash: u64, is: impl Fn(u32) -> bool) -> usize {
        let mask = self.slots.len() - 1;
        let mut at = (hash >> 32) as usize & mask;
        while self.slots[at] != FREE && !is(self.slots[at]) {
            at = (at + 1) & mask;
        }
        at
    }

    fn grow(&mut self, hash_of: impl Fn(u32) -> u64) {
        let size = (self.slots.len() * 2).max(64);
        let old = std::mem::replace(&mut self.slots, vec![FREE; size]);
        for number in old.into_iter().filter(|number| *number != FREE) {
            let at = self.probe(hash_of(number), |_| false);
            self.slots[at] = number;
        }
    }
}

/// Numbers 64-bit keys from 0 in order of first appearance.
#[derive(Debug, Default)]
pub(crate) struct Ids {
    keys: Vec<u64>,
    slots: Slots,
}

impl Ids {
    /// The number of a key that has been numbered.
    pub(crate) fn find(&self, key: u64) -> Option<u32> {
        self.slots
            .find(hash(key), |id| self.keys[id as usize] == key)
    }

    pub(crate) fn id(&mut self, key: u64) -> u32 {
        let (keys, new) = (&self.keys, self.keys.len() as u32);
        let known = self.slots.enter(
            new,
            hash(key),
            |id| keys[id as usize] == key,
            |id| hash(keys[id as usize]),
        );
        known.unwrap_or_else(|| {
            self.keys.push(key);
            new
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_keep_their_number_while_the_table_grows() {
        let mut ids = Ids::default();
        for round in 0..2 {
            for key in 0..1000_u64 {
                assert_eq!(ids.id(key << 32), key as u32, "round {round}");
            }
        }
        assert_eq!(ids.keys.len(), 1000);
    }

    #[test]
    fn texts_that_differ_in_one_byte_or_in_length_hash_apart() {
        let texts = [
            "",
            "\0",
            "N12345",
            "N12346",
            "20080101X00001",
            "20080101X00011",
        ];
        for (i, a) in texts.iter().enumerate() {
            for b in &texts[i + 1..] {
                assert_ne!(hash_text(a), hash_text(b), "{a:?} {b:?}");
            }
        }
    }
}
