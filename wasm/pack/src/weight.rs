//! Which crates the code of a module comes from.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use anyhow::{Context, Result, bail};

/// Crates listed at most; the rest is summed up.
const LISTED: usize = 16;

/// Bytes of code per crate, judged by the name section, as lines of text.
///
/// A function belongs to the crate its mangled name begins with; trait methods to the crate of
/// the implementing type. Generic code counts for the crate that wrote it, not the one that
/// instantiated it.
pub(crate) fn by_crate(module: &[u8]) -> Result<String> {
    let sections = sections(module).context("failed to read the module")?;
    let (mut imported, mut sizes, mut names) = (0, Vec::new(), BTreeMap::new());
    for (id, content) in sections {
        let mut content = content;
        match id {
            2 => imported = imported_functions(content).context("failed to read its imports")?,
            10 => {
                for _ in 0..uleb128(&mut content).context("failed to read its code")? {
                    let size = uleb128(&mut content).context("failed to read its code")?;
                    take(&mut content, size).context("failed to read its code")?;
                    sizes.push(size);
                }
            }
            0 => {
                let length = uleb128(&mut content).unwrap_or_default();
                if take(&mut content, length) == Some(b"name") {
                    names = function_names(content).context("failed to read its names")?;
                }
            }
            _ => {}
        }
    }
    if names.is_empty() {
        bail!("the module has no names: build it with CARGO_PROFILE_WEB_STRIP=none");
    }
    let mut totals: BTreeMap<String, usize> = BTreeMap::new();
    for (index, size) in sizes.iter().enumerate() {
        let name = names.get(&(index + imported)).copied().unwrap_or_default();
        *totals.entry(crate_of(name)).or_default() += size;
    }
    let mut totals: Vec<_> = totals.into_iter().collect();
    totals.sort_by_key(|(_, size)| std::cmp::Reverse(*size));
    let mut out = String::new();
    for (name, size) in totals.iter().take(LISTED) {
        writeln!(out, "{name:<24} {size:>9} bytes of code")?;
    }
    let rest: usize = totals.iter().skip(LISTED).map(|(_, size)| size).sum();
    writeln!(out, "{:<24} {rest:>9} bytes of code", "others")?;
    Ok(out)
}

/// `_ZN7parquet4file…` and `parquet[1a2b]::file…` alike: the first path segment that is a word.
fn crate_of(name: &str) -> String {
    let name = name.strip_prefix("_ZN").map_or(name, |legacy| {
        let digits = legacy.bytes().take_while(u8::is_ascii_digit).count();
        let length: usize = legacy[..digits].parse().unwrap_or_default();
        legacy.get(digits..digits + length).unwrap_or_default()
    });
    // `_$LT$serde_json..ser..Compound$u20$as…` begins with the implementing type.
    let name = name
        .replace("_$LT$", "<")
        .replace("$LT$", "<")
        .replace("$RF$", "&");
    let name = name.trim_start_matches(['<', '&', '(', '[', '_']);
    let word = name
        .split(|c: char| !c.is_ascii_alphanumeric() && c != '_')
        .next();
    match word.unwrap_or_default() {
        "" => "(unnamed)".to_owned(),
        word => word.to_owned(),
    }
}

fn sections(module: &[u8]) -> Option<Vec<(u8, &[u8])>> {
    let mut rest = module.strip_prefix(b"\0asm\x01\0\0\0")?;
    let mut sections = Vec::new();
    while !rest.is_empty() {
        let id = *rest.split_off_first()?;
        let size = uleb128(&mut rest)?;
        sections.push((id, take(&mut rest, size)?));
    }
    Some(sections)
}

/// Imported functions come before the module's own in the index space.
fn imported_functions(mut content: &[u8]) -> Option<usize> {
    let mut functions = 0;
    for _ in 0..uleb128(&mut content)? {
        for _ in 0..2 {
            let length = uleb128(&mut content)?;
            take(&mut content, length)?;
        }
        match content.split_off_first()? {
            0 => {
                uleb128(&mut content)?;
                functions += 1;
            }
            // rustc imports nothing but functions.
            _ => return None,
        }
    }
    Some(functions)
}

fn function_names(mut content: &[u8]) -> Option<BTreeMap<usize, &str>> {
    while !content.is_empty() {
        let kind = *content.split_off_first()?;
        let size = uleb128(&mut content)?;
        let mut part = take(&mut content, size)?;
        if kind != 1 {
            continue;
        }
        let mut names = BTreeMap::new();
        for _ in 0..uleb128(&mut part)? {
            let index = uleb128(&mut part)?;
            let length = uleb128(&mut part)?;
            names.insert(index, std::str::from_utf8(take(&mut part, length)?).ok()?);
        }
        return Some(names);
    }
    Some(BTreeMap::new())
}

fn take<'a>(bytes: &mut &'a [u8], count: usize) -> Option<&'a [u8]> {
    bytes.split_off(..count)
}

fn uleb128(bytes: &mut &[u8]) -> Option<usize> {
    let mut value = 0;
    for shift in (0..35).step_by(7) {
        let byte = *bytes.split_off_first()?;
        value |= usize::from(byte & 0x7F) << shift;
        if byte < 0x80 {
            return Some(value);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_lead_to_crates() {
        for (name, expected) in [
            ("_ZN7parquet4file8metadata17h0123456789abcdefE", "parquet"),
            (
                "_ZN65_$LT$serde_json..ser..Compound$u20$as$u20$serde..Serializer$GT$3end17hE",
                "serde_json",
            ),
            ("<engine[1a2b]::engine::Engine>::run", "engine"),
            ("memcpy", "memcpy"),
            ("", "(unnamed)"),
        ] {
            assert_eq!(crate_of(name), expected);
        }
    }

    #[test]
    fn what_is_no_module_is_refused() {
        assert!(by_crate(b"<html>").is_err());
        let error = by_crate(b"\0asm\x01\0\0\0").unwrap_err().to_string();
        assert!(error.contains("no names"));
    }
}
