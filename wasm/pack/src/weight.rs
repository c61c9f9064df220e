//! Which crates the code of a module comes from.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use anyhow::{Context, Result, bail};

/// Crates listed at most; the rest is summed up.
const LISTED: usize = 16;

/// Bytes of code per crate, judged by the name section, as lines of text.
///
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
        bail!("the module has no names: its profile must not strip them");
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

/// The first crate in a symbol that is not the standard library, or else the first one: code that
/// `alloc` instantiates for a type of `parquet` is there because of `parquet`.
fn crate_of(name: &str) -> String {
    let readable = legacy(name);
    let roots = match &readable {
        Some(readable) => demangled_roots(readable),
        None => mangled_roots(name),
    };
    let standard = |root: &&&str| ["core", "alloc", "std"].contains(*root);
    let own = roots.iter().find(|root| !standard(root));
    match own.or(roots.first()) {
        Some(root) => (*root).to_owned(),
        None => "(no crate)".to_owned(),
    }
}

/// A legacy symbol, `_ZN` and segments with their lengths, as a path. Segments write `..` for `::`
/// and `$LT$` and the like for punctuation.
fn legacy(name: &str) -> Option<String> {
    let mut rest = name.strip_prefix("_ZN")?;
    let mut path = Vec::new();
    loop {
        let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
        let Ok(length) = rest[..digits].parse::<usize>() else {
            break;
        };
        path.push(rest.get(digits..digits + length)?.replace("..", "::"));
        rest = &rest[digits + length..];
    }
    let mut path = path.join("::");
    for code in [
        "$LT$", "$GT$", "$u20$", "$RF$", "$BP$", "$C$", "$LP$", "$RP$",
    ] {
        path = path.replace(code, " ");
    }
    Some(path)
}

/// Crate roots of a v0 symbol are written `Cs<disambiguator>_<length><name>` (RFC 2603).
fn mangled_roots(name: &str) -> Vec<&str> {
    let root = |part: &'_ str| -> Option<(usize, usize)> {
        let (hash, rest) = part.split_once('_')?;
        let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
        let length: usize = rest[..digits].parse().ok()?;
        let is_hash = !hash.is_empty() && hash.bytes().all(|b| b.is_ascii_alphanumeric());
        is_hash.then_some((hash.len() + 1 + digits, length))
    };
    let starts = name.match_indices("Cs").map(|(at, _)| &name[at + 2..]);
    let cut = |part| root(part).and_then(|(start, length)| part.get(start..start + length));
    starts.filter_map(cut).collect()
}

/// Crate roots of a readable path are words before `::` that follow no `::`.
fn demangled_roots(name: &str) -> Vec<&str> {
    let is_path = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == ':';
    let paths = name.split(|c| !is_path(c));
    let root = |path: &'_ str| path.find("::").filter(|at| *at > 0);
    paths
        .filter_map(|path| root(path).map(|at| &path[..at]))
        .collect()
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
                "_ZN4core3ptr43drop_in_place$LT$dataset..query..Filter$GT$17h0123456789abcdefE",
                "dataset",
            ),
            ("_ZN4core3fmt3num17h0123456789abcdefE", "core"),
            (
                "_ZN49_$LT$$RF$mut$u20$serde_json..de..Deserializer$GT$4read17h0123456789abcdefE",
                "serde_json",
            ),
            (
                "_RNvMs0_NtCsjqx8TIyZbP9_8dlmalloc8dlmallocINtB5_8Dlmalloc6malloc",
                "dlmalloc",
            ),
            (
                "_RINvNtCsgXGp5Oqx2Ny_4core3ptr13drop_in_placeNtCs1a2B_6engine6EngineE",
                "engine",
            ),
            ("memcpy", "(no crate)"),
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
