//! What users can do about failures of disk and server.

use std::io;

use anyhow::Error;
use postgres::error::SqlState;

/// Says in front of an error what to do, if a full disk or a vanished server is behind it.
pub fn explain(error: Error) -> Error {
    match error.chain().find_map(advice) {
        Some(advice) => error.context(advice),
        None => error,
    }
}

fn advice(cause: &(dyn std::error::Error + 'static)) -> Option<&'static str> {
    if let Some(error) = cause.downcast_ref::<postgres::Error>() {
        return match error.code() {
            Some(&SqlState::DISK_FULL) => Some(
                "no space left where PostgreSQL keeps its data (`windsock postgres status` says \
                 where): free some and run the command again",
            ),
            Some(&SqlState::ADMIN_SHUTDOWN | &SqlState::CRASH_SHUTDOWN) => Some(GONE),
            None if error.is_closed() => Some(GONE),
            _ => None,
        };
    }
    let error = cause.downcast_ref::<io::Error>()?;
    (error.kind() == io::ErrorKind::StorageFull)
        .then_some("no space left on the disk: free some and run the command again")
}

const GONE: &str = "PostgreSQL ended in the middle of the work; what was committed is safe: run the \
                    command again";
