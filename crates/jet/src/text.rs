//! Text as stored: UTF-16LE, its compressed form (`FF FE`, then one byte a character), or the
//! Windows-1252 bytes of Jet 3.

/// Mark before compressed text. Uncompressed text that begins with U+FEFF looks the same and so
/// cannot be stored.
const COMPRESSED: [u8; 2] = [0xFF, 0xFE];
/// What each of the bytes 80–9F means in Windows-1252; undefined ones stand for themselves.
const CP1252: [u16; 32] = [
    0x20AC, 0x81, 0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030, 0x0160, 0x2039,
    0x0152, 0x8D, 0x017D, 0x8F, 0x90, 0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2013, 0x2014,
    0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0x9D, 0x017E, 0x0178,
];

/// Decoded text, and whether something in it had to be replaced by U+FFFD.
pub(crate) fn decode(bytes: &[u8], jet4: bool) -> (String, bool) {
    if !jet4 {
        return (bytes.iter().map(|byte| cp1252(*byte)).collect(), false);
    }
    if let Some(body) = bytes.strip_prefix(&COMPRESSED) {
        return decode_compressed(body);
    }
    let (units, odd) = bytes.as_chunks::<2>();
    from_units(
        units.iter().map(|unit| u16::from_le_bytes(*unit)),
        !odd.is_empty(),
    )
}

fn cp1252(byte: u8) -> char {
    let unit = match byte {
        0x80..=0x9F => CP1252[usize::from(byte - 0x80)],
        _ => u16::from(byte),
    };
    char::from_u32(u32::from(unit)).unwrap_or(char::REPLACEMENT_CHARACTER)
}

/// A zero byte switches between one and two bytes a character.
fn decode_compressed(body: &[u8]) -> (String, bool) {
    let (mut units, mut narrow, mut at, mut odd) = (Vec::with_capacity(body.len()), true, 0, false);
    while let Some(&first) = body.get(at) {
        if first == 0 {
            narrow = !narrow;
            at += 1;
        } else if narrow {
            units.push(u16::from(first));
            at += 1;
        } else if let Some(&second) = body.get(at + 1) {
            units.push(u16::from_le_bytes([first, second]));
            at += 2;
        } else {
            odd = true;
            break;
        }
    }
    from_units(units.into_iter(), odd)
}

/// `odd`: a byte was left over at the end.
fn from_units(units: impl Iterator<Item = u16>, odd: bool) -> (String, bool) {
    let mut lossy = odd;
    let mut text: String = char::decode_utf16(units)
        .map(|unit| {
            unit.unwrap_or_else(|_| {
                lossy = true;
                char::REPLACEMENT_CHARACTER
            })
        })
        .collect();
    if odd {
        text.push(char::REPLACEMENT_CHARACTER);
    }
    (text, lossy)
}

/// Encodes for Windows-1252 or UTF-16, there for a column with or without compressed text; says why
/// if the text cannot be stored.
pub(crate) fn encode(text: &str, jet4: bool, compressed: bool) -> Result<Vec<u8>, &'static str> {
    if !jet4 {
        return encode_cp1252(text).ok_or("Jet 3 stores the characters of Windows-1252 only");
    }
    if text.starts_with('\u{FEFF}') {
        return Err("text that begins with U+FEFF cannot be told from compressed text");
    }
    let latin = |unit: u16| matches!(unit, 1..=0xFF);
    let length = text.encode_utf16().count();
    if compressed && (3..=1024).contains(&length) && text.encode_utf16().all(latin) {
        let body = text.encode_utf16().map(|unit| unit as u8);
        return Ok(COMPRESSED.into_iter().chain(body).collect());
    }
    Ok(encode_wide(text))
}

/// Encodes as Windows-1252; `None` when a character is not in it.
pub(crate) fn encode_cp1252(text: &str) -> Option<Vec<u8>> {
    let byte = |c: char| match u32::from(c) {
        code @ (0..0x80 | 0xA0..=0xFF) => Some(code as u8),
        code => {
            let mut high = (0x80u8..).zip(CP1252);
            high.find_map(|(byte, unit)| (u32::from(unit) == code).then_some(byte))
        }
    };
    text.chars().map(byte).collect()
}

/// Encodes as UTF-16LE.
fn encode_wide(text: &str) -> Vec<u8> {
    text.encode_utf16().flat_map(u16::to_le_bytes).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn compression_switches_to_wide_characters_and_back() {
        let stored = [0xFF, 0xFE, b'a', 0, 0xA9, 0x03, 0, b'b'];
        assert_eq!(decode(&stored, true), ("aΩb".into(), false));
    }

    #[test]
    fn broken_text_is_kept_and_marked() {
        let lone = [b'a', 0, 0x00, 0xD8, b'b', 0];
        assert_eq!(decode(&lone, true), ("a\u{FFFD}b".into(), true));
        assert_eq!(decode(&[b'a', 0, b'b'], true), ("a\u{FFFD}".into(), true));
        assert_eq!(
            decode(&[0xFF, 0xFE, 0, b'b'], true),
            ("\u{FFFD}".into(), true)
        );
    }

    #[test]
    fn windows_1252() {
        assert_eq!(
            decode(b"\x80 \x93caf\xe9\x94", false),
            ("€ “café”".into(), false)
        );
        let all: Vec<u8> = (0..=255).collect();
        assert_eq!(encode_cp1252(&decode(&all, false).0), Some(all));
        assert_eq!(encode_cp1252("Ω"), None);
        assert_eq!(encode_cp1252("\u{80}"), None, "its byte means €");
    }

    #[test]
    fn compresses_within_its_limits_only() {
        assert_eq!(encode("ab", true, true).unwrap().len(), 4);
        assert_eq!(encode("abc", true, true).unwrap().len(), 5);
        assert_eq!(encode("abc", true, false).unwrap().len(), 6);
        assert_eq!(encode(&"x".repeat(1024), true, true).unwrap().len(), 1026);
        assert_eq!(encode(&"x".repeat(1025), true, true).unwrap().len(), 2050);
        assert_eq!(encode("a\0c", true, true).unwrap().len(), 6);
        assert!(encode("\u{FEFF}abc", true, true).is_err());
    }
}
