//! Parquet's RLE/bit-packing hybrid: dictionary indices, definition levels and booleans.
//!
//! A run is a ULEB128 header and its content. An even header repeats one value `header >> 1`
//! times; an odd one is followed by `header >> 1` groups of eight bit-packed values.
//! Source: Parquet format, Encodings.md, "RLE = 3".

/// Decodes `count` values of `width` bits (at most 32); `None` if the bytes do not have them.
pub(super) fn decode(mut bytes: &[u8], width: u8, count: usize) -> Option<Vec<u32>> {
    if width == 0 {
        return Some(vec![0; count]);
    }
    if width > 32 {
        return None;
    }
    let width = usize::from(width);
    let mut out = Vec::with_capacity(count);
    while out.len() < count {
        let left = count - out.len();
        let header = uleb128(&mut bytes)?;
        let length = usize::try_from(header >> 1).ok()?;
        if header & 1 == 0 {
            let value = little_endian(bytes.split_off(..width.div_ceil(8))?);
            // A run of nothing would let the loop go on for ever on no input.
            if length == 0 {
                return None;
            }
            out.resize(out.len() + length.min(left), value as u32);
        } else {
            // Writers may leave out the padding of the last group.
            let whole = length.checked_mul(width)?;
            let packed = bytes.split_off(..whole.min(bytes.len()))?;
            let values = left.min(length.checked_mul(8)?);
            if length == 0 || packed.len() * 8 < values * width {
                return None;
            }
            unpack(packed, width, values, &mut out);
        }
    }
    Some(out)
}

/// Least significant bit first.
fn unpack(packed: &[u8], width: usize, values: usize, out: &mut Vec<u32>) {
    let mask = (1_u64 << width) - 1;
    let (mut buffer, mut bits) = (0_u64, 0);
    let mut bytes = packed.iter();
    for _ in 0..values {
        while bits < width {
            buffer |= u64::from(bytes.next().copied().unwrap_or_default()) << bits;
            bits += 8;
        }
        out.push((buffer & mask) as u32);
        buffer >>= width;
        bits -= width;
    }
}

fn uleb128(bytes: &mut &[u8]) -> Option<u64> {
    let mut value = 0;
    for shift in (0..35).step_by(7) {
        let byte = *bytes.split_off_first()?;
        value |= u64::from(byte & 0x7F) << shift;
        if byte < 0x80 {
            return Some(value);
        }
    }
    None
}

fn little_endian(bytes: &[u8]) -> u64 {
    let add = |value, byte: &u8| value << 8 | u64::from(*byte);
    bytes.iter().rev().fold(0, add)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The example of the format's documentation: 0 to 7 in three bits.
    #[test]
    fn bit_packed_values() {
        let bytes = [0x03, 0b1000_1000, 0b1100_0110, 0b1111_1010];
        assert_eq!(decode(&bytes, 3, 8).unwrap(), [0, 1, 2, 3, 4, 5, 6, 7]);
        assert_eq!(decode(&bytes, 3, 5).unwrap(), [0, 1, 2, 3, 4]);
    }

    #[test]
    fn runs_follow_one_another() {
        // 300 times 0x0102 in 9 bits, then one group of eight.
        let mut bytes = vec![0xD8, 0x04, 0x02, 0x01, 0x03];
        bytes.extend([0xFF; 9]);
        let values = decode(&bytes, 9, 304).unwrap();
        assert!(values[..300].iter().all(|v| *v == 0x0102));
        assert_eq!(values[300..], [511; 4]);
    }

    #[test]
    fn bytes_that_end_early_or_say_nothing_are_refused() {
        for bytes in [
            &[][..],
            &[0x10],
            &[0x00, 0x01],
            &[0x01],
            &[0x03, 0xFF],
            &[0xFF; 9],
        ] {
            assert_eq!(decode(bytes, 3, 8), None, "{bytes:?}");
        }
    }
}
