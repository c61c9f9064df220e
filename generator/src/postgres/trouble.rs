//! What users can do about failures of disk and server.

use std::error::Error as _;
use std::io::{self, ErrorKind};

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
            None if error.is_closed() || is_cut(error) => Some(GONE),
            _ => None,
        };
    }
    let error = cause.downcast_ref::<io::Error>()?;
    (error.kind() == ErrorKind::StorageFull)
        .then_some("no space left on the disk: free some and run the command again")
}

/// Whether the connection broke while something was sent or awaited.
fn is_cut(error: &postgres::Error) -> bool {
    let cause = error
        .source()
        .and_then(|cause| cause.downcast_ref::<io::Error>());
    cause.is_some_and(|cause| {
        matches!(
            cause.kind(),
            ErrorKind::BrokenPipe | ErrorKind::ConnectionReset | ErrorKind::UnexpectedEof
        )
    })
}

const GONE: &str = "PostgreSQL ended in the middle of the work; what was committed is safe: run the \
                    command again";
