//! Many small JSON values in few files that browsers fetch whole.
//!
//! Values are ordered by key and cut into buckets where the hash of a key says so, not every so
//! many: a value more or less changes the bucket it is in, and no other.

use std::io::Write;
use std::ops::Range;

use anyhow::Result;
use flate2::{Compression, GzBuilder};
use rayon::prelude::*;
use serde_json::json;
use sha2::{Digest, Sha256};

use super::spool::Sorted;
use crate::output::{Output, short_hash};

/// Bytes of JSON after which a bucket ends, whatever the hash says.
const LIMIT: usize = 1 << 20;

/// Buckets compressed at once.
const AT_ONCE: usize = 64;

/// What was written.
#[derive(Debug, Default, Clone, Copy)]
pub(super) struct Written {
    pub(super) files: u64,
    pub(super) bytes: u64,
    pub(super) largest: u64,
}

/// Writes `folder/manifest.json` and the buckets it names, `average` values in each.
///
/// A bucket is a gzipped JSON object, key → value. The manifest has the first key and the name of
/// each, and what `about` says.
pub(super) fn write(
    folder: &str,
    values: &Sorted,
    average: u64,
    about: &serde_json::Value,
    output: &mut impl Output,
) -> Result<Written> {
    let ranges = cut(values, average);
    let mut names = Vec::new();
    let mut written = Written::default();
    for ranges in ranges.chunks(AT_ONCE) {
        let buckets: Vec<Vec<u8>> = ranges
            .par_iter()
            .map(|range| gzip(&object(values, range.clone())?))
            .collect::<Result<_>>()?;
        for (range, bucket) in std::iter::zip(ranges, &buckets) {
            let name = short_hash(bucket);
            output.write(&format!("{folder}/{name}.json.gz"), bucket)?;
            written.files += 1;
            written.bytes += bucket.len() as u64;
            written.largest = written.largest.max(bucket.len() as u64);
            names.push(json!([values.key(range.start), name]));
        }
    }
    let manifest = json!({
        "format": crate::record::FORMAT,
        "about": about,
        "values": values.len(),
        "buckets": names,
    });
    output.write(
        &format!("{folder}/manifest.json"),
        manifest.to_string().as_bytes(),
    )?;
    Ok(written)
}

fn cut(values: &Sorted, average: u64) -> Vec<Range<usize>> {
    let mut ranges = Vec::new();
    let (mut start, mut bytes) = (0, 0);
    for index in 0..values.len() {
        if index > start && (bytes > LIMIT || ends_before(values.key(index), average)) {
            ranges.push(start..index);
            (start, bytes) = (index, 0);
        }
        bytes += values.size(index);
    }
    if start < values.len() {
        ranges.push(start..values.len());
    }
    ranges
}

fn ends_before(key: &str, average: u64) -> bool {
    let digest = Sha256::digest(key.as_bytes());
    let number = digest
        .iter()
        .take(8)
        .fold(0, |n: u64, &byte| (n << 8) | u64::from(byte));
    number.is_multiple_of(average)
}

fn object(values: &Sorted, range: Range<usize>) -> Result<Vec<u8>> {
    let mut json = b"{".to_vec();
    for index in range.clone() {
        if index > range.start {
            json.push(b',');
        }
        serde_json::to_writer(&mut json, values.key(index))?;
        json.push(b':');
        values.read(index, &mut json)?;
    }
    json.push(b'}');
    Ok(json)
}

/// Without name and time, so that the same values give the same bytes.
pub(in crate::stage::emit) fn gzip(bytes: &[u8]) -> Result<Vec<u8>> {
    let mut writer = GzBuilder::new().write(Vec::new(), Compression::new(6));
    writer.write_all(bytes)?;
    Ok(writer.finish()?)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::io::Read;

    use super::super::spool::Spool;
    use super::*;
    use crate::output::MemoryOutput;

    fn sorted(keys: impl IntoIterator<Item = u32>) -> Sorted {
        let mut spool = Spool::new().unwrap();
        for key in keys {
            let value = format!("{{\"n\":{key}}}");
            spool.push(format!("N{key:05}"), value.as_bytes()).unwrap();
        }
        spool.sorted().unwrap()
    }

    fn written(values: &Sorted) -> MemoryOutput {
        let mut output = MemoryOutput::default();
        write("x", values, 16, &json!("numbers"), &mut output).unwrap();
        output
    }

    #[test]
    fn every_value_is_in_the_bucket_its_key_leads_to() {
        let output = written(&sorted((0..1000).rev()));
        let manifest: serde_json::Value =
            serde_json::from_slice(&output.files["x/manifest.json"]).unwrap();
        let buckets = manifest["buckets"].as_array().unwrap();
        assert!(
            (30..150).contains(&buckets.len()),
            "{} buckets",
            buckets.len()
        );
        for key in ["N00000", "N00500", "N00999"] {
            let at = buckets.partition_point(|bucket| bucket[0].as_str().unwrap() <= key) - 1;
            let name = buckets[at][1].as_str().unwrap();
            let file = &output.files[&format!("x/{name}.json.gz")];
            let mut json = String::new();
            flate2::read::GzDecoder::new(&file[..])
                .read_to_string(&mut json)
                .unwrap();
            let bucket: serde_json::Value = serde_json::from_str(&json).unwrap();
            let number: u32 = key[1..].parse().unwrap();
            assert_eq!(bucket[key]["n"], number);
        }
    }

    #[test]
    fn another_value_changes_one_bucket() {
        let names = |output: &MemoryOutput| -> BTreeSet<String> {
            let buckets = output
                .files
                .keys()
                .filter(|path| !path.ends_with("/manifest.json"));
            buckets.cloned().collect()
        };
        let before = names(&written(&sorted((0..1000).filter(|n| *n != 501))));
        let after = names(&written(&sorted(0..1000)));
        let new = after.difference(&before).count();
        assert!((1..=2).contains(&new), "{new} new files of {}", after.len());
        assert_eq!(
            after,
            names(&written(&sorted((0..1000).rev()))),
            "any order gives the same"
        );
    }
}
