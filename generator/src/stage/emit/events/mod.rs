//! Events: their records in buckets, and the pages of those that get one.

pub(super) mod buckets;
mod causes;
pub(super) mod groups;
mod lists;
mod select;
mod spool;

use std::collections::HashSet;
use std::sync::mpsc::sync_channel;

use anyhow::{Result, anyhow};
use serde_json::json;

use self::causes::Causes;
pub use self::select::EventPages;
use self::spool::Spool;
use super::Inputs;
use crate::output::Output;
use crate::page::{self, Rendered, Shell};
use crate::record::{self, Catalogue, EventRecord, chunk};

/// Folder of the records.
pub(crate) const RECORDS: &str = "api/v1/events";

/// Values in a bucket on average: a page costs one of them.
const RECORDS_PER_BUCKET: u64 = 48;

/// Records that may wait for the disk.
const WAITING: usize = 256;

/// Keys of the events that get a page of their own.
pub(super) fn select(catalogue: &Catalogue, inputs: &Inputs) -> HashSet<String> {
    select::select(catalogue, inputs.event_pages)
}

/// A record on its way to the disk.
struct Done {
    ev_id: String,
    json: Vec<u8>,
    page: Option<Rendered>,
    causes: Vec<causes::Cause>,
}

/// Writes the records of all events, and the pages of those selected; returns the paths of the
/// pages.
pub(super) fn write(
    shell: &Shell,
    inputs: &Inputs,
    catalogue: &Catalogue,
    output: &mut impl Output,
) -> Result<Vec<String>> {
    let mut spool = Spool::new()?;
    let mut pages = Vec::new();
    let mut causes = Causes::default();
    let (sender, receiver) = sync_channel(WAITING);
    // Owns the sender: the receiver below ends when the last record is read.
    let each = move |record: &EventRecord| {
        let done = Done {
            ev_id: record.ev_id.to_owned(),
            json: serde_json::to_vec(record)?,
            page: if shell.event_pages.contains(record.ev_id) {
                Some(page::event::page(shell, record)?)
            } else {
                None
            },
            causes: causes::of(catalogue, record),
        };
        sender.send(done).map_err(|_| anyhow!("writing stopped"))
    };
    std::thread::scope(|scope| {
        let read = move || chunk::for_each(&inputs.lake, &inputs.manifest, catalogue, each);
        let reader = scope.spawn(read);
        let written = receiver.iter().try_for_each(|done: Done| {
            spool.push(done.ev_id, &done.json)?;
            causes.add(done.causes);
            if let Some(page) = done.page {
                output.write(&page.path, page.html.as_bytes())?;
                pages.push(page.path);
            }
            Ok(())
        });
        // Without a receiver the reader stops at its next record.
        drop(receiver);
        let read = reader
            .join()
            .map_err(|_| anyhow!("reading the lake stopped"))?;
        written.and(read)
    })?;
    pages.sort_unstable();
    let about = json!({
        "labels": record::labels(),
        "facts": "[column, value] or [column, value, meaning]",
        "data_date": shell.data_date,
    });
    let sorted = spool.sorted()?;
    let size = buckets::write(RECORDS, &sorted, RECORDS_PER_BUCKET, &about, output)?;
    tracing::info!(
        events = sorted.len(),
        pages = pages.len(),
        files = size.files,
        bytes = size.bytes,
        largest = size.largest,
        "records written"
    );
    pages.extend(lists::write(shell, catalogue, &causes, output)?);
    Ok(pages)
}
