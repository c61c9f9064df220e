//! The RC4 cipher, with which Jet hides part of the header and, in encoded databases, every page.

/// Applies the key stream to `bytes`; the same call encrypts and decrypts.
pub(crate) fn apply(key: &[u8], bytes: &mut [u8]) {
    let mut state: [u8; 256] = std::array::from_fn(|i| i as u8);
    let mut j = 0u8;
    for (i, step) in key.iter().cycle().take(256).enumerate() {
        j = j.wrapping_add(state[i]).wrapping_add(*step);
        state.swap(i, usize::from(j));
    }
    let (mut i, mut j) = (0u8, 0u8);
    for byte in bytes {
        i = i.wrapping_add(1);
        j = j.wrapping_add(state[usize::from(i)]);
        state.swap(usize::from(i), usize::from(j));
        let sum = state[usize::from(i)].wrapping_add(state[usize::from(j)]);
        *byte ^= state[usize::from(sum)];
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn matches_the_published_test_vector() {
        // RFC 6229, 40-bit key, key stream at offset 0.
        let mut stream = [0; 8];
        super::apply(&[1, 2, 3, 4, 5], &mut stream);
        assert_eq!(stream, [0xb2, 0x39, 0x63, 0x05, 0xf0, 0x3d, 0xc0, 0x27]);
    }
}
